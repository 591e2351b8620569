//! The words of all pages while a site is made, in as little memory as they take.
//!
//! A word gets a number when it is first met, so common ones have small numbers.
//! A page keeps the numbers of its words, sorted, as distances in groups of seven
//! bits: about a byte and a half for each.

use std::collections::HashMap;

/// What the pages that were read so far say.
#[derive(Debug, Default)]
pub(super) struct Found {
    numbers: HashMap<Box<str>, u32>,
    /// Each page with its packed words.
    pages: Vec<(String, Box<[u8]>)>,
}

/// A word with the pages that have it: the page's place among all, times four, plus where the word stands.
pub(super) type Postings = (Box<str>, Vec<u32>);

impl Found {
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
        self.pages.push((path.to_owned(), packed(&words)));
    }

    /// Gives the pages and the words, both sorted.
    pub(super) fn sorted(mut self) -> (Vec<String>, Vec<Postings>) {
        self.pages.sort_unstable();
        let mut counts = vec![0; self.numbers.len()];
        for (number, _) in self.pages.iter().flat_map(|(_, words)| unpacked(words)) {
            if let Some(count) = counts.get_mut(number as usize) {
                *count += 1;
            }
        }
        let mut lists: Vec<Vec<u32>> = counts.into_iter().map(Vec::with_capacity).collect();
        let mut paths = Vec::with_capacity(self.pages.len());
        for (page, (path, words)) in (0u32..).zip(self.pages) {
            for (number, place) in unpacked(&words) {
                if let Some(list) = lists.get_mut(number as usize) {
                    list.push(page << 2 | place);
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
        words.sort_unstable();
        (paths, words)
    }
}

/// Packs numbers below 2^30, each with its place.
fn packed(words: &[(u32, u32)]) -> Box<[u8]> {
    let mut bytes = Vec::with_capacity(words.len() * 2);
    let mut before = 0;
    for (number, place) in words {
        let mut rest = (number - before) << 2 | place;
        before = *number;
        loop {
            let [low, ..] = rest.to_le_bytes();
            rest >>= 7;
            if rest == 0 {
                bytes.push(low);
                break;
            }
            bytes.push(low | 0x80);
        }
    }
    bytes.into_boxed_slice()
}

fn unpacked(bytes: &[u8]) -> impl Iterator<Item = (u32, u32)> {
    let (mut number, mut rest, mut shift) = (0, 0, 0);
    bytes.iter().filter_map(move |byte| {
        rest |= u32::from(byte & 0x7F) << shift;
        shift += 7;
        if *byte > 0x7F {
            return None;
        }
        number += rest >> 2;
        let word = (number, rest & 3);
        (rest, shift) = (0, 0);
        Some(word)
    })
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
        let bytes = packed(&words);
        assert_eq!(unpacked(&bytes).collect::<Vec<_>>(), words);
        assert_eq!(bytes.len(), 1 + 1 + 1 + 2 + 3 + 5);
        assert_eq!(unpacked(&packed(&[])).count(), 0);
    }
}
