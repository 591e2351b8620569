//! Measures what is found in the labelled texts of `tests/import/texts.txt`.

use super::*;

/// The right, wrong and missed statements of a part of the list.
#[derive(Default)]
struct Score {
    texts: usize,
    right: usize,
    wrong: Vec<String>,
    missed: Vec<String>,
}

impl Score {
    fn add(&mut self, expected: &str, text: &str) {
        self.texts += 1;
        let found = cue(text).statements;
        for mark in Mark::ALL {
            let is_found = found.iter().any(|statement| statement.mark == *mark);
            let line = format!("{}: {text}", mark.as_str());
            match (
                is_found,
                expected.split(' ').any(|name| name == mark.as_str()),
            ) {
                (true, true) => self.right += 1,
                (true, false) => self.wrong.push(line),
                (false, true) => self.missed.push(line),
                (false, false) => {}
            }
        }
    }

    fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong.len())
    }

    fn recall(&self) -> f64 {
        share(self.right, self.right + self.missed.len())
    }
}

#[expect(clippy::cast_precision_loss, reason = "the counts are small")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[test]
fn a_text_states_a_mark_only_if_it_says_so() {
    let list = include_str!("../../../tests/import/texts.txt");
    let mut scores: Vec<(&str, Score)> = Vec::new();
    for line in list
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        match (line.split_once(" | "), scores.last_mut()) {
            (Some((expected, text)), Some((_, score))) => score.add(expected, text),
            _ => scores.push((line, Score::default())),
        }
    }
    let texts: usize = scores.iter().map(|(_, score)| score.texts).sum();
    assert!(texts >= 150, "{texts} texts");
    for (part, score) in &scores {
        println!(
            "{part}: {} texts, precision {:.3}, recall {:.3}\nwrong\n  {}\nmissed\n  {}",
            score.texts,
            score.precision(),
            score.recall(),
            score.wrong.join("\n  "),
            score.missed.join("\n  ")
        );
        assert!(
            score.precision() >= 0.98 && score.recall() >= 0.85,
            "{part}: {:?} {:?}",
            score.wrong,
            score.missed
        );
    }
}

#[test]
fn the_phrases_are_written_as_they_are_compared() {
    toml::from_str::<Cues>(include_str!("../cues.toml")).unwrap_or_else(|error| panic!("{error}"));
    let lists = [
        &CUES.denials,
        &CUES.unsure,
        &CUES.elsewhere,
        &CUES.doubt,
        &CUES.trouble,
        &CUES.relapse,
        &CUES.aware,
    ];
    let hints = CUES.hints.values().flatten().map(String::as_str);
    for phrase in lists.iter().flat_map(|list| list.iter()).chain(hints) {
        assert_eq!(phrase, folded(phrase));
    }
}

#[test]
fn every_rule_of_the_grammar_is_defined_and_used() {
    let grammar: toml::Table = toml::from_str(include_str!("../statements.toml")).expect("a table");
    let rules = grammar["rules"].as_table().expect("rules");
    let text = include_str!("../statements.toml");
    for name in rules.keys() {
        assert!(text.contains(&format!("<{name}>")), "`{name}` is not used");
    }
    for part in text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split('<').skip(1))
    {
        let (name, _) = part.split_once('>').expect("a rule");
        assert!(rules.contains_key(name), "`{name}` is not defined");
    }
    toml::from_str::<Grammar>(text).unwrap_or_else(|error| panic!("{error}"));
}
