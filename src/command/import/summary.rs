//! Describes what an import of timelines changes, leaves out and does not change.

use std::collections::BTreeMap;

use crate::diagnostic::visible_line;
use crate::facts::counted;
use crate::import::source::merge::{MOST_PAIRS, Placed, Plan};
use crate::moment::Zone;

/// Describes a plan, in the parts that have something to say.
pub fn describe(plan: &Plan, zone: Zone, is_update: bool) -> String {
    let event = |placed: &Placed| {
        let text = visible_line(&placed.event.text);
        format!("{}  {text}", placed.at.in_full(zone))
    };
    let indexed = |index: usize| plan.placed.get(index).map(event).unwrap_or_default();
    let marks = |is_set: bool, is_refused: bool| {
        let found = plan
            .proposals
            .iter()
            .filter(move |proposal| proposal.is_set == is_set && proposal.is_refused == is_refused);
        found.map(|proposal| {
            let mark = proposal.mark.as_str();
            format!(
                "{mark:17} {} ({})",
                indexed(proposal.index),
                proposal.reason
            )
        })
    };
    let pairs = plan
        .pairs
        .iter()
        .flat_map(|(first, second)| [visible_line(first), visible_line(second)]);
    let more = if plan.pairs.len() < MOST_PAIRS {
        String::new()
    } else {
        format!(", the first {MOST_PAIRS} pairs")
    };
    let differences = plan
        .differences
        .iter()
        .map(|difference| format!("{}  {}", difference.field, indexed(difference.index)));
    let differing = if is_update {
        "changed as in the export"
    } else {
        "differs from the export; take it over with `--update`, or list the field in `edited` to keep it for good"
    };
    let gone = plan.gone.iter().map(|id| visible_line(id));
    let left_out = plan
        .left_out
        .iter()
        .map(|((importer, reason), count)| format!("{count:5}  {importer}: {reason}"));
    let removed = (plan.removed > 0).then(|| {
        format!(
            "{} (addresses, phone numbers, secrets)",
            counted(plan.removed, "private value")
        )
    });
    [
        added(plan, &event),
        part("marks", marks(true, false)),
        part(
            "proposed marks; set them with `--marks`",
            marks(false, false),
        ),
        part(
            "marks not set: each would put an end before its start",
            marks(false, true),
        ),
        part(
            &format!(
                "possibly the same moment{more}; to print only one, hide the other with `\"hidden\": true`"
            ),
            pairs,
        ),
        part(differing, differences),
        part(
            "not in the export, but kept: deleted there, or exported elsewhere",
            gone,
        ),
        part("left out", left_out),
        part("removed", removed.into_iter()),
        table(plan),
    ]
    .concat()
}

/// Returns a heading with its lines; nothing if there are none.
fn part(heading: &str, lines: impl Iterator<Item = impl AsRef<str>>) -> String {
    let lines: Vec<String> = lines.map(|line| format!("  {}\n", line.as_ref())).collect();
    if lines.is_empty() {
        return String::new();
    }
    format!("{heading}\n{}", lines.concat())
}

/// Lists the new events; those of several incidents each below the name of its own.
fn added(plan: &Plan, event: &impl Fn(&Placed) -> String) -> String {
    let mut out = String::new();
    let mut groups: BTreeMap<&Option<String>, Vec<&Placed>> = BTreeMap::new();
    for placed in &plan.placed {
        groups.entry(&placed.group).or_default().push(placed);
    }
    for (group, all) in &groups {
        let mut new = all
            .iter()
            .filter(|placed| placed.existing.is_none())
            .peekable();
        if groups.len() > 1 && new.peek().is_some() {
            let name = visible_line(group.as_deref().unwrap_or("others"));
            out.push_str(&format!("{name} ({})\n", counted(all.len(), "event")));
        }
        out.extend(new.map(|placed| format!("+ {}\n", event(placed))));
    }
    out
}

/// Returns the counts of each source.
fn table(plan: &Plan) -> String {
    let mut out = format!(
        "{:15} {:>6} {:>6} {:>8} {:>9} {:>10}\n",
        "source", "events", "new", "present", "left out", "not placed"
    );
    for (importer, count) in &plan.counts {
        let left_out = plan
            .left_out
            .iter()
            .filter(|((name, _), _)| name == importer);
        let left_out: usize = left_out.map(|(_, count)| count).sum();
        out.push_str(&format!(
            "{importer:15} {:>6} {:>6} {:>8} {left_out:>9} {:>10}\n",
            count.found, count.new, count.present, count.unplaced
        ));
    }
    out
}
