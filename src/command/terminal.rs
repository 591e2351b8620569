//! The options for all output: quiet or verbose, with or without colors.
//!
//! The options stand before or after any command, so they are set once, before the command runs.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};
use std::sync::OnceLock;

use anyhow::Context;

use super::{eprint_line, print};
use crate::diagnostic::text::Style;

/// The options of every command that say what is printed.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Terminal {
    /// Print only problems and what was asked for: no echo of a change, no notes.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,

    /// Also print what was found and decided, such as the archive, the date and the time that each stage took.
    #[arg(short, long, global = true)]
    verbose: bool,

    /// When to use colors; `auto` obeys `NO_COLOR` and `CLICOLOR_FORCE`.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    color: Color,
}

/// When to use colors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

static SET: OnceLock<Terminal> = OnceLock::new();

impl Terminal {
    /// Applies the options to everything that is printed from now on.
    pub fn set(self) {
        // They are set once; a second call would be that of a test.
        let _ = SET.set(self);
    }
}

fn current() -> Terminal {
    SET.get().copied().unwrap_or_default()
}

/// Returns `true` if only problems are printed.
pub fn is_quiet() -> bool {
    current().quiet
}

/// Returns `true` if everything that was decided is printed.
pub fn is_verbose() -> bool {
    current().verbose
}

/// Prints what a command did to standard error, unless only problems are asked for.
pub fn remark(line: &str) {
    if !is_quiet() {
        eprint_line(line);
    }
}

/// Prints what a command did to standard output, unless only problems are asked for.
///
/// # Errors
/// Returns an error if standard output cannot be written to.
pub fn echo(text: &str) -> anyhow::Result<()> {
    if is_quiet() {
        return Ok(());
    }
    print(text).context("done, but not shown")
}

/// Returns whether help and errors of the command line have colors, by arguments that may be invalid.
pub fn color(arguments: impl IntoIterator<Item = OsString>) -> clap::ColorChoice {
    let words = arguments.into_iter();
    let words: Vec<String> = words.filter_map(|word| word.into_string().ok()).collect();
    let words = words.iter().map(String::as_str);
    let words: Vec<&str> = words.take_while(|word| *word != "--").collect();
    let joined = words
        .iter()
        .filter_map(|word| word.strip_prefix("--color="));
    let apart = words.windows(2).filter_map(|pair| match pair {
        ["--color", value] => Some(*value),
        _ => None,
    });
    match joined.chain(apart).last() {
        Some("always") => clap::ColorChoice::Always,
        Some("never") => clap::ColorChoice::Never,
        _ => {
            let styles = [style(io::stdout()), style(io::stderr())];
            if styles.contains(&Style::Plain) {
                clap::ColorChoice::Never
            } else {
                clap::ColorChoice::Always
            }
        }
    }
}

/// Prints what a command found or decided to standard error, if that is asked for.
pub fn detail(line: impl FnOnce() -> String) {
    if is_verbose() {
        eprint_line(&line());
    }
}

/// Returns the style of what is printed to a stream.
pub fn style(stream: impl IsTerminal) -> Style {
    let is_set = |name: &str, unless: &str| {
        std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != OsStr::new(unless))
    };
    let coloured = match current().color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if is_set("NO_COLOR", "") => false,
        Color::Auto if is_set("CLICOLOR_FORCE", "0") => true,
        Color::Auto => {
            stream.is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    };
    if coloured {
        Style::Coloured
    } else {
        Style::Plain
    }
}

/// Returns `true` if a bar can be shown that is drawn again and again.
pub fn has_bar() -> bool {
    io::stderr().is_terminal()
}
