//! Fits the times of marks to the durations that a report states.

use chrono::Datelike;

use super::super::draft::Facts;
use super::super::words;
use crate::facts::labelled::Labels;
use crate::facts::{Length, between};
use crate::moment::{Moment, Precision, Zone};
use crate::timeline::Mark;

/// The durations that a report states, measured from the impact start.
pub(super) struct StatedDurations<'f> {
    start: Moment,
    zone: Zone,
    labels: &'f Labels,
    /// The time to detect, as text.
    pub to_detect: Option<&'f str>,
    /// Whether the report states that the time to detect is not recorded.
    pub unknown: bool,
    /// Whether the time to detect is measured from the impact start; `None` if not stated.
    from_impact: Option<bool>,
    /// The possible times of the first customer message, and its delay as text.
    notified: Option<(Vec<Moment>, &'f str)>,
}

/// The times that are known already.
pub(super) struct Known {
    /// The detection, stated or from the text of an event.
    pub detected: Option<Moment>,
    /// The impact start, if stated.
    pub impact_start: Option<Moment>,
    /// The time of an event whose text implies the impact start.
    pub impact_start_cue: Option<Moment>,
    /// The times of events that may be the detection or the impact start.
    pub events: Vec<Moment>,
}

impl<'f> StatedDurations<'f> {
    pub fn new(
        facts: &'f Facts,
        labels: &'f Labels,
        start: Moment,
        zone: Zone,
        events: &[Moment],
    ) -> Self {
        let stated = facts.to_detect.as_ref().map(|stated| &stated.value);
        let unknown = stated.is_some_and(|(length, _)| words::recorded(length).is_none());
        let notified = facts.notified.as_ref().map(|stated| &stated.value);
        Self {
            start,
            zone,
            labels,
            to_detect: stated
                .map(|(length, _)| length.as_str())
                .filter(|_| !unknown),
            unknown,
            from_impact: stated.and_then(|(_, from)| match from.as_deref() {
                Some("first customer impact") => Some(true),
                Some("start") => Some(false),
                _ => None,
            }),
            notified: notified
                .and_then(|(sent, after)| Some((possible_times(*sent, events), after.as_deref()?))),
        }
    }

    /// Returns the reason for the impact start: the stated durations that it fits.
    pub fn reason(&self) -> String {
        let detect = self
            .to_detect
            .map(|text| format!("matches the stated time to detect ({text})"));
        let notified = self
            .notified
            .as_ref()
            .map(|(_, after)| format!("matches the stated customer notification ({after} later)"));
        let reasons: Vec<String> = detect.into_iter().chain(notified).collect();
        if reasons.is_empty() {
            "implied by the text of the event".to_owned()
        } else {
            reasons.join("; ")
        }
    }

    fn fits_notification(&self, impact_start: Option<Moment>) -> bool {
        self.notified.is_none() || self.notification(impact_start).is_some()
    }

    /// Returns the possible time of the first customer message that fits its stated delay.
    pub fn notification(&self, impact_start: Option<Moment>) -> Option<Moment> {
        let (possible, after) = self.notified.as_ref()?;
        let fits = |sent: &&Moment| {
            let length = between(&impact_start.unwrap_or(self.start), sent, self.zone);
            length.is_some_and(|length| length.in_minutes() == *after)
        };
        possible.iter().find(fits).copied()
    }

    fn fits_detection(&self, impact_start: Option<Moment>, detected: Moment) -> bool {
        self.to_detect.is_none_or(|text| {
            let length = between(&impact_start.unwrap_or(self.start), &detected, self.zone);
            length.is_some_and(|length| states(text, length, self.labels))
        })
    }

    /// Returns the possible impact starts, the most likely first.
    ///
    /// `None` means that the impact starts with the incident.
    fn impact_start_candidates(&self, known: &Known) -> Vec<Option<Moment>> {
        let mut candidates: Vec<Option<Moment>> = Vec::new();
        if known.impact_start.is_some() {
            candidates.push(known.impact_start);
        } else {
            candidates.extend(known.impact_start_cue.map(Some));
            candidates.push(None);
            candidates.extend(known.events.iter().copied().map(Some));
            let detect = self.to_detect.zip(known.detected);
            candidates.extend(
                detect
                    .and_then(|(text, detected)| shifted(&detected, text, -1, self.labels))
                    .map(Some),
            );
            let notified = self.notified.as_ref();
            let before = |(sent, after): &(Vec<Moment>, &str)| {
                sent.first()
                    .and_then(|sent| shifted(sent, after, -1, self.labels))
            };
            candidates.extend(notified.and_then(before).map(Some));
        }
        let fits_stated_start = |impact_start: &Option<Moment>| {
            self.from_impact
                .is_none_or(|from_impact| from_impact == impact_start.is_some())
        };
        candidates.retain(|impact_start| {
            fits_stated_start(impact_start) && self.fits_notification(*impact_start)
        });
        candidates
    }

    /// Returns the impact start and the detection that fit the stated durations.
    pub fn fit(&self, known: &Known) -> (Option<Moment>, Option<Moment>) {
        let candidates = self.impact_start_candidates(known);
        if let Some(detected) = known.detected {
            let impact_start = candidates
                .iter()
                .find(|impact_start| self.fits_detection(**impact_start, detected));
            if let Some(impact_start) = impact_start {
                return (*impact_start, Some(detected));
            }
        }
        let Some(text) = self.to_detect else {
            return (candidates.first().copied().flatten(), known.detected);
        };
        let on_event = candidates.iter().find_map(|impact_start| {
            let detected = known
                .events
                .iter()
                .find(|detected| self.fits_detection(*impact_start, **detected))?;
            Some((*impact_start, Some(*detected)))
        });
        let computed = || {
            candidates.iter().find_map(|impact_start| {
                let detected = shifted(&impact_start.unwrap_or(self.start), text, 1, self.labels)?;
                self.fits_detection(*impact_start, detected)
                    .then_some((*impact_start, Some(detected)))
            })
        };
        // If nothing fits, use the text of the events; the comparison then shows both durations.
        on_event.or_else(computed).unwrap_or((None, known.detected))
    }
}

/// Returns the start point of the stated time to detect: its mark, its time, and the stated text.
pub(super) fn start<'f>(
    facts: &'f Facts,
    labels: &Labels,
    detected: &Moment,
) -> Option<(Mark, Moment, &'f str)> {
    let (text, from) = &facts.to_detect.as_ref()?.value;
    // An approximate duration does not determine a time.
    if text.starts_with("about ") || text.starts_with("less than ") {
        return None;
    }
    let start = shifted(detected, text, -1, labels)?;
    let mark = match from.as_deref() {
        Some("first customer impact") => Mark::ImpactStarted,
        _ => Mark::Started,
    };
    Some((mark, start, text))
}

/// Returns the possible meanings of a time without seconds: itself, an event in that minute, or its first second.
fn possible_times(sent: Moment, events: &[Moment]) -> Vec<Moment> {
    let mut times = vec![sent];
    if sent.precision == Precision::Minute {
        let minute = |moment: &Moment| moment.at.timestamp().div_euclid(60);
        let in_minute = |event: &&Moment| {
            event.precision == Precision::Second
                && event.about == sent.about
                && minute(event) == minute(&sent)
        };
        times.extend(events.iter().filter(in_minute).copied());
        times.push(Moment {
            precision: Precision::Second,
            ..sent
        });
    }
    times
}

/// Returns `true` if a text states a duration, in any notation.
fn states(text: &str, length: Length, labels: &Labels) -> bool {
    words::agrees(text, length)
        || (!text.starts_with("about ")
            && !length.about
            && labels.seconds(text) == Some(length.known()))
}

/// Returns the time that is the stated duration before (-1) or after (1) another.
fn shifted(moment: &Moment, text: &str, direction: i64, labels: &Labels) -> Option<Moment> {
    if let "less than a minute" | "less than a day" = text {
        let precision = if text == "less than a minute" {
            Precision::Minute
        } else {
            moment.precision
        };
        return Some(Moment {
            precision,
            ..*moment
        });
    }
    let length = chrono::TimeDelta::try_seconds(direction.checked_mul(labels.seconds(text)?)?)?;
    let about = moment.about
        || text.starts_with("about ") && !matches!(moment.precision, Precision::Day(_));
    // An absurd duration would lead to a year that a report cannot print.
    let at = moment.at.checked_add_signed(length)?;
    let at = Some(at).filter(|at| (1..=9999).contains(&at.year()))?;
    let precision = match moment.precision {
        Precision::Day(day) => Precision::Day(day.checked_add_signed(length)?),
        other => other,
    };
    Some(Moment {
        at,
        precision,
        about,
        latest: None,
    })
}
