//! The incidents of a run, first checked alone, then together.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use super::{ReadIncident, Taken};
use crate::archive::ReportAnchors;
use crate::check::{self, ArchiveCase, Member};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::facts::Neighbor;
use crate::source::Unread;

/// All incidents of a run, each checked alone.
pub struct CheckedIncidents {
    pub(super) kept: Vec<Taken>,
    pub(super) broken: BTreeSet<String>,
    pub(super) timelines: BTreeMap<Utf8PathBuf, Utf8PathBuf>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// All incidents of a run, and their problems.
pub struct ReadIncidents {
    /// Those that could be read, by ID.
    pub incidents: Vec<ReadIncident>,
    /// The IDs of those that could not.
    pub broken: BTreeSet<String>,
    /// The timeline of each incident that has one, by the incident's file, even if it cannot be read.
    pub timelines: BTreeMap<Utf8PathBuf, Utf8PathBuf>,
    /// The problems of the files that could not be read completely.
    pub diagnostics: Vec<Diagnostic>,
    /// The findings of the checks in the files that could be read.
    pub findings: Vec<Diagnostic>,
}

impl CheckedIncidents {
    /// Returns the reports to whose parts texts link.
    #[must_use]
    pub fn linked(&self) -> Vec<&Neighbor> {
        check::linked(&self.members())
    }

    /// Checks the incidents together; `anchors` has those on the pages of the linked reports.
    #[must_use]
    pub fn together(
        mut self,
        config: &Config,
        unread: &Unread,
        anchors: &BTreeMap<String, ReportAnchors>,
    ) -> ReadIncidents {
        let mut findings = Vec::new();
        for taken in &mut self.kept {
            findings.append(&mut taken.diagnostics);
        }
        let members = self.members();
        let case = ArchiveCase::new(config, &members, &self.broken, anchors);
        let findings = case.check(unread, findings);
        ReadIncidents {
            incidents: self.kept.into_iter().map(|taken| taken.incident).collect(),
            broken: self.broken,
            timelines: self.timelines,
            diagnostics: self.diagnostics,
            findings,
        }
    }

    fn members(&self) -> Vec<Member<'_>> {
        let members = self.kept.iter().map(|taken| Member {
            neighbor: &taken.incident.neighbor,
            refs: &taken.refs,
        });
        members.collect()
    }
}
