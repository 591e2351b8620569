//! Generates the reference of all checks, `docs/checks.md`, from their tables.

use super::{Check, Run, Settable, TOPICS};
use crate::diagnostic::Rule;

/// Renders the reference: first the checks by topic, then the rules for reading files.
#[must_use]
pub fn markdown(reading: &[Rule]) -> String {
    let mut text = String::from(
        "# Checks\n\n\
         `afterword check` reports what is invalid, inconsistent or missing in an archive; `afterword build`\n\
         runs the same checks first and stops on errors. `afterword explain CODE` prints one entry of this page.\n\
         It also explains the codes of unreadable files, of [the memory](memory.md#check-it) and of the audit. Without a\n\
         code it lists all of them.\n\n\
         Set the level of a check in `afterword.toml`, under `[checks]`: `CODE = \"error\"`, `\"warning\"` or `\"off\"`.\n\
         There, `since = 2026-01-01` skips incidents that ended earlier. To exempt one incident from a check, add\n\
         `allow = [{ check = \"CODE\", reason = \"…\" }]` at the top of its file. A check that is always an error cannot be\n\
         changed or allowed, because a report with this problem would be wrong.\n",
    );
    for (topic, checks) in TOPICS {
        let mut chars = topic.chars();
        let first = chars.next().map(|first| first.to_ascii_uppercase());
        text.push_str(&format!(
            "\n## {}{}\n",
            first.unwrap_or_default(),
            chars.as_str()
        ));
        for check in *checks {
            text.push_str(&entry(check));
        }
    }
    text.push_str("\n## Reading\n\nThese are always errors, except for `ignored-file`, `template-unused` and `timeline-without-incident`, which are warnings.\n\n");
    for rule in reading {
        text.push_str(&format!(
            "- **{}**: {}. {}\n",
            rule.code, rule.summary, rule.help
        ));
    }
    text
}

fn entry(check: &Check) -> String {
    let level = match check.settable {
        Settable::Yes => check.level.name(),
        Settable::Never => "always an error",
    };
    let scope = match check.run {
        Run::Incident(_) => "",
        Run::Archive(_) => "; checks all incidents together",
    };
    format!(
        "\n### {}\n\n{} ({level}{scope})\n\n{}\n\n{}\n",
        check.code,
        sentence(check.summary),
        check.why,
        check.example
    )
}

fn sentence(phrase: &str) -> String {
    let mut chars = phrase.chars();
    let first = chars
        .next()
        .map(|first| first.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}", chars.as_str())
}
