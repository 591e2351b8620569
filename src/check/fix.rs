//! Checks of the fix: its status, and the environments in which it is deployed.

use super::partial::Parts;
use super::{Case, Check, Finding, Findings, Run};
use crate::diagnostic::Level;
use crate::incident::{Fix, FixStatus, Rollout};
use crate::source::{self, Path};

const FIX: Parts = &[
    "incident.environment",
    "incident.fix.status",
    "incident.fix.rollout",
    "incident.tables",
];

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "fix-status-differs",
        level: Level::Warning,
        traits: &[],
        summary: "the status of the fix differs from its rollout",
        why: "Readers who see `Deployed` assume that every affected environment has the fix.",
        example: "`status = \"pending_deploy\"` in `[fix]` until the last affected environment is `deployed`.",
        reads: &[FIX],
        run: Run::Incident(status_differs),
    },
    Check {
        code: "unknown-environment",
        level: Level::Warning,
        traits: &[],
        summary: "a rollout or a table names an environment that the incident did not affect",
        why: "Readers cannot tell whether it is about the affected environment.",
        example: "`environment = [\"production eu-1\", \"production eu-2\"]` lists both. Stages before production, such as `staging`, need not be listed.",
        reads: &[FIX],
        run: Run::Incident(unknown_environment),
    },
];

/// Environments in which a fix is tested before it reaches an affected one, lowercase.
const STAGES: &[&str] = &[
    "canary",
    "ci",
    "dev",
    "development",
    "integration",
    "int",
    "lab",
    "local",
    "pre-prod",
    "pre-production",
    "preprod",
    "preproduction",
    "preview",
    "qa",
    "sandbox",
    "stage",
    "staging",
    "test",
    "testing",
    "uat",
];

/// Returns `true` if an environment is a stage before production, as in `staging` or `eu staging`.
fn is_stage(environment: &str) -> bool {
    let environment = environment.to_lowercase();
    let mut words = environment.split([' ', '/', '_', ':']);
    words.any(|word| STAGES.contains(&word))
}

/// Returns `true` if one of two environments is the other or a part of it, as `production eu-1` of `production`.
fn is_same(left: &str, right: &str) -> bool {
    let (left, right) = (left.to_lowercase(), right.to_lowercase());
    let is_part = |whole: &str, part: &str| {
        part.split(|c: char| !c.is_alphanumeric() && c != '-')
            .any(|word| word == whole)
            || part
                .strip_prefix(whole)
                .is_some_and(|rest| rest.is_empty() || !rest.starts_with(char::is_alphanumeric))
    };
    is_part(&left, &right) || is_part(&right, &left)
}

/// Returns the rollouts to environments that are not a stage before production, with their positions.
fn affected(fix: &Fix) -> impl Iterator<Item = (usize, &Rollout)> {
    let all = fix.rollout.iter().enumerate();
    all.filter(|(_, rollout)| !is_stage(&rollout.environment))
}

fn rollout_path(index: usize) -> Path {
    Path::new().key("fix").key("rollout").index(index)
}

fn status_differs(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let Some(fix) = &incident.fix else { return };
    let Some(status) = fix.status else { return };
    let path = Path::new().key("fix").key("status");
    let is_deployed = |rollout: &Rollout| rollout.status.is_some_and(FixStatus::is_deployed);
    if status.is_deployed() {
        for (index, rollout) in affected(fix) {
            let Some(there) = rollout.status.filter(|there| !there.is_deployed()) else {
                continue;
            };
            let message = format!(
                "the fix is `{}`, but in `{}` it is `{}`",
                status.as_str(),
                rollout.environment,
                there.as_str()
            );
            findings.add(
                Finding::new(message)
                    .at(case.file(), path.clone(), "")
                    .at(
                        case.file(),
                        rollout_path(index).key("status"),
                        "not deployed here",
                    )
                    .help(format!(
                        "write `status = \"{}\"` in `[fix]`, or update the rollout",
                        there.as_str()
                    )),
            );
        }
        return;
    }
    let environments = &incident.environment.0;
    let reached = |environment: &str| {
        affected(fix).any(|(_, rollout)| is_same(environment, &rollout.environment))
    };
    let everywhere = !environments.is_empty()
        && environments.iter().all(|environment| reached(environment))
        && affected(fix).all(|(_, rollout)| is_deployed(rollout));
    if everywhere && status != FixStatus::Reverted {
        findings.add(
            Finding::new(format!(
                "the fix is `{}`, but every environment has it",
                status.as_str()
            ))
            .at(case.file(), path, "")
            .help("write `status = \"deployed\"`, or update the rollout"),
        );
    }
}

fn unknown_environment(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let known = &incident.environment.0;
    if known.is_empty() {
        return;
    }
    let rollouts = incident.fix.iter().flat_map(affected);
    let rollouts = rollouts.map(|(index, rollout)| (rollout_path(index), &rollout.environment));
    let tables = incident.tables.iter().enumerate();
    let tables = tables.filter_map(|(index, table)| {
        let path = Path::new().key("tables").index(index);
        Some((path, table.environment.as_ref()?))
    });
    let tables = tables.filter(|(_, environment)| !is_stage(environment));
    for (path, environment) in rollouts.chain(tables) {
        if known.iter().any(|known| is_same(known, environment)) {
            continue;
        }
        let near = source::did_you_mean(environment, known.iter().map(|known| &**known));
        let help = near.unwrap_or_else(|| {
            "add it to `environment`, or write its name as it is there".to_owned()
        });
        findings.add(
            Finding::new(format!("`{environment}` is not in `environment`"))
                .at(case.file(), path.key("environment"), "")
                .at(case.file(), Path::new().key("environment"), "affected")
                .help(help),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_an_environment_is_that_environment() {
        for (known, typed, expected) in [
            ("production", "Production", true),
            ("production", "production eu-1", true),
            ("eu-1", "production eu-1", true),
            ("production eu-1", "production", true),
            ("production", "production-eu", true),
            ("production", "prodution", false),
            ("production", "productions", false),
            ("eu-1", "eu-2", false),
        ] {
            assert_eq!(is_same(known, typed), expected, "{known} {typed}");
        }
        assert!(is_stage("Staging") && is_stage("eu staging") && !is_stage("production"));
    }
}
