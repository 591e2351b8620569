use super::super::tests::record;
use super::phrases::apply;
use super::*;
use crate::facts::Summary;

#[test]
fn a_phrase_is_replaced_in_whole_words_however_it_is_joined() {
    for (text, expected) in [
        ("Lars Novak called", Some("X called")),
        ("ask LARS  NOVAK or lars-novak", Some("ask X or X")),
        ("Lars\nNovak's call", Some("X's call")),
        ("evidence/lars_novak.png", Some("evidence/X.png")),
        ("Lars Novakov", None),
        ("Lars", None),
        ("LarsNovak, larsnovak.example", Some("X, X.example")),
        ("LarsNovaks", None),
        ("É Lars Novak É", Some("É X É")),
        ("lars.novak@example.com", Some("X@example.com")),
        ("Lars\u{2013}Novak, lars/novak", Some("X, X")),
        ("", None),
    ] {
        assert_eq!(replaced(text, "Lars Novak").as_deref(), expected, "{text}");
    }
    let replaced = replaced("担当は王芳です", "王芳");
    assert_eq!(replaced.as_deref(), Some("担当はXです"));
}

#[test]
fn a_link_whose_target_has_a_phrase_becomes_its_words() {
    let summary = "[Wolf](https://wolf.example/a) and [b](https://b.example/wolf), <https://wolf.example>, ![the wolf](wolf.png), \
                   [kept](https://b.example) `[wolf](x)`";
    let text =
        format!("summary = '{summary}'\nredact = [{{ text = 'wolf', with = 'the animal' }}]");
    let (record, config) = (record(&text, &[]), Config::default());
    let seen = record.seen_by(Audience::Internal, &config);
    assert_eq!(
        seen.incident.summary.as_deref(),
        Some(
            "the animal and b, https://the animal.example, the the animal, [kept](https://b.example) `[the animal](x)`"
        )
    );
}

fn replaced(text: &str, phrase: &str) -> Option<String> {
    let incident = format!("redact = [{{ text = '{phrase}', with = 'X' }}]");
    let phrases = record(&incident, &[]).phrases(Audience::Internal);
    apply(text, &phrases.edits(text))
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
fn redacted_values_stay_apart_and_refer_to_the_same() {
    let text = "tags = ['alpha', 'queue']\n\
        redact = [{ text = 'alpha' }, { text = 'beta' }]\n\
        times = { identified = { event = 'beta-down' } }\n\
        action_items = [{ id = 'ALPHA-1', action = 'One' }, { id = 'BETA-1', action = 'Two' }]\n\
        evidence = [{ title = 'E1', file = 'alpha.log' }, { title = 'E2', file = 'beta.log', audience = 'confidential' }]\n\
        [resolution]\nimmediate = [{ action = 'BETA-1' }]";
    let (mut record, config) = (
        record(text, &["20:10 = #alpha-down", "20:40 = #beta-down"]),
        Config::default(),
    );
    for (path, text) in [("alpha.log", "one"), ("beta.log", "two")] {
        let file = ReferredFile::Text(text.to_owned());
        record
            .files
            .insert(format!("incidents/{path}").into(), file);
    }
    let seen = record.seen_by(Audience::Internal, &config);
    let files: Vec<&ReferredFile> = seen.files.values().collect();
    assert_eq!(files.len(), 2, "{:?}", seen.files.keys());
    let path = seen.incident.evidence[0].file.as_ref().unwrap();
    let path = seen.resolve(path).unwrap();
    assert!(matches!(&seen.files[&path], ReferredFile::Quoted(text) if text == "one"));
    let tags: Vec<&str> = seen.incident.tags.iter().map(|tag| &**tag).collect();
    assert_eq!(tags, ["queue"]);
    let at = seen.when(seen.incident.times.identified.as_ref(), None);
    assert_eq!(
        at,
        record.when(record.incident.times.identified.as_ref(), None)
    );
    assert!(at.is_some());
    let resolution = seen.incident.resolution.as_ref().unwrap();
    let Some(Either::Table(step)) = resolution.immediate.first() else {
        panic!("a step")
    };
    assert_eq!(step.action.as_deref(), Some(&*seen.action_id(1)));
    assert_ne!(seen.action_id(0), seen.action_id(1));
    assert!(seen.action_id(1).starts_with("INC-1-"));
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

#[test]
fn a_copy_of_a_copy_has_the_phrases_of_both_replaced() {
    let text = "summary = 'Acme of Lars Novak'\n\
        redact = [{ text = 'Lars Novak' }, { text = 'Acme', audience = 'internal' }]";
    let (record, config) = (record(text, &[]), Config::default());
    let internal = record.seen_by(Audience::Internal, &config);
    assert_eq!(
        internal.incident.summary.as_deref(),
        Some("Acme of [redacted]")
    );
    let customers = internal.seen_by(Audience::Customers, &config);
    let summary = customers.incident.summary.as_deref();
    assert_eq!(summary, Some("[redacted] of [redacted]"));
}

#[test]
fn a_redacted_name_is_not_one_of_the_files() {
    let text = "services = ['alpha', 'api']\nredact = [{ text = 'alpha' }]";
    let (record, config) = (record(text, &[]), Config::default());
    let seen = record.seen_by(Audience::Internal, &config);
    let own: Vec<&str> = (seen.services().into_iter())
        .filter(|name| seen.is_own(name))
        .collect();
    assert_eq!((seen.services().len(), own), (2, vec!["api"]));
}

#[test]
fn names_that_are_redacted_to_the_same_text_stay_apart() {
    let text = "evidence = [{ title = 'E1', group = 'acme-queries' }]\n\
        redact = [{ text = 'Acme' }, { text = 'Initech' }]\n\
        evidence_groups.acme-queries.warning = 'Run these on a replica of Acme.'\n\
        [impact]\ncustomers = [\n\
        { name = 'Zed', measures = { 'Orders at Acme' = 3, 'Orders at Initech' = 4 } },\n\
        { name = 'Yot', measures = { 'Orders at Initech' = 5 } }]";
    let (mut record, config) = (record(text, &[]), Config::default());
    record.timeline = serde_json::from_str(
        "{\"people\": {\"acme-ops\": {\"name\": \"A\"}, \"initech-ops\": {\"name\": \"B\"}},\n\
        \"events\": [{\"at\": \"10:00\", \"text\": \"Called\", \"actor\": \"initech-ops\"}]}",
    )
    .unwrap();
    let seen = record.seen_by(Audience::Internal, &config);
    let customers = &seen.incident.impact.as_ref().unwrap().customers;
    let names = customers.iter().map(|customer| {
        let measures = customer.measures.0.iter();
        measures.map(|(name, _)| &**name).collect()
    });
    let names: Vec<Vec<&str>> = names.collect();
    assert_eq!(
        names,
        [
            vec!["Orders at [redacted]", "Orders at [redacted] (2)"],
            vec!["Orders at [redacted] (2)"]
        ]
    );
    let group = seen.incident.evidence[0].group.as_ref().unwrap();
    let warning = &seen.incident.evidence_groups.get(group).unwrap().warning;
    assert_eq!(&**warning, "Run these on a replica of [redacted].");
    let actor = seen.timeline.events[0].actor.as_ref().unwrap();
    assert_eq!(&*seen.timeline.people.get(actor).unwrap().name, "B");
}

#[test]
fn nothing_is_counted_by_a_redacted_text() {
    let settings = "[fields.trigger]\nlabel = 'Trigger'\nkind = 'list'\ncounted = true";
    let config: Config = toml::from_str(settings).unwrap();
    let text = "redact = [{ text = 'Acme' }]\nextra.trigger = ['Load of Acme', 'Traffic']\n\
        action_items = [{ action = 'Add one', owner = ['Team Acme', 'Ops'] }]";
    let record = record(text, &[]);
    let summary = Summary::from_record(&record.seen_by(Audience::Internal, &config), &config);
    assert_eq!(summary.field("trigger"), ["Traffic"]);
    let action = summary.actions.get(0).unwrap();
    let owners: Vec<&str> = action.owners().collect();
    assert_eq!(owners, ["Team [redacted] (INC-1-A1)", "Ops"]);
}

#[test]
fn a_fix_that_is_not_shown_still_keeps_its_incident_open() {
    for (status, is_fixed) in [("pending_deploy", false), ("deployed", true)] {
        let text = format!("fix = {{ status = '{status}', audience = 'confidential' }}");
        let (record, config) = (record(&text, &[]), Config::default());
        let seen = record.seen_by(Audience::Internal, &config);
        assert!(seen.incident.fix.is_none());
        assert_eq!(seen.is_fixed(), is_fixed, "{status}");
    }
}

#[test]
fn a_redacted_path_is_none_that_the_incident_has() {
    let text = "redact = [{ text = 'alpha' }, { text = 'beta' }]\n\
        evidence = [{ title = 'E1', file = 'alpha.log' }, { title = 'E2', file = 'redacted.log', audience = 'confidential' }, { title = 'E3', file = 'alpha-2.log' }, { title = 'E4', file = 'beta.log' }]";
    let (mut record, config) = (record(text, &[]), Config::default());
    for (path, text) in [
        ("alpha.log", "E1"),
        ("redacted.log", "E2"),
        ("alpha-2.log", "E3"),
        ("beta.log", "E4"),
    ] {
        let file = ReferredFile::Text(text.to_owned());
        let path = format!("incidents/{path}");
        record.files.insert(path.into(), file);
    }
    let seen = record.seen_by(Audience::Internal, &config);
    assert_eq!(seen.files.len(), 4, "{:?}", seen.files.keys());
    for evidence in &seen.incident.evidence {
        let path = seen.resolve(evidence.file.as_ref().unwrap()).unwrap();
        let (ReferredFile::Text(text) | ReferredFile::Quoted(text)) = &seen.files[&path] else {
            panic!("{path}")
        };
        assert_eq!(Some(text.as_str()), evidence.title.as_deref());
    }
}
