//! Prints diagnostics as a `JUnit` report, which most CI systems show as test results.
//!
//! There is no standard; the elements and attributes are those of <https://github.com/testmoapp/junitxml>.

use super::{Diagnostic, Level, Sources, by_file, visible};

/// Prints one test suite for each file with problems, and one test case for each problem.
///
/// An error is a failure. So is a warning if `deny_warnings` is set; otherwise it is the output of a test that passed.
/// Without problems there is one test case that passed, because an empty report counts as a mistake in most systems.
pub fn print(diagnostics: &[Diagnostic], sources: &Sources, deny_warnings: bool) -> String {
    let mut suites: Vec<Suite> = Vec::new();
    by_file(diagnostics, sources, |diagnostic, sources| {
        let file = diagnostic.primary().map(|location| &location.file);
        let name = file.map_or_else(String::new, |file| sources.shown(file).into_string());
        if suites.last().is_none_or(|suite| suite.name != name) {
            suites.push(Suite::new(name.clone()));
        }
        if let Some(suite) = suites.last_mut() {
            suite.add(&name, diagnostic, sources, deny_warnings);
        }
    });
    if suites.is_empty() {
        let case = "    <testcase name=\"no problems\" classname=\"archive\"/>\n".to_owned();
        suites.push(Suite {
            cases: vec![case],
            ..Suite::new(String::new())
        });
    }
    let tests: usize = suites.iter().map(|suite| suite.cases.len()).sum();
    let failures: usize = suites.iter().map(|suite| suite.failures).sum();
    let suites: String = suites.iter().map(Suite::print).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"afterword\" tests=\"{tests}\" failures=\"{failures}\">\n{suites}</testsuites>\n"
    )
}

/// The problems of one file.
struct Suite {
    name: String,
    cases: Vec<String>,
    failures: usize,
}

impl Suite {
    fn new(name: String) -> Self {
        let cases = Vec::new();
        Self {
            name,
            cases,
            failures: 0,
        }
    }

    fn add(&mut self, file: &str, diagnostic: &Diagnostic, sources: &Sources, deny_warnings: bool) {
        let location = diagnostic.primary();
        let region = location.and_then(|location| sources.region(&location.file, &location.at));
        let place = match region {
            Some((start, _)) => format!("{file}:{}:{}", start.line, start.column),
            None => file.to_owned(),
        };
        let message = visible::line(&diagnostic.message);
        let mut body = format!(
            "{place}\n{}[{}]: {message}",
            diagnostic.level.name(),
            diagnostic.code
        );
        if let Some(help) = &diagnostic.help {
            body.push_str(&format!("\nhelp: {}", visible::lines(help)));
        }
        let mut case = format!(
            "    <testcase name={} classname={}",
            attribute(&format!("{}: {message}", diagnostic.code)),
            attribute(if file.is_empty() { "archive" } else { file }),
        );
        if let Some((start, _)) = region {
            case.push_str(&format!(
                " file={} line=\"{}\"",
                attribute(file),
                start.line
            ));
        }
        let body = text(&body);
        if diagnostic.level == Level::Error || deny_warnings {
            self.failures += 1;
            case.push_str(&format!(
                ">\n      <failure type=\"{}\" message={}>{body}</failure>\n    </testcase>\n",
                diagnostic.code,
                attribute(&message),
            ));
        } else {
            case.push_str(&format!(
                ">\n      <system-out>{body}</system-out>\n    </testcase>\n"
            ));
        }
        self.cases.push(case);
    }

    fn print(&self) -> String {
        let name = if self.name.is_empty() {
            "archive"
        } else {
            &self.name
        };
        format!(
            "  <testsuite name={} tests=\"{}\" failures=\"{}\">\n{}  </testsuite>\n",
            attribute(name),
            self.cases.len(),
            self.failures,
            self.cases.concat(),
        )
    }
}

/// Escapes a text for an element. Control characters were made visible before; XML has no code for two more characters.
fn text(text: &str) -> String {
    text.replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}")
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Returns a quoted attribute value.
fn attribute(value: &str) -> String {
    format!(
        "\"{}\"",
        text(value).replace('"', "&quot;").replace('\n', "&#10;")
    )
}
