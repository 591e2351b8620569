//! Pages about several incidents: learnings, similar incidents, and lists longer than one page.

use std::sync::Arc;

use afterword::audience::Audience;
use afterword::facts::{ActionSummary, Neighbor, Summaries, Summary};
use afterword::incident::Progress;
use afterword::view::action::{Items, Urgency};
use afterword::view::comms::{CommsIndexView, LatestMessages};
use afterword::view::group::{GroupView, Groups};
use afterword::view::index::{IndexView, MOST_ROWS};
use afterword::view::learning::Learned;
use afterword::view::row::Listing;
use afterword::view::similar;

use super::{SMALLEST, Written, as_of, site, site_for, written, written_as};

/// Incidents with services, tags and lessons; the day of measuring is 31 January 2026.
const ALIKE: &[Written] = &[
    (
        "incidents/INC-1.toml",
        "title = \"First\"\nservices = [\"web\", \"db\"]\ntags = [\"capacity\", \"dns\"]\n[times]\nstarted = 2024-01-31T10:00:00Z\n\
         [lessons]\nlearnings = [\"Ask *why*\", \"- one\\n- two\"]\nlucky = [\"It was Sunday\"]\n",
    ),
    (
        "incidents/INC-2.toml",
        "title = \"Same tag alone\"\nservices = [\"mail\"]\ntags = [\"capacity\"]\n[times]\nstarted = 2024-03-01T10:00:00Z\n",
    ),
    (
        "incidents/INC-3.toml",
        "title = \"Secret\"\nclassification = \"confidential\"\nservices = [\"web\", \"db\"]\ntags = [\"capacity\", \"dns\"]\n\
         [times]\nstarted = 2024-01-31T11:00:00Z\n[lessons]\nlearnings = [\"Hush\"]\n",
    ),
    (
        "incidents/INC-4.toml",
        "title = \"Second\"\nservices = [\"web\"]\ntags = [\"capacity\", \"capacity\"]\n[times]\nstarted = 2024-05-01T10:00:00Z\n",
    ),
    (
        "incidents/INC-5.toml",
        "title = \"Third\"\nservices = [\"web\", \"db\"]\ntags = [\"dns\", \"capacity\"]\n[times]\nstarted = 2025-01-31T10:00:00Z\n",
    ),
    (
        "incidents/RCA-6.toml",
        "title = \"Wrong\"\nkind = \"investigation\"\n[analysis]\nruled_out = [{ signal = \"An old alarm\" }]\n",
    ),
    (
        "incidents/RCA-7.toml",
        "title = \"Right\"\nkind = \"investigation\"\nservices = [\"web\"]\n[analysis]\nsupersedes = [\"RCA-6\"]\n\
         ruled_out = [{ signal = \"A slow | disk\", looked_like = \"Saturation\", count = 3 }]\n",
    ),
];

fn summaries(files: &[Written]) -> (Vec<Summary>, afterword::config::Config) {
    let archive = written(files);
    let summary = |record| Summary::from_record(record, &archive.config);
    (
        archive.records.iter().map(summary).collect(),
        archive.config.clone(),
    )
}

#[test]
fn a_report_names_earlier_incidents_that_share_tags_and_services() {
    let (summaries, _) = summaries(ALIKE);
    let neighbors = summaries.into_iter().map(|summary| summary.neighbor);
    let neighbors: Vec<Arc<Neighbor>> = neighbors.collect();
    for (audience, id, expected) in [
        (Audience::Internal, "INC-1", &[][..]),
        (Audience::Internal, "INC-2", &[]),
        (Audience::Internal, "INC-4", &["INC-1"]),
        (Audience::Internal, "INC-5", &["INC-1", "INC-4"]),
        (
            Audience::Confidential,
            "INC-5",
            &["INC-3", "INC-1", "INC-4"],
        ),
        (Audience::Public, "INC-5", &[]),
    ] {
        let all = similar::all(&neighbors, audience);
        let own = neighbors.iter().position(|neighbor| neighbor.id == id);
        let indexes = &all[own.expect("it is there")];
        let found: Vec<&str> = indexes
            .iter()
            .map(|index| neighbors[*index].id.as_str())
            .collect();
        assert_eq!(found, expected, "{id} for {audience}");
    }
    let files = site(&written(ALIKE), &[]);
    let page = files["incidents/INC-5.html"].as_deref().expect("made");
    let (_, seen) = page
        .split_once("<h2>Similar Incidents</h2>")
        .expect("it was");
    assert!(seen.contains("<a href=\"INC-1.html\">INC-1 First</a> <span class=\"counts\">tags dns, capacity; services web, db</span>"), "{seen}");
    assert!(!page.contains("INC-3"));
    assert!(
        !files["incidents/INC-1.html"]
            .as_deref()
            .expect("made")
            .contains("Similar Incidents")
    );
}

#[test]
fn learnings_are_by_incident_and_on_the_pages_of_tags_and_services() {
    let files = site(&written(ALIKE), &[]);
    let text = |path: &str| files[path].as_deref().expect("it is made");
    let page = text("learnings.html");
    assert!(
        page.contains("3 lessons and 1 ruled-out signal from 2 reports."),
        "{page}"
    );
    assert!(page.contains("Ask <em>why</em>") && page.contains("A slow | disk (3)"));
    assert!(!page.contains("An old alarm") && !page.contains("Hush"));
    let (_, day) = page
        .split_once("<h2 id=\"this-day\">")
        .expect("two incidents");
    let (day, _) = day.split_once("</ul>").expect("a list");
    assert!(
        day.find("INC-5") < day.find("INC-1") && day.matches("<li>").count() == 2,
        "{day}"
    );
    for path in ["tags/dns.html", "services/web.md", "services/db.html"] {
        assert!(text(path).contains("It was Sunday"), "{path}");
    }
    for path in ["services/mail.html", "years/2024.html"] {
        assert!(!text(path).contains("It was Sunday"), "{path}");
    }
}

#[test]
fn a_cause_that_came_back_has_what_was_done_before_and_since() {
    let incident = |id: &str, day: &str, more: &str| {
        let text = format!(
            "title = \"{id}\"\nservices = [\"web\"]\ntags = [\"dns\"]\n[times]\nstarted = 2026-01-{day}T10:00:00Z\n{more}"
        );
        (format!("incidents/{id}.toml"), text)
    };
    let done = |action: &str, day: &str| {
        format!(
            "[[action_items]]\naction = \"{action}\"\nstatus = \"done\"\ndone_on = 2026-01-{day}\n"
        )
    };
    let files = [
        incident(
            "INC-1",
            "02",
            &format!("{}{}", done("Too little", "05"), done("Enough", "12")),
        ),
        incident("INC-2", "10", "[[action_items]]\naction = \"To do\"\n"),
        (
            "incidents/INC-3.toml".to_owned(),
            "title = \"No start\"\ntags = [\"dns\", \"alone\"]\n".to_owned(),
        ),
    ];
    let texts = files.iter();
    let archive = written_as(texts.map(|(path, text)| (path.as_str(), text.as_str())));
    let files = site(&archive, &[]);
    let page = files["learnings.md"].as_deref().expect("it is made");
    let expected = [
        "## What Came Back",
        "### [dns](tags/dns.md): 2 incidents",
        "Last seen on 2026-01-10, 21 days ago. Each time in web.",
        "- 2026-01-10 [INC-2](incidents/INC-2.md) INC-2",
        "- 2026-01-02 [INC-1](incidents/INC-1.md) INC-1",
        "Completed before it came back, so not enough:",
        "- Too little INC-1-A1, [INC-1](incidents/INC-1.md#action-items), 2026-01-05",
        "Completed since, and it has not come back:",
        "- Enough INC-1-A2,",
        "Still open:",
        "- To do INC-2-A1,",
    ];
    let mut rest = page;
    for words in expected {
        let at = rest.find(words);
        rest = &rest[at.unwrap_or_else(|| panic!("`{words}` is not next in {page}"))..];
    }
    assert!(!page.contains("alone") && !page.contains("INC-3"), "{page}");
}

#[test]
fn what_went_well_is_a_lesson() {
    let incident = "title = \"One\"\n[lessons]\nwent_well = [\"The alert was early\"]\n";
    let files = site(&written(&[("incidents/INC-1.toml", incident)]), &[]);
    for (path, heading) in [
        ("learnings.md", "**What Went Well**"),
        ("learnings.html", "<strong>What Went Well</strong>"),
    ] {
        let page = files[path].as_deref().expect("it is made");
        assert!(
            page.contains("1 lesson and 0 ruled-out signals from 1 report."),
            "{page}"
        );
        assert!(
            page.contains(heading) && page.contains("The alert was early"),
            "{page}"
        );
    }
}

#[test]
fn evidence_needs_no_title() {
    let incident = "title = \"One\"\n[[evidence]]\ncode = \"select 1\"\nlanguage = \"sql\"\n\
                    [[evidence]]\nfinding = \"Ten seconds\"\nsource = \"Logs\"\n\
                    [[evidence]]\nfile = \"../pics/queue.png\"\n\
                    [[evidence]]\nfile = \"../logs/api.log\"\n\
                    [[evidence]]\nurl = \"https://metrics.example.com/q\"\n";
    let archive = written(&[
        ("incidents/INC-1.toml", incident),
        ("pics/queue.png", "not text"),
        ("logs/api.log", "09:00 timeout\n"),
    ]);
    let files = site(&archive, &[]);
    let report = files["incidents/INC-1.md"].as_deref().expect("it is made");
    let (_, evidence) = report
        .split_once("## Technical Details\n")
        .expect("it is there");
    let (evidence, _) = evidence.split_once("\n\n---").unwrap_or((evidence, ""));
    assert_eq!(
        evidence.trim(),
        "```sql\nselect 1\n```\n\n**Finding**: Ten seconds  \n**Source**: Logs\n\n\
         ![../pics/queue.png](../pics/queue.png)\n\n[logs/api.log](../logs/api.log): \n```\n09:00 timeout\n```\n\n\
         **Link**: [https://metrics.example.com/q](https://metrics.example.com/q)"
    );
}

#[test]
fn a_superseded_report_no_longer_counts_as_open() {
    let open = |id: &str, day: &str, more: &str| {
        let text = format!(
            "title = \"{id}\"\nclassification = \"public\"\nstatus = \"monitoring\"\n\
             [times]\nstarted = {day}T10:00:00Z\n[public]\ntitle = \"{id}\"\nsummary = \"Slow.\"\n\
             [[messages]]\nstage = \"monitoring\"\nsent_at = {day}T11:00:00Z\nnext_update_at = {day}T12:00:00Z\n\
             body = \"Soon\"\n{more}"
        );
        (format!("incidents/{id}.toml"), text)
    };
    let files = [
        open("INC-1", "2026-01-01", ""),
        open(
            "INC-2",
            "2026-01-02",
            "[analysis]\nsupersedes = [\"INC-1\"]\n",
        ),
    ];
    let texts = files.iter();
    let archive = written_as(texts.map(|(path, text)| (path.as_str(), text.as_str())));
    for audience in [Audience::Internal, Audience::Public] {
        let site = site_for(&archive, &[], audience);
        let index = site["index.md"].as_deref().expect("it is made");
        assert!(index.contains("1 open incident."), "{index}");
        assert_eq!(index.matches("Superseded").count(), 1, "{index}");
        let page = site["index.html"].as_deref().expect("it is made");
        assert_eq!(page.matches("class=\"status status-superseded").count(), 1);
    }
    let site = site_for(&archive, &[], Audience::Internal);
    let next = site["comms/index.md"].as_deref().expect("it is made");
    assert!(next.contains("Next message: [INC-2](INC-2.md)"), "{next}");
    for (id, badge) in [("INC-1", "Superseded"), ("INC-2", "Monitoring")] {
        let page = site[&format!("incidents/{id}.html")].as_deref();
        let page = page.expect("it is made");
        assert!(
            page.contains(&format!("Status </span>{badge}</span>")),
            "{page}"
        );
        let description = format!("content=\"Incident report {id}, {badge}.");
        assert!(page.contains(&description), "{page}");
        assert_eq!(page.contains("Ongoing since"), id == "INC-2", "{page}");
    }
}

#[test]
fn an_index_without_groups_offers_no_other_lists() {
    let site = site(&written(SMALLEST), &[]);
    for (path, end) in [("index.md", "31.\n"), ("index.html", "31</time></dd>")] {
        let index = site[path].as_deref().expect("it is made");
        assert!(
            !index.contains("Browse by") && index.contains(end),
            "{index}"
        );
    }
}

#[test]
fn an_index_of_many_rows_lists_the_latest_and_links_to_the_years() {
    let (one, config) = summaries(SMALLEST);
    let many = |count| {
        let numbered = (0..count).map(|number| renamed(&one[0], format!("INC-{number}")));
        all(numbered.collect())
    };
    let (many, fewer) = (many(MOST_ROWS + 1), many(MOST_ROWS));
    let listing = Listing::new(&many, &config, Audience::Internal);
    let groups = Groups::all(&listing);
    let index = IndexView::new(&listing, &groups, &[], as_of());
    assert_eq!(
        index.cut.as_deref(),
        Some("the latest 1,000 of 1,001 records")
    );
    let rows: usize = index.years.iter().map(|year| year.rows.len()).sum();
    assert_eq!(rows, MOST_ROWS);
    let listing = Listing::new(&fewer, &config, Audience::Internal);
    assert_eq!(IndexView::new(&listing, &[], &[], as_of()).cut, None);
}

fn all(summaries: Vec<Summary>) -> Summaries {
    Summaries::new(summaries, Audience::Internal)
}

/// Copies a summary under another ID.
fn renamed(one: &Summary, id: String) -> Summary {
    let mut summary = one.clone();
    Arc::make_mut(&mut summary.neighbor).id = id;
    summary
}

/// Copies a summary under other IDs, each in the month after the previous one.
fn copies(one: &Summary, count: usize) -> Vec<Summary> {
    let day = |number: usize| {
        let month = u32::try_from(number % 12).expect("small") + 1;
        chrono::NaiveDate::from_ymd_opt(2025, month, 15)
    };
    (0..count)
        .map(|number| {
            let mut summary = renamed(one, format!("INC-{number:04}"));
            Arc::make_mut(&mut summary.neighbor).day = day(number);
            summary
        })
        .collect()
}

#[test]
fn a_year_of_many_rows_lists_the_latest_and_each_of_its_months_all() {
    let (one, config) = summaries(SMALLEST);
    for (count, cut) in [
        (MOST_ROWS, None),
        (MOST_ROWS + 1, Some("the latest 1,000 of 1,001 records")),
    ] {
        let many = all(copies(&one[0], count));
        let listing = Listing::new(&many, &config, Audience::Internal);
        let learned = Learned::new(Default::default(), Default::default());
        let all = Groups::all(&listing);
        let years = all.iter().find(|groups| groups.by.folder == "years");
        let [year] = &*years.expect("one year").groups else {
            panic!("one year");
        };
        let view = GroupView::new(year, &listing, &learned);
        assert_eq!((view.cut.as_deref(), view.rows.len()), (cut, MOST_ROWS));
        let months = year.months.iter();
        let mut listed: Vec<&str> = months
            .flat_map(|month| GroupView::new(month, &listing, &learned).rows)
            .map(|row| row.id)
            .collect();
        listed.sort_unstable();
        let expected = many.iter().map(|summary| summary.id.as_str());
        let expected: Vec<&str> = expected.filter(|_| cut.is_some()).collect();
        assert_eq!(listed, expected);
        let slugs: Vec<&str> = year.months.iter().map(|month| &*month.slug).collect();
        if cut.is_some() {
            assert_eq!(
                (slugs.len(), slugs[0], slugs[11]),
                (12, "2025-12", "2025-01")
            );
        }
    }
}

#[test]
fn a_month_of_many_rows_lists_all() {
    let (one, config) = summaries(SMALLEST);
    let mut many = copies(&one[0], MOST_ROWS + 1);
    for summary in &mut many {
        Arc::make_mut(&mut summary.neighbor).day = chrono::NaiveDate::from_ymd_opt(2025, 3, 1);
    }
    let many = all(many);
    let listing = Listing::new(&many, &config, Audience::Internal);
    let learned = Learned::new(Default::default(), Default::default());
    let all = Groups::all(&listing);
    let years = all.iter().find(|groups| groups.by.folder == "years");
    let month = &years.expect("one year").groups[0].months[0];
    let view = GroupView::new(month, &listing, &learned);
    assert_eq!((view.cut, view.rows.len()), (None, MOST_ROWS + 1));
}

#[test]
fn of_many_learnings_the_latest_are_listed() {
    let (own, config) = summaries(ALIKE);
    for (count, cut) in [(500, None), (501, Some("the latest 500 of 501 reports"))] {
        let many = all(copies(&own[0], count));
        let listing = Listing::new(&many, &config, Audience::Internal);
        let learned = Learned::new(Default::default(), Default::default());
        let (views, said) = learned.among(&listing.summaries);
        assert_eq!((views.len(), said.as_deref()), (500, cut));
    }
}

#[test]
fn of_many_messages_the_latest_are_listed_with_their_texts() {
    let (one, config) = summaries(&[(
        "incidents/INC-1.toml",
        "title = \"A\"\n[times]\nstarted = 2025-01-01T09:00:00Z\n\
         [[messages]]\nstage = \"identified\"\naudience = \"public\"\nsent_at = 2025-01-01T10:00:00Z\nsubject = \"First\"\nbody = \"One.\"\n\
         [[messages]]\nstage = \"resolved\"\naudience = \"public\"\nsent_at = 2025-01-01T11:00:00Z\nbody = \"Two.\\nLines\"\n",
    )]);
    for (count, cut) in [(250, None), (251, Some("the latest 500 of 502 messages"))] {
        let many = copies(&one[0], count);
        let shown: Vec<&Summary> = many.iter().collect();
        let latest = LatestMessages::new(&shown);
        let view = CommsIndexView::new(&latest, &shown, &config);
        assert_eq!((view.rows.len(), view.cut.as_deref()), (500, cut));
        let listed = |row: usize| {
            let row = &view.rows[row];
            (row.id, row.number, row.headline, row.first_line)
        };
        let last = format!("INC-{:04}", count - 1);
        assert_eq!(listed(0), (&*last, 2, Some("Two."), None));
        let oldest = format!("INC-{:04}", 2 * count - 500);
        assert_eq!(listed(499), (&*oldest, 1, Some("First"), Some("One.")));
    }
}

#[test]
fn of_many_action_items_the_first_of_each_urgency_are_listed() {
    let (mut one, _) = summaries(SMALLEST);
    let far = chrono::NaiveDate::from_ymd_opt(2030, 1, 1);
    let past = chrono::NaiveDate::from_ymd_opt(2020, 1, 1);
    let soon = Some(as_of());
    let kinds = [
        (Urgency::Overdue, past, Progress::Planned, 1_100, 1_000),
        (Urgency::Soon, soon, Progress::InProgress, 1_100, 1_000),
        (Urgency::Open, far, Progress::Planned, 1_001, 1_000),
        (Urgency::Closed, past, Progress::Done, 501, 500),
    ];
    let items = kinds.iter().flat_map(|(_, due, progress, count, _)| {
        (0..*count).map(|_| ActionSummary {
            id: "A",
            owner_lines: "",
            due: *due,
            progress: *progress,
            done_on: None,
        })
    });
    one[0].actions = items.collect();
    let items = Items::new(&[&one[0]], as_of());
    assert_eq!(items.rows().count(), 3_702);
    let listed = items.listed();
    for (urgency, .., count) in kinds {
        let rows = listed.iter().filter(|row| row.urgency == urgency);
        assert_eq!(rows.count(), count, "{urgency:?}");
    }
}
