//! Which incident is meant.

use super::*;

#[test]
fn the_first_word_is_an_id_only_if_it_looks_like_one_of_the_archive() {
    let ids = ["INC-2026-0001".to_owned()];
    for word in ["INC-2026-0001", "inc-2026-0001", "INC-2026-0009", "inc-1"] {
        assert!(is_like_an_id(&ids, word), "{word}");
    }
    for word in [
        "0001",
        "us-east-1",
        "inc",
        "INC-",
        "notes.toml",
        "5",
        "INC-2026-0001:",
        "Restarted",
        "",
    ] {
        assert!(!is_like_an_id(&ids, word), "{word}");
    }
}

#[test]
fn an_id_is_found_by_its_start_or_end() {
    let ids = ["INC-2025-0141", "INC-2026-0141", "INC-2026-0014", "OPS-14"];
    let ids = ids.map(str::to_owned);
    let cases: &[(&str, &[&str])] = &[
        ("INC-2026-0014", &["INC-2026-0014"]),
        ("inc-2026-0014", &["INC-2026-0014"]),
        ("0014", &["INC-2026-0014"]),
        ("0141", &["INC-2025-0141", "INC-2026-0141"]),
        ("INC-2026", &["INC-2026-0141", "INC-2026-0014"]),
        ("14", &["INC-2026-0014", "OPS-14"]),
        ("2026", &[]),
        ("", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(alike(&ids, text), *expected, "{text}");
    }
    // An ID in full is never taken for the start of another.
    let ids = ["OPS-1", "OPS-14"].map(str::to_owned);
    assert_eq!(alike(&ids, "OPS-1"), ["OPS-1"]);
}
