//! Imports the facts of an investigation.

use super::super::super::draft::Draft;
use super::super::super::vocabulary::SummaryLabel;
use super::super::super::words::{line, web_link};
use super::{incident, split_at_commas};
use crate::incident::{Analysis, Link};
use crate::kind::{Day, Either, Id};
use crate::moment::parse_day;

fn analysis(draft: &mut Draft) -> &mut Analysis {
    draft.incident.analysis.get_or_insert_default()
}

/// Imports a labelled value of an investigation; returns `false` if it is unknown.
pub(super) fn analysis_fact(
    draft: &mut Draft,
    meaning: SummaryLabel,
    label: &str,
    value: &str,
) -> bool {
    match meaning {
        SummaryLabel::AnalysisDate => {
            let Ok(day) = parse_day(value) else {
                return false;
            };
            draft.set(label, |draft| &mut analysis(draft).date, Day(day));
        }
        SummaryLabel::AnalysisStatus => {
            draft.set(label, |draft| &mut analysis(draft).status_note, line(value));
        }
        SummaryLabel::Incidents => {
            let ids = split_at_commas(value)
                .into_iter()
                .map(|text| incident(draft, text));
            let Some(ids) = ids.collect::<Option<Vec<Id>>>() else {
                return false;
            };
            draft.add(
                |incident| &mut incident.analysis.get_or_insert_default().incidents,
                ids,
            );
        }
        SummaryLabel::Supersedes => {
            let report = |text| match incident(draft, text) {
                Some(id) => Some(Either::Short(id)),
                None => web_link(text).map(|(title, url)| {
                    Either::Table(Link {
                        title: line(&title),
                        url: Some(url),
                    })
                }),
            };
            let reports = split_at_commas(value).into_iter().map(report);
            let Some(reports) = reports.collect::<Option<Vec<_>>>() else {
                return false;
            };
            draft.add(
                |incident| &mut incident.analysis.get_or_insert_default().supersedes,
                reports,
            );
        }
        _ => return false,
    }
    true
}
