//! A reader of the pages that is stricter than a browser: anything that is not well formed fails the test.

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A tag that opens, or that stands for a whole element.
    Open(Tag),
    /// A tag that closes.
    Close(String),
    /// Words, decoded.
    Text(String),
}

/// A tag with its attributes, decoded; one without a value has an empty one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    /// Returns the value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// Lists the classes.
    pub fn classes(&self) -> impl Iterator<Item = &str> {
        self.get("class").unwrap_or_default().split_whitespace()
    }

    /// Returns `true` if the element has no end tag.
    pub fn is_void(&self) -> bool {
        ["br", "hr", "img", "link", "meta"].contains(&self.name.as_str())
    }
}

/// Reads a page, or a part of one whose elements are all closed.
pub fn read(html: &str) -> Vec<Piece> {
    let mut rest = html.strip_prefix("<!doctype html>\n").unwrap_or(html);
    let (mut pieces, mut open) = (Vec::new(), Vec::new());
    loop {
        let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        if !text.is_empty() {
            pieces.push(Piece::Text(decoded(text)));
        }
        if after.is_empty() {
            assert!(open.is_empty(), "{open:?} are not closed");
            return pieces;
        }
        let (inside, after) = after[1..].split_once('>').expect("a tag ends");
        rest = after;
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "before {}", head(rest));
            pieces.push(Piece::Close(name.to_owned()));
            continue;
        }
        let tag = tag(inside);
        if !tag.is_void() {
            open.push(tag.name.clone());
        }
        pieces.push(Piece::Open(tag));
    }
}

fn tag(inside: &str) -> Tag {
    let (name, mut rest) = inside.split_once(' ').unwrap_or((inside, ""));
    let plain = |name: &str| {
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-:".contains(&byte))
    };
    assert!(!name.is_empty() && plain(name), "<{inside}>");
    let mut attributes: Vec<(String, String)> = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        assert!(!name.is_empty() && plain(name), "<{inside}>");
        let (value, after) = match after.strip_prefix("=\"") {
            Some(value) => value.split_once('"').expect("a value ends"),
            None => ("", after),
        };
        assert!(
            attributes.iter().all(|(other, _)| other != name),
            "twice in <{inside}>"
        );
        attributes.push((name.to_owned(), decoded(value)));
        rest = match after.strip_prefix(' ') {
            Some(next) => next,
            None => {
                assert!(after.is_empty(), "<{inside}>");
                after
            }
        };
    }
    Tag {
        name: name.to_owned(),
        attributes,
    }
}

/// Reads entities; one that pages do not use fails the test.
fn decoded(text: &str) -> String {
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (entity, rest) = part
            .split_once(';')
            .unwrap_or_else(|| panic!("&{}", head(part)));
        out.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" | "#x27" => '\'',
            "nbsp" => '\u{a0}',
            _ => panic!("&{entity};"),
        });
        out.push_str(rest);
    }
    out
}

fn head(text: &str) -> String {
    text.chars().take(60).collect()
}

#[test]
fn malformed_html_is_rejected() {
    for broken in [
        "<p>",
        "<p></b>",
        "<p a=b></p>",
        "<p a=\"b\"c></p>",
        "a & b",
        "&copy;",
        "<p a a></p>",
        "<p",
        "< p></ p>",
    ] {
        assert!(
            std::panic::catch_unwind(|| read(broken)).is_err(),
            "{broken}"
        );
    }
    let fine = "<!doctype html>\n<p a=\"&lt;\" b>x<br>&amp;</p>";
    assert_eq!(read(fine).len(), 5);
}
