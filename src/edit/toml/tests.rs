use serde_json::json;

use super::*;

/// A path such as `action_items[1].owner`.
fn path(text: &str) -> Path {
    text.split('.').fold(Path::new(), |path, part| {
        let (key, index) = part.split_once('[').unwrap_or((part, ""));
        let path = path.key(key);
        match index.trim_end_matches(']').parse() {
            Ok(index) => path.index(index),
            Err(_) => path,
        }
    })
}

enum Change {
    Set(&'static str, Json),
    Append(&'static str, Json),
    Remove(&'static str),
}

use Change::{Append, Remove, Set};

fn changed(before: &str, change: &Change) -> Result<String, String> {
    let mut text = TomlText::new(before);
    let result = match change {
        Set(at, value) => text.set(&path(at), value),
        Append(at, item) => text.append(&path(at), item),
        Remove(at) => text.remove(&path(at)),
    };
    match result {
        Ok(()) => Ok(text.text().to_owned()),
        Err(error) => {
            assert_eq!(text.text(), before, "an error changes nothing");
            Err(error.to_string())
        }
    }
}

/// Makes a change to a text with LF, CRLF, a byte order mark, and without its final newline.
fn check(before: &str, change: Change, expected: &str) {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let marked = |text: &str| format!("\u{feff}{}", crlf(text));
    let cut = |text: &str| text.strip_suffix('\n').unwrap_or(text).to_owned();
    for form in [
        &ToString::to_string as &dyn Fn(&str) -> String,
        &crlf,
        &marked,
        &cut,
    ] {
        assert_eq!(
            changed(&form(before), &change),
            Ok(form(expected)),
            "{before}"
        );
    }
}

const FILE: &str = "\
#:schema ../schema/incident.json

# The night of the queue.
title    = \"Queue backlog\"   # short, please
severity = \"P2\"
status   = \"monitoring\"      # set by hand
tags     = [ \"queue\", 'database' ]  # both

# [people]
# commander = \"someone\"

[times]            # by hand
started = 2026-01-05T03:05:00Z

# Customers first.
[[impact.customers]]
name  = \"Acme\"
users = 12 # by their admin
# contact = \"…\"

[root_cause]
primary = '''
A deploy
# not a comment
'''

[lessons]
went_well = [
  \"paged fast\", # yes
  \"rolled back\"
]
";

/// Checks that a change replaces some lines of the file, and no others.
fn check_lines(change: Change, old: &str, new: &str) {
    assert_eq!(FILE.matches(old).count(), 1, "{old}");
    check(FILE, change, &FILE.replacen(old, new, 1));
}

#[test]
fn a_value_is_replaced_in_its_place() {
    check_lines(Set("severity", json!("P1")), "\"P2\"", "\"P1\"");
    check_lines(
        Set("status", json!("resolved")),
        "\"monitoring\"      # set",
        "\"resolved\"      # set",
    );
    check_lines(
        Set("impact.customers[0].users", json!(40)),
        "12 # by",
        "40 # by",
    );
    check_lines(
        Set("root_cause.primary", json!("One line")),
        "'''\nA deploy\n# not a comment\n'''",
        "\"One line\"",
    );
    check_lines(
        Set("tags", json!(["x"])),
        "[ \"queue\", 'database' ]",
        "[\"x\"]",
    );
}

#[test]
fn a_new_key_is_below_the_last_one_of_its_table() {
    check_lines(
        Set("services", json!(["orders"])),
        "  # both\n",
        "  # both\nservices = [\"orders\"]\n",
    );
    check_lines(
        Set("kind", json!("incident")),
        "  # both\n",
        "  # both\nkind     = \"incident\"\n",
    );
    check_lines(
        Set("times.ended", json!("04:00")),
        "03:05:00Z\n",
        "03:05:00Z\nended = \"04:00\"\n",
    );
    check_lines(
        Set("impact.customers[0].accounts", json!(3)),
        "12 # by their admin\n",
        "12 # by their admin\naccounts = 3\n",
    );
    check_lines(
        Set("root_cause.status", json!("suspected")),
        "comment\n'''\n",
        "comment\n'''\nstatus = \"suspected\"\n",
    );
}

#[test]
fn a_new_table_has_a_header() {
    let end = "  \"rolled back\"\n]\n";
    check_lines(
        Set("people.commander", json!("Mina Sol")),
        end,
        "  \"rolled back\"\n]\n\n[people]\ncommander = \"Mina Sol\"\n",
    );
    check_lines(
        Append(
            "action_items",
            json!({ "action": "Fix it", "owner": null, "due": 1 }),
        ),
        end,
        "  \"rolled back\"\n]\n\n[[action_items]]\naction = \"Fix it\"\ndue    = 1\n",
    );
    // The comment directly below an item belongs to it.
    check_lines(
        Append("impact.customers", json!({ "name": "Bolt", "users": 2 })),
        "# contact = \"…\"\n",
        "# contact = \"…\"\n\n[[impact.customers]]\nname  = \"Bolt\"\nusers = 2\n",
    );
    check_lines(
        Set("impact.users", json!(12)),
        "# contact = \"…\"\n",
        "# contact = \"…\"\n\n[impact]\nusers = 12\n",
    );
}

#[test]
fn an_item_is_added_in_the_layout_of_a_list() {
    check_lines(
        Append("lessons.went_well", json!("slept")),
        "  \"rolled back\"\n",
        "  \"rolled back\",\n  \"slept\"\n",
    );
    check_lines(
        Append("tags", json!("x")),
        "'database' ]",
        "'database', \"x\" ]",
    );
    let cases = [
        ("a = []\n", "a = [\"x\"]\n"),
        ("a = [1, 2,]\n", "a = [1, 2, \"x\",]\n"),
        ("a = [\n  1, # one\n]\n", "a = [\n  1, # one\n  \"x\",\n]\n"),
        (
            "a = [\n  1 # one, really\n]\n",
            "a = [\n  1, # one, really\n  \"x\"\n]\n",
        ),
        ("b = 1\n", "b = 1\na = [\"x\"]\n"),
        ("[a1]\n", "a = [\"x\"]\n\n[a1]\n"),
        ("# head\n\n[a1]\n", "# head\n\na = [\"x\"]\n\n[a1]\n"),
    ];
    for (before, after) in cases {
        check(before, Append("a", json!("x")), after);
    }
}

#[test]
fn a_key_is_removed_with_its_line() {
    check_lines(
        Remove("status"),
        "status   = \"monitoring\"      # set by hand\n",
        "",
    );
    check_lines(
        Remove("root_cause.primary"),
        "primary = '''\nA deploy\n# not a comment\n'''\n",
        "",
    );
    check("a = 1\nb = 2\n", Remove("b"), "a = 1\n");
    check("a = { b = 1, c = 2 }\n", Remove("a.b"), "a = { c = 2 }\n");
    check("a = { b = 1, c = 2 }\n", Remove("a.c"), "a = { b = 1 }\n");
    check("a = 1\n", Remove("missing.key"), "a = 1\n");
    check("a = 1\n[b]\nc = 2\n[d]\n", Remove("b"), "a = 1\n[d]\n");
}

#[test]
fn a_table_may_be_written_in_any_way() {
    let cases = [
        (
            "a = { b = 1 }\n",
            Set("a.c", json!("x")),
            "a = { b = 1, c = \"x\" }\n",
        ),
        (
            "a = {}\n",
            Set("a.c.d", json!("x")),
            "a = { c.d = \"x\" }\n",
        ),
        (
            "a.b = 1\nz = 2\n",
            Set("a.c", json!("x")),
            "a.b = 1\na.c = \"x\"\nz = 2\n",
        ),
        (
            "[t]\n  a.b = 1\n",
            Set("t.a.c.d", json!("x")),
            "[t]\n  a.b = 1\n  a.c.d = \"x\"\n",
        ),
        (
            "[[l]]\nn = 1\n\n[z]\n",
            Set("l[0].m.k", json!("x")),
            "[[l]]\nn = 1\nm.k = \"x\"\n\n[z]\n",
        ),
        (
            "[p.c]\nname = 1\n[z]\n",
            Set("p.c", json!("x")),
            "[z]\n\n[p]\nc = \"x\"\n",
        ),
        (
            "[p]\nc.name = 1\n",
            Set("p.c.name", json!("x")),
            "[p]\nc.name = \"x\"\n",
        ),
        ("[p]\n", Set("p.c", json!("x")), "[p]\nc = \"x\"\n"),
        (
            "l = [{ n = 1 }]\n",
            Append("l", json!({ "n": 2 })),
            "l = [{ n = 1 }, { n = 2 }]\n",
        ),
        (
            "l = [{ n = 1 }]\n",
            Set("l[0].m", json!(2)),
            "l = [{ n = 1, m = 2 }]\n",
        ),
        (
            "[[l]]\nn = 1\n[l.sub]\nk = 1\n# of the table\n[z]\n",
            Append("l", json!({ "n": 2 })),
            "[[l]]\nn = 1\n[l.sub]\nk = 1\n\n[[l]]\nn = 2\n\n# of the table\n[z]\n",
        ),
    ];
    for (before, change, after) in cases {
        check(before, change, after);
    }
}

#[test]
fn what_cannot_be_changed_alone_stays() {
    let cases = [
        ("a = \n", Set("b", json!(1))),
        ("a = 1\n", Set("a.b", json!(1))),
        ("a = 1\n", Append("a", json!(1))),
        ("[[l]]\n", Set("l[3].a", json!(1))),
        // The table is in two parts, with another one between them.
        ("[a]\nx = 1\n[b]\ny = 1\n[a.c]\nz = 1\n", Remove("a")),
    ];
    for (before, change) in cases {
        assert!(changed(before, &change).is_err(), "{before}");
    }
}

#[test]
fn mixed_line_endings_stay() {
    let before = "a = 1\r\nb = 2\nc = 3\r\n";
    let change = Set("b", json!(5));
    assert_eq!(
        changed(before, &change).as_deref(),
        Ok("a = 1\r\nb = 5\nc = 3\r\n")
    );
}
