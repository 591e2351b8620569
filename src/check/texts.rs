//! Every text of an incident that a reader may see, with its place.

use camino::Utf8Path;

use crate::archive::Record;
use crate::incident::{Incident, Person, Step};
use crate::kind::{Block, Cell, Either, Line};
use crate::source::Path;

/// A text that a reader may see.
pub(super) struct Text<'a> {
    /// The file it stands in.
    pub file: &'a Utf8Path,
    /// Its place there.
    pub path: Path,
    /// The text.
    pub text: &'a str,
    /// Whether it is code, in which words mean something else.
    pub is_code: bool,
}

impl Text<'_> {
    /// Says whether the text stands under one of the incident's top keys.
    pub fn is_under(&self, keys: &[&str]) -> bool {
        match self.path.segments().first() {
            Some(crate::source::Segment::Key(first)) => keys.contains(&first.as_str()),
            _ => false,
        }
    }
}

/// Collects texts under the path of a table.
struct Texts<'a> {
    file: &'a Utf8Path,
    found: Vec<Text<'a>>,
}

impl<'a> Texts<'a> {
    fn add(&mut self, path: Path, text: &'a str) {
        self.found.push(Text {
            file: self.file,
            path,
            text,
            is_code: false,
        });
    }

    fn line(&mut self, table: &Path, key: &str, line: Option<&'a Line>) {
        if let Some(line) = line {
            self.add(table.clone().key(key), line);
        }
    }

    fn block(&mut self, table: &Path, key: &str, block: Option<&'a Block>) {
        if let Some(block) = block {
            self.add(table.clone().key(key), block);
        }
    }

    fn lines(&mut self, table: &Path, key: &str, lines: &'a [Line]) {
        for (index, line) in lines.iter().enumerate() {
            self.add(table.clone().key(key).index(index), line);
        }
    }

    fn blocks(&mut self, table: &Path, key: &str, blocks: &'a [Block]) {
        for (index, block) in blocks.iter().enumerate() {
            self.add(table.clone().key(key).index(index), block);
        }
    }

    fn code(&mut self, table: &Path, code: Option<&'a Block>) {
        if let Some(code) = code {
            self.found.push(Text {
                file: self.file,
                path: table.clone().key("code"),
                text: code,
                is_code: true,
            });
        }
    }

    fn steps(&mut self, table: &Path, key: &str, steps: &'a [Step]) {
        for (index, step) in steps.iter().enumerate() {
            let place = table.clone().key(key).index(index);
            match step {
                Either::Short(text) => self.add(place, text),
                Either::Table(step) => self.block(&place, "text", step.text.as_ref()),
            }
        }
    }

    fn person(&mut self, place: Path, person: &'a Person) {
        match person {
            Either::Short(name) => self.add(place, name),
            Either::Table(person) => {
                self.add(place.clone().key("name"), &person.name);
                for (key, line) in [
                    ("title", &person.title),
                    ("role", &person.role),
                    ("team", &person.team),
                    ("via", &person.via),
                    ("assisted_by", &person.assisted_by),
                ] {
                    self.line(&place, key, line.as_ref());
                }
            }
        }
    }
}

/// Lists every text of an incident and its timeline that a reader may see.
pub(super) fn collect(record: &Record) -> Vec<Text<'_>> {
    let incident = &record.incident;
    let mut texts = Texts {
        file: &record.source.incident,
        found: Vec::with_capacity(512),
    };
    visit_narrative(incident, &mut texts);
    response(incident, &mut texts);
    closing(incident, &mut texts);
    if let Some(file) = &record.source.timeline {
        texts.file = file;
    }
    for (index, event) in record
        .timeline
        .events
        .iter()
        .enumerate()
        .filter(|(_, event)| !event.hidden)
    {
        let place = Path::new().key("events").index(index);
        texts.add(place.clone().key("text"), &event.text);
        texts.block(&place, "body", event.body.as_ref());
        texts.line(&place, "actor", event.actor.as_ref());
        for (link, title) in event.links.iter().enumerate() {
            texts.add(
                place.clone().key("links").index(link).key("title"),
                &title.title,
            );
        }
    }
    texts.found
}

fn visit_narrative<'a>(incident: &'a Incident, texts: &mut Texts<'a>) {
    let root = Path::new();
    let key = |name: &str| Path::new().key(name);
    texts.add(key("title"), &incident.title);
    texts.block(&root, "summary", incident.summary.as_ref());
    texts.lines(&root, "environment", &incident.environment.0);
    texts.lines(&root, "services", &incident.services);
    texts.lines(&root, "teams", &incident.teams);
    texts.lines(&root, "tags", &incident.tags);
    let people = &incident.people;
    let single = [
        ("commander", &people.commander),
        ("scribe", &people.scribe),
        ("communications", &people.communications),
        ("reporter", &people.reporter),
    ];
    for (name, person) in single {
        if let Some(person) = person {
            texts.person(key("people").key(name), person);
        }
    }
    let many = [
        ("investigators", &people.investigators),
        ("responders", &people.responders),
        ("attendees", &people.attendees),
        ("authors", &people.authors),
    ];
    for (name, people) in many {
        for (index, person) in people.iter().enumerate() {
            texts.person(key("people").key(name).index(index), person);
        }
    }
    if let Some(impact) = &incident.impact {
        let table = key("impact");
        texts.line(&table, "summary", impact.summary.as_ref());
        texts.line(&table, "type", impact.harm.as_ref());
        texts.line(&table, "data_loss_note", impact.data_loss_note.as_ref());
        texts.line(
            &table,
            "data_exposure_note",
            impact.data_exposure_note.as_ref(),
        );
        for (index, effect) in impact.effects.iter().enumerate() {
            let place = table.clone().key("effects").index(index);
            texts.add(place.clone().key("name"), &effect.name);
            texts.add(place.key("text"), &effect.text);
        }
        for (index, customer) in impact.customers.iter().enumerate() {
            let place = table.clone().key("customers").index(index);
            texts.add(place.clone().key("name"), &customer.name);
            for (name, cell) in &customer.measures.0 {
                if let Cell::Line(line) = cell {
                    texts.add(place.clone().key("measures").key(&**name), line);
                }
            }
        }
        if let Some(business) = &impact.business {
            let table = table.key("business");
            texts.line(&table, "revenue", business.revenue.as_ref());
            texts.line(&table, "reputation", business.reputation.as_ref());
            texts.line(&table, "churn_risk", business.churn_risk.as_ref());
        }
    }
    if let Some(cause) = &incident.root_cause {
        let table = key("root_cause");
        texts.block(&table, "primary", cause.primary.as_ref());
        texts.block(&table, "problem", cause.problem.as_ref());
        texts.blocks(&table, "contributing_factors", &cause.contributing_factors);
    }
    if let Some(analysis) = &incident.analysis {
        let table = key("analysis");
        texts.line(&table, "status_note", analysis.status_note.as_ref());
        texts.blocks(&table, "chain", &analysis.chain);
        for (index, open) in analysis.open_questions.iter().enumerate() {
            let place = table.clone().key("open_questions").index(index);
            texts.add(place.clone().key("question"), &open.question);
            texts.line(&place, "owner", open.owner.as_ref());
            texts.line(&place, "answer", open.answer.as_ref());
        }
        for (index, signal) in analysis.ruled_out.iter().enumerate() {
            let place = table.clone().key("ruled_out").index(index);
            texts.add(place.clone().key("signal"), &signal.signal);
            texts.line(&place, "looked_like", signal.looked_like.as_ref());
            texts.line(&place, "ruled_out_by", signal.ruled_out_by.as_ref());
            texts.line(&place, "evidence", signal.evidence.as_ref());
        }
        for (index, older) in analysis.supersedes.iter().enumerate() {
            if let Either::Table(link) = older {
                texts.add(
                    table.clone().key("supersedes").index(index).key("title"),
                    &link.title,
                );
            }
        }
    }
}

fn response<'a>(incident: &'a Incident, texts: &mut Texts<'a>) {
    let key = |name: &str| Path::new().key(name);
    if let Some(detection) = &incident.detection {
        let table = key("detection");
        texts.line(&table, "method", detection.method.as_ref());
        texts.line(&table, "source", detection.source.as_ref());
        texts.line(&table, "measured_from", detection.measured_from.as_ref());
        texts.line(&table, "assessment", detection.assessment.as_ref());
        texts.line(
            &table,
            "assessment_note",
            detection.assessment_note.as_ref(),
        );
        texts.code(
            &table.key("alert"),
            detection
                .alert
                .as_ref()
                .and_then(|alert| alert.code.as_ref()),
        );
    }
    if let Some(resolution) = &incident.resolution {
        let table = key("resolution");
        texts.steps(&table, "immediate", &resolution.immediate);
        texts.steps(&table, "short_term", &resolution.short_term);
        texts.steps(&table, "long_term", &resolution.long_term);
        for (index, phase) in resolution.phases.iter().enumerate() {
            let place = table.clone().key("phases").index(index);
            texts.add(place.clone().key("title"), &phase.title);
            texts.steps(&place, "items", &phase.items);
        }
    }
    if let Some(fix) = &incident.fix {
        let table = key("fix");
        for (index, change) in fix.changes.iter().enumerate() {
            texts.add(
                table.clone().key("changes").index(index).key("title"),
                &change.title,
            );
        }
        for (index, reverted) in fix.reverted.iter().enumerate() {
            let place = table.clone().key("reverted").index(index);
            texts.add(place.clone().key("title"), &reverted.title);
            texts.line(&place, "reason", reverted.reason.as_ref());
        }
        for (index, rollout) in fix.rollout.iter().enumerate() {
            let place = table.clone().key("rollout").index(index);
            texts.add(place.clone().key("environment"), &rollout.environment);
            texts.lines(&place, "results", &rollout.results);
        }
    }
    if let Some(healing) = &incident.self_healing {
        let table = key("self_healing");
        texts.line(
            &table,
            "effectiveness_note",
            healing.effectiveness_note.as_ref(),
        );
        texts.blocks(&table, "why_not_resolved", &healing.why_not_resolved);
        texts.blocks(&table, "recommendations", &healing.recommendations);
        for (index, action) in healing.actions.iter().enumerate() {
            let place = table.clone().key("actions").index(index);
            texts.add(place.clone().key("name"), &action.name);
            texts.line(&place, "result_note", action.result_note.as_ref());
            texts.line(&place, "playbook", action.playbook.as_ref());
        }
    }
    if let Some(internal) = incident
        .communication
        .as_ref()
        .and_then(|talk| talk.internal.as_ref())
    {
        let table = key("communication").key("internal");
        texts.line(&table, "channel", internal.channel.as_ref());
        texts.line(&table, "update_interval", internal.update_interval.as_ref());
    }
    if let Some(external) = incident
        .communication
        .as_ref()
        .and_then(|talk| talk.external.as_ref())
    {
        let table = key("communication").key("external");
        texts.line(
            &table,
            "status_page_interval",
            external.status_page_interval.as_ref(),
        );
    }
    for (index, message) in incident.messages.iter().enumerate() {
        let place = key("messages").index(index);
        texts.line(&place, "channel", message.channel.as_ref());
        texts.line(&place, "note", message.note.as_ref());
        texts.line(&place, "subject", message.subject.as_ref());
        texts.block(&place, "body", message.body.as_ref());
        texts.line(&place, "approved_by", message.approved_by.as_ref());
    }
}

fn closing<'a>(incident: &'a Incident, texts: &mut Texts<'a>) {
    let key = |name: &str| Path::new().key(name);
    if let Some(lessons) = &incident.lessons {
        let table = key("lessons");
        texts.blocks(&table, "went_well", &lessons.went_well);
        texts.blocks(&table, "could_improve", &lessons.could_improve);
        texts.blocks(&table, "lucky", &lessons.lucky);
        texts.blocks(&table, "learnings", &lessons.learnings);
    }
    for (index, item) in incident.action_items.iter().enumerate() {
        let place = key("action_items").index(index);
        texts.add(place.clone().key("action"), &item.action);
        texts.line(&place, "owner", item.owner.as_ref());
        texts.line(&place, "priority", item.priority.as_ref());
        texts.line(&place, "type", item.purpose.as_ref());
        texts.block(&place, "notes", item.notes.as_ref());
        texts.line(&place, "reason", item.reason.as_ref());
    }
    for (group, metrics) in &incident.technical.metrics.0 {
        for (index, metric) in metrics.iter().enumerate() {
            let place = key("technical").key("metrics").key(&**group).index(index);
            texts.add(place.clone().key("name"), &metric.name);
            texts.add(place.clone().key("value"), &metric.value);
            texts.line(&place, "normal", metric.normal.as_ref());
        }
    }
    if let Some(deployment) = &incident.technical.deployment {
        let table = key("technical").key("deployment");
        texts.line(&table, "version", deployment.version.as_ref());
        texts.line(&table, "method", deployment.method.as_ref());
        texts.line(&table, "rollback", deployment.rollback.as_ref());
    }
    for (index, evidence) in incident.evidence.iter().enumerate() {
        let place = key("evidence").index(index);
        texts.line(&place, "title", evidence.title.as_ref());
        texts.code(&place, evidence.code.as_ref());
        texts.line(&place, "alt", evidence.alt.as_ref());
        texts.line(&place, "finding", evidence.finding.as_ref());
        texts.line(&place, "source", evidence.source.as_ref());
        texts.block(&place, "warning", evidence.warning.as_ref());
    }
    for (index, section) in incident.sections.iter().enumerate() {
        let place = key("sections").index(index);
        texts.add(place.clone().key("title"), &section.title);
        texts.add(place.key("body"), &section.body);
    }
    for (index, table) in incident.tables.iter().enumerate() {
        let place = key("tables").index(index);
        texts.add(place.clone().key("title"), &table.title);
        texts.lines(&place, "columns", &table.columns);
        for (row, cells) in table.rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                if let Cell::Line(line) = cell {
                    texts.add(place.clone().key("rows").index(row).index(column), line);
                }
            }
        }
    }
    for (index, reference) in incident.references.iter().enumerate() {
        let place = key("references").index(index);
        texts.add(place.clone().key("title"), &reference.title);
        texts.line(&place, "text", reference.text.as_ref());
    }
    for (index, signature) in incident
        .sign_off
        .iter()
        .flat_map(|sign_off| &sign_off.signatures)
        .enumerate()
    {
        let place = key("sign_off").key("signatures").index(index);
        texts.add(place.clone().key("name"), &signature.name);
        texts.line(&place, "title", signature.title.as_ref());
    }
    let table = key("governance");
    texts.line(&table, "scope", incident.governance.scope.as_ref());
    texts.line(
        &table,
        "retention_basis",
        incident.governance.retention_basis.as_ref(),
    );
    texts.line(
        &table,
        "legal_hold",
        incident.governance.legal_hold.as_ref(),
    );
    if let Some(public) = &incident.public {
        let table = key("public");
        texts.line(&table, "title", public.title.as_ref());
        texts.block(&table, "summary", public.summary.as_ref());
        texts.block(&table, "cause", public.cause.as_ref());
        texts.blocks(&table, "measures", &public.measures);
        texts.line(&table, "not_affected", public.not_affected.as_ref());
        texts.line(&table, "workaround", public.workaround.as_ref());
    }
}

#[cfg(test)]
mod tests;
