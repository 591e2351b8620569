//! Impact Analysis: who was affected, with the totals from the facts.

use serde::Serialize;

use super::parts::{FileView, More, cell};
use super::service::ServicesView;
use super::{Reader, label};
use crate::archive::{CustomersFile, Record};
use crate::facts::{Facts, Totals, counted, separated};
use crate::incident::{Business, Customer, Impact};

/// The number of rows of a customers file that the report shows.
const LARGEST: usize = 20;

/// The section Impact Analysis.
#[derive(Debug, Clone, Serialize)]
pub struct ImpactView<'a> {
    /// The impact on users.
    pub user: Option<UserImpactView<'a>>,
    /// The customer table.
    pub customers: Option<CustomerTableView<'a>>,
    /// The affected services.
    pub services: Option<ServicesView>,
    /// The impact on the business.
    pub business: Option<BusinessView<'a>>,
    /// Content added by the author.
    pub more: More<'a>,
}

/// The impact on users.
#[derive(Debug, Clone, Serialize)]
pub struct UserImpactView<'a> {
    /// The number of users and accounts affected: `~1,247 users across 12 customer accounts`.
    pub affected: Option<String>,
    /// The type of impact.
    #[serde(rename = "type")]
    pub impact_type: Option<&'a str>,
    /// The data loss and the data exposure.
    pub data: Vec<NoteView<'a>>,
    /// Further effects.
    pub effects: Vec<NoteView<'a>>,
    /// The list of customers of which the table shows a part.
    pub list: Option<CustomerListView>,
}

/// The list of customers in a file.
#[derive(Debug, Clone, Serialize)]
pub struct CustomerListView {
    /// The file; `None` for external readers.
    pub file: Option<FileView>,
    /// The rows that the table does not show: `1,184 more customers`; `None` if it shows all.
    pub more: Option<String>,
}

impl CustomerListView {
    /// Creates the view of the customers file of an incident, of which a table shows some rows.
    fn new(record: &Record, facts: &Facts, table: Option<&CustomerTableView>) -> Option<Self> {
        let file = record.customers_file.as_ref()?;
        let file = Some(file).filter(|file| !file.rows.is_empty());
        let shown = table.map_or(0, |table| table.rows.len());
        let shown = u64::try_from(shown).unwrap_or(u64::MAX);
        let more = facts.totals.customers.saturating_sub(shown);
        let view = Self {
            file: file.map(|file| FileView::of_path(record, &file.path)),
            // Without a table the number of customers is stated already.
            more: (more > 0 && shown > 0).then(|| counted(more, "more customer")),
        };
        (view.file.is_some() || view.more.is_some()).then_some(view)
    }
}

/// A name with a note.
#[derive(Debug, Clone, Serialize)]
pub struct NoteView<'a> {
    /// The name.
    pub name: &'a str,
    /// The note.
    pub note: Option<&'a str>,
}

/// The customer table. A column without a value in any row is omitted.
#[derive(Debug, Clone, Serialize)]
pub struct CustomerTableView<'a> {
    /// Whether any row has users.
    pub has_users: bool,
    /// Whether any row has complaints.
    pub has_complaints: bool,
    /// Whether any row has a contact.
    pub has_contact: bool,
    /// The names of the measures, in order of first use.
    pub measures: Vec<&'a str>,
    /// The typed rows, then the largest of the customers file.
    pub rows: Vec<CustomerView<'a>>,
    /// The totals of users, accounts and complaints.
    pub totals: TotalsView,
}

/// A row of the customer table.
#[derive(Debug, Clone, Serialize)]
pub struct CustomerView<'a> {
    /// The customer.
    pub name: &'a str,
    /// The number of accounts that the row covers, if not one: `8 accounts`.
    pub accounts: Option<String>,
    /// The number of affected users.
    pub users: Option<String>,
    /// The values of the measures, in the order of the table's columns.
    pub measures: Vec<Option<String>>,
    /// The number of complaints.
    pub complaints: Option<String>,
    /// The contact.
    pub contact: Option<&'a str>,
}

/// The totals over customers.
#[derive(Debug, Clone, Serialize)]
pub struct TotalsView {
    /// Users, as a number.
    pub users: Option<u64>,
    /// Customer accounts, as a number.
    pub accounts: Option<u64>,
    /// Rows of the customer table, as a number.
    pub customers: u64,
    /// Complaints, as a number.
    pub complaints: Option<u64>,
    /// Whether the users are a lower bound.
    pub at_least: bool,
    /// Whether the users are estimates.
    pub estimated: bool,
    /// Users as text: `~1,247`, `at least 412`.
    pub users_text: Option<String>,
    /// Accounts as text: `12`.
    pub accounts_text: Option<String>,
    /// Complaints as text: `4`.
    pub complaints_text: Option<String>,
}

impl TotalsView {
    pub(crate) fn new(totals: &Totals) -> Self {
        Self {
            users: totals.users,
            accounts: totals.accounts,
            customers: totals.customers,
            complaints: totals.complaints,
            at_least: totals.at_least,
            estimated: totals.estimated,
            users_text: totals
                .users
                .map(|users| format!("{}{}", lower_bound(totals), separated(users))),
            accounts_text: totals.accounts.map(separated),
            complaints_text: totals.complaints.map(separated),
        }
    }
}

fn lower_bound(totals: &Totals) -> String {
    format!(
        "{}{}",
        if totals.at_least { "at least " } else { "" },
        if totals.estimated { "~" } else { "" }
    )
}

/// The impact on the business.
#[derive(Debug, Clone, Serialize)]
pub struct BusinessView<'a> {
    /// The revenue impact.
    pub revenue: Option<&'a str>,
    /// The reputation impact.
    pub reputation: Option<&'a str>,
    /// The support tickets: `4 tickets opened`.
    pub support_tickets: Option<String>,
    /// The churn risk.
    pub churn_risk: Option<&'a str>,
}

impl<'a> ImpactView<'a> {
    pub(crate) fn new(reader: &Reader<'a>, facts: &Facts, more: More<'a>) -> Option<Self> {
        let record = reader.record;
        let impact = record.incident.impact.as_ref();
        let customers = table(record, facts);
        let view = Self {
            user: impact
                .and_then(|impact| UserImpactView::new(record, impact, facts, customers.as_ref())),
            customers,
            services: ServicesView::new(reader, facts),
            business: impact
                .and_then(|impact| impact.business.as_ref())
                .map(BusinessView::new),
            more,
        };
        let empty = view.user.is_none()
            && view.customers.is_none()
            && view.services.is_none()
            && view.business.is_none()
            && view.more.is_empty();
        (!empty).then_some(view)
    }
}

impl<'a> UserImpactView<'a> {
    fn new(
        record: &Record,
        impact: &'a Impact,
        facts: &Facts,
        table: Option<&CustomerTableView>,
    ) -> Option<Self> {
        let loss = impact
            .data_loss
            .map(|loss| (label::loss(loss), impact.data_loss_note.as_deref()));
        let exposure = impact.data_exposure.map(|exposure| {
            (
                label::exposure(exposure),
                impact.data_exposure_note.as_deref(),
            )
        });
        // A note without its key still has to be printed.
        let note = |name, note: Option<&'a str>| note.map(|note| (name, Some(note)));
        let loss = loss.or_else(|| note("Data Loss Not Known", impact.data_loss_note.as_deref()));
        let exposure = exposure.or_else(|| {
            note(
                "Data Exposure Not Known",
                impact.data_exposure_note.as_deref(),
            )
        });
        let view = Self {
            affected: affected(&facts.totals, table.is_some()),
            impact_type: impact.harm.as_deref(),
            data: loss
                .into_iter()
                .chain(exposure)
                .map(|(name, note)| NoteView { name, note })
                .collect(),
            effects: impact
                .effects
                .iter()
                .map(|effect| NoteView {
                    name: &effect.name,
                    note: Some(&effect.text),
                })
                .collect(),
            list: CustomerListView::new(record, facts, table),
        };
        let empty = view.affected.is_none()
            && view.impact_type.is_none()
            && view.data.is_empty()
            && view.effects.is_empty()
            && view.list.is_none();
        (!empty).then_some(view)
    }
}

fn affected(totals: &Totals, has_table: bool) -> Option<String> {
    match (users(totals), accounts(totals)) {
        (Some(users), Some(accounts)) => Some(format!("{users} across {accounts}")),
        (Some(users), None) => Some(users),
        // The customer table that follows lists accounts without users.
        (None, accounts) => accounts.filter(|_| !has_table),
    }
}

/// Returns the number of users as text: `~1,247 users`.
pub(super) fn users(totals: &Totals) -> Option<String> {
    let users = counted(totals.users?, "user");
    Some(format!("{}{users}", lower_bound(totals)))
}

/// Returns the number of customer accounts as text: `12 customer accounts`.
pub(super) fn accounts(totals: &Totals) -> Option<String> {
    Some(counted(totals.accounts?, "customer account"))
}

/// Returns the customer table; `None` if no row of it is shown.
fn table<'a>(record: &'a Record, facts: &Facts) -> Option<CustomerTableView<'a>> {
    let typed = record.incident.impact.iter();
    let mut rows: Vec<&Customer> = typed.flat_map(|impact| &impact.customers).collect();
    if let Some(file) = &record.customers_file {
        rows.extend(largest(file));
    }
    if rows.is_empty() {
        return None;
    }
    let mut measures: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flat_map(|row| &row.measures.0) {
        if !measures.contains(&&**name) {
            measures.push(name);
        }
    }
    Some(CustomerTableView {
        has_users: rows.iter().any(|row| row.users.is_some()),
        has_complaints: rows.iter().any(|row| row.complaints.is_some()),
        has_contact: rows.iter().any(|row| row.contact.is_some()),
        rows: rows
            .iter()
            .map(|row| CustomerView {
                name: &row.name,
                accounts: row
                    .accounts
                    .filter(|accounts| *accounts != 1)
                    .map(|accounts| counted(i64::from(accounts), "account")),
                users: row.users.map(separated),
                measures: measures
                    .iter()
                    .map(|name| row.measures.get(name).map(cell))
                    .collect(),
                complaints: row.complaints.map(separated),
                contact: row.contact.as_deref(),
            })
            .collect(),
        totals: TotalsView::new(&facts.totals),
        measures,
    })
}

/// Returns the largest rows of a customers file: by users, then accounts, then complaints, then in the order of the file.
fn largest(file: &CustomersFile) -> impl Iterator<Item = &Customer> {
    let mut rows: Vec<&Customer> = file.rows.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.users, row.accounts, row.complaints)));
    rows.into_iter().take(LARGEST)
}

impl<'a> BusinessView<'a> {
    fn new(business: &'a Business) -> Self {
        Self {
            revenue: business.revenue.as_deref(),
            reputation: business.reputation.as_deref(),
            support_tickets: business
                .support_tickets
                .map(|tickets| format!("{} opened", counted(i64::from(tickets), "ticket"))),
            churn_risk: business.churn_risk.as_deref(),
        }
    }
}
