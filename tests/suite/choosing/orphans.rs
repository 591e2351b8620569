//! A timeline of today that no incident uses: its incident may be open on another branch.

use super::{SECOND, all_output, run};
use crate::site::{archive, write};

#[test]
fn a_timeline_of_today_without_an_incident_is_named() {
    let folder = archive(&[
        ("incidents/INC-2026-0002.toml", "title = \"Second\"\n"),
        ("timelines/INC-2026-0002.json", SECOND),
        ("timelines/INC-2026-0003.json", SECOND),
    ]);
    let said = all_output(&run(folder.path(), &["log", "errors again"]));
    let note = "note: `timelines/INC-2026-0003.json` has events of today, but no incident uses it";
    assert!(said.contains(note), "{said}");
    let older = SECOND.replace("2026-11-21", "2026-11-20");
    write(folder.path(), "timelines/INC-2026-0003.json", older);
    let said = all_output(&run(folder.path(), &["log", "errors again"]));
    assert!(!said.contains("note:"), "{said}");
}
