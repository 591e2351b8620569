//! Writes one message for each customer, as text and as email, and a table for mail merge.
//!
//! A message contains the figures of its customer only. A row of the customer
//! table that covers several accounts and has no contact gets no message.

mod mail;

use std::collections::{HashMap, HashSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::csv::Csv;
use crate::archive::Record;
use crate::incident::Customer;
use crate::kind::Mail;
use crate::moment::Moment;
use crate::render::{Renderer, TemplateError};
use crate::source::Span;
use crate::view::anchor_slug;
use crate::view::draft::CustomerMessageView;
pub use mail::Sender;
use mail::email;

/// A message to all customers, before it is addressed to one.
#[derive(Debug, Clone, Copy)]
pub struct CustomerMessage<'a> {
    /// The subject.
    pub subject: Option<&'a str>,
    /// The text.
    pub body: &'a str,
    /// The time it was sent, for the date of the email.
    pub sent: Option<Moment>,
    /// The sender.
    pub from: Option<Sender<'a>>,
}

/// The messages to the customers of an incident.
#[derive(Debug, Default)]
pub struct CustomerMessages {
    /// The files, by name.
    pub files: Vec<(String, Vec<u8>)>,
    /// The customers that lack one of the files, each with the reason.
    pub skipped: Vec<(String, &'static str)>,
}

/// An error in a message to a customer.
#[derive(Debug, thiserror::Error)]
pub enum CustomerMessageError {
    /// The text names another customer.
    #[error("the message names customer `{0}` and would disclose that name to other customers")]
    NamesCustomer(String),
    /// The template is invalid.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// Returns the customers that can get a message: the rows that name a single customer.
pub fn customers(record: &Record) -> impl Iterator<Item = &Customer> {
    record.customers().filter(|customer| customer.is_one())
}

/// Returns the customers that can get a message, as each sees its own row: with its name, its address, and its figures as
/// customers see them.
pub fn addressed(record: &Record, seen: &Record) -> Vec<Customer> {
    let rows = record.customers().zip(seen.customers());
    rows.filter(|(own, _)| own.is_one())
        .map(|(own, seen)| Customer {
            name: own.name.clone(),
            contact: own.contact.clone(),
            ..seen.clone()
        })
        .collect()
}

/// The customers that the text of a message names, each with the spans of the name.
pub(super) struct Named<'a> {
    texts: [String; 2],
    found: Vec<(&'a str, usize, Vec<Span>)>,
}

impl<'a> Named<'a> {
    /// Looks for all customers of an incident in a message.
    pub(super) fn find(record: &'a Record, message: &CustomerMessage) -> Self {
        let texts = [message.subject.unwrap_or_default(), message.body].map(str::to_lowercase);
        let mut found = Vec::new();
        for customer in customers(record) {
            for (index, text) in texts.iter().enumerate() {
                let spans = spans(text, &customer.name);
                if !spans.is_empty() {
                    found.push((&*customer.name, index, spans));
                }
            }
        }
        Self { texts, found }
    }

    /// Returns another customer that the message to `own` names, and not only as a part of the longer own name, as
    /// `Acme` in `Acme Berlin`.
    pub(super) fn other_than(&self, own: &str) -> Option<&'a str> {
        let others = self.found.iter().filter(|(name, ..)| *name != own);
        let mut named = others.filter(|(_, index, spans_of_other)| {
            let around = self.texts.get(*index).map(|text| spans(text, own));
            let around = around.unwrap_or_default();
            let is_inside = |span: &Span| around.iter().any(|own| own.contains(*span));
            !spans_of_other.iter().all(is_inside)
        });
        named.next().map(|(name, ..)| *name)
    }

    /// Returns an error if the message to a customer would name another.
    fn refuse(&self, customer: &Customer) -> Result<(), CustomerMessageError> {
        let other = self.other_than(&customer.name).map(str::to_owned);
        other.map_or(Ok(()), |other| {
            Err(CustomerMessageError::NamesCustomer(other))
        })
    }
}

/// Returns the spans in which a name is a whole word of a text in lowercase.
fn spans(text: &str, name: &str) -> Vec<Span> {
    let name = name.to_lowercase();
    let found = text.match_indices(&name);
    let spans = found.map(|(at, found)| Span::new(at, at + found.len()));
    spans.filter(|span| span.is_word(text)).collect()
}

/// Renders the message to one customer.
///
/// # Errors
/// Returns an error if the message names another customer or the template is invalid.
pub fn render_message(
    renderer: &Renderer,
    record: &Record,
    customer: &Customer,
    message: &CustomerMessage,
) -> Result<String, CustomerMessageError> {
    Named::find(record, message).refuse(customer)?;
    Ok(render_to(renderer, customer, message)?)
}

pub(super) fn render_to(
    renderer: &Renderer,
    customer: &Customer,
    message: &CustomerMessage,
) -> Result<String, TemplateError> {
    let view = CustomerMessageView::new(customer, message.subject, message.body.trim_end());
    renderer.customer(&view)
}

/// Renders the files for all customers of an incident.
///
/// # Errors
/// Returns an error if the message names a customer or the template is invalid.
pub fn render_all(
    renderer: &Renderer,
    record: &Record,
    seen: &Record,
    to_all: &CustomerMessage,
) -> Result<CustomerMessages, CustomerMessageError> {
    let mut made = CustomerMessages::default();
    let many = record.customers().filter(|customer| !customer.is_one());
    made.skipped.extend(many.map(|customer| {
        (
            customer.name.to_string(),
            "skipped: the row covers several accounts and has no `contact`",
        )
    }));
    let addressed = addressed(record, seen);
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in addressed.iter().flat_map(|customer| &customer.measures.0) {
        if !columns.contains(&&**name) {
            columns.push(name);
        }
    }
    let fixed = ["Customer", "Contact", "Users"];
    let headings: Vec<&str> = fixed.into_iter().chain(columns.iter().copied()).collect();
    let mut table = Csv::new(&headings);
    let mut names = FileNames::default();
    let named = Named::find(record, to_all);
    for customer in &addressed {
        named.refuse(customer)?;
        let text = render_to(renderer, customer, to_all)?;
        let name = names.next(&customer.name);
        let (subject, body) = parts(&text);
        match &customer.contact {
            Some(contact) if !contact.is_ascii() => made.skipped.push((
                customer.name.to_string(),
                "no email: `contact` contains non-ASCII characters",
            )),
            Some(contact) => made
                .files
                .push((format!("{name}.eml"), email(contact, subject, body, to_all))),
            None => made
                .skipped
                .push((customer.name.to_string(), "no email: missing `contact`")),
        }
        made.files.push((format!("{name}.txt"), text.into_bytes()));
        let view = CustomerMessageView::new(customer, None, "");
        let value = |column: &&str| {
            let found = view.measures.iter().find(|measure| measure.name == *column);
            found.map_or("", |measure| measure.value.as_str())
        };
        let contact = customer.contact.as_deref().unwrap_or_default();
        let users = customer
            .users
            .map(|users| users.to_string())
            .unwrap_or_default();
        let own = [&*customer.name, contact, &users];
        let cells: Vec<&str> = own.into_iter().chain(columns.iter().map(value)).collect();
        table.row(&cells);
    }
    made.files
        .push(("customers.csv".to_owned(), table.finish().into_bytes()));
    made.files.sort();
    Ok(made)
}

/// The names of files that are taken, and how often each customer's name was used.
#[derive(Default)]
struct FileNames {
    taken: HashSet<String>,
    used: HashMap<String, usize>,
}

impl FileNames {
    /// The maximum number of bytes of a name, so that any file system holds it with its extension.
    const LONGEST: usize = 100;

    /// Returns a file name for a customer that no other customer has, and that every file system allows.
    fn next(&mut self, customer: &str) -> String {
        let mut base = anchor_slug(customer);
        while base.len() > Self::LONGEST {
            base.pop();
        }
        // Windows has devices of these names in every folder, whatever the extension.
        let is_device = matches!(base.as_str(), "con" | "prn" | "aux" | "nul")
            || base.len() == 4 && (base.starts_with("com") || base.starts_with("lpt"));
        if base.is_empty() || is_device {
            base = if is_device {
                format!("customer-{base}")
            } else {
                "customer".to_owned()
            };
        }
        let used = self.used.entry(base.clone()).or_default();
        loop {
            *used += 1;
            let name = match *used {
                1 => base.clone(),
                count => format!("{base}-{count}"),
            };
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// Splits a rendered message into its subject and its text.
#[must_use]
pub fn parts(text: &str) -> (Option<&str>, &str) {
    let split = text
        .strip_prefix("Subject: ")
        .and_then(|rest| rest.split_once('\n'));
    match split {
        Some((subject, body)) => (Some(subject), body.trim_start_matches('\n')),
        None => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_has_short_lines_with_uniform_ends() {
        let message = CustomerMessage {
            subject: None,
            body: "",
            sent: None,
            from: Sender::parse("support@example.com"),
        };
        let mail = email(
            "anna@example.com",
            Some("Hello"),
            &"word ".repeat(60),
            &message,
        );
        let text = String::from_utf8(mail).expect("ASCII");
        assert!(text.replace("\r\n", "").find(['\r', '\n']).is_none());
        assert!(text.lines().all(|line| line.len() <= 78));
        assert!(text.starts_with(
            "From: support@example.com\r\nTo: anna@example.com\r\nSubject: Hello\r\n"
        ));
    }

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        let cases = [
            ("a@example.com", Some("a@example.com")),
            ("<a@example.com>", Some("a@example.com")),
            (
                "Support <a@example.com>",
                Some("Support\r\n <a@example.com>"),
            ),
            (
                "\"Support\" <a@example.com>",
                Some("Support\r\n <a@example.com>"),
            ),
            (
                "Größe <a@example.com>",
                Some("=?utf-8?B?R3LDtsOfZQ==?=\r\n <a@example.com>"),
            ),
            (
                "A, <b@c.de>: d <a@example.com>",
                Some("=?utf-8?B?QSwgPGJAYy5kZT46IGQ=?=\r\n <a@example.com>"),
            ),
            ("Support <größe@example.com>", None),
            ("https://example.com", None),
            ("Support <a>", None),
        ];
        for (text, expected) in cases {
            let written = Sender::parse(text).map(Sender::header_value);
            assert_eq!(written.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_name_is_found_as_a_whole_word() {
        let cases = [
            ("notified Acme, and others", "acme", "Other", true),
            ("acmeology", "Acme", "Other", false),
            ("", "Acme", "Other", false),
            ("notified Acme Berlin", "Acme", "Acme Berlin", false),
            ("notified Acme Berlin and Acme", "Acme", "Acme Berlin", true),
            ("notified Acme Berliner", "Acme", "Acme Berlin", true),
            ("notified Acme Berlin", "Acme Berlin", "Acme", true),
        ];
        for (text, name, own, expected) in cases {
            let text = text.to_lowercase();
            let found = vec![(name, 1, spans(&text, name))];
            let found = found.into_iter().filter(|(.., spans)| !spans.is_empty());
            let named = Named {
                found: found.collect(),
                texts: [String::new(), text.clone()],
            };
            let other = named.other_than(own);
            assert_eq!(other.is_some(), expected, "{text}: {name} to {own}");
        }
    }

    #[test]
    fn each_customer_has_a_file_name_of_its_own() {
        let mut names = FileNames::default();
        let long = "x".repeat(300);
        let customers = [
            "Acme",
            "ACME",
            "Acme-2",
            "Acme",
            "王芳",
            "CON",
            "com1",
            "../../etc",
            "???",
            "!!!",
            &long,
            &long,
        ];
        let made: Vec<String> = customers.iter().map(|name| names.next(name)).collect();
        let distinct: HashSet<&String> = made.iter().collect();
        assert_eq!(distinct.len(), made.len(), "{made:?}");
        for name in &made {
            assert!(
                name.len() <= 110 && !name.contains(['/', '.', '\\', ':']),
                "{name}"
            );
        }
        assert!(
            !made.iter().any(|name| name == "con" || name == "com1"),
            "{made:?}"
        );
    }

    #[test]
    fn a_message_is_split_where_its_subject_ends() {
        assert_eq!(parts("Subject: a\n\nb\nc\n"), (Some("a"), "b\nc\n"));
        assert_eq!(parts("b\n"), (None, "b\n"));
    }
}
