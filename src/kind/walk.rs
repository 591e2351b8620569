//! Visits every string of the model, with its role and its path, or rewrites them.
//!
//! The types of the model derive the visit with `Strings!`, so that a new key is visited without being listed anywhere.

use super::{Cell, Checked, Day, Either, FORMATS, LINE, OneOrMany, Pairs, Percent, When};
use crate::moment::{Written, Zone};

/// The purpose of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A text for readers.
    Text,
    /// The name of a person, for readers.
    Person,
    /// Code for readers, in which words mean something else.
    Code,
    /// The ID of a timeline event that is referred to.
    Event,
    /// Anything else, such as an ID, a path or a time.
    Value,
}

/// One step of the path to a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// A key of a table.
    Key(&'a str),
    /// The index of a list item, from 0.
    Index(usize),
}

/// A visit of all strings of a value.
pub struct Visit<'a, 'v> {
    path: Vec<Step<'a>>,
    see: &'v mut dyn FnMut(&[Step<'a>], Role, &'a str),
}

impl<'a, 'v> Visit<'a, 'v> {
    /// Calls a function with each string of a value, in the order of the keys of its type.
    pub fn strings(value: &'a dyn Strings, see: &'v mut dyn FnMut(&[Step<'a>], Role, &'a str)) {
        let path = Vec::with_capacity(8);
        value.visit(&mut Visit { path, see });
    }

    /// Visits a part of the value.
    pub fn part(&mut self, step: Step<'a>, part: &'a dyn Strings) {
        self.path.push(step);
        part.visit(self);
        self.path.pop();
    }

    fn string(&mut self, format: usize, text: &'a str) {
        (self.see)(&self.path, FORMATS[format].role, text);
    }
}

/// Returns the new text of a string with a role, or `None` to keep it.
pub type Rewrite<'r> = dyn Fn(Role, &str) -> Option<String> + 'r;

/// A part of the model, whose strings can be visited and rewritten.
pub trait Strings {
    /// Visits the strings; there are none unless the type says otherwise.
    fn visit<'a>(&'a self, _: &mut Visit<'a, '_>) {}

    /// Rewrites the strings that a visit sees.
    fn rewrite(&mut self, _: &Rewrite) {}
}

mod derive {
    /// Derives [`Strings`]: visits each field of a struct under its key; an enum is a word of the format.
    macro_rules! Strings {
        ($(#[$_:meta])* $_v:vis enum $Name:ident $_body:tt) => {
            impl $crate::kind::Strings for $Name {}
        };
        ($(#[$_:meta])* $_v:vis struct $Name:ident {
            $($(#[$($attribute:tt)*])* $_f:vis $field:ident: $_type:ty),* $(,)?
        }) => {
            impl $crate::kind::Strings for $Name {
                fn visit<'a>(&'a self, visit: &mut $crate::kind::Visit<'a, '_>) {
                    $(
                        let key = $crate::kind::key_of!($field $([$($attribute)*])*);
                        visit.part($crate::kind::Step::Key(key), &self.$field);
                    )*
                }

                fn rewrite(&mut self, new: &$crate::kind::Rewrite) {
                    $($crate::kind::Strings::rewrite(&mut self.$field, new);)*
                }
            }
        };
    }

    /// Returns the key of a field: its name, unless serde renames it.
    macro_rules! key_of {
        ($field:ident) => {
            stringify!($field)
        };
        ($field:ident [serde(rename = $key:literal)] $($rest:tt)*) => {
            $key
        };
        ($field:ident $_other:tt $($rest:tt)*) => {
            $crate::kind::key_of!($field $($rest)*)
        };
    }

    macro_rules_attribute::attribute_alias! {
        #[apply(Table!)] =
            #[macro_rules_attribute::derive(
                Debug, Clone, PartialEq, Default, ::serde::Deserialize, ::serde::Serialize, ::schemars::JsonSchema,
                crate::kind::Strings!
            )]
            #[serde(deny_unknown_fields)];
    }

    pub(crate) use {Strings, key_of};
}

pub(crate) use derive::{Strings, Table, key_of};

impl Strings for bool {}
impl Strings for u32 {}
impl Strings for Percent {}
impl Strings for Day {}
impl Strings for Written {}
impl Strings for Zone {}
/// A text for the authors of a file, whom it reminds of something, or for their editor.
impl Strings for String {}
/// Data of custom templates, of which nothing is known.
impl Strings for serde_json::Map<String, serde_json::Value> {}

impl<const FORMAT: usize> Strings for Checked<FORMAT> {
    fn visit<'a>(&'a self, visit: &mut Visit<'a, '_>) {
        visit.string(FORMAT, self);
    }

    fn rewrite(&mut self, new: &Rewrite) {
        if let Some(text) = new(FORMATS[FORMAT].role, self) {
            self.0 = text;
        }
    }
}

impl<T: Strings> Strings for Option<T> {
    fn visit<'a>(&'a self, visit: &mut Visit<'a, '_>) {
        if let Some(value) = self {
            value.visit(visit);
        }
    }

    fn rewrite(&mut self, new: &Rewrite) {
        if let Some(value) = self {
            value.rewrite(new);
        }
    }
}

impl<T: Strings> Strings for Vec<T> {
    fn visit<'a>(&'a self, visit: &mut Visit<'a, '_>) {
        for (index, item) in self.iter().enumerate() {
            visit.part(Step::Index(index), item);
        }
    }

    fn rewrite(&mut self, new: &Rewrite) {
        for item in self {
            item.rewrite(new);
        }
    }
}

impl<T: Strings> Strings for OneOrMany<T> {
    fn visit<'a>(&'a self, visit: &mut Visit<'a, '_>) {
        self.0.visit(visit);
    }

    fn rewrite(&mut self, new: &Rewrite) {
        self.0.rewrite(new);
    }
}

/// The keys are read like their values.
impl<T: Strings> Strings for Pairs<T> {
    fn visit<'a>(&'a self, visit: &mut Visit<'a, '_>) {
        for (key, value) in &self.0 {
            visit.part(Step::Key(key), key);
            visit.part(Step::Key(key), value);
        }
    }

    fn rewrite(&mut self, new: &Rewrite) {
        for (key, value) in &mut self.0 {
            key.rewrite(new);
            value.rewrite(new);
        }
    }
}

impl<S: Strings, T: Strings> Strings for Either<S, T> {
    fn visit<'a>(&'a self, visit: &mut Visit<'a, '_>) {
        match self {
            Self::Short(short) => short.visit(visit),
            Self::Table(table) => table.visit(visit),
        }
    }

    fn rewrite(&mut self, new: &Rewrite) {
        match self {
            Self::Short(short) => short.rewrite(new),
            Self::Table(table) => table.rewrite(new),
        }
    }
}

impl Strings for Cell {
    fn visit<'a>(&'a self, visit: &mut Visit<'a, '_>) {
        if let Self::Line(line) = self {
            visit.string(LINE, line);
        }
    }

    fn rewrite(&mut self, new: &Rewrite) {
        if let Self::Line(line) = self {
            line.rewrite(new);
        }
    }
}

impl Strings for When {
    fn visit<'a>(&'a self, visit: &mut Visit<'a, '_>) {
        if let Self::Event(id) = self {
            visit.part(Step::Key("event"), id);
        }
    }

    fn rewrite(&mut self, new: &Rewrite) {
        if let Self::Event(id) = self {
            id.rewrite(new);
        }
    }
}
