//! The units of time, and the ways to write them.

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

    /// Returns the name, its short forms, the shortest first, and the seconds; 0 if they differ.
    const fn entry(self) -> (&'static str, &'static [&'static str], i64) {
        match self {
            Self::Second => ("second", &["s", "sec", "secs"], 1),
            Self::Minute => ("minute", &["m", "min", "mins"], 60),
            Self::Hour => ("hour", &["h", "hr", "hrs"], 3_600),
            Self::Day => ("day", &["d"], 86_400),
            Self::Week => ("week", &["w", "wk", "wks"], 604_800),
            Self::Month => ("month", &["mo"], 0),
            Self::Year => ("year", &["y", "yr", "yrs"], 0),
        }
    }

    /// Returns the unit that a lowercase word means.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let short = |unit: &Self| unit.entry().1.contains(&word);
        Self::in_full(word).or_else(|| Self::ALL.into_iter().find(short))
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
    pub fn seconds(self) -> Option<i64> {
        Some(self.entry().2).filter(|seconds| *seconds > 0)
    }

    /// Returns the name, such as `minute`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.entry().0
    }

    /// Returns the shortest form, such as `m`.
    #[must_use]
    pub fn short(self) -> &'static str {
        self.entry().1.first().copied().unwrap_or_default()
    }
}
