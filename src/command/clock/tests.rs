use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn reading(now: &str, recorded: Option<(&str, &str)>) -> Reading<'static> {
    Reading {
        option: "--at ",
        zone: Zone::default(),
        now: at(now),
        recorded: recorded.map(|(from, to)| (at(from), at(to))),
    }
}

fn meant(typed: &str, now: &str, recorded: Option<(&str, &str)>) -> String {
    match reading(now, recorded).moment(typed) {
        Ok(moment) => moment.in_full(Zone::default()),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_time_of_day_is_on_the_only_day_near_the_incident() {
    let night = "2026-11-29T00:30:00Z";
    let open = Some(("2026-11-28T23:50:00Z", night));
    let week_ago = Some(("2026-11-22T14:00:00Z", "2026-11-22T15:00:00Z"));
    let cases = [
        ("00:10", night, open, "2026-11-29 00:10 UTC"),
        ("23:58", night, open, "2026-11-28 23:58 UTC"),
        // Up to half a day before the first event.
        ("23:40", night, open, "2026-11-28 23:40 UTC"),
        ("0:10", night, None, "2026-11-29 00:10 UTC"),
        ("14:30", night, week_ago, "2026-11-22 14:30 UTC"),
        ("~00:10", night, week_ago, "~2026-11-23 00:10 UTC"),
        ("2026-11-01 10:00", night, week_ago, "2026-11-01 10:00 UTC"),
        ("2026-11-29", night, open, "2026-11-29"),
    ];
    for (typed, now, recorded, expected) in cases {
        assert_eq!(
            meant(typed, now, recorded),
            expected,
            "{typed} {recorded:?}"
        );
    }
}

#[test]
fn a_time_in_the_future_is_rejected_with_a_suggestion() {
    let now = "2026-11-29T17:59:00Z";
    let today = Some(("2026-11-29T17:00:00Z", now));
    let days = Some(("2026-11-26T17:00:00Z", now));
    let cases = [
        (
            "23:59",
            None,
            "`23:59` is 6 hours in the future; for yesterday, use `--at \"2026-11-28 23:59\"`",
        ),
        (
            "~23:59",
            today,
            "`~23:59` is 6 hours in the future; for yesterday, use `--at \"~2026-11-28 23:59\"`",
        ),
        // Near the start this morning, but in the future all the same.
        (
            "23:59",
            Some(("2026-11-29T10:00:00Z", now)),
            "`23:59` is 6 hours in the future; for yesterday, use `--at \"2026-11-28 23:59\"`",
        ),
        // Any of three days.
        (
            "18:30",
            days,
            "`18:30` is 31 minutes in the future; for yesterday, use `--at \"2026-11-28 18:30\"`",
        ),
        (
            "2026-12-01 17:59",
            None,
            "`2026-12-01 17:59` is 2 days in the future; use a time in the past",
        ),
    ];
    for (typed, recorded, expected) in cases {
        assert_eq!(meant(typed, now, recorded), expected, "{typed}");
    }
    assert_eq!(meant("18:00", now, today), "2026-11-29 18:00 UTC");
}

#[test]
fn near_midnight_the_date_is_that_of_the_time_zone_of_the_incident() {
    let auckland: Zone = "Pacific/Auckland".parse().expect("a zone");
    let read = |typed: &str, now: &str, from: &str| {
        let reading = Reading {
            zone: auckland,
            ..reading(now, Some((from, now)))
        };
        match reading.moment(typed) {
            Ok(moment) => moment.in_full(auckland),
            Err(error) => error.to_string(),
        }
    };
    let cases = [
        // 00:20 on the 30th in Auckland, of an incident that started five minutes after midnight.
        ("00:10", "11:20", "11:05", "2026-11-30 00:10 NZDT"),
        (
            "23:58",
            "11:20",
            "11:05",
            "`23:58` is 23 hours 38 minutes in the future; for yesterday, use `--at \"2026-11-29 23:58\"`",
        ),
        // The same time, of an incident that started five minutes before midnight.
        ("23:58", "11:20", "10:55", "2026-11-29 23:58 NZDT"),
        // 23:50 on the 29th in Auckland.
        (
            "23:59",
            "10:50",
            "10:00",
            "`23:59` is 9 minutes in the future; for yesterday, use `--at \"2026-11-28 23:59\"`",
        ),
    ];
    for (typed, now, from, expected) in cases {
        let (now, from) = (
            format!("2026-11-29T{now}:00Z"),
            format!("2026-11-29T{from}:00Z"),
        );
        assert_eq!(read(typed, &now, &from), expected, "{typed} at {now}");
    }
}

#[test]
fn a_time_that_may_be_on_two_days_is_rejected() {
    let recorded = Some(("2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z"));
    assert_eq!(
        meant("10:00", "2026-11-29T17:59:00Z", recorded),
        "`10:00` may be on 2026-11-20 or 2026-11-21; add the date, such as `--at \"2026-11-21 10:00\"`"
    );
}

#[test]
fn a_note_names_the_date_of_a_time_of_day() {
    let now = "2026-11-29T00:30:00Z";
    let cases = [
        ("00:10", "2026-11-29T00:10:00Z", None),
        ("2026-11-28 23:58", "2026-11-28T23:58:00Z", None),
        (
            "23:58",
            "2026-11-28T23:58:00Z",
            Some("note: `23:58` is on 2026-11-28, the only date near the incident"),
        ),
        (
            "00:10",
            "2026-11-28T00:10:00Z",
            Some(
                "note: `00:10` is on 2026-11-28, the only date near the incident; for today, use `--at \"2026-11-29 00:10\"`",
            ),
        ),
    ];
    for (typed, moment, expected) in cases {
        let note = reading(now, None).note(typed, &exactly(at(moment)));
        assert_eq!(note.as_deref(), expected, "{typed} at {moment}");
    }
}

#[test]
fn the_next_day_is_suggested_only_if_it_fits() {
    let suggested = |now: &str, start: &str| {
        let moment = exactly(at("2026-11-28T00:20:00Z"));
        reading(now, None).next_day("00:20", &moment, at(start))
    };
    let start = "2026-11-28T23:50:00Z";
    assert_eq!(
        suggested("2026-11-29T00:30:00Z", start).as_deref(),
        Some("`--at \"2026-11-29 00:20\"`")
    );
    assert_eq!(
        suggested("2026-11-29T00:10:00Z", start),
        None,
        "in the future"
    );
    assert_eq!(
        suggested("2026-11-29T00:30:00Z", "2026-11-29T00:25:00Z"),
        None,
        "before the start"
    );
}

#[test]
fn a_time_may_have_a_zone_or_another_format_with_one_meaning() {
    let now = "2026-11-29T17:59:00Z";
    let cases = [
        ("09:12 UTC", "2026-11-29 09:12 UTC"),
        ("09:12Z", "2026-11-29 09:12 UTC"),
        ("9:12 (CET)", "2026-11-29 08:12 UTC"),
        ("9:12 UTC+1", "2026-11-29 08:12 UTC"),
        ("2026-11-28 09:12 UTC", "2026-11-28 09:12 UTC"),
        ("yesterday 9:12 CET", "2026-11-28 08:12 UTC"),
        ("6am", "2026-11-29 06:00 UTC"),
        ("~6 am UTC", "~2026-11-29 06:00 UTC"),
        ("0912", "2026-11-29 09:12 UTC"),
        ("9.12", "2026-11-29 09:12 UTC"),
        ("28.11.2026 09:12", "2026-11-28 09:12 UTC"),
        (
            "23:59 UTC",
            "`23:59 UTC` is 6 hours in the future; for yesterday, use `--at \"2026-11-28 23:59 UTC\"`",
        ),
    ];
    for (typed, expected) in cases {
        assert_eq!(meant(typed, now, None), expected, "{typed}");
    }
    for (typed, reason) in [
        (
            "03/04/2026 10:00",
            "`03/04/2026 10:00` may be 2026-03-04 10:00 or 2026-04-03 10:00; write ",
        ),
        ("09:12-10:00", "has a UTC offset but no date"),
        ("09:12 XYT", "the time zone `XYT` is not known here"),
        ("noonish", "is not a time"),
    ] {
        let found = meant(typed, now, None);
        assert!(found.contains(reason), "{typed}: {found}");
    }
    // As the tool prints the first of two readings.
    let berlin = Reading {
        zone: "Europe/Berlin".parse().expect("a zone"),
        ..reading("2026-10-25T09:00:00Z", None)
    };
    let first = berlin.moment("02:30 CEST").expect("a time");
    assert_eq!(first.at, at("2026-10-25T00:30:00Z"));
    assert!(berlin.needs_zone("02:30") && !berlin.needs_zone("02:30 CEST"));
    assert!(!berlin.needs_zone("-5m"));
}

#[test]
fn an_ambiguous_local_time_is_rejected() {
    let reading = Reading {
        zone: "Europe/Berlin".parse().expect("a zone"),
        ..reading("2026-10-25T09:00:00Z", None)
    };
    let error = reading.moment("02:30").expect_err("it is ambiguous");
    assert!(
        error.to_string().contains("is ambiguous in Europe/Berlin"),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains("use `--at 2026-10-25T02:30+02:00` or `--at 2026-10-25T02:30+01:00`"),
        "{error}"
    );
    for (typed, advice) in [
        (
            "~02:30",
            "use `--at ~2026-10-25T02:30+02:00` or `--at ~2026-10-25T02:30+01:00`",
        ),
        (
            "02:10..02:30",
            "write both times of the range with the date and the UTC offset",
        ),
    ] {
        let error = reading
            .moment(typed)
            .expect_err("it is ambiguous")
            .to_string();
        assert!(error.contains(advice), "{error}");
    }
    let reading = Reading {
        now: at("2026-03-29T09:00:00Z"),
        ..reading
    };
    let error = reading
        .moment("02:30")
        .expect_err("it does not exist")
        .to_string();
    assert!(error.contains("does not exist in Europe/Berlin"), "{error}");
}

#[test]
fn a_time_is_typed_as_people_say_it() {
    let now = "2026-11-21T20:42:08Z";
    let cases = [
        ("noon", "2026-11-21 12:00 UTC"),
        ("midnight", "2026-11-21 00:00 UTC"),
        ("6pm", "2026-11-21 18:00 UTC"),
        ("yesterday 6pm", "2026-11-20 18:00 UTC"),
        ("today 0912", "2026-11-21 09:12 UTC"),
        ("yesterday noon CET", "2026-11-20 11:00 UTC"),
        ("9:5", "`9:5` may be `9:05` or `9:50`; write two digits"),
        (
            "yesterday 9:5",
            "`yesterday 9:5` may be `yesterday 9:05` or `yesterday 9:50`; write two digits",
        ),
        (
            "9:12:3",
            "`9:12:3` may be `9:12:03` or `9:12:30`; write two digits",
        ),
        (
            "9:12 BST",
            "the time zone `BST` is not known here; use a UTC offset, as in `09:12+01:00`",
        ),
        ("9:12 am", "2026-11-21 09:12 UTC"),
    ];
    for (typed, expected) in cases {
        assert_eq!(meant(typed, now, None), expected, "{typed}");
    }
    assert!(meant("9:12 or so", now, None).contains("is not a time; write `14:23`"));
}
