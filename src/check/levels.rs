//! How much each check weighs in an archive, and settings that name no check.

use camino::Utf8Path;

use super::{Settable, all};
use crate::config::{Config, LevelSetting};
use crate::diagnostic::{Diagnostic, Level, Locator};
use crate::source::{self, Path};

/// Asks whether the check was meant whose code is most like a word.
pub(super) fn did_you_mean(code: &str) -> Option<String> {
    source::did_you_mean(code, all().map(|check| check.code))
}

/// The level of each check, by its place, as the settings say.
pub(super) struct Levels {
    levels: Vec<Option<Level>>,
    /// The settings that name no check, or one that cannot be set.
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
                |check| match set(check.code).filter(|_| check.settable == Settable::Yes) {
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
                None => format!("there is no check `{name}`"),
                Some(check) if check.settable == Settable::Never => {
                    format!("the level of `{name}` cannot be set: a report is not right without it")
                }
                Some(_) => return None,
            };
            let at = Locator::Key(Path::new().key("checks").key(name.as_str()));
            let diagnostic = Diagnostic::warning("unknown-check", message).at(file, at, "");
            let near = did_you_mean(name).filter(|_| all().all(|check| check.code != name));
            Some(diagnostic.help(near.unwrap_or_else(|| "remove the line".to_owned())))
        });
        Self {
            levels,
            unknown: unknown.collect(),
        }
    }

    pub fn of_check(&self, place: usize) -> Option<Level> {
        self.levels.get(place).copied().flatten()
    }
}
