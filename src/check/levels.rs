//! The level of each check in an archive, and settings for unknown checks.

use camino::Utf8Path;

use super::{Trait, all};
use crate::config::{Config, LevelSetting};
use crate::diagnostic::{Diagnostic, Level, Locator, Rule};
use crate::source::{self, Path};

/// The diagnostics of settings of checks.
pub const RULES: &[Rule] = &[
    Rule {
        code: "unknown-check",
        summary: "a setting names a check that does not exist or that is always an error",
        help: "Run `afterword explain` for a list of the checks.",
    },
    Rule {
        code: "unused-allow",
        summary: "an `allow` exempts the incident from nothing",
        help: "Remove it, so that it does not hide a finding that appears later.",
    },
];

/// Asks whether the check with the most similar code was meant, or returns `None` if none is similar.
pub(super) fn did_you_mean(code: &str) -> Option<String> {
    source::did_you_mean(code, all().map(|check| check.code))
}

/// Returns the code of which a code can only be a misspelling.
pub(super) fn misspelled(code: &str) -> Option<&'static str> {
    let (near, _) = source::nearest(code, all().map(|check| check.code))?;
    source::is_misspelling(code, near).then_some(near)
}

/// The level of each check by its index, with the settings applied. `None` means off.
pub(super) struct Levels {
    levels: Vec<Option<Level>>,
    /// The diagnostics of settings for unknown checks and for checks that cannot be set.
    pub unknown: Vec<Diagnostic>,
}

impl Levels {
    pub fn from_config(config: &Config) -> Self {
        let set = |code: &str| {
            config
                .checks
                .levels
                .iter()
                .find(|(name, _)| name == code)
                .map(|(_, level)| *level)
        };
        let levels = all()
            .map(
                |check| match set(check.code).filter(|_| !check.is(Trait::Fixed)) {
                    None => Some(check.level),
                    Some(LevelSetting::Error) => Some(Level::Error),
                    Some(LevelSetting::Warning) => Some(Level::Warning),
                    Some(LevelSetting::Off) => None,
                },
            )
            .collect();
        let file = Utf8Path::new("afterword.toml");
        let unknown = config.checks.levels.iter().filter_map(|(name, _)| {
            let message = match all().find(|check| check.code == name) {
                None => format!("unknown check `{name}`"),
                Some(check) if check.is(Trait::Fixed) => {
                    format!("the level of `{name}` cannot be changed because a report with this problem would be wrong")
                }
                Some(_) => return None,
            };
            let at = Locator::Key(Path::new().key("checks").key(name.as_str()));
            let mut diagnostic =
                Diagnostic::warning("unknown-check", message).at(file, at.clone(), "");
            if let Some(code) = misspelled(name).filter(|code| code != name) {
                diagnostic = diagnostic.suggest(file, at, code);
            }
            let near = did_you_mean(name).filter(|_| all().all(|check| check.code != name));
            Some(diagnostic.help(near.unwrap_or_else(|| "remove this line".to_owned())))
        });
        Self {
            levels,
            unknown: unknown.collect(),
        }
    }

    pub fn of_check(&self, index: usize) -> Option<Level> {
        self.levels.get(index).copied().flatten()
    }
}
