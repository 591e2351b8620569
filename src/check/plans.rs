//! Checks of incidents that go on in another one, and of planned maintenance.

use super::partial::{AS_OF, DURATIONS, EVERYTHING, KIND, MARKS, Parts, STATUS, ZONE};
use super::{ArchiveCase, Case, Check, Finding, Findings, Run};
use crate::diagnostic::Level;
use crate::incident::Status;
use crate::moment::Moment;
use crate::source::Path;

/// The input that decides whether maintenance is past its planned end.
const SCHEDULED_END: &[Parts] = &[
    MARKS,
    STATUS,
    DURATIONS,
    KIND,
    ZONE,
    &["incident.schedule"],
    AS_OF,
];

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "merged-into-restricted",
        level: Level::Warning,
        traits: &[],
        summary: "an incident was merged into one that its readers cannot see",
        why: "They read that it was merged, and nothing of how it went on or ended.",
        example: "A `public` incident that is merged into an `internal` one: classify that one as `public` too, with its own `[public]` text.",
        reads: EVERYTHING,
        run: Run::Archive(merged_into_restricted),
    },
    Check {
        code: "maintenance-not-started",
        level: Level::Warning,
        traits: &[],
        summary: "maintenance is past its planned end, and nothing says that it started",
        why: "The site would announce work whose time has passed.",
        example: "If it took place, mark its start and its end; if it was moved, change `[schedule]`; if it was cancelled, set `status = \"closed\"`.",
        reads: SCHEDULED_END,
        run: Run::Incident(maintenance_not_started),
    },
    Check {
        code: "maintenance-overrun",
        level: Level::Warning,
        traits: &[],
        summary: "maintenance is in progress after the day of its planned end",
        why: "Customers expect that it is over, and the site would show it as in progress forever.",
        example: "If it is done, mark its end; if it takes longer, change `until` in `[schedule]`, and tell your customers.",
        reads: SCHEDULED_END,
        run: Run::Incident(maintenance_overrun),
    },
];

fn merged_into_restricted(archive: &ArchiveCase, findings: &mut Findings) {
    let audience = |id: &str| {
        let mut members = archive.members.iter();
        let target = members.find(|member| member.neighbor.id == id);
        target.map(|target| target.neighbor.audience)
    };
    for member in archive.members {
        let readers = member.neighbor.audience;
        for (path, id) in &member.refs.merged_into {
            let Some(target) = audience(id).filter(|target| !readers.may_read(*target)) else {
                continue;
            };
            findings.add(
                Finding::new(format!(
                    "`{}` is {}, but the incident that it was merged into is {}",
                    member.neighbor.id,
                    readers.as_str(),
                    target.as_str()
                ))
                .at(member.file(), path.clone(), "")
                .help(format!(
                    "classify both as `{}`, or both as `{}`",
                    target.as_str(),
                    readers.as_str()
                )),
            );
        }
    }
}

fn maintenance_not_started(case: &Case, findings: &mut Findings) {
    let facts = case.facts;
    let end = facts.ended.or(facts.started).map(|end| end.moment.last());
    let Some(end) = end.filter(|_| facts.status == Status::Planned) else {
        return;
    };
    // The reference date is one in UTC.
    if !case.as_of.is_after(end.last_day()) {
        return;
    }
    let path = plan_path(case);
    let zone = case.record.zone(case.config);
    findings.add(
        Finding::new(format!(
            "the maintenance was planned {} {}, and nothing says that it started",
            if facts.ended.is_some() { "until" } else { "for" },
            end.in_full(zone)
        ))
        .at(case.file(), path, "")
        .help(format!(
            "run `afterword log {} TEXT --mark started --at TIME`, change the plan, or set `status = \"closed\"`",
            case.record.id
        )),
    );
}

fn maintenance_overrun(case: &Case, findings: &mut Findings) {
    let facts = case.facts;
    let is_running = facts.status.is_going_on();
    let planned = facts.scheduled;
    let until = planned.until.map(|until| until.moment.last());
    // `end-before-start` reports a plan that ends before it starts.
    let from = planned.from.map(|from| from.moment.order());
    let is_past = |until: &Moment| {
        case.as_of.is_after(until.last_day()) && from.is_none_or(|from| from <= until.order())
    };
    let Some(until) = until.filter(|until| is_running && is_past(until)) else {
        return;
    };
    findings.add(
        Finding::new(format!(
            "the maintenance was planned until {}, and nothing says that it ended",
            until.in_full(case.record.zone(case.config))
        ))
        .at(case.file(), plan_path(case), "")
        .help(format!(
            "run `afterword log {} TEXT --mark ended --at TIME`, or change the plan",
            case.record.id
        )),
    );
}

/// Returns the key path of the planned end, or of the planned start if there is no end.
fn plan_path(case: &Case) -> Path {
    let incident = &case.record.incident;
    match (&incident.schedule.until, &incident.schedule.from) {
        (Some(_), _) => Path::new().key("schedule").key("until"),
        (None, Some(_)) => Path::new().key("schedule").key("from"),
        (None, None) if incident.times.ended.is_some() => Path::new().key("times").key("ended"),
        (None, None) => Path::new().key("times").key("started"),
    }
}
