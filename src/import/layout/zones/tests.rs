use super::*;
use crate::import::block;

/// Describes what a report states about its time zones.
fn stated(text: &str) -> String {
    let blocks = block::blocks(text);
    let (_, sections) = block::parts(text, &blocks, 2);
    let found = Zones::find(text, &sections, 1);
    let kinds = [
        ("all", found.all),
        ("label", found.labelled),
        ("entries", found.entries),
        ("above", found.above),
        ("prose", found.prose),
        ("unread", found.unread),
    ];
    let named = kinds
        .into_iter()
        .filter_map(|(kind, name)| Some(format!("{kind} {}", name?.0)));
    named.collect::<Vec<_>>().join(", ")
}

#[test]
fn a_time_zone_is_found_where_a_report_states_it() {
    for (text, expected) in [
        ("All times in CET.", "all CET"),
        ("CET is used for all times below.", "all CET"),
        (
            "Todas as horas são da hora de Lisboa (WET).",
            "all hora de Lisboa (WET)",
        ),
        ("以下の時刻はすべて日本時間です。", "all 日本時間"),
        ("Time zone: Europe/Paris", "all Europe/Paris"),
        ("Friday 17 January 2025 (GMT/London time)", "all GMT"),
        ("## Timeline (PST)\n\n- 09:00 x", "all PST"),
        (
            "| Time (EDT) | Event |\n|---|---|\n| 09:00 | x |",
            "all EDT",
        ),
        ("**Start:** 2025-03-04 09:00 CET", "label CET"),
        ("## Timeline\n\n- 09:10 CET x\n- 09:20 CET y", "entries CET"),
        ("It was slow between 9:00 and 10:00 PST.", "prose PST"),
        ("**Update (11:10 PM MDT, March 18):** x", "prose MDT"),
        ("## Timeline\n\n(PDT)\n\n- 09:00 x", "all PDT"),
        ("## Timeline\n\n**PDT**\n\n- 09:00 x", "all PDT"),
        ("## Timeline\n\n> PDT unless noted\n\n- 09:00 x", "all PDT"),
        (
            "## Timeline\n\nEverything below is in PDT.\n\n- 09:00 x",
            "all PDT",
        ),
        (
            "## Timeline\n\nNote: we use Pacific time here.",
            "all Pacific time",
        ),
        (
            "## Timeline\n\nTime (CEST) - Event\n\n- 09:00 x",
            "all CEST",
        ),
        ("## Timeline\n\n*PDT, July 4, 2025*", "all PDT"),
        ("<summary>Timeline (PDT)</summary>", "above PDT"),
        ("Timestamps: UTC+2", "above UTC+2"),
        ("**TZ:** CEST", "above CEST"),
        ("## Timeline (Berlin)", "all Europe/Berlin"),
        (
            "## Timeline (in our local time, Madrid)",
            "all Europe/Madrid",
        ),
        (
            "## Timeline\n\n(in our local time, Madrid)",
            "all Europe/Madrid",
        ),
        ("## Timeline (Ortszeit Wien)", "unread Ortszeit Wien"),
        (
            "**Inicio:** 2025-03-04 14:15 (hora de Guayana)",
            "unread hora de Guayana",
        ),
        (
            "**Start:** 2025-03-04 14:15 (Berlin)",
            "label Europe/Berlin",
        ),
        ("**Start:** 2025-03-04 14:15 (start of the shift)", ""),
        ("## Timeline (CST, UTC+8)", "all CST"),
        ("All times are CST (UTC+8).", "all CST (UTC+8)"),
        ("## Timeline\n\n- 16:10 (14:10 UTC) x", "entries +02:00"),
        ("All times are local (UTC in parentheses).", "unread local"),
        ("All times in UC/Pacific", "unread UC/Pacific"),
        ("**Start:** 2025-03-04 09:00 XYT", "unread XYT"),
    ] {
        assert_eq!(stated(text), expected, "{text}");
    }
}

#[test]
fn a_word_that_may_name_a_time_zone_states_none_in_a_sentence() {
    for text in [
        "- 09:10 MSK consumers lag\n- 09:20 Central logging stops",
        "Customers in the Pacific region could print at all times.",
        "The CET team noticed it first.",
        "Printers in CET offices failed.",
        "## Timeline (Spooler)",
        "Graph times are UTC.",
        "At 09:10 CAT scanners went offline.",
        "All times are approximate. The Central office was closed.",
    ] {
        assert_eq!(stated(text), "", "{text}");
    }
    // A word after every time is their time zone, and the report must say which one it means.
    let text = "- 09:10 MSK alert fired\n- 09:20 MSK queue restarted";
    assert_eq!(stated(text), "unread MSK");
}

#[test]
fn the_time_zone_of_some_entries_is_not_that_of_the_others() {
    for (text, expected) in [
        ("- 10:10-04:00 x\n- 14:40 y", ""),
        ("- 09:10 CET x\n- 09:20 y", "entries CET"),
        ("- 09:10 CET x\n- 09:20 UTC y\n- 09:30 z", ""),
    ] {
        assert_eq!(stated(text), expected, "{text}");
    }
}

#[test]
fn the_date_in_front_matter_states_no_time_zone() {
    let text = "---\ndate: 25 Sep 2025 08:12:00 -0400\n---\n\nIt was slow.";
    let found = |first| Zones::find(text, &[], first).labelled.map(|(name, _)| name);
    assert_eq!(found(1).as_deref(), Some("-0400"));
    assert_eq!(found(5), None);
}
