//! The reference of all checks, `docs/checks.md`, made from their table.

use super::{Check, Run, Settable, TOPICS};
use crate::diagnostic::Rule;

/// Prints the reference: first the checks by topic, then what reading a file can find.
#[must_use]
pub fn markdown(reading: &[Rule]) -> String {
    let mut text = String::from(
        "# Checks\n\n\
         `afterword check` names what an archive says that cannot be, disagrees, or is missing; `afterword build`\n\
         runs the same checks first and stops on errors. `afterword explain CODE` prints one entry of this page;\n\
         it knows the codes of files that cannot be read, of [the memory](memory.md#check-it) and of the audit, too, and lists\n\
         all of them without a code.\n\n\
         The level of a check is set in `afterword.toml`: `[checks]` with `CODE = \"error\"`, `\"warning\"` or `\"off\"`.\n\
         `since = 2026-01-01` there spares incidents that ended earlier. One incident is excused from a check by\n\
         `allow = [{ check = \"CODE\", reason = \"…\" }]` at its top. A check that is always an error cannot be set or\n\
         excused: a report is not right without it.\n",
    );
    for (topic, checks) in TOPICS {
        let mut letters = topic.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        text.push_str(&format!(
            "\n## {}{}\n",
            first.unwrap_or_default(),
            letters.as_str()
        ));
        for check in *checks {
            text.push_str(&entry(check));
        }
    }
    text.push_str("\n## Reading\n\nThese are always errors, but for `ignored-file`, `template-unused` and `timeline-without-incident`, which are warnings.\n\n");
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
        Run::Archive(_) => "; looks at all incidents together",
    };
    format!(
        "\n### {}\n\n{} ({level}{scope})\n\n{}\n\n{}\n",
        check.code,
        sentence(check.summary),
        check.why,
        check.example
    )
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters
        .next()
        .map(|first| first.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
