//! Generates random incidents and timelines from text that Markdown may interpret as markup.

use serde_json::{Map, Value, json};

/// A random number generator with the same results for a seed on any machine.
pub struct Dice(pub u64);

/// A key and the function that generates its value.
type Key = (&'static str, fn(&mut Dice) -> Value);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn yes(&mut self) -> bool {
        self.roll(2) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }

    fn line(&mut self) -> Value {
        self.pick(LINES).into()
    }

    fn prose(&mut self) -> Value {
        if self.yes() {
            self.line()
        } else {
            self.pick(PROSE).into()
        }
    }

    fn list(&mut self, most: usize, value: fn(&mut Self) -> Value) -> Value {
        let count = 1 + self.roll(most);
        (0..count).map(|_| value(self)).collect()
    }

    /// Generates a table with a random selection of the keys.
    fn table(&mut self, keys: &[Key]) -> Value {
        let mut table = Map::new();
        for (key, value) in keys {
            if self.yes() {
                table.insert((*key).to_owned(), value(self));
            }
        }
        Value::Object(table)
    }

    fn time(&mut self, day: &str) -> String {
        let (hour, minute) = (self.roll(24), self.roll(60));
        match self.roll(3) {
            0 => format!("{day} {hour:02}:{minute:02}"),
            _ => format!("{day} {hour:02}:{minute:02}:{:02}", self.roll(60)),
        }
    }
}

const LINES: &[&str] = &[
    "Plain words",
    "Rolled back the release",
    "a `code | span` here",
    "50% < 4 minutes",
    "ends with (a note)",
    "a * star",
    "snake_case_name",
    "C# and #1",
    "[not a link]",
    "[link](https://example.com/x)",
    "**bold** text",
    "a, b, and c",
    "x - y",
    "colon: value",
    "~about 5",
    "1. numbered",
    "- dash",
    "+ plus",
    "über £ 日本",
    "pipe | bar",
    "back\\slash",
    "<b>html</b>",
    "&amp; entity",
    "\"quoted\"",
    "{{ braces }}",
    "mail via phone (with help)",
    "*emphasis*",
    "# no heading",
    "===",
    "ends in a backslash\\",
    "Alert fired: x",
    "Verified: recovered",
    "~~struck~~",
    "a_b_c *d*",
    "https://example.com/a_b",
];

const PROSE: &[&str] = &[
    "two\nlines",
    "one\n\nother",
    "- a\n- b",
    "text\n\n```sql\nselect 1;\n```\n",
    "# Heading\n\ntext\n\n## Lower",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "> quote",
    "1. one\n2. two\n\n   more",
    "text\n```\ncode\n```",
    "    indented",
    "***",
    "Setext\n===\n\ntext",
    "<div>\nhtml\n</div>",
];

const CODE: &[&str] = &[
    "select 1;\n",
    "a\n\n\nb",
    "  indented\n",
    "```\nfence\n```\n",
    "trailing  \n",
    "no end",
    "**T**: x\n# h\n",
];

fn day(dice: &mut Dice) -> Value {
    format!("2025-0{}-1{}", 1 + dice.roll(9), dice.roll(10)).into()
}

fn count(dice: &mut Dice) -> Value {
    [0, 1, 2, 17, 999, 1_000, 1_234_567][dice.roll(7)].into()
}

fn progress(dice: &mut Dice) -> Value {
    dice.pick(&["done", "in_progress", "planned", "cancelled"])
        .into()
}

fn url(dice: &mut Dice) -> Value {
    dice.pick(&[
        "https://example.com",
        "https://example.com/a_(b)?c=d&e=f",
        "http://example.com/x|y".trim_end_matches("|y"),
    ])
    .into()
}

fn step(dice: &mut Dice) -> Value {
    let status = if dice.yes() { "done" } else { "planned" };
    match dice.roll(4) {
        0 => json!({ "text": dice.line(), "status": status }),
        1 => json!({ "text": dice.line(), "event": "first" }),
        2 => dice.prose(),
        _ => dice.line(),
    }
}

fn evidence(dice: &mut Dice) -> Value {
    let section = dice.pick(&[
        "technical",
        "root_cause",
        "detection",
        "impact",
        "resolution",
        "lessons",
        "communication",
        "timeline",
        "summary",
    ]);
    let mut piece = dice.table(&[
        ("language", |dice| {
            dice.pick(&["sql", "yaml", "rust"]).into()
        }),
        ("finding", Dice::line),
        ("source", Dice::line),
        ("at", |dice| dice.time("2025-01-14").into()),
        ("url", url),
        ("warning", |dice| {
            dice.pick(&["Careful", "two\nlines"]).into()
        }),
    ]);
    piece["section"] = section.into();
    piece["title"] = dice
        .pick(&["Query", "A longer title", "Log of `node-17`"])
        .into();
    piece["code"] = dice.pick(CODE).into();
    piece
}

fn customer(dice: &mut Dice) -> Value {
    let mut row = dice.table(&[
        ("accounts", |dice| (1 + dice.roll(9)).into()),
        ("users", count),
        ("complaints", count),
        ("contact", |_| "a@example.com".into()),
        (
            "measures",
            |dice| json!({ "Max Delay": dice.line(), "Lost | Labels": count(dice) }),
        ),
    ]);
    row["name"] = dice.line();
    row
}

fn action(dice: &mut Dice) -> Value {
    let mut row = dice.table(&[
        ("id", |dice| format!("AI-{}", dice.roll(1_000_000)).into()),
        ("owner", Dice::line),
        ("due", day),
        ("status", progress),
        ("priority", Dice::line),
        ("type", Dice::line),
        ("url", url),
        ("done_on", day),
        ("notes", |dice| {
            dice.pick(&["A note", "two\nlines", "- a\n- b"]).into()
        }),
    ]);
    row["action"] = dice.line();
    row
}

fn message(dice: &mut Dice) -> Value {
    let mut message = dice.table(&[
        ("audience", |dice| {
            dice.pick(&["public", "customers", "internal"]).into()
        }),
        ("channel", |dice| dice.pick(&["email", "status"]).into()),
        ("note", |dice| {
            dice.pick(&["after verification", "a note, with a comma"])
                .into()
        }),
        ("subject", Dice::line),
        ("body", |dice| dice.pick(CODE).into()),
        ("url", url),
        ("next_update_at", |dice| dice.time("2025-01-14").into()),
        ("approved_by", Dice::line),
        ("sent_at", |dice| {
            let day = dice.pick(&["2025-01-14", "2025-01-17", "2025-01-18"]);
            dice.time(day).into()
        }),
    ]);
    message["stage"] = dice
        .pick(&["investigating", "identified", "monitoring", "resolved"])
        .into();
    message
}

/// Generates a random incident.
pub fn incident(dice: &mut Dice) -> Value {
    let mut incident = dice.table(&[
        ("kind", |dice| dice.pick(&["incident", "near_miss", "drill"]).into()), ("severity", |dice| dice.pick(&["P0", "P1", "P2", "P3", "P4"]).into()), ("severity_note", Dice::line), ("status_note", Dice::line), ("objective", Dice::line), ("summary", Dice::prose),
        ("impact", |dice| dice.table(&[
            ("level", |dice| dice.pick(&["none", "minor", "major"]).into()), ("summary", Dice::line), ("type", Dice::line), ("data_loss", |dice| dice.pick(&["none", "unknown"]).into()),
            ("data_loss_note", Dice::line), ("effects", |dice| dice.list(3, |dice| json!({ "name": "API Error Rate", "text": dice.line() }))), ("users_estimated", |dice| dice.yes().into()),
            ("users", count), ("accounts", count), ("customers", |dice| dice.list(4, customer)),
            ("business", |dice| dice.table(&[("revenue", Dice::line), ("reputation", Dice::line), ("support_tickets", count), ("churn_risk", Dice::line)])),
        ])),
        ("root_cause", |dice| dice.table(&[
            ("status", |dice| dice.pick(&["unknown", "suspected", "confirmed"]).into()), ("primary", Dice::prose), ("problem", Dice::prose), ("contributing_factors", |dice| dice.list(12, Dice::prose)),
        ])),
        ("evidence", |dice| dice.list(3, evidence)),
        ("detection", |dice| dice.table(&[
            ("method", Dice::line), ("source", Dice::line), ("measured_from", |dice| dice.pick(&["first slow query", "x after y"]).into()), ("assessment", |dice| dice.pick(&["effective", "Good enough"]).into()),
            ("assessment_note", Dice::line), ("internal", |dice| dice.yes().into()), ("alert", |dice| json!({ "language": "yaml", "code": dice.pick(CODE) })),
        ])),
        ("resolution", |dice| dice.table(&[
            ("immediate", |dice| dice.list(11, step)), ("short_term", |dice| dice.list(3, step)), ("long_term", |dice| dice.list(3, step)), ("phases", |dice| json!([{ "title": "Night shift", "items": dice.list(2, step) }])),
        ])),
        ("self_healing", |dice| dice.table(&[
            ("effectiveness", |dice| dice.roll(101).into()), ("effectiveness_note", Dice::line), ("why_not_resolved", |dice| dice.list(3, Dice::prose)), ("recommendations", |dice| dice.list(3, Dice::prose)),
            ("actions", |dice| dice.list(3, |dice| json!({ "name": dice.line(), "result": dice.pick(&["success", "partial", "failed", "skipped"]), "result_note": dice.line() }))),
        ])),
        ("communication", |dice| dice.table(&[
            ("internal", |dice| dice.table(&[("channel", Dice::line), ("update_interval", |_| "10 minutes".into()), ("participants", |_| json!({ "engineers": 8, "managers of x": 1200 })), ("review_on", day)])),
            ("external", |dice| dice.table(&[("status_page_interval", |_| "15 minutes".into()), ("status_page_url", url)])),
        ])),
        ("messages", |dice| dice.list(4, message)),
        ("lessons", |dice| dice.table(&[("went_well", |dice| dice.list(3, Dice::prose)), ("could_improve", |dice| dice.list(3, Dice::prose)), ("lucky", |dice| dice.list(2, Dice::prose)), ("learnings", |dice| dice.list(2, Dice::prose))])),
        ("action_items", |dice| dice.list(4, action)),
        ("technical", |dice| dice.table(&[
            ("metrics", |dice| json!({ "Database": dice.list(3, |dice| json!({ "name": "CPU of `db`", "value": dice.line(), "normal": dice.line() })), "Hosts": [{ "name": "Disk", "value": "12 ms" }] })),
            ("deployment", |dice| dice.table(&[("version", Dice::line), ("at", |dice| dice.time("2025-01-13").into()), ("method", Dice::line), ("rollback", Dice::line)])),
        ])),
        ("sections", |dice| dice.list(2, |dice| {
            let mut entry = dice.table(&[("section", |dice| dice.pick(&["technical", "impact", "lessons", "resolution", "summary"]).into())]);
            entry["title"] = dice.pick(&["Query Analysis", "Night shift notes"]).into();
            entry["body"] = dice.prose();
            entry
        })),
        ("tables", |dice| dice.list(1, |dice| json!({ "section": dice.pick(&["technical", "resolution"]), "title": "Nodes", "columns": ["Node", "State | now"], "rows": [[dice.line(), count(dice)], ["b", dice.line()]] }))),
        ("references", |dice| dice.list(4, |dice| match dice.roll(3) {
            0 => json!({ "title": dice.line(), "url": url(dice) }),
            1 => json!({ "title": "Thread", "text": dice.line() }),
            _ => json!({ "title": "Nothing yet" }),
        })),
        ("sign_off", |dice| dice.table(&[
            ("date", day), ("signatures", |dice| dice.list(3, |dice| json!({ "role": dice.pick(&["commander", "reviewer", "approver"]), "name": "Sarah Mitchell", "title": dice.line(), "date": day(dice) }))),
        ])),
        ("governance", |dice| dice.table(&[("scope", Dice::line), ("retention", |dice| dice.pick(&["7 years", "90 days", "indefinite"]).into()), ("retention_basis", Dice::line), ("legal_hold", Dice::line), ("marking", Dice::line)])),
    ]);
    incident["title"] = dice.line();
    incident["classification"] = dice
        .pick(&["public", "customers", "internal", "confidential"])
        .into();
    incident
}

/// Generates a random timeline.
pub fn timeline(dice: &mut Dice) -> Value {
    let mut marks = [
        "started",
        "impact_started",
        "detected",
        "acknowledged",
        "identified",
        "mitigated",
        "impact_ended",
        "resolved",
        "ended",
    ]
    .to_vec();
    let mut at = 36_000 + dice.roll(3_000);
    let count = 1 + dice.roll(9);
    let mut events = Vec::new();
    for index in 0..count {
        at += dice.roll(9_000);
        let day = 14 + at / 86_400;
        let time = |at: usize| format!("{:02}:{:02}", at / 3_600 % 24, at / 60 % 60);
        let seconds = if dice.roll(4) > 0 {
            format!(":{:02}", at % 60)
        } else {
            String::new()
        };
        let about = if dice.roll(6) == 0 { "~" } else { "" };
        let mut event = dice.table(&[
            ("actor", Dice::line),
            ("body", Dice::prose),
            ("url", url),
            (
                "links",
                |dice| json!([{ "title": dice.line(), "url": url(dice) }]),
            ),
            ("automated", |_| true.into()),
        ]);
        event["at"] = format!("{about}2025-01-{day} {}{seconds}", time(at)).into();
        if dice.roll(5) == 0 {
            let end = at + 60 + dice.roll(60_000);
            event["until"] = format!("2025-01-{} {}:59", 14 + end / 86_400, time(end)).into();
        }
        event["text"] = dice.line();
        if event.get("url").is_none() && event.get("links").is_none() {
            // Without links, an actor cannot be distinguished from a bracketed note in the text.
            event.as_object_mut().expect("an event").remove("actor");
        }
        if index == 0 {
            event["id"] = "first".into();
        }
        if !marks.is_empty() && dice.roll(3) > 0 {
            event["marks"] = json!([marks.remove(0)]);
            for _ in 0..dice.roll(3) {
                if marks.len() > 1 {
                    marks.remove(0);
                }
            }
        }
        events.push(event);
    }
    json!({ "date": "2025-01-14", "events": events })
}
