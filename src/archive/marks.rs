//! The marks of an incident, from its timeline and its file.

use super::*;

/// Reorders starts and ends of impact so that they alternate, using only the positions that they have.
fn alternate_impact_marks(marks: &mut [Marked], defaults: &TimeDefaults) {
    let with = |mark: Mark| {
        marks
            .iter()
            .filter(move |marked| marked.mark == mark)
            .copied()
    };
    let mut starts: VecDeque<Marked> = with(Mark::ImpactStarted).collect();
    let mut ends: Vec<Marked> = with(Mark::ImpactEnded).collect();
    ends.sort_by_key(|end| defaults.until(&end.moment));
    let mut ends = VecDeque::from(ends);
    let mut open = false;
    for slot in marks.iter_mut().filter(|marked| marked.mark.is_impact()) {
        let (wanted, other) = if open {
            (&mut ends, &mut starts)
        } else {
            (&mut starts, &mut ends)
        };
        let in_turn = match (wanted.front(), other.front()) {
            (Some(wanted), Some(other)) => wanted.moment.at < defaults.until(&other.moment),
            (wanted, _) => wanted.is_some(),
        };
        if let Some(next) = if in_turn { wanted } else { other }.pop_front() {
            open = next.mark == Mark::ImpactStarted;
            *slot = next;
        }
    }
}

/// A mark with its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// The mark.
    pub mark: Mark,
    /// Its time.
    pub moment: Moment,
    /// The index of the event that carries it, or that `[times]` refers to.
    pub event: Option<usize>,
}

impl Record {
    /// Returns the time that an event gives to a mark: its end for an end mark, if it has one, else its start.
    #[must_use]
    pub fn marked_at(&self, event: &Event, mark: Mark) -> Option<Moment> {
        let end = mark.is_end().then(|| self.finished(event)).flatten();
        end.or_else(|| self.began(event))
    }

    /// Returns the mark that `[times]` sets, by a time or an event, or `None`; the times of a plan set none.
    #[must_use]
    pub fn stated(&self, mark: Mark) -> Option<Marked> {
        if self.is_only_planned(mark) {
            return None;
        }
        let (moment, event) = match self.incident.times.get(mark)? {
            When::Written(written) => (self.moment(written)?, None),
            When::Event(id) => {
                let index = self.event_index(id)?;
                let event = self.timeline.events.get(index)?;
                (self.marked_at(event, mark)?, Some(index))
            }
        };
        Some(Marked {
            mark,
            moment,
            event,
        })
    }

    /// Returns the marks, sorted by time.
    ///
    /// A mark in `[times]` and one in the timeline are one mark if their times agree: its time is
    /// the more precise one.
    ///
    /// Starts and ends of impact alternate where their times allow it: an end at `14:23` is after a
    /// start at `14:23:47`, and an end on a date without a time is after a start on that date.
    #[must_use]
    pub fn marks(&self) -> Vec<Marked> {
        let events = self.timeline.events.iter().enumerate();
        let marked = events.flat_map(|(index, event)| {
            event.marks.iter().filter_map(move |mark| {
                Some(Marked {
                    mark: *mark,
                    moment: self.marked_at(event, *mark)?,
                    event: Some(index),
                })
            })
        });
        let mut marks: Vec<Marked> = marked.collect();
        let from_timeline = marks.len();
        let defaults = self.time_defaults();
        for stated in Mark::ALL.iter().filter_map(|mark| self.stated(*mark)) {
            let is_same = |marked: &&mut Marked| {
                marked.mark == stated.mark && defaults.agree(&marked.moment, &stated.moment)
            };
            match marks.iter_mut().take(from_timeline).find(is_same) {
                Some(marked) => {
                    let (at, other) = (&mut marked.moment, stated.moment);
                    if !at.is_same(&other) && defaults.covers(at, &other) {
                        *at = other;
                    }
                }
                None => marks.push(stated),
            }
        }
        marks.sort_by_key(|marked| marked.moment.order());
        alternate_impact_marks(&mut marks, &defaults);
        marks
    }
}
