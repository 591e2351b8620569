//! Reads when a message promises the next update: `in 30 minutes`, `by 15:30 UTC`, `tomorrow at 9:00`.
//!
//! This is the only place that reads promises in texts: the due time, the checks, drafts and `comms --record` use it.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Days, Month, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use serde::Deserialize;

use crate::moment::{Moment, Precision, TimeDefaults, TimeOfDay, Written, Zone, parse_day};
use crate::token::{Bound, Kind, NumberWords, TimeUnit, Tokens};

mod time_of_day;

use time_of_day::time_of_day;

/// What a message says about the next update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise<'t> {
    /// It is due at a time.
    At(Moment),
    /// It has a time that is not understood; the sentence.
    Unread(&'t str),
    /// It comes, without a time.
    Untimed,
}

/// A time of day that passed no longer ago is a mistake, and not one of the next day.
const JUST_PASSED: TimeDelta = TimeDelta::hours(1);

/// The words of promises. A test parses them, so they are never empty.
static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("promise.toml")).unwrap_or_default());

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Words {
    between: Vec<String>,
    leads: Vec<String>,
    about: Vec<String>,
    vague: Vec<String>,
    negations: Vec<String>,
    clauses: Vec<String>,
}

fn is_in(list: &[String], word: &str) -> bool {
    list.iter().any(|listed| listed == word)
}

/// Returns what a message says about the next update, or `None` if it announces none.
///
/// A time that is understood counts, even if another sentence has one that is not.
#[must_use]
pub fn promise(text: &str, sent: Moment, zone: Zone) -> Option<Promise<'_>> {
    let mut found = None;
    // A paragraph ends a sentence; most have none of these words.
    for text in text.split("\n\n").filter(|text| may_promise(text)) {
        match of_paragraph(text, sent, zone) {
            Some(Promise::At(at)) => return Some(Promise::At(at)),
            Some(unread @ Promise::Unread(_)) if !matches!(found, Some(Promise::Unread(_))) => {
                found = Some(unread);
            }
            other => found = found.or(other),
        }
    }
    found
}

/// Returns `false` if a text has no word that [`after_update`] knows.
fn may_promise(text: &str) -> bool {
    let words = [
        "pdate",
        "nformation",
        "etails",
        "ews",
        "PDATE",
        "NFORMATION",
        "ETAILS",
        "EWS",
    ];
    words.iter().any(|word| text.contains(word))
}

fn of_paragraph(text: &str, sent: Moment, zone: Zone) -> Option<Promise<'_>> {
    let tokens = Tokens::tokenize(text, NumberWords::english());
    let mut found = None;
    for index in 0..tokens.len() {
        let Some(from) = after_update(&tokens, index).filter(|_| !is_negated(&tokens, index))
        else {
            continue;
        };
        let mut reader = Reader {
            text,
            tokens: &tokens,
            sent,
            zone,
            at: from,
            stated: Stated::default(),
        };
        match reader.read() {
            Some(at) => return Some(Promise::At(at)),
            None if reader.is_timed(index) => {
                if !matches!(found, Some(Promise::Unread(_))) {
                    found = Some(Promise::Unread(sentence(text, &tokens, index)));
                }
            }
            None => found = found.or(Some(Promise::Untimed)),
        }
    }
    found
}

/// Returns the index after an announced update; `None` if another kind of update is meant.
fn after_update(tokens: &Tokens, index: usize) -> Option<usize> {
    let before = |count: usize| tokens.word(index.wrapping_sub(count));
    let after = |count: usize| tokens.word(index + count);
    let sends = |word: &str| {
        matches!(
            word,
            "provide" | "post" | "share" | "give" | "send" | "publish" | "you" | "expect" | "with"
        )
    };
    let is_start = index == 0 || tokens.kind(index - 1) == Kind::Stop;
    let follows = |word: &str| matches!(word, "will" | "follows" | "is" | "comes");
    match (tokens.word(index), before(1)) {
        ("information" | "details" | "news", "more" | "further") => {
            sends(before(2)).then_some(index + 1)
        }
        ("update" | "updates", before_it) => match before_it {
            "next" | "another" | "further" | "regular" | "more" => Some(index + 1),
            "an" if sends(before(2)) || follows(after(1)) => Some(index + 1),
            word if sends(word) && tokens.word(index) == "updates" => Some(index + 1),
            "" if is_start && tokens.word(index) == "updates" => {
                let is_lead = is_in(&WORDS.leads, after(1)) || after(1) == "hourly";
                is_lead.then_some(index + 1)
            }
            "will" | "we'll" | "we’ll" => match (after(1), after(2)) {
                ("you" | "customers" | "everyone" | "again", _) => Some(index + 2),
                ("this", "page") => Some(index + 3),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Returns `true` if the part of the sentence before a token says that something will not be.
fn is_negated(tokens: &Tokens, index: usize) -> bool {
    let before = (0..index).rev();
    let mut clause = before.take_while(|at| {
        let is_sign = matches!(
            tokens.kind(*at),
            Kind::Stop | Kind::Comma | Kind::Colon | Kind::Dash
        );
        !is_sign && !is_in(&WORDS.clauses, tokens.word(*at))
    });
    clause.any(|at| is_in(&WORDS.negations, tokens.word(at)))
}

/// Returns the sentence around a token.
fn sentence<'t>(text: &'t str, tokens: &Tokens, index: usize) -> &'t str {
    let is_end = |at: &usize| tokens.kind(*at) == Kind::Stop;
    let first = (0..index).rev().find(is_end).map_or(0, |stop| stop + 1);
    let last = (index..tokens.len()).find(is_end);
    let last = last.unwrap_or(tokens.len()).saturating_sub(1);
    text.get(tokens.span(first, last))
        .unwrap_or_default()
        .trim()
}

/// A date that a promise states.
#[derive(Debug, Clone, Copy)]
enum StatedDay {
    /// A date of the calendar.
    On(NaiveDate),
    /// A date without its year.
    Yearly(u32, u32),
    /// The night after the message, which may end on the next day.
    Tonight,
    /// A number of days after the message.
    After(u64),
    /// The next such weekday.
    Next(Weekday),
}

/// What was read of a promise.
#[derive(Debug, Default)]
struct Stated {
    seconds: Option<i64>,
    day: Option<StatedDay>,
    time: Option<NaiveTime>,
    /// The zone of the time, if it is not that of the incident.
    zone: Option<Zone>,
    /// Whether the time has a zone that is not known.
    is_elsewhere: bool,
    is_about: bool,
}

/// The state while a promise is read.
struct Reader<'t> {
    text: &'t str,
    tokens: &'t Tokens,
    sent: Moment,
    zone: Zone,
    /// The index of the next token.
    at: usize,
    stated: Stated,
}

impl<'t> Reader<'t> {
    /// Reads the time up to the end of the sentence; `None` if there is none that is understood.
    fn read(&mut self) -> Option<Moment> {
        let mut leads = false;
        while self.stated.seconds.is_none() && self.tokens.kind(self.at) != Kind::Stop {
            let word = self.tokens.word(self.at);
            let kind = self.tokens.kind(self.at);
            let is_open = self.stated.time.is_none();
            if let Kind::StatedDuration(lapse) = kind
                && leads
                && is_open
            {
                self.stated.seconds = Some(lapse.seconds);
            } else if leads && is_open && word == "half" && self.tokens.word(self.at + 2) == "hour"
            {
                self.stated.seconds = Some(1_800);
            } else if is_open && self.read_time() || self.has_no_date() && self.read_day() {
                continue;
            } else if let Some(unit) = TimeUnit::in_full(word).filter(|unit| unit.name() == word)
                && leads
                && is_open
            {
                self.stated.seconds = unit.seconds();
            } else if is_in(&WORDS.leads, word) || kind == Kind::Colon {
                leads = true;
            } else if is_in(&WORDS.about, word) || kind == Kind::Sign(Bound::About) {
                self.stated.is_about = true;
            } else if !is_in(&WORDS.between, word)
                && !matches!(
                    kind,
                    Kind::Comma | Kind::Dash | Kind::Open | Kind::Close | Kind::Sign(_)
                )
            {
                break;
            }
            self.at += 1;
        }
        self.moment()
    }

    /// Returns `true` as long as a date may follow: `Wednesday 11 March` has one after its weekday.
    fn has_no_date(&self) -> bool {
        matches!(self.stated.day, None | Some(StatedDay::Next(_)))
    }

    /// Returns the text from a token on.
    fn rest(&self, at: usize) -> &'t str {
        let start = self.tokens.span(at, at).start;
        self.text.get(start..).unwrap_or_default()
    }

    /// Continues with the first token after some bytes of the text.
    fn skip(&mut self, end: usize) {
        while self.at < self.tokens.len() && self.tokens.span(self.at, self.at).start < end {
            self.at += 1;
        }
    }

    /// Reads a time of day and its zone.
    fn read_time(&mut self) -> bool {
        let start = self.tokens.span(self.at, self.at).start;
        let rest = self.rest(self.at);
        let whole = rest.split([' ', '\n', ',', ')']).next().unwrap_or_default();
        let whole = whole.trim_end_matches('.');
        if let Ok(written) = whole.parse::<Written>()
            && let (Some(day), Some(time)) = (written.day, written.time)
        {
            self.stated.day = Some(StatedDay::On(day));
            self.stated.time = Some(time.at);
            self.stated.zone = written.offset.map(Zone::Fixed);
            self.skip(start + whole.len());
            return true;
        }
        let Some((time, length)) = time_of_day(rest) else {
            return false;
        };
        self.stated.time = Some(time);
        let end = start + length;
        let after = rest.get(length..).unwrap_or_default();
        let name = after.trim_start_matches([' ', '(', '[']);
        let before = after.len() - name.len();
        let is_part = |c: char| c.is_alphanumeric() || "+-:/_".contains(c);
        let name = name.split(|c| !is_part(c)).next().unwrap_or_default();
        let name = name.trim_end_matches([':', '-', '/']);
        self.stated.zone = Some(name)
            .filter(|name| !name.is_empty())
            .and_then(|name| self.zone.named(name, self.sent.at));
        let is_name = (2..=5).contains(&name.len()) && name.chars().all(|c| c.is_ascii_uppercase());
        self.stated.is_elsewhere = is_name && self.stated.zone.is_none();
        let is_zone = is_name || self.stated.zone.is_some();
        self.skip(end + if is_zone { before + name.len() } else { 0 });
        true
    }

    /// Reads a day: a date, a weekday, or `tomorrow`.
    fn read_day(&mut self) -> bool {
        let date = |at: usize| {
            let text = self.rest(at);
            text.split([' ', '\n', ',', ')', '.'])
                .next()
                .unwrap_or_default()
        };
        let number = |at: usize| {
            let bare = date(at).trim_end_matches(|c: char| c.is_ascii_alphabetic());
            bare.parse::<u32>().ok()
        };
        let month = |at: usize| self.tokens.word(at).parse::<Month>().ok();
        let month = |at: usize| month(at).map(|month| month.number_from_month());
        let word = self.tokens.word(self.at);
        let (day, used) = match word {
            "today" => (StatedDay::After(0), 1),
            "tonight" => (StatedDay::Tonight, 1),
            "tomorrow" => (StatedDay::After(1), 1),
            _ => {
                let pair = (number(self.at).zip(month(self.at + 1)))
                    .or_else(|| number(self.at + 1).zip(month(self.at)));
                if let Ok(day) = parse_day(date(self.at)) {
                    (StatedDay::On(day), 1)
                } else if let Some((day, month)) = pair {
                    let comma = usize::from(self.tokens.kind(self.at + 2) == Kind::Comma);
                    let year =
                        number(self.at + 2 + comma).filter(|year| (2000..2200).contains(year));
                    match year.and_then(|year| i32::try_from(year).ok()) {
                        Some(year) => match NaiveDate::from_ymd_opt(year, month, day) {
                            Some(day) => (StatedDay::On(day), 3 + comma),
                            None => return false,
                        },
                        None => (StatedDay::Yearly(month, day), 2),
                    }
                } else if let Ok(weekday) = word.parse::<Weekday>() {
                    (StatedDay::Next(weekday), 1)
                } else {
                    return false;
                }
            }
        };
        self.stated.day = Some(day);
        self.at += used;
        true
    }

    /// Returns the moment that was stated.
    fn moment(&self) -> Option<Moment> {
        let stated = &self.stated;
        let exact = |at: DateTime<Utc>| Moment {
            at,
            precision: Precision::Minute,
            about: self.sent.about || stated.is_about,
            latest: None,
        };
        if let Some(seconds) = stated.seconds {
            let at = self
                .sent
                .at
                .checked_add_signed(TimeDelta::try_seconds(seconds)?)?;
            return Some(exact(at));
        }
        if stated.is_elsewhere {
            return None;
        }
        let zone = stated.zone.unwrap_or(self.zone);
        let now = zone.wall_clock(self.sent.at);
        let day = match (stated.day, stated.time) {
            (None, None) => return None,
            (None | Some(StatedDay::Tonight), Some(time)) => {
                // The first such time after the message, unless it has just passed.
                let ahead = time - now.time();
                let is_next_day = ahead < -JUST_PASSED;
                let days = TimeDelta::days(i64::from(is_next_day));
                return self.sent.at.checked_add_signed(ahead + days).map(exact);
            }
            (Some(StatedDay::Tonight), None) => now.date(),
            (Some(StatedDay::On(day)), _) => day,
            (Some(StatedDay::After(days)), _) => now.date().checked_add_days(Days::new(days))?,
            (Some(StatedDay::Yearly(month, day)), _) => {
                let of_year = |year| NaiveDate::from_ymd_opt(year, month, day);
                let this_year = of_year(now.year()).filter(|day| *day >= now.date());
                this_year.or_else(|| of_year(now.year() + 1))?
            }
            (Some(StatedDay::Next(weekday)), time) => {
                let today = now.weekday().num_days_from_monday();
                let days = (weekday.num_days_from_monday() + 7 - today) % 7;
                // A weekday without a time, and one whose time is past, is in a week.
                let is_past = time.is_none_or(|time| time <= now.time());
                let days = if days == 0 && is_past { 7 } else { days };
                now.date().checked_add_days(Days::new(days.into()))?
            }
        };
        let written = Written {
            day: Some(day),
            time: stated.time.map(|at| TimeOfDay { at, seconds: false }),
            offset: None,
            about: false,
            latest: None,
        };
        let defaults = TimeDefaults {
            day: Some(day),
            zone,
        };
        let moment = defaults.resolve(&written).ok()?;
        Some(Moment {
            precision: moment.precision,
            ..exact(moment.at)
        })
    }

    /// Returns `true` if a promise that was not understood has a time: it is of the next update, or has a word of time.
    fn is_timed(&self, index: usize) -> bool {
        let rest = index + 1..self.tokens.len();
        let mut sentence = rest.take_while(|at| self.tokens.kind(*at) != Kind::Stop);
        let is_time = |at: usize| {
            let word = self.tokens.word(at);
            matches!(
                self.tokens.kind(at),
                Kind::Time(_) | Kind::StatedDuration(_)
            ) || is_in(&WORDS.vague, word)
                || word.parse::<Weekday>().is_ok()
        };
        self.tokens.word(index.wrapping_sub(1)) == "next" || sentence.any(is_time)
    }
}

#[cfg(test)]
mod tests;
