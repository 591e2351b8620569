//! Checks of the wording of messages: apology, contact details, and overstatement.

use super::{is_external, message_path, message_texts, moment};
use crate::check::lexicon::{self, Class, Lexicon, List};
use crate::check::{Case, Finding, Findings};
use crate::incident::{ImpactLevel, Kind, Stage};
use crate::source::Path;

/// An element that a final message should contain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// An apology.
    Apology,
    /// Contact details.
    Contact,
}

/// Returns a text in lowercase, without code spans.
fn without_code(text: &str) -> String {
    let prose: Vec<&str> = text.split('`').step_by(2).collect();
    prose.join(" ").to_ascii_lowercase()
}

/// Splits a text into words.
fn split(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-')
        .filter(|word| !word.is_empty())
        .collect()
}

pub(super) fn final_message(case: &Case, findings: &mut Findings, wanted: Wanted) {
    let incident = &case.record.incident;
    if matches!(incident.kind, Kind::Drill | Kind::Maintenance) {
        return;
    }
    let resolved = incident.messages.iter().enumerate();
    let resolved =
        resolved.filter(|(_, message)| is_external(message) && message.stage == Stage::Resolved);
    let last = resolved
        .max_by_key(|(index, message)| (moment(case, message).map(|at| at.order()), *index));
    let Some((index, message, body)) =
        last.and_then(|(index, message)| Some((index, message, message.body.as_deref()?)))
    else {
        return;
    };
    let lower = body.to_ascii_lowercase();
    let says = |words: List| case.lexicon.list(words).any(|word| lower.contains(word));
    let has = match wanted {
        Wanted::Apology => says(|words| &words.apology),
        Wanted::Contact => {
            message.url.is_some() || says(|words| &words.contact) || has_phone(&lower)
        }
    };
    if has || !is_understood(&lower, case.lexicon) {
        return;
    }
    let (message, help) = match wanted {
        Wanted::Apology => (
            "the final message has no apology",
            "add a sentence such as `We are sorry for the disruption this caused.`",
        ),
        Wanted::Contact => (
            "the final message has no contact details",
            "add an email address, a link or a phone number",
        ),
    };
    findings.add(
        Finding::new(message)
            .at(case.file(), message_path(index).key("body"), "")
            .help(help),
    );
}

/// Returns `true` if a text has a phone number: seven digits or more, in groups.
fn has_phone(text: &str) -> bool {
    let phone = |c: char| c.is_ascii_digit() || " -()/+.".contains(c);
    text.split(|c: char| !phone(c)).any(|run| {
        let groups = run
            .split_whitespace()
            .flat_map(|word| word.split(['-', '/']))
            .filter(|word| !word.is_empty());
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        let starts = run.trim_start().starts_with(['+', '0', '(']);
        digits >= 7 && starts && groups.count() >= 2
    })
}

/// Returns `true` if a text is in a language whose phrases are known: in English, and in what an archive adds.
fn is_understood(lower: &str, lexicon: &Lexicon) -> bool {
    let mut words = split(lower).into_iter();
    let mut is_next = || words.any(|word| lexicon.has(|words| &words.common, word));
    is_next() && is_next()
}

/// Returns the word with which a text claims a complete outage.
fn outage(text: &str, lexicon: &Lexicon) -> Option<&'static str> {
    let lower = without_code(text);
    if !lower.contains("outage") && !lower.contains("down") {
        return None;
    }
    let words = split(&lower);
    let near = |from: usize, to: usize| words.get(from..to.min(words.len())).unwrap_or_default();
    let weakened = |words: &[&str]| {
        lexicon::count(lexicon.list(|words| &words.limited), words) > 0
            || words.iter().any(|word| lexicon.is(word, Class::Others))
    };
    words.iter().enumerate().find_map(|(at, word)| match *word {
        "outage" | "outages"
            if !weakened(near(at.saturating_sub(3), at)) && !weakened(near(at + 1, at + 6)) =>
        {
            Some("outage")
        }
        "down" if is_down(near(0, at), lexicon) && !weakened(near(at + 1, at + 4)) => Some("down"),
        _ => None,
    })
}

/// Returns `true` if the words before `down` say that everything was down.
fn is_down(before: &[&str], lexicon: &Lexicon) -> bool {
    let verbs = before.iter().rev();
    let verbs = verbs.take_while(|word| lexicon.has(|words| &words.before_down, word));
    let verbs = verbs.count();
    let subject = before
        .len()
        .checked_sub(verbs + 1)
        .and_then(|at| before.get(at));
    verbs > 0 && subject.is_some_and(|word| lexicon.has(|words| &words.whole_services, word))
}

pub(super) fn overstated(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let level = incident.impact.as_ref().and_then(|impact| impact.level);
    let word = match level {
        Some(ImpactLevel::None) => "none",
        Some(ImpactLevel::Minor) => "minor",
        Some(ImpactLevel::Moderate) => "moderate",
        _ => return,
    };
    for (.., text) in message_texts(case).filter(|(_, message, _)| is_external(message)) {
        if let Some(found) = outage(text.text, case.lexicon) {
            findings.add(
                Finding::new(format!("a message says `{found}`, but the impact was `{word}`"))
                    .at(text.file, text.path(), "stated here")
                    .at(case.file(), Path::new().key("impact").key("level"), "the impact level")
                    .help("state what was slow or failed and who was affected, or raise `level` if nothing worked"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_complete_outage_is_found() {
        let cases = [
            ("Complete outage of the API", Some("outage")),
            ("A complete outage", Some("outage")),
            ("The API is down", Some("down")),
            ("Our services were down for 40 minutes", Some("down")),
            ("some nodes went down, the service did not", None),
            ("a partial outage", None),
            ("prevented a complete outage", None),
            ("an outage at our cloud provider", None),
            ("responses slowed down", None),
            ("traffic went down by half", None),
            ("we rolled it back and calmed down", None),
            ("`outage`", None),
            ("downtime was short", None),
            ("an outage of one of our providers", None),
            ("error rates are down again", None),
            ("the portal is down for some users", None),
        ];
        let none = crate::config::CheckWords::default();
        let lexicon = Lexicon::new(&none);
        for (text, expected) in cases {
            assert_eq!(outage(text, &lexicon), expected, "{text}");
        }
    }

    #[test]
    fn a_phone_number_is_found() {
        let cases = [
            ("call +44 20 7946 0018", true),
            ("from 14:23 to 15:08 on 2025-01-14", false),
            ("1,247 users in 2025", false),
            ("(030) 901 820", true),
        ];
        for (text, expected) in cases {
            assert_eq!(has_phone(text), expected, "{text}");
        }
    }
}
