//! Checks that a report has what the settings require.

use super::*;

/// Returns the definition of a resolved incident's severity, with what its report requires.
///
/// `None` if the incident is open, is not of kind `incident`, or has no known severity.
pub(in crate::check) fn required_severity(case: &Case) -> Option<Severity> {
    let incident = &case.record.incident;
    let over = !case.facts.status.is_open() && matches!(incident.kind, Kind::Incident);
    let key = case.record.severity(case.config).filter(|_| over)?;
    let mut severities = case.config.severities().into_iter();
    severities.find(|severity| severity.key == key)
}

pub(super) fn section_missing(case: &Case, findings: &mut Findings) {
    // The sections of an existing report are not known.
    if case.record.incident.report.is_some() {
        return;
    }
    let Some(severity) = required_severity(case) else {
        return;
    };
    let missing: Vec<&str> = severity
        .require
        .iter()
        .filter_map(|requirement| {
            let (key, present) = requirement_of(*requirement, case);
            (!present).then_some(key)
        })
        .collect();
    if !missing.is_empty() {
        let keys: Vec<String> = missing.iter().map(|key| format!("`{key}`")).collect();
        findings.add(
            Finding::new(format!("a resolved {} requires {}", severity.key, listed(&keys)))
                .at(case.file(), Path::new().key("severity"), "required by this")
                .help("add the missing sections; `[severity.*] require` in `afterword.toml` sets which ones are required"),
        );
    }
}

fn requirement_of(requirement: Requirement, case: &Case) -> (&'static str, bool) {
    let incident: &Incident = &case.record.incident;
    match requirement {
        Requirement::Summary => ("summary", incident.summary.is_some()),
        Requirement::Timeline => ("timeline", !case.record.timeline.events.is_empty()),
        Requirement::RootCause => (
            "root_cause",
            incident
                .root_cause
                .as_ref()
                .is_some_and(|cause| cause.primary.is_some()),
        ),
        Requirement::Detection => ("detection", incident.detection.is_some()),
        Requirement::Impact => ("impact", incident.impact.is_some()),
        Requirement::Resolution => (
            "resolution",
            incident.resolution.is_some() || incident.fix.is_some(),
        ),
        Requirement::SelfHealing => ("self_healing", incident.self_healing.is_some()),
        Requirement::Communication => ("messages", !incident.messages.is_empty()),
        Requirement::Lessons => ("lessons", incident.lessons.is_some()),
        Requirement::ActionItems => ("action_items", !incident.action_items.is_empty()),
        Requirement::Technical => (
            "technical",
            !incident.technical.metrics.0.is_empty()
                || incident.technical.deployment.is_some()
                || !incident.evidence.is_empty(),
        ),
        Requirement::References => ("references", !incident.references.is_empty()),
        Requirement::SignOff => ("sign_off", incident.sign_off.is_some()),
    }
}
