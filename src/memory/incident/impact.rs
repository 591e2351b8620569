//! Imports the section `Impact` of an entry: duration, affected users and revenue.

use std::collections::BTreeSet;

use super::{Draft, Entry, Part, Section};
use crate::incident::Effect;
use crate::kind::Line;
use crate::moment::{Written, Zone};
use crate::token::{Languages, TimeUnit};

impl Draft {
    pub(super) fn impact(&mut self, entry: &Entry, section: &Section) -> Result<(), String> {
        let (items, mut unmapped) = super::items(entry, section);
        let mut seen = BTreeSet::new();
        for (line, item) in items {
            let item = item.replace('\n', " ");
            let Some((name, text)) = item.split_once(':') else {
                unmapped.push((line, format!("- {item}")));
                continue;
            };
            let (name, text) = (name.trim_matches(['*', ' ']), text.trim());
            // A repeated item is kept as an effect.
            let is_first = seen.insert(name.to_owned());
            match name {
                // Keep brackets that contain more than a duration.
                "Duration" if is_first && self.duration(line, text) && has_plain_brackets(text) => {
                }
                "Affected" if is_first => self.affected(text)?,
                "Revenue impact" if is_first && !text.is_empty() => {
                    let impact = self.incident.impact.get_or_insert_default();
                    let business = impact.business.get_or_insert_default();
                    business.revenue = Some(Line::new(text)?);
                }
                _ if !name.is_empty() && !text.is_empty() => {
                    let impact = self.incident.impact.get_or_insert_default();
                    impact.effects.push(Effect {
                        name: Line::new(name)?,
                        text: Line::new(text)?,
                    });
                }
                _ => unmapped.push((line, format!("- {item}"))),
            }
        }
        unmapped.sort();
        self.keep_unmapped(section, Part::Impact, &unmapped)
    }

    /// Imports `14:30 - 15:00 UTC (30 min)`; returns `false` if the text is something else.
    fn duration(&mut self, line: usize, text: &str) -> bool {
        let (span, stated) = match text.split_once('(') {
            Some((span, rest)) => (span.trim(), rest.strip_suffix(')')),
            None => (text, None),
        };
        let dashes = [" - ", " – ", " — ", "–"];
        let Some((from, to)) = dashes.iter().find_map(|dash| span.split_once(dash)) else {
            return false;
        };
        let time = |text: &str| text.trim().parse::<Written>().ok();
        let (to, zone) = match to.trim().rsplit_once(' ') {
            Some((to, zone)) if time(zone).is_none() => (to, Some(zone)),
            _ => (to, None),
        };
        let (Some(from), Some(to)) = (time(from), time(to)) else {
            return false;
        };
        let zone = match zone.map(str::parse::<Zone>).transpose() {
            Ok(zone) => zone,
            Err(reason) => {
                let note = format!("{reason}; the times are kept as text");
                self.notes.push((line, note));
                return false;
            }
        };
        self.zone = zone;
        if let Some(day) = from.day {
            self.day = day;
            self.approximate = false;
        }
        self.span = Some((from, to, line));
        let stated = stated.and_then(|stated| stated.strip_suffix(" min")?.parse::<i64>().ok());
        if let (Some(stated), Some(from), Some(to)) = (stated, from.time, to.time) {
            let minutes = (to.at - from.at).num_minutes().rem_euclid(24 * 60);
            if stated.rem_euclid(24 * 60) != minutes {
                self.notes.push((
                    line,
                    format!("stated duration is {stated} minutes, but start to end is {minutes}"),
                ));
            }
        }
        true
    }

    /// Imports `All checkout attempts (~2,500 users)`.
    fn affected(&mut self, text: &str) -> Result<(), String> {
        let in_brackets = || text.strip_suffix(" users)")?.rsplit_once('(');
        let alone = || Some(("", text.strip_suffix(" users")?));
        let counted = in_brackets().or_else(alone).and_then(|(summary, count)| {
            let digits = count.trim_start_matches('~').replace(',', "");
            let users: u32 = digits.parse().ok()?;
            Some((summary.trim(), users, count.starts_with('~')))
        });
        if text.is_empty() {
            return Ok(());
        }
        let impact = self.incident.impact.get_or_insert_default();
        let summary = match counted {
            Some((summary, users, about)) => {
                impact.users = Some(users);
                impact.users_estimated = about;
                summary
            }
            None => text,
        };
        if !summary.is_empty() {
            impact.summary = Some(Line::new(summary)?);
        }
        Ok(())
    }
}

/// Returns `true` unless the brackets after a time span contain more than a duration.
fn has_plain_brackets(text: &str) -> bool {
    let Some((_, inner)) = text.split_once('(') else {
        return true;
    };
    let words = inner.split(|c: char| !c.is_alphabetic());
    let mut words = words.filter(|word| !word.is_empty());
    inner.ends_with(')')
        && words.all(|word| word == "about" || TimeUnit::named(word, Languages::English).is_some())
}
