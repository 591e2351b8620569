//! `afterword sign-off`: signs a report.

use camino::Utf8Path;
use clap::builder::TypedValueParser;
use serde_json::json;

use super::change::{Change, refused};
use super::log::{one_of, value};
use super::terminal::echo;
use super::typed::{self, person};
use super::{Outcome, incident, root};
use crate::incident::SignatureRole;
use crate::kind::Day;
use crate::source::Path;

/// The arguments of `sign-off`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "afterword sign-off [OPTIONS] [ID] --role <ROLE> --name <NAME>")]
pub struct Arguments {
    /// Incident ID in full [default: the only current incident].
    #[arg(value_name = "ID")]
    words: Vec<String>,

    /// Incident, by its ID, the start or end of its ID, or its file.
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,

    /// Role in which the person signs.
    #[arg(long, value_name = "ROLE", value_parser = one_of(SignatureRole::KEYS).try_map(value::<SignatureRole>))]
    role: SignatureRole,

    /// Name of the person.
    #[arg(long, value_name = "NAME")]
    name: String,

    /// Job title of the person.
    #[arg(long, value_name = "TITLE")]
    title: Option<String>,

    /// Date of the signature, such as `2026-03-31` or `yesterday` [default: today].
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
}

/// Signs the report.
///
/// # Errors
/// Returns an error if the incident cannot be found, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let found = incident::to_change(&root, arguments.incident.as_deref(), &arguments.words)?;
    let Some((id, rest)) = found else {
        return Ok(Outcome::Problems);
    };
    if !rest.is_empty() {
        return Ok(refused(format!(
            "unexpected `{}`; put a name of several words in quotes",
            rest.join(" ")
        )));
    }
    let name = match person(&arguments.name) {
        Ok(name) => name,
        Err(reason) => return Ok(refused(reason)),
    };
    let title = arguments
        .title
        .as_deref()
        .map(|title| typed::name(title, "title"))
        .transpose()?;
    let Some(mut change) = Change::begin(&root, &id)? else {
        return Ok(Outcome::Problems);
    };
    let role = arguments.role;
    let sign_off = change.record().incident.sign_off.iter();
    let mut signatures = sign_off.flat_map(|sign_off| &sign_off.signatures);
    if signatures.any(|known| known.role == role && known.name == name) {
        return Ok(refused(format!(
            "`{}` has signed as {} already",
            &*name,
            role.as_str()
        )));
    }
    let day = change.past_day(arguments.on.as_deref())?;
    let signature = json!({ "role": role, "name": name, "title": title, "date": Day(day) });
    let path = Path::new().key("sign_off").key("signatures");
    change.edit(|text| text.append(&path, signature))?;
    if change
        .write(&format!("sign-off {id} {}", role.as_str()))?
        .is_none()
    {
        return Ok(Outcome::Problems);
    }
    echo(&format!(
        "{id}  signed as {} by {}, {day}\n",
        role.as_str(),
        &*name
    ))?;
    Ok(Outcome::Done)
}
