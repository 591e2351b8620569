//! Checks of custom fields: their settings, and their values in `[extra]`.

use super::governance::required_severity;
use super::partial::EVERYTHING;
use super::{ArchiveCase, Case, Check, Finding, Findings, Run, Trait, listed};
use crate::config::FieldKind;
use crate::diagnostic::Level;
use crate::source::{self, Path};

/// The file of the settings.
const CONFIG: &str = "afterword.toml";

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "unknown-field",
        level: Level::Warning,
        traits: &[],
        summary: "a key of `[extra]` is not one of the archive's fields",
        why: "The report does not show it.",
        example: "`[fields.region]` in `afterword.toml` defines the key `region` of `[extra]`. An archive without fields may use any key.",
        reads: EVERYTHING,
        run: Run::Incident(unknown_field),
    },
    Check {
        code: "invalid-field",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "a value of `[extra]` is not one that its field allows",
        why: "The report could not show it, and metrics would count it wrongly.",
        example: "A field with `kind = \"date\"` is written as `2026-04-17`.",
        reads: EVERYTHING,
        run: Run::Incident(invalid_field),
    },
    Check {
        code: "required-field-missing",
        level: Level::Warning,
        traits: &[Trait::OfFinished],
        summary: "a resolved incident lacks a field that its severity requires",
        why: "Your team agreed on what each report must contain, in `[fields.*] required`.",
        example: "`[fields.region] required = [\"P1\"]` needs `region` in `[extra]` of each resolved P1.",
        reads: EVERYTHING,
        run: Run::Incident(required_field_missing),
    },
    Check {
        code: "field-settings",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "the settings of a field contradict each other or name an unknown severity",
        why: "The field would never be required, or could never have a valid value.",
        example: "`values` is for fields of the kinds `text` and `list`.",
        reads: EVERYTHING,
        run: Run::Archive(field_settings),
    },
];

fn extra(key: &str) -> Path {
    Path::new().key("extra").key(key)
}

fn setting(key: &str) -> Path {
    Path::new().key("fields").key(key)
}

fn unknown_field(case: &Case, findings: &mut Findings) {
    let fields = &case.config.fields;
    if fields.0.is_empty() {
        return;
    }
    let known = || fields.0.iter().map(|(key, _)| &**key);
    for key in case.record.incident.extra.keys() {
        if fields.get(key).is_none() {
            let near = source::did_you_mean(key, known());
            let help = near.unwrap_or_else(|| {
                format!("add `[fields.{key}]` to `{CONFIG}`, or remove the key")
            });
            findings.add(
                Finding::new(format!("unknown field `{key}`"))
                    .at_key(case.file(), extra(key), "")
                    .help(help),
            );
        }
    }
}

fn invalid_field(case: &Case, findings: &mut Findings) {
    for (key, field) in &case.config.fields.0 {
        let Some(value) = case.record.incident.extra.get(&**key) else {
            continue;
        };
        let Some(texts) = field.texts(value) else {
            let expected = field.kind.describe();
            findings.add(
                Finding::new(format!("expected {expected} for the field `{key}`"))
                    .at(case.file(), extra(key), "")
                    .help(format!("write {expected}")),
            );
            continue;
        };
        for (index, text) in texts.iter().enumerate() {
            if field.allows(text) {
                continue;
            }
            let known = || field.values.iter().map(|value| &**value);
            let all: Vec<String> = known().map(|value| format!("`{value}`")).collect();
            let near = source::did_you_mean(text, known());
            let path = match field.kind {
                FieldKind::List => extra(key).index(index),
                _ => extra(key),
            };
            findings.add(
                Finding::new(format!("`{text}` is not a value of the field `{key}`"))
                    .at(case.file(), path, "")
                    .help(near.unwrap_or_else(|| format!("write one of {}", listed(&all)))),
            );
        }
    }
}

fn required_field_missing(case: &Case, findings: &mut Findings) {
    let Some(severity) = required_severity(case) else {
        return;
    };
    for (key, field) in &case.config.fields.0 {
        let is_required = field.required.iter().any(|one| **one == *severity.key);
        let value = case.record.incident.extra.get(&**key);
        let is_given =
            value.is_some_and(|value| value.as_array().is_none_or(|list| !list.is_empty()));
        if !is_required || is_given {
            continue;
        }
        let (file, path) = case.severity_location();
        findings.add(
            Finding::new(format!(
                "missing field `{key}`, which {} requires",
                severity.key
            ))
            .at(file, path, "")
            .help(format!(
                "add `{key}` to `[extra]`: {}",
                field.kind.describe()
            )),
        );
    }
}

fn field_settings(archive: &ArchiveCase, findings: &mut Findings) {
    let severities = archive.config.severities();
    for (key, field) in &archive.config.fields.0 {
        if !field.values.is_empty() && !matches!(field.kind, FieldKind::Text | FieldKind::List) {
            findings.add(
                Finding::new(format!("the field `{key}` has `values`, but is no text"))
                    .at(CONFIG.as_ref(), setting(key).key("values"), "")
                    .at(CONFIG.as_ref(), setting(key).key("kind"), "its kind")
                    .help("remove `values`, or set `kind` to `text` or `list`"),
            );
        }
        for (index, required) in field.required.iter().enumerate() {
            if severities.iter().any(|severity| severity.key == **required) {
                continue;
            }
            let known = || severities.iter().map(|severity| severity.key.as_str());
            let all: Vec<String> = known().map(|key| format!("`{key}`")).collect();
            let near = source::did_you_mean(required, known());
            findings.add(
                Finding::new(format!("unknown severity `{required}`"))
                    .at(
                        CONFIG.as_ref(),
                        setting(key).key("required").index(index),
                        "",
                    )
                    .help(near.unwrap_or_else(|| format!("write one of {}", listed(&all)))),
            );
        }
    }
}
