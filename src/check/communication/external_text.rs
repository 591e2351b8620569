//! Words that only the organization knows, in texts that others read.

use super::{is_external, place};
use crate::check::sensitive_terms::{self, CUSTOMER};
use crate::check::{Case, Finding, Findings};
use crate::source::Path;

/// Which words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermKind {
    /// Names of customers.
    Customers,
    /// Everything else that only the organization knows.
    Others,
}

pub(super) fn words_external(case: &Case, findings: &mut Findings, looked: TermKind) {
    let texts = texts(case);
    if texts.is_empty() || case.record.is_open() {
        return;
    }
    let contact = case.config.organization.contact.as_deref();
    let mut words = sensitive_terms::words(case.record);
    words.insert(case.record.id.clone(), "the internal id");
    let wanted = words.iter().filter(|(word, what)| {
        let allowed = case
            .config
            .audit
            .allow
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(word));
        (**what == CUSTOMER) == (looked == TermKind::Customers)
            && contact != Some(word.as_str())
            && !allowed
    });
    for (word, what) in wanted {
        for (path, text) in &texts {
            if sensitive_terms::find(text, word).is_some() {
                findings.add(
                    Finding::new(format!("`{word}`, {what}, stands in a text for outside"))
                        .at(case.file(), path.clone(), "")
                        .help(
                            "say it without; if its readers may know it, add it to `[audit] allow`",
                        ),
                );
            }
        }
    }
}

/// Lists the texts that were written for outside, with their places.
fn texts<'a>(case: &'a Case) -> Vec<(Path, &'a str)> {
    let incident = &case.record.incident;
    let mut texts = Vec::new();
    let messages = incident.messages.iter().enumerate();
    for (index, message) in messages.filter(|(_, message)| is_external(message)) {
        let subject = message.subject.as_deref().map(|text| ("subject", text));
        let body = message.body.as_deref().map(|text| ("body", text));
        for (key, text) in subject.into_iter().chain(body) {
            texts.push((place(index).key(key), text));
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
