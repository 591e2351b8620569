//! `afterword affects`: records who or what is affected.

use camino::Utf8Path;
use serde_json::json;

use super::change::{Change, refused};
use super::terminal::echo;
use super::typed;
use super::vocabulary::{self, New};
use super::{Outcome, incident, root};
use crate::archive::CustomerRow;
use crate::facts::{Facts, counted};
use crate::kind::Line;
use crate::source::{Path, number};

/// The arguments of `affects`.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "afterword affects [ID] --customer <NAME> [--users <N>]\n       afterword affects [ID] --service <NAME>..."
)]
pub struct Arguments {
    /// Incident ID in full [default: the only current incident].
    #[arg(value_name = "ID")]
    words: Vec<String>,

    /// Incident, by its ID, the start or end of its ID, or its file.
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,

    /// Customer that is affected; a customer that is listed already gets the new numbers.
    #[arg(long, value_name = "NAME")]
    customer: Option<String>,

    /// Number of affected users of the customer; without a customer, of all users.
    #[arg(long, value_name = "N", allow_hyphen_values = true, value_parser = count)]
    users: Option<u32>,

    /// Number of the customer's accounts, if it is not a single one.
    #[arg(long, value_name = "N", requires = "customer", allow_hyphen_values = true, value_parser = count)]
    accounts: Option<u32>,

    /// Number of complaints from the customer.
    #[arg(long, value_name = "N", requires = "customer", allow_hyphen_values = true, value_parser = count)]
    complaints: Option<u32>,

    /// Email address for messages to the customer.
    #[arg(long, value_name = "MAIL", requires = "customer")]
    contact: Option<String>,

    /// Service that is affected (repeatable).
    #[arg(long = "service", value_name = "NAME")]
    services: Vec<String>,

    #[command(flatten)]
    new: New,
}

/// Parses a number of people or accounts.
fn count(text: &str) -> Result<u32, String> {
    number::whole(text).map_err(|meant| match meant {
        Some(number) if number.parse::<u32>().is_ok() => {
            format!("expected a whole number; write `{number}`")
        }
        Some(_) => format!("expected at most {}", u32::MAX),
        None => "expected a whole number, such as `85`".to_owned(),
    })
}

/// Records what is affected.
///
/// # Errors
/// Returns an error if the incident cannot be found, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    if arguments.customer.is_none() && arguments.users.is_none() && arguments.services.is_empty() {
        return Ok(refused(
            "nothing given; use `--customer NAME --users N`, `--users N` or `--service NAME`",
        ));
    }
    let found = incident::to_change(&root, arguments.incident.as_deref(), &arguments.words)?;
    let Some((id, rest)) = found else {
        return Ok(Outcome::Problems);
    };
    if !rest.is_empty() {
        return Ok(refused(format!(
            "unexpected `{}`; use `--customer` or `--service`, and put a name of several words in quotes",
            rest.join(" ")
        )));
    }
    let used = match arguments.services.as_slice() {
        [] => Vec::new(),
        _ => vocabulary::services(&root)?,
    };
    let used: Vec<&str> = used.iter().map(String::as_str).collect();
    let Some(mut change) = Change::begin(&root, &id)? else {
        return Ok(Outcome::Problems);
    };
    let incident = change.record().incident.clone();
    let mut done = Vec::new();
    for service in &arguments.services {
        let service = typed::name(service, "service")?;
        let service = match arguments
            .new
            .name_in_archive("service", service.trim(), &used)
        {
            Ok(service) => typed::name(&service, "service")?,
            Err(reason) => return Ok(refused(reason)),
        };
        if incident
            .services
            .iter()
            .any(|known| known.eq_ignore_ascii_case(&service))
        {
            return Ok(refused(format!(
                "service `{}` is listed already",
                service.trim()
            )));
        }
        done.push(format!("service {}", service.trim()));
        change.edit(|text| text.append(&Path::new().key("services"), &service))?;
    }
    let impact = Path::new().key("impact");
    if let Some(name) = &arguments.customer {
        let name = typed::name(name, "customer")?;
        match customer(&mut change, &name, arguments)? {
            Ok(name) => done.push(format!("customer {name}")),
            Err(reason) => return Ok(refused(reason)),
        }
    } else if let Some(users) = arguments.users {
        if change
            .record()
            .customers()
            .any(|customer| customer.users.is_some())
        {
            return Ok(refused(
                "the users are counted by the customer table; use `--customer NAME --users N`",
            ));
        }
        change.edit(|text| text.set(&impact.key("users"), users))?;
        done.push(counted(users, "user"));
    }
    let Some(written) = change.write(format!("affects {id} {}", done.join(", ")).trim_end())?
    else {
        return Ok(Outcome::Problems);
    };
    let totals = Facts::compute(&written.after, &written.config).totals;
    let totals = [
        Some(totals.customers)
            .filter(|count| *count > 0)
            .map(|count| counted(count, "customer")),
        totals.users.map(|count| counted(count, "user")),
    ];
    let totals: Vec<String> = totals.into_iter().flatten().collect();
    let affected = if totals.is_empty() {
        String::new()
    } else {
        format!("\n  affected  {}", totals.join(", "))
    };
    echo(&format!("{id}  {}{affected}\n", done.join(", ")))?;
    Ok(Outcome::Done)
}

/// Sets the numbers of a customer, in a new row if there is none, and returns the customer's name; returns why not if the
/// row is in another file, or if the name is almost that of another row.
fn customer(
    change: &mut Change,
    name: &Line,
    arguments: &Arguments,
) -> anyhow::Result<Result<String, String>> {
    let names: Vec<&str> = (change.record().customers().map(|customer| &*customer.name)).collect();
    let known = match arguments.new.name("customer", name.trim(), &names) {
        Ok(known) => known.map(str::to_owned),
        Err(reason) => return Ok(Err(reason)),
    };
    let mut rows = change.record().customer_rows();
    let known = rows.find(|(_, customer)| known.as_deref() == Some(&*customer.name));
    let shown = known
        .as_ref()
        .map_or(name.trim(), |(_, customer)| customer.name.trim())
        .to_owned();
    let index = match known {
        Some((CustomerRow::Typed(index), _)) => Some(index),
        Some((CustomerRow::InFile(file, _), customer)) => {
            return Ok(Err(format!(
                "`{}` has a row in `{file}`; change the numbers there",
                customer.name.trim()
            )));
        }
        None => None,
    };
    drop(rows);
    let numbers = [
        ("users", arguments.users.map(|count| json!(count))),
        ("accounts", arguments.accounts.map(|count| json!(count))),
        ("complaints", arguments.complaints.map(|count| json!(count))),
        (
            "contact",
            arguments.contact.as_ref().map(|contact| json!(contact)),
        ),
    ];
    let set = numbers.into_iter();
    let set = set.filter_map(|(key, value)| Some((key, value?)));
    let path = Path::new().key("impact").key("customers");
    if let Some(index) = index {
        for (key, value) in set {
            let path = path.clone().index(index).key(key);
            change.edit(|text| text.set(&path, value))?;
        }
    } else {
        let mut row = serde_json::Map::new();
        row.insert("name".to_owned(), json!(name));
        row.extend(set.map(|(key, value)| (key.to_owned(), value)));
        change.edit(|text| text.append(&path, row))?;
    }
    Ok(Ok(shown))
}
