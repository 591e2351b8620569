//! The texts that each rule accepts, and the messages for the others.

use super::*;

const OK: &str = "";

/// A rule, a text, and a part of the message; empty if the text is accepted.
const RULES: &[(&str, &str, &str)] = &[
    ("line", "Pool exhausted", OK),
    ("line", "", "expected a text, found an empty one"),
    ("line", " \t", "expected a text, found an empty one"),
    ("cell", "", OK),
    ("cell", "a\nb", "expected a single line"),
    ("line", "< 4 minutes | `code` *x*", OK),
    ("line", "Großbank → 失敗 👩‍💻", OK),
    ("line", "a\tb", OK),
    ("line", "a\nb", "expected a single line"),
    ("line", "a\r\nb", "expected a single line"),
    ("line", "a\u{2028}b", "expected a single line"),
    ("line", "a\u{2029}", "expected a single line"),
    ("line", "a\u{0}", "invisible character U+0000"),
    ("line", "a\u{1b}[31m", "invisible character U+001B"),
    ("line", "a\u{7f}", "invisible character U+007F"),
    ("line", "a\u{85}", "invisible character U+0085"),
    ("line", "a\u{200b}b", "invisible character U+200B"),
    ("line", "a\u{202e}b", "invisible character U+202E"),
    ("line", "a\u{2066}b", "invisible character U+2066"),
    ("line", "\u{feff}a", "invisible character U+FEFF"),
    ("line", "a\u{fdd0}", "invisible character U+FDD0"),
    ("line", "a\u{1fffe}", "invisible character U+1FFFE"),
    ("block", "a\n\n- b\n\tc", OK),
    ("block", "\n\n", "expected a text, found an empty one"),
    ("code", "", "expected a text, found an empty one"),
    ("block", "a\rb", "invisible character U+000D"),
    ("block", "a\n\u{202e}b", "invisible character U+202E"),
    ("incident-id", "INC-2025-0023", OK),
    ("incident-id", "7", OK),
    ("incident-id", "a-", OK),
    ("incident-id", "common", OK),
    ("incident-id", "com10", OK),
    (
        "incident-id",
        "",
        "an ID needs at least one letter or digit",
    ),
    ("incident-id", "-a", "an ID cannot start with `-`"),
    ("incident-id", "INC 1", "an ID cannot contain ` `"),
    ("incident-id", "INC_1", "an ID cannot contain `_`"),
    ("incident-id", "../x", "an ID cannot contain `.`"),
    ("incident-id", "a/b", "an ID cannot contain `/`"),
    ("incident-id", "ÉTÉ", "an ID cannot contain `É`"),
    ("incident-id", "index", "`index` is a reserved name"),
    ("incident-id", "Search", "`Search` is a reserved name"),
    ("incident-id", "NUL", "`NUL` is a reserved name"),
    ("incident-id", "com1", "`com1` is a reserved name"),
    ("incident-id", "LPT9", "`LPT9` is a reserved name"),
    ("web-address", "https://example.com", OK),
    ("web-address", "HTTP://example.com:8080/a?b=c#d", OK),
    ("web-address", "https://example.com/a@b?to=c@d", OK),
    ("web-address", "https://[2001:db8::1]:80/", OK),
    ("web-address", "https://bücher.example/é", OK),
    ("web-address", "", "`` is not a valid URL"),
    (
        "web-address",
        "example.com",
        "`example.com` is not a valid URL",
    ),
    ("web-address", "ftp://example.com", "is not a valid URL"),
    ("web-address", "javascript:alert(1)", "is not a valid URL"),
    ("web-address", " https://example.com", "is not a valid URL"),
    ("web-address", "//example.com", "is not a valid URL"),
    ("web-address", "https:/example.com", "is not a valid URL"),
    ("web-address", "httpé://x", "is not a valid URL"),
    ("web-address", "https://", "`https://` has no host"),
    ("web-address", "https:///path", "has no host"),
    ("web-address", "https://?q", "has no host"),
    ("web-address", "https://:8080/", "has no host"),
    (
        "web-address",
        "https://user:pass@example.com",
        "a URL cannot contain a user or password",
    ),
    (
        "web-address",
        "https://example.com@evil.example/",
        "a URL cannot contain a user or password",
    ),
    ("web-address", "https://a b", "a URL cannot contain ` `"),
    (
        "web-address",
        "https://a\"onload=",
        "a URL cannot contain `\"`",
    ),
    ("web-address", "https://a\\b", "a URL cannot contain `\\`"),
    ("web-address", "https://a/<b>", "a URL cannot contain `<`"),
    (
        "web-address",
        "https://a/\u{202e}b",
        "invisible character U+202E",
    ),
    ("mail-address", "name@example.com", OK),
    ("mail-address", "o'brien+inc@sub.example.com", OK),
    ("mail-address", "", "`` is not a single email address"),
    (
        "mail-address",
        "name",
        "`name` is not a single email address",
    ),
    (
        "mail-address",
        "@example.com",
        "is not a single email address",
    ),
    (
        "mail-address",
        "name@example",
        "is not a single email address",
    ),
    ("mail-address", "name@.com", "is not a single email address"),
    (
        "mail-address",
        "name@example.",
        "is not a single email address",
    ),
    ("mail-address", "a@b@c.d", "is not a single email address"),
    (
        "mail-address",
        "a@b.c,d@e.f",
        "is not a single email address",
    ),
    (
        "mail-address",
        "a@b.c?subject=x",
        "is not a single email address",
    ),
    (
        "mail-address",
        "a@b.c\nBcc: d@e.f",
        "is not a single email address",
    ),
    (
        "mail-address",
        "Name <a@b.c>",
        "is not a single email address",
    ),
    (
        "mail-address",
        "a@b.c\u{200b}",
        "invisible character U+200B",
    ),
    ("archive-path", "logs/api.log", OK),
    ("archive-path", "../runs/run 1.json", OK),
    ("archive-path", "", "a path cannot be empty"),
    (
        "archive-path",
        "/etc/passwd",
        "`/etc/passwd` is not a relative path",
    ),
    ("archive-path", "C:/x", "`C:/x` is not a relative path"),
    (
        "archive-path",
        "https://example.com",
        "is not a relative path",
    ),
    (
        "archive-path",
        "logs\\api.log",
        "`logs\\api.log` contains a backslash instead of `/`",
    ),
    ("archive-path", "a\nb", "expected a single line"),
    ("archive-path", "a\u{0}b", "invisible character U+0000"),
    ("period", "7 years", OK),
    ("period", "1 year", OK),
    ("period", "18 months", OK),
    ("period", "2 weeks", OK),
    ("period", "90 days", OK),
    ("period", "10000 years", OK),
    ("period", "indefinite", OK),
    ("period", "Indefinite", OK),
    ("period", "", "`` is not a period"),
    ("period", "7", "`7` is not a period"),
    ("period", "years", "`years` is not a period"),
    ("period", "0 days", "`0 days` is not a period"),
    ("period", "+7 years", "`+7 years` is not a period"),
    ("period", "-7 years", "`-7 years` is not a period"),
    ("period", "1.5 years", "`1.5 years` is not a period"),
    ("period", "seven years", "`seven years` is not a period"),
    ("period", "7  years", "is not a period"),
    ("period", "7 hours", "`7 hours` is not a period"),
    ("period", "10001 days", "`10001 days` is not a period"),
    ("period", "99999999999999999999 days", "is not a period"),
    ("day", "2025-01-14", OK),
    (
        "day",
        "2025-01-14T10:00",
        "`2025-01-14T10:00` is not a date",
    ),
    ("day", "~2025-01-14", "`~2025-01-14` is not a date"),
    ("day", "14:23", "`14:23` is not a date"),
    (
        "day",
        "2025-02-30",
        "`2025-02-30` is not a date in the calendar",
    ),
    ("moment", "~2025-01-14 14:23", OK),
    ("moment", "yesterday", "`yesterday` is not a time"),
    ("time-zone", "Europe/Berlin", OK),
    ("time-zone", "-03:30", OK),
    ("time-zone", "Mars", "`Mars` is not a time zone"),
    ("share", "99.95%", OK),
    ("share", "100%", OK),
    ("share", "0.0001 %", OK),
    ("share", "99.95", "`99.95` is not a percentage"),
    ("share", "99.95001%", "is not a percentage"),
    ("share", "+99%", "is not a percentage"),
    ("share", ".5%", "is not a percentage"),
    ("share", "100.1%", "`100.1%` is more than 100%"),
    ("id-pattern", "SHOP-YYYY-NNN", OK),
    ("id-pattern", "COMM-N", OK),
    ("id-pattern", "INC-YYYY", "`INC-YYYY` does not end in `N`"),
    ("id-pattern", "SEV {n}", "`SEV {n}` does not end in `N`"),
    ("id-pattern", "INC YYYY-NN", "an ID cannot contain ` `"),
    (
        "id-pattern",
        "OPS-YYYY-MM-NN",
        "an ID pattern has no `MM`, only `YYYY` and `N`",
    ),
    ("id-pattern", "", "does not end in `N`"),
    ("time-span", "30 minutes", OK),
    ("time-span", "1h 30m", OK),
    ("time-span", "30", "`30` is not a duration"),
    ("time-span", "0 minutes", "`0 minutes` is not a duration"),
    ("time-span", "every 30 minutes", "is not a duration"),
];

#[track_caller]
fn check(name: &str, text: &str, expect: &str) {
    match (format(name).check)(text) {
        Ok(()) => assert_eq!(expect, OK, "{name} accepted {text:?}"),
        Err(message) => assert!(
            expect != OK && message.contains(expect),
            "{name}, {text:?}: {message}"
        ),
    }
}

#[test]
fn each_rule_accepts_valid_texts_and_explains_invalid_ones() {
    for (name, text, expect) in RULES {
        check(name, text, expect);
    }
}

#[test]
fn a_long_text_is_shortened_where_it_is_named() {
    let long = "é ".repeat(10_000);
    for format in FORMATS {
        if let Err(message) = (format.check)(&long) {
            assert!(message.chars().count() < 160, "{}: {message}", format.name);
        }
    }
    let message = format!("`{}…` is not a period", "é ".repeat(30));
    check("period", &long, &message);
    check(
        "period",
        &"é".repeat(60),
        &format!("`{}` is not a period", "é".repeat(60)),
    );
}

#[test]
fn an_id_has_at_most_64_characters() {
    check("incident-id", &"a".repeat(64), OK);
    let message = "an ID has at most 64 characters, but this one has 65";
    check("incident-id", &"a".repeat(65), message);
}

/// A date, a period, and the date on which it ends; empty if it never ends.
const AFTER: &[(&str, &str, &str)] = &[
    ("2025-01-14", "7 years", "2032-01-14"),
    ("2025-01-14", "1 year", "2026-01-14"),
    ("2025-01-14", "18 months", "2026-07-14"),
    ("2025-01-14", "2 weeks", "2025-01-28"),
    ("2025-12-31", "1 day", "2026-01-01"),
    ("2025-01-14", "90 days", "2025-04-14"),
    ("2024-02-29", "1 year", "2025-02-28"),
    ("2024-02-29", "4 years", "2028-02-29"),
    ("2024-02-29", "7 years", "2031-02-28"),
    ("2025-01-31", "1 month", "2025-02-28"),
    ("2024-01-31", "1 month", "2024-02-29"),
    ("2025-08-31", "6 months", "2026-02-28"),
    ("2025-03-31", "12 months", "2026-03-31"),
    ("9998-12-31", "1 year", "9999-12-31"),
    ("2025-01-14", "indefinite", ""),
    ("9998-12-31", "2 years", ""),
    ("9999-12-31", "1 day", ""),
    ("2025-01-14", "10000 years", ""),
];

#[track_caller]
fn check_after(day: &str, period: &str, expect: &str) {
    let end = Period::new(period).unwrap().after(parse_day(day).unwrap());
    let end = end.map_or_else(String::new, |end| end.to_string());
    assert_eq!(end, expect, "{day} and {period}");
}

#[test]
fn a_period_ends_on_the_same_day_or_the_last_of_its_month() {
    for (day, period, expect) in AFTER {
        check_after(day, period, expect);
    }
}
