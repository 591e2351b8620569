//! Tests of joining the sides of a conflict in a text.

use super::*;

const COMMON: &str = "\
# head
title = \"Slow\" # short
severity = \"P3\"
services = [\"db\"]

[[impact.customers]] # the first
name = \"Base\"
users = 2

[people]
scribe = \"Ana\"
";

fn joined(first: &[(&str, &str)], second: &[(&str, &str)]) -> (String, Vec<String>) {
    let side = |changes: &[(&str, &str)]| {
        let mut text = COMMON.to_owned();
        for (old, new) in changes {
            assert!(text.contains(old), "{old}");
            text = text.replacen(old, new, 1);
        }
        text
    };
    let (text, joined) = merge(Some(COMMON), &side(first), &side(second)).expect("valid");
    let contested = joined
        .contested
        .iter()
        .map(|found| format!("{}: {:?} {:?}", found.path, found.kept, found.left_out));
    (text, contested.collect())
}

#[test]
fn what_each_side_added_is_kept() {
    let row = |name: &str, users: u32| {
        format!("users = 2\n\n[[impact.customers]]\nname = \"{name}\"\nusers = {users}\n")
    };
    let (text, contested) = joined(
        &[
            ("users = 2\n", &row("Acme", 3)),
            ("[\"db\"]", "[\"db\", \"api\"]"),
            ("scribe", "commander = \"Mina\"\nscribe"),
        ],
        &[
            ("users = 2\n", &row("Bolt", 4)),
            ("[\"db\"]", "[\"db\", \"jobs\", \"api\"]"),
            ("\"P3\"", "\"P1\""),
            ("[people]", "[root_cause]\nprimary = \"Full\"\n\n[people]"),
        ],
    );
    assert_eq!(contested, Vec::<String>::new());
    assert_eq!(
        text,
        "\
# head
title = \"Slow\" # short
severity = \"P1\"
services = [\"db\", \"api\", \"jobs\"]

[[impact.customers]] # the first
name = \"Base\"
users = 2

[[impact.customers]]
name = \"Acme\"
users = 3

[[impact.customers]]
name  = \"Bolt\"
users = 4

[people]
commander = \"Mina\"
scribe = \"Ana\"

[root_cause]
primary = \"Full\"
"
    );
}

#[test]
fn what_both_changed_is_reported() {
    let (text, contested) = joined(
        &[
            ("\"P3\"", "\"P2\""),
            ("users = 2", "users = 5"),
            ("\"Ana\"", "\"Bo\""),
        ],
        &[
            ("\"P3\"", "\"P1\""),
            ("users = 2", "users = 6"),
            ("scribe = \"Ana\"\n", ""),
        ],
    );
    assert_eq!(
        contested,
        [
            "severity: Some(\"\\\"P2\\\"\") Some(\"\\\"P1\\\"\")",
            "impact.customers[0].users: Some(\"5\") Some(\"6\")",
            "people.scribe: Some(\"\\\"Bo\\\"\") None",
        ]
    );
    assert!(
        text.contains("severity = \"P2\"") && text.contains("users = 5"),
        "{text}"
    );
}

#[test]
fn what_one_side_removed_or_changed_is_so() {
    let (text, contested) = joined(
        &[("title = \"Slow\"", "title = \"Very slow\"")],
        &[("users = 2", "users = 9"), ("services = [\"db\"]\n", "")],
    );
    assert_eq!(contested, Vec::<String>::new());
    let mut expected = COMMON
        .replace("Slow", "Very slow")
        .replace("users = 2", "users = 9");
    expected = expected.replace("services = [\"db\"]\n", "");
    assert_eq!(text, expected);
}

#[test]
fn a_removed_row_takes_no_other_with_it() {
    const ROWS: &str = "\
# first
[[action_items]] # one
action = \"One\"

# two
[[action_items]]
action = \"Two\" # of two

[[action_items]]
action = \"Three\"
";
    let row = "# first\n[[action_items]] # one\naction = \"One\"\n\n";
    let first = ROWS.replace("\"Three\"", "\"Three\"\nstatus = \"done\"");
    let second = ROWS.replace("[[action_items]] # one\naction = \"One\"\n", "");
    let (text, joined) = merge(Some(ROWS), &first, &second).expect("valid");
    assert_eq!(text, first.replace(row, ""));
    assert_eq!(joined.contested, []);
    let (text, _) = merge(Some(ROWS), &second, &first).expect("valid");
    assert!(
        text.contains("\"Two\" # of two") && !text.contains("One"),
        "{text}"
    );
    let list = "tags = [\n  \"a\", # of a\n  \"b\",\n  \"c\", # of c\n]\n";
    let (text, _) = merge(
        Some(list),
        &list.replace("  \"c\",", "  \"d\",\n  \"c\","),
        &list.replace("  \"b\",\n", ""),
    )
    .expect("valid");
    assert!(
        text.contains("\"d\",\n  \"c\", # of c") && !text.contains("\"b\""),
        "{text}"
    );
}

/// Joins two sides, each as the changes of what both had.
fn text_of(common: &str, first: &[(&str, &str)], second: &[(&str, &str)]) -> String {
    let side = |changes: &[(&str, &str)]| {
        let mut text = common.to_owned();
        for (old, new) in changes {
            assert!(text.contains(old), "{old}");
            text = text.replacen(old, new, 1);
        }
        text
    };
    let merged = merge(Some(common), &side(first), &side(second));
    merged.expect("valid").0
}

const PEOPLE: &str = "\
[people] # who
commander = \"Ann\" # first on call

# Di takes over
[[people.command]]
name = \"Di\" # only until the morning
from = 2026-03-10T09:30:00

[[action_items]] # one
action = \"One\"

# about Two
[[action_items]]
action = \"Two\" # of two

[[action_items]] # three
action = \"Three\"
# the end
";

#[test]
fn rows_are_inserted_and_renamed_among_their_comments() {
    let text = text_of(
        PEOPLE,
        &[(
            "[[action_items]] # one",
            "[[people.command]]\nname = \"Bo\"\nfrom = 2026-03-10T09:40:00\n\n[[action_items]] # one",
        )],
        &[
            (
                "# Di takes over",
                "[[people.command]]\nname = \"Cy\"\nfrom = 2026-03-10T09:20:00\n\n# Di takes over",
            ),
            ("\"Two\"", "\"Too\""),
            (
                "\"Three\"",
                "\"Three\"\n\n[[action_items]]\naction = \"Four\"",
            ),
        ],
    );
    assert_eq!(
        text,
        "\
[people] # who
commander = \"Ann\" # first on call

[[people.command]]
name = \"Cy\"
from = 2026-03-10T09:20:00

# Di takes over
[[people.command]]
name = \"Di\" # only until the morning
from = 2026-03-10T09:30:00

[[people.command]]
name = \"Bo\"
from = 2026-03-10T09:40:00

[[action_items]] # one
action = \"One\"

# about Two
[[action_items]]
action = \"Too\" # of two

[[action_items]] # three
action = \"Three\"
# the end

[[action_items]]
action = \"Four\"
"
    );
}

#[test]
fn the_comments_of_a_row_go_with_it_and_no_others() {
    let without_two = "# about Two\n[[action_items]]\naction = \"Two\" # of two\n\n";
    let text = text_of(
        PEOPLE,
        &[("\"Ann\"", "\"Anna\"")],
        &[("[[action_items]]\naction = \"Two\" # of two\n", "")],
    );
    assert_eq!(
        text,
        PEOPLE
            .replace(without_two, "")
            .replace("\"Ann\"", "\"Anna\"")
    );
    // Also with the last one.
    let [one, two, three] = [
        "[[action_items]] # one\naction = \"One\"\n\n",
        "[[action_items]]\naction = \"Two\" # of two\n\n",
        "[[action_items]] # three\naction = \"Three\"\n",
    ];
    let text = text_of(
        PEOPLE,
        &[("\"Ann\"", "\"Anna\"")],
        &[(one, ""), (two, ""), (three, "")],
    );
    let (people, _) = PEOPLE.split_once("[[action_items]]").expect("a row");
    assert_eq!(text, people.replace("\"Ann\"", "\"Anna\"") + "# the end\n");
    let inline = "customers = [ { name = \"Osei\", users = 1 }, # vip\n  # call only Ann\n  { name = \"Lind\", users = 2 }, ] # all\n";
    let title = ("customers", "title = \"x\"\ncustomers");
    for (removed, expected) in [
        (
            "{ name = \"Osei\", users = 1 }, # vip\n  # call only Ann\n  ",
            "customers = [ \n  # call only Ann\n  { name = \"Lind\", users = 2 }, ] # all\n",
        ),
        (
            " # vip\n  # call only Ann\n  { name = \"Lind\", users = 2 },",
            "customers = [ { name = \"Osei\", users = 1 }, # vip\n ] # all\n",
        ),
    ] {
        let text = text_of(inline, &[title], &[(removed, "")]);
        assert_eq!(text, format!("title = \"x\"\n{expected}"));
    }
    let words = "services = [\n  \"api\", # front\n  # the pool\n  \"db\", \"cache\"\n]\n";
    for (removed, expected) in [
        (
            "\"api\", # front\n",
            "services = [\n  # the pool\n  \"db\", \"cache\"\n]\n",
        ),
        (
            "\"db\",",
            "services = [\n  \"api\", # front\n \"cache\"\n]\n",
        ),
        (
            ", \"cache\"",
            "services = [\n  \"api\", # front\n  # the pool\n  \"db\"\n]\n",
        ),
    ] {
        let text = text_of(
            words,
            &[("services", "title = \"x\"\nservices")],
            &[(removed, "")],
        );
        assert_eq!(text, format!("title = \"x\"\n{expected}"));
    }
    let text = text_of(
        words,
        &[("services", "title = \"x\"\nservices")],
        &[("\"db\"", "\"db2\""), ("\"cache\"", "\"cache\", \"mail\"")],
    );
    let expected = words
        .replace("\"db\"", "\"db2\"")
        .replace("\"cache\"", "\"cache\",\n  \"mail\"");
    assert_eq!(text, format!("title = \"x\"\n{expected}"));
}

#[test]
fn line_endings_are_those_of_the_first_side() {
    let message = "\n[[messages]]\nbody = \"\"\"\nOne\n\ntwo\n\"\"\"\n";
    let common = "title = \"Slow\"\n";
    let first = "title = \"Slow\"\nseverity = \"P1\"\n";
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let second = format!("{common}{message}");
    for (common, second) in [
        (crlf(common), crlf(&second)),
        (common.to_owned(), crlf(&second)),
        (crlf(common), second.clone()),
    ] {
        let (text, joined) = merge(Some(&common), &crlf(first), &second).expect("valid");
        assert_eq!(joined.value["messages"][0]["body"], "One\n\ntwo\n");
        assert_eq!(
            text.matches("\r\n").count(),
            text.matches('\n').count(),
            "{text:?}"
        );
        let (text, _) = merge(Some(&common), first, &second).expect("valid");
        assert!(!text.contains('\r'), "{text:?}");
    }
}
