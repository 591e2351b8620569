//! Writes entries as an Atom feed (RFC 4287) that does not depend on the time of the build.

use chrono::DateTime;
use sha2::{Digest, Sha256};

use super::entry::{Entry, address, push_xml, stamp};

/// A feed.
#[derive(Debug, Clone)]
pub struct Feed<'a> {
    /// The title.
    pub title: &'a str,
    /// The path in the site: `feed.atom`.
    pub path: &'a str,
    /// The path of the page that shows the same: `index.html`.
    pub page: &'a str,
    /// The site's URL, with a trailing slash.
    pub base_url: Option<&'a str>,
    /// The author.
    pub author: &'a str,
    /// The entries, in output order.
    pub entries: &'a [Entry],
}

impl Feed<'_> {
    /// Returns the feed as XML.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n",
        );
        let updated = self.entries.iter().filter_map(Entry::changed).max();
        element("title", self.title, &mut out);
        element("id", &self.id(self.path), &mut out);
        // Atom requires a date of change; entries without a date get the Unix epoch.
        element(
            "updated",
            &stamp(updated.unwrap_or(DateTime::UNIX_EPOCH)),
            &mut out,
        );
        out.push_str("<author><name>");
        push_xml(self.author, &mut out);
        out.push_str("</name></author>\n");
        link(
            "alternate",
            "text/html",
            &address(self.base_url, self.page),
            &mut out,
        );
        let own = address(self.base_url, self.path);
        link("self", "application/atom+xml", &own, &mut out);
        for entry in self.entries {
            out.push_str("<entry>\n");
            element("title", &entry.title, &mut out);
            element("id", &self.id(&entry.id), &mut out);
            let updated = entry.changed().unwrap_or(DateTime::UNIX_EPOCH);
            element("updated", &stamp(updated), &mut out);
            if let Some(began) = entry.began() {
                element("published", &stamp(began.min(updated)), &mut out);
            }
            link(
                "alternate",
                "text/html",
                &address(self.base_url, &entry.path),
                &mut out,
            );
            element("summary", &entry.summary, &mut out);
            out.push_str("</entry>\n");
        }
        out.push_str("</feed>\n");
        out
    }

    /// Returns a URN that depends only on the name and on the site's URL, or its title if it has no URL.
    fn id(&self, name: &str) -> String {
        let site = self.base_url.unwrap_or(self.title);
        let digest = Sha256::digest(format!("{site}\n{name}"));
        let mut bytes = [0; 16];
        for (byte, hashed) in bytes.iter_mut().zip(digest) {
            *byte = hashed;
        }
        let number = u128::from_be_bytes(bytes);
        // UUID version 8 (RFC 9562): custom content.
        let number = number & !(0xF000 << 64) | 0x8000 << 64;
        let number = number & !(0b11 << 62) | 0b10 << 62;
        let digits = format!("{number:032x}");
        let mut id = String::from("urn:uuid:");
        for (index, digit) in digits.chars().enumerate() {
            if matches!(index, 8 | 12 | 16 | 20) {
                id.push('-');
            }
            id.push(digit);
        }
        id
    }
}

fn element(name: &str, text: &str, out: &mut String) {
    out.extend(["<", name, ">"]);
    push_xml(text, out);
    out.extend(["</", name, ">\n"]);
}

fn link(relation: &str, kind: &str, target: &str, out: &mut String) {
    out.extend(["<link rel=\"", relation, "\" type=\"", kind, "\" href=\""]);
    push_xml(target, out);
    out.push_str("\"/>\n");
}
