//! One message for each customer: as text, as mail, and a table for a mail merge.
//!
//! Each holds that customer's own numbers and no other's. A row of the customer
//! table that stands for several accounts, without a contact, gets no message.

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

/// A message that goes to every customer.
#[derive(Debug, Clone, Copy)]
pub struct CustomerMessage<'a> {
    /// Its subject.
    pub subject: Option<&'a str>,
    /// Its text.
    pub body: &'a str,
    /// When it was sent, for the date of the mail.
    pub sent: Option<Moment>,
    /// Who sends it.
    pub from: Option<Sender<'a>>,
}

/// Who sends a mail: an address, perhaps with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sender<'a> {
    name: &'a str,
    address: &'a str,
}

impl<'a> Sender<'a> {
    /// Reads `support@example.com` or `Support <support@example.com>`; nothing where it is no address that mail can have.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let (name, address) = match text.trim().strip_suffix('>') {
            Some(text) => text.rsplit_once('<')?,
            None => ("", text.trim()),
        };
        let is_address = address.is_ascii() && Mail::new(address).is_ok();
        is_address.then(|| Self {
            name: name.trim().trim_matches('"').trim(),
            address,
        })
    }

    /// Writes it as the value of a header.
    fn written(self) -> String {
        let Self { name, address } = self;
        let is_atom = |byte: u8| byte.is_ascii_alphanumeric() || b" -_'".contains(&byte);
        if name.is_empty() {
            return address.to_owned();
        }
        let name = if name.bytes().all(is_atom) && name.len() <= 60 {
            name.to_owned()
        } else {
            encoded(name)
        };
        // On a line of its own, so that no line is too long.
        format!("{name}\r\n <{address}>")
    }
}

/// What was made for the customers of an incident.
#[derive(Debug, Default)]
pub struct CustomerMessages {
    /// The files, by name.
    pub files: Vec<(String, Vec<u8>)>,
    /// Customers without one of the files, each with the reason.
    pub skipped: Vec<(String, &'static str)>,
}

/// What keeps a customer from being written to.
#[derive(Debug, thiserror::Error)]
pub enum CustomerMessageError {
    /// The text would tell customers of each other.
    #[error("the message names the customer `{0}`, and would tell the others of it")]
    NamesCustomer(String),
    /// The template is at fault.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// Lists the customers who can be written to: the rows that are one customer by name.
pub fn customers(record: &Record) -> impl Iterator<Item = &Customer> {
    let rows = record
        .incident
        .impact
        .iter()
        .flat_map(|impact| &impact.customers);
    rows.filter(|customer| customer.is_one())
}

/// Prints the message to one customer.
///
/// # Errors
/// The message names another customer, or the template is at fault.
pub fn render_message(
    renderer: &Renderer,
    record: &Record,
    customer: &Customer,
    message: &CustomerMessage,
) -> Result<String, CustomerMessageError> {
    let others = record
        .incident
        .impact
        .iter()
        .flat_map(|impact| &impact.customers);
    let texts = [message.subject.unwrap_or_default(), message.body];
    let mut named = others.filter(|other| {
        other.is_one()
            && other.name != customer.name
            && texts
                .iter()
                .any(|text| names(text, &other.name, &customer.name))
    });
    if let Some(other) = named.next() {
        return Err(CustomerMessageError::NamesCustomer(other.name.to_string()));
    }
    let view = CustomerMessageView::new(customer, message.subject, message.body.trim_end());
    Ok(renderer.customer(&view)?)
}

/// Says whether a text holds a name as whole words, elsewhere than inside a longer name: `Acme` in `Acme Berlin`.
fn names(text: &str, name: &str, longer: &str) -> bool {
    let text = text.to_lowercase();
    let places = |name: &str| -> Vec<Span> {
        let name = name.to_lowercase();
        let places = text.match_indices(&name);
        let spans = places.map(|(at, found)| Span::new(at, at + found.len()));
        spans.filter(|span| span.is_word(&text)).collect()
    };
    let around = places(longer);
    let is_inside = |span: &Span| {
        let mut around = around.iter();
        around.any(|longer| longer.start <= span.start && span.end <= longer.end)
    };
    places(name).iter().any(|span| !is_inside(span))
}

/// Makes the files of all customers of an incident.
///
/// # Errors
/// The message names a customer, or the template is at fault.
pub fn render_all(
    renderer: &Renderer,
    record: &Record,
    to_all: &CustomerMessage,
) -> Result<CustomerMessages, CustomerMessageError> {
    let mut made = CustomerMessages::default();
    let rows = record
        .incident
        .impact
        .iter()
        .flat_map(|impact| &impact.customers);
    let many = rows.filter(|customer| !customer.is_one());
    made.skipped.extend(many.map(|customer| {
        (
            customer.name.to_string(),
            "skipped, because the row stands for several accounts",
        )
    }));
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in customers(record).flat_map(|customer| &customer.measures.0) {
        if !columns.contains(&&**name) {
            columns.push(name);
        }
    }
    let fixed = ["Customer", "Contact", "Users"];
    let headings: Vec<&str> = fixed.into_iter().chain(columns.iter().copied()).collect();
    let mut table = Csv::new(&headings);
    let mut taken = std::collections::BTreeSet::new();
    for customer in customers(record) {
        let text = render_message(renderer, record, customer, to_all)?;
        let name = file_name(&customer.name, &mut taken);
        let (subject, body) = parts(&text);
        match &customer.contact {
            Some(contact) if !contact.is_ascii() => made.skipped.push((
                customer.name.to_string(),
                "no mail, because its `contact` has letters that the header of a mail cannot hold",
            )),
            Some(contact) => made
                .files
                .push((format!("{name}.eml"), mail(contact, subject, body, to_all))),
            None => made.skipped.push((
                customer.name.to_string(),
                "no mail, because there is no `contact`",
            )),
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

fn file_name(name: &str, taken: &mut std::collections::BTreeSet<String>) -> String {
    let base = match anchor_slug(name) {
        empty if empty.is_empty() => "customer".to_owned(),
        slug => slug,
    };
    let counted = (2_usize..).map(|count| format!("{base}-{count}"));
    std::iter::once(base.clone())
        .chain(counted)
        .find(|name| taken.insert(name.clone()))
        .unwrap_or(base)
}

/// Splits a printed message into its subject and its text.
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

/// Writes a mail that is ready to be sent; the same message gives the same bytes.
fn mail(to: &str, subject: Option<&str>, body: &str, message: &CustomerMessage) -> Vec<u8> {
    let mut mail = String::new();
    let mut header = |name: &str, value: &str| mail.push_str(&format!("{name}: {value}\r\n"));
    if let Some(from) = message.from {
        header("From", &from.written());
    }
    header("To", to);
    header("Subject", &words(subject.unwrap_or_default()));
    if let Some(sent) = message.sent {
        header("Date", &sent.at.to_rfc2822());
    }
    // Mail programs open it as a draft.
    header("X-Unsent", "1");
    header("MIME-Version", "1.0");
    header("Content-Type", "text/plain; charset=utf-8");
    header("Content-Transfer-Encoding", "base64");
    mail.push_str("\r\n");
    let body = STANDARD.encode(body.replace('\n', "\r\n"));
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(76));
        mail.push_str(line);
        mail.push_str("\r\n");
        rest = after;
    }
    mail.into_bytes()
}

/// Writes words as the value of a header (RFC 2047), so that nothing in them can begin another one.
fn words(text: &str) -> String {
    let is_plain = text.len() <= 60
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && !text.contains("=?");
    if is_plain {
        return text.to_owned();
    }
    encoded(text)
}

fn encoded(text: &str) -> String {
    let mut encoded = Vec::new();
    let mut part = String::new();
    for message in text.chars() {
        if part.len() + message.len_utf8() > 39 {
            encoded.push(format!("=?utf-8?B?{}?=", STANDARD.encode(&part)));
            part.clear();
        }
        part.push(message);
    }
    encoded.push(format!("=?utf-8?B?{}?=", STANDARD.encode(&part)));
    encoded.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_holds_what_it_is_given_and_nothing_more() {
        let cases = [
            ("Resolved: slow pages", "Resolved: slow pages"),
            (
                "a\r\nBcc: all@example.com",
                "=?utf-8?B?YQ0KQmNjOiBhbGxAZXhhbXBsZS5jb20=?=",
            ),
            ("größer", "=?utf-8?B?Z3LDtsOfZXI=?="),
            ("=?utf-8?B?YQ==?=", "=?utf-8?B?PT91dGYtOD9CP1lRPT0/PQ==?="),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), expected);
        }
        let long = words(&"é".repeat(100));
        assert!(long.split("\r\n ").all(|word| word.len() <= 75), "{long}");
    }

    #[test]
    fn a_mail_has_lines_of_its_own_and_ends_each_alike() {
        let message = CustomerMessage {
            subject: None,
            body: "",
            sent: None,
            from: Sender::read("support@example.com"),
        };
        let mail = mail(
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
            let written = Sender::read(text).map(Sender::written);
            assert_eq!(written.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_name_is_found_as_a_whole_word() {
        let cases = [
            ("told Acme, and others", "acme", "Other", true),
            ("acmeology", "Acme", "Other", false),
            ("", "Acme", "Other", false),
            ("told Acme Berlin", "Acme", "Acme Berlin", false),
            ("told Acme Berlin and Acme", "Acme", "Acme Berlin", true),
            ("told Acme Berliner", "Acme", "Acme Berlin", true),
            ("told Acme Berlin", "Acme Berlin", "Acme", true),
        ];
        for (text, name, own, expected) in cases {
            assert_eq!(names(text, name, own), expected, "{text}: {name} to {own}");
        }
    }

    #[test]
    fn a_message_is_split_where_its_subject_ends() {
        assert_eq!(parts("Subject: a\n\nb\nc\n"), (Some("a"), "b\nc\n"));
        assert_eq!(parts("b\n"), (None, "b\n"));
    }
}
