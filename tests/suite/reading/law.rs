//! The walk finds no problem exactly if the type can be read.
//!
//! `Law::holds` accepts any schema and any way to read a text. It mutates valid documents: keys are
//! renamed, dropped, duplicated and moved, values change type and nesting, and single characters of
//! the text are inserted and removed.

use super::model::{FORMATS, INCIDENT, Incident, TIMELINE, Timeline, schema};
use afterword::load::shape::{Format, walk};
use afterword::load::strict;
use afterword::source::{DUPLICATE_KEY, Limits, Member, Node, Span, Syntax, Value};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use std::fmt::Write;

pub struct Law<'a> {
    pub syntax: Syntax,
    pub schema: &'a serde_json::Value,
    pub formats: &'a [Format],
    /// Valid documents that use as many keys as possible.
    pub seeds: &'a [&'a str],
    /// Returns `true` if a text can be read.
    pub accepts: &'a dyn Fn(&str) -> bool,
    pub cases: u32,
}

impl Law<'_> {
    /// Checks the property on each seed and on mutations of it.
    pub fn holds(&self) {
        for seed in self.seeds {
            assert!((self.accepts)(seed), "a seed is not valid");
            self.check(seed).unwrap();
            self.each_value(seed);
        }
        let config = Config {
            cases: self.cases,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(23),
            ..Config::default()
        };
        let changes = prop::collection::vec(any::<[u16; 4]>(), 1..4);
        let strategy = (any::<prop::sample::Index>(), any::<bool>(), changes);
        let words = self.words();
        let mut runner = TestRunner::new(config);
        let run = runner.run(&strategy, |(seed, of_text, changes)| {
            let seed = seed.get(self.seeds);
            let text = if of_text {
                edited(seed, &changes)
            } else {
                self.mutated(self.syntax.tree(seed).0, &words, &changes)
            };
            self.check(&text)
        });
        if let Err(error) = run {
            panic!("{error}");
        }
    }

    /// Replaces each value with one of every kind, and applies every mutation to each.
    fn each_value(&self, seed: &str) {
        let words = self.words();
        let (node, _) = self.syntax.tree(seed);
        let replace = KINDS.iter().map(|which| [0, 11, *which, 1]);
        let ways: Vec<[u16; 4]> = replace
            .chain([1, 3, 6, 8].map(|how| [0, how, 1, 2]))
            .collect();
        let count = u16::try_from(count(&node)).unwrap();
        // In a long document use every seventh value, because seven is not the length of any of its lists.
        for at in (0..count).step_by(if count > 200 { 7 } else { 1 }) {
            for [_, how, which, what] in &ways {
                let text = self.mutated(node.clone(), &words, &[[at, *how, *which, *what]]);
                self.check(&text).unwrap();
            }
        }
    }

    fn check(&self, text: &str) -> Result<(), TestCaseError> {
        let file = match self.syntax {
            Syntax::Toml => "a.toml",
            Syntax::Json => "a.json",
        };
        let (node, faults) = self.syntax.parse(text, &Limits::default());
        let is_valid = match self.syntax {
            Syntax::Toml => toml::de::DeTable::parse(text).is_ok(),
            Syntax::Json => serde_json::from_str::<serde_json::Value>(text).is_ok(),
        };
        // Other parsers read the last of two keys in JSON, and any number in TOML.
        let is_allowed = |code, message: &str| match self.syntax {
            Syntax::Toml => message.contains("too large"),
            Syntax::Json => code == DUPLICATE_KEY,
        };
        let mut faults_elsewhere = faults.iter();
        let is_fault = !faults_elsewhere.all(|fault| is_allowed(fault.code, &fault.message));
        prop_assert!(
            is_valid != is_fault,
            "another parser disagrees:\n{text}\n{faults:?}"
        );
        let found = if faults.is_empty() {
            walk(self.schema, &node, file.into(), self.formats)
        } else {
            Vec::new()
        };
        prop_assert!(
            found.iter().all(|found| found.help.is_some()),
            "a fault without help:\n{text}\n{found:?}"
        );
        let passes = faults.is_empty() && found.is_empty();
        let accepts = (self.accepts)(text);
        prop_assert!(
            passes == accepts,
            "the walk {} what the type {}:\n{text}\n{faults:?}\n{found:?}",
            if passes { "passes" } else { "refuses" },
            if accepts { "accepts" } else { "refuses" },
        );
        Ok(())
    }

    /// Returns the keys and values that mutations insert, including those of the schema.
    fn words(&self) -> Vec<&str> {
        let mut words = vec![
            "",
            "x",
            "Public",
            "12",
            "~14:23",
            "2025-01-14",
            "é",
            "\u{200b}",
        ];
        collect(self.schema, &mut words);
        words
    }

    fn mutated(&self, mut node: Node<'_>, words: &[&str], changes: &[[u16; 4]]) -> String {
        for change in changes {
            mutate(&mut node, change, words, self.syntax);
        }
        let mut text = String::new();
        match (&node.value, self.syntax) {
            (Value::Table(members), Syntax::Toml) => {
                for member in members {
                    let _ = write!(text, "{} = ", quoted(&member.key));
                    print(&member.node, self.syntax, &mut text);
                    text.push('\n');
                }
            }
            _ => print(&node, self.syntax, &mut text),
        }
        text
    }
}

/// Collects the keys and the enum values of a schema.
fn collect<'a>(schema: &'a serde_json::Value, words: &mut Vec<&'a str>) {
    match schema {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                words.push(key);
                collect(value, words);
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| collect(value, words)),
        serde_json::Value::String(text) => words.push(text),
        _ => {}
    }
}

/// Visits the nodes in order and mutates the selected one.
fn mutate(root: &mut Node<'_>, [at, how, which, what]: &[u16; 4], words: &[&str], syntax: Syntax) {
    let mut left = usize::from(*at) % count(root);
    let Some(node) = nth(root, &mut left) else {
        return;
    };
    let word = words[usize::from(*what) % words.len()].to_owned();
    let which = usize::from(*which);
    let new = value(which, &word, syntax);
    match (how % 12, &mut node.value) {
        (0, Value::Table(members)) if !members.is_empty() => {
            let index = which % members.len();
            members[index].key = word.into();
        }
        (1, Value::Table(members)) if !members.is_empty() => {
            members.remove(which % members.len());
        }
        (2, Value::Table(members)) if !members.is_empty() => {
            let copy = members[which % members.len()].clone();
            members.push(copy);
        }
        (3, Value::Table(members)) if !members.is_empty() => {
            let index = which % members.len();
            members[index].key.to_mut().push('s');
        }
        (4 | 5, Value::Table(members)) => members.push(Member {
            key: word.into(),
            key_span: Span::default(),
            node: new,
        }),
        (0 | 1, Value::Array(nodes)) if !nodes.is_empty() => {
            nodes.remove(which % nodes.len());
        }
        (2..=4, Value::Array(nodes)) => nodes.push(new),
        (6, _) => wrap(node, |inner| Value::Array(vec![inner])),
        (7, _) => wrap(node, |inner| {
            let (key, key_span) = (word.into(), Span::default());
            Value::Table(vec![Member {
                key,
                key_span,
                node: inner,
            }])
        }),
        (8, Value::Array(nodes)) if !nodes.is_empty() => {
            *node = nodes.swap_remove(0);
        }
        (8, Value::Table(members)) if !members.is_empty() => {
            let values = std::mem::take(members);
            node.value = Value::Array(values.into_iter().map(|member| member.node).collect());
        }
        (9, Value::Integer(value)) => *value = value.wrapping_mul(257) + 1,
        (9, Value::String(text)) => text.to_mut().push(' '),
        _ => *node = new,
    }
}

fn wrap<'t>(node: &mut Node<'t>, outer: impl FnOnce(Node<'t>) -> Value<'t>) {
    let inner = std::mem::replace(node, leaf(Value::Null));
    node.value = outer(inner);
}

fn leaf(value: Value<'_>) -> Node<'_> {
    Node {
        span: Span::default(),
        value,
    }
}

/// The values below that differ in kind.
const KINDS: &[u16] = &[0, 3, 5, 7, 9, 12, 13, 14, 17, 18, 20];

/// The number of values that can replace another.
const VALUES: u16 = 24;

fn value(which: usize, word: &str, syntax: Syntax) -> Node<'static> {
    let float = |text: &str| Value::Float {
        value: 0.0,
        text: text.to_owned().into(),
    };
    let datetime = |text: &str| Value::Datetime(text.to_owned().into());
    leaf(match (which % usize::from(VALUES), syntax) {
        (0, _) => Value::Integer(0),
        (1, _) => Value::Integer(-1),
        (2, _) => Value::Integer(255),
        (3, _) => Value::Integer(256),
        (4, _) => Value::Integer(1 << 16),
        (5, _) => Value::Integer(1 << 32),
        (6, _) => Value::Integer(i64::MAX.into()),
        (7, _) => Value::Integer(u64::MAX.into()),
        (8, _) => Value::Integer(i128::from(u64::MAX) + 1),
        (9, _) => float("1.5"),
        (10, _) => float("5.0"),
        (11, _) => float("-0"),
        (12, _) => Value::Bool(true),
        (13, _) => Value::Array(Vec::new()),
        (14, _) => Value::Table(Vec::new()),
        (15, _) => Value::Array(vec![leaf(Value::String(word.to_owned().into()))]),
        (16, Syntax::Toml) => float("inf"),
        (17, Syntax::Toml) => datetime("2025-01-14 14:23:00z"),
        (18, Syntax::Toml) => datetime("2025-01-14"),
        (19, Syntax::Toml) => datetime("14:23"),
        (16, Syntax::Json) => float("1e400"),
        (17..=19, Syntax::Json) => Value::Null,
        _ => Value::String(word.to_owned().into()),
    })
}

fn count(node: &Node) -> usize {
    1 + match &node.value {
        Value::Array(nodes) => nodes.iter().map(count).sum(),
        Value::Table(members) => members
            .iter()
            .map(|member| count(&member.node))
            .sum::<usize>(),
        _ => 0,
    }
}

fn nth<'a, 't>(node: &'a mut Node<'t>, left: &mut usize) -> Option<&'a mut Node<'t>> {
    if *left == 0 {
        return Some(node);
    }
    *left -= 1;
    let inner: Vec<&'a mut Node<'t>> = match &mut node.value {
        Value::Array(nodes) => nodes.iter_mut().collect(),
        Value::Table(members) => members.iter_mut().map(|member| &mut member.node).collect(),
        _ => Vec::new(),
    };
    inner.into_iter().find_map(|inner| nth(inner, left))
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn print(node: &Node, syntax: Syntax, text: &mut String) {
    match &node.value {
        Value::Null if syntax == Syntax::Json => text.push_str("null"),
        Value::Null => text.push_str("\"\""),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Integer(value) => text.push_str(&value.to_string()),
        Value::Float { text: typed, .. } | Value::Datetime(typed) => text.push_str(typed),
        Value::String(value) => text.push_str(&quoted(value)),
        Value::Array(nodes) => {
            text.push('[');
            for (index, node) in nodes.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                print(node, syntax, text);
            }
            text.push(']');
        }
        Value::Table(members) => {
            text.push('{');
            for (index, member) in members.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                text.push_str(&quoted(&member.key));
                text.push_str(if syntax == Syntax::Toml { " = " } else { ": " });
                print(&member.node, syntax, text);
            }
            text.push('}');
        }
    }
}

/// Inserts, removes and replaces single characters of a text.
fn edited(seed: &str, changes: &[[u16; 4]]) -> String {
    const NEW: &[&str] = &[
        "\"", "'", "[", "]", "{", "}", ",", ":", "=", ".", "\\", "\n", " ", "#", "//", "0", "-",
        "e", "\u{1}", "\u{e9}", "\u{2028}", "\\ud800", "\\u0000", "null", "[[", "\"\"\"", "\t",
        "\r", "/**/", "_", "+", "\u{7f}", "\u{a0}", "“", "”", "１", "＝", "–", "\u{200b}",
    ];
    let mut characters: Vec<String> = seed.chars().map(String::from).collect();
    for [at, how, what, length] in changes {
        let at = usize::from(*at) % characters.len();
        let new = NEW[usize::from(*what) % NEW.len()].to_owned();
        match how % 3 {
            0 => characters.insert(at, new),
            1 => characters[at] = new,
            _ => {
                let end = (at + 1 + usize::from(length % 3)).min(characters.len());
                characters.drain(at..end);
            }
        }
        if characters.is_empty() {
            break;
        }
    }
    characters.concat()
}

#[test]
fn the_walk_passes_exactly_the_incidents_that_serde_reads() {
    Law {
        syntax: Syntax::Toml,
        schema: &schema::<Incident>(),
        formats: FORMATS,
        seeds: &[INCIDENT, "title = \"x\""],
        accepts: &|text| strict::text::<Incident>(text, Syntax::Toml).is_ok(),
        cases: cases(),
    }
    .holds();
}

#[test]
fn the_walk_passes_exactly_the_timelines_that_serde_reads() {
    Law {
        syntax: Syntax::Json,
        schema: &schema::<Timeline>(),
        formats: FORMATS,
        seeds: &[TIMELINE, "{\"events\": []}"],
        accepts: &|text| strict::text::<Timeline>(text, Syntax::Json).is_ok(),
        cases: cases(),
    }
    .holds();
}

/// The case with every key, whose values have all the forms of the product's types.
const EVERY_INCIDENT: &str = include_str!("../../cases/every-key/incidents/INC-2025-0100.toml");
const EVERY_TIMELINE: &str = include_str!("../../cases/every-key/timelines/INC-2025-0100.json");
const CONFIG: &str = include_str!("../../../afterword.toml");

#[test]
fn the_walk_accepts_exactly_what_the_product_reads() {
    use afterword::config::Config;
    use afterword::edit::{incident, timeline};
    use afterword::incident::Incident;
    use afterword::load::schema;
    use afterword::timeline::Timeline;

    let law = |syntax, schema, seeds, accepts: &dyn Fn(&str) -> bool| {
        Law {
            syntax,
            schema,
            formats: afterword::kind::FORMATS,
            seeds,
            accepts,
            cases: cases(),
        }
        .holds();
    };
    // What is read is printed so that the same is read again.
    let incident = |text: &str| {
        let read = strict::text::<Incident>(text, Syntax::Toml).ok();
        if let Some(read) = &read {
            let printed = incident::print(read);
            let again = strict::text::<Incident>(&printed, Syntax::Toml).expect(&printed);
            assert_eq!(&again, read, "{text}\n{printed}");
            assert_eq!(incident::print(&again), printed);
        }
        read.is_some()
    };
    law(
        Syntax::Toml,
        schema::incident(),
        &[EVERY_INCIDENT, "title = \"x\""],
        &incident,
    );
    let timeline = |text: &str| {
        let read = strict::text::<Timeline>(text, Syntax::Json).ok();
        if let Some(read) = &read {
            let printed = timeline::print(read);
            let again = strict::text::<Timeline>(&printed, Syntax::Json).expect(&printed);
            assert_eq!(&again, read, "{text}\n{printed}");
            assert_eq!(timeline::print(&again), printed);
        }
        read.is_some()
    };
    law(
        Syntax::Json,
        schema::timeline(),
        &[EVERY_TIMELINE, "{\"events\": []}"],
        &timeline,
    );
    let config = |text: &str| strict::text::<Config>(text, Syntax::Toml).is_ok();
    law(Syntax::Toml, schema::config(), &[CONFIG, "[site]"], &config);
}

fn cases() -> u32 {
    std::env::var("LAW_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(600)
}
