//! What could mean something else is left: each input stays as it is, and the problem is still reported.

use crate::fixes::{INCIDENT, TIMELINE, read, run};
use crate::site::archive;

/// Lines of an incident, each with a mistake that has no certain correction.
const LINES: &[&str] = &[
    // Another audience would publish what was held back.
    "classification = \"nonpublic\"",
    "classification = \"unpublic\"",
    "classification = \"publik\"",
    "classification = \"pubic\"",
    "classification = \"everyone\"",
    "classification = \"all\"",
    "classification = \"private\"",
    "classification = \"externall\"",
    // The opposite of a word ends with it.
    "status = \"unresolved\"",
    "status = \"unidentified\"",
    "status = \"disclosed\"",
    // Words with the same meaning are guesses.
    "status = \"fixed\"",
    "severity = 2",
    "assignee = \"Ana\"",
    // A number or a text.
    "title = 1,200",
    "title = 60%",
    "title = yes",
    "title = 0xff",
    "users = 1,5",
    // A part of a text, and a comment.
    "title = Team #4",
    "title = Add alert for #4711",
    "title = 50% of #checkout failed",
    "title = Slow # or down",
    "title = Slow, then down",
    "title = \"a\" -- \"b\"",
    // One entry, or several.
    "services = \"checkout, payments and api\"",
    "responders = \"Ana and Bob\"",
    "responders = \"Meier, Ana\"",
    "responders = \"Ana/Bob\"",
];

#[test]
fn a_line_that_may_mean_something_else_is_left() {
    for line in LINES {
        let title = if line.starts_with("title") {
            ""
        } else {
            "title = \"A\"\n"
        };
        let text = format!("{title}{line}\n");
        let folder = archive(&[(INCIDENT, &text)]);
        let fixed = run(folder.path(), &["--fix"]);
        assert_eq!(read(folder.path(), INCIDENT), text);
        assert_eq!(fixed.status.code(), Some(1), "{line}");
    }
}

#[test]
fn numbers_that_say_more_than_their_digits_are_left() {
    for value in [
        "\">100\"",
        "\"~1200\"",
        "\"about 40\"",
        "1.240",
        "\"60%\"",
        "1,200",
    ] {
        let text = format!("title = \"A\"\n\n[impact]\nusers = {value}\n");
        let folder = archive(&[(INCIDENT, &text)]);
        run(folder.path(), &["--fix"]);
        assert_eq!(read(folder.path(), INCIDENT), text);
    }
}

#[test]
fn a_visibility_stays_what_was_typed() {
    for typed in ["nonpublic", "unpublic", "everyone", "externall", "Publik"] {
        let text = format!(
            "{{ \"visibility\": \"public\", \"date\": \"2026-11-20\", \"events\": [{{ \"at\": \"14:05\", \"visibility\": \"{typed}\", \"text\": \"b\" }}] }}"
        );
        let folder = archive(&[(INCIDENT, "title = \"A\"\n"), (TIMELINE, &text)]);
        run(folder.path(), &["--fix"]);
        assert_eq!(read(folder.path(), TIMELINE), text);
    }
}

#[test]
fn a_text_without_quotes_in_json_may_go_on_after_a_comma() {
    for event in [
        "\"at\": \"14:05\", \"text\": Slow, then down",
        "\"at\": \"14:05\", \"text\": Slow // down",
    ] {
        let text = format!("{{ \"date\": \"2026-11-20\", \"events\": [{{ {event}\n }}] }}");
        let folder = archive(&[(INCIDENT, "title = \"A\"\n"), (TIMELINE, &text)]);
        run(folder.path(), &["--fix"]);
        assert_eq!(read(folder.path(), TIMELINE), text);
    }
}

/// The times of timelines in which a date may be missing.
const TIMES: &[&[&str]] = &[
    // Over midnight.
    &["23:40", "2026-11-21 00:30", "00:10"],
    // The next morning, or the next day.
    &["10:00", "10:40", "10:50", "09:30"],
    &["09:00", "2026-11-20 17:00", "11:30"],
    &["10:00", "10:50", "10:20"],
    &["10:00", "12:40", "11:00", "13:00"],
    // Before everything else.
    &["14:05", "14:01", "14:10"],
];

#[test]
fn events_are_left_if_a_date_may_be_missing() {
    for times in TIMES {
        let event = |at: &&str| format!("{{ \"at\": \"{at}\", \"text\": \"b\" }}");
        let events: Vec<String> = times.iter().map(event).collect();
        let text = format!(
            "{{ \"date\": \"2026-11-20\", \"events\": [{}] }}",
            events.join(", ")
        );
        let folder = archive(&[(INCIDENT, "title = \"A\"\n"), (TIMELINE, &text)]);
        run(folder.path(), &["--fix"]);
        assert_eq!(read(folder.path(), TIMELINE), text);
    }
}
