//! Values of which the archive has some already: channels, services, customers, types of action items.
//!
//! The format leaves them open, so a new one may be right. But one that is almost a known one is more often a slip, and would
//! divide in two what belongs together. So it is refused, unless the user says that it is new.

use camino::Utf8Path;

use super::summaries;
use super::terminal::remark;
use crate::audience::Audience;
use crate::facts::Summary;
use crate::source;
use crate::view::draft::CHANNELS;

/// The option by which a user says that a value is new.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct New {
    /// Accept a name that is almost one that is used already.
    #[arg(long)]
    new: bool,
}

impl New {
    /// Returns a value in its known spelling, or as it was typed if it is new; prints a note about a new one.
    ///
    /// # Errors
    /// Returns why it is refused if it is almost a known one.
    pub fn value(self, what: &str, typed: &str, known: &[&str]) -> Result<String, String> {
        let value = self.name_in_archive(what, typed, known)?;
        if same(&value, known).is_none() {
            let used = known.join("`, `");
            remark(&format!(
                "note: `{value}` is a new {what}; known so far: `{used}`"
            ));
        }
        Ok(value)
    }

    /// Returns a name in the spelling that the archive uses, or as it was typed if the archive has nothing like it.
    ///
    /// # Errors
    /// Returns why it is refused if it is almost a known one.
    pub fn name_in_archive(
        self,
        what: &str,
        typed: &str,
        known: &[&str],
    ) -> Result<String, String> {
        let near = || similar(typed, known).filter(|_| !self.new);
        match same(typed, known) {
            Some(same) => Ok(same.to_owned()),
            None => near().map_or(Ok(typed.to_owned()), |near| {
                Err(refused(what, typed, &[near]))
            }),
        }
    }

    /// Returns the known name that was typed, or `None` if the name is new.
    ///
    /// # Errors
    /// Returns why it is refused if it is almost a known one, or a part of one, or has one as a part.
    pub fn name<'a>(
        self,
        what: &str,
        typed: &str,
        known: &[&'a str],
    ) -> Result<Option<&'a str>, String> {
        if let Some(same) = same(typed, known) {
            return Ok(Some(same));
        }
        if self.new {
            return Ok(None);
        }
        let lower = typed.to_lowercase();
        let is_part = |name: &&&str| {
            let name = name.to_lowercase();
            is_start(&name, &lower) || is_start(&lower, &name)
        };
        let mut alike: Vec<&str> = known.iter().filter(is_part).copied().collect();
        if alike.is_empty() {
            alike.extend(similar(typed, known));
        }
        match alike.as_slice() {
            [] => Ok(None),
            alike => Err(refused(what, typed, alike)),
        }
    }
}

/// Returns `true` if a text starts with the words of another.
fn is_start(text: &str, start: &str) -> bool {
    let rest = text.strip_prefix(start).filter(|_| !start.is_empty());
    rest.is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric()))
}

fn same<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    let mut known = known.iter().copied();
    known.find(|name| name.trim().to_lowercase() == typed.trim().to_lowercase())
}

/// The length below which names such as `C1` and `D1` are alike by chance.
const SHORT: usize = 4;

/// Returns the name that is almost the one that was typed; another number is another name.
fn similar<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    if typed.chars().count() < SHORT {
        return None;
    }
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let (near, _) = source::nearest(typed, known.iter().copied())?;
    (digits(near) == digits(typed)).then_some(near)
}

fn refused(what: &str, typed: &str, alike: &[&str]) -> String {
    /// The maximum number of names to list.
    const LISTED: usize = 5;
    let names: Vec<&str> = alike.iter().take(LISTED).copied().collect();
    let or = names.join("` or `");
    format!("unknown {what} `{typed}`; did you mean `{or}`? for a new one, add `--new`")
}

/// Collects the names that the incidents of an archive use, each once; an incident that cannot be read adds none.
///
/// # Errors
/// Returns an error if the clock is not valid.
pub fn of_archive(
    root: &Utf8Path,
    names: impl Fn(&Summary) -> Vec<String>,
) -> anyhow::Result<Vec<String>> {
    let (_, read) = summaries::read(root, Audience::Confidential)?;
    let all = read.summaries.iter().flat_map(names);
    let mut all: Vec<String> = all.collect();
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Collects the services that the incidents of an archive use.
///
/// # Errors
/// Returns an error if the clock is not valid.
pub fn services(root: &Utf8Path) -> anyhow::Result<Vec<String>> {
    of_archive(root, |summary| summary.services.clone())
}

/// Collects the channels for which messages can be drafted, and those of recorded messages.
///
/// # Errors
/// Returns an error if the clock is not valid.
pub fn channels(root: &Utf8Path) -> anyhow::Result<Vec<String>> {
    let mut all: Vec<String> = CHANNELS
        .iter()
        .map(|channel| (*channel).to_owned())
        .collect();
    let used = of_archive(root, |summary| {
        let messages = summary.texts().messages.into_iter();
        messages.filter_map(|message| message.channel).collect()
    })?;
    all.extend(
        used.into_iter()
            .filter(|used| !CHANNELS.contains(&used.as_str())),
    );
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_almost_a_known_one_is_refused() {
        let known = [
            "Zeewinkel Outdoor",
            "Acme",
            "Acme Berlin",
            "eu-1",
            "C1",
            "XYY",
        ];
        let cases = [
            ("Zeewinkel Outdoor", Ok(Some("Zeewinkel Outdoor"))),
            ("acme", Ok(Some("Acme"))),
            ("Zeewinkel", Err("`Zeewinkel Outdoor`")),
            ("Zeewinkel Outdor", Err("`Zeewinkel Outdoor`")),
            ("Acme Berlin Mitte", Err("`Acme` or `Acme Berlin`")),
            ("Zee", Ok(None)),
            ("eu-2", Ok(None)),
            ("X1", Ok(None)),
            ("XYZ", Ok(None)),
            ("Osei Records", Ok(None)),
        ];
        for (typed, expected) in cases {
            let found = New { new: false }.name("customer", typed, &known);
            match expected {
                Ok(expected) => assert_eq!(found, Ok(expected), "{typed}"),
                Err(named) => {
                    let reason = found.expect_err(typed);
                    assert!(
                        reason.contains(&format!("did you mean {named}?")),
                        "{reason}"
                    );
                    assert_eq!(New { new: true }.name("customer", typed, &known), Ok(None));
                }
            }
        }
    }
}
