//! The reference of all checks, `docs/checks.md`, generated from their table.

use afterword::check::{Check, Run, TOPICS, Trait};
use afterword::diagnostic::Rule;

/// Renders the reference: the checks by topic, then the problems found while reading a file.
pub fn markdown(reading: &[Rule]) -> String {
    let mut text = String::from(
        "# Checks\n\n\
         `afterword check` reports what is invalid, inconsistent or missing in an archive; `afterword build` runs the\n\
         same checks first and stops on errors. `afterword explain CODE` prints one entry of this page. It also knows the\n\
         codes of files that cannot be read, of [the memory](memory.md#check-it) and of the audit; without a code, it lists\n\
         all of them.\n\n\
         Set the level of a check in `afterword.toml`: under `[checks]`, `CODE = \"error\"`, `\"warning\"` or `\"off\"`;\n\
         `since = 2026-01-01` skips incidents that ended earlier. To exempt one incident, add\n\
         `allow = [{ check = \"CODE\", reason = \"…\" }]` at the top of its file. A check that is always an error cannot be\n\
         set or exempted, because the report would be wrong.\n\n\
         [Numbers in texts](writing-an-incident.md#numbers-in-texts) lists the phrases whose numbers are compared.\n",
    );
    for (topic, checks) in TOPICS {
        text.push_str(&format!("\n## {}\n", sentence(topic)));
        for check in *checks {
            text.push_str(&entry(check));
        }
    }
    text.push_str("\n## Reading\n\nThese are errors, except for `ignored-file`, `template-unused`, `timeline-without-incident`, `unknown-check` and `unused-allow`, which are warnings. So is every problem in a timeline that no incident uses.\n\n");
    for rule in reading {
        text.push_str(&format!(
            "- **{}**: {}. {}\n",
            rule.code, rule.summary, rule.help
        ));
    }
    text
}

fn entry(check: &Check) -> String {
    let level = if check.is(Trait::Fixed) {
        "always an error"
    } else {
        check.level.name()
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

/// Returns a text with its first character in uppercase.
fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    first.chain(rest).collect()
}
