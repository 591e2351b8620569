//! Self-healing runs, `self_healing/runs/*.json`: the action that was tried, and its result.

use super::alertmanager::short_digest;
use super::{Draft, Extra, Importer, Item, Markup, PLAIN, Reading, labelled};
use crate::incident::{HealingAction, HealingResult};
use crate::kind::{EventId, Line};
use crate::timeline::{EventKind, Mark};

/// Self-healing runs.
pub const IMPORTER: Importer = Importer {
    name: "Self-healing",
    prefix: "self-healing",
    shape: "`playbook` or `action` with `trigger` and `started_at`",
    recognizes: |item| {
        let is_named = item.text("playbook").is_some() || item.text("action").is_some();
        is_named
            && item.has("started_at")
            && (item.has_key("trigger") || (item.has_key("finished_at") && item.has_key("result")))
    },
    read,
    repeats_ids: true,
    ..PLAIN
};

fn read(item: Item, reading: &mut Reading) {
    let name = item.first(&["action", "playbook"]).unwrap_or_default();
    let id = item
        .word("id")
        .unwrap_or_else(|| id_without_one(item, name, reading));
    // The action names the event by the ID that the timeline has.
    let id = super::clean::redacted(&super::clean::shown(&id), &mut 0);
    let result = match item
        .text("result")
        .unwrap_or_default()
        .to_lowercase()
        .as_str()
    {
        "success" => Some((HealingResult::Success, "success")),
        "partial" => Some((HealingResult::Partial, "partial success")),
        "failed" | "failure" | "error" => Some((HealingResult::Failed, "failed")),
        "skipped" => Some((HealingResult::Skipped, "skipped")),
        "timeout" | "timed_out" | "timed out" => Some((HealingResult::Failed, "failed (timeout)")),
        _ => None,
    };
    let line = |text: &str| Line::new(super::clean::one_line(Markup::Plain(text.to_owned()))).ok();
    let started = format!("{id}:started");
    let path = reading.path.to_owned();
    let action = line(name).map(|name| Extra::Action {
        path,
        action: Box::new(HealingAction {
            name,
            event: EventId::new(format!("{}:{started}", IMPORTER.prefix)).ok(),
            result: result.map(|(result, _)| result),
            result_note: item.text("detail").and_then(line),
            playbook: item.text("playbook").and_then(line),
            ..HealingAction::default()
        }),
    });
    let url = item.text("log_url");
    let started_at = reading.time(item, &["started_at"]);
    reading.add(
        started_at,
        Markup::Plain(match result {
            Some((HealingResult::Skipped, _)) => format!("Self-healing skipped: {name}"),
            _ => format!("Self-healing attempted: {name}"),
        }),
        |at, text| {
            Draft::new(started, at, EventKind::Action, text)
                .by_system("Self-healing")
                .at_url(url)
                .with(action)
        },
    );
    if !item.has("finished_at") {
        return;
    }
    let stated = item.text("result").unwrap_or("unknown");
    let label = result.map_or(stated, |(_, label)| label);
    let text = labelled(
        &format!("Self-healing result: {label}"),
        item.text("detail"),
    );
    let is_success = matches!(result, Some((HealingResult::Success, _)));
    let kind = match result {
        Some((HealingResult::Success | HealingResult::Partial, _)) => EventKind::Mitigation,
        _ => EventKind::Note,
    };
    let at = reading.time(item, &["finished_at"]);
    if at
        .zip(started_at)
        .is_some_and(|(at, started)| at.at < started.at)
    {
        reading.note(format!(
            "the self-healing run `{id}` ends before it starts; its end is not imported"
        ));
        return;
    }
    reading.add(at, Markup::Plain(text), |at, text| {
        Draft::new(format!("{id}:finished"), at, kind, text)
            .by_system("Self-healing")
            .at_url(url)
            .marking_if(is_success, Mark::Mitigated, "the action succeeded")
    });
}

/// Returns the ID of a run that states none: the stem of a file such as `run-2026-03-02-142942.json`, which has one run,
/// else its action and its start, and what else distinguishes runs that start together.
fn id_without_one(item: Item, name: &str, reading: &Reading) -> String {
    let file = reading.path.rsplit('/').next().unwrap_or_default();
    let stem = file
        .strip_suffix(".json")
        .filter(|stem| stem.starts_with("run-") && reading.drafts.is_empty());
    let started = item.word("started_at").unwrap_or_default();
    let parameters = item
        .get("parameters")
        .map(|parameters| format!(":{}", short_digest(&parameters.0.to_string())));
    let own = format!("{name}:{started}{}", parameters.unwrap_or_default());
    stem.map_or(own, str::to_owned)
}
