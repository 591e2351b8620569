use super::*;
use crate::edit::incident::print;
use crate::incident::Incident;

#[track_caller]
fn check(text: &str, expected: &str) {
    let mut row = ActionItem::default();
    let near = NaiveDate::from_ymd_opt(2025, 3, 4);
    let (status, text) = status(text);
    row.status = status;
    let action = details(text, &mut row, near).to_owned();
    let incident = Incident {
        action_items: vec![row],
        ..Incident::default()
    };
    let printed = print(&incident);
    let rest = printed.split("[[action_items]]\n").nth(1);
    let keys = rest.unwrap_or_default().lines();
    let keys = keys
        .filter(|line| !line.starts_with("action "))
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let found: Vec<String> = [action].into_iter().chain(keys).collect();
    assert_eq!(found.join(" | "), expected);
}

#[test]
fn details_after_an_action_are_used_only_if_all_are_recognized() {
    for (text, expected) in [
        (
            "Ask first (@lee, by 2025-02-14)",
            "Ask first | owner = \"@lee\" | due = 2025-02-14",
        ),
        (
            "Move it - owner: @pat - TICKET-91",
            "Move it | owner = \"@pat\" | notes = \"Ticket: TICKET-91\"",
        ),
        (
            "Ask (owner: Dana K., due: 15 Oct 2025)",
            "Ask | owner = \"Dana K.\" | due = 2025-10-15",
        ),
        (
            "Fix [OPS-1](https://t.example/1) (P1)",
            "Fix [OPS-1](https://t.example/1) | priority = \"P1\"",
        ),
        (
            "Fix it ([OPS-1](https://t.example/1))",
            "Fix it | url = \"https://t.example/1\"",
        ),
        (
            "Keep words (in brackets) and dashes - all of them",
            "Keep words (in brackets) and dashes - all of them",
        ),
        (
            "Neu einrichten (@lena, bis 2025-03-20)",
            "Neu einrichten | owner = \"@lena\" | due = 2025-03-20",
        ),
        (
            "Revisar (@lena, hasta el 25 de marzo de 2025)",
            "Revisar | owner = \"@lena\" | due = 2025-03-25",
        ),
        (
            "Check it (@omar, by March 22, 2025)",
            "Check it | owner = \"@omar\" | due = 2025-03-22",
        ),
        (
            "更新する (@lena, 2025-03-29まで)",
            "更新する | owner = \"@lena\" | due = 2025-03-29",
        ),
        (
            "Fix (@lena, @omar, due 2025-03-21)",
            "Fix | owner = [\"@lena\", \"@omar\"] | due = 2025-03-21",
        ),
        (
            "Check (Lena Ort, 2025-03-23)",
            "Check | owner = \"Lena Ort\" | due = 2025-03-23",
        ),
        ("Check (Lena, Omar)", "Check (Lena, Omar)"),
        ("[DONE] Check it", "Check it | status = \"done\""),
        ("DONE: check it", "check it | status = \"done\""),
        ("Check it ✅", "Check it | status = \"done\""),
        ("Check it - done", "Check it | status = \"done\""),
        ("Check it (Completed)", "Check it | status = \"done\""),
        ("@lena: check it", "check it | owner = \"@lena\""),
        (
            "Clean it. **Owner:** Bo. **Due:** 2025-04-01.",
            "Clean it. | owner = \"Bo\" | due = 2025-04-01",
        ),
        (
            "監視を追加する（担当: 佐藤、期限: 2025-06-30）",
            "監視を追加する | owner = \"佐藤\" | due = 2025-06-30",
        ),
        ("Clean it. Note: it is hot", "Clean it. Note: it is hot"),
        (
            "Check (after the move, 2025-03-23)",
            "Check (after the move, 2025-03-23)",
        ),
        ("Tell them (@lee, soon)", "Tell them (@lee, soon)"),
        ("(@lee)", "(@lee)"),
    ] {
        check(text, expected);
    }
}

#[test]
fn owners_and_dates_are_read_as_other_languages_write_them() {
    for (text, expected) in [
        (
            "Neu einrichten (@lena, bis 20.03.2025)",
            "Neu einrichten | owner = \"@lena\" | due = 2025-03-20",
        ),
        (
            "Neu einrichten (Team, bis 20. März)",
            "Neu einrichten | owner = \"Team\" | due = 2025-03-20",
        ),
        (
            "Prüfen (Lena Ort; OPS-17; fällig 2.1.)",
            "Prüfen | owner = \"Lena Ort\" | due = 2026-01-02 | notes = \"Ticket: OPS-17\"",
        ),
        (
            "Revoir (@lena, avant le 07/03/2025)",
            "Revoir | owner = \"@lena\" | due = 2025-03-07",
        ),
        (
            "Revoir (équipe réseau, avant le 21 mars)",
            "Revoir | owner = \"équipe réseau\" | due = 2025-03-21",
        ),
        (
            "Docs @lena bis 21.03.2025",
            "Docs | owner = \"@lena\" | due = 2025-03-21",
        ),
        (
            "Write docs (by 03/21/2025)",
            "Write docs | due = 2025-03-21",
        ),
        ("Write docs (by 03/04/2025)", "Write docs (by 03/04/2025)"),
        ("Talk to @lena by 2025-03-21", "Talk to @lena by 2025-03-21"),
        ("Ask @lena about 2025-03-21", "Ask @lena about 2025-03-21"),
        (
            "Check logs: Lena Ort, 2025-03-21",
            "Check logs | owner = \"Lena Ort\" | due = 2025-03-21",
        ),
        (
            "Reproduce OPS-17: it fails on 2025-03-21",
            "Reproduce OPS-17: it fails on 2025-03-21",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn a_status_may_be_before_or_after_an_action_and_beside_a_name() {
    for (text, expected) in [
        ("~~Write the test~~", "Write the test | status = \"done\""),
        (
            "(Completed) Disable the job",
            "Disable the job | status = \"done\"",
        ),
        (
            "Double the cache : fait",
            "Double the cache | status = \"done\"",
        ),
        (
            "Double the cache: erledigt",
            "Double the cache | status = \"done\"",
        ),
        (
            "Add an alert (done, Kim)",
            "Add an alert | owner = \"Kim\" | status = \"done\"",
        ),
        ("Fix the zone [CLOSED]", "Fix the zone | status = \"done\""),
        (
            "Replace the disk — ✔ Kim",
            "Replace the disk | owner = \"Kim\" | status = \"done\"",
        ),
        (
            "Rotate the keys. Status: done. Owner: Bo.",
            "Rotate the keys. | owner = \"Bo\" | status = \"done\"",
        ),
        (
            "Alert on age -- Owner: Ines -- Due: 2026-07-31 -- Status: Done",
            "Alert on age | owner = \"Ines\" | due = 2026-07-31 | status = \"done\"",
        ),
        (
            "Set the default state: closed",
            "Set the default state: closed",
        ),
        ("Explain the label: open", "Explain the label: open"),
        ("Add a cache (not done)", "Add a cache (not done)"),
    ] {
        check(text, expected);
    }
}
