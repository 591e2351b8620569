//! Who was affected by an incident, and how much.

use macro_rules_attribute::{apply, derive};

use crate::kind::{Cell, Choice, FilePath, Line, Mail, Pairs, Table, When, is_default};

/// Who was affected, and how much.
#[apply(Table!)]
pub struct Impact {
    /// The level of impact on customers.
    pub level: Option<ImpactLevel>,
    /// What customers experienced, in one line.
    pub summary: Option<Line>,
    /// The type of impact, such as `Slow API responses`.
    #[serde(rename = "type")]
    pub harm: Option<Line>,
    /// Whether data was lost.
    pub data_loss: Option<Loss>,
    /// A remark on data loss.
    pub data_loss_note: Option<Line>,
    /// Whether data was exposed to people who should not see it.
    pub data_exposure: Option<Exposure>,
    /// A remark on data exposure.
    pub data_exposure_note: Option<Line>,
    /// Further effects, each with a name and a text.
    #[serde(default, skip_serializing_if = "is_default")]
    pub effects: Vec<Effect>,
    /// Whether the numbers of users are estimates. [default: `false`]
    #[serde(default, skip_serializing_if = "is_default")]
    pub users_estimated: bool,
    /// The number of affected users, if no customer in the table has `users`.
    pub users: Option<u32>,
    /// The number of affected accounts, without a customer table.
    pub accounts: Option<u32>,
    /// The affected customers. Totals are computed from this table.
    #[serde(default, skip_serializing_if = "is_default")]
    pub customers: Vec<Customer>,
    /// A CSV file with further customers: its path relative to this file or to the archive.
    ///
    /// Its columns are `name`, `accounts`, `users`, `contact`, `complaints`, and any others as measures.
    pub customers_file: Option<FilePath>,
    /// The affected services, each with the window in which it was affected; a service may have several.
    #[serde(default, skip_serializing_if = "is_default")]
    pub services: Vec<ServiceImpact>,
    /// The impact on the business.
    pub business: Option<Business>,
}

/// A window in which a service was affected.
#[apply(Table!)]
pub struct ServiceImpact {
    /// The service, such as `orders-api`.
    pub name: Line,
    /// How much it was affected in this window.
    pub level: Option<ImpactLevel>,
    /// The start: a time, or `{ event = "ID" }`. [default: the start of the impact]
    pub from: Option<When>,
    /// The end: a time, or `{ event = "ID" }`. [default: the end of the impact]
    pub until: Option<When>,
}

/// The level of impact on customers.
#[apply(Choice!)]
#[derive(PartialOrd, Ord)]
pub enum ImpactLevel {
    /// Customers did not notice.
    None,
    /// Some customers noticed, but could work as usual.
    Minor,
    /// Many customers noticed, or some could not work.
    Moderate,
    /// Many customers could not work.
    Major,
    /// No customer could work.
    Critical,
}

/// Whether data was lost.
#[apply(Choice!)]
pub enum Loss {
    /// No data was lost.
    None,
    /// Some data was lost.
    Partial,
    /// All data was lost.
    Total,
    /// Not known yet.
    Unknown,
}

/// Whether data was exposed.
#[apply(Choice!)]
pub enum Exposure {
    /// No data was exposed.
    None,
    /// Data may have been exposed.
    Suspected,
    /// Data was exposed.
    Confirmed,
    /// Not known yet.
    Unknown,
}

/// A further effect.
#[apply(Table!)]
pub struct Effect {
    /// What was affected, such as `API Error Rate`.
    pub name: Line,
    /// A description of the effect.
    pub text: Line,
}

/// A row of the customer table.
#[apply(Table!)]
pub struct Customer {
    /// The customer's name.
    pub name: Line,
    /// The number of accounts in this row. [default: `1`]
    pub accounts: Option<u32>,
    /// The number of this customer's users that were affected.
    pub users: Option<u32>,
    /// Further columns, such as `{ "Max Delay" = "45s" }`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub measures: Pairs<Cell>,
    /// The number of complaints from this customer.
    pub complaints: Option<u32>,
    /// The email address for messages to this customer.
    pub contact: Option<Mail>,
}

impl Customer {
    /// Returns `true` if the row is a single customer rather than several accounts.
    #[must_use]
    pub fn is_one(&self) -> bool {
        self.accounts.is_none_or(|accounts| accounts == 1) || self.contact.is_some()
    }
}

/// The impact on the business.
#[apply(Table!)]
pub struct Business {
    /// Revenue lost or credited, such as `$12,000 in credits`.
    pub revenue: Option<Line>,
    /// The effect on your reputation.
    pub reputation: Option<Line>,
    /// The number of support tickets.
    pub support_tickets: Option<u32>,
    /// The risk that customers leave.
    pub churn_risk: Option<Line>,
}
