//! Reads the times of day at the start of entries.

use super::super::calendar::calendar_day;
use super::super::zone;
use crate::moment::TimeOfDay;
use crate::token::{ClockStyle, ClockTime, has_day_half, strip_phrase};

/// Reads the time of day at the start of a text: `14:23`, `14:23:47`, `2:23 PM`, `14h23`, `1423 UTC`.
///
/// `dated` says that a date is before it, so that four digits are a time.
pub(super) fn time_of_day(text: &str, dated: bool) -> Option<(TimeOfDay, &str)> {
    let found = ClockTime::read(text, ClockStyle::Report)?;
    let (typed, rest) = text.split_at_checked(found.end)?;
    let is_number = typed.len() == 4 && typed.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = !is_number || dated || zone::leading(rest).is_some();
    // Midnight is between two days.
    let is_clear = is_time && strip_phrase(typed, "midnight").is_none();
    let (at, seconds) = (found.at, found.has_seconds);
    is_clear.then_some((TimeOfDay { at, seconds }, rest))
}

/// Returns `true` if the time at the start of an entry says which half of the day it is in: `2:10 PM`.
pub(in super::super) fn says_day_half(line: &str) -> bool {
    let bare = line.trim_start_matches(['*', '_', '`', '[', ' ']);
    let time = calendar_day(bare).map_or(bare, |(_, rest)| rest.trim_start_matches([',', ' ']));
    has_day_half(time.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.')))
}
