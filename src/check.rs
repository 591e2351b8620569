//! Checks an archive for what is invalid, inconsistent or missing.
//!
//! A check is a row in the table of its topic: a code, a level, the reason, an
//! example, and a function. Findings have a file and a key path; line and column are
//! only computed when a finding is printed. No check reads a file.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, NaiveDate, Utc};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::archive::{Archive, Record, ReportAnchors};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Level, Locator, Rule};
use crate::facts::{Endpoint, EndpointSource, Facts, Neighbor};
use crate::moment::{Calendar, Moment};
use crate::source::{self, Path, Span, Unread};
use crate::timeline::Mark;

mod actions;
mod as_of;
mod case;
mod circles;
mod communication;
mod events;
mod fields;
mod finding;
mod fix;
mod governance;
mod handover;
mod incident_refs;
mod levels;
pub mod lexicon;
mod marks;
pub(crate) mod merged;
mod numbers;
mod partial;
mod plans;
mod references;
mod restricted;
pub mod sensitive_terms;
mod stated;
mod technical;
mod texts;
mod time;
mod timeline;
mod wording;

pub(crate) use incident_refs::id_digest;
pub use incident_refs::{IncidentRefs, PossibleIds};
pub use partial::{Lacking, Parts};

pub use as_of::{AsOf, Dated};
pub use case::{ArchiveCase, Case, Member};
pub use finding::{Finding, Findings};
use incident_refs::{Exemption, Ids};
pub use levels::RULES;
use levels::{Levels, did_you_mean};
use lexicon::Lexicon;
use numbers::Statements;
use sensitive_terms::TermLabel;
use texts::Text;
pub(crate) use time::with_offset;
use time::{UnresolvedTime, WrittenTime};

/// A check: one rule of `afterword check`.
pub struct Check {
    /// The code in settings and messages: `action-without-owner`.
    pub code: &'static str,
    /// The level, unless the settings change it.
    pub level: Level,
    /// Its properties apart from its level.
    pub traits: &'static [Trait],
    /// The pattern that it finds, in one clause.
    pub summary: &'static str,
    /// The consequence for a person, in one or two sentences.
    pub why: &'static str,
    /// An example of the fix.
    pub example: &'static str,
    /// The parts of the input that its findings depend on.
    pub reads: &'static [Parts],
    /// The function, by its scope.
    pub run: Run,
}

/// A property of a check apart from its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trait {
    /// A report with such a problem would be wrong, so no setting may change the level, and no incident is exempt.
    Fixed,
    /// By such an error a time is unknown, contradicted or still to come, so that an output would lack it, or state a
    /// wrong one.
    OfFacts,
    /// It compares marks. A command that changes a file must not cause such a finding.
    OfMarks,
    /// It finds what a finished report needs.
    OfFinished,
}

impl Check {
    /// Returns `true` if the check has a trait.
    #[must_use]
    pub fn is(&self, one: Trait) -> bool {
        self.traits.contains(&one)
    }
}

/// Returns `true` if the check with a code has a trait.
#[must_use]
pub fn has_trait(code: &str, one: Trait) -> bool {
    all().any(|check| check.code == code && check.is(one))
}

/// The scope and the function of a check.
#[derive(Clone, Copy)]
pub enum Run {
    /// Checks one incident.
    Incident(fn(&Case, &mut Findings)),
    /// Checks all incidents together.
    Archive(fn(&ArchiveCase, &mut Findings)),
}

/// A topic: a name and its checks.
pub type Topic = (&'static str, &'static [Check]);

/// All checks by topic, in the order of `docs/checks.md`.
pub const TOPICS: &[Topic] = &[
    ("references", references::CHECKS),
    ("plans", plans::CHECKS),
    ("numbers", numbers::CHECKS),
    ("time", time::CHECKS),
    ("marks", marks::CHECKS),
    ("timeline", timeline::CHECKS),
    ("severity and command", handover::CHECKS),
    ("events", events::CHECKS),
    ("actions", actions::CHECKS),
    ("fix", fix::CHECKS),
    ("wording", wording::CHECKS),
    ("communication", communication::CHECKS),
    ("governance", governance::CHECKS),
    ("restricted parts", restricted::CHECKS),
    ("fields", fields::CHECKS),
    ("technical details", technical::CHECKS),
];

pub use references::{linked, meant_severity};

/// Returns all checks.
pub fn all() -> impl Iterator<Item = &'static Check> {
    TOPICS.iter().flat_map(|(_, checks)| checks.iter())
}

/// Returns the checks as rules, for output formats that include their documentation.
#[must_use]
pub fn rules() -> Vec<Rule> {
    let checks = all().map(|check| Rule {
        code: check.code,
        summary: check.summary,
        help: check.why,
    });
    checks.chain(RULES.iter().copied()).collect()
}

/// Lists texts, as in `a, b and c`.
fn listed(texts: &[String]) -> String {
    match texts {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => texts.concat(),
    }
}

/// Checks an archive that is in memory, except for links to parts of reports; `as_of` is the reference date.
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
        refs: &checked.refs,
    });
    let members: Vec<Member> = members.collect();
    let anchors = BTreeMap::new();
    ArchiveCase::new(&archive.config, &members, broken, &anchors).check(&Unread::default(), found)
}

/// Checks incidents one by one.
///
/// An incident need not stay in memory: its [`Neighbor`] and its [`Checked`] have what is needed later.
pub struct Checker<'a> {
    config: &'a Config,
    as_of: NaiveDate,
    /// The current time, if the reference date is that of the clock.
    now: Option<DateTime<Utc>>,
    levels: Levels,
    /// The words that checks look for.
    lexicon: Lexicon<'a>,
    /// The IDs of all incidents, including those that cannot be read.
    ids: Ids<'a>,
    /// The parts of the settings that could not be read.
    unread: Unread,
}

/// The result of checking one incident.
#[derive(Debug, Serialize, Deserialize)]
pub struct Checked {
    /// The diagnostics of the incident.
    pub diagnostics: Vec<Diagnostic>,
    /// The references to other incidents, for the checks of the whole archive.
    pub refs: IncidentRefs,
    /// The words that would be references if an incident had that ID.
    pub possible_ids: PossibleIds,
    /// The dependence of the diagnostics on the date.
    dated: Dated,
    /// The time against which the incident was also checked.
    now: Option<DateTime<Utc>>,
}

impl Checked {
    /// Returns the result of a check of the same incident on another day, or at another time; `None` if it is not known, or
    /// if this one has errors.
    #[must_use]
    pub fn on(mut self, as_of: NaiveDate, now: Option<DateTime<Utc>>) -> Option<Self> {
        // What was not to come then is not to come later.
        let is_later = |now: DateTime<Utc>| self.now.is_some_and(|then| then <= now);
        let is_known = now.is_none_or(is_later);
        (is_known && self.dated.correct(&mut self.diagnostics, as_of)).then_some(self)
    }
}

impl<'a> Checker<'a> {
    /// Creates a checker for an archive with these incident IDs; `as_of` is the reference date.
    #[must_use]
    pub fn new(config: &'a Config, as_of: NaiveDate, ids: impl Iterator<Item = &'a str>) -> Self {
        Self {
            config,
            as_of,
            now: None,
            levels: Levels::from_config(config),
            lexicon: Lexicon::new(&config.words),
            ids: Ids::collect(ids),
            unread: Unread::default(),
        }
    }

    /// Skips checks that depend on parts of the settings that could not be read.
    #[must_use]
    pub fn without(mut self, unread: Unread) -> Self {
        self.unread = unread;
        self
    }

    /// Also reports ends that are still to come by the clock.
    #[must_use]
    pub fn at_time(mut self, now: Option<DateTime<Utc>>) -> Self {
        self.now = now;
        self
    }

    fn case<'c>(&'c self, record: &'c Record, facts: &'c Facts) -> Case<'c> {
        let mut case = Case::new(record, facts, self.config, &self.lexicon, self.as_of);
        case.now = self.now;
        case
    }

    /// Finds the errors by which the facts of an incident do not hold; no other check runs.
    #[must_use]
    pub fn fact_errors(&self, record: &Record, facts: &Facts) -> Vec<Diagnostic> {
        let mut case = self.case(record, facts);
        let read = Unread::default();
        let lacking = Lacking {
            incident: &read,
            timeline: &read,
            settings: &self.unread,
        };
        case.is_partial = !lacking.is_empty();
        let checks = all().filter(|check| check.is(Trait::OfFacts) && lacking.allows(check, &case));
        let mut found = Vec::new();
        for check in checks {
            if let Run::Incident(run) = check.run {
                let mut findings = Findings::default();
                run(&case, &mut findings);
                let findings = finished(findings, check, check.level);
                found.extend(findings.map(|found| merged::warned(&case, found)));
            }
        }
        found.retain(|found| found.level == Level::Error);
        locate(record, &mut found);
        found
    }

    /// Checks one incident.
    #[must_use]
    pub fn incident(&self, record: &Record, facts: &Facts) -> Checked {
        let mut case = self.case(record, facts);
        let read = Unread::default();
        let diagnostics = self.found(&mut case, &read, &read);
        let refs = IncidentRefs::collect(&case, &self.ids);
        Checked {
            diagnostics,
            refs,
            possible_ids: PossibleIds::collect(&case),
            dated: case.as_of.dated(),
            now: self.now,
        }
    }

    /// Checks the parts that could be read of an incident with errors or with a duplicate ID.
    #[must_use]
    pub fn parts(&self, record: &Record, incident: &Unread, timeline: &Unread) -> Vec<Diagnostic> {
        let facts = Facts::compute(record, self.config);
        let mut case = self.case(record, &facts);
        let mut found = self.found(&mut case, incident, timeline);
        found.extend(references::unknown_beside_errors(record, &self.ids));
        found
    }

    fn found(&self, case: &mut Case, incident: &Unread, timeline: &Unread) -> Vec<Diagnostic> {
        let lacking = Lacking {
            incident,
            timeline,
            settings: &self.unread,
        };
        case.is_partial = !lacking.is_empty();
        let mut found = self::incident(case, &self.levels, &lacking);
        locate(case.record, &mut found);
        found
    }
}

impl ArchiveCase<'_> {
    /// Checks all incidents together, and the settings of the checks; adds to what was found in each.
    ///
    /// Checks that depend on unread parts of the settings are skipped.
    #[must_use]
    pub fn check(&self, unread: &Unread, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        governance::skip_superseded(&mut found, self.members);
        let levels = Levels::from_config(self.config);
        for (index, check) in all().enumerate() {
            let setting = format!("checks.{}", check.code);
            if !check.is(Trait::Fixed) && unread.touches(&setting) {
                continue;
            }
            if let (Run::Archive(run), Some(level)) = (check.run, levels.of_check(index)) {
                let mut exempt: BTreeMap<Utf8PathBuf, usize> = BTreeMap::new();
                let mut allows: Vec<(&Utf8Path, usize, bool)> = Vec::new();
                for member in self.members {
                    let mut all = member.refs.exempt.iter();
                    let Some(exemption) = all.find(|exemption| exemption.code == check.code) else {
                        continue;
                    };
                    for path in member.neighbor.source.paths() {
                        exempt.insert(path, allows.len());
                    }
                    // Without an `allow`, nothing is unused.
                    let is_used = exemption.allow.is_none();
                    allows.push((member.file(), exemption.allow.unwrap_or_default(), is_used));
                }
                let mut findings = Findings::default();
                run(self, &mut findings);
                findings.found.retain(|finding| {
                    let primary = finding.diagnostic.primary();
                    let mut paths = primary
                        .into_iter()
                        .flat_map(|primary| primary.file.ancestors());
                    let Some(index) = paths.find_map(|path| exempt.get(path)) else {
                        return true;
                    };
                    if let Some((_, _, is_used)) = allows.get_mut(*index) {
                        *is_used = true;
                    }
                    false
                });
                // What the check would find about an incident that cannot be read is unknown.
                let unused = allows
                    .iter()
                    .filter(|(_, _, is_used)| !is_used && self.broken.is_empty());
                found.extend(unused.map(|(file, index, _)| unused_allow(file, *index, check.code)));
                found.extend(finished(findings, check, level));
            }
        }
        found.extend(levels.unknown);
        found
    }
}

/// Replaces the locations in the joined timeline by those in the files of its entries.
fn locate(record: &Record, found: &mut [Diagnostic]) {
    for location in found.iter_mut().flat_map(|found| &mut found.locations) {
        if let Locator::Path(path) | Locator::Key(path) = &mut location.at {
            (location.file, *path) = record.source.located(&location.file, path);
        }
    }
}

/// Returns `true` if an incident ended before the date from which incidents are checked.
fn is_skipped(case: &Case) -> bool {
    let ended = case.facts.ended;
    let ended = ended.map(|end| end.moment.day(case.record.zone(case.config)));
    let since = case.config.checks.since;
    since.is_some_and(|since| ended.is_some_and(|ended| ended < since.0))
}

/// Returns the checks of the whole archive that an incident is exempt from.
fn exempt(case: &Case) -> Vec<Exemption> {
    let is_skipped = is_skipped(case);
    let allow = &case.record.incident.allow;
    let checks =
        all().filter(|check| matches!(check.run, Run::Archive(_)) && !check.is(Trait::Fixed));
    let exempt = checks.filter_map(|check| {
        let allow = allow.iter().position(|allow| *allow.check == *check.code);
        let allow = allow.filter(|_| !is_skipped);
        (is_skipped || allow.is_some()).then(|| Exemption {
            code: check.code.to_owned(),
            allow,
        })
    });
    exempt.collect()
}

/// Returns the warning that an `allow` exempts its incident from nothing.
fn unused_allow(file: &Utf8Path, index: usize, check: &str) -> Diagnostic {
    let message = format!("unused `allow`: `{check}` finds nothing in this incident");
    let path = Path::new().key("allow").index(index).key("check");
    let diagnostic = Diagnostic::warning("unused-allow", message);
    let diagnostic = diagnostic.at(file, Locator::Path(path), "");
    diagnostic.help("remove this entry")
}

fn incident(case: &Case, levels: &Levels, lacking: &Lacking) -> Vec<Diagnostic> {
    let record = case.record;
    let is_skipped = is_skipped(case);
    let mut found = Vec::new();
    let mut used = vec![false; record.incident.allow.len()];
    for (index, check) in all().enumerate() {
        let (Run::Incident(run), Some(level)) = (check.run, levels.of_check(index)) else {
            continue;
        };
        if !lacking.allows(check, case) {
            continue;
        }
        if is_skipped && !check.is(Trait::Fixed) {
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
        match allowed {
            Some(allow) if !check.is(Trait::Fixed) => {
                if let Some(used) = used.get_mut(allow) {
                    *used = true;
                }
            }
            _ => found
                .extend(finished(findings, check, level).map(|found| merged::warned(case, found))),
        }
    }
    for (index, allow) in record.incident.allow.iter().enumerate() {
        let known = all().find(|check| *check.code == *allow.check);
        let (code, message) = match known {
            None => ("unknown-check", format!("unknown check `{}`", allow.check)),
            Some(check) if check.is(Trait::Fixed) => (
                "unused-allow",
                format!(
                    "`{}` cannot be allowed because a report with this problem would be wrong",
                    allow.check
                ),
            ),
            // Findings about all incidents together are not known yet.
            Some(check) if matches!(check.run, Run::Archive(_)) => continue,
            Some(check) if !lacking.allows(check, case) => continue,
            Some(_) if is_skipped || used.get(index).copied().unwrap_or_default() => continue,
            Some(check) => {
                found.push(unused_allow(case.file(), index, check.code));
                continue;
            }
        };
        let at = Locator::Path(Path::new().key("allow").index(index).key("check"));
        let mut diagnostic = Diagnostic::warning(code, message).at(case.file(), at.clone(), "");
        if let Some(code) = levels::misspelled(&allow.check).filter(|_| known.is_none()) {
            diagnostic = diagnostic.suggest(case.file(), at, format!("\"{code}\""));
        }
        let near = did_you_mean(&allow.check).filter(|_| known.is_none());
        found.push(diagnostic.help(near.unwrap_or_else(|| "remove this entry".to_owned())));
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
