//! An event of an export before it is cleaned, and what else the export says.

use chrono::{DateTime, Utc};

use crate::import::statement::kind_of;
use crate::incident::{HealingAction, Stage};
use crate::moment::Moment;
use crate::timeline::{EventKind, Mark};

/// An event as its system recorded it, not yet cleaned.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The system's own ID.
    pub id: String,
    /// Other IDs under which an earlier import may have added the same event.
    pub also: Vec<String>,
    /// When this version of the event was written; of several, the last one counts.
    pub version: Option<DateTime<Utc>>,
    /// Whether a later record tells it again, with values of that time.
    pub is_repeat: bool,
    /// The time.
    pub at: Moment,
    /// The end time, if the event lasted.
    pub until: Option<Moment>,
    /// The type of event.
    pub kind: EventKind,
    /// The description, in one or more lines.
    pub text: Markup,
    /// The name of the person or system that acted, then the handles of that person.
    pub actor: Vec<String>,
    /// Whether a system acted without a person.
    pub automated: bool,
    /// Where the event can be seen.
    pub url: Option<String>,
    /// More links: title and URL.
    pub links: Vec<(String, String)>,
    /// Whether anyone can read the event already.
    pub is_public: bool,
    /// The milestones that the system states.
    pub stated: Vec<Mark>,
    /// The milestones that the event probably marks, each with the reason.
    pub candidates: Vec<(Mark, &'static str)>,
    /// Why the event is left out by default.
    pub left_out: Option<&'static str>,
    /// The incident, alert or channel that the event belongs to in its system.
    pub group: Option<String>,
    /// What else the export says, for the incident's file.
    pub extra: Option<Extra>,
}

/// A text in the markup of its system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Markup {
    /// Plain text with `` `code` ``.
    Plain(String),
    /// HTML, or plain text with HTML in it.
    Html(String),
    /// Markdown.
    Markdown(String),
}

impl Markup {
    /// Changes the text.
    pub(super) fn map(self, change: impl FnOnce(String) -> String) -> Self {
        match self {
            Self::Plain(text) => Self::Plain(change(text)),
            Self::Html(text) => Self::Html(change(text)),
            Self::Markdown(text) => Self::Markdown(change(text)),
        }
    }
}

/// What an export says about the incident besides its events.
#[derive(Debug, Clone, PartialEq)]
pub enum Extra {
    /// A message that the public has read.
    Message {
        /// The stage that it announces.
        stage: Stage,
        /// The text.
        body: Markup,
    },
    /// A finished deployment.
    Deployment {
        /// The version.
        version: String,
        /// The environment or the application.
        target: Option<String>,
        /// How it was deployed.
        method: &'static str,
        /// Whether it puts an earlier version back.
        is_rollback: bool,
    },
    /// An action of automation.
    Action {
        /// The action.
        action: Box<HealingAction>,
        /// The path of the file that records its run.
        path: String,
    },
}

impl Draft {
    /// Creates the draft of an event.
    pub(super) fn new(id: impl Into<String>, at: Moment, kind: EventKind, text: Markup) -> Self {
        Self {
            id: id.into(),
            also: Vec::new(),
            version: None,
            is_repeat: false,
            at,
            until: None,
            kind,
            text,
            actor: Vec::new(),
            automated: false,
            url: None,
            links: Vec::new(),
            is_public: false,
            stated: Vec::new(),
            candidates: Vec::new(),
            left_out: None,
            group: None,
            extra: None,
        }
    }

    /// Sets the actor: the name, then handles. Missing ones are skipped.
    pub(super) fn by<'a>(mut self, names: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let names = names.into_iter().flatten().filter(|name| !name.is_empty());
        self.actor = names.map(str::to_owned).collect();
        self
    }

    /// Adds the ID by which the system knows the person who acted, for the names in the settings.
    pub(super) fn with_id(mut self, id: Option<String>) -> Self {
        if !self.automated && !self.actor.is_empty() {
            self.actor.extend(id);
        }
        self
    }

    /// Sets the person who acted, else the system that acted without one.
    pub(super) fn by_or_system(self, who: Option<&str>, system: &str) -> Self {
        match who {
            Some(who) => self.by([Some(who)]),
            None => self.by_system(system),
        }
    }

    /// Sets the system that acted without a person.
    pub(super) fn by_system(mut self, name: &str) -> Self {
        self.actor = vec![name.to_owned()];
        self.automated = true;
        self
    }

    pub(super) fn at_url(mut self, url: Option<&str>) -> Self {
        self.url = url.map(str::to_owned);
        self
    }

    pub(super) fn in_group(mut self, group: Option<String>) -> Self {
        self.group = group;
        self
    }

    pub(super) fn marking(mut self, mark: Mark, reason: &'static str) -> Self {
        self.candidates.push((mark, reason));
        self
    }

    /// Sets the mark that the system states, and the kind of such an event.
    pub(super) fn stating(mut self, mark: Option<Mark>) -> Self {
        self.stated.extend(mark);
        self.kind = match mark {
            // The system changes the state of the incident; in a text, somebody says that it works again.
            Some(Mark::Resolved) => EventKind::Closed,
            Some(mark) => kind_of(mark).unwrap_or(self.kind),
            None => self.kind,
        };
        self
    }

    /// Proposes the mark of the first alert, page or acknowledgement.
    pub(super) fn marking_first(self) -> Self {
        match self.kind {
            EventKind::Alert => self.marking(Mark::Detected, "the first alert"),
            EventKind::Page => self.marking(Mark::Paged, "the first page"),
            EventKind::Ack => self.marking(Mark::Acknowledged, "the first acknowledgement"),
            _ => self,
        }
    }

    pub(super) fn marking_if(self, is_marked: bool, mark: Mark, reason: &'static str) -> Self {
        if is_marked {
            self.marking(mark, reason)
        } else {
            self
        }
    }

    pub(super) fn left_out_if(mut self, is_left_out: bool, reason: &'static str) -> Self {
        if is_left_out {
            self.left_out = Some(reason);
        }
        self
    }

    /// Sets whether a later record tells the event again.
    pub(super) fn repeated_if(mut self, is_repeat: bool) -> Self {
        self.is_repeat = is_repeat;
        self
    }

    /// Sets when this version of the event was written.
    pub(super) fn written(mut self, at: Option<Moment>) -> Self {
        self.version = at.map(|at| at.at);
        self
    }

    pub(super) fn with(mut self, extra: Option<Extra>) -> Self {
        self.extra = extra;
        self
    }
}
