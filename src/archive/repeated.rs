//! Which events may carry a mark that another event carries too.
//!
//! Most marks are single. `resolved` and `ended` may follow each other if `reopened` is between them, and `reopened` if
//! an end is. Starts and ends of impact alternate.

use super::{Marked, Record};
use crate::timeline::Mark;

impl Record {
    /// Returns the events that repeat a mark although nothing between them allows it: the event that keeps the mark, and
    /// the later one, by their indices.
    #[must_use]
    pub fn repeated(&self, mark: Mark) -> Vec<(usize, usize)> {
        if mark.is_impact() {
            return self.repeated_impact(mark);
        }
        let of = |wanted: &[Mark]| {
            let events = self.timeline.events.iter().enumerate();
            let mut found: Vec<_> = events
                .flat_map(|(index, event)| {
                    event.marks.iter().map(move |mark| (index, event, *mark))
                })
                .filter(|(_, _, mark)| wanted.contains(mark))
                .map(|(index, event, mark)| {
                    let order = self.marked_at(event, mark).map(|moment| moment.order());
                    // A mark of an unknown time is last.
                    ((order.is_none(), order), index)
                })
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let mut between: Vec<_> = of(mark.alternates_with())
            .into_iter()
            .map(|(order, _)| order)
            .collect();
        let stated = mark.alternates_with().iter();
        let stated = stated.filter_map(|other| self.stated(*other));
        between.extend(stated.map(|marked| (false, Some(marked.moment.order()))));
        let mut marked = of(&[mark]).into_iter();
        let Some(mut kept) = marked.next() else {
            return Vec::new();
        };
        let mut repeated = Vec::new();
        for later in marked {
            let is_allowed = between
                .iter()
                .any(|order| (kept.0..=later.0).contains(order));
            if is_allowed {
                kept = later;
            } else {
                repeated.push((kept.1, later.1));
            }
        }
        repeated
    }

    /// Returns the events that repeat a start of impact without an end between them, or an end without a start.
    fn repeated_impact(&self, mark: Mark) -> Vec<(usize, usize)> {
        let mut repeated = Vec::new();
        let mut last: Option<Marked> = None;
        // In this order they alternate as far as their precision allows.
        for marked in self.marks().into_iter().filter(|one| one.mark.is_impact()) {
            match last.filter(|last| last.mark == marked.mark) {
                Some(kept) if marked.mark == mark => repeated.extend(kept.event.zip(marked.event)),
                Some(_) => {}
                None => last = Some(marked),
            }
        }
        repeated
    }

    /// Returns the built-in marks, and the custom marks that events carry.
    #[must_use]
    pub fn marks_used(&self) -> Vec<Mark> {
        let events = self.timeline.events.iter();
        let custom = events.flat_map(|event| event.marks.iter().copied());
        let mut marks = Mark::ALL.to_vec();
        marks.extend(custom.filter(|mark| mark.is_custom()));
        let built_in = Mark::ALL.len();
        if let Some(custom) = marks.get_mut(built_in..) {
            custom.sort_unstable();
        }
        marks.dedup();
        marks
    }

    /// Returns `true` if a later event may carry a mark, as far as earlier ones carry it.
    #[must_use]
    pub fn may_mark_again(&self, mark: Mark) -> bool {
        let marks = self.marks();
        let last = |wanted: &[Mark]| {
            marks
                .iter()
                .rposition(|marked| wanted.contains(&marked.mark))
        };
        !self.is_marked(mark)
            || last(mark.alternates_with()).is_some_and(|between| Some(between) > last(&[mark]))
    }
}
