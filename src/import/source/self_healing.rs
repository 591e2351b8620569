//! Self-healing runs, `self_healing/runs/*.json`: the action that was tried, and its result.

use super::{Draft, Extra, Importer, Item, Markup, Reading, all, labelled};
use crate::incident::{HealingAction, HealingResult};
use crate::kind::{EventId, Line};
use crate::timeline::{EventKind, Mark};

/// Self-healing runs.
pub const IMPORTER: Importer = Importer {
    name: "Self-healing",
    prefix: "self-healing",
    shape: "`playbook` or `action` with `started_at` and `result`",
    recognizes: |item| {
        let is_named = item.text("playbook").is_some() || item.text("action").is_some();
        is_named
            && item.has("started_at")
            && item.has_key("result")
            && (item.has_key("trigger") || item.has_key("finished_at"))
    },
    read,
    collapse: all,
};

fn read(item: Item, reading: &mut Reading) {
    let name = item.first(&["action", "playbook"]).unwrap_or_default();
    let id = item
        .word("id")
        .unwrap_or_else(|| format!("{name}:{}", item.word("started_at").unwrap_or_default()));
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
    let at = reading.time(item, &["started_at"]);
    reading.add(
        at,
        Markup::Plain(format!("Self-healing attempted: {name}")),
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
    let label = result.map_or("unknown", |(_, label)| label);
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
    reading.add(at, Markup::Plain(text), |at, text| {
        let draft = Draft::new(format!("{id}:finished"), at, kind, text)
            .by_system("Self-healing")
            .at_url(url);
        if is_success {
            draft.marking(Mark::Mitigated, "the action succeeded")
        } else {
            draft
        }
    });
}
