//! Checks the keys of a table: unknown ones, missing ones, and the value of each.

use super::keys::{Tables, own_header};
use super::synonyms::synonyms;
use super::words::{Help, example, listed, write_key};
use super::{INVALID_VALUE, MISSING_KEY, Problem, UNKNOWN_KEY, Walker, schema};
use crate::source::{Gap, Member, Node, Path, Syntax, Value as Tree, ask, is_misspelling, nearest};
use serde_json::Value;
use std::collections::BTreeSet;

impl<'a> Walker<'a> {
    pub(super) fn table(
        &mut self,
        schema: &'a Value,
        node: &Node,
        members: &[Member],
        path: &Path,
    ) {
        let known = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties");
        let given: BTreeSet<&str> = members.iter().map(|member| member.key.as_ref()).collect();
        let names = known.into_iter().flat_map(|known| known.keys());
        let names: Vec<&str> = names.map(String::as_str).collect();
        let mut meant: Vec<&str> = Vec::new();
        for member in members {
            let path = path.clone().key(member.key.as_ref());
            match (
                known.and_then(|known| known.get(member.key.as_ref())),
                others,
            ) {
                (Some(value), _) => self.check_member(schema, value, member, &path),
                (None, Some(Value::Bool(false))) => {
                    meant.extend(self.unknown_key(schema, &names, &given, member, &path));
                }
                (None, Some(value)) => {
                    self.name(schema, member, &path);
                    let before = self.found.len();
                    self.check_member(schema, value, member, &path);
                    self.ask_for_named_key(schema, member, &path, before);
                }
                (None, None) => {}
            }
        }
        for key in schema::required(schema) {
            if !given.contains(key) && !meant.contains(&key) {
                let value = known.and_then(|known| known.get(key));
                self.missing_key(key, value, node, path);
            }
        }
    }

    /// Checks a custom key.
    fn name(&mut self, schema: &'a Value, member: &Member, path: &Path) {
        let format = schema
            .get("propertyNames")
            .and_then(|names| self.format(names));
        let Some((format, message)) =
            format.and_then(|format| Some((format, (format.check)(&member.key).err()?)))
        else {
            return;
        };
        let help = Help::new(format.help);
        let location = (path, member.key_span);
        self.report(INVALID_VALUE, message, location, "", Some(help));
    }

    /// Asks whether the key of an invalid value was meant to be a similar one that accepts the value.
    fn ask_for_named_key(
        &mut self,
        schema: &'a Value,
        member: &Member,
        path: &Path,
        before: usize,
    ) {
        let known = schema.get("properties").and_then(Value::as_object);
        let keys = known.into_iter().flat_map(|known| known.keys());
        let near = nearest(&member.key, keys.map(String::as_str));
        let value = near.and_then(|(name, _)| Some((name, known?.get(name)?)));
        let (Some((name, value)), true) = (value, self.found.len() > before) else {
            return;
        };
        let problems = self.found.split_off(before);
        self.check_member(schema, value, member, path);
        let is_accepted = self.found.len() == before;
        self.found.truncate(before);
        if is_accepted {
            let message = format!("unknown key {}", crate::source::quoted(&member.key));
            let help = Help::new(ask(&member.key, name));
            let help = help
                .replace(member.key_span, write_key(name, self.syntax))
                .certain_if(is_misspelling(&member.key, name));
            self.report(
                UNKNOWN_KEY,
                message,
                (path, member.key_span),
                "",
                Some(help),
            );
        } else {
            self.found.extend(problems);
        }
    }

    fn check_member(&mut self, table: &'a Value, schema: &'a Value, member: &Member, path: &Path) {
        self.table = Some(table);
        self.header = member.has_header().then_some(member.node.span);
        self.check(schema, &member.node, path);
    }

    /// Reports an unknown key, and returns the key that was probably meant.
    fn unknown_key(
        &mut self,
        schema: &'a Value,
        names: &[&'a str],
        given: &BTreeSet<&str>,
        member: &Member,
        path: &Path,
    ) -> Option<&'a str> {
        let key = member.key.as_ref();
        let free: Vec<&'a str> = names
            .iter()
            .copied()
            .filter(|name| !given.contains(name))
            .collect();
        let near = nearest(key, free.iter().copied());
        let tables = self.tables.get_or_init(|| Tables::new(self.schema));
        let elsewhere = tables.having(key, path, self.syntax);
        // A typo of one character is more likely than a key in the wrong table.
        let near = near.filter(|(_, distance)| elsewhere.is_none() || *distance <= 1);
        // So is another word for a key that this table must have.
        let required = schema::required(schema);
        let same = synonyms(key, &free)
            .into_iter()
            .find(|name| elsewhere.is_none() || required.contains(name));
        let near = match near {
            Some((name, 0..=1)) => Some(name),
            near => same.or(near.map(|(name, _)| name)),
        };
        let help = match (near, elsewhere) {
            (Some(name), _) => {
                let is_top = path.parent().segments().is_empty() && self.syntax == Syntax::Toml;
                let list = tables
                    .header(name)
                    .filter(|header| header.starts_with("[["));
                match list.filter(|_| is_top && !has_tables(&member.node)) {
                    Some(header) => {
                        Help::new(format!("{} {}", ask(key, name), own_header(&header)))
                    }
                    None => {
                        let written = write_key(name, self.syntax);
                        Help::new(ask(key, name))
                            .replace(member.key_span, written)
                            .certain_if(is_misspelling(key, name))
                    }
                }
            }
            (None, Some(elsewhere)) => match synonyms(key, &free).first() {
                Some(name) => Help::new(format!("did you mean `{name}`? {elsewhere}")),
                None => Help::new(elsewhere),
            },
            (None, None) => {
                let others = synonyms(key, &tables.names());
                let mut others = others.into_iter().filter_map(|name| {
                    let place = tables.having(name, path, self.syntax)?;
                    Some(Help::new(format!("did you mean `{name}`? {place}")))
                });
                let list = || Help::new(format!("its keys are {}", listed(names)));
                others.next().unwrap_or_else(list)
            }
        };
        let label = format!("not a key of {}", tables.describe(path, self.syntax));
        let message = format!("unknown key {}", crate::source::quoted(key));
        self.report(
            UNKNOWN_KEY,
            message,
            (path, member.key_span),
            label,
            Some(help),
        );
        let gaps = self.meant(schema, given, member, path, near);
        if let Some(problem) = self.found.last_mut() {
            problem.gaps = gaps;
        }
        near
    }

    /// Returns the keys that may have been meant by an unknown key: the most similar one, otherwise any that accepts its value.
    fn meant(
        &mut self,
        schema: &'a Value,
        given: &BTreeSet<&str>,
        member: &Member,
        path: &Path,
        near: Option<&str>,
    ) -> Vec<Gap> {
        let table = path.parent();
        if let Some(name) = near {
            return vec![Gap::from(&table.key(name))];
        }
        let tables = self.tables.get_or_init(|| Tables::new(self.schema));
        let mut gaps = tables.paths(&member.key);
        let known = schema.get("properties").and_then(Value::as_object);
        let is_known = |name: &&str| known.is_some_and(|known| known.contains_key(*name));
        let is_whole = !table.is_root() && !given.iter().any(is_known);
        // The value of a line with a syntax error may not be known, and a table of unknown keys may be any other one.
        if has_unread(&member.node) || is_whole {
            gaps.push(match member.node.value {
                Tree::Array(_) => Gap::AbsentList(table),
                _ => Gap::Absent(table),
            });
            return gaps;
        }
        for (name, value) in known.into_iter().flatten() {
            let before = self.found.len();
            self.check_member(schema, value, member, path);
            let is_accepted = self.found.len() == before;
            self.found.truncate(before);
            let is_list = matches!(member.node.value, Tree::Array(_));
            if is_accepted && is_list {
                gaps.push(Gap::AbsentList(table));
                break;
            }
            if is_accepted && !given.contains(name.as_str()) {
                gaps.push(Gap::from(&table.clone().key(name)));
            }
        }
        gaps
    }

    fn missing_key(&mut self, key: &str, schema: Option<&'a Value>, node: &Node, path: &Path) {
        // A key below a header that belongs at the top is not missing there as well.
        let belongs = format!("`{key}` belongs ");
        let is_moved = |problem: &Problem| {
            let found = &problem.diagnostic;
            let help = found.help.as_deref().unwrap_or_default();
            found.code == UNKNOWN_KEY && help.starts_with(&belongs)
        };
        if path.is_root() && self.found.iter().any(is_moved) {
            return;
        }
        let example = example(key, schema, self.schema, self.syntax);
        let tables = self.tables.get_or_init(|| Tables::new(self.schema));
        let key_path = path.clone().key(key);
        let label = format!("{} needs `{key}`", tables.describe(&key_path, self.syntax));
        let message = format!("missing key `{key}`");
        let help = Help::new(format!("write `{example}`"));
        self.report(MISSING_KEY, message, (path, node.span), label, Some(help));
    }
}

/// Returns `true` if a part of a value is not known, so that it may fit any key.
fn has_unread(node: &Node) -> bool {
    match &node.value {
        Tree::Null => true,
        Tree::Table(members) => members.iter().any(|member| has_unread(&member.node)),
        Tree::Array(entries) => entries.iter().any(has_unread),
        _ => false,
    }
}

/// Returns `true` for a table and for a list that has one.
fn has_tables(node: &Node) -> bool {
    match &node.value {
        Tree::Table(_) => true,
        Tree::Array(entries) => entries.iter().any(has_tables),
        _ => false,
    }
}
