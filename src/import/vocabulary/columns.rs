//! What the columns of a table mean.

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum TimelineColumn {
    Date,
    Time,
    /// The time at which the event ended.
    End,
    Text,
    Actor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum ActionColumn {
    Id,
    Action,
    Owner,
    Due,
    Status,
    /// Whether it is done.
    Done,
    Priority,
    Type,
    Link,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum CustomerColumn {
    Users,
    Complaints,
    Contact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum QuestionColumn {
    Question,
    Owner,
    Answer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum RuledOutColumn {
    Signal,
    LookedLike,
    RuledOutBy,
    At,
    Evidence,
}
