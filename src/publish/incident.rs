//! The files of one incident: its report in three formats, its timeline, its messages, and the files it refers to.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;

use camino::Utf8Path;

use super::search::{self, PageTerms};
use super::{File, FileContent, PublishError, Site, external, json, made, messages, timeline};
use crate::archive::Record;
use crate::audience::Audience;
use crate::cache::{Digest, Hasher};
use crate::config::Config;
use crate::dialect;
use crate::facts::{Facts, Neighbor};
use crate::render::{PageText, Renderer};
use crate::view::external::sees_message;
use crate::view::{self, ExternalReport, Relations, Report};

/// The complete input of the files of one incident, except the templates.
///
/// Incidents are therefore rendered in any order and in parallel, and one whose input did not change need not be
/// rendered again.
pub struct IncidentInput<'a> {
    /// The incident as the audience sees it, its timeline, and the files that it refers to.
    pub record: Cow<'a, Record>,
    /// The computed numbers.
    pub facts: Facts,
    /// The part that other incidents decide.
    pub context: IncidentContext<'a>,
    /// The settings.
    pub config: &'a Config,
    /// The audience of the site.
    pub audience: Audience,
}

/// The part of the input of an incident's files that the other incidents decide.
pub struct IncidentContext<'a> {
    /// The ID that the audience sees; `None` if the audience may not read the incident.
    pub name: Option<&'a str>,
    /// The relations to other incidents that its pages may show.
    pub relations: Relations,
}

impl IncidentContext<'_> {
    /// Returns the digest of the whole input, which is known before the incident is loaded: `site` is that of the settings,
    /// the templates and the audience, and `files` that of its own files.
    #[must_use]
    pub fn digest(&self, site: Digest, files: Digest) -> Digest {
        let hasher = Hasher::default().with(&(site, files, self.name));
        hasher.with(&self.relations).finish()
    }
}

/// The files of one incident, and the words of its page.
#[derive(Default)]
pub struct IncidentFiles {
    /// The files, including the script of the search.
    pub files: Vec<File<'static>>,
    /// The words of the report, for the search; `None` if the audience may not read the incident.
    pub terms: Option<PageTerms>,
}

impl Site<'_> {
    /// Returns the input of an incident's files.
    #[must_use]
    pub fn input<'r>(&'r self, record: &'r Record) -> IncidentInput<'r> {
        let record = record.seen_by(self.audience, self.config);
        let facts = Facts::compute(&record, self.config);
        let neighbor = Neighbor::new(&record, &facts, self.config);
        self.with_context(record, facts, self.neighborhood.context(&neighbor))
    }

    /// Returns the input of an incident's files in the context in which it was planned.
    pub(super) fn planned_input<'r>(
        &'r self,
        record: &'r Record,
        context: IncidentContext<'r>,
    ) -> IncidentInput<'r> {
        let record = record.seen_by(self.audience, self.config);
        let facts = Facts::compute(&record, self.config);
        self.with_context(record, facts, context)
    }

    fn with_context<'r>(
        &'r self,
        record: Cow<'r, Record>,
        mut facts: Facts,
        context: IncidentContext<'r>,
    ) -> IncidentInput<'r> {
        // Inside, a superseded report keeps what it said.
        let replaced = context.relations.replaced();
        if replaced.is_some_and(|replaced| replaced.is_final(self.audience)) {
            facts.supersede();
        }
        IncidentInput {
            record,
            facts,
            context,
            config: self.config,
            audience: self.audience,
        }
    }
}

impl IncidentInput<'_> {
    /// Returns the full report, as the audience may see it.
    #[must_use]
    pub fn report(&self) -> Report<'_> {
        self.report_of(&self.record)
    }

    fn report_of<'r>(&'r self, record: &'r Record) -> Report<'r> {
        Report::new(
            record,
            &self.facts,
            self.config,
            &self.context.relations,
            self.audience,
        )
    }

    /// Renders the files of the incident; none if the audience may not read it.
    ///
    /// # Errors
    /// Returns an error if a template uses a field that its view lacks.
    pub fn files(&self, renderer: &Renderer) -> Result<IncidentFiles, PublishError> {
        let mut made = IncidentFiles::default();
        let Some(name) = self.context.name else {
            return Ok(made);
        };
        let (files, text) = if !self.audience.is_external() {
            let (mut files, text) = self.full_report(renderer, &self.record)?;
            files.extend(messages::files(renderer, self)?);
            (files, text)
        } else if self.record.is_open() {
            self.full_report(renderer, &self.external_record(name))?
        } else {
            let record = &self.external_record(name);
            let (facts, config) = (&self.facts, self.config);
            let relations = &self.context.relations;
            let report = ExternalReport::new(record, facts, config, relations, name, self.audience);
            external::files(renderer, &report)?
        };
        // Pages of messages are not indexed: the reports contain the same text.
        let (script, terms) = search::page(&format!("incidents/{name}"), &text);
        made.files = files;
        made.files.push(script);
        made.terms = Some(terms);
        Ok(made)
    }

    /// Returns the record as external readers see it under a name.
    fn external_record(&self, name: &str) -> Record {
        let related = &self.context.relations.incidents;
        self.record.for_external(&|id| {
            let other = related.get(id).and_then(|other| other.id.as_deref());
            other.unwrap_or(name) == id
        })
    }

    fn full_report(
        &self,
        renderer: &Renderer,
        record: &Record,
    ) -> Result<(Vec<File<'static>>, PageText), PublishError> {
        let id = &record.id;
        let report = self.report_of(record);
        let rendered = renderer.report(&report)?;
        let mut files = vec![
            made(format!("incidents/{id}.html"), rendered.html),
            made(format!("incidents/{id}.json"), rendered.json),
        ];
        let (markdown, linked) = (rendered.markdown, OnceCell::new());
        if record.source.timeline.is_some() {
            let published = timeline::view(record, self.audience);
            files.push(json(format!("timelines/{id}.json"), &published)?);
        }
        let all = record.incident.messages.iter();
        let shown = all.filter(|message| sees_message(self.audience, message));
        // The index among all messages would reveal how many the audience does not see.
        for (number, message) in (1..).zip(shown) {
            if let Some(text) = view::message_text(message) {
                let stage = message.stage.as_str();
                files.push(made(format!("comms/{id}-{number:02}-{stage}.txt"), text));
            }
        }
        for path in record.files.keys() {
            if record.source.timeline.as_ref() != Some(path)
                && let Some(target) = record.published(path)
                && (self.is_referred(record, path)
                    || linked.get_or_init(|| links(&markdown)).contains(&target))
            {
                files.push(File {
                    path: target,
                    bytes: FileContent::Copied(path.clone()),
                });
            }
        }
        files.push(made(format!("incidents/{id}.md"), markdown));
        Ok((files, rendered.text))
    }

    /// Returns `true` if anything that the audience sees refers to a file.
    fn is_referred(&self, record: &Record, path: &Utf8Path) -> bool {
        let incident = &record.incident;
        let is = |file: &Option<crate::kind::FilePath>| {
            file.as_ref()
                .and_then(|file| record.resolve(file))
                .is_some_and(|resolved| resolved == path)
        };
        let healing = incident
            .self_healing
            .iter()
            .flat_map(|healing| &healing.actions);
        let alert = incident
            .detection
            .iter()
            .filter_map(|detection| detection.alert.as_ref());
        let customers = record.customers_file.as_ref();
        customers.is_some_and(|file| file.path == path && !self.audience.is_external())
            || incident.references.iter().any(|reference| {
                is(&reference.file)
                    && reference
                        .audience
                        .is_none_or(|marked| self.audience.may_read(marked))
            })
            || incident.evidence.iter().any(|evidence| is(&evidence.file))
            || alert.into_iter().any(|alert| is(&alert.file))
            || healing.into_iter().any(|action| is(&action.run))
    }
}

/// Returns the files of the site to which the Markdown of a report links.
fn links(markdown: &str) -> BTreeSet<String> {
    let targets = dialect::targets(markdown).into_iter();
    let paths = targets.filter_map(|target| dialect::local_path(&target.url));
    paths
        .filter_map(|path| Some(path.strip_prefix("../")?.to_owned()))
        .collect()
}
