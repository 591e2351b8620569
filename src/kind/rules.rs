//! The rules for strings. Each returns an error with the reason if the text is invalid.

use crate::source::quoted;
use crate::token;

/// Rejects an empty text, line breaks and invisible characters.
pub fn line(text: &str) -> Result<(), String> {
    filled(text)?;
    cell(text)
}

/// Rejects line breaks and invisible characters; a cell of a table may be empty.
pub fn cell(text: &str) -> Result<(), String> {
    if is_printable(text) {
        return Ok(());
    }
    if text.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
        return Err("expected a single line".to_owned());
    }
    visible(text)
}

/// Rejects an empty text, and invisible characters except line breaks.
pub fn block(text: &str) -> Result<(), String> {
    filled(text)?;
    visible(text)
}

// A key with an empty text would count as stated in one place and as missing in another.
fn filled(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("expected a text, found an empty one".to_owned());
    }
    Ok(())
}

/// Returns `true` if a text may contain a character; a line break is one.
pub fn is_visible(c: char) -> bool {
    match c {
        '\n' | '\t' => true,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{feff}' => false,
        '\u{fdd0}'..='\u{fdef}' => false,
        other => u32::from(other) & 0xfffe != 0xfffe,
    }
}

/// Returns `true` for printable ASCII on one line, as most texts are.
fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

// Invisible characters can hide or reorder the visible ones.
fn visible(text: &str) -> Result<(), String> {
    // Check bytes first: most text is ASCII.
    if text
        .bytes()
        .all(|byte| matches!(byte, 0x20..0x7f | b'\n' | b'\t'))
    {
        return Ok(());
    }
    match text.chars().find(|c| !is_visible(*c)) {
        Some(c) => Err(format!("invisible character U+{:04X}", u32::from(c))),
        None => Ok(()),
    }
}

/// Names that the site or an operating system uses otherwise.
const RESERVED: &[&str] = &[
    "404",
    "actions",
    "aux",
    "comms",
    "con",
    "feed",
    "index",
    "learnings",
    "metrics",
    "nul",
    "prn",
    "search",
    "status",
];

/// Accepts letters, digits and `_`, at most 64 bytes.
pub fn mark_name(text: &str) -> Result<(), String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !text.is_empty() && text.len() <= 64 && text.chars().all(is_part) {
        Ok(())
    } else {
        Err(format!("{} is not the name of a mark", quoted(text)))
    }
}

/// Accepts the pattern of an ID that ends in one `N` for each digit of its number, and in which `YYYY` is the year.
pub fn id_pattern(text: &str) -> Result<(), String> {
    let is_unknown = |part: &&str| matches!(*part, "Y" | "YY" | "YYY" | "M" | "MM" | "D" | "DD");
    if let Some(part) = text.split('-').find(is_unknown) {
        return Err(format!(
            "an ID pattern has no `{part}`, only `YYYY` and `N`"
        ));
    }
    if !text.ends_with('N') {
        return Err(format!("{} does not end in `N`", quoted(text)));
    }
    id(&text.replace("YYYY", "2026"))
}

/// Accepts letters, digits and `-`, at most 64 bytes, without a leading `-` or a reserved name.
pub fn id(text: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if text.is_empty() {
        return Err("an ID needs at least one letter or digit".to_owned());
    }
    if let Some(c) = text.chars().find(|c| !u8::try_from(*c).is_ok_and(allowed)) {
        return Err(format!("an ID cannot contain `{c}`"));
    }
    if text.len() > 64 {
        return Err(format!(
            "an ID has at most 64 characters, but this one has {}",
            text.len()
        ));
    }
    if text.starts_with('-') {
        return Err("an ID cannot start with `-`".to_owned());
    }
    let lower = text.to_ascii_lowercase();
    let numbered_device =
        lower.len() == 4 && (lower.starts_with("com") || lower.starts_with("lpt"));
    if RESERVED.contains(&&*lower)
        || (numbered_device && lower.ends_with(|c: char| c.is_ascii_digit()))
    {
        return Err(format!("`{text}` is a reserved name"));
    }
    Ok(())
}

/// Returns `true` if a URL may contain a character unencoded.
pub fn may_be_in_url(c: char) -> bool {
    !(c.is_whitespace() || c.is_control() || "<>\"'`\\{}|^".contains(c))
}

/// Accepts `http` and `https` URLs without user, password, spaces or quotes.
pub fn url(text: &str) -> Result<(), String> {
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| {
            let (start, rest) = text.split_at_checked(scheme.len())?;
            start.eq_ignore_ascii_case(scheme).then_some(rest)
        })
        .ok_or_else(|| format!("{} is not a valid URL", quoted(text)))?;
    if let Some(c) = text.chars().find(|c| !may_be_in_url(*c)) {
        return Err(format!("a URL cannot contain `{c}`"));
    }
    visible(text)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() || authority.starts_with(':') {
        return Err(format!("{} has no host", quoted(text)));
    }
    if authority.contains('@') {
        return Err("a URL cannot contain a user or password".to_owned());
    }
    Ok(())
}

/// Accepts one plain email address.
pub fn mail(text: &str) -> Result<(), String> {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"?,;:<>()[]\\\"&%".contains(c);
    let parts = text.split_once('@').filter(|(user, host)| {
        !user.is_empty()
            && host.contains('.')
            && !host.contains('@')
            && !host.starts_with('.')
            && !host.ends_with('.')
    });
    match parts {
        Some(_) if text.chars().all(plain) => visible(text),
        _ => Err(format!("{} is not a single email address", quoted(text))),
    }
}

/// Accepts a relative path with forward slashes.
pub fn path(text: &str) -> Result<(), String> {
    cell(text)?;
    if text.is_empty() {
        return Err("a path cannot be empty".to_owned());
    }
    if text.starts_with('/') || text.contains(':') {
        return Err(format!("{} is not a relative path", quoted(text)));
    }
    if text.contains('\\') {
        return Err(format!(
            "{} contains a backslash instead of `/`",
            quoted(text)
        ));
    }
    Ok(())
}

/// The backgrounds of pages, `--paper` and `--panel`, for readers with a light and with a dark theme.
const LIGHT: [u32; 2] = [0xff_ff_ff, 0xf6_f5_f1];
const DARK: [u32; 2] = [0x14_15_17, 0x1d_1f_22];

/// The smallest contrast of text, by WCAG 2.2 AA.
const CONTRAST: f64 = 4.5;

/// Accepts a color with enough contrast to the light background.
pub fn color_on_light(text: &str) -> Result<(), String> {
    color_on(text, LIGHT, "light")
}

/// Accepts a color with enough contrast to the dark background.
pub fn color_on_dark(text: &str) -> Result<(), String> {
    color_on(text, DARK, "dark")
}

fn color_on(text: &str, backgrounds: [u32; 2], theme: &str) -> Result<(), String> {
    let digits = text
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let color = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let Some(color) = color else {
        return Err(format!(
            "expected a color such as `#2b4acb`, found {}",
            quoted(text)
        ));
    };
    let lowest = backgrounds.map(|background| contrast(color, background));
    let lowest = lowest.into_iter().fold(f64::INFINITY, f64::min);
    if lowest < CONTRAST {
        return Err(format!(
            "the contrast of {} to the {theme} background is {lowest:.1} to 1, less than {CONTRAST} to 1",
            quoted(text)
        ));
    }
    Ok(())
}

/// Returns the contrast of two colors, by WCAG 2.2.
fn contrast(one: u32, other: u32) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(color: u32) -> f64 {
    let channel = |shift: u32| {
        let value = f64::from(color >> shift & 0xff) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
}

/// Accepts `30 minutes` and `1h 30m`.
pub fn duration(text: &str) -> Result<(), String> {
    match token::duration(text) {
        Some(_) => Ok(()),
        None => Err(format!("{} is not a duration", quoted(text))),
    }
}

/// The unit of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Days; a week is seven.
    Days,
    /// Months; a year is twelve.
    Months,
}

/// Accepts `7 years`, `18 months`, `2 weeks`, `90 days` and `indefinite`.
pub fn period(text: &str) -> Result<(), String> {
    parse_period(text).map(drop)
}

/// Parses a period; `None` for `indefinite`.
pub fn parse_period(text: &str) -> Result<Option<(u32, Unit)>, String> {
    if text.eq_ignore_ascii_case("indefinite") {
        return Ok(None);
    }
    let form = || format!("{} is not a period", quoted(text));
    let (count, unit) = text.split_once(' ').ok_or_else(form)?;
    let count: u32 = Some(count)
        .filter(|count| count.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|count| count.parse().ok())
        .filter(|count| (1..=10_000).contains(count))
        .ok_or_else(form)?;
    match token::TimeUnit::in_full(unit) {
        Some(token::TimeUnit::Day) => Ok(Some((count, Unit::Days))),
        Some(token::TimeUnit::Week) => Ok(Some((count * 7, Unit::Days))),
        Some(token::TimeUnit::Month) => Ok(Some((count, Unit::Months))),
        Some(token::TimeUnit::Year) => Ok(Some((count * 12, Unit::Months))),
        _ => Err(form()),
    }
}

/// Accepts a percentage of at most 100 with at most four decimals.
pub fn share(text: &str) -> Result<(), String> {
    match millionths(text) {
        Some(0..=1_000_000) => Ok(()),
        Some(_) => Err(format!("{} is more than 100%", quoted(text))),
        None => Err(format!("{} is not a percentage", quoted(text))),
    }
}

/// Returns a percentage in millionths: 999,500 for `99.95%`.
pub fn millionths(text: &str) -> Option<u32> {
    let number = text.strip_suffix('%')?.trim_end();
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let is_number =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || whole.len() > 3 || !is_number(decimals) || decimals.len() > 4 {
        return None;
    }
    let decimals: u32 = format!("{decimals:0<4}").parse().ok()?;
    Some(whole.parse::<u32>().ok()? * 10_000 + decimals)
}
