use super::*;

fn parsed(line: &str) -> Option<String> {
    let (time, text) = entry(line)?;
    let until = time
        .until
        .map(|until| format!("–{until}"))
        .unwrap_or_default();
    let zone = time.zone.map(|zone| format!(" {zone}")).unwrap_or_default();
    let end_zone = time
        .until_zone
        .map(|end_zone| format!(" {end_zone}"))
        .filter(|end_zone| *end_zone != zone)
        .unwrap_or_default();
    Some(format!("{}{until}{zone}{end_zone} | {text}", time.at))
}

#[test]
fn the_time_of_an_entry_is_parsed_in_many_notations() {
    let cases = [
        (
            "**14:23:47** - Alert fired: \"x > 95%\"  ",
            "14:23:47 | Alert fired: \"x > 95%\"",
        ),
        ("**14:23:00–14:31:10** - Span", "14:23:00–14:31:10 | Span"),
        ("**2025-01-15 ~00:04** - About", "~2025-01-15 00:04 | About"),
        ("**2025-01-14** - A day", "2025-01-14 | A day"),
        (
            "**~2025-01-14–2025-01-16** - Days",
            "~2025-01-14–2025-01-16 | Days",
        ),
        (
            "**14:23–2025-01-15 00:04** - Over midnight",
            "14:23–2025-01-15 00:04 | Over midnight",
        ),
        ("14:51 News reports", "14:51 | News reports"),
        ("**14:51:** Traffic grows", "14:51 | Traffic grows"),
        ("14:51 UTC - Traffic", "14:51 UTC | Traffic"),
        ("**14:51 (UTC)**: Traffic", "14:51 UTC | Traffic"),
        ("2:23 PM PST: Paged", "14:23 PST | Paged"),
        ("12 am - Midnight", "00:00 | Midnight"),
        ("2:10 p. m. – Alert", "14:10 | Alert"),
        ("2:10\u{a0}p.\u{a0}m. – Alert", "14:10 | Alert"),
        ("8:20 de la noche: Alert", "20:20 | Alert"),
        ("2:10 de la tarde: Alert", "14:10 | Alert"),
        ("2:10 Uhr nachmittags: Alert", "14:10 | Alert"),
        ("8:20 in the evening: Alert", "20:20 | Alert"),
        ("12:30 at night: Alert", "00:30 | Alert"),
        ("13 h 15 : Alert", "13:15 | Alert"),
        ("15 h : Alert", "15:00 | Alert"),
        ("01-Oct-2025 10:40 AM - Alert", "2025-10-01 10:40 | Alert"),
        ("4 mars 2025 à 9h00 : Alert", "2025-03-04 09:00 | Alert"),
        (
            "Tuesday, 2025-03-04 09:00 UTC Alert",
            "2025-03-04 09:00 UTC | Alert",
        ),
        (
            "16:10 (14:10 UTC) Alert",
            "16:10 +02:00 | (14:10 UTC) Alert",
        ),
        (
            "01:10 (23:10 UTC) Alert",
            "01:10 +02:00 | (23:10 UTC) Alert",
        ),
        ("14:23 to 14:31 - Span", "14:23–14:31 | Span"),
        ("14:23-14:31 Span", "14:23–14:31 | Span"),
        ("approx. 14:23 - About", "~14:23 | About"),
        (
            "2025-01-14T14:23:47Z - Alert",
            "2025-01-14 14:23:47 Z | Alert",
        ),
        ("January 14, 2025 14:23 - Alert", "2025-01-14 14:23 | Alert"),
        ("14 Jan 2025, 14:23 - Alert", "2025-01-14 14:23 | Alert"),
        ("2.23pm - Alert", "14:23 | Alert"),
        ("14.23 Uhr: Alert", "14:23 | Alert"),
        ("14:51 MSK: Traffic", "14:51 MSK | Traffic"),
        ("14:51 MSK consumers lag", "14:51 | MSK consumers lag"),
        (
            "14:51 Central logging stops",
            "14:51 | Central logging stops",
        ),
        ("14:51 UTC Traffic", "14:51 UTC | Traffic"),
        ("[14:23] Alert", "14:23 | Alert"),
        ("`14:23` Alert", "14:23 | Alert"),
        ("14:23:47.123 Alert", "14:23:47.123 | Alert"),
        ("**02:50 CEST** - Alert", "02:50 CEST | Alert"),
        (
            "**02:50 CEST–02:10 CET** - Span",
            "02:50–02:10 CEST CET | Span",
        ),
        ("14:23 | Alert", "14:23 | Alert"),
        (
            "**23:15 UTC on 19 November 2024** – Alert",
            "2024-11-19 23:15 UTC | Alert",
        ),
        ("2025年3月4日(火)13:05 Alert", "2025-03-04 13:05 | Alert"),
        ("14:23-ish Alert", "~14:23 | Alert"),
        (
            "14:10 UTC / 16:10 CEST Alert",
            "14:10 UTC | 16:10 CEST Alert",
        ),
        ("14:10 CST (UTC+8) Alert", "14:10 CST (UTC+8) | Alert"),
    ];
    for (line, expected) in cases {
        assert_eq!(parsed(line).as_deref(), Some(expected), "{line}");
    }
}

#[test]
fn spans_are_found_in_sentences() {
    for (text, expected) in [
        ("down from 09:10 to 10:31 UTC on Monday", "09:10–10:31 UTC"),
        ("slow between 9.20am and 11.05am (BST).", "09:20–11:05 BST"),
        (
            "zwischen 9:05 und 11:30 Uhr (MESZ) gestört",
            "09:05–11:30 MESZ",
        ),
        ("caída entre las 12:20 y las 13:45", "12:20–13:45"),
        (
            "indisponible de 9h00 à 10h45 (heure de Paris)",
            "09:00–10:45 heure de Paris",
        ),
        ("lento das 14:00 às 14:50", "14:00–14:50"),
        ("between 9 and 10 printers", ""),
        ("from 09:10 on", ""),
    ] {
        let spans = spans_in_prose(text).map(|(time, _)| {
            let until = time.until.map(|until| until.to_string());
            let zone = time.zone.map(|zone| format!(" {zone}"));
            let (until, zone) = (until.unwrap_or_default(), zone.unwrap_or_default());
            format!("{}–{until}{zone}", time.at)
        });
        assert_eq!(spans.collect::<Vec<_>>().join(", "), expected, "{text}");
    }
}

#[test]
fn a_line_without_a_leading_time_is_not_an_entry() {
    for line in [
        "",
        "Alert fired at 14:23",
        "**Query**:",
        "4 tickets opened",
        "25:00 - no",
        "14:75 no",
        "1. first",
        "14",
        "14:23",
        "2.23 releases",
        "**bold** - text",
        "12:34:56:78 x",
    ] {
        assert_eq!(parsed(line), None, "{line}");
    }
}
