use super::super::tests::record;
use super::*;

#[test]
fn a_phrase_is_replaced_in_whole_words_however_it_is_joined() {
    for (text, expected) in [
        ("Lars Novak called", Some("X called")),
        ("ask LARS  NOVAK or lars-novak", Some("ask X or X")),
        ("Lars\nNovak's call", Some("X's call")),
        ("evidence/lars_novak.png", Some("evidence/X.png")),
        ("Lars Novakov", None),
        ("Lars", None),
        ("LarsNovak", None),
        ("É Lars Novak É", Some("É X É")),
        ("", None),
    ] {
        let replaced = replaced(text, "Lars Novak", "X");
        assert_eq!(replaced.as_deref(), expected, "{text}");
    }
    let replaced = replaced("担当は王芳です", "王芳", "X");
    assert_eq!(replaced.as_deref(), Some("担当はXです"));
}

#[test]
fn a_longer_phrase_is_replaced_as_a_whole() {
    let text = "summary = 'Acme and Acme Retail'\n\
        redact = [{ text = 'Acme' }, { text = 'Acme Retail', with = 'a shop' }]";
    let (record, config) = (record(text, &[]), Config::default());
    let seen = record.seen_by(Audience::Internal, &config);
    assert_eq!(
        seen.incident.summary.as_deref(),
        Some("[redacted] and a shop")
    );
    assert!(seen.incident.redact.is_empty());
    let whole = record.seen_by(Audience::Confidential, &config);
    assert!(matches!(whole, Cow::Borrowed(_)));
}

#[test]
fn an_action_item_keeps_its_id_and_a_step_is_withheld_with_its_item() {
    let text = "action_items = [{ action = 'One', audience = 'confidential' }, { action = 'Two' }]\n\
        [resolution]\nimmediate = [{ action = 'INC-1-A1' }, { action = 'INC-1-A2' }, { text = 'z', audience = 'confidential' }]";
    let (record, config) = (record(text, &[]), Config::default());
    let seen = record.seen_by(Audience::Internal, &config);
    assert_eq!(seen.incident.action_items.len(), 1);
    assert_eq!(seen.action_id(0), "INC-1-A2");
    let resolution = seen.incident.resolution.as_ref().expect("it stays");
    assert_eq!(resolution.immediate.len(), 1);
}
