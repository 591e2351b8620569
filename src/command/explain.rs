//! `afterword explain`: documents a check, with its reason and a fix.

use anyhow::anyhow;

use super::{Outcome, print};
use crate::audit;
use crate::check::{self, Check, Run, Trait};
use crate::diagnostic::Rule;
use crate::load::{self, shape};
use crate::memory;
use crate::publish::write;
use crate::source;

/// The arguments of `explain`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Check code [default: list all checks].
    code: Option<String>,
}

/// Prints the documentation of a code.
///
/// # Errors
/// Returns an error if the code is unknown.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    print(&match &arguments.code {
        None => list(),
        Some(code) => explain(code).ok_or_else(|| unknown(code))?,
    })?;
    Ok(Outcome::Done)
}

fn unknown(code: &str) -> anyhow::Error {
    let near = source::did_you_mean(code, rules().iter().map(|rule| rule.code));
    let near = near.map(|near| format!("{near} ")).unwrap_or_default();
    anyhow!("unknown check `{code}`; {near}run `afterword explain` for a list")
}

fn list() -> String {
    let mut text = String::new();
    for (topic, checks) in check::TOPICS {
        text.push_str(&format!("{topic}\n"));
        for check in *checks {
            text.push_str(&format!(
                "  {:7}  {}: {}\n",
                check.level.name(),
                check.code,
                check.summary
            ));
        }
    }
    text.push_str("reading\n");
    for rule in reading() {
        text.push_str(&format!("  {}: {}\n", rule.code, rule.summary));
    }
    for (topic, rules) in [
        ("memory", memory::check::RULES),
        ("audit", audit::RULES),
        ("build", write::RULES),
    ] {
        text.push_str(&format!("{topic}\n"));
        for rule in rules {
            text.push_str(&format!("  {}: {}\n", rule.code, rule.summary));
        }
    }
    text
}

fn explain(code: &str) -> Option<String> {
    let other = || {
        let rule = rules().into_iter().find(|rule| rule.code == code)?;
        Some(format!(
            "{}: {}\n\n{}\n",
            rule.code, rule.summary, rule.help
        ))
    };
    let mut checks = check::all();
    checks
        .find(|check| check.code == code)
        .map(one)
        .or_else(other)
}

fn one(check: &Check) -> String {
    let level = check.level.name();
    let is_fixed = check.is(Trait::Fixed);
    let settable = if is_fixed {
        "Always an error: a report would be wrong without it.".to_owned()
    } else {
        format!(
            "Default level: {level}. To change it, set `{} = \"error\"`, `\"warning\"` or `\"off\"` under `[checks]` in `afterword.toml`.",
            check.code
        )
    };
    let allow = match check.run {
        Run::Incident(_) if !is_fixed => format!(
            "\nTo exempt one incident, add `allow = [{{ check = \"{}\", reason = \"…\" }}]` at the top of its file.",
            check.code
        ),
        _ => String::new(),
    };
    format!(
        "{}: {}\n\n{}\n\n{}\n\n{settable}{allow}\n",
        check.code, check.summary, check.why, check.example
    )
}

/// Lists every code that a diagnostic can have, with its documentation.
pub(super) fn rules() -> Vec<Rule> {
    let reading = load::RULES.iter().chain(shape::RULES).copied();
    let others = memory::check::RULES.iter().chain(audit::RULES);
    let others = others.chain(write::RULES).copied();
    reading.chain(check::rules()).chain(others).collect()
}

fn reading() -> impl Iterator<Item = Rule> {
    let rules = load::RULES.iter().chain(shape::RULES);
    rules.chain(check::RULES).copied()
}
