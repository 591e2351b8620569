#![expect(clippy::disallowed_methods, reason = "an archive for each case")]

use std::fs;

use super::*;
use crate::source::Syntax;

const PUBLIC: Option<Audience> = Some(Audience::Public);
const CUSTOMERS: Option<Audience> = Some(Audience::Customers);
const INTERNAL: Option<Audience> = Some(Audience::Internal);
const CONFIDENTIAL: Option<Audience> = Some(Audience::Confidential);

#[test]
fn a_tree_is_as_restricted_as_its_most_restricted_value() {
    for (text, expected) in [
        ("", PUBLIC),
        ("a = 'x'\nb = 1", PUBLIC),
        ("visibility = 'customers'", CUSTOMERS),
        ("visibility = ' Customers '", CUSTOMERS),
        ("visibilty = 'confidential'", CONFIDENTIAL),
        ("visibilty = 'nobody'", None),
        ("visibility = 'nobody'", None),
        ("audience = ['public']", None),
        ("classification = 1", None),
        // A name of an audience counts at any key.
        ("seen_by = 'confidential'", CONFIDENTIAL),
        ("a = ['internal', ['customers']]", INTERNAL),
        ("hidden = false", PUBLIC),
        ("hidden = true", None),
        ("hidden = 'false'", None),
        ("hiden = true", None),
        ("redact = []", PUBLIC),
        ("redact = [{ text = 'x' }]", CONFIDENTIAL),
        ("redact = ['x']", CONFIDENTIAL),
        (
            "redact = [{ text = 'x', audience = 'customers' }]",
            CUSTOMERS,
        ),
        ("redact = [{ text = 'x', audience = 'some' }]", None),
        (
            "redact = [{ text = 'x', audience = 'public' }, { text = 'y' }]",
            CONFIDENTIAL,
        ),
        (
            "[[events]]\nvisibility = 'public'\n[[events]]\nvisibility = 'internal'",
            INTERNAL,
        ),
        ("[a.b]\nvisibility = 'internal'\n[a.c]\nhidden = true", None),
    ] {
        let (tree, errors) = Syntax::Toml.tree(text);
        assert!(errors.is_empty(), "{text}");
        assert_eq!(named(&tree), expected, "{text}");
    }
}

/// Returns the audience of an incident whose archive has these files beside it.
fn restricted(incident: &str, others: &[(&str, &str)]) -> Option<Audience> {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(folder.path()).expect("a text");
    let incident = ("incidents/INC-1.toml", incident);
    for (path, text) in [incident].iter().chain(others) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, text).expect("written");
    }
    let settings =
        "[fields.margin]\naudience = 'confidential'\n[fields.region]\naudience = 'public'\n";
    let config = toml::from_str(settings).expect("settings");
    let ids = BTreeSet::from(["INC-1".to_owned(), "INC-2".to_owned()]);
    let mut found = restrictions(root, &config, &ids);
    let audience = found.remove("INC-1");
    assert!(found.is_empty());
    audience
}

#[test]
fn an_incident_with_errors_has_an_audience_only_if_its_file_shows_it_for_certain() {
    for (incident, expected) in [
        ("severity = 1", INTERNAL),
        ("classification = 'public'\nseverity = 1", PUBLIC),
        ("classification = 'Public'", None),
        ("classification = 1", None),
        ("classificaton = 'public'", None),
        ("klass = 'public'", None),
        (
            "classification = 'public'\nqqq = 'confidential'",
            CONFIDENTIAL,
        ),
        ("classification = 'public'\nqqq = 1", PUBLIC),
        ("classification = 'public'\ntitle = x y", None),
        ("classification = 'public'\n[extra]\nregion = 1", PUBLIC),
        (
            "classification = 'public'\n[extra]\nmargin = 1",
            CONFIDENTIAL,
        ),
        ("classification = 'public'\ntimeline = 1", None),
        ("classification = 'public'\ntimeline = '../none.json'", None),
    ] {
        assert_eq!(restricted(incident, &[]), expected, "{incident}");
    }
}

#[test]
fn every_file_of_an_incident_may_restrict_it() {
    let incident = "classification = 'public'\nseverity = 1\n";
    for (path, text, expected) in [
        ("timelines/INC-1.json", "{\"events\": []}", PUBLIC),
        (
            "timelines/INC-1.json",
            "{\"visibility\": \"internal\"}",
            INTERNAL,
        ),
        (
            "timelines/INC-1.json",
            "{\"events\": [{\"hidden\": true}]}",
            None,
        ),
        ("timelines/INC-1.json", "{\"events\": [}", None),
        (
            "timelines/INC-1.d/a.json",
            "{\"visibility\": \"customers\"}",
            CUSTOMERS,
        ),
        ("timelines/INC-1.d/a.json", "{", None),
        (
            "timelines/INC-2.json",
            "{\"visibility\": \"internal\"}",
            PUBLIC,
        ),
        // If two files have one ID, either may be the one that was published.
        (
            "incidents/x/inc-1.toml",
            "classification = 'confidential'",
            CONFIDENTIAL,
        ),
        ("incidents/x/inc-1.toml", "classification = ''", None),
    ] {
        assert_eq!(
            restricted(incident, &[(path, text)]),
            expected,
            "{path}: {text}"
        );
    }
}
