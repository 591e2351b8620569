//! Rules for variables whose name and value are two members of a table: `{"name": "DB_PASS", "value": "…"}`.

use regex_lite::Captures;

use super::super::{REMOVED, Rule, rule};
use super::{is_about, is_placeholder, named};

/// The member with the name of a credential.
const NAME: &str = r#" \b (?: name | key | variable | label | field ) [\\"']{0,4} \s* [:=] \s* [\\"']{0,4}
    (?<name> [\w-]* (?: pass | passwd | password | pwd | secret | token | api_?key | credential ) [\w-]* ) [\\"']{0,4} "#;

/// The member with the value: in quotes all that they enclose.
const VALUE: &str = r#" \b value [\\"']{0,4} \s* [:=] \s*
    (?: [\\"']{1,4} (?<quoted> [^"'\\\n]+ ) [\\"']{1,4} | (?<bare> [^\s"'\\,}]+ ) ) "#;

/// What separates two members.
const NEXT: &str = r#" \s* ,? \s* [\\"']{0,4} "#;

/// Other members between the two, such as `"type": "plain"`.
const OTHERS: &str = r#" (?: , \s* [\\"']{1,4} [\w-]+ [\\"']{1,4} \s* : \s* [\\"']{0,4} [^\s"'\\,{}]* [\\"']{0,4} \s* ){0,3} "#;

/// Returns the rules, one for each order.
pub(super) fn rules() -> Vec<Rule> {
    let signs = &[':', '='];
    vec![
        rule(
            signs,
            &format!("(?ix) {NAME} {OTHERS} {NEXT} {VALUE}"),
            value,
        ),
        rule(
            signs,
            &format!("(?ix) {VALUE} {OTHERS} {NEXT} {NAME}"),
            |found, text| {
                let after = text.get(found.get(0)?.end()..)?;
                let next = after.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '}');
                // The name has a value of its own after it.
                let is_first = next
                    .get(..5)
                    .is_some_and(|next| next.eq_ignore_ascii_case("value"));
                if is_first { None } else { value(found, text) }
            },
        ),
    ]
}

/// Replaces the value, and nothing around it.
fn value(found: &Captures, text: &str) -> Option<String> {
    let whole = found.get(0)?;
    let value = found.name("quoted").or_else(|| found.name("bare"))?;
    if is_about(named(found, "name")) || is_placeholder(value.as_str()) {
        return None;
    }
    let before = text.get(whole.start()..value.start())?;
    let after = text.get(value.end()..whole.end())?;
    Some(format!("{before}{REMOVED}{after}"))
}
