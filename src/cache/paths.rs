//! Paths in one text, each known by its number.
//!
//! A site of ten thousand incidents has a hundred thousand files. Their paths are held once, and everything else refers
//! to them by number.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Paths with numbers from 0; none contains a line break.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paths {
    /// The paths, each with a line break after it.
    text: String,
    /// The offset after each line break.
    ends: Vec<u32>,
}

impl Paths {
    /// Collects paths that can be listed twice, without spare memory.
    #[must_use]
    pub fn of<'p, I: Iterator<Item = &'p str>>(all: impl Fn() -> I) -> Self {
        let (count, length) = all().fold((0, 0), |(count, length), path| {
            (count + 1, length + path.len() + 1)
        });
        let mut paths = Self {
            text: String::with_capacity(length),
            ends: Vec::with_capacity(count),
        };
        for path in all() {
            paths.push(path);
        }
        paths
    }

    /// Returns the number of paths.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether there are no paths.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Adds a path, and returns its number.
    pub fn push(&mut self, path: &str) -> u32 {
        self.text.extend([path, "\n"]);
        self.ends.push(index(self.text.len()));
        index(self.ends.len() - 1)
    }

    /// Returns the path with a number; empty if there is none.
    #[must_use]
    pub fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let before = number
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let start = before.map_or(0, |end| *end as usize);
        let end = self.ends.get(number).map_or(0, |end| *end as usize);
        self.text
            .get(start..end.saturating_sub(1))
            .unwrap_or_default()
    }

    /// Returns the paths by their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.text.split_terminator('\n')
    }

    /// Finds the number of a path, if the paths are sorted.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<u32> {
        let (mut low, mut high) = (0, index(self.len()));
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle).cmp(path) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Returns the text of all paths.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// Returns an index as a number; a text of four gigabytes of paths is longer than any site has.
#[must_use]
pub fn index(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl Serialize for Paths {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(out)
    }
}

impl<'de> Deserialize<'de> for Paths {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let breaks = text.match_indices('\n');
        let ends = breaks.map(|(at, _)| index(at + 1)).collect();
        Ok(Self { text, ends })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_by_number_and_by_name() {
        let names = ["a", "a.html", "b/ü.md"];
        let paths = Paths::of(|| names.into_iter());
        assert_eq!(paths.iter().collect::<Vec<_>>(), names);
        for (number, name) in (0..).zip(names) {
            assert_eq!((paths.get(number), paths.find(name)), (name, Some(number)));
        }
        assert_eq!((paths.get(3), paths.find("b")), ("", None));
        assert!(Paths::default().is_empty() && Paths::default().find("a").is_none());
        let packed = postcard::to_stdvec(&paths).unwrap();
        assert_eq!(postcard::from_bytes::<Paths>(&packed).unwrap(), paths);
    }
}
