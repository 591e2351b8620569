//! What the settings of an archive say about its input files: their limits, and the custom marks.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{limits, schema};
use crate::config::Config;
use crate::incident::Incident;
use crate::source::Limits;
use crate::timeline::{Event, Mark, Point, Timeline};

/// The rules for the input files of an archive.
pub struct Rules {
    pub(super) limits: Limits,
    /// The names of the custom marks.
    marks: Vec<String>,
}

/// The schema of an input file, and the custom marks that it may name; `None` allows any.
#[derive(Clone, Copy)]
pub(super) struct Form<'a> {
    pub any: fn() -> &'static Value,
    pub marks: Option<&'a [String]>,
}

impl Rules {
    /// Creates the rules that the settings of an archive say.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            limits: limits(&config.limits),
            marks: config.mark_names().map(str::to_owned).collect(),
        }
    }

    pub(super) fn timeline(&self) -> Form<'_> {
        Form {
            any: schema::timeline,
            marks: Some(&self.marks),
        }
    }

    pub(super) fn event(&self) -> Form<'_> {
        Form {
            any: schema::event,
            marks: Some(&self.marks),
        }
    }
}

impl Form<'static> {
    /// Creates the form of a file of which it is not known which custom marks there are, or that names none.
    pub fn any(schema: fn() -> &'static Value) -> Self {
        Self {
            any: schema,
            marks: None,
        }
    }
}

impl Form<'_> {
    /// Returns the schema. It is made for a file with errors only, because making it takes as long as reading some files.
    pub fn schema(&self) -> Cow<'static, Value> {
        match self.marks {
            Some(marks) => Cow::Owned(schema::with_marks((self.any)(), marks)),
            None => Cow::Borrowed((self.any)()),
        }
    }

    /// Returns `true` if all custom marks that a value names are known.
    pub fn allows(&self, value: &impl Input) -> bool {
        let is_known = |mark: Mark| {
            let name = mark.as_str();
            !mark.is_custom()
                || self
                    .marks
                    .is_none_or(|known| known.iter().any(|one| one == name))
        };
        value.marks().into_iter().all(is_known)
    }
}

/// A type of input file.
pub(super) trait Input: DeserializeOwned {
    /// Returns the marks that it names, as far as they may be custom ones.
    fn marks(&self) -> Vec<Mark> {
        Vec::new()
    }
}

impl Input for Incident {}

impl Input for Event {
    fn marks(&self) -> Vec<Mark> {
        self.marks.clone()
    }
}

impl Input for Timeline {
    fn marks(&self) -> Vec<Mark> {
        let events = self.events.iter();
        let marks = events.flat_map(|event| event.marks.iter().copied());
        marks.filter(|mark| mark.is_custom()).collect()
    }
}

impl Input for Config {
    fn marks(&self) -> Vec<Mark> {
        let points = self.metrics.iter();
        let points = points.flat_map(|metric| metric.from.0.iter().chain(&metric.to.0));
        let marked = points.filter_map(|point| match point {
            Point::Mark(mark) => Some(*mark),
            Point::FirstMessage => None,
        });
        let settings = self.marks.0.iter();
        let ordered = settings.flat_map(|(_, mark)| mark.after.0.iter().chain(&mark.before.0));
        marked.chain(ordered.copied()).collect()
    }
}
