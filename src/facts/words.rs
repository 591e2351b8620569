//! The words of numbers and units of time: the built-in English ones, and those that an archive adds.

use std::borrow::Cow;

use crate::config::{CheckWords, UnitWords};
use crate::kind::Line;
use crate::token::{NumberWords, TimeUnit};

/// The words for each unit of time.
type UnitList = (TimeUnit, fn(&UnitWords) -> &Vec<Line>);

const UNITS: &[UnitList] = &[
    (TimeUnit::Second, |units| &units.seconds),
    (TimeUnit::Minute, |units| &units.minutes),
    (TimeUnit::Hour, |units| &units.hours),
    (TimeUnit::Day, |units| &units.days),
];

/// Returns the words that numbers and durations are written with in the texts of an archive.
#[must_use]
pub fn number_words(added: &CheckWords) -> Cow<'static, NumberWords> {
    let grammar = &added.grammar;
    let units = UNITS.iter().map(|(unit, list)| (*unit, list(&added.units)));
    let own = [&grammar.multiples, &grammar.measuring, &grammar.whole];
    let mut own = own.into_iter().chain(units.clone().map(|(_, list)| list));
    if added.numbers.0.is_empty() && own.all(Vec::is_empty) {
        return Cow::Borrowed(NumberWords::english());
    }
    let mut words = NumberWords::english().clone();
    let numbers = added.numbers.0.iter();
    let numbers = numbers.map(|(word, number)| (word.to_lowercase(), u64::from(*number)));
    words.numbers.extend(numbers);
    for (unit, list) in units {
        let list = list.iter().map(|word| (word.to_lowercase(), unit));
        words.units.extend(list);
    }
    for (list, added) in [
        (&mut words.multiples, &grammar.multiples),
        (&mut words.measuring, &grammar.measuring),
        (&mut words.whole, &grammar.whole),
    ] {
        list.extend(added.iter().map(|word| word.to_lowercase()));
    }
    Cow::Owned(words)
}

/// Returns the words that the values of labels are written with, in all languages.
#[must_use]
pub(super) fn label_words(added: &CheckWords) -> Cow<'static, NumberWords> {
    match number_words(added) {
        Cow::Borrowed(_) => Cow::Borrowed(NumberWords::in_all_languages()),
        Cow::Owned(words) => Cow::Owned(words.and_all_languages()),
    }
}
