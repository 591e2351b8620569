//! Reads when a message promises the next update: `in 30 minutes`, `by 15:30 UTC`, `tomorrow at 9:00`.
//!
//! This is the only place that reads promises in texts: the due time, the checks, drafts and `comms --record` use it.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use super::number_words;
use crate::config::{CheckWords, PromiseWords};
use crate::kind::Line;
use crate::moment::{Moment, Precision, TimeDefaults, TimeOfDay, Written, Zone, parse_day};
use crate::token::{
    Bound, ClockStyle, ClockTime, Kind, Languages, NumberWords, TimeUnit, Tokens, month, weekday,
};

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

/// The built-in words of promises. A test parses them, so they are never empty.
static BUILT_IN: LazyLock<PromiseWords> =
    LazyLock::new(|| toml::from_str(include_str!("promise.toml")).unwrap_or_default());

/// A list of words.
type List = fn(&PromiseWords) -> &Vec<Line>;

/// The words of an archive.
struct Words<'a> {
    promises: [&'a PromiseWords; 2],
    numbers: Cow<'static, NumberWords>,
}

impl<'a> Words<'a> {
    fn new(added: &'a CheckWords) -> Self {
        Self {
            promises: [&BUILT_IN, &added.promises],
            numbers: number_words(added),
        }
    }

    /// Returns the words of a list: the built-in ones, and those that the archive adds.
    fn list(&self, list: List) -> impl Iterator<Item = &'a str> {
        let lists = self.promises.into_iter();
        lists.flat_map(move |words| list(words).iter().map(|word| &**word))
    }

    fn has(&self, list: List, word: &str) -> bool {
        self.list(list).any(|listed| is(listed, word))
    }

    /// Returns the number of days after a message that a word means.
    fn days(&self, word: &str) -> Option<u32> {
        let mut days = self.promises.iter().flat_map(|words| &words.days.0);
        days.find(|(name, _)| is(name, word)).map(|(_, days)| *days)
    }
}

/// Returns `true` if a listed word is a word of a text, in any case.
fn is(listed: &str, word: &str) -> bool {
    listed.eq_ignore_ascii_case(word)
        || !word.is_ascii() && listed.to_lowercase() == word.to_lowercase()
}

/// Returns what a message says about the next update, or `None` if it announces none.
///
/// A time that is understood counts, even if another sentence has one that is not.
#[must_use]
pub fn promise<'t>(
    text: &'t str,
    sent: Moment,
    zone: Zone,
    added: &CheckWords,
) -> Option<Promise<'t>> {
    let mut words = None;
    let mut found = None;
    // A paragraph ends a sentence; most have none of these words.
    let paragraphs = text.split("\n\n");
    for text in paragraphs.filter(|text| may_promise(text, &added.promises)) {
        let words = words.get_or_insert_with(|| Words::new(added));
        match of_paragraph(text, sent, zone, words) {
            Some(Promise::At(at)) => return Some(Promise::At(at)),
            Some(unread @ Promise::Unread(_)) if !matches!(found, Some(Promise::Unread(_))) => {
                found = Some(unread);
            }
            other => found = found.or(other),
        }
    }
    found
}

/// Words of which one is in each built-in announcement.
const ANNOUNCING: [&str; 4] = ["update", "information", "details", "news"];

/// Returns `false` if a text has no word of an announcement: none of the built-in ones, and the archive adds none.
fn may_promise(text: &str, added: &PromiseWords) -> bool {
    static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let mut builder = AhoCorasick::builder();
        builder.ascii_case_insensitive(true);
        builder.build(ANNOUNCING).ok()
    });
    let lists = [&added.next, &added.announcements, &added.starts];
    let search = SEARCH.as_ref();
    lists.iter().any(|list| !list.is_empty()) || search.is_none_or(|search| search.is_match(text))
}

fn of_paragraph<'t>(text: &'t str, sent: Moment, zone: Zone, words: &Words) -> Option<Promise<'t>> {
    let tokens = Tokens::tokenize(text, &words.numbers);
    let mut found = None;
    for index in 0..tokens.len() {
        let announced = announced(&tokens, index, words);
        let Some((from, is_next)) = announced.filter(|_| !is_negated(&tokens, index, words)) else {
            continue;
        };
        let mut reader = Reader {
            text,
            tokens: &tokens,
            words,
            sent,
            zone,
            at: from,
            stated: Stated::default(),
        };
        match reader.read() {
            Some(at) => return Some(Promise::At(at)),
            None if is_next || reader.is_timed(index) => {
                if !matches!(found, Some(Promise::Unread(_))) {
                    found = Some(Promise::Unread(sentence(text, &tokens, index)));
                }
            }
            None => found = found.or(Some(Promise::Untimed)),
        }
    }
    found
}

/// Returns the index after an announced update that begins at a token, and whether it is the next one.
fn announced(tokens: &Tokens, index: usize, words: &Words) -> Option<(usize, bool)> {
    let after = |list| {
        words
            .list(list)
            .find_map(|phrase| after(phrase, tokens, index))
    };
    let start = || {
        let is_start = index == 0 || tokens.kind(index - 1) == Kind::Stop;
        let end = after(|words| &words.starts).filter(|_| is_start)?;
        let next = tokens.word(end);
        let is_lead = words.has(|words| &words.leads, next);
        (is_lead || words.has(|words| &words.rhythms, next)).then_some(end)
    };
    let next = after(|words| &words.next).map(|end| (end, true));
    let other = || after(|words| &words.announcements).or_else(start);
    next.or_else(|| other().map(|end| (end, false)))
}

/// Returns the index after a phrase that begins at a token.
fn after(phrase: &str, tokens: &Tokens, index: usize) -> Option<usize> {
    phrase.split_whitespace().try_fold(index, |at, choices| {
        let mut choices = choices.split('|').filter(|choice| !choice.is_empty());
        choices
            .any(|choice| is(choice, tokens.word(at)))
            .then_some(at + 1)
    })
}

/// Returns `true` if the part of the sentence before a token says that something will not be.
fn is_negated(tokens: &Tokens, index: usize, words: &Words) -> bool {
    let before = (0..index).rev();
    let mut clause = before.take_while(|at| {
        let is_sign = matches!(
            tokens.kind(*at),
            Kind::Stop | Kind::Comma | Kind::Colon | Kind::Dash
        );
        !is_sign && !words.has(|words| &words.clauses, tokens.word(*at))
    });
    clause.any(|at| words.has(|words| &words.negations, tokens.word(at)))
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
struct Reader<'t, 'a> {
    text: &'t str,
    tokens: &'a Tokens,
    words: &'a Words<'a>,
    sent: Moment,
    zone: Zone,
    /// The index of the next token.
    at: usize,
    stated: Stated,
}

impl<'t> Reader<'t, '_> {
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
            } else if is_open && self.read_time() || self.has_no_date() && self.read_day() {
                continue;
            } else if let Some(unit) = self.unit(word)
                && leads
                && is_open
            {
                self.stated.seconds = unit.seconds();
            } else if self.words.has(|words| &words.leads, word) || kind == Kind::Colon {
                leads = true;
            } else if self.words.has(|words| &words.about, word) || kind == Kind::Sign(Bound::About)
            {
                self.stated.is_about = true;
            } else if !self.words.has(|words| &words.between, word)
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

    /// Returns the unit of time that a word names: `within the hour`.
    fn unit(&self, word: &str) -> Option<TimeUnit> {
        let own = || self.words.numbers.units.get(&word.to_lowercase());
        let unit = TimeUnit::in_full(word).filter(|unit| unit.name() == word);
        unit.or_else(|| own().copied())
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
        let named = ClockTime::named(rest, &self.words.numbers);
        let read = || ClockTime::read(rest, ClockStyle::Message);
        let Some(found) = named.or_else(read) else {
            return false;
        };
        let end = start + found.end;
        let after = rest.get(found.end..).unwrap_or_default();
        // `10:30-11:00` is no time, `6pm-7pm` begins with one.
        let range = after.strip_prefix(['-', '/']).unwrap_or_default();
        let is_number = { rest.get(..found.end) }
            .is_some_and(|read| read.ends_with(|c: char| c.is_ascii_digit()));
        if is_number && range.starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        self.stated.time = Some(found.at);
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
        let month = |at: usize| month(self.tokens.word(at), Languages::English);
        let month = |at: usize| month(at).map(|month| month.number_from_month());
        let word = self.tokens.word(self.at);
        let (day, used) = match self.words.days(word) {
            Some(days) => (StatedDay::After(days.into()), 1),
            None if self.words.has(|words| &words.tonight, word) => (StatedDay::Tonight, 1),
            None => {
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
                } else if let Some(weekday) = weekday(word, Languages::English) {
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
                let days = weekday.days_since(now.weekday());
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

    /// Returns `true` if a promise that was not understood has a word of time.
    fn is_timed(&self, index: usize) -> bool {
        let rest = index + 1..self.tokens.len();
        let mut sentence = rest.take_while(|at| self.tokens.kind(*at) != Kind::Stop);
        let is_time = |at: usize| {
            let word = self.tokens.word(at);
            matches!(
                self.tokens.kind(at),
                Kind::Time(_) | Kind::StatedDuration(_)
            ) || self.words.has(|words| &words.vague, word)
                || weekday(word, Languages::English).is_some()
        };
        sentence.any(is_time)
    }
}

#[cfg(test)]
mod tests;
