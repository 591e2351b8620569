//! Refuses drafts that would tell customers something false.

use anyhow::bail;

use super::Arguments;
use crate::archive::Record;
use crate::facts::Facts;
use crate::incident::{Kind, Status};

/// Returns an error for a draft about an incident that was merged into another, unless its stage was asked for.
pub(super) fn merged(record: &Record, arguments: &Arguments) -> anyhow::Result<()> {
    if let (Some(into), None) = (&record.incident.merged_into, arguments.stage) {
        bail!(
            "`{id}` was merged into `{into}`, which the next messages are about; run `afterword comms {into}`, or choose a `--stage`",
            id = record.id
        );
    }
    Ok(())
}

/// Returns an error for a draft that says that maintenance is complete which nothing says has started, unless its stage was
/// asked for.
pub(super) fn cancelled(
    record: &Record,
    facts: &Facts,
    arguments: &Arguments,
) -> anyhow::Result<()> {
    let is_over = record.incident.kind == Kind::Maintenance && facts.status == Status::Closed;
    if is_over && facts.started.is_none() && arguments.stage.is_none() {
        bail!(
            "`{id}` is closed, but nothing says that it started; mark its start and end, or record your own words with `afterword comms {id} --record` if it was cancelled",
            id = record.id
        );
    }
    Ok(())
}
