//! Checks of wording: placeholders, blame, causes and secrets.

#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "every index comes from a search in the same text, at the edge of a character"
)]

use std::borrow::Cow;

use camino::Utf8Path;
use memchr::{memchr, memchr2};

use super::lexicon::Lexicon;
use super::partial::{EVERYTHING, KIND, MARKS, SEVERITY, STATUS};
use super::{ArchiveCase, Case, Check, Finding, Findings, Run, texts};
use crate::diagnostic::Level;
use crate::dialect;
use crate::incident::{CauseStatus, Kind, Status};
use crate::kind::Role;
use crate::source::Path;

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "placeholder",
        level: Level::Warning,
        traits: &[],
        summary: "a placeholder was not filled in",
        why: "The published report would contain unfinished text.",
        example: "Fill in `[Link to recording]`, `TODO`, `TBD`, `???` or `…`, or remove the key: it then reads `not recorded`.",
        reads: &[&["timeline.events[].hidden"]],
        run: Run::Incident(placeholder_left),
    },
    Check {
        code: "placeholder-in-settings",
        level: Level::Warning,
        traits: &[],
        summary: "a placeholder in the settings was not filled in",
        why: "Pages, feeds and drafts of messages would contain unfinished text.",
        example: "Replace `[Fill in: …]` in `afterword.toml`, or remove the key.",
        reads: EVERYTHING,
        run: Run::Archive(placeholder_in_settings),
    },
    Check {
        code: "blame",
        level: Level::Warning,
        traits: &[],
        summary: "a sentence assigns blame or speculates about what should have happened",
        why: "It does not explain why the decision made sense at the time, which is what prevents the next incident.",
        example: "`Code review did not show the missing index` instead of `Code review should have caught the missing index`.",
        reads: &[&["timeline.events[].hidden"]],
        run: Run::Incident(blame),
    },
    Check {
        code: "person-in-root-cause",
        level: Level::Warning,
        traits: &[],
        summary: "the root cause names a person",
        why: "A root cause should be a condition you can change; naming a person hides it.",
        example: "`A deploy without review` instead of a name.",
        reads: &[&["incident.people", "incident.sign_off", "timeline.people"]],
        run: Run::Incident(person_in_cause),
    },
    Check {
        code: "single-cause",
        level: Level::Warning,
        traits: &[],
        summary: "the root cause has no contributing factors",
        why: "Incidents usually have several contributing factors, and those you do not list do not get fixed.",
        example: "`contributing_factors = [\"No alert on the queue's age\"]`",
        reads: &[
            MARKS,
            STATUS,
            SEVERITY,
            &["incident.root_cause", "incident.analysis.chain"],
        ],
        run: Run::Incident(single_cause),
    },
    Check {
        code: "cause-unknown-but-closed",
        level: Level::Warning,
        traits: &[],
        summary: "a closed incident has an unknown or suspected cause",
        why: "Closing the incident ends the investigation, so the cause may never be found.",
        example: "Write down what is known and set `status = \"confirmed\"`, or keep the incident `resolved` until it is.",
        reads: &[MARKS, STATUS, KIND, &["incident.root_cause.status"]],
        run: Run::Incident(cause_unknown),
    },
    Check {
        code: "table-row-too-long",
        level: Level::Warning,
        traits: &[],
        summary: "a row of a Markdown table has more cells than its head, or a `|` splits code or a link in it",
        why: "Its values would be under the wrong headings. The report keeps surplus cells in the last column.",
        example: "Write `\\|` for a bar that is part of the text, also in code.",
        reads: &[&["timeline.events[].hidden"]],
        run: Run::Incident(split_row),
    },
    Check {
        code: "secret-in-text",
        level: Level::Warning,
        traits: &[],
        summary: "a text contains a possible secret",
        why: "Published text cannot be taken back, and git keeps the secret in its history.",
        example: "Rotate the secret, then write `[removed]` in the text.",
        reads: &[&["timeline.events[].hidden"]],
        run: Run::Incident(secret),
    },
];

/// Returns the first placeholder in a text.
pub(super) fn placeholder<'t>(text: &'t str, lexicon: &Lexicon<'t>) -> Option<&'t str> {
    let is_listed = lexicon.may_have_placeholder(text);
    let may_be_dots = || memchr2(b'.', "…".as_bytes()[0], text.as_bytes()).is_some();
    if (is_listed || may_be_dots())
        && let Some(whole) = contents(text).find(|part| is_unfilled(part, lexicon))
    {
        return Some(whole);
    }
    if is_listed
        && let Some(word) = lexicon.placeholder(text, |at, end| is_whole_word(text, at, end))
    {
        return Some(word);
    }
    let mut rest = text;
    while let Some(open) = memchr2(b'[', b'<', rest.as_bytes()) {
        let inside = &rest[open + 1..];
        let close = if rest.as_bytes()[open] == b'[' {
            ']'
        } else {
            '>'
        };
        let Some(end) = inside.find(close) else { break };
        let (words, after) = (&inside[..end], &inside[end + 1..]);
        let lower = words.to_lowercase();
        let mut instructions = lexicon.list(|words| &words.instructions);
        let is_instruction = instructions.any(|start| lower.starts_with(start));
        // `[NAME]` and `[CUSTOMER NAME]` are placeholders; a lowercase word may be a log tag.
        let is_all_caps = close == ']'
            && words.len() >= 4
            && words
                .chars()
                .all(|c| c.is_ascii_uppercase() || c == '_' || c == ' ')
            && !lexicon.list(|words| &words.tags).any(|tag| tag == words);
        // `<what went well>`: a tag has a name alone, or attributes with `=`.
        let is_described = close == '>'
            && words.contains(' ')
            && words.starts_with(char::is_lowercase)
            && words.ends_with(char::is_alphabetic)
            && words
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, ' ' | ',' | '-'));
        if (is_instruction || is_all_caps || is_described) && !after.starts_with(['(', '[']) {
            return rest.get(open..open + end + 2);
        }
        rest = inside;
    }
    None
}

/// Returns the whole of a text, and what is all of a list item, a quote, a table cell, or the value after a label such as
/// `**Cause**:`.
fn contents(text: &str) -> impl Iterator<Item = &str> {
    let in_line = |line| {
        let line = str::trim(line);
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let numbered = (number.len() < line.len()).then(|| number.strip_prefix(['.', ')']));
        let item = line
            .strip_prefix(['-', '*', '+', '>'])
            .or(numbered.flatten());
        let item = item.filter(|item| item.starts_with(' '));
        let label = line.rsplit_once(':').map(|(_, value)| value);
        let cells = line.strip_prefix('|').into_iter();
        let cells = cells.flat_map(|cells| cells.split('|'));
        item.into_iter().chain(label).chain(cells)
    };
    let parts = text.lines().flat_map(in_line);
    let parts = parts.map(|part| part.trim().trim_start_matches('*').trim());
    std::iter::once(text.trim()).chain(parts)
}

/// Returns `true` if a text is an ellipsis or a placeholder, in any case.
fn is_unfilled(part: &str, lexicon: &Lexicon) -> bool {
    let is_dots = part.len() >= 3 && part.chars().all(|c| c == '.');
    let is_ellipsis = !part.is_empty() && part.chars().all(|c| c == '…');
    let bare = part.trim_end_matches(['.', '!']);
    is_dots || is_ellipsis || lexicon.has(|words| &words.placeholders, bare)
}

/// Returns `true` if a part of a text is not part of a longer word.
fn is_whole_word(text: &str, at: usize, end: usize) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    !is_word(text[..at].chars().next_back()) && !is_word(text[end..].chars().next())
}

/// Returns `true` if a text has a word that is not part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let mut found = text.match_indices(word);
    found.any(|(at, _)| is_whole_word(text, at, at + word.len()))
}

/// Returns a text without code spans and code blocks.
pub(super) fn without_code(text: &str) -> Cow<'_, str> {
    if memchr(b'`', text.as_bytes()).is_none() {
        return text.into();
    }
    let prose: Vec<&str> = text.split('`').step_by(2).collect();
    prose.join(" ").into()
}

fn placeholder_left(case: &Case, findings: &mut Findings) {
    texts::visit(case.record, |file, steps, role, text| {
        let found = match role {
            Role::Text | Role::Person => {
                placeholder(&without_code(text), case.lexicon).map(str::to_owned)
            }
            // Brackets and dots mean something else in code and in IDs.
            Role::Code => Some(text.trim())
                .filter(|text| is_unfilled(text, case.lexicon))
                .or_else(|| example(text))
                .map(str::to_owned),
            Role::Value => example(text).map(str::to_owned),
            Role::Event => None,
        };
        if let Some(words) = found {
            findings.add(
                Finding::new(format!("unfilled placeholder `{words}`"))
                    .at(file, texts::path(steps), "")
                    .help("fill it in, or remove the key"),
            );
        }
    });
}

/// Returns the first example of a skeleton or a draft in a text: `[Fill in: …]`.
fn example(text: &str) -> Option<&str> {
    let bracket = memchr(b'[', text.as_bytes())?;
    let from = bracket + text[bracket..].find("[Fill in: ")?;
    let length = text[from..].find(']')?;
    text.get(from..=from + length)
}

fn placeholder_in_settings(archive: &ArchiveCase, findings: &mut Findings) {
    let config = archive.config;
    let key = |table: &str, key: &str| Path::new().key(table).key(key);
    let mut texts = vec![
        (key("site", "title"), &config.site.title),
        (key("organization", "name"), &config.organization.name),
        (key("organization", "contact"), &config.organization.contact),
    ];
    for (name, severity) in &config.severity.0 {
        let table = Path::new().key("severity").key(&**name);
        texts.push((table.clone().key("label"), &severity.label));
        texts.push((table.key("description"), &severity.description));
    }
    for (path, text) in texts {
        if let Some(words) = text
            .as_deref()
            .and_then(|text| placeholder(text, &archive.lexicon))
        {
            findings.add(
                Finding::new(format!("unfilled placeholder `{words}`"))
                    .at(Utf8Path::new("afterword.toml"), path, "")
                    .help("fill it in, or remove the key"),
            );
        }
    }
}

fn blame(case: &Case, findings: &mut Findings) {
    const KEYS: &[&str] = &[
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
    for text in case
        .texts()
        .iter()
        .filter(|text| !text.is_code && text.is_under(KEYS))
    {
        if let Some(words) = blaming(text.text, case.lexicon) {
            let finding = Finding::new(format!("`{words}` assigns blame"));
            findings.add(
                finding
                    .at(text.file, text.path(), "")
                    .help("describe what happened, and why the decision made sense at the time"),
            );
        }
    }
}

/// Returns the first listed phrase of blame that occurs at the start of a word and not in code.
fn blaming<'a>(text: &str, lexicon: &Lexicon<'a>) -> Option<&'a str> {
    let is_prose = |at: usize| text[..at].matches('`').count().is_multiple_of(2);
    lexicon.blame(text, |at, _| is_prose(at) && !continues_word(text, at))
}

/// Returns `true` if a letter or digit of any script precedes a position.
fn continues_word(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    before.is_some_and(char::is_alphanumeric)
}

fn person_in_cause(case: &Case, findings: &mut Findings) {
    let names = case.texts().iter().filter(|text| text.is_person);
    // A single word may be a team or a system.
    let names = names
        .map(|name| name.text)
        .filter(|name| name.trim().contains(' '));
    let names: Vec<&str> = names.collect();
    for text in case
        .texts()
        .iter()
        .filter(|text| text.is_under(&["root_cause"]))
    {
        if let Some(name) = names.iter().find(|name| has_word(text.text, name)) {
            let finding = Finding::new(format!("the root cause names `{name}`"));
            findings.add(
                finding
                    .at(text.file, text.path(), "")
                    .help("name the condition that made it possible, not the person"),
            );
        }
    }
}

fn single_cause(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let severity = case.record.severity(case.config);
    let severe = severity.and_then(|key| case.config.severity_rank(key));
    let severe = severe.is_some_and(|rank| rank < 3);
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
            Finding::new("the root cause has no contributing factors")
                .at(case.file(), Path::new().key("root_cause").key("contributing_factors"), "")
                .help("list the conditions that allowed the cause to have impact or delayed detection"),
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

fn split_row(case: &Case, findings: &mut Findings) {
    for text in case.texts().iter().filter(|text| !text.is_code) {
        for row in dialect::split_rows(text.text) {
            let message = if row.is_long() {
                let columns = crate::facts::counted(row.columns, "column");
                format!("a row of {} cells in a table of {columns}", row.cells)
            } else {
                "a `|` splits code, a link or an image of a table row".to_owned()
            };
            let message = format!("{message} (line {} of the text)", row.line);
            findings.add(
                Finding::new(message)
                    .at(text.file, text.path(), "")
                    .help("write `\\|` for a bar that is part of the text, or add a column"),
            );
        }
    }
}

fn secret(case: &Case, findings: &mut Findings) {
    // Most incidents have none, which one search tells. No secret has a line break.
    let texts = case.texts().iter().flat_map(|text| [text.text, "\n"]);
    if crate::secret::find(&texts.collect::<String>())
        .next()
        .is_none()
    {
        return;
    }
    for text in case.texts() {
        if let Some(found) = crate::secret::find(text.text).next() {
            let finding = Finding::new(format!("possible secret `{}`", found.start));
            findings.add(
                finding
                    .at(text.file, text.path(), "")
                    .help("rotate the secret; it stays in the git history"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::CheckWords;

    #[test]
    fn only_placeholders_are_found() {
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
            ("…", Some("…")),
            (" ...\n", Some("...")),
            ("....", Some("....")),
            ("- Restart it\n- ...", Some("...")),
            ("* …", Some("…")),
            ("**Cause**: …", Some("…")),
            ("Cause: ...", Some("...")),
            ("- Loading… took a minute", None),
            ("It said: wait...", None),
            ("Loading… took a minute", None),
            ("Example Ltd, 120 users", Some("Example Ltd")),
            (
                "seen by [Fill in: customer] and others",
                Some("[Fill in: customer]"),
            ),
        ];
        let none = CheckWords::default();
        let lexicon = Lexicon::new(&none);
        for (text, expected) in cases {
            assert_eq!(placeholder(text, &lexicon), expected, "{text}");
        }
    }

    #[test]
    fn the_first_phrase_of_the_list_is_found_at_the_start_of_a_word() {
        let cases = [
            ("they forgot to test", Some("forgot to")),
            ("(forgot to test)", Some("forgot to")),
            ("unforgot to test", None),
            ("éforgot to test", None),
            ("stupid, and it should have worked", Some("should have")),
            ("negligence", Some("negligen")),
            ("should", None),
            ("`forgot to` is the name of a test", None),
            ("They Forgot To test", Some("forgot to")),
            ("", None),
        ];
        let none = CheckWords::default();
        let lexicon = Lexicon::new(&none);
        for (text, expected) in cases {
            assert_eq!(blaming(text, &lexicon), expected, "{text}");
        }
    }
}
