//! Full-text search without a server: an index in small scripts that the search page loads.
//!
//! The words are in one file. A large file is split by the next character of its
//! words, so that a query loads a few kilobytes. Only the Markdown of the reports and
//! the names in their heads are indexed, so a search reveals nothing that the site
//! does not show.

use std::collections::BTreeMap;
use std::sync::Mutex;

use foldhash::{HashMap, HashMapExt};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{File, made};
use crate::cache::{Digest, into_inner, locked};
use crate::render::PageText;
use crate::render::json::push_string;

mod found;
mod words;

pub use found::Words;
use found::{Postings, WordIndex};

/// The size above which a file of words is split, in bytes.
const LARGE: usize = 24 * 1024;

/// Ranks of a word in a page: in its title, in a heading, often in its text, or once.
const TITLE: u32 = 3;
const HEADING: u32 = 2;
const OFTEN: u32 = 1;
const ONCE: u32 = 0;

/// The number of occurrences from which a word ranks as `OFTEN`.
const MANY: u32 = 4;

/// The bytes of a text for each of its different words, about.
const BYTES_PER_WORD: usize = 16;

/// The index of the pages added so far.
///
/// Each thread numbers the words that it meets, so that none waits for another; the first index also has the pages of
/// an earlier build.
#[derive(Debug)]
pub struct Search {
    first: WordIndex,
    threads: Vec<Mutex<WordIndex>>,
}

/// The table of contents, which the search page loads first.
#[derive(Serialize)]
struct Contents {
    /// The pages; a page that differs from the previous one only at its end is that end.
    pages: Vec<String>,
    /// The prefix of each file's words, with `+` if longer words are in further files.
    begin: String,
    /// Words that are not indexed.
    common: String,
    /// Letters that are searched for as others are.
    letters: BTreeMap<char, &'static str>,
    /// A digest of the files of words, so that a browser does not use cached ones with other page numbers.
    version: String,
}

/// The words of one page, each with its highest rank.
#[derive(Debug)]
pub struct PageTerms {
    path: String,
    ranks: Vec<(Box<str>, u32)>,
}

/// Returns the script of a page's text, and its words; `path` is without its extension.
pub fn page(path: &str, text: &PageText) -> (File<'static>, PageTerms) {
    let terms = PageTerms {
        path: path.to_owned(),
        ranks: ranks(text),
    };
    let path = format!("search/pages/{path}.js");
    (made(path, shown(text)), terms)
}

/// Returns the script of a page's text, which a result shows: its title, and the ID, the title and the text of each section.
fn shown(page: &PageText) -> String {
    let texts = page.sections.iter().map(|section| section.text.len() + 128);
    let mut script = String::with_capacity(texts.sum());
    script.push_str("afterword.page({\"title\":");
    push_string(&page.title, &mut script);
    script.push_str(",\"sections\":[");
    for (index, section) in page.sections.iter().enumerate() {
        script.push_str(if index == 0 { "[" } else { ",[" });
        push_string(&section.id, &mut script);
        script.push(',');
        push_string(&section.title, &mut script);
        script.push(',');
        push_string(&section.text, &mut script);
        script.push(']');
    }
    script.push_str("]})\n");
    script
}

impl Default for Search {
    fn default() -> Self {
        // A thread outside the pool uses the first.
        let threads = (0..=rayon::current_num_threads()).map(|_| Mutex::default());
        Self {
            first: WordIndex::default(),
            threads: threads.collect(),
        }
    }
}

impl Search {
    /// Adds the words of the pages of an earlier build for which `stays` returns `true`, by path and digest of the input.
    pub fn start(&mut self, earlier: Words, stays: &dyn Fn(&str, Digest) -> bool) {
        self.first.start(earlier, stays);
    }

    /// Adds the words of a page; `key` is the digest of the page's input.
    pub fn add(&self, terms: PageTerms, key: Option<Digest>) {
        let index = rayon::current_thread_index().map_or(0, |index| index + 1);
        if let Some(thread) = self.threads.get(index) {
            locked(thread).add(&terms.path, key, terms.ranks);
        }
    }

    /// Returns the words of all pages for the cache.
    pub fn into_words(mut self) -> Words {
        self.merge();
        self.first.into_words()
    }

    /// Moves the pages of all threads into the first index.
    fn merge(&mut self) {
        for thread in self.threads.drain(..) {
            self.first.append(into_inner(thread));
        }
    }

    /// Passes the files of the index to `put`, one by one; they do not depend on the order in which pages were added.
    ///
    /// A file of words is not made if `reuse`, called with its path and the digest of its words, returns `true`.
    ///
    /// # Errors
    /// Returns the first error of `reuse` or `put`.
    pub fn files<E>(
        &mut self,
        reuse: &mut dyn FnMut(&str, Digest) -> Result<bool, E>,
        put: &mut dyn FnMut(File<'static>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.merge();
        let (pages, words) = self.first.sorted();
        let (mut prefixes, mut digest) = (Vec::new(), Sha256::new());
        split(&words, "", &mut prefixes, &mut |prefix, words| {
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
            begin: prefixes.join(" "),
            common: words::COMMON.join(" "),
            letters: words::LETTERS.iter().copied().collect(),
            version: format!("{version:08x}"),
        };
        put(script(
            "contents",
            &contents,
            "search/contents.js".to_owned(),
        ))
    }
}

/// Returns the size of a word with its postings in a file, in bytes. It is computed on demand to save memory.
fn size((word, postings): &Postings) -> usize {
    let digits = |number: u32| number.checked_ilog10().unwrap_or(0) as usize + "0,".len();
    let numbers: usize = postings.differences().map(digits).sum();
    word.len() + "\"\":[],".len() + numbers
}

fn text((word, postings): &Postings) -> String {
    let numbers = postings.differences();
    let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
    format!("\"{word}\":[{}]", numbers.join(","))
}

/// Returns the words of a page, each with its highest rank.
fn ranks(page: &PageText) -> Vec<(Box<str>, u32)> {
    let sections = page.sections.iter();
    let folded = sections.map(|section| (words::fold(&section.title), words::fold(&section.text)));
    let (titles, texts): (Vec<String>, Vec<String>) = folded.unzip();
    let title = words::fold(&page.title);
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut ranks: HashMap<&str, u32> = HashMap::with_capacity(bytes / BYTES_PER_WORD);
    for word in texts.iter().flat_map(|text| words::split(text)) {
        *ranks.entry(word).or_default() += 1;
    }
    for count in ranks.values_mut() {
        *count = if *count >= MANY { OFTEN } else { ONCE };
    }
    let titles = titles.iter().flat_map(|title| words::split(title));
    ranks.extend(titles.map(|word| (word, HEADING)));
    ranks.extend(words::split(&title).map(|word| (word, TITLE)));
    let indexed = ranks.into_iter();
    let indexed = indexed.filter(|(word, _)| !words::is_common(word));
    indexed.map(|(word, rank)| (word.into(), rank)).collect()
}

/// Returns the digest of the words of a file with their postings.
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

/// Parses the prefix and the words of a file.
type WordSink<'s, 'w, E> = &'s mut dyn FnMut(&str, &[&'w Postings<'w>]) -> Result<(), E>;

/// Passes the words of each file of `words`, which all start with `prefix`, to `put`.
fn split<'w, E>(
    words: &'w [Postings],
    prefix: &str,
    prefixes: &mut Vec<String>,
    put: WordSink<'_, 'w, E>,
) -> Result<(), E> {
    let length = prefix.chars().count();
    let size: usize = words.iter().map(size).sum();
    let is_single = size <= LARGE || words.len() == 1;
    prefixes.push(format!("{prefix}{}", if is_single { "" } else { "+" }));
    // The word that equals the prefix, if any; the file is written in any case, because the search page requests it.
    let own = words
        .iter()
        .filter(|(word, _)| is_single || *word == prefix);
    if is_single || length >= words::SHORTEST {
        put(prefix, &own.collect::<Vec<_>>())?;
    }
    if is_single {
        return Ok(());
    }
    let start = |(word, _): &Postings| -> String { word.chars().take(length + 1).collect() };
    for group in words.chunk_by(|left, right| start(left) == start(right)) {
        let next = group.first().map(start).unwrap_or_default();
        if next != prefix {
            split(group, &next, prefixes, put)?;
        }
    }
    Ok(())
}

/// Shortens each page that differs from the previous one only at its end; a complete path starts with `/`.
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

fn script(function: &str, data: &impl Serialize, path: String) -> File<'static> {
    // Serializing strings, lists and numbers cannot fail.
    let json = serde_json::to_string(data).unwrap_or_default();
    made(path, format!("afterword.{function}({json})\n"))
}

#[cfg(test)]
mod tests;
