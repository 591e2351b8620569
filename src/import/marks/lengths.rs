//! The lengths that a report states, and the moments that give them.

use chrono::Datelike;

use super::super::draft::Facts;
use super::super::words;
use crate::facts::{Length, between};
use crate::moment::{Moment, Precision, Zone};

/// What a report states of lengths from the first harm.
pub(super) struct Lengths<'f> {
    start: Moment,
    zone: Zone,
    /// The time to detect, in words.
    pub to_detect: Option<&'f str>,
    /// Whether the report says that the time to detect is not known.
    pub unknown: bool,
    /// Whether it counts from the harm, or from the start; absent where it does not say.
    from_harm: Option<bool>,
    /// When customers were told, as it may be read, and how long that was after the harm, in words.
    told: Option<(Vec<Moment>, &'f str)>,
}

/// What is known of the moments already.
pub(super) struct Known {
    /// The first sign, by its name or by words.
    pub sign: Option<Moment>,
    /// The first harm, by its name.
    pub harm: Option<Moment>,
    /// An event whose words say that it is the first harm.
    pub worded_harm: Option<Moment>,
    /// The events, of which one may be either.
    pub events: Vec<Moment>,
}

impl<'f> Lengths<'f> {
    pub fn new(facts: &'f Facts, start: Moment, zone: Zone, events: &[Moment]) -> Self {
        let stated = facts.to_detect.as_ref().map(|stated| &stated.value);
        let unknown = stated.is_some_and(|(length, _)| words::recorded(length).is_none());
        let told = facts.notified.as_ref().map(|stated| &stated.value);
        Self {
            start,
            zone,
            to_detect: stated
                .map(|(length, _)| length.as_str())
                .filter(|_| !unknown),
            unknown,
            from_harm: stated.and_then(|(_, from)| match from.as_deref() {
                Some("first customer impact") => Some(true),
                Some("start") => Some(false),
                _ => None,
            }),
            told: told.and_then(|(sent, after)| Some((readings(*sent, events), after.as_deref()?))),
        }
    }

    /// Says which lengths the first harm gives.
    pub fn reason(&self) -> String {
        let detect = self
            .to_detect
            .map(|words| format!("the stated time to detect is {words}"));
        let told = self
            .told
            .as_ref()
            .map(|(_, after)| format!("customers were told {after} after it"));
        let reasons: Vec<String> = detect.into_iter().chain(told).collect();
        if reasons.is_empty() {
            "its words say so".to_owned()
        } else {
            reasons.join(", and ")
        }
    }

    fn fits_told(&self, harm: Option<Moment>) -> bool {
        self.told.is_none() || self.sent(harm).is_some()
    }

    /// Finds the reading of when customers were told that gives the stated length.
    pub fn sent(&self, harm: Option<Moment>) -> Option<Moment> {
        let (readings, after) = self.told.as_ref()?;
        let fits = |sent: &&Moment| {
            let length = between(&harm.unwrap_or(self.start), sent, self.zone);
            length.is_some_and(|length| length.in_minutes() == *after)
        };
        readings.iter().find(fits).copied()
    }

    fn fits_sign(&self, harm: Option<Moment>, sign: Moment) -> bool {
        self.to_detect.is_none_or(|words| {
            let length = between(&harm.unwrap_or(self.start), &sign, self.zone);
            length.is_some_and(|length| says(words, length))
        })
    }

    /// Lists what the first harm may be, the likeliest first; nothing is that it is the start.
    fn impact_start_candidates(&self, known: &Known) -> Vec<Option<Moment>> {
        let mut impact_start_candidates: Vec<Option<Moment>> = Vec::new();
        if known.harm.is_some() {
            impact_start_candidates.push(known.harm);
        } else {
            impact_start_candidates.extend(known.worded_harm.map(Some));
            impact_start_candidates.push(None);
            impact_start_candidates.extend(known.events.iter().copied().map(Some));
            let detect = self.to_detect.zip(known.sign);
            impact_start_candidates.extend(
                detect
                    .and_then(|(words, sign)| shifted(&sign, words, -1))
                    .map(Some),
            );
            let told = self.told.as_ref();
            let before = |(sent, after): &(Vec<Moment>, &str)| {
                sent.first().and_then(|sent| shifted(sent, after, -1))
            };
            impact_start_candidates.extend(told.and_then(before).map(Some));
        }
        let said = |harm: &Option<Moment>| self.from_harm.is_none_or(|from| from == harm.is_some());
        impact_start_candidates.retain(|harm| said(harm) && self.fits_told(*harm));
        impact_start_candidates
    }

    /// Finds the first harm and the first sign that give the stated lengths.
    pub fn fitting(&self, known: &Known) -> (Option<Moment>, Option<Moment>) {
        let impact_start_candidates = self.impact_start_candidates(known);
        if let Some(sign) = known.sign {
            let harm = impact_start_candidates
                .iter()
                .find(|harm| self.fits_sign(**harm, sign));
            if let Some(harm) = harm {
                return (*harm, Some(sign));
            }
        }
        let Some(words) = self.to_detect else {
            return (
                impact_start_candidates.first().copied().flatten(),
                known.sign,
            );
        };
        let on_event = impact_start_candidates.iter().find_map(|harm| {
            let sign = known
                .events
                .iter()
                .find(|sign| self.fits_sign(*harm, **sign))?;
            Some((*harm, Some(*sign)))
        });
        let computed = || {
            impact_start_candidates.iter().find_map(|harm| {
                let sign = shifted(&harm.unwrap_or(self.start), words, 1)?;
                self.fits_sign(*harm, sign).then_some((*harm, Some(sign)))
            })
        };
        // Where nothing fits, words count, and the comparison shows both numbers.
        on_event.or_else(computed).unwrap_or((None, known.sign))
    }
}

/// Gives the moment that the stated time to detect counts from, with its mark and the words of the length.
pub(super) fn start<'f>(
    facts: &'f Facts,
    sign: &Moment,
) -> Option<(&'static str, Moment, &'f str)> {
    let (words, from) = &facts.to_detect.as_ref()?.value;
    // An estimate of a length makes no moment.
    if words.starts_with("about ") || words.starts_with("less than ") {
        return None;
    }
    let start = shifted(sign, words, -1)?;
    let mark = match from.as_deref() {
        Some("first customer impact") => "impact_started",
        _ => "started",
    };
    Some((mark, start, words))
}

/// Lists what a time without seconds may mean: itself, an event of that minute, its first second.
fn readings(sent: Moment, events: &[Moment]) -> Vec<Moment> {
    let mut readings = vec![sent];
    if sent.precision == Precision::Minute {
        let minute = |moment: &Moment| moment.at.timestamp().div_euclid(60);
        let inside = |event: &&Moment| {
            event.precision == Precision::Second
                && event.about == sent.about
                && minute(event) == minute(&sent)
        };
        readings.extend(events.iter().filter(inside).copied());
        readings.push(Moment {
            precision: Precision::Second,
            ..sent
        });
    }
    readings
}

/// Says whether words state a length, in whichever form.
fn says(words: &str, length: Length) -> bool {
    words::agrees(words, length)
        || (!words.starts_with("about ")
            && !length.about
            && words::seconds(words) == Some(length.known()))
}

/// Gives the moment that is so long before (-1) or after (1) another.
fn shifted(moment: &Moment, words: &str, sign: i64) -> Option<Moment> {
    if let "less than a minute" | "less than a day" = words {
        let precision = if words == "less than a minute" {
            Precision::Minute
        } else {
            moment.precision
        };
        return Some(Moment {
            precision,
            ..*moment
        });
    }
    let length = chrono::TimeDelta::try_seconds(sign.checked_mul(words::seconds(words)?)?)?;
    let about = moment.about
        || words.starts_with("about ") && !matches!(moment.precision, Precision::Day(_));
    // A length out of all measure leads out of the calendar that a report can print.
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
    })
}
