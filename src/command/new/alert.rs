//! The alert that starts an incident: `afterword new --from alert.json`.

use anyhow::{anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};

use crate::command::typed;
use crate::config::Config;
use crate::diagnostic;
use crate::edit::toml::TomlText;
use crate::import::source::{ExportFile, Settings, merge, payload};
use crate::incident::{Alert, Detection};
use crate::kind::{Code, FilePath, Identifier, Line};
use crate::load;
use crate::moment::{Moment, TimeDefaults};
use crate::source::Path;
use crate::timeline::{Event, Mark};

/// An alert, and the file that it was read from.
#[derive(Debug)]
pub struct StartingAlert {
    /// The content of the alert.
    pub alert: payload::Alert,
    text: String,
}

impl StartingAlert {
    /// Reads the first alert of a file; `at` is the time of one that states none.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or has no alert with a time.
    pub fn read(path: &Utf8Path, config: &Config, at: Option<Moment>) -> anyhow::Result<Self> {
        let source = typed::file(path, config)?;
        let file = ExportFile {
            path: path.to_string(),
            text: source.text().to_owned(),
        };
        let settings = Settings {
            config: config.import.clone(),
            at,
            ..Settings::default()
        };
        let alert =
            payload::alert(&file, &settings).map_err(|reason| anyhow!("`{path}`: {reason}"))?;
        Ok(Self {
            alert,
            text: file.text,
        })
    }

    /// Returns the archive's severity for that of the alert; `None` if the alert states none.
    ///
    /// # Errors
    /// Returns an error if the settings do not know the alert's severity.
    pub fn severity(&self, config: &Config) -> anyhow::Result<Option<String>> {
        let Some(stated) = self.alert.severity.as_deref() else {
            return Ok(None);
        };
        let severities = &config.import.severities.0;
        let set = severities
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(stated));
        let own = || {
            config
                .severities()
                .into_iter()
                .find(|severity| severity.key.eq_ignore_ascii_case(stated))
        };
        let known = config.severities();
        if let Some((name, severity)) = set
            && known.iter().all(|known| *known.key != **severity)
        {
            bail!(
                "`{name}` of `[import.severities]` in `afterword.toml` is the unknown severity `{severity}`"
            );
        }
        let found = set.map(|(_, severity)| severity.to_string());
        let found = found.or_else(|| own().map(|severity| severity.key));
        found.map(Some).ok_or_else(|| {
            anyhow!(
                "the alert's severity is `{}`; add it to `[import.severities]`, or pass `--severity`",
                diagnostic::visible_line(stated)
            )
        })
    }

    /// Replaces the event of the start by the alert, if it is at the same time; adds the alert otherwise.
    pub fn join(&self, events: &mut Vec<Event>, config: &Config, times: TimeDefaults) {
        let (importer, draft) = (self.alert.importer, self.alert.draft.clone());
        let Some(mut event) = merge::first_event(importer, draft, &config.import, times) else {
            return;
        };
        event.marks.push(Mark::Detected);
        let order = |event: &Event| times.resolve(&event.at).ok().map(|at| at.order());
        match events
            .iter_mut()
            .find(|other| other.at == event.at && other.marks == [Mark::Started])
        {
            Some(start) => {
                event.marks.insert(0, Mark::Started);
                *start = event;
            }
            None => {
                let index = events.iter().position(|other| order(other) > order(&event));
                events.insert(index.unwrap_or(events.len()), event);
            }
        }
    }

    /// Returns the path and the text of the payload as it is kept, without private data.
    ///
    /// # Errors
    /// Returns an error if a possible secret would remain in it.
    pub fn payload(&self, root: &Utf8Path) -> anyhow::Result<(Utf8PathBuf, String)> {
        let at = self.alert.draft.at.at.format("%Y-%m-%d-%H%M%S");
        let name = |end: &str| Utf8PathBuf::from(format!("monitoring/alerts/alert-{at}{end}.json"));
        // Several alerts may fire in the same second.
        let mut path = name("");
        let mut numbers = 2..;
        while let (true, Some(number)) = (load::is_file(root, &path), numbers.next()) {
            path = name(&format!("-{number}"));
        }
        let text = payload::redacted(&self.text)
            .map_err(|reason| anyhow!("cannot keep the payload: {reason}"))?;
        Ok((path, text))
    }

    /// Adds how the incident was detected to its file.
    ///
    /// # Errors
    /// Returns an error if the text of a custom template leaves no place for it.
    pub fn describe(&self, text: &mut TomlText, kept: Option<&Utf8Path>) -> anyhow::Result<()> {
        let (language, code, file) = match kept {
            Some(path) => ("json", None, FilePath::new(format!("../{path}")).ok()),
            None => ("yaml", Code::new(self.alert.code.as_str()).ok(), None),
        };
        let detection = Detection {
            method: Line::new("Automated monitoring").ok(),
            source: Line::new(format!("{} alert", self.alert.importer.name)).ok(),
            alert: Some(Alert {
                language: Identifier::new(language).ok(),
                code,
                file,
            }),
            ..Detection::default()
        };
        text.set(&Path::new().key("detection"), detection)?;
        Ok(())
    }
}
