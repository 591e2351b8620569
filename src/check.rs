//! Finds what an archive says that cannot be, disagrees, or is missing.
//!
//! A check is a row of its topic's table: a code, a level, why it matters, an
//! example, and a function. It names places by file and path, so a clean archive
//! costs nothing for positions. No check touches a file.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use camino::Utf8Path;
use chrono::NaiveDate;
use rayon::prelude::*;

use serde::{Deserialize, Serialize};

use crate::archive::{Archive, Record};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Level, Locator, Rule};
use crate::facts::{Endpoint, EndpointSource, Facts, Neighbor};
use crate::source::Path;
use crate::timeline::Mark;

mod actions;
mod communication;
mod events;
mod governance;
mod incident_refs;
mod levels;
mod numbers;
pub mod reference;
mod references;
pub mod sensitive_terms;
mod stated;
mod texts;
mod time;
mod timeline;
mod words;

pub use incident_refs::IncidentRefs;
pub(crate) use incident_refs::id_digest;

use incident_refs::Ids;
use levels::{Levels, nearest};
use texts::Text;
use time::UnresolvedTime;

/// A check.
pub struct Check {
    /// Its name in settings and messages: `action-without-owner`.
    pub code: &'static str,
    /// How grave it is, unless the settings say otherwise.
    pub level: Level,
    /// Whether the settings may say otherwise.
    pub settable: Settable,
    /// What it finds, in one phrase.
    pub summary: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// What it finds, and what to write instead.
    pub example: &'static str,
    /// What it looks at.
    pub run: Run,
}

/// Whether the level of a check may be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settable {
    /// It may be set, and an incident may be excused from it.
    Yes,
    /// A report cannot be right without it.
    Never,
}

/// What a check looks at.
#[derive(Clone, Copy)]
pub enum Run {
    /// One incident by itself.
    Incident(fn(&Case, &mut Findings)),
    /// All incidents together.
    Archive(fn(&ArchiveCase, &mut Findings)),
}

/// One incident with what its checks need.
pub struct Case<'a> {
    /// The incident.
    pub record: &'a Record,
    /// Its numbers.
    pub facts: &'a Facts,
    /// The archive's settings.
    pub config: &'a Config,
    /// The day that `overdue` and `future` are measured against.
    pub as_of: NaiveDate,
    /// What a reader may see, collected when the first check asks for it.
    texts: OnceCell<Vec<Text<'a>>>,
    /// The times that mean no moment, likewise.
    no_moments: OnceCell<Vec<UnresolvedTime<'a>>>,
}

impl<'a> Case<'a> {
    /// Puts together what the checks of an incident need.
    #[must_use]
    pub fn new(record: &'a Record, facts: &'a Facts, config: &'a Config, as_of: NaiveDate) -> Self {
        Self {
            record,
            facts,
            config,
            as_of,
            texts: OnceCell::new(),
            no_moments: OnceCell::new(),
        }
    }

    /// Gives the incident's file.
    #[must_use]
    pub fn file(&self) -> &'a Utf8Path {
        &self.record.source.incident
    }

    /// Gives the timeline's file; the incident's where there is none.
    #[must_use]
    pub fn timeline_file(&self) -> &'a Utf8Path {
        self.record
            .source
            .timeline
            .as_deref()
            .unwrap_or(&self.record.source.incident)
    }

    /// Lists every text of the incident and its timeline that a reader may see.
    fn texts(&self) -> &[Text<'a>] {
        self.texts.get_or_init(|| texts::collect(self.record))
    }

    /// Lists the written times of the incident and its timeline that mean no moment.
    fn no_moments(&self) -> &[UnresolvedTime<'a>] {
        self.no_moments.get_or_init(|| time::no_moments(self))
    }

    /// Gives file and place of a mark: in the timeline, else in `[times]`.
    #[must_use]
    pub fn mark_location(&self, mark: Mark, event: Option<usize>) -> (&'a Utf8Path, Path) {
        let event = event.and_then(|index| Some((index, self.record.timeline.events.get(index)?)));
        match event.and_then(|(index, event)| {
            Some((index, event.marks.iter().position(|other| *other == mark)?))
        }) {
            Some((event, at)) => (
                self.timeline_file(),
                Path::new()
                    .key("events")
                    .index(event)
                    .key("marks")
                    .index(at),
            ),
            None => (self.file(), Path::new().key("times").key(mark.as_str())),
        }
    }

    /// Gives file and place of an end of a clock.
    #[must_use]
    pub fn place(&self, end: &Endpoint) -> (&'a Utf8Path, Path) {
        match end.source {
            EndpointSource::Mark(mark) => self.mark_location(mark, end.event),
            EndpointSource::Message(index) => {
                let message = self.record.incident.messages.get(index);
                let key = if message.is_some_and(|message| message.sent_at.is_some()) {
                    "sent_at"
                } else {
                    "event"
                };
                (
                    self.file(),
                    Path::new().key("messages").index(index).key(key),
                )
            }
        }
    }
}

/// All incidents together.
pub struct ArchiveCase<'a> {
    /// What is known of each, by id.
    pub members: &'a [Member<'a>],
    /// The ids of incidents that could not be read.
    pub broken: &'a BTreeSet<String>,
}

/// An incident as the checks of the whole archive see it.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    /// The incident as others refer to it.
    pub neighbor: &'a Neighbor,
    /// What it says of others.
    pub ties: &'a IncidentRefs,
}

impl<'a> Member<'a> {
    /// Gives the incident's file.
    #[must_use]
    pub fn file(&self) -> &'a Utf8Path {
        &self.neighbor.source.incident
    }
}

/// What the checks found so far.
#[derive(Default)]
pub struct Findings {
    found: Vec<Finding>,
}

/// Something that a check found; the check's row gives code and level.
#[derive(Debug, Clone)]
pub struct Finding {
    diagnostic: Diagnostic,
}

impl Findings {
    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        self.found.push(finding);
    }
}

impl Finding {
    /// Says what is wrong: a lower-case phrase without a full stop.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            diagnostic: Diagnostic::error("", message),
        }
    }

    /// Adds a value's place; the first is where the fault is, others explain it.
    #[must_use]
    pub fn at(self, file: &Utf8Path, path: Path, label: impl Into<String>) -> Self {
        Self {
            diagnostic: self.diagnostic.at(file, Locator::Path(path), label),
        }
    }

    /// Adds a key's place.
    #[must_use]
    pub fn at_key(self, file: &Utf8Path, path: Path, label: impl Into<String>) -> Self {
        Self {
            diagnostic: self.diagnostic.at(file, Locator::Key(path), label),
        }
    }

    /// Adds a whole file as a place.
    #[must_use]
    pub fn at_file(self, file: &Utf8Path) -> Self {
        Self {
            diagnostic: self.diagnostic.at(file, Locator::File, ""),
        }
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self {
            diagnostic: self.diagnostic.help(help),
        }
    }
}

/// A topic: its name and its checks.
pub type Topic = (&'static str, &'static [Check]);

/// Every check, by topic, in the order of `docs/checks.md`.
pub const TOPICS: &[Topic] = &[
    ("references", references::CHECKS),
    ("numbers", numbers::CHECKS),
    ("time", time::CHECKS),
    ("timeline", timeline::CHECKS),
    ("actions", actions::CHECKS),
    ("words", words::CHECKS),
    ("communication", communication::CHECKS),
    ("governance", governance::CHECKS),
];

/// Lists every check.
pub fn all() -> impl Iterator<Item = &'static Check> {
    TOPICS.iter().flat_map(|(_, checks)| checks.iter())
}

/// Lists the checks as rules, for formats that carry their documentation.
#[must_use]
pub fn rules() -> Vec<Rule> {
    all()
        .map(|check| Rule {
            code: check.code,
            summary: check.summary,
            help: check.why,
        })
        .collect()
}

/// Lists every text of an incident and its timeline that a reader may see.
#[must_use]
pub fn texts(record: &Record) -> Vec<&str> {
    texts::collect(record)
        .into_iter()
        .map(|text| text.text)
        .collect()
}

/// Checks an archive that is in memory against a day.
#[must_use]
pub fn check(archive: &Archive, broken: &BTreeSet<String>, as_of: NaiveDate) -> Vec<Diagnostic> {
    let records = &archive.records;
    let ids = records.iter().map(|record| record.id.as_str());
    let checker = Checker::new(&archive.config, as_of, ids);
    let mut found = Vec::new();
    let mut checked: Vec<(Neighbor, Checked)> = records
        .par_iter()
        .map(|record| {
            let facts = Facts::compute(record, &archive.config);
            let neighbor = Neighbor::new(record, &facts, &archive.config);
            (neighbor, checker.incident(record, &facts))
        })
        .collect();
    for (_, one) in &mut checked {
        found.append(&mut one.diagnostics);
    }
    let members = checked.iter().map(|(neighbor, checked)| Member {
        neighbor,
        ties: &checked.ties,
    });
    found.extend(checker.archive(&members.collect::<Vec<_>>(), broken));
    found
}

/// Checks incidents one by one, and what they say together once all were seen.
///
/// None has to stay in memory: what is kept of each is a [`Neighbor`] and a [`Checked`].
pub struct Checker<'a> {
    config: &'a Config,
    as_of: NaiveDate,
    levels: Levels,
    /// The ids of all incidents, whether they can be read or not.
    ids: Ids<'a>,
}

/// What the checks of one incident found.
#[derive(Debug, Serialize, Deserialize)]
pub struct Checked {
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    /// What the checks of the whole archive need of it.
    pub ties: IncidentRefs,
}

impl<'a> Checker<'a> {
    /// Prepares the checks of an archive of these ids, against a day.
    #[must_use]
    pub fn new(config: &'a Config, as_of: NaiveDate, ids: impl Iterator<Item = &'a str>) -> Self {
        Self {
            config,
            as_of,
            levels: Levels::from_config(config),
            ids: Ids::collect(ids),
        }
    }

    /// Checks one incident.
    #[must_use]
    pub fn incident(&self, record: &Record, facts: &Facts) -> Checked {
        let case = Case::new(record, facts, self.config, self.as_of);
        Checked {
            diagnostics: incident(&case, &self.levels),
            ties: IncidentRefs::collect(&case, &self.ids),
        }
    }

    /// Checks what all incidents say together, and the settings of the checks.
    #[must_use]
    pub fn archive(self, members: &[Member], broken: &BTreeSet<String>) -> Vec<Diagnostic> {
        let whole = ArchiveCase { members, broken };
        let mut found = Vec::new();
        for (place, check) in all().enumerate() {
            if let (Run::Archive(run), Some(level)) = (check.run, self.levels.of_check(place)) {
                let mut findings = Findings::default();
                run(&whole, &mut findings);
                found.extend(finished(findings, check, level));
            }
        }
        found.extend(self.levels.unknown);
        found
    }
}

fn incident(case: &Case, levels: &Levels) -> Vec<Diagnostic> {
    let (record, config) = (case.record, case.config);
    let ended = case.facts.ended;
    let ended = ended.map(|end| end.moment.day(record.zone(config)));
    let spared = config
        .checks
        .since
        .is_some_and(|since| ended.is_some_and(|ended| ended < since.0));
    let mut found = Vec::new();
    let mut used = vec![false; record.incident.allow.len()];
    for (place, check) in all().enumerate() {
        let (Run::Incident(run), Some(level)) = (check.run, levels.of_check(place)) else {
            continue;
        };
        if spared && check.settable == Settable::Yes {
            continue;
        }
        let mut findings = Findings::default();
        run(case, &mut findings);
        if findings.found.is_empty() {
            continue;
        }
        let allowed = record
            .incident
            .allow
            .iter()
            .position(|allow| *allow.check == *check.code);
        match (allowed, check.settable) {
            (Some(allow), Settable::Yes) => {
                if let Some(used) = used.get_mut(allow) {
                    *used = true;
                }
            }
            _ => found.extend(finished(findings, check, level)),
        }
    }
    let path = |place: usize| Path::new().key("allow").index(place).key("check");
    for (place, allow) in record.incident.allow.iter().enumerate() {
        let known = all().find(|check| *check.code == *allow.check);
        let (code, message) = match known {
            None => (
                "unknown-check",
                format!("there is no check `{}`", allow.check),
            ),
            Some(check) if check.settable == Settable::Never => (
                "unused-allow",
                format!(
                    "`{}` cannot be allowed: a report is not right without it",
                    allow.check
                ),
            ),
            // What all incidents say together is not known here.
            Some(check) if matches!(check.run, Run::Archive(_)) => continue,
            Some(_) if spared || used.get(place).copied().unwrap_or_default() => continue,
            Some(_) => (
                "unused-allow",
                format!("`{}` finds nothing here", allow.check),
            ),
        };
        let diagnostic =
            Diagnostic::warning(code, message).at(case.file(), Locator::Path(path(place)), "");
        found.push(match nearest(&allow.check).filter(|_| known.is_none()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help("remove the entry"),
        });
    }
    found
}

fn finished(
    findings: Findings,
    check: &'static Check,
    level: Level,
) -> impl Iterator<Item = Diagnostic> {
    findings.found.into_iter().map(move |finding| Diagnostic {
        code: check.code,
        level,
        ..finding.diagnostic
    })
}
