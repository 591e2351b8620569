//! The words of all pages during a build, in little memory.
//!
//! Words are numbered in the order of their first occurrence, so common ones have
//! small numbers. A page stores the sorted numbers of its words as differences in
//! groups of seven bits, about a byte and a half each.

use std::collections::HashMap;

/// The words of the pages added so far.
#[derive(Debug, Default)]
pub(super) struct WordIndex {
    numbers: HashMap<Box<str>, u32>,
    /// The pages with their packed words.
    pages: Vec<(String, PostingList)>,
}

/// A word with the indexes of the pages that contain it, each with the word's rank.
pub(super) type Postings = (Box<str>, PostingList);

/// Increasing numbers, each with a rank from 0 to 3, stored as the difference from the previous number times four plus
/// the rank.
#[derive(Debug, Default)]
pub(super) struct PostingList {
    bytes: Vec<u8>,
    last: u32,
}

impl WordIndex {
    /// Adds a page: its words, each with its rank from 0 to 3.
    pub(super) fn add(&mut self, path: &str, ranks: HashMap<String, u32>) {
        let mut words = Vec::with_capacity(ranks.len());
        for (word, rank) in ranks {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            let number = match self.numbers.get(word.as_str()) {
                Some(number) => *number,
                None => *self.numbers.entry(word.into()).or_insert(next),
            };
            words.push((number, rank));
        }
        words.sort_unstable();
        self.pages
            .push((path.to_owned(), PostingList::pack(&words)));
    }

    /// Returns the pages and the words, both sorted.
    pub(super) fn sorted(mut self) -> (Vec<String>, Vec<Postings>) {
        self.pages
            .sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        let mut counts = vec![0; self.numbers.len()];
        for (number, _) in self.pages.iter().flat_map(|(_, words)| words.all()) {
            if let Some(count) = counts.get_mut(number as usize) {
                *count += 1;
            }
        }
        let mut lists: Vec<PostingList> =
            counts.into_iter().map(PostingList::with_capacity).collect();
        let mut paths = Vec::with_capacity(self.pages.len());
        for (page, (path, words)) in (0u32..).zip(self.pages) {
            for (number, rank) in words.all() {
                if let Some(list) = lists.get_mut(number as usize) {
                    list.push(page, rank);
                }
            }
            paths.push(path);
        }
        let mut take = |number: u32| lists.get_mut(number as usize).map(std::mem::take);
        let mut words: Vec<Postings> = self
            .numbers
            .into_iter()
            .map(|(word, number)| (word, take(number).unwrap_or_default()))
            .collect();
        words.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        (paths, words)
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
