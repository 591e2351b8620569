//! Checks of confidential terms in texts that were written for external readers.

use super::{is_external, message_path};
use crate::check::sensitive_terms::{CUSTOMER, find, words};
use crate::check::{Case, Finding, Findings};
use crate::source::Path;

/// The kind of terms that a check looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermKind {
    /// Names of customers.
    Customers,
    /// All other confidential terms.
    Others,
}

pub(super) fn sensitive_terms(case: &Case, findings: &mut Findings, kind: TermKind) {
    let texts = texts(case);
    if texts.is_empty() || case.record.is_open() {
        return;
    }
    let contact = case.config.organization.contact.as_deref();
    let mut terms = words(case.record);
    terms.insert(case.record.id.clone(), "internal ID");
    let wanted = terms.iter().filter(|(term, label)| {
        let allowed = case
            .config
            .audit
            .allow
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(term));
        (**label == CUSTOMER) == (kind == TermKind::Customers)
            && contact != Some(term.as_str())
            && !allowed
    });
    for (term, label) in wanted {
        for (path, text) in &texts {
            if find(text, term).is_some() {
                findings.add(
                    Finding::new(format!("external text contains `{term}` ({label})"))
                        .at(case.file(), path.clone(), "")
                        .help(
                            "rephrase it, or add the term to `[audit] allow` if its readers may know it",
                        ),
                );
            }
        }
    }
}

/// Returns the texts that were written for external readers, with their key paths.
fn texts<'a>(case: &'a Case) -> Vec<(Path, &'a str)> {
    let incident = &case.record.incident;
    let mut texts = Vec::new();
    let messages = incident.messages.iter().enumerate();
    for (index, message) in messages.filter(|(_, message)| is_external(message)) {
        let subject = message.subject.as_deref().map(|text| ("subject", text));
        let body = message.body.as_deref().map(|text| ("body", text));
        for (key, text) in subject.into_iter().chain(body) {
            texts.push((message_path(index).key(key), text));
        }
    }
    let Some(public) = &incident.public else {
        return texts;
    };
    let table = || Path::new().key("public");
    let lines = [
        ("title", public.title.as_deref()),
        ("summary", public.summary.as_deref()),
        ("cause", public.cause.as_deref()),
        ("not_affected", public.not_affected.as_deref()),
        ("workaround", public.workaround.as_deref()),
    ];
    for (key, text) in lines {
        texts.extend(text.map(|text| (table().key(key), text)));
    }
    for (index, measure) in public.measures.iter().enumerate() {
        texts.push((table().key("measures").index(index), measure));
    }
    texts
}
