//! Argo CD: the history and the last operation of an application.

use std::collections::BTreeMap;

use super::{Draft, Extra, Importer, Item, Markup, PLAIN, Reading};
use crate::timeline::EventKind;

/// Argo CD.
pub const IMPORTER: Importer = Importer {
    name: "Argo CD",
    prefix: "argocd",
    shape: "`status.history` with `deployedAt`, or `status.operationState`",
    recognizes: |item| {
        item.list("status.history")
            .any(|entry| entry.has("deployedAt"))
            || (item.has("status.operationState.phase") && item.has("metadata.name"))
    },
    read,
    collapse,
    ..PLAIN
};

fn read(item: Item, reading: &mut Reading) {
    let app = item.text("metadata.name").unwrap_or("application");
    let uid = item.word("metadata.uid").unwrap_or_else(|| app.to_owned());
    for entry in item.list("status.history") {
        let revision = revision(entry);
        let who = entry.text("initiatedBy.username");
        let at = reading.time(entry, &["deployedAt", "deployStartedAt"]);
        let id = format!(
            "{uid}:{}",
            entry
                .word("id")
                .or_else(|| entry.word("deployedAt"))
                .unwrap_or_default()
        );
        let extra = (revision != UNKNOWN).then(|| Extra::Deployment {
            version: revision.clone(),
            target: Some(app.to_owned()),
            method: "Argo CD",
            is_rollback: false,
        });
        reading.add(
            at,
            Markup::Plain(format!("Deployed {app} at {revision}")),
            |at, text| {
                Draft::new(id, at, EventKind::Deploy, text)
                    .by_or_system(who, "Argo CD")
                    .in_group(Some(app.to_owned()))
                    .with(extra)
            },
        );
    }
    let Some(operation) = item.get("status.operationState") else {
        return;
    };
    let phase = operation.text("phase").unwrap_or_default();
    // A successful sync is the last entry of the history.
    if !matches!(phase, "Failed" | "Error") {
        return;
    }
    let synced = ["syncResult", "operation.sync"].map(|path| operation.get(path));
    let synced = synced.into_iter().flatten().next().unwrap_or(operation);
    let revision = revision(synced);
    let text = super::labelled(
        &format!("Sync of {app} to {revision} failed"),
        operation.text("message"),
    );
    let at = reading.time(operation, &["finishedAt", "startedAt"]);
    let id = format!(
        "{uid}:{}:{phase}",
        operation.word("startedAt").unwrap_or_default()
    );
    reading.add(at, Markup::Plain(text), |at, text| {
        let who = operation.text("operation.initiatedBy.username");
        Draft::new(id, at, EventKind::Deploy, text)
            .by_or_system(who, "Argo CD")
            .in_group(Some(app.to_owned()))
    });
}

/// The revision of an entry that states none.
const UNKNOWN: &str = "an unknown revision";

/// Returns the revision that is deployed, or those of several sources.
fn revision(item: Item) -> String {
    let named = item
        .list("revisions")
        .filter_map(|revision| revision.0.as_str());
    let targets = item
        .list("sources")
        .filter_map(|source| source.text("targetRevision"));
    let join = |found: Vec<&str>| {
        let found: Vec<String> = found
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(shortened)
            .collect();
        (!found.is_empty()).then(|| found.join(", "))
    };
    item.text("revision")
        .map(shortened)
        .or_else(|| join(named.collect()))
        .or_else(|| item.text("source.targetRevision").map(shortened))
        .or_else(|| join(targets.collect()))
        .unwrap_or_else(|| UNKNOWN.to_owned())
}

/// Shortens a commit; a chart's version stays.
fn shortened(text: &str) -> String {
    let is_commit = text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.chars()
        .take(if is_commit { 7 } else { usize::MAX })
        .collect()
}

/// Leaves out the entries that deploy the revision of the entry before, as self-heal does.
fn collapse(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut deployed: BTreeMap<Option<String>, String> = BTreeMap::new();
    let mut kept = Vec::new();
    for draft in drafts {
        let mut repeats = false;
        if let Some(Extra::Deployment { version, .. }) = &draft.extra {
            let last = deployed.insert(draft.group.clone(), version.clone());
            repeats = last.as_ref() == Some(version);
        }
        kept.push(draft.left_out_if(repeats, "syncs of the revision that was deployed already"));
    }
    kept
}
