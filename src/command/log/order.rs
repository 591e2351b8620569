//! Refuses a change after which a duration would be negative.

use anyhow::bail;

use super::super::change::Change;
use crate::archive::Record;
use crate::config::Config;
use crate::facts::{EndpointSource, Fact, Facts, State};
use crate::timeline::Mark;

/// Checks that a change makes no duration negative.
///
/// `typed` is the time of the event on the command line, and `moved` the mark that it moves.
///
/// # Errors
/// Returns an error that describes which mark would precede which, with the time that was probably meant.
pub(super) fn check_order(
    change: &Change,
    typed: Option<&str>,
    moved: Option<Mark>,
) -> anyhow::Result<()> {
    let before = change.record();
    let Some(after) = change.after()? else {
        return Ok(());
    };
    let Some(fact) = reversed(before, &after, change.config()) else {
        return Ok(());
    };
    let (Some(from), Some(to)) = (fact.from, fact.to) else {
        bail!("{} would end before it starts", fact.label.to_lowercase());
    };
    let name = |source: EndpointSource| match source {
        EndpointSource::Mark(mark) => format!("`{}`", mark.as_str()),
        EndpointSource::Message(_) => "the first message".to_owned(),
    };
    // Only a mark that is recorded already can be moved.
    let recorded = [from.source, to.source].into_iter().find_map(|source| {
        let EndpointSource::Mark(mark) = source else {
            return None;
        };
        let is_other = before.is_marked(mark) && Some(mark) != moved;
        is_other.then(|| mark.as_str())
    });
    let zone = change.shown_zone();
    let reading = change.reading();
    let next = typed.and_then(|typed| reading.next_day(typed, &to.moment, from.moment.at));
    let advice = match (next, recorded) {
        (Some(next), _) => format!("; for the next day, use {next}"),
        (None, Some(mark)) => format!(
            "; to move `{mark}`, use `afterword log {} --move {mark} --at TIME`",
            before.id
        ),
        (None, None) => String::new(),
    };
    bail!(
        "{} at {} is before {} at {}{advice}",
        name(to.source),
        to.moment.in_full(zone),
        name(from.source),
        from.moment.in_full(zone)
    )
}

/// Finds a duration that is negative after a change, and was not before.
fn reversed(before: &Record, after: &Record, config: &Config) -> Option<Fact> {
    let invalid = |record: &Record| {
        let facts = Facts::compute(record, config).response_metrics.into_iter();
        // An acknowledgment before the page is a warning of its own.
        facts.filter(|fact| fact.state == State::Invalid && fact.key != "page_to_acknowledge")
    };
    let known: Vec<_> = invalid(before).map(|fact| fact.key).collect();
    invalid(after).find(|fact| !known.contains(&fact.key))
}
