//! Texts and names of the command line.
//!
//! `-` as a text reads standard input. A name is never `-`, and neither has a placeholder.

use std::io::{self, IsTerminal, Read};

use anyhow::{Context, anyhow, bail};
use camino::Utf8Path;

use crate::config::Config;
use crate::kind::{Block, Line, PersonName};
use crate::load;
use crate::source::Source;

/// The text that means standard input.
const STANDARD_INPUT: &str = "-";

/// Returns the text that words make, or for `-` standard input; `what` is what it is for.
///
/// # Errors
/// Returns an error if standard input cannot be read or is empty.
pub fn joined(words: &[String], what: &str) -> anyhow::Result<String> {
    text(&words.join(" "), what)
}

/// Returns a text as it was typed, or for `-` standard input; `what` is what it is for.
fn text(typed: &str, what: &str) -> anyhow::Result<String> {
    match typed.trim() {
        STANDARD_INPUT => read(what),
        _ => Ok(typed.to_owned()),
    }
}

/// Reads a text that was not typed from standard input, unless that is a terminal.
///
/// # Errors
/// Returns an error if standard input cannot be read, or is a terminal or empty.
pub fn piped(what: &str) -> anyhow::Result<String> {
    if io::stdin().is_terminal() {
        bail!("missing {what}");
    }
    read(what)
}

fn read(what: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    let mut input = io::stdin().lock();
    input
        .read_to_string(&mut text)
        .context("cannot read standard input")?;
    if text.trim().is_empty() {
        bail!("missing {what}: standard input is empty");
    }
    Ok(text)
}

/// Parses a line of text that must not be empty or have a placeholder; `-` reads it from standard input.
///
/// # Errors
/// Returns an error if the text is not such a line.
pub fn line(typed: &str, what: &str) -> anyhow::Result<Line> {
    parsed(&text(typed, what)?, what)
}

/// Parses a text of one or more lines that must not have a placeholder; `-` reads it from standard input.
///
/// # Errors
/// Returns an error if the text is not such a block.
pub fn block(typed: &str, what: &str) -> anyhow::Result<Block> {
    let text = text(typed, what)?;
    refuse_placeholder(&text, what)?;
    Block::new(text.trim()).map_err(|reason| anyhow!("invalid {what}: {reason}"))
}

/// Parses a name of something, which must not be empty or `-`, or have a placeholder.
///
/// # Errors
/// Returns an error if the text is not such a name.
pub fn name(typed: &str, what: &str) -> anyhow::Result<Line> {
    refuse_dash(typed, what)?;
    parsed(typed, what)
}

/// Parses the name of a person, which must not be `-` or have a placeholder.
///
/// # Errors
/// Returns an error if the text is not such a name.
pub fn person(typed: &str) -> anyhow::Result<PersonName> {
    refuse_dash(typed, "name")?;
    refuse_placeholder(typed, "name")?;
    PersonName::new(typed.trim()).map_err(|reason| anyhow!("invalid name: {reason}"))
}

/// Reads a file that the user named, which may be anywhere; `-` is standard input.
///
/// # Errors
/// Returns an error if it cannot be read or is not UTF-8 text.
pub fn file(path: &Utf8Path, config: &Config) -> anyhow::Result<Source> {
    if path == STANDARD_INPUT {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes);
        let source = read.and_then(|_| load::decoded("standard input".into(), &bytes));
        return source.context("cannot read standard input");
    }
    if path.exists() && !path.is_file() && !path.is_dir() {
        bail!("`{path}` is not a regular file; pipe it into standard input, and write `-` for it");
    }
    load::outside(path, config).with_context(|| format!("cannot read `{path}`"))
}

fn parsed(text: &str, what: &str) -> anyhow::Result<Line> {
    let line = Line::new(text.trim()).map_err(|reason| anyhow!("invalid {what}: {reason}"))?;
    if line.is_empty() {
        bail!("empty {what}");
    }
    refuse_placeholder(&line, what)?;
    Ok(line)
}

fn refuse_dash(typed: &str, what: &str) -> anyhow::Result<()> {
    if typed.trim() == STANDARD_INPUT {
        bail!("invalid {what} `-`: only texts are read from standard input");
    }
    Ok(())
}

fn refuse_placeholder(text: &str, what: &str) -> anyhow::Result<()> {
    match placeholder(text) {
        Some(found) => bail!("the {what} has the placeholder `{found}`; write what is meant"),
        None => Ok(()),
    }
}

/// Returns the first placeholder of a text, such as `[Fill in: cause]`; `None` if it has none.
pub fn placeholder(text: &str) -> Option<&str> {
    let mut placeholders = text.match_indices("[Fill in").filter_map(|(at, _)| {
        let rest = text.get(at..)?;
        rest.get(..=rest.find(']')?)
    });
    placeholders.next()
}
