//! Checks of signatures: roles, dates and approval.

use chrono::NaiveDate;

use super::required_severity;
use crate::check::{Case, Finding, Findings, listed};
use crate::incident::SignatureRole;
use crate::source::Path;

pub(super) fn signature_missing(case: &Case, findings: &mut Findings) {
    let Some(severity) = required_severity(case) else {
        return;
    };
    let signed = |role: SignatureRole| {
        let signatures = case
            .record
            .incident
            .sign_off
            .iter()
            .flat_map(|sign_off| &sign_off.signatures);
        signatures
            .into_iter()
            .any(|signature| signature.role == role)
    };
    let missing: Vec<String> = severity
        .sign_off
        .iter()
        .filter(|role| !signed(**role))
        .map(|role| format!("`{}`", role.as_str()))
        .collect();
    if !missing.is_empty() {
        let (file, path, label) = if case.record.incident.sign_off.is_some() {
            (case.file(), Path::new().key("sign_off"), "")
        } else {
            let (file, path) = case.severity_location();
            (file, path, "required by this")
        };
        findings.add(
            Finding::new(format!(
                "a resolved {} requires the {} of {}",
                severity.key,
                if missing.len() == 1 {
                    "signature"
                } else {
                    "signatures"
                },
                listed(&missing)
            ))
            .at(file, path, label)
            .help(
                "add `[[sign_off.signatures]]` with this `role` once they have signed the report",
            ),
        );
    }
}

pub(super) fn review_late(case: &Case, findings: &mut Findings) {
    let zone = case.record.zone(case.config);
    let due = || {
        let severity = required_severity(case)?;
        let within = severity.review_within?;
        let ended = case.facts.ended?.moment.day(zone);
        Some((severity.key, within.after(ended)?, within))
    };
    let Some((severity, due, within)) = due() else {
        return;
    };
    let review = reviewed_on(case).into_iter().min_by_key(|(_, on)| *on);
    let rule = format!("{severity} requires it within {} of the end", &*within);
    let finding = match review {
        Some((path, on)) if on > due => {
            Finding::new(format!("the review on {on} is after {due}")).at(case.file(), path, rule)
        }
        None if case.as_of.is_after(due) => {
            let path = Path::new().key("communication").key("internal");
            Finding::new(format!("no review is recorded; it was due by {due}")).at(
                case.file(),
                path.key("review_on"),
                rule,
            )
        }
        _ => return,
    };
    findings.add(finding.help(
        "record it as `review_on` in `[communication.internal]`, or as a reviewer's signature with its date",
    ));
}

/// Returns the dates on which the incident was reviewed, or will be: planned, or as signed.
fn reviewed_on(case: &Case) -> Vec<(Path, NaiveDate)> {
    let incident = &case.record.incident;
    let zone = case.record.zone(case.config);
    let communication = incident.communication.as_ref();
    let internal = communication.and_then(|communication| communication.internal.as_ref());
    let planned = internal
        .and_then(|internal| case.record.when(internal.review_on.as_ref(), None))
        .map(|moment| {
            let path = Path::new().key("communication").key("internal");
            (path.key("review_on"), moment.day(zone))
        });
    let sign_off = incident.sign_off.iter();
    let signed = sign_off.flat_map(|sign_off| {
        let signatures = sign_off.signatures.iter().enumerate();
        signatures
            .filter(|(_, signature)| signature.role == SignatureRole::Reviewer)
            .filter_map(|(index, signature)| {
                let path = Path::new().key("sign_off").key("signatures").index(index);
                let date = signature.date.or(sign_off.date)?;
                Some((path, date.0))
            })
    });
    planned.into_iter().chain(signed).collect()
}

/// Returns the dates of the sign-off and of its signatures, with their key paths.
pub(in crate::check) fn signing_dates<'a>(
    case: &Case<'a>,
) -> impl Iterator<Item = (Path, NaiveDate)> + use<'a> {
    let path = || Path::new().key("sign_off");
    let sign_off = case.record.incident.sign_off.iter();
    sign_off.flat_map(move |sign_off| {
        let signatures = sign_off.signatures.iter().enumerate();
        let signatures = signatures.map(move |(index, signature)| {
            let path = path().key("signatures").index(index).key("date");
            (path, signature.date)
        });
        let dates = [(path().key("date"), sign_off.date)].into_iter();
        dates
            .chain(signatures)
            .filter_map(|(path, date)| Some((path, date?.0)))
    })
}

pub(super) fn signed_before_end(case: &Case, findings: &mut Findings) {
    let Some(ended) = case.facts.ended else {
        return;
    };
    let day = ended.moment.day(case.record.zone(case.config));
    for (path, signed) in signing_dates(case).filter(|(_, signed)| *signed < day) {
        let (file, end_path) = case.endpoint_location(&ended);
        let finding = Finding::new(format!(
            "signed on {signed}, before the incident ended on {day}"
        ));
        findings.add(
            finding
                .at(case.file(), path, "signed here")
                .at(file, end_path, "ended here")
                .help("correct the date, or have the report signed again"),
        );
    }
}

pub(super) fn self_approval(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let signatures = || {
        incident
            .sign_off
            .iter()
            .flat_map(|sign_off| &sign_off.signatures)
    };
    let mut led: Vec<String> = incident
        .people
        .commanders()
        .map(str::to_lowercase)
        .collect();
    if led.is_empty() {
        let signed = signatures().find(|signature| signature.role == SignatureRole::Commander);
        led.extend(signed.map(|signature| signature.name.to_lowercase()));
    }
    for (index, signature) in signatures().enumerate() {
        if signature.role == SignatureRole::Approver && led.contains(&signature.name.to_lowercase())
        {
            let path = Path::new()
                .key("sign_off")
                .key("signatures")
                .index(index)
                .key("name");
            let finding = Finding::new(format!(
                "`{}` led the incident and also approved the report",
                signature.name
            ));
            findings.add(
                finding
                    .at(case.file(), path, "")
                    .help("have somebody else approve the report"),
            );
        }
    }
}

pub(super) fn signature_without_date(case: &Case, findings: &mut Findings) {
    let Some(sign_off) = case
        .record
        .incident
        .sign_off
        .as_ref()
        .filter(|sign_off| sign_off.date.is_none())
    else {
        return;
    };
    for (index, signature) in sign_off
        .signatures
        .iter()
        .enumerate()
        .filter(|(_, signature)| signature.date.is_none())
    {
        let path = Path::new()
            .key("sign_off")
            .key("signatures")
            .index(index)
            .key("name");
        let finding = Finding::new(format!("signature of `{}` has no date", signature.name));
        findings.add(
            finding
                .at(case.file(), path, "")
                .help("add `date` to `[sign_off]` or to the signature"),
        );
    }
}
