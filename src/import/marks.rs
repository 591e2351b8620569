//! Finds the marks of a timeline: by what the report states, by the words of events, by its lengths.
//!
//! A stated length says where an unmarked end of it must be: 47 seconds to detect an
//! alert at 14:23:47 began at 14:23:00. A mark that fits what is stated is taken; each
//! is told with its reason.

use serde_json::Value;

use super::draft::{Draft, Stated};
use super::toml::date;
use crate::facts::between;
use crate::moment::{Moment, Zone};
use crate::timeline::Mark;

mod lengths;

use lengths::{Known, Lengths};

/// A mark as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its word.
    pub mark: &'static str,
    /// When, as the report would print it.
    pub at: String,
    /// Why it is that moment.
    pub reason: String,
    /// The line of its event, from 1; absent where no event has that time.
    pub line: Option<usize>,
}

/// How many events are tried for an end of a stated length.
const TRIED: usize = 200;

/// Sets the marks, and says why each.
pub(super) fn find(draft: &mut Draft) -> Vec<Proposal> {
    let mut finder = Finder {
        zone: draft.times.zone,
        draft,
        found: Vec::new(),
    };
    finder.stated();
    finder.windows();
    finder.spanned();
    finder.detected();
    finder.by_words();
    finder.found
}

struct Finder<'d> {
    zone: Zone,
    draft: &'d mut Draft,
    found: Vec<Proposal>,
}

impl Finder<'_> {
    fn moment(&self, stated: Option<&Stated<crate::moment::Written>>) -> Option<Moment> {
        self.draft.times.moment(&stated?.value)
    }

    fn has(&self, mark: &str) -> bool {
        self.found.iter().any(|found| found.mark == mark)
    }

    fn at(&self, mark: &str) -> Option<Moment> {
        let events = self.draft.events.iter();
        let marked = events
            .filter(|entry| entry.marks.contains(&mark))
            .map(|entry| entry.moment(mark))
            .next();
        marked.or_else(|| {
            let text = self.draft.get(&format!("times.{mark}"))?;
            let text = text.as_str().or_else(|| text.get("$bare")?.as_str())?;
            self.draft
                .times
                .brief(text)
                .or_else(|| self.draft.times.moment(&text.parse().ok()?))
        })
    }

    /// Puts a mark on the event of that moment, else into `[times]`.
    fn put(&mut self, mark: &'static str, moment: Moment, reason: String) {
        if !self.has(mark) {
            self.add(mark, moment, reason);
        }
    }

    /// Puts a mark that may be there already.
    fn add(&mut self, mark: &'static str, moment: Moment, reason: String) {
        let is_it = |entry: &super::draft::Entry| entry.moment(mark) == moment;
        // Of several events of one moment, the one whose words say so.
        let said = self
            .draft
            .events
            .iter()
            .position(|entry| is_it(entry) && entry.sign.mark == Some(mark));
        let place = said.or_else(|| self.draft.events.iter().position(is_it));
        let line = match place.and_then(|place| self.draft.events.get_mut(place)) {
            Some(entry) => {
                entry.marks.push(mark);
                Some(entry.line)
            }
            None => {
                let text = self.draft.times.typed(&moment);
                self.draft.set(&format!("times.{mark}"), date(&text));
                None
            }
        };
        self.found.push(Proposal {
            mark,
            at: moment.in_full(self.zone),
            reason,
            line,
        });
    }

    /// The start and the end of the summary, and marks that stand there by name.
    fn stated(&mut self) {
        let facts = self.draft.facts.clone();
        for (mark, stated) in [("started", &facts.started), ("ended", &facts.ended)] {
            if let (Some(moment), Some(line)) = (
                self.moment(stated.as_ref()),
                stated.as_ref().map(|stated| stated.line),
            ) {
                self.put(mark, moment, format!("stated in line {line}"));
            }
        }
        for (mark, stated) in &facts.marks {
            if let Some(moment) = self.moment(Some(stated)) {
                self.put(mark, moment, format!("stated in line {}", stated.line));
            }
        }
    }

    /// The windows of impact, each with its own marks; all of them or none, so that no sum is wrong.
    fn windows(&mut self) {
        let windows = std::mem::take(&mut self.draft.facts.windows);
        let mut marks = Vec::new();
        for Stated { line, value } in &windows {
            let ends = [
                ("impact_started", Some(value.from)),
                ("impact_ended", value.to),
            ];
            for (mark, written) in ends {
                let moment = written.and_then(|written| self.draft.times.moment(&written));
                marks.extend(moment.map(|moment| (mark, moment, *line)));
            }
        }
        // `[times]` has room for one start and one end.
        let on_event = |mark: &str, moment: &Moment| {
            let mut events = self.draft.events.iter();
            events.any(|entry| entry.moment(mark) == *moment)
        };
        let has_room = ["impact_started", "impact_ended"].iter().all(|mark| {
            let of_mark = marks.iter().filter(|(other, ..)| other == mark);
            of_mark
                .filter(|(_, moment, _)| !on_event(mark, moment))
                .count()
                < 2
        });
        if has_room {
            for (mark, moment, line) in marks {
                self.add(mark, moment, format!("stated in line {line}"));
            }
            return;
        }
        for Stated { line, value } in windows {
            self.draft.leave("Incident Summary", line, &value.text);
        }
    }

    /// The start and the end that a stated duration leads from and to, where nothing else says them.
    fn spanned(&mut self) {
        let facts = &self.draft.facts;
        let Some(stated) = facts
            .duration
            .clone()
            .filter(|_| !facts.start_told && !facts.end_told)
        else {
            return;
        };
        let ends = ["ended", "resolved", "impact_ended"];
        let events = self.draft.events.iter().take(TRIED);
        let is_end =
            |entry: &&super::draft::Entry| entry.sign.mark.is_some_and(|mark| ends.contains(&mark));
        let last = self.draft.events.last();
        let fits = |end: &super::draft::Entry| {
            let end = end.moment("ended");
            let mut starts = self.draft.events.iter().take(TRIED);
            let start = starts.find(|start| {
                let length = (end.at - start.began.at).num_seconds();
                // Times to the minute are up to a minute off.
                (length - stated.value).abs() < 60
            });
            start.map(|start| (start.began, end))
        };
        let found = events.rev().filter(is_end).chain(last).find_map(fits);
        if let Some((start, end)) = found {
            let reason = format!("it gives the duration that line {} states", stated.line);
            self.put("started", start, reason.clone());
            self.put("ended", end, reason);
        }
    }

    /// The first sign, and the first harm: by words, and by the lengths that start or end there.
    fn detected(&mut self) {
        let facts = self.draft.facts.clone();
        // What a report says nothing of, words may say; what it says is not recorded, is not.
        if !facts.start_told {
            self.worded("started");
            self.worded("impact_started");
        }
        if !facts.start_told {
            self.shifted_start(&facts);
        }
        let Some(start) = self.at("started").or_else(|| self.at("impact_started")) else {
            if !facts.start_told {
                self.worded("detected");
            }
            return;
        };
        let events: Vec<Moment> = self
            .draft
            .events
            .iter()
            .take(TRIED)
            .map(|entry| entry.began)
            .collect();
        let lengths = Lengths::new(&facts, start, self.zone, &events);
        let worded = |mark: &str| {
            let mut events = self.draft.events.iter();
            let said = events.find(|entry| entry.sign.mark == Some(mark));
            said.map(|entry| (entry.began, entry.sign.words))
        };
        let by_words = worded("detected").filter(|_| !lengths.unknown);
        let known = Known {
            sign: self.at("detected").or(by_words.map(|(moment, _)| moment)),
            harm: self.at("impact_started"),
            worded_harm: worded("impact_started").map(|(moment, _)| moment),
            events,
        };
        let (harm, sign) = lengths.fitting(&known);
        if let Some(sent) = lengths.sent(harm) {
            self.sent(sent);
        }
        if let Some(harm) = harm {
            self.put("impact_started", harm, lengths.reason());
        }
        if let Some(sign) = sign {
            let words = by_words
                .filter(|(moment, _)| *moment == sign)
                .map(|(_, words)| format!("it says `{words}`"));
            let stated = lengths
                .to_detect
                .map(|stated| format!("it gives the stated time to detect, {stated}"));
            let reasons: Vec<String> = words.into_iter().chain(stated).collect();
            self.put("detected", sign, reasons.join(", and "));
        }
    }

    /// The start that the stated time to detect leads to from the first sign, where nothing else says it.
    fn shifted_start(&mut self, facts: &super::draft::Facts) {
        if self.has("started") || self.has("impact_started") {
            return;
        }
        let mut events = self.draft.events.iter();
        let worded = || {
            let sign = events.find(|entry| entry.sign.mark == Some("detected"))?;
            Some(sign.began)
        };
        let sign = self.at("detected").or_else(worded);
        if let Some((mark, start, words)) = sign.and_then(|sign| lengths::start(facts, &sign)) {
            let reason = format!("the stated time to detect is {words}");
            self.put(mark, start, reason);
        }
    }

    /// Sets a mark on the first event whose words say it.
    fn worded(&mut self, mark: &'static str) {
        let said = self
            .draft
            .events
            .iter()
            .find(|entry| entry.sign.mark == Some(mark));
        if let Some((moment, words)) = said.map(|entry| (entry.moment(mark), entry.sign.words)) {
            self.put(mark, moment, format!("it says `{words}`"));
        }
    }

    /// Sets when the first message was sent, where the stated length tells more than its minute.
    fn sent(&mut self, sent: Moment) {
        let facts = &self.draft.facts;
        let as_typed = facts
            .notified
            .as_ref()
            .is_none_or(|stated| stated.value.0 == sent);
        let Some(place) = facts.first_message.filter(|_| !as_typed) else {
            return;
        };
        let event = self
            .draft
            .events
            .iter()
            .position(|entry| entry.began == sent);
        let id = event.and_then(|event| self.draft.id_of(event));
        let typed = date(&self.draft.times.typed(&sent));
        let messages = self
            .draft
            .incident
            .get_mut("messages")
            .and_then(Value::as_array_mut);
        let message = messages.and_then(|messages| messages.get_mut(place)?.as_object_mut());
        if let Some(message) = message {
            match id {
                Some(id) => {
                    message.shift_remove("sent_at");
                    message.insert("event".to_owned(), id.into());
                }
                None => {
                    message.insert("sent_at".to_owned(), typed);
                }
            }
        }
    }

    /// The marks that words alone say, where they are in the order that a clock needs.
    fn by_words(&mut self) {
        let facts = &self.draft.facts;
        let has_end = facts.ended.is_some() || !facts.end_told;
        if !self.draft.facts.end_told {
            self.worded("ended");
        }
        let orders: &[(&str, &[&str])] = &[
            ("declared", &[]),
            ("paged", &[]),
            ("acknowledged", &["detected", "paged"]),
            ("identified", &["detected"]),
            ("mitigated", &["started", "impact_started"]),
            ("impact_ended", &["started", "impact_started"]),
            ("resolved", &["started", "impact_started"]),
        ];
        for (mark, after) in orders {
            let ends = matches!(*mark, "impact_ended" | "resolved");
            // Without a stated end these would become one.
            if self.has(mark) || ends && !has_end {
                continue;
            }
            let said = |entry: &&super::draft::Entry| entry.sign.mark == Some(*mark);
            let entry = if *mark == "impact_ended" {
                self.draft.events.iter().rev().find(said)
            } else {
                self.draft.events.iter().find(said)
            };
            let Some((words, moment)) = entry.map(|entry| (entry.sign.words, entry.moment(mark)))
            else {
                continue;
            };
            let in_order = after.iter().all(|other| {
                self.at(other)
                    .is_none_or(|other| between(&other, &moment, self.zone).is_some())
            });
            if in_order && let Some(mark) = Mark::ALL.iter().find(|known| known.as_str() == *mark) {
                self.put(mark.as_str(), moment, format!("it says `{words}`"));
            }
        }
    }
}

impl super::draft::Entry {
    /// Gives the moment that the event gives to a mark: a span gives its end to an end.
    fn moment(&self, mark: &str) -> Moment {
        let is_end = Mark::ALL
            .iter()
            .any(|known| known.as_str() == mark && known.is_end());
        self.ended.filter(|_| is_end).unwrap_or(self.began)
    }
}
