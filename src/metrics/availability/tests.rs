use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::archive::tests::record;

/// Sums second by second: the slow computation that is obviously right.
fn slow(windows: &[Lost], from: i64, until: i64) -> i64 {
    (from..until)
        .map(|second| {
            let over = windows
                .iter()
                .filter(|one| one.from <= second && second < one.until);
            over.map(|one| i64::from(one.weight)).max().unwrap_or(0)
        })
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn overlaps_count_once_at_the_highest_weight(
        windows in prop::collection::vec((0_i64..60, 0_i64..40, 0_u8..=100), 0..8),
        (from, until) in (0_i64..40, 0_i64..80),
    ) {
        let windows: Vec<Lost> = windows
            .into_iter()
            .map(|(start, length, weight)| Lost { from: start, until: start + length, weight })
            .collect();
        prop_assert_eq!(lost(&windows, from, until), slow(&windows, from, until));
    }

    #[test]
    fn the_parts_of_a_period_add_up(
        windows in prop::collection::vec((0_i64..60, 0_i64..40, 0_u8..=100), 0..8),
        middle in 0_i64..100,
    ) {
        let windows: Vec<Lost> = windows
            .into_iter()
            .map(|(start, length, weight)| Lost { from: start, until: start + length, weight })
            .collect();
        let parts = lost(&windows, 0, middle) + lost(&windows, middle, 100);
        prop_assert_eq!(parts, lost(&windows, 0, 100));
    }
}

/// Returns the availability by period of incidents, each a file and a timeline, as `SERVICE PERIOD SHARE n LOST`.
fn found(settings: &str, incidents: &[(&str, &[&str])], every: Every, as_of: &str) -> Vec<String> {
    let config: Config = toml::from_str(settings).expect("settings");
    let records = incidents.iter().enumerate();
    let summaries: Vec<Summary> = records
        .map(|(index, (incident, timeline))| {
            let mut record = record(incident, timeline);
            record.id = format!("INC-{index}");
            Summary::from_record(&record, &config)
        })
        .collect();
    let shown: Vec<&Summary> = summaries.iter().collect();
    let all = availability(
        &shown,
        &config,
        every,
        as_of.parse().expect("a date"),
        Audience::Internal,
    );
    let lines = all.iter().flat_map(|one| {
        one.periods.iter().map(|period| {
            let share = period.share().expect("time has passed");
            let lost = period.lost / 100;
            format!(
                "{} {} {share} {} {lost}",
                one.service,
                period.span.name(),
                period.incidents
            )
        })
    });
    lines.collect()
}

const DOWN: &[&str] = &["10:00 = impact_started", "11:00 = impact_ended"];
const LATER: &[&str] = &["10:30 = impact_started", "11:30 = impact_ended"];

#[test]
fn the_incidents_that_count_are_those_of_the_metrics() {
    let january = |lost: i64| 1_000_000 * (31 * 86_400 - lost) / (31 * 86_400);
    let day = "2025-02-01";
    for (incidents, count, lost) in [
        (vec![("services = ['api']", DOWN)], 1, 3_600),
        (
            vec![("services = ['api']", DOWN), ("services = ['API']", LATER)],
            2,
            5_400,
        ),
        (
            vec![
                ("services = ['api']", DOWN),
                ("services = ['api']\nkind = 'maintenance'", LATER),
            ],
            1,
            3_600,
        ),
        (
            vec![
                ("services = ['api']", DOWN),
                ("services = ['api']\nkind = 'drill'", LATER),
            ],
            1,
            3_600,
        ),
        (
            vec![
                ("services = ['api']", DOWN),
                ("services = ['api']\nkind = 'near_miss'", LATER),
            ],
            1,
            3_600,
        ),
    ] {
        let expected = format!("api 2025-01 {} {count} {lost}", january(lost));
        let found = found("", &incidents, Every::Month, day);
        assert_eq!(
            found.first().map(|line| line.to_lowercase()),
            Some(expected),
            "{incidents:?}"
        );
    }
}

#[test]
fn a_degree_loses_its_weight_of_the_time() {
    let settings = "[availability.weights]\nminor = 25";
    let of = |level: &str| format!("services = ['api']\nimpact.level = '{level}'");
    for (level, lost) in [
        ("none", 0),
        ("minor", 900),
        ("moderate", 3_600),
        ("critical", 3_600),
    ] {
        let incident = of(level);
        let found = found(settings, &[(&incident, DOWN)], Every::Month, "2025-02-01");
        assert!(
            found[0].ends_with(&format!(" {lost}")),
            "{level}: {found:?}"
        );
    }
    let found = found("", &[(&of("minor"), DOWN)], Every::Month, "2025-02-01");
    assert!(
        found[0].ends_with(" 3600"),
        "every degree counts in full: {found:?}"
    );
}

#[test]
fn an_open_incident_counts_up_to_the_reference_date() {
    let open: &[&str] = &["2025-01-30 12:00 = impact_started"];
    let lines = found(
        "",
        &[("services = ['api']", open)],
        Every::Month,
        "2025-02-03",
    );
    assert_eq!(
        lines,
        ["api 2025-01 951612 1 129600", "api 2025-02 0 1 172800"]
    );
    let closed = "services = ['api']\nstatus = 'closed'";
    let lines = found("", &[(closed, open)], Every::Month, "2025-02-01");
    assert_eq!(
        lines,
        ["api 2025-01 1000000 0 0"],
        "its end is not recorded"
    );
}

#[test]
fn an_incident_over_the_end_of_a_quarter_counts_in_both() {
    let spans: &[&str] = &[
        "2025-03-31 23:00 = impact_started",
        "2025-04-01 01:00 = impact_ended",
    ];
    let lines = found(
        "",
        &[("services = ['api']", spans)],
        Every::Quarter,
        "2025-07-01",
    );
    let share = |days: i64| 1_000_000 * (days * 86_400 - 3_600) / (days * 86_400);
    let expected = [
        format!("api 2025-Q1 {} 1 3600", share(90)),
        format!("api 2025-Q2 {} 1 3600", share(91)),
    ];
    assert_eq!(lines, expected);
    // In this time zone, all of it is in April.
    let settings = "[site]\ntimezone = 'Europe/Berlin'";
    let lines = found(
        settings,
        &[("services = ['api']", spans)],
        Every::Quarter,
        "2025-07-01",
    );
    assert_eq!(lines, ["api 2025-Q2 999084 1 7200"]);
}

#[test]
fn the_windows_of_a_service_replace_those_of_the_incident() {
    let incident = "services = ['api', 'web']\n[[impact.services]]\nname = 'web'\nlevel = 'minor'\n\
                    from = 2025-01-14T10:15:00Z\nuntil = 2025-01-14T10:20:00Z\n[[impact.services]]\nname = 'web'\n\
                    from = 2025-01-14T10:18:00Z\n";
    let lines = found("", &[(incident, DOWN)], Every::Month, "2025-02-01");
    assert_eq!(lines, ["web 2025-01 998991 1 2700"]);
}

#[test]
fn a_day_counts_to_its_end_and_the_time_before_a_reopening_does_not() {
    let cases = [
        (
            "times = { started = '2026-06-01', ended = '2026-06-01' }",
            vec![],
            24,
        ),
        (
            "times = { started = '2026-06-01..2026-06-02', ended = '2026-06-02..2026-06-03' }",
            vec![],
            72,
        ),
        (
            "",
            vec![
                "date 2026-06-10",
                "10:00 = started",
                "11:00 = resolved ended",
                "13:00 = reopened",
                "15:00 = ended",
            ],
            3,
        ),
    ];
    for (zone, (times, timeline, expected)) in ["UTC", "Pacific/Auckland"]
        .into_iter()
        .flat_map(|zone| cases.iter().map(move |case| (zone, case)))
    {
        let mut config = Config::default();
        config.site.timezone = zone.parse().ok();
        let record = record(&format!("services = ['Api']\n{times}"), timeline);
        let summary = Summary::from_record(&record, &config);
        let day = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
        let found = availability(
            &[&summary],
            &config,
            Every::Quarter,
            day,
            Audience::Internal,
        );
        assert_eq!(
            found[0].periods[0].lost,
            expected * 360_000,
            "{zone} {times} {timeline:?}"
        );
    }
}
