//! Checks of confidential terms and of links in texts that were written for external readers.

use memchr::memmem;

use super::is_external;
use crate::archive::{LocalTarget, local_target};
use crate::audience::Audience;
use crate::check::sensitive_terms::{CUSTOMER, Haystack, allowed};
use crate::check::texts::Text;
use crate::check::{Case, Finding, Findings};
use crate::dialect::{self, link};
use crate::kind::Step;

/// The kind of terms that a check looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermKind {
    /// Names of customers.
    Customers,
    /// All other confidential terms.
    Others,
}

pub(super) fn sensitive_terms(case: &Case, findings: &mut Findings, kind: TermKind) {
    let texts: Vec<(&Text, Haystack)> = external_texts(case)
        .map(|text| (text, Haystack::from(text.text)))
        .collect();
    if texts.is_empty() || case.record.is_open() {
        return;
    }
    let allowed = allowed(case.config);
    // Most terms are in none of the texts, which one search tells.
    let mut all: String = texts.iter().map(|(text, _)| text.text).collect();
    all.make_ascii_lowercase();
    let wanted = case.terms().iter().filter(|(term, label)| {
        let lower = term.to_ascii_lowercase();
        (**label == CUSTOMER) == (kind == TermKind::Customers)
            && memmem::find(all.as_bytes(), lower.as_bytes()).is_some()
            && !allowed.contains(&lower)
    });
    for (term, label) in wanted {
        // `Acme` is reported as `Acme Ltd` where the text has the longer name.
        let is_in_longer = |words: &Haystack| {
            let mut longer = case.terms().keys();
            longer.any(|other| {
                other.len() > term.len() && other.starts_with(term) && words.contains(other)
            })
        };
        let is_found = |words: &Haystack| words.contains(term) && !is_in_longer(words);
        for (text, _) in texts.iter().filter(|(_, words)| is_found(words)) {
            findings.add(
                Finding::new(format!("external text contains `{term}` ({label})"))
                    .at(text.file, text.path(), "")
                    .help(
                        "rephrase it, or add the term to `[audit] allow` if its readers may know it",
                    ),
            );
        }
    }
}

/// Returns the texts that were written for external readers.
fn external_texts<'c>(case: &'c Case) -> impl Iterator<Item = &'c Text<'c>> {
    let messages = super::message_texts(case)
        .filter(|(_, message, _)| is_external(message))
        .map(|(.., text)| text);
    let public = case
        .texts()
        .iter()
        .filter(|text| text.is_under(&["public"]));
    messages.chain(public)
}

pub(super) fn local_links(case: &Case, findings: &mut Findings) {
    let record = case.record;
    let events = &record.timeline.events;
    let is_shown = |text: &&Text| match *text.steps {
        [
            Step::Key("events"),
            Step::Index(index),
            Step::Key("text" | "body"),
        ] => events
            .get(index)
            .is_some_and(|event| record.shows(event, Audience::Customers)),
        _ => false,
    };
    let events = case.texts().iter().filter(is_shown);
    let events = events.filter(|_| record.audience().is_external());
    for text in external_texts(case).chain(events) {
        for target in dialect::targets(text.text) {
            let is_report = || {
                let place = local_target(&record.source.incident, &target.url);
                matches!(place, Some(LocalTarget::Report { .. }))
            };
            if !link::is_portable_or_part(&target.url) && !is_report() {
                let message = format!(
                    "external readers see only the words of the link to `{}`",
                    target.url
                );
                findings.add(
                    Finding::new(message)
                        .at(text.file, text.path(), "")
                        .help("use an address with `https`, or remove the link"),
                );
            }
        }
    }
}
