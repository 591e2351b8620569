//! Checks of the parts that only some readers of an incident may see.

use super::partial::EVERYTHING;
use super::{Case, Check, Finding, Findings, Run};
use crate::archive::occurrences;
use crate::diagnostic::Level;
use crate::kind::{Step, Visit};
use crate::source::Path;

/// The checks of this topic.
pub const CHECKS: &[Check] = &[Check {
    code: "redaction-unused",
    level: Level::Warning,
    traits: &[],
    summary: "the incident does not contain a phrase of `redact`",
    why: "If the incident spells the phrase differently, every reader sees it.",
    example: "`redact = [{ text = \"Lars Novak\" }]`, in the same words as in the report",
    reads: EVERYTHING,
    run: Run::Incident(redaction_unused),
}];

fn redaction_unused(case: &Case, findings: &mut Findings) {
    let record = case.record;
    for (index, redaction) in record.incident.redact.iter().enumerate() {
        let mut is_found = false;
        let mut look = |text: &str| {
            is_found = is_found || occurrences(text, &redaction.text).next().is_some();
        };
        Visit::strings(&record.incident, &mut |steps, _, text| {
            if !matches!(steps, [Step::Key("redact"), ..]) {
                look(text);
            }
        });
        Visit::strings(&record.timeline, &mut |_, _, text| look(text));
        for customer in record.customers() {
            Visit::strings(customer, &mut |_, _, text| look(text));
        }
        for (path, file) in &record.files {
            look(path.as_str());
            file.text().into_iter().for_each(&mut look);
        }
        look(&serde_json::Value::Object(record.incident.extra.clone()).to_string());
        if !is_found {
            let path = Path::new().key("redact").index(index).key("text");
            findings.add(
                Finding::new(format!("`{}` is not in the incident", redaction.text))
                    .at(case.file(), path, "")
                    .help("write the phrase as the incident does, in whole words, or remove it"),
            );
        }
    }
}
