//! What the settings of an archive say about its input files: their limits, and the custom marks.

use std::sync::OnceLock;

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
    /// The schemas that allow only these, made for the first file with errors.
    timeline: OnceLock<Value>,
    event: OnceLock<Value>,
}

/// The schema of an input file, and the custom marks that it may name; `None` allows any.
#[derive(Clone, Copy)]
pub(super) struct Form<'a> {
    any: fn() -> &'static Value,
    marks: Option<Marks<'a>>,
}

/// The custom marks of the settings, and the schema that allows only these.
#[derive(Clone, Copy)]
struct Marks<'a> {
    names: &'a [String],
    schema: &'a OnceLock<Value>,
}

impl Rules {
    /// Creates the rules that the settings of an archive say.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            limits: limits(&config.limits),
            marks: config.mark_names().map(str::to_owned).collect(),
            timeline: OnceLock::new(),
            event: OnceLock::new(),
        }
    }

    pub(super) fn timeline(&self) -> Form<'_> {
        Form::any(schema::timeline).with(&self.marks, &self.timeline)
    }

    pub(super) fn event(&self) -> Form<'_> {
        Form::any(schema::event).with(&self.marks, &self.event)
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

    /// Allows only some custom marks; `schema` is where the schema that says so is kept.
    pub fn with<'a>(self, names: &'a [String], schema: &'a OnceLock<Value>) -> Form<'a> {
        Form {
            marks: Some(Marks { names, schema }),
            ..self
        }
    }
}

impl<'a> Form<'a> {
    /// Returns the schema. It is made for a file with errors only, because making it takes as long as reading some files.
    pub fn schema(&self) -> &'a Value {
        match self.marks {
            Some(Marks { names, schema }) => {
                schema.get_or_init(|| schema::with_marks((self.any)(), names))
            }
            None => (self.any)(),
        }
    }

    /// Returns `true` if all custom marks that a value names are known.
    pub fn allows(&self, value: &impl Input) -> bool {
        let is_known = |mark: Mark| {
            let name = mark.as_str();
            !mark.is_custom()
                || self
                    .marks
                    .is_none_or(|known| known.names.iter().any(|one| one == name))
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
