//! One input file as text: decoding its bytes, and finding lines and columns.

use super::{ENCODING, Position, SourceError, Span, Syntax, conflict};
use camino::{Utf8Path, Utf8PathBuf};
use memchr::memchr;
use std::sync::OnceLock;

/// The text of a file, and the path that messages use for it.
#[derive(Clone, Debug)]
pub struct Source {
    path: Utf8PathBuf,
    text: String,
    index: OnceLock<Index>,
}

impl Source {
    /// Creates a source from UTF-8 text. Line endings become LF, and a byte order mark is removed.
    ///
    /// `path` is relative to the archive, with forward slashes.
    pub fn new(path: impl Into<Utf8PathBuf>, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self {
            path: path.into(),
            text: if memchr(b'\r', text.as_bytes()).is_some() {
                text.replace("\r\n", "\n")
            } else {
                text.to_owned()
            },
            index: OnceLock::new(),
        }
    }

    /// Decodes the bytes of a file.
    ///
    /// # Errors
    /// Returns an error if the bytes are not UTF-8 text.
    pub fn decode(path: impl Into<Utf8PathBuf>, bytes: &[u8]) -> Result<Self, Box<SourceError>> {
        if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = bytes {
            return Err(not_utf8(bytes, 0, "it starts as UTF-16 does;"));
        }
        if let [0x1f, 0x8b, ..] = bytes {
            let error = SourceError::of_file(ENCODING, "the file is compressed with gzip");
            return Err(Box::new(error.help("unpack it with `gunzip` first")));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| not_utf8(bytes, error.valid_up_to(), "is it UTF-16 or Latin-1?"))?;
        // UTF-16 of plain English without a byte order mark is valid UTF-8 full of NUL.
        if let Some(at) = text.find('\0') {
            let message = format!("a NUL at {}", describe_offset(bytes, at));
            let error = SourceError::of_file(ENCODING, message);
            return Err(Box::new(error.help("is it UTF-16? save the file as UTF-8")));
        }
        Ok(Self::new(path, text))
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the syntax of the text.
    pub fn syntax(&self) -> Syntax {
        Syntax::from_path(&self.path)
    }

    /// Finds the first merge conflict that was saved with its markers, inside or outside a string.
    pub fn conflict(&self) -> Option<SourceError> {
        conflict::first(&self.text)
    }

    /// Returns the line and column of an offset; an offset past the end counts as the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.floor(offset);
        let index = self.index.get_or_init(|| Index::new(&self.text));
        let line = index.lines.partition_point(|&start| start <= offset);
        let start = index.line_start(line);
        let characters = |offset| index.characters_before(&self.text, offset);
        Position {
            line,
            column: characters(offset) - characters(start) + 1,
        }
    }

    /// Moves an offset back to the start of its character.
    pub(crate) fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// Returns the span of a line without its line ending; lines count from 1.
    pub fn line(&self, line: usize) -> Span {
        let index = self.index.get_or_init(|| Index::new(&self.text));
        let start = index.line_start(line);
        let end = match index.lines.get(line) {
            Some(next) => next.saturating_sub(1),
            None => self.text.len(),
        };
        Span::new(start, end.max(start))
    }
}

/// The number of bytes that one entry of the character count covers.
const BLOCK: usize = 1024;

/// The starts of lines, and the number of characters before each block of bytes, so that a column
/// costs the same in a file of one long line.
#[derive(Clone, Debug)]
struct Index {
    lines: Vec<usize>,
    characters: Vec<usize>,
}

impl Index {
    fn new(text: &str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let mut characters = vec![0];
        let mut total = 0;
        for block in text.as_bytes().chunks(BLOCK) {
            total += starts(block);
            characters.push(total);
        }
        Self {
            lines: std::iter::once(0).chain(breaks).collect(),
            characters,
        }
    }

    fn line_start(&self, line: usize) -> usize {
        let at = line.saturating_sub(1).min(self.lines.len() - 1);
        self.lines.get(at).copied().unwrap_or_default()
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let block = offset / BLOCK;
        let counted = self.characters.get(block).copied().unwrap_or_default();
        let rest = text.as_bytes().get(block * BLOCK..offset);
        counted + starts(rest.unwrap_or_default())
    }
}

/// Counts the bytes that start a character.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

fn not_utf8(bytes: &[u8], at: usize, guess: &str) -> Box<SourceError> {
    let message = format!("not UTF-8 at {}", describe_offset(bytes, at));
    Box::new(
        SourceError::of_file(ENCODING, message).help(format!("{guess} save the file as UTF-8")),
    )
}

fn describe_offset(bytes: &[u8], at: usize) -> String {
    let before = bytes.get(..at).unwrap_or_default();
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let column = before.rsplit(|&byte| byte == b'\n').next();
    let column = column.map_or(0, starts) + 1;
    format!("byte {at} (line {line}, column {column})")
}

/// Quotes a part of a text for a message, and shortens a long one.
pub(crate) fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("`{}…`", text.get(..end).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}

/// Writes a text as a TOML or JSON string.
///
/// JSON's escapes are valid in TOML; TOML also requires an escape for DEL.
pub(crate) fn literal(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007f")
}
