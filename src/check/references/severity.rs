//! Checks the names of severities against those of the settings.

use super::*;

pub(super) fn unknown_severity(case: &Case, findings: &mut Findings) {
    let own = case.record.incident.severity.as_deref();
    let own = own.map(|severity| (case.file(), Path::new().key("severity"), severity));
    let events = case.record.timeline.events.iter().enumerate();
    let stated = events.filter_map(|(index, event)| {
        let path = Path::new().key("events").index(index).key("severity");
        Some((case.timeline_file(), path, event.severity.as_deref()?))
    });
    let known = case.config.severities();
    for (file, path, severity) in own.into_iter().chain(stated) {
        if !known.iter().any(|known| known.key == severity) {
            let finding = unknown(case.config, &known, severity);
            let keys = known.iter().map(|known| known.key.as_str());
            let finding = finding.spell(file, path.clone(), severity, keys);
            findings.add(finding.at(file, path, ""));
        }
    }
}

fn unknown(config: &Config, known: &[Severity], severity: &str) -> Finding {
    let keys: Vec<String> = known
        .iter()
        .map(|known| format!("`{}`", known.key))
        .collect();
    let near =
        meant_severity(config, severity).map(|key| format!("{} ", source::ask(severity, &key)));
    Finding::new(format!("unknown severity `{severity}`")).help(format!(
        "{}expected one of {}; add others as `[severity.*]` in `afterword.toml`",
        near.unwrap_or_default(),
        keys.join(", ")
    ))
}

/// Finds the key of the severity that a text most likely means.
///
/// It may be written in another case, with its label or by it alone, by its number, or with a slip.
#[must_use]
pub fn meant_severity(config: &Config, typed: &str) -> Option<String> {
    let known = config.severities();
    let keys = || known.iter().map(|known| known.key.as_str());
    let near = source::nearest(typed, keys());
    if let Some((key, 0)) = near {
        return Some(key.to_owned());
    }
    let folded = source::folded(typed);
    let is_labelled = |known: &&Severity| {
        let label = known.label.as_deref().unwrap_or_default();
        let forms = [label.to_owned(), format!("{} ({label})", known.key)];
        !label.is_empty() && forms.iter().any(|form| source::folded(form) == folded)
    };
    if let Some(known) = known.iter().find(is_labelled) {
        return Some(known.key.clone());
    }
    // `Sev 2`, `S2` and `priority 2` say the number of a severity.
    let named = folded.trim_start_matches(char::is_alphabetic);
    let name = folded.strip_suffix(named).unwrap_or_default();
    let number = named.trim_start_matches('_');
    let is_named = matches!(
        name,
        "s" | "p" | "sev" | "severity" | "prio" | "priority" | "level"
    );
    let folded = if is_named { number } else { &folded };
    let is_number = !folded.is_empty() && folded.bytes().all(|byte| byte.is_ascii_digit());
    let mut numbered = keys().filter(|key| {
        let start = key.strip_suffix(folded);
        start.is_some_and(|start| !start.ends_with(|end: char| end.is_ascii_digit()))
    });
    match (is_number, numbered.next(), numbered.next()) {
        (true, Some(only), None) => Some(only.to_owned()),
        _ => near.map(|(key, _)| key.to_owned()),
    }
}

pub(super) fn duplicate_severity(whole: &ArchiveCase, findings: &mut Findings) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let known = whole.config.severities().into_iter();
    let mut keys: Vec<String> = known.map(|severity| severity.key).collect();
    for (key, _) in &whole.config.severity.0 {
        if keys.iter().all(|known| **known != **key) {
            keys.push(key.to_string());
        }
    }
    for key in keys {
        let Some(first) = seen.insert(key.to_lowercase(), key.clone()) else {
            continue;
        };
        let listed = whole.config.site.severities.as_ref();
        let place = listed.and_then(|keys| keys.iter().rposition(|other| **other == *key));
        let place = match place {
            Some(place) => Path::new().key("site").key("severities").index(place),
            None => Path::new().key("severity").key(key.as_str()),
        };
        let (message, help) = if first == key {
            let message = format!("the severity `{first}` is listed twice");
            (message, "remove one of the two".to_owned())
        } else {
            let message = format!("the severities `{first}` and `{key}` differ only in case");
            (message, format!("write `{first}`, or use another key"))
        };
        findings.add(
            Finding::new(message)
                .at(Utf8Path::new("afterword.toml"), place, "")
                .help(help),
        );
    }
}

pub(super) fn unknown_import_severity(whole: &ArchiveCase, findings: &mut Findings) {
    let known = whole.config.severities();
    for (name, severity) in &whole.config.import.severities.0 {
        if known.iter().all(|known| *known.key != **severity) {
            let path = Path::new().key("import").key("severities").key(&**name);
            let file = Utf8Path::new("afterword.toml");
            let keys = known.iter().map(|known| known.key.as_str());
            let finding = unknown(whole.config, &known, severity);
            let finding = finding.spell(file, path.clone(), severity, keys);
            findings.add(finding.at(file, path, ""));
        }
    }
}
