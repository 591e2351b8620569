//! Checks that the files that an incident refers to exist, and that they can be shown.

use super::*;

pub(super) fn missing_file(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let mut add = |file: &Utf8Path, path: Path, problem: Option<(String, &'static str)>| {
        if let Some((message, help)) = problem {
            findings.add(Finding::new(message).at(file, path, "").help(help));
        }
    };
    let outside = |target: &str| {
        let message = format!("`{target}` is outside the archive");
        Some((message, "copy the file into the archive"))
    };
    let nowhere = |target: &str| {
        Some((
            format!("`{target}` is not part of the site"),
            "link to a file or a report, with a path relative to the folder of this file, or to a page such as `../metrics.html`",
        ))
    };
    let missing = |path: &Utf8Path| {
        let is_missing = case.record.files.get(path) == Some(&ReferredFile::Missing);
        is_missing.then(|| (
            format!("file `{path}` not found in the archive"),
            "add the file, or correct the path: it is relative to the folder of this file, and symbolic links are not followed",
        ))
    };
    let withheld = |path: &Utf8Path| {
        case.record.published(path).is_none().then(|| (
            format!("file `{path}` is not published"),
            "move it to a folder for files: inputs, hidden files and files at the top of the archive are not published",
        ))
    };
    case.record.each_link(|link| {
        let problem = match link.place() {
            Some(LocalTarget::Outside) => outside(&link.target.url),
            Some(LocalTarget::Nowhere) => nowhere(&link.target.url),
            Some(LocalTarget::File(path)) => missing(&path).or_else(|| withheld(&path)),
            Some(LocalTarget::Report { .. } | LocalTarget::Page(_)) | None => None,
        };
        add(link.file, texts::path(link.steps), problem);
    });
    if let Some(file) = &case.record.customers_file {
        let path = Path::new().key("impact").key("customers_file");
        add(case.file(), path, withheld(&file.path));
    }
    let mut check = |path: Path, file: Option<&FilePath>| {
        let Some(file) = file else { return };
        let problem = match case.record.resolve(file) {
            None => outside(file),
            Some(path)
                if matches!(case.record.files.get(&path), Some(ReferredFile::Opaque(_)))
                    && incident.report.as_ref() == Some(file) =>
            {
                Some((
                    format!("report `{path}` cannot be shown because it is too large or not text"),
                    "save it as Markdown in UTF-8, or raise `[limits] file_bytes`",
                ))
            }
            // The report prints the path or the text of a file that is not published.
            Some(path) => missing(&path),
        };
        add(case.file(), path, problem);
    };
    let key = |name: &str| Path::new().key(name);
    check(key("report"), incident.report.as_ref());
    for (index, reference) in incident.references.iter().enumerate() {
        check(
            key("references").index(index).key("file"),
            reference.file.as_ref(),
        );
    }
    for (index, evidence) in incident.evidence.iter().enumerate() {
        check(
            key("evidence").index(index).key("file"),
            evidence.file.as_ref(),
        );
    }
    for (index, action) in incident
        .self_healing
        .iter()
        .flat_map(|healing| &healing.actions)
        .enumerate()
    {
        check(
            key("self_healing").key("actions").index(index).key("run"),
            action.run.as_ref(),
        );
    }
    if let Some(alert) = incident
        .detection
        .as_ref()
        .and_then(|detection| detection.alert.as_ref())
    {
        check(
            key("detection").key("alert").key("file"),
            alert.file.as_ref(),
        );
    }
}
