//! What a build for customers or the public refuses to publish.

use crate::site::{archive, printed};

#[test]
fn an_external_site_has_no_placeholder() {
    let incident = "title = \"Search was slow\"\nclassification = \"public\"\n\
                    [times]\nstarted = 2026-06-01T09:00:00Z\nended = 2026-06-01T10:00:00Z\n\
                    [public]\ntitle = \"Search was slow\"\nsummary = \"Search was slow.\"\n";
    let unfilled = [
        "cause = \"[Fill in: the condition that caused it]\"\n",
        "measures = [\"[Fill in: measure]\"]\n",
        "[[messages]]\nstage = \"resolved\"\naudience = \"public\"\nsent_at = 2026-06-01T10:05:00Z\n\
         subject = \"Search\"\nbody = \"[Fill in, once it is true: This incident has been resolved.]\"\n",
    ];
    for part in unfilled {
        let text = format!("{incident}{part}");
        let folder = archive(&[("incidents/INC-1.toml", &text)]);
        let out = folder.path().join("site").display().to_string();
        let build = |readers| printed(&folder, &["build", "--audience", readers, "--out", &out]);
        let refused = build("public");
        assert!(refused.contains("error[placeholder-in-site]"), "{refused}");
        assert!(refused.contains("[Fill in"), "{refused}");
        assert!(!folder.path().join("site").exists());
        let inside = build("internal");
        assert!(inside.contains("built 1 report"), "{inside}");
    }
    // It is published nowhere.
    let internal = format!("{incident}{}", unfilled[0]).replace("\"public\"\n[", "\"internal\"\n[");
    let folder = archive(&[("incidents/INC-1.toml", &internal)]);
    let out = folder.path().join("site").display().to_string();
    let built = printed(&folder, &["build", "--audience", "public", "--out", &out]);
    assert!(built.contains("built 0 reports"), "{built}");
}

#[test]
fn a_company_is_confidential_without_its_legal_form() {
    let incident = |summary: &str| {
        format!(
            "title = \"Search was slow\"\nclassification = \"public\"\n\
             [times]\nstarted = 2026-06-01T09:00:00Z\nended = 2026-06-01T10:00:00Z\n\
             [public]\ntitle = \"Search was slow\"\nsummary = \"{summary}\"\n\
             [[impact.customers]]\nname = \"Nordwind Logistik AG\"\n\
             [[impact.customers]]\nname = \"Globex Ltd.\"\n"
        )
    };
    for (summary, term) in [
        ("Slow for Nordwind Logistik.", "Nordwind Logistik"),
        ("Slow at nordwind-logistik.example.", "Nordwind Logistik"),
        ("Slow for Globex.", "Globex"),
        ("Slow for Globex Limited.", "Globex"),
        ("Slow at globex-prod.", "Globex"),
    ] {
        let text = incident(summary);
        let folder = archive(&[("incidents/INC-1.toml", &text)]);
        let out = folder.path().join("site").display().to_string();
        let build = || printed(&folder, &["build", "--audience", "public", "--out", &out]);
        let refused = build();
        let found = format!("confidential term `{term}` (customer name)");
        assert!(refused.contains(&found), "{summary}: {refused}");
        // Who may know the full name may know the short one.
        let allow = "[audit]\nallow = [\"Nordwind Logistik AG\", \"Globex Ltd.\"]\n";
        std::fs::write(folder.path().join("afterword.toml"), allow).expect("writable");
        let built = build();
        assert!(built.contains("built 1 report"), "{built}");
    }
}
