//! Custom fields: what may be in `[extra]`, and where a report shows it.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::audience::Audience;
use crate::incident::Section;
use crate::kind::{Line, TOML_DATETIME, Url};
use crate::moment::parse_day;

/// A custom field, whose values are in `[extra]` of incidents.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldSettings {
    /// The name in reports. [default: the key]
    #[schemars(example = &"Affected Region")]
    pub label: Option<Line>,
    /// The kind of value. [default: `"text"`]
    #[schemars(example = &"text")]
    #[serde(default)]
    pub kind: FieldKind,
    /// The texts that are valid, for `text` and `list`. [default: all]
    #[schemars(example = ["EU", "US"])]
    #[serde(default)]
    pub values: Vec<Line>,
    /// The severities whose resolved incidents must have the field; `check` reports a missing one.
    #[schemars(example = ["P1", "P2"])]
    #[serde(default)]
    pub required: Vec<Line>,
    /// The section that shows the field. [default: `"summary"`]
    #[schemars(example = &"impact")]
    pub section: Option<Section>,
    /// The audience that may see the field. External reports show it only if it is `customers` or `public`. [default: `"internal"`]
    #[schemars(example = &"confidential")]
    #[serde(default)]
    pub audience: Audience,
    /// Whether metrics count incidents by the field, and `list` and `metrics` select by it. [default: `false`]
    #[schemars(example = true)]
    #[serde(default)]
    pub counted: bool,
}

/// The kind of value of a custom field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text.
    #[default]
    Text,
    /// A list of lines.
    List,
    /// A number.
    Number,
    /// A date.
    Date,
    /// `true` or `false`, printed as `Yes` or `No`.
    YesNo,
    /// A URL, printed as a link.
    Url,
}

impl FieldKind {
    /// Returns what a value of this kind is, with its article.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Text => "one line of text",
            Self::List => "a list of lines",
            Self::Number => "a number",
            Self::Date => "a date",
            Self::YesNo => "`true` or `false`",
            Self::Url => "a URL",
        }
    }
}

impl FieldSettings {
    /// Returns the section that shows the field.
    #[must_use]
    pub fn section(&self) -> Section {
        self.section.unwrap_or(Section::Summary)
    }

    /// Returns the texts of a value, or `None` if it is not of the field's kind.
    #[must_use]
    pub fn texts(&self, value: &Value) -> Option<Vec<String>> {
        let line = |value: &Value| Some(Line::new(value.as_str()?).ok()?.to_string());
        let one = match self.kind {
            FieldKind::Text => line(value)?,
            FieldKind::List => return value.as_array()?.iter().map(line).collect(),
            FieldKind::Number => value.as_number()?.to_string(),
            FieldKind::Date => {
                let typed = value.get(TOML_DATETIME).unwrap_or(value).as_str()?;
                parse_day(typed).ok()?.to_string()
            }
            FieldKind::YesNo => if value.as_bool()? { "Yes" } else { "No" }.to_owned(),
            FieldKind::Url => Url::new(value.as_str()?).ok()?.to_string(),
        };
        Some(vec![one])
    }

    /// Returns `true` if a text is one of the valid ones.
    #[must_use]
    pub fn allows(&self, text: &str) -> bool {
        self.values.is_empty() || self.values.iter().any(|value| **value == *text)
    }

    /// Returns the texts of a valid value, or `None`.
    #[must_use]
    pub fn valid(&self, value: &Value) -> Option<Vec<String>> {
        let texts = self.texts(value)?;
        texts.iter().all(|text| self.allows(text)).then_some(texts)
    }
}
