//! The words of all pages during a build, in little memory.
//!
//! Words are numbered in the order of their first occurrence, so common ones have
//! small numbers. A page stores the sorted numbers of its words as differences in
//! groups of seven bits, about a byte and a half each.

use foldhash::HashMap;

use crate::cache::{Cache, Digest};

/// The words of the pages added so far.
#[derive(Debug, Default)]
pub(super) struct WordIndex {
    numbers: HashMap<Box<str>, u32>,
    /// The pages with their packed words.
    pages: Vec<IndexedPage>,
}

/// A page with its packed words.
#[derive(Debug)]
struct IndexedPage {
    path: String,
    /// The digest of the page's input; `None` if it is not known.
    key: Option<Digest>,
    words: PostingList,
}

/// The words of all pages of a site, for the cache.
#[derive(Debug)]
pub struct Words {
    /// The words by their numbers, one per line.
    words: String,
    pages: Vec<IndexedPage>,
}

impl Words {
    /// Reads the words of the pages of an earlier build; `None` if they cannot be trusted.
    pub fn read(cache: &Cache, name: &str) -> Option<Self> {
        let (pages, frames) = cache.read_with::<Vec<(String, Digest)>>(name)?;
        let mut frames = frames.into_iter();
        let words = String::from_utf8(frames.next()?).ok()?;
        let pages = pages.into_iter().zip(frames);
        let indexed = |((path, key), bytes): ((String, Digest), Vec<u8>)| IndexedPage {
            path,
            key: Some(key),
            words: PostingList { bytes, last: 0 },
        };
        Some(Self {
            words,
            pages: pages.map(indexed).collect(),
        })
    }

    /// Stores the words.
    pub fn store(&self, cache: &Cache, name: &str) {
        let known = || self.pages.iter().filter_map(|page| Some((page, page.key?)));
        let pages: Vec<(&str, Digest)> = known().map(|(page, key)| (&*page.path, key)).collect();
        let words = std::iter::once(self.words.as_bytes());
        let frames: Vec<&[u8]> = words
            .chain(known().map(|(page, _)| &*page.words.bytes))
            .collect();
        cache.write_with(name, &pages, &frames);
    }

    /// Returns the digest of each page's input, by the page's path.
    pub fn keys(&self) -> HashMap<&str, Digest> {
        let pages = self.pages.iter();
        pages
            .filter_map(|page| Some((&*page.path, page.key?)))
            .collect()
    }
}

/// A word with the indexes of the pages that contain it, each with the word's rank.
pub(super) type Postings<'w> = (&'w str, PostingList);

/// Increasing numbers, each with a rank from 0 to 3, stored as the difference from the previous number times four plus
/// the rank.
#[derive(Debug, Clone, Default)]
pub(super) struct PostingList {
    bytes: Vec<u8>,
    last: u32,
}

impl WordIndex {
    /// Adds a page: its words, each with its rank from 0 to 3.
    pub(super) fn add(&mut self, path: &str, key: Option<Digest>, ranks: Vec<(Box<str>, u32)>) {
        let numbered = ranks.into_iter();
        let mut words: Vec<(u32, u32)> = numbered
            .map(|(word, rank)| (self.number(word), rank))
            .collect();
        words.sort_unstable();
        self.pages.push(IndexedPage {
            path: path.to_owned(),
            key,
            words: PostingList::pack(&words),
        });
    }

    /// Returns the number of a word.
    fn number(&mut self, word: Box<str>) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(word).or_insert(next)
    }

    /// Adds the pages of another index.
    pub(super) fn append(&mut self, other: Self) {
        if self.numbers.is_empty() {
            *self = other;
            return;
        }
        let mut numbers = vec![0; other.numbers.len()];
        for (word, number) in other.numbers {
            if let Some(known) = numbers.get_mut(number as usize) {
                *known = self.number(word);
            }
        }
        for mut page in other.pages {
            let words = page.words.all();
            let words = words.filter_map(|(word, rank)| Some((*numbers.get(word as usize)?, rank)));
            let mut words: Vec<(u32, u32)> = words.collect();
            words.sort_unstable();
            page.words = PostingList::pack(&words);
            self.pages.push(page);
        }
    }

    /// Adds the words of the pages of an earlier build that stay.
    pub(super) fn start(&mut self, earlier: Words, stays: &dyn Fn(&str, Digest) -> bool) {
        let words = earlier.words.lines().map(Box::from);
        self.numbers = words.zip(0u32..).collect();
        self.pages = earlier.pages;
        self.pages
            .retain(|page| page.key.is_some_and(|key| stays(&page.path, key)));
    }

    /// Returns the words of all pages for the cache.
    pub(super) fn into_words(self) -> Words {
        let mut words: Vec<(u32, Box<str>)> = self
            .numbers
            .into_iter()
            .map(|(word, number)| (number, word))
            .collect();
        words.sort_unstable();
        let words: Vec<&str> = words.iter().map(|(_, word)| &**word).collect();
        Words {
            words: words.join("\n"),
            pages: self.pages,
        }
    }

    /// Returns the pages and the words, both sorted.
    pub(super) fn sorted(&self) -> (Vec<&str>, Vec<Postings<'_>>) {
        let mut pages: Vec<&IndexedPage> = self.pages.iter().collect();
        pages.sort_unstable_by(|left, right| left.path.cmp(&right.path));
        let mut counts = vec![0; self.numbers.len()];
        for (number, _) in pages.iter().flat_map(|page| page.words.all()) {
            if let Some(count) = counts.get_mut(number as usize) {
                *count += 1;
            }
        }
        let mut lists: Vec<PostingList> =
            counts.into_iter().map(PostingList::with_capacity).collect();
        for (index, page) in (0u32..).zip(&pages) {
            for (number, rank) in page.words.all() {
                if let Some(list) = lists.get_mut(number as usize) {
                    list.push(index, rank);
                }
            }
        }
        let mut take = |number: u32| lists.get_mut(number as usize).map(std::mem::take);
        let mut words: Vec<Postings> = self
            .numbers
            .iter()
            .map(|(word, number)| (&**word, take(*number).unwrap_or_default()))
            // The pages of some words of an earlier build are gone.
            .filter(|(_, pages)| !pages.bytes.is_empty())
            .collect();
        words.sort_unstable_by_key(|(word, _)| *word);
        (pages.into_iter().map(|page| &*page.path).collect(), words)
    }
}

impl PostingList {
    /// Packs sorted numbers below 2^30 without unused capacity.
    fn pack(numbers: &[(u32, u32)]) -> Self {
        let mut packed = Self::with_capacity(numbers.len() * 2);
        for (number, rank) in numbers {
            packed.push(*number, *rank);
        }
        packed.bytes.shrink_to_fit();
        packed
    }

    /// Creates a list with capacity for `count` numbers with small differences.
    fn with_capacity(count: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(count),
            last: 0,
        }
    }

    fn push(&mut self, number: u32, rank: u32) {
        let mut rest = (number - self.last) << 2 | rank;
        self.last = number;
        loop {
            let [low, ..] = rest.to_le_bytes();
            rest >>= 7;
            if rest == 0 {
                self.bytes.push(low);
                break;
            }
            self.bytes.push(low | 0x80);
        }
    }

    /// Returns the packed numbers.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the differences, times four, plus the ranks.
    pub(super) fn differences(&self) -> impl Iterator<Item = u32> {
        let (mut rest, mut shift) = (0, 0);
        self.bytes.iter().filter_map(move |byte| {
            rest |= u32::from(byte & 0x7F) << shift;
            shift += 7;
            if *byte > 0x7F {
                return None;
            }
            let whole = rest;
            (rest, shift) = (0, 0);
            Some(whole)
        })
    }

    /// Returns the numbers with their ranks.
    fn all(&self) -> impl Iterator<Item = (u32, u32)> {
        self.differences().scan(0, |number, difference| {
            *number += difference >> 2;
            Some((*number, difference & 3))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_round_trips() {
        let words = [
            (0, 3),
            (1, 0),
            (31, 1),
            (63, 2),
            (20_000, 0),
            ((1 << 30) - 1, 3),
        ];
        let packed = PostingList::pack(&words);
        assert_eq!(packed.all().collect::<Vec<_>>(), words);
        assert_eq!(packed.bytes.len(), 1 + 1 + 1 + 2 + 3 + 5);
        assert_eq!(PostingList::pack(&[]).all().count(), 0);
    }
}
