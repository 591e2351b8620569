//! The words of all pages while a site is made, in as little memory as they take.
//!
//! A word gets a number when it is first met, so common ones have small numbers.
//! A page keeps the numbers of its words, sorted, as distances in groups of seven
//! bits: about a byte and a half for each.

use std::collections::HashMap;

/// What the pages that were read so far say.
#[derive(Debug, Default)]
pub(super) struct WordIndex {
    numbers: HashMap<Box<str>, u32>,
    /// Each page with its packed words.
    pages: Vec<(String, PostingList)>,
}

/// A word with the pages that have it, by their places among all, each with where the word stands in it.
pub(super) type Postings = (Box<str>, PostingList);

/// Growing numbers, each with a place from 0 to 3: the distance from the one before, times four, plus the place.
#[derive(Debug, Default)]
pub(super) struct PostingList {
    bytes: Vec<u8>,
    last: u32,
}

impl WordIndex {
    /// Takes in a page: its words, each with the place where it stands, from 0 to 3.
    pub(super) fn add(&mut self, path: &str, places: HashMap<String, u32>) {
        let mut words = Vec::with_capacity(places.len());
        for (word, place) in places {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            let number = match self.numbers.get(word.as_str()) {
                Some(number) => *number,
                None => *self.numbers.entry(word.into()).or_insert(next),
            };
            words.push((number, place));
        }
        words.sort_unstable();
        self.pages
            .push((path.to_owned(), PostingList::pack(&words)));
    }

    /// Gives the pages and the words, both sorted.
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
            for (number, place) in words.all() {
                if let Some(list) = lists.get_mut(number as usize) {
                    list.push(page, place);
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
    /// Packs numbers below 2^30, which come sorted, in no more memory than they need.
    fn pack(numbers: &[(u32, u32)]) -> Self {
        let mut packed = Self::with_capacity(numbers.len() * 2);
        for (number, place) in numbers {
            packed.push(*number, *place);
        }
        packed.bytes.shrink_to_fit();
        packed
    }

    /// Has room for so many numbers that are near each other.
    fn with_capacity(count: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(count),
            last: 0,
        }
    }

    fn push(&mut self, number: u32, place: u32) {
        let mut rest = (number - self.last) << 2 | place;
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

    /// Lists the distances, times four, plus the places.
    pub(super) fn distances(&self) -> impl Iterator<Item = u32> {
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

    /// Lists the numbers with their places.
    fn all(&self) -> impl Iterator<Item = (u32, u32)> {
        self.distances().scan(0, |number, distance| {
            *number += distance >> 2;
            Some((*number, distance & 3))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_again() {
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
