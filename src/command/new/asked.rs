//! What `afterword new` asks on a terminal if it is not given: the severity and the services.

use std::io::{self, IsTerminal};

use anyhow::{Context, anyhow, bail};
use camino::Utf8Path;

use super::Arguments;
use crate::check;
use crate::command::{eprint, eprint_line, typed, vocabulary};
use crate::config::Config;
use crate::kind::Line;
use crate::source;

/// Returns the key of a severity, however its case was typed.
///
/// # Errors
/// Returns an error if the settings have no such severity; its message suggests one.
pub(in crate::command) fn known_severity(config: &Config, typed: &str) -> anyhow::Result<String> {
    let known = config.severities();
    let mut same = known
        .iter()
        .filter(|severity| severity.key.eq_ignore_ascii_case(typed));
    if let Some(severity) = same.next() {
        return Ok(severity.key.clone());
    }
    let near = check::meant_severity(config, typed);
    let near = near.map(|key| format!("{} ", source::ask(typed, &key)));
    bail!(
        "unknown severity `{typed}`; {}expected one of {}",
        near.unwrap_or_default(),
        severity_keys(config)
    )
}

fn severity_keys(config: &Config) -> String {
    let known = config.severities();
    let keys: Vec<String> = known
        .iter()
        .map(|severity| format!("`{}`", severity.key))
        .collect();
    keys.join(", ")
}

/// Returns the severity that was given, or asks for it on a terminal.
pub(super) fn severity(config: &Config, typed: Option<&str>) -> anyhow::Result<String> {
    if let Some(typed) = typed {
        return known_severity(config, typed);
    }
    let keys = severity_keys(config);
    loop {
        match ask(&format!("Severity, one of {keys}: "))? {
            None => bail!("missing `--severity`; expected one of {keys} (you can change it later)"),
            Some(typed) => match known_severity(config, &typed) {
                Ok(key) => return Ok(key),
                Err(reason) => eprint_line(&reason.to_string()),
            },
        }
    }
}

/// Returns the services that were given, or asks for them on a terminal; an empty answer means none.
///
/// # Errors
/// Returns an error if one is almost a service of the archive.
pub(super) fn services(root: &Utf8Path, arguments: &Arguments) -> anyhow::Result<Vec<Line>> {
    let typed = arguments.services.as_slice();
    let asked = match typed {
        [] => ask("Affected services, separated by commas (may be empty): ")?,
        _ => None,
    };
    let answered = asked.iter().flat_map(|answer| answer.split(','));
    let answered = answered.filter(|service| !service.trim().is_empty());
    let services = typed.iter().map(String::as_str).chain(answered);
    let mut services = services.map(str::trim).peekable();
    let used = match services.peek() {
        Some(_) => vocabulary::services(root)?,
        None => Vec::new(),
    };
    let used: Vec<&str> = used.iter().map(String::as_str).collect();
    let mut found: Vec<Line> = Vec::new();
    for service in services {
        let service = arguments.new.name_in_archive("service", service, &used);
        let service = service.map_err(|reason| anyhow!("{reason}; nothing written"))?;
        let service = typed::name(&service, "service")?;
        if !found.contains(&service) {
            found.push(service);
        }
    }
    Ok(found)
}

/// Asks a question; `None` if nobody can answer, because standard input is not a terminal or was closed.
fn ask(question: &str) -> anyhow::Result<Option<String>> {
    if !io::stdin().is_terminal() {
        return Ok(None);
    }
    eprint(question);
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    let read = read.context("cannot read standard input")?;
    Ok((read > 0).then(|| answer.trim().to_owned()))
}
