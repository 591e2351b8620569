//! Maintenance whose `[times]` are those of the plan.

use super::*;

const PLAN: &str = "kind = 'maintenance'\ntimes = { started = 2025-01-14T14:00:00Z, ended = 2025-01-14T15:00:00Z }";

#[test]
fn the_planned_times_of_a_maintenance_are_not_its_real_ones() {
    let times = |timeline: &[&str]| {
        let facts = facts(PLAN, timeline);
        let time = |at: Moment| at.at.format("%H:%M").to_string();
        let end = |end: Option<Endpoint>| end.map_or_else(String::new, |end| time(end.moment));
        let bound = |at: Option<Bound>| at.map_or_else(String::new, |at| time(at.moment));
        let scheduled = facts.scheduled;
        [
            end(facts.started),
            end(facts.ended),
            bound(scheduled.from),
            bound(scheduled.until),
        ]
        .join(" ")
    };
    for (timeline, expect) in [
        (&[][..], "14:00 15:00 14:00 15:00"),
        (&["14:02 = declared"], "  14:00 15:00"),
        (&["14:02 = impact_started"], "14:02  14:00 15:00"),
        (
            &["14:02 = impact_started", "14:40 = resolved"],
            "14:02 14:40 14:00 15:00",
        ),
        (
            &["14:02 = started", "15:20 = ended"],
            "14:02 15:20 14:00 15:00",
        ),
        // An end that something recorded later confirms is real.
        (
            &["14:02 = impact_started", "15:01 = resolved"],
            "14:00 15:00  ",
        ),
    ] {
        assert_eq!(times(timeline), expect, "{timeline:?}");
    }
}

#[test]
fn a_planned_end_closes_no_maintenance() {
    for (timeline, status) in [
        (&["14:02 = impact_started"][..], Status::Investigating),
        (&["14:02 = declared"], Status::Investigating),
        (
            &["14:02 = impact_started", "14:40 = resolved"],
            Status::Resolved,
        ),
        (
            &["14:02 = impact_started", "15:01 = resolved"],
            Status::Closed,
        ),
        (&["14:02 = started", "14:40 = ended"], Status::Closed),
    ] {
        assert_eq!(facts(PLAN, timeline).status, status, "{timeline:?}");
    }
}
