//! A key path in a file's tree, such as `action_items[1].owner`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Keys and list indexes, from the top of a file to one value.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Path {
    segments: Vec<Segment>,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Segment {
    /// A key of a table.
    Key(String),
    /// The index of a list item, from 0.
    Index(usize),
}

impl Path {
    /// Returns the path of the file's top table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key.
    pub fn key(self, key: impl Into<String>) -> Self {
        self.step(Segment::Key(key.into()))
    }

    /// Adds the index of a list item, from 0.
    pub fn index(self, index: usize) -> Self {
        self.step(Segment::Index(index))
    }

    /// Adds a step.
    pub fn step(mut self, step: Segment) -> Self {
        self.segments.push(step);
        self
    }

    /// Returns the path of the table or list that contains the value.
    pub fn parent(&self) -> Self {
        let segments = self
            .segments
            .split_last()
            .map_or(&[][..], |(_, outer)| outer);
        Self {
            segments: segments.to_vec(),
        }
    }

    /// Returns the steps, from the top of the file.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Returns `true` if it is the path of the file's top table.
    pub fn is_root(&self) -> bool {
        self.segments.is_empty()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.segments.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) => {
                    let dot = if index == 0 { "" } else { "." };
                    write!(f, "{dot}{}", Key(key))?;
                }
            }
        }
        Ok(())
    }
}

/// Prints a key as TOML does: bare if possible, otherwise in quotes.
pub(crate) struct Key<'a>(pub &'a str);

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        match self.0 {
            key if !key.is_empty() && key.bytes().all(is_bare) => f.write_str(key),
            key => f.write_str(&super::text::literal(key)),
        }
    }
}
