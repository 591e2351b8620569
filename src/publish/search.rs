//! Full-text search without a server: pages in, small scripts out that the search page loads.
//!
//! All words stand in one file; a file that would be large is split by the next
//! letter of its words, so that a query loads a few kilobytes. What is found is what
//! the pages say, so nobody finds what their site does not show.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{File, FileContent};
use crate::cache::Digest;

mod found;
mod page;
mod words;

pub use found::Words;
use found::{Postings, WordIndex};

/// A file of words is split when it would be larger than this, in bytes.
const LARGE: usize = 24 * 1024;

/// Where in a page a word stands: in its title, in a heading, often, or once.
const TITLE: u32 = 3;
const HEADING: u32 = 2;
const OFTEN: u32 = 1;
const ONCE: u32 = 0;

/// A word counts as often from this many times on.
const MANY: u32 = 4;

/// What the pages that were read so far say.
#[derive(Debug, Default)]
pub struct Search(Mutex<WordIndex>);

/// What the search page loads first.
#[derive(Serialize)]
struct Contents {
    /// The pages; one that differs from the one before in its end alone is that end.
    pages: Vec<String>,
    /// How the words of each file begin; with `+` where longer words have files of their own.
    begin: String,
    /// Words that are in no file.
    common: String,
    /// Another one for other files of words, so that none is taken from a store with the numbers of other pages.
    version: String,
}

/// The words of one page, each with the best place where it stands.
#[derive(Debug)]
pub struct PageTerms {
    path: String,
    places: HashMap<String, u32>,
}

/// Reads a page: the file of what it says, and its words; `None` if the file is no page.
pub fn page(file: &File) -> Option<(File, PageTerms)> {
    let FileContent::Made(bytes) = &file.bytes else {
        return None;
    };
    let path = file.path.strip_suffix(".html")?;
    let page = page::Page::parse(path, std::str::from_utf8(bytes).ok()?);
    let terms = PageTerms {
        path: path.to_owned(),
        places: places(&page),
    };
    let script = script("page", &page, format!("search/pages/{path}.js"));
    Some((script, terms))
}

impl Search {
    /// Takes over the words of the pages of an earlier build that `stays` names by path and key.
    pub fn start(&self, earlier: Words, stays: &dyn Fn(&str, Digest) -> bool) {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.start(earlier, stays);
    }

    /// Adds the words of a page; `key` stands for what it was made from.
    pub fn add(&self, terms: PageTerms, key: Option<Digest>) {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.add(&terms.path, key, terms.places);
    }

    /// Returns the words of all pages, to be stored.
    pub fn into_words(self) -> Words {
        let found = self.0.into_inner();
        found.unwrap_or_else(PoisonError::into_inner).into_words()
    }

    /// Hands over the files of all words that were read, one by one; the same in whatever order the pages were.
    ///
    /// A file of words is not made if `reuse` has it already, by its path and what stands for all that it depends on.
    ///
    /// # Errors
    /// The first that `reuse` or `put` gives.
    pub fn files<E>(
        &self,
        reuse: &mut dyn FnMut(&str, Digest) -> Result<bool, E>,
        put: &mut dyn FnMut(File) -> Result<(), E>,
    ) -> Result<(), E> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (pages, words) = found.sorted();
        let (mut begin, mut digest) = (Vec::new(), Sha256::new());
        split(&words, "", &mut begin, &mut |prefix, words| {
            let path = format!("search/words{}.js", words::file_name(prefix));
            let key = key(words);
            digest.update(key.bytes());
            if reuse(&path, key)? {
                return Ok(());
            }
            let entries: Vec<String> = words.iter().map(|word| text(word)).collect();
            let text = format!("afterword.words({{{}}})\n", entries.join(",\n"));
            put(made(path, text))
        })?;
        let version = digest
            .finalize()
            .iter()
            .take(4)
            .fold(0u32, |version, byte| version << 8 | u32::from(*byte));
        let contents = Contents {
            pages: ends(&pages),
            begin: begin.join(" "),
            common: words::COMMON.join(" "),
            version: format!("{version:08x}"),
        };
        put(script(
            "contents",
            &contents,
            "search/contents.js".to_owned(),
        ))
    }
}

/// Says how many bytes a word is in a file; counted anew each time, because a number for each word is large.
fn size((word, postings): &Postings) -> usize {
    let digits = |number: u32| number.checked_ilog10().unwrap_or(0) as usize + "0,".len();
    let numbers: usize = postings.distances().map(digits).sum();
    word.len() + "\"\":[],".len() + numbers
}

fn text((word, postings): &Postings) -> String {
    let numbers = postings.distances();
    let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
    format!("\"{word}\":[{}]", numbers.join(","))
}

/// Lists the words of a page, each with the best place where it stands.
fn places(page: &page::Page) -> HashMap<String, u32> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    for section in &page.sections {
        for word in words::split(&section.text) {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut places: HashMap<String, u32> = counts
        .into_iter()
        .map(|(word, count)| (word, if count >= MANY { OFTEN } else { ONCE }))
        .collect();
    for section in &page.sections {
        places.extend(words::split(&section.title).map(|word| (word, HEADING)));
    }
    places.extend(words::split(&page.title).map(|word| (word, TITLE)));
    places
}

/// Returns what stands for the words of a file, and where they are.
fn key(words: &[&Postings]) -> Digest {
    let mut packed = Vec::new();
    for (word, pages) in words {
        packed.extend_from_slice(word.as_bytes());
        packed.push(0);
        packed.extend_from_slice(&(pages.bytes().len() as u64).to_le_bytes());
        packed.extend_from_slice(pages.bytes());
    }
    Digest::new(&packed)
}

/// Takes the words of a file with how they begin.
type WordSink<'s, 'w, E> = &'s mut dyn FnMut(&str, &[&'w Postings<'w>]) -> Result<(), E>;

/// Hands over the words of each file of those that begin with `prefix`, all of `words`.
fn split<'w, E>(
    words: &'w [Postings],
    prefix: &str,
    begin: &mut Vec<String>,
    put: WordSink<'_, 'w, E>,
) -> Result<(), E> {
    let length = prefix.chars().count();
    let size: usize = words.iter().map(size).sum();
    let whole = size <= LARGE || words.len() == 1;
    begin.push(format!("{prefix}{}", if whole { "" } else { "+" }));
    // A word may be how others begin; without one, the file is there to be asked for.
    let own = words.iter().filter(|(word, _)| whole || *word == prefix);
    if whole || length >= words::SHORTEST {
        put(prefix, &own.collect::<Vec<_>>())?;
    }
    if whole {
        return Ok(());
    }
    let start = |(word, _): &Postings| -> String { word.chars().take(length + 1).collect() };
    for group in words.chunk_by(|left, right| start(left) == start(right)) {
        let next = group.first().map(start).unwrap_or_default();
        if next != prefix {
            split(group, &next, begin, put)?;
        }
    }
    Ok(())
}

/// Shortens each page that differs from the one before in its end alone; what is in full begins with `/`.
fn ends(pages: &[&str]) -> Vec<String> {
    let mut before = "";
    let mut ends = Vec::with_capacity(pages.len());
    for page in pages {
        let same = page.bytes().zip(before.bytes());
        let same = same.take_while(|(left, right)| left == right).count();
        let end = page
            .get(same..)
            .filter(|end| !end.starts_with('/') && page.len() == before.len() && page.is_ascii());
        ends.push(end.map_or_else(|| format!("/{page}"), str::to_owned));
        before = page;
    }
    ends
}

fn script(function: &str, data: &impl Serialize, path: String) -> File {
    // Strings, lists and numbers are always printed.
    let json = serde_json::to_string(data).unwrap_or_default();
    made(path, format!("afterword.{function}({json})\n"))
}

fn made(path: String, text: String) -> File {
    File {
        path,
        bytes: FileContent::Made(text.into_bytes()),
    }
}

#[cfg(test)]
mod tests;
