#![expect(
    clippy::disallowed_methods,
    clippy::string_slice,
    reason = "a test reads its case, and may stop at what cannot be"
)]

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::*;

/// Texts in the case of every key that are not prose.
const NOT_VISITED: &[&str] = &[
    "reason of an excuse",
    "extra",
    "role of actor",
    "alias",
    "comment",
    "hidden event",
    "event comment",
    "event source",
    "/",
    "participants",
    "measure",
    "counted measure",
    "group",
    "id",
    "actor",
];

#[test]
fn every_text_of_every_key_is_visited() {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/every-key");
    let archive = crate::load::archive(&folder).archive;
    let record = archive
        .records
        .iter()
        .find(|record| record.id == "INC-2025-0100")
        .expect("it loads");
    let visited: BTreeSet<String> = collect(record)
        .iter()
        .filter_map(|text| Some(text.text.get(text.text.find("Zq")?..)?.get(..5)?.to_owned()))
        .collect();
    let mut missing = Vec::new();
    let source = &record.source;
    for file in [Some(&source.incident), source.timeline.as_ref()] {
        let file = file.expect("it has both");
        let typed = std::fs::read_to_string(folder.join(file)).expect("readable");
        for (at, _) in typed.match_indices("Zq") {
            let (marker, rest) = typed[at..].split_at(5);
            let words = rest.split(['"', '\'']).next().unwrap_or_default().trim();
            let excused = NOT_VISITED
                .iter()
                .any(|excused| words == *excused || words.starts_with('/'))
                || words.is_empty();
            if !excused && !visited.contains(marker) {
                missing.push(format!("{marker} {words}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
