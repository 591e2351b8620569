//! Refuses drafts that would tell customers something false.

use anyhow::bail;

use super::Arguments;
use crate::archive::Record;
use crate::facts::Facts;
use crate::view::label;

/// Returns an error if a draft would be false.
pub(super) fn false_draft(
    record: &Record,
    facts: &Facts,
    arguments: &Arguments,
) -> anyhow::Result<()> {
    merged(record, arguments)?;
    cancelled(record, facts, arguments)?;
    unusual(record, arguments)
}

/// Returns an error for a draft about an incident that was merged into another, unless its stage was asked for.
fn merged(record: &Record, arguments: &Arguments) -> anyhow::Result<()> {
    if let (Some(into), None) = (&record.incident.merged_into, arguments.stage) {
        bail!(
            "`{id}` was merged into `{into}`, which the next messages are about; run `afterword comms {into}`, or choose a `--stage`",
            id = record.id
        );
    }
    Ok(())
}

/// Returns an error for a draft about maintenance that was cancelled, which would say that it is complete, unless its stage
/// was asked for.
fn cancelled(record: &Record, facts: &Facts, arguments: &Arguments) -> anyhow::Result<()> {
    if facts.is_cancelled && arguments.stage.is_none() {
        bail!(
            "`{id}` is closed, but nothing says that it started; mark its start and end, or record your own words with `afterword comms {id} --record` if it was cancelled",
            id = record.id
        );
    }
    Ok(())
}

/// Returns an error for a draft that apologizes for a drill, say, which disrupted nothing, unless its stage was asked for.
fn unusual(record: &Record, arguments: &Arguments) -> anyhow::Result<()> {
    if let (Some(kind), None) = (label::unusual(record.incident.kind), arguments.stage) {
        bail!(
            "the kind of `{id}` is {kind}, and drafts are about incidents and maintenance; record your own words with `afterword comms {id} --record`, or choose a `--stage`",
            id = record.id,
            kind = kind.to_lowercase()
        );
    }
    Ok(())
}
