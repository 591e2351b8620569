//! Marks that contradict each other: an error in one file, and a warning if an entry has one of them.
//!
//! Two clones may record marks that contradict each other only once they are merged. That must not stop a build.

use super::{Case, Trait, has_trait};
use crate::archive::EventPlace;
use crate::diagnostic::{Diagnostic, Level, Locator};
use crate::source::Segment;
use crate::timeline::{Event, Mark};

/// Returns a diagnostic as a warning if it is about a mark that two clones may have set.
pub(super) fn warned(case: &Case, diagnostic: Diagnostic) -> Diagnostic {
    if diagnostic.level != Level::Error || !has_trait(diagnostic.code, Trait::OfMarks) {
        return diagnostic;
    }
    let Some(mark) = mark_of_entry(case, &diagnostic) else {
        return diagnostic;
    };
    let warning = Diagnostic {
        level: Level::Warning,
        ..diagnostic
    };
    warning.help(format!(
        "correct the mark that is wrong: `afterword log {} --move {} --at TIME`",
        case.record.id,
        mark.as_str()
    ))
}

/// Returns a mark of an entry that a diagnostic is about, or that alternates with one that it is about.
fn mark_of_entry(case: &Case, diagnostic: &Diagnostic) -> Option<Mark> {
    let record = case.record;
    let events = || record.timeline.events.iter().enumerate();
    let is_entry = |index: usize| matches!(record.source.place(index), EventPlace::Entry(_));
    let marks = diagnostic.locations.iter().filter_map(|location| {
        let Locator::Path(path) = &location.at else {
            return None;
        };
        match path.segments() {
            [
                _,
                Segment::Index(event),
                Segment::Key(key),
                Segment::Index(mark),
            ] if key == "marks" && location.file == case.timeline_file() => {
                let events = &record.timeline.events;
                events.get(*event)?.marks.get(*mark).copied()
            }
            [Segment::Key(table), Segment::Key(mark)] if table == "times" => {
                Some(Mark::named(mark))
            }
            _ => None,
        }
    });
    let marks: Vec<Mark> = marks.collect();
    let has = |event: &Event, wanted: &[Mark]| {
        let mut marks = event.marks.iter();
        marks.find(|mark| wanted.contains(mark)).copied()
    };
    let of_entries = |wanted: &[Mark]| {
        let mut entries = events().filter(|(index, _)| is_entry(*index));
        entries.find_map(|(_, event)| has(event, wanted))
    };
    of_entries(&marks).or_else(|| {
        let mut marks = marks.iter();
        marks.find_map(|mark| of_entries(mark.alternates_with()))
    })
}
