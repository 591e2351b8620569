//! Whom an incident harmed, and how much.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::kind::{Cell, Line, Mail, Pairs};

/// Whom it harmed, and how much.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Impact {
    /// How bad it was for customers.
    pub level: Option<ImpactLevel>,
    /// What customers felt, in a few words.
    pub summary: Option<Line>,
    /// The kind of harm: `Slow API responses`.
    #[serde(rename = "type")]
    pub harm: Option<Line>,
    /// Whether data was lost.
    pub data_loss: Option<Loss>,
    /// What is to be said of lost data.
    pub data_loss_note: Option<Line>,
    /// Whether data reached those who should not have it.
    pub data_exposure: Option<Exposure>,
    /// What is to be said of exposed data.
    pub data_exposure_note: Option<Line>,
    /// Further effects, each with a name and a text.
    #[serde(default)]
    pub effects: Vec<Effect>,
    /// Whether the numbers of users are estimates.
    #[serde(default)]
    pub users_estimated: bool,
    /// How many users, where no row of a customer table has `users`.
    pub users: Option<u32>,
    /// How many customer accounts, where there is no customer table.
    pub accounts: Option<u32>,
    /// The customers, one each; totals are computed from here.
    #[serde(default)]
    pub customers: Vec<Customer>,
    /// What it meant for the business.
    pub business: Option<Business>,
}

/// How bad it was for customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImpactLevel {
    /// Nobody noticed.
    None,
    /// Some noticed; work went on.
    Minor,
    /// Many noticed, or some could not work.
    Moderate,
    /// Many could not work.
    Major,
    /// Nobody could work.
    Critical,
}

/// Whether data was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// None was.
    None,
    /// Some was.
    Partial,
    /// All of it was.
    Total,
    /// Not known yet.
    Unknown,
}

/// Whether data was exposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Exposure {
    /// None was.
    None,
    /// It may have been.
    Suspected,
    /// It was.
    Confirmed,
    /// Not known yet.
    Unknown,
}

/// A further effect.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// What was affected: `API Error Rate`.
    pub name: Line,
    /// How.
    pub text: Line,
}

/// One row of the customer table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// The customer's name.
    pub name: Line,
    /// How many accounts the row stands for; one when absent.
    pub accounts: Option<u32>,
    /// How many of its users were affected.
    pub users: Option<u32>,
    /// Further columns: `{ "Max Delay" = "45s" }`.
    #[serde(default)]
    pub measures: Pairs<Cell>,
    /// How many complaints it made.
    pub complaints: Option<u32>,
    /// Where to write to.
    pub contact: Option<Mail>,
}

impl Customer {
    /// Says whether the row is one customer, by name, rather than several accounts.
    #[must_use]
    pub fn is_one(&self) -> bool {
        self.accounts.is_none_or(|accounts| accounts == 1) || self.contact.is_some()
    }
}

/// What it meant for the business.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Business {
    /// Money lost or credited.
    pub revenue: Option<Line>,
    /// What it did to our name.
    pub reputation: Option<Line>,
    /// How many tickets customers opened.
    pub support_tickets: Option<u32>,
    /// Whether customers may leave.
    pub churn_risk: Option<Line>,
}
