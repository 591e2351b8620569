//! The files of one incident: its report in three formats, its timeline, its messages, and the files it refers to.

use camino::Utf8Path;

use super::{File, FileContent, PublishError, Site, customers, external, json, made, timeline};
use crate::archive::{Record, ReferredFile};
use crate::audience::Audience;
use crate::facts::Facts;
use crate::view::comms::{self, CommsView, DraftMessageView};
use crate::view::draft::DraftView;
use crate::view::external::sees_message;
use crate::view::{self, ExternalReport, label};

impl Site<'_> {
    /// Renders the files of one incident.
    ///
    /// # Errors
    /// Returns an error if a template uses a field that its view lacks.
    pub fn incident(&self, record: &Record) -> Result<Vec<File>, PublishError> {
        if !self.audience.is_external() {
            let mut files = self.full_report(record)?;
            files.extend(self.messages(record)?);
            return Ok(files);
        }
        if record.is_open() {
            return self.full_report(&record.without_files());
        }
        let Some(id) = self.names.get(&record.id) else {
            return Ok(Vec::new());
        };
        let facts = Facts::compute(record, self.config);
        let report = ExternalReport::new(record, &facts, self.config, id, self.audience);
        external::files(&self.renderer, &report)
    }

    /// Renders the page from which an incident's messages are copied.
    fn messages(&self, record: &Record) -> Result<Vec<File>, PublishError> {
        let summary = self.summary(&record.id);
        let Some(summary) = summary.filter(|summary| comms::has_page(summary)) else {
            return Ok(Vec::new());
        };
        let config = self.config;
        let facts = Facts::compute(record, config);
        let external = ExternalReport::new(record, &facts, config, &record.id, Audience::Customers);
        let mut drafts = Vec::new();
        for stage in comms::stages_to_draft(summary) {
            let view = DraftView::new(record, &facts, config, &external, stage);
            for channel in comms::channels_to_draft(summary) {
                if let Some(text) = self.renderer.draft(channel, &view)? {
                    let (subject, body) = customers::parts(&text);
                    drafts.push(DraftMessageView::new(stage, channel, subject, body));
                }
            }
        }
        let view = CommsView::new(record, &facts, summary, config, drafts);
        let path = format!("comms/{}", record.id);
        let rendered = self.renderer.page("messages", &path, view)?;
        Ok(vec![
            made(format!("{path}.html"), rendered.html),
            made(format!("{path}.md"), rendered.markdown),
        ])
    }

    fn full_report(&self, record: &Record) -> Result<Vec<File>, PublishError> {
        let id = &record.id;
        let (rendered, value) = self.with_report(record, |report| {
            let value = json(format!("incidents/{id}.json"), report);
            (self.renderer.report(report), value)
        });
        let rendered = rendered?;
        let mut files = vec![
            made(format!("incidents/{id}.html"), rendered.html),
            value?,
            made(format!("incidents/{id}.md"), rendered.markdown),
        ];
        if record.source.timeline.is_some() {
            let published = timeline::view(record, self.audience);
            files.push(json(format!("timelines/{id}.json"), &published)?);
        }
        let all = record.incident.messages.iter();
        let shown = all.filter(|message| sees_message(self.audience, message));
        // The index among all messages would reveal how many the audience does not see.
        for (number, message) in (1..).zip(shown) {
            if let Some(text) = view::message_text(message) {
                let stage = label::stage(message.stage).0;
                files.push(made(format!("comms/{id}-{number:02}-{stage}.txt"), text));
            }
        }
        for (path, file) in &record.files {
            if *file != ReferredFile::Missing
                && record.source.timeline.as_ref() != Some(path)
                && let Some(target) = view::published(record, path)
                && self.is_referred(record, path)
            {
                files.push(File {
                    path: target,
                    bytes: FileContent::Copied(path.clone()),
                });
            }
        }
        Ok(files)
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
        incident.references.iter().any(|reference| {
            is(&reference.file)
                && reference
                    .audience
                    .is_none_or(|marked| self.audience.may_read(marked))
        }) || incident.evidence.iter().any(|evidence| is(&evidence.file))
            || alert.into_iter().any(|alert| is(&alert.file))
            || healing.into_iter().any(|action| is(&action.run))
    }
}
