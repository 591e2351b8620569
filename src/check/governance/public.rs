//! Checks the texts for external readers.

use super::*;

pub(super) fn public_text_missing(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let public = incident.public.as_ref();
    let full = public.is_some_and(|public| public.report == Some(PublicReport::Full));
    if case.record.audience() > Audience::Customers
        || (full && case.record.audience() == Audience::Public)
    {
        return;
    }
    let missing: Vec<&str> = [
        ("title", public.is_some_and(|public| public.title.is_some())),
        (
            "summary",
            public.is_some_and(|public| public.summary.is_some()),
        ),
    ]
    .iter()
    .filter(|(_, given)| !given)
    .map(|(key, _)| *key)
    .collect();
    if !missing.is_empty() {
        let keys: Vec<String> = missing.iter().map(|key| format!("`{key}`")).collect();
        let path = if public.is_some() {
            Path::new().key("public")
        } else {
            Path::new().key("classification")
        };
        let help = if full {
            "write them for readers who do not know your systems, or publish the full report with `classification = \"public\"`"
        } else {
            "write them for readers who do not know your systems, or classify the incident as `internal`"
        };
        findings.add(
            Finding::new(format!(
                "an incident for external readers requires {} in `[public]`",
                listed(&keys)
            ))
            .at(case.file(), path, "")
            .help(help),
        );
    }
}

pub(super) fn public_key_unused(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let Some(public) = &incident.public else {
        return;
    };
    if public.report != Some(PublicReport::Full) {
        return;
    }
    let path = || Path::new().key("public");
    if case.record.audience() != Audience::Public {
        findings.add(
            Finding::new(
                "`report = \"full\"` has no effect: the incident is not classified `public`",
            )
            .at(case.file(), path().key("report"), "")
            .help("remove it, or set `classification = \"public\"`"),
        );
        return;
    }
    let texts = [
        ("id", public.id.is_some()),
        ("title", public.title.is_some()),
        ("summary", public.summary.is_some()),
        ("cause", public.cause.is_some()),
        ("measures", !public.measures.is_empty()),
        ("not_affected", public.not_affected.is_some()),
        ("workaround", public.workaround.is_some()),
    ];
    for (key, _) in texts.iter().filter(|(_, is_given)| *is_given) {
        let help = match *key {
            "id" => {
                "remove `id`: the full report has the incident's own ID; to hide it, remove `report` and write `title` and `summary`"
            }
            _ => "remove it, or remove `report` to publish the texts of `[public]` instead",
        };
        findings.add(
            Finding::new(format!(
                "`{key}` is not used: `report = \"full\"` publishes the whole report"
            ))
            .at(case.file(), path().key(*key), "")
            .help(help),
        );
    }
}

pub(super) fn duplicate_public_id(archive: &ArchiveCase, findings: &mut Findings) {
    let mut first: BTreeMap<String, &Member> = BTreeMap::new();
    for member in archive.members {
        let Some(id) = &member.neighbor.public_id else {
            continue;
        };
        if let Some(other) = first.insert(id.to_ascii_lowercase(), member) {
            let path = || Path::new().key("public").key("id");
            findings.add(
                Finding::new(format!("duplicate public ID `{id}`"))
                    .at(member.file(), path(), "again here")
                    .at(other.file(), path(), "first here")
                    .help("give one of them another `id`"),
            );
        }
    }
}
