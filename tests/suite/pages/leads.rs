//! The first lines of pages: the lead of a report, the state on the index, the head for machines.

use afterword::archive::Archive;

use super::reader::{Piece, Tag, read};
use super::{Files, NIGHT, SMALLEST, Written, site, written};

/// Incidents, each in TOML, and the sentence that opens their reports; `None` if nothing is recorded.
const LEADS: &[(&str, Option<&str>)] = &[
    ("status = \"closed\"", None),
    (
        "[times]\nstarted = 2025-01-14T10:00:00Z\nended = 2025-01-14T10:44:35Z\n[impact]\nlevel = \"moderate\"\ndata_loss = \"none\"\n\
         users = 1247\nusers_estimated = true\naccounts = 12",
        Some(
            "44 minutes 35 seconds, moderate impact for ~1,247 users across 12 customer accounts; no data loss.",
        ),
    ),
    (
        "[times]\nstarted = 2025-01-14T10:00:00Z\n[impact]\nusers = 1",
        Some("Ongoing since 2025-01-14 10:00:00 UTC, 1 user affected."),
    ),
    (
        "kind = \"maintenance\"\nstatus = \"planned\"\n[times]\nstarted = \"2025-01-14 10:00\"",
        Some("Scheduled for 2025-01-14 10:00 UTC."),
    ),
    (
        "kind = \"maintenance\"\nstatus = \"monitoring\"\n[times]\nstarted = 2025-01-14T10:00:00Z\n\
         [schedule]\nfrom = 2025-01-14T10:00:00Z\nuntil = 2025-01-14T12:30:00Z",
        Some("Ongoing since 2025-01-14 10:00:00 UTC, planned until 2025-01-14 12:30 UTC."),
    ),
    (
        "status = \"closed\"\n[impact]\nlevel = \"none\"",
        Some("No customer impact."),
    ),
    (
        "status = \"closed\"\n[impact]\nlevel = \"major\"\naccounts = 1",
        Some("Major impact for 1 customer account."),
    ),
    (
        "status = \"closed\"\n[impact]\ndata_loss = \"total\"\ndata_exposure = \"suspected\"",
        Some("Data loss, suspected data exposure."),
    ),
    (
        "status = \"closed\"\n[impact]\ndata_exposure = \"none\"",
        None,
    ),
    (
        "status = \"closed\"\n[times]\nstarted = \"2025-01-14\"\nended = \"2025-01-16\"\n[[impact.customers]]\nname = \"A\"\nusers = 5\n\
         [[impact.customers]]\nname = \"B\"",
        Some("About 2 days, at least 5 users across 2 customer accounts affected."),
    ),
];

/// Returns the text of the first element with a class, if there is one.
fn text_of(html: &str, class: &str) -> Option<String> {
    let pieces = read(html);
    let begins =
        |piece: &Piece| matches!(piece, Piece::Open(tag) if tag.classes().any(|own| own == class));
    let from = pieces.iter().position(begins)?;
    let (mut depth, mut found) = (0, String::new());
    for piece in &pieces[from..] {
        match piece {
            Piece::Open(tag) => depth += usize::from(!tag.is_void()),
            Piece::Close(_) => depth -= 1,
            Piece::Text(text) => found.push_str(text),
        }
        if depth == 0 {
            break;
        }
    }
    Some(found.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn page<'a>(files: &'a Files, path: &str) -> &'a str {
    files[path].as_deref().expect("it is made")
}

/// Writes incidents without other files.
fn incidents(texts: &[&str]) -> Archive {
    let files: Vec<(String, String)> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            (
                format!("incidents/INC-{index}.toml"),
                format!("title = \"T{index}\"\n{text}\n"),
            )
        })
        .collect();
    super::written_as(
        files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str())),
    )
}

#[test]
fn the_lead_contains_exactly_what_is_recorded() {
    let texts: Vec<&str> = LEADS.iter().map(|(text, _)| *text).collect();
    let files = site(&incidents(&texts), &[]);
    for (index, (text, lead)) in LEADS.iter().enumerate() {
        let found = text_of(page(&files, &format!("incidents/INC-{index}.html")), "lead");
        assert_eq!(found.as_deref(), *lead, "{text}");
    }
}

/// Incidents, and the first line of their index.
const STATES: &[(&[&str], &str)] = &[
    (
        &[],
        "No incidents recorded yet. Run afterword new to create one.",
    ),
    (&["status = \"closed\""], "No open incidents."),
    (
        &[
            "[times]\nended = 2025-01-14T10:00:00Z",
            "[times]\nended = 2025-02-14T10:00:00Z",
            "kind = \"drill\"\nstatus = \"investigating\"",
            "kind = \"near_miss\"\n[times]\nended = 2025-03-14T10:00:00Z",
        ],
        "No open incidents. Last incident: INC-1, ended 2025-02-14 10:00:00 UTC.",
    ),
    (
        &[
            "[times]\nended = 2025-01-14T10:00:00Z",
            "status = \"monitoring\"",
        ],
        "1 open incident.",
    ),
    (&["", ""], "2 open incidents."),
];

#[test]
fn the_index_shows_the_current_state() {
    for (texts, state) in STATES {
        let files = site(&incidents(texts), &[]);
        assert_eq!(
            text_of(page(&files, "index.html"), "lead").as_deref(),
            Some(*state)
        );
        let plain = files["index.md"].as_deref().expect("made").replace('`', "");
        let markdown: String = plain.replace("[INC-1](incidents/INC-1.md)", "INC-1");
        assert!(
            markdown.starts_with(&format!("# Incident Reports\n\n{state}\n")),
            "{markdown}"
        );
    }
}

#[test]
fn the_index_lists_every_incident_by_year_and_the_open_ones_first() {
    let files = site(
        &incidents(&[
            "[times]\nstarted = 2024-12-31T23:00:00Z\nended = 2025-01-01T01:00:00Z",
            "[times]\nstarted = 2025-06-01T10:00:00Z",
            "[times]\nstarted = 2025-07-01T10:00:00Z\nended = 2025-07-01T10:00:01Z",
            "kind = \"drill\"\nstatus = \"closed\"",
        ]),
        &[],
    );
    let tags: Vec<Tag> = read(page(&files, "index.html"))
        .into_iter()
        .filter_map(|piece| {
            if let Piece::Open(tag) = piece {
                Some(tag)
            } else {
                None
            }
        })
        .collect();
    let listed: Vec<&str> = tags
        .iter()
        .filter_map(|tag| {
            if tag.name == "h2" {
                tag.get("id")
            } else {
                tag.get("data-incident")
            }
        })
        .collect();
    assert_eq!(
        listed,
        [
            "open",
            "year-2025",
            "INC-2",
            "INC-1",
            "year-2024",
            "INC-0",
            "not-dated",
            "INC-3"
        ]
    );
    let markdown = files["index.md"].as_deref().expect("made");
    let listed: Vec<&str> = markdown
        .lines()
        .filter(|line| line.starts_with("## ") || line.contains("(incidents/"))
        .map(|line| match line.split_once("(incidents/") {
            Some((_, rest)) => rest.split('.').next().unwrap_or_default(),
            None => line
                .trim_start_matches("## ")
                .split(" (")
                .next()
                .unwrap_or_default(),
        })
        .collect();
    assert_eq!(
        listed,
        [
            "Open Now",
            "INC-1",
            "2025",
            "INC-2",
            "INC-1",
            "2024",
            "INC-0",
            "Start not recorded",
            "INC-3"
        ]
    );
}

#[test]
fn every_entry_of_a_timeline_has_an_anchor_and_its_time_since_the_start() {
    let files = site(&written(NIGHT), &[]);
    let html = page(&files, "incidents/INC-2025-0002.html");
    let entries: Vec<&str> = html.split("<li id=\"").skip(1).collect();
    let expected = [
        ("t-2025-01-13", "2025-01-13", None, None),
        (
            "t-2025-01-14-234000",
            "2025-01-14T23:40:00Z",
            Some("T+00:00"),
            None,
        ),
        (
            "t-2025-01-14-234500",
            "2025-01-14T23:45Z",
            Some("T+5m"),
            None,
        ),
        (
            "t-2025-01-14-235000",
            "2025-01-14T23:50Z",
            Some("T+10m"),
            None,
        ),
        (
            "event-stop",
            "2025-01-15T00:30:01Z",
            Some("T+50:01"),
            Some("19 minutes 31 seconds later"),
        ),
        (
            "t-2025-01-15-010000",
            "2025-01-15T01:00:00Z",
            Some("T+1:20:00"),
            Some("29 minutes 59 seconds later"),
        ),
        ("t-2025-01-16", "2025-01-16", None, None),
    ];
    assert_eq!(entries.len(), expected.len());
    for (entry, (id, datetime, offset, gap)) in entries.iter().zip(expected) {
        assert!(
            entry.starts_with(&format!("{id}\" data-timeline-entry")),
            "{entry}"
        );
        assert!(entry.contains(&format!("href=\"#{id}\"")), "{entry}");
        assert!(
            entry.contains(&format!("<time datetime=\"{datetime}\">")),
            "{entry}"
        );
        let between = |before: &str, after: &str| {
            entry
                .split_once(before)
                .map(|(_, rest)| rest.split_once(after).expect("it ends").0)
        };
        let since = between("<span class=\"offset\" data-added>", "<");
        assert_eq!(since, offset, "{entry}");
        assert_eq!(between("<p class=\"gap\" data-added>", "<"), gap, "{entry}");
    }
    let days: Vec<&str> = html
        .split("<h3 id=\"day-")
        .skip(1)
        .map(|day| &day[..10])
        .collect();
    assert_eq!(
        days,
        ["2025-01-13", "2025-01-14", "2025-01-15", "2025-01-16"]
    );
}

#[test]
fn a_fact_with_a_hidden_endpoint_shows_only_its_duration() {
    let timeline = r#"{"date": "2025-01-14", "events": [
        {"at": "10:00:00", "marks": ["started"], "text": "seen"},
        {"at": "10:05:00", "marks": ["detected"], "text": "kept", "hidden": true}]}"#;
    let archive = super::written_as([
        ("incidents/INC-1.toml", "title = \"T\""),
        ("timelines/INC-1.json", timeline),
    ]);
    let files = site(&archive, &[]);
    let html = page(&files, "incidents/INC-1.html");
    assert!(
        html.contains("<dt>Time to Detect</dt><dd>5 minutes</dd>"),
        "{html}"
    );
    assert!(!html.contains("10:05"), "{html}");
}

#[test]
fn the_total_row_sums_what_the_customers_say() {
    let files = site(&written(NIGHT), &[]);
    let html = page(&files, "incidents/INC-2025-0002.html");
    let (_, foot) = html.split_once("<tfoot data-added>").expect("a total row");
    let row = "<tr><th scope=\"row\">Total (5 accounts)</th><td data-label=\"Users Affected\" class=\"num\">at least ~1,200</td>\
               <td></td><td data-label=\"Complaints\" class=\"num\">1</td></tr>";
    assert!(foot.starts_with(row), "{foot}");
}

/// Returns the content of a meta element, or the URL of a link, by its name.
fn head(html: &str, name: &str) -> Option<String> {
    let tags = read(html).into_iter().filter_map(|piece| {
        if let Piece::Open(tag) = piece {
            Some(tag)
        } else {
            None
        }
    });
    let mut named = tags
        .filter(|tag| [tag.get("name"), tag.get("property"), tag.get("rel")].contains(&Some(name)));
    named
        .next()
        .and_then(|tag| tag.get("content").or(tag.get("href")).map(str::to_owned))
}

#[test]
fn the_head_states_indexing_and_the_canonical_url() {
    let with_address: &[Written] = &[
        (
            "afterword.toml",
            "[site]\ntitle = \"Our *Reports*\"\nbase_url = \"https://example.com/reports\"\n",
        ),
        SMALLEST[0],
    ];
    let files = site(&written(with_address), &[]);
    for (path, kind) in [
        ("index.html", "website"),
        ("incidents/INC-2025-0004.html", "article"),
    ] {
        let html = page(&files, path);
        let address = format!(
            "https://example.com/reports/{}",
            path.trim_start_matches("index.html")
        );
        let expected = [
            ("canonical", Some(address.as_str())),
            ("og:url", Some(address.as_str())),
            ("og:type", Some(kind)),
            ("og:site_name", Some("Our Reports")),
            ("robots", Some("noindex")),
            ("color-scheme", Some("light dark")),
        ];
        for (name, value) in expected {
            assert_eq!(head(html, name).as_deref(), value, "{path} {name}");
        }
        assert_eq!(head(html, "description"), head(html, "og:description"));
        assert!(
            head(html, "description").is_some_and(|text| text.len() > 20),
            "{path}"
        );
    }
    let files = site(&written(SMALLEST), &[]);
    for (_, html) in super::pages(&files) {
        assert_eq!(
            (head(html, "canonical"), head(html, "og:url")),
            (None, None)
        );
    }
}

#[test]
fn every_page_starts_and_ends_with_its_classification() {
    let files = site(&written(super::HOSTILE), &[]);
    for (path, banner) in [
        ("incidents/INC-2025-0001.html", "Internal - \"><script>"),
        ("index.html", "Internal"),
    ] {
        let html = page(&files, path);
        let pieces = read(html);
        let words = |piece: &&Piece| matches!(piece, Piece::Text(text) if text == banner);
        assert_eq!(pieces.iter().filter(words).count(), 2, "{path}");
        let sheet = pieces.iter().find_map(|piece| match piece {
            Piece::Open(tag) if tag.name == "html" => tag.get("data-classification"),
            _ => None,
        });
        assert_eq!(sheet, Some(banner), "{path}");
    }
}

#[test]
fn every_page_has_a_description_and_names_its_tables() {
    for (name, files) in &*super::SITES {
        for (path, html) in super::pages(files) {
            let at = format!("{name} {path}");
            let description = head(html, "description").unwrap_or_default();
            assert!(description.len() > 20, "{at}: {description}");
            for property in ["og:type", "og:title", "og:site_name"] {
                assert!(
                    head(html, property).is_some_and(|text| !text.is_empty()),
                    "{at}"
                );
            }
            assert!(
                head(html, "alternate").is_some_and(|feed| feed.ends_with("feed.atom")),
                "{at}"
            );
            let pieces = read(html);
            let words =
                |piece: &&Piece| !matches!(piece, Piece::Text(text) if text.trim().is_empty());
            let pieces: Vec<&Piece> = pieces.iter().filter(words).collect();
            for (piece, next) in pieces.iter().zip(&pieces[1..]) {
                let Piece::Open(tag) = piece else { continue };
                let below = |name: &str| matches!(next, Piece::Open(next) if next.name == name);
                if tag.name == "th" {
                    assert!(tag.get("scope").is_some(), "{at}");
                }
                if tag.name == "table" && !path.starts_with("incidents/") {
                    let named = tag.get("aria-label").is_some_and(|label| !label.is_empty());
                    assert!(named || below("caption"), "{at}");
                }
            }
        }
    }
}

#[test]
fn the_navigation_marks_the_current_page() {
    let files = site(&written(super::HOSTILE), &[]);
    for (path, current) in [
        ("index.html", "index.html\" aria-current=\"page\""),
        ("actions.html", "actions.html\" aria-current=\"page\""),
        (
            "actions/owners.html",
            "../actions.html\" aria-current=\"true\"",
        ),
        ("metrics.html", "metrics.html\" aria-current=\"page\""),
        (
            "severities/index.html",
            "../index.html\" aria-current=\"true\"",
        ),
        (
            "incidents/INC-2025-0001.html",
            "../index.html\" aria-current=\"true\"",
        ),
    ] {
        let html = page(&files, path);
        assert!(
            html.contains(&format!("<li><a href=\"{current}>")),
            "{path}"
        );
        assert_eq!(html.matches("aria-current").count(), 1, "{path}");
    }
    assert_eq!(page(&files, "404.html").matches("aria-current").count(), 0);
}
