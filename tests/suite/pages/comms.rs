//! The pages from which messages are copied: what to send next, what was sent, and a copy for each customer.

use afterword::audience::Audience;

use super::{site_for, written_as};

/// An incident with a message that names one of its customers, and one that names none.
fn archive(last: &str) -> afterword::archive::Archive {
    let incident = format!(
        "title = \"Stock counts wrong\"\nstatus = \"monitoring\"\n\
         [times]\nstarted = 2026-01-02T09:00:00Z\n\
         [[messages]]\nstage = \"identified\"\nsent_at = 2026-01-02T09:40:00Z\nbody = \"We know why.\"\n\
         [[messages]]\nstage = \"monitoring\"\nchannel = \"email\"\nsent_at = 2026-01-02T10:40:00Z\n\
         subject = \"Counts\"\nbody = \"{last}\"\n\
         [[impact.customers]]\nname = \"Nordhafen Kiosk\"\nusers = 61001\n\
         [[impact.customers]]\nname = \"Quillmarket\"\nusers = 61002\n\
         [[impact.customers]]\nname = \"Others\"\naccounts = 9\nusers = 61004\n"
    );
    written_as([("incidents/INC-1.toml", incident.as_str())])
}

fn page(last: &str, path: &str) -> String {
    let files = site_for(&archive(last), &[], Audience::Internal);
    files[path].clone().expect("it is made")
}

#[test]
fn each_customer_has_a_copy_of_the_last_message_with_their_figures_alone() {
    let html = page("Counts are right again.", "comms/INC-1.html");
    let (_, copies) = html.split_once("id=\"copies\"").expect("copies");
    assert_eq!(
        copies.matches("<details data-filter=").count(),
        2,
        "{copies}"
    );
    for (customer, own, others) in [
        ("Nordhafen Kiosk", "61,001", "61,002"),
        ("Quillmarket", "61,002", "61,001"),
    ] {
        let (_, copy) = copies
            .split_once(&format!("Hello {customer},"))
            .expect("a copy");
        let (copy, _) = copy.split_once("</code>").expect("its end");
        assert!(
            copy.contains("Counts are right again.") && copy.contains(own),
            "{copy}"
        );
        assert!(!copy.contains(others) && !copy.contains("61,004"), "{copy}");
    }
    assert!(!copies.contains("We know why."), "{copies}");
}

#[test]
fn a_customer_gets_no_copy_of_a_message_that_names_another() {
    let html = page("Quillmarket is affected, too.", "comms/INC-1.html");
    let (_, copies) = html.split_once("id=\"copies\"").expect("copies");
    assert_eq!(
        copies.matches("<details data-filter=").count(),
        1,
        "{copies}"
    );
    assert!(copies.contains("Hello Quillmarket,"), "{copies}");
}

#[test]
fn the_next_draft_is_first_and_its_placeholders_are_marked() {
    let html = page("Counts are right again.", "comms/INC-1.html");
    let draft = html.find("id=\"drafts\"").expect("drafts");
    assert!(draft < html.find("<h2>Sent</h2>").expect("sent"), "{html}");
    let (_, draft) = html.split_once("id=\"drafts\"").expect("drafts");
    assert!(
        draft.contains("- Workaround: <mark>[Fill in: workaround, or none]</mark>\n"),
        "{draft}"
    );
    // The later ones are folded.
    let folded = draft.find("<details>").expect("later drafts");
    assert!(draft.find("Monitoring by email").expect("the next") < folded);
    assert!(draft.find("Resolved by email").expect("a later one") > folded);
}

#[test]
fn the_list_of_messages_shows_the_first_line_of_each() {
    let html = page("Counts are right again.\\nMore soon.", "comms/index.html");
    for text in [
        "#message-2\">Counts</a></p>\n<p class=\"line\">Counts are right again.</p>",
        // Without a subject, the line is the title.
        "#message-1\">We know why.</a></p>\n<p class=\"more\">",
    ] {
        assert!(html.contains(text), "{text}\n{html}");
    }
    assert!(!html.contains("More soon."), "{html}");
}

#[test]
fn our_words_are_not_isolated_together_with_a_channel_from_right_to_left() {
    let word = "\u{5e9}\u{5dc}";
    let incident = format!(
        "title = \"A\"\nstatus = \"monitoring\"\n[[messages]]\nstage = \"monitoring\"\nchannel = \"{word}\"\n\
         sent_at = 2026-01-02T09:40:00Z\nbody = \"B.\"\n"
    );
    let files = site_for(
        &written_as([("incidents/INC-1.toml", incident.as_str())]),
        &[],
        Audience::Internal,
    );
    for path in [
        "incidents/INC-1.html",
        "comms/INC-1.html",
        "comms/index.html",
    ] {
        let html = files[path].as_deref().expect("it is made");
        assert!(
            html.contains(&format!("by <bdi>{word}</bdi>")),
            "{path}\n{html}"
        );
        assert!(!html.contains("<bdi>by"), "{path}");
    }
}

#[test]
fn only_several_messages_are_folded_and_earlier_ones_show_their_subject() {
    let folded = "<summary><h3 id=\"messages\">Messages</h3> <span class=\"counts\" data-added>2</span></summary>";
    let report = page("Counts are right again.", "incidents/INC-1.html");
    assert!(report.contains(folded), "{report}");
    let one = "title = \"Stock counts wrong\"\n[[messages]]\nstage = \"identified\"\nsubject = \"Counts\"\nbody = \"All is right.\"\n";
    let files = site_for(
        &written_as([("incidents/INC-2.toml", one)]),
        &[],
        Audience::Internal,
    );
    let report = files["incidents/INC-2.html"]
        .as_deref()
        .expect("it is made");
    assert!(
        report.contains("<h3 id=\"messages\"><a href=\"#messages\">Messages</a></h3>"),
        "{report}"
    );
    let messages = page("Counts are right again.", "comms/INC-1.html");
    let (_, sent) = messages
        .split_once("<h2>Sent</h2>")
        .unwrap_or_else(|| panic!("{messages}"));
    assert_eq!(
        sent.matches("<summary><h3 id=\"message-").count(),
        1,
        "{sent}"
    );
    assert!(sent.contains("<h3 id=\"message-2\">Monitoring"), "{sent}");
}
