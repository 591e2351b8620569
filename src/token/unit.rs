//! The units of time, and the ways to write them.

/// The seconds of a minute.
pub const MINUTE: i64 = 60;
/// The seconds of an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// The seconds of a day.
pub const DAY: i64 = 24 * HOUR;

/// The languages in which a text may name times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Languages {
    /// English, as in the texts that are checked: `out` and `set` name no month there.
    #[default]
    English,
    /// All languages of reports.
    All,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeUnit {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month of the calendar.
    Month,
    /// A year of the calendar.
    Year,
}

impl TimeUnit {
    /// All units, the largest first.
    pub const ALL: [Self; 7] = [
        Self::Year,
        Self::Month,
        Self::Week,
        Self::Day,
        Self::Hour,
        Self::Minute,
        Self::Second,
    ];

    /// Returns the name, its short forms, the shortest first, and its words in other languages.
    const fn words(self) -> [&'static str; 3] {
        match self {
            Self::Second => [
                "second",
                "s sec secs",
                "sekunde sekunden sek seconde secondes segundo segundos 秒 秒間",
            ],
            Self::Minute => ["minute", "m min mins", "minuten minuto minutos 分 分間"],
            Self::Hour => [
                "hour",
                "h hr hrs",
                "stunde stunden std heure heures hora horas 時間",
            ],
            Self::Day => [
                "day",
                "d",
                "tag tage tagen jour jours j día días dia dias 日",
            ],
            Self::Week => [
                "week",
                "w wk wks",
                "woche wochen semaine semaines semana semanas",
            ],
            Self::Month => ["month", "mo mon", "monat monate mois mes meses mês"],
            Self::Year => [
                "year",
                "y yr yrs",
                "jahr jahre an ans année années año años ano anos",
            ],
        }
    }

    /// Returns the unit that a lowercase word means.
    #[must_use]
    pub fn named(word: &str, languages: Languages) -> Option<Self> {
        let is_named = |unit: &Self| {
            let [_, short, other] = unit.words();
            let all = languages == Languages::All;
            let mut words = short.split(' ').chain(other.split(' ').filter(|_| all));
            words.any(|known| known == word)
        };
        Self::in_full(word).or_else(|| Self::ALL.into_iter().find(is_named))
    }

    /// Returns the unit of which a word is the full name, in the singular or the plural.
    #[must_use]
    pub fn in_full(word: &str) -> Option<Self> {
        let word = word.strip_suffix('s').unwrap_or(word);
        Self::ALL.into_iter().find(|unit| unit.name() == word)
    }

    /// Returns the unit of which a word is the name in the singular, in any case.
    pub(super) fn singular(word: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|unit| unit.name().eq_ignore_ascii_case(word))
    }

    /// Returns the length in seconds; `None` for a month and a year, whose lengths differ.
    #[must_use]
    pub const fn seconds(self) -> Option<i64> {
        match self {
            Self::Second => Some(1),
            Self::Minute => Some(MINUTE),
            Self::Hour => Some(HOUR),
            Self::Day => Some(DAY),
            Self::Week => Some(7 * DAY),
            Self::Month | Self::Year => None,
        }
    }

    /// Returns the name, such as `minute`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        let [name, ..] = self.words();
        name
    }

    /// Returns the shortest form, such as `m`.
    #[must_use]
    pub fn short(self) -> &'static str {
        let [_, short, _] = self.words();
        short.split(' ').next().unwrap_or_default()
    }
}
