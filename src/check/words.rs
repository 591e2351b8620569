//! Words that a report should not be published with.

#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "every index comes from a search in the same text, at the edge of a character"
)]

use super::texts::{self, Text};
use super::{Case, Check, Finding, Findings, Run, Settable};
use crate::diagnostic::Level;
use crate::incident::{CauseStatus, Kind, Status, name};
use crate::source::Path;

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "placeholder",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a placeholder was left in",
        why: "A reader finds a hole where the report should say something.",
        example: "Fill in `[Link to recording]`, `TODO`, `TBD` or `???`, or leave the key out: it then reads `not recorded`.",
        run: Run::Incident(placeholder_left),
    },
    Check {
        code: "blame",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a sentence blames, or tells what should have been",
        why: "What somebody should have done explains nothing; what made the other thing look right at the time does.",
        example: "`Code review did not show the missing index` instead of `Code review should have caught the missing index`.",
        run: Run::Incident(blame),
    },
    Check {
        code: "person-in-root-cause",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "the root cause names a person",
        why: "A cause is something that can be changed so that it does not happen to the next person either.",
        example: "`A deploy without review` instead of a name.",
        run: Run::Incident(person_in_cause),
    },
    Check {
        code: "single-cause",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "one cause and no contributing factor",
        why: "Incidents need several things to come together; with one alone the others stay as they are.",
        example: "`contributing_factors = [\"No alert on the queue's age\"]`",
        run: Run::Incident(single_cause),
    },
    Check {
        code: "cause-unknown-but-closed",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a closed incident whose cause is unknown or only suspected",
        why: "Once it is closed nobody looks any more.",
        example: "Say what is known and set `status = \"confirmed\"`, or keep the incident `resolved` until it is.",
        run: Run::Incident(cause_unknown),
    },
    Check {
        code: "secret-in-text",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a text looks as if it held a secret",
        why: "What is published cannot be taken back; a secret in git must be replaced.",
        example: "Replace the secret where it is valid, then write `[removed]` in the text.",
        run: Run::Incident(secret),
    },
];

/// Whole words that stand for something to be filled in.
const UNFILLED: &[&str] = &["TODO", "TBD", "TBA", "FIXME", "XXX", "???", "lorem ipsum"];

/// What a bracket begins with that asks to be filled in.
const ASKING: &[&str] = &[
    "link to", "insert", "add ", "your ", "name of", "fill in", "describe", "to be ", "enter ",
];

/// Finds a placeholder in a text: its words.
pub(super) fn placeholder(text: &str) -> Option<&str> {
    if let Some(word) = UNFILLED.iter().find_map(|word| whole_word(text, word)) {
        return Some(word);
    }
    let mut rest = text;
    while let Some(open) = rest.find(['[', '<']) {
        let inside = &rest[open + 1..];
        let close = if rest.as_bytes()[open] == b'[' {
            ']'
        } else {
            '>'
        };
        let Some(end) = inside.find(close) else { break };
        let (words, after) = (&inside[..end], &inside[end + 1..]);
        let lower = words.to_lowercase();
        let asks = ASKING.iter().any(|asking| lower.starts_with(asking));
        // `[NAME]` and `[CUSTOMER NAME]`; a word in small letters may be a tag of a log.
        let shouts = close == ']'
            && words.len() >= 4
            && words
                .chars()
                .all(|letter| letter.is_ascii_uppercase() || letter == '_' || letter == ' ')
            && !matches!(
                words,
                "WARNING"
                    | "NOTE"
                    | "CAUTION"
                    | "IMPORTANT"
                    | "ERROR"
                    | "INFO"
                    | "DEBUG"
                    | "FATAL"
                    | "WARN"
                    | "TRACE"
                    | "REDACTED"
                    | "REMOVED"
            );
        if (asks || shouts) && !after.starts_with(['(', '[']) {
            return rest.get(open..open + end + 2);
        }
        rest = inside;
    }
    None
}

/// Finds a word that is not part of a longer one.
fn whole_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let is_word = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    };
    text.match_indices(word).find_map(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        (!is_word(before) && !is_word(after)).then_some(found)
    })
}

/// Cuts code spans and fences out of a text, so that only its words are left.
fn words_of(text: &str) -> String {
    let outside: Vec<&str> = text.split('`').step_by(2).collect();
    outside.join(" ")
}

fn placeholder_left(case: &Case, findings: &mut Findings) {
    for text in texts::of(case.record)
        .into_iter()
        .filter(|text| !text.is_code)
    {
        let could = text.text.contains(['[', '<', '?', 'T', 'X'])
            || text.text.contains("FIXME")
            || text.text.contains("lorem");
        if !could {
            continue;
        }
        if let Some(words) = placeholder(&words_of(text.text)) {
            let finding = Finding::new(format!("the placeholder `{words}` was left in"));
            findings.add(
                finding
                    .at(text.file, text.path, "")
                    .help("fill it in, or remove the key"),
            );
        }
    }
}

/// Phrases that blame or tell what should have been, in lower case.
const BLAMING: &[&str] = &[
    "should have",
    "should've",
    "could have been avoided",
    "could have been prevented",
    "ought to have",
    "if only",
    "human error",
    "operator error",
    "user error",
    "careless",
    "negligen",
    "incompeten",
    "forgot to",
    "failed to notice",
    "failed to check",
    "failed to follow",
    "failed to test",
    "didn't bother",
    "did not bother",
    "at fault",
    "to blame",
    "sloppy",
    "stupid",
    "obvious mistake",
];

fn blame(case: &Case, findings: &mut Findings) {
    const WHERE: &[&str] = &[
        "summary",
        "root_cause",
        "lessons",
        "action_items",
        "resolution",
        "analysis",
        "self_healing",
        "detection",
        "events",
    ];
    let texts = texts::of(case.record);
    for text in texts
        .into_iter()
        .filter(|text| !text.is_code && text.is_under(WHERE))
    {
        let lower = words_of(text.text).to_lowercase();
        if let Some(words) = blaming(&lower) {
            let finding = Finding::new(format!("`{words}` blames, or tells what should have been"));
            findings.add(
                finding
                    .at(text.file, text.path, "")
                    .help("say what happened, and what made it look right then"),
            );
        }
    }
}

/// Finds the first of the blaming phrases that stands in a text at the beginning of a word.
fn blaming(text: &str) -> Option<&'static str> {
    let found = word_starts(text, char::is_alphanumeric)
        .filter_map(|rest| BLAMING.iter().position(|phrase| begins(rest, phrase)));
    BLAMING.get(found.min()?).copied()
}

/// Gives what follows each place of a text that continues no word.
///
/// One pass, where a search for each phrase would be a pass a phrase.
fn word_starts(text: &str, is_word: fn(char) -> bool) -> impl Iterator<Item = &str> {
    let mut within = false;
    text.char_indices().filter_map(move |(at, letter)| {
        let starts = !within;
        within = is_word(letter);
        starts.then(|| text.get(at..)).flatten()
    })
}

/// Says whether a text begins with a phrase; most differ in the first byte.
fn begins(text: &str, phrase: &str) -> bool {
    text.as_bytes().first() == phrase.as_bytes().first() && text.starts_with(phrase)
}

fn person_in_cause(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let people = &incident.people;
    let single = [
        &people.commander,
        &people.scribe,
        &people.communications,
        &people.reporter,
    ];
    let many = [
        &people.investigators,
        &people.responders,
        &people.attendees,
        &people.authors,
    ];
    let named = single
        .into_iter()
        .flatten()
        .chain(many.into_iter().flatten())
        .map(name);
    let signed = incident
        .sign_off
        .iter()
        .flat_map(|sign_off| &sign_off.signatures)
        .map(|signature| &*signature.name);
    let acted = case
        .record
        .timeline
        .people
        .0
        .iter()
        .map(|(_, person)| &*person.name);
    // One word alone may be a team or a system.
    let names: Vec<&str> = named
        .chain(signed)
        .chain(acted)
        .filter(|name| name.trim().contains(' '))
        .collect();
    for text in texts::of(case.record)
        .into_iter()
        .filter(|text: &Text| text.is_under(&["root_cause"]))
    {
        if let Some(name) = names.iter().find_map(|name| whole_word(text.text, name)) {
            let finding = Finding::new(format!("the root cause names `{name}`"));
            findings.add(
                finding
                    .at(text.file, text.path, "")
                    .help("name what made it possible, not who was there"),
            );
        }
    }
}

fn single_cause(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let severities = case.config.severities();
    let severe = incident.severity.as_ref().is_some_and(|severity| {
        severities
            .iter()
            .take(3)
            .any(|severe| *severe.key == **severity)
    });
    let Some(cause) = &incident.root_cause else {
        return;
    };
    let chain = incident
        .analysis
        .as_ref()
        .is_some_and(|analysis| !analysis.chain.is_empty());
    if severe
        && !case.facts.status.is_open()
        && cause.primary.is_some()
        && cause.contributing_factors.is_empty()
        && !chain
    {
        findings.add(
            Finding::new("the root cause has no contributing factor")
                .at(case.file(), Path::new().key("root_cause").key("contributing_factors"), "")
                .help("ask what had to be so for the cause to do harm, and why nobody noticed earlier"),
        );
    }
}

fn cause_unknown(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let unsure = incident
        .root_cause
        .as_ref()
        .filter(|cause| cause.status != CauseStatus::Confirmed);
    let counts = matches!(incident.kind, Kind::Incident | Kind::NearMiss);
    if counts && case.facts.status == Status::Closed && unsure.is_some() {
        findings.add(
            Finding::new("the incident is closed, but its cause is not confirmed")
                .at(case.file(), Path::new().key("root_cause").key("status"), "")
                .help("confirm the cause, or keep the incident `resolved`"),
        );
    }
}

fn secret(case: &Case, findings: &mut Findings) {
    for text in texts::of(case.record) {
        if let Some(found) = crate::secret::find(text.text).next() {
            let finding = Finding::new(format!("this looks like a secret: `{}`", found.start));
            findings.add(
                finding
                    .at(text.file, text.path, "")
                    .help("replace the secret where it is valid; git remembers it"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_what_looks_like_them() {
        let cases = [
            ("[Link to recording]", Some("[Link to recording]")),
            ("ask TODO later", Some("TODO")),
            ("TBD", Some("TBD")),
            ("what ???", Some("???")),
            ("Dear [CUSTOMER NAME],", Some("[CUSTOMER NAME]")),
            ("<insert time>", Some("<insert time>")),
            ("[link to docs](https://example.com)", None),
            ("[x] done", None),
            ("[WARNING] disk full", None),
            ("labels[0]", None),
            ("TODOs were counted", None),
            ("< 4 minutes", None),
            ("a <b> c", None),
            ("really??", None),
        ];
        for (text, expected) in cases {
            assert_eq!(placeholder(text), expected, "{text}");
        }
    }

    #[test]
    fn the_first_phrase_of_the_list_is_named_where_it_begins_a_word() {
        let cases = [
            ("they forgot to test", Some("forgot to")),
            ("(forgot to test)", Some("forgot to")),
            ("unforgot to test", None),
            ("éforgot to test", None),
            ("stupid, and it should have worked", Some("should have")),
            ("negligence", Some("negligen")),
            ("should", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(blaming(text), expected, "{text}");
        }
    }
}
