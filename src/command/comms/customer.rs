//! Finds the customer that `afterword comms --customer` names.

use anyhow::anyhow;

use super::super::or_meant;
use crate::archive::Record;
use crate::incident::Customer;

/// Finds a customer by name: exactly, else in any case, else by a part of the name that no other has.
pub(super) fn customer<'a>(
    record: &Record,
    customers: &'a [Customer],
    name: &str,
) -> anyhow::Result<&'a Customer> {
    let exact: Vec<&Customer> = customers
        .iter()
        .filter(|customer| *customer.name == *name)
        .collect();
    let alike = || {
        let all = customers.iter();
        all.filter(|customer| customer.name.eq_ignore_ascii_case(name))
            .collect()
    };
    let found: Vec<&Customer> = if exact.is_empty() { alike() } else { exact };
    match found.as_slice() {
        [one] => Ok(one),
        [] => by_part(record, customers, name),
        _ => Err(anyhow!(
            "`{}` lists customer `{name}` more than once",
            record.id
        )),
    }
}

/// Finds the only customer whose name has a part.
fn by_part<'a>(
    record: &Record,
    customers: &'a [Customer],
    part: &str,
) -> anyhow::Result<&'a Customer> {
    /// The maximum number of names to list.
    const LISTED: usize = 20;
    let part = part.trim().to_lowercase();
    let all = customers.iter();
    let found = all.filter(|customer| customer.name.to_lowercase().contains(&part));
    let found: Vec<&Customer> = found.filter(|_| !part.is_empty()).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(no_customer(record, customers, &part)),
        several => {
            let names = several.iter().take(LISTED);
            let mut lines: Vec<String> = names.map(|one| format!("\n  {}", one.name)).collect();
            if several.len() > LISTED {
                lines.push(format!("\n  … and {} more", several.len() - LISTED));
            }
            Err(anyhow!(
                "`{part}` is a part of {} customers' names; pass one of these:{}",
                several.len(),
                lines.concat()
            ))
        }
    }
}

/// Describes why no customer has a name, which is in lowercase.
fn no_customer(record: &Record, customers: &[Customer], name: &str) -> anyhow::Error {
    let has_name = |customer: &&Customer| customer.name.to_lowercase().contains(name);
    let many = record.customers().filter(|customer| !customer.is_one());
    if let Some(row) = many.filter(|_| !name.is_empty()).find(has_name) {
        return anyhow!(
            "`{}` covers several accounts, so it has no single recipient; add a `contact` if one address is right for all of them",
            row.name
        );
    }
    let names: Vec<String> = customers
        .iter()
        .map(|customer| format!("`{}`", customer.name))
        .collect();
    if names.len() > 20 {
        let near = or_meant(name, customers.iter().map(|customer| &*customer.name));
        return anyhow!("`{}` has no customer `{name}`{near}", record.id);
    }
    if names.is_empty() {
        anyhow!("`{}` lists no customers", record.id)
    } else {
        anyhow!(
            "`{}` has no customer `{name}`; expected one of {}",
            record.id,
            names.join(", ")
        )
    }
}
