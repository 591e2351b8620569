//! `afterword availability`: prints the availability of each service by quarter or month.

use camino::Utf8Path;
use chrono::NaiveDate;

use super::columns::aligned;
use super::metrics::Format;
use super::summaries;
use super::{Outcome, Today, print};
use crate::audience::Audience;
use crate::kind::name_key;
use crate::metrics::availability::{self, Every, ServiceAvailability};
use crate::publish::csv::Csv;
use crate::view::availability::{PeriodView, percent};

/// The arguments of `availability`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Print only this service (case-insensitive).
    #[arg(long, value_name = "NAME")]
    service: Option<String>,

    /// Length of the periods.
    #[arg(long, value_enum, default_value_t = ByPeriod::Quarter)]
    by: ByPeriod,

    /// Print only periods that end on this date or later, such as `2026-03-31` or `-30d`.
    #[arg(long, value_name = "DATE", value_parser = super::past_day, allow_hyphen_values = true)]
    since: Option<NaiveDate>,

    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// Count only incidents that this audience may see: `internal` or `confidential`.
    #[arg(long, value_name = "AUDIENCE", value_parser = summaries::audience, default_value = "internal")]
    audience: Audience,

    /// Date up to which open incidents count [default: `[site] as_of`, or today].
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<NaiveDate>,
}

/// The length of the periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ByPeriod {
    Month,
    Quarter,
}

/// Prints the availability.
///
/// # Errors
/// Returns an error if the archive cannot be found or the output cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let rules = ["site.timezone", "site.as_of", "availability"];
    // Without a valid `as_of` it is unknown up to when open incidents count.
    let rules: Vec<&str> = rules
        .into_iter()
        .filter(|rule| *rule != "site.as_of" || arguments.as_of.is_none())
        .collect();
    let Some(loaded) = summaries::counted(directory, arguments.audience, &rules)? else {
        return Ok(Outcome::Problems);
    };
    let today = Today::resolve(arguments.as_of, &loaded.config)?;
    let every = match arguments.by {
        ByPeriod::Month => Every::Month,
        ByPeriod::Quarter => Every::Quarter,
    };
    let services = availability::availability(
        &loaded.shown(),
        &loaded.config,
        every,
        today.0,
        arguments.audience,
    );
    let wanted = arguments.service.as_deref().map(name_key);
    let services: Vec<ServiceAvailability> = services
        .into_iter()
        .filter(|one| {
            wanted
                .as_ref()
                .is_none_or(|name| name_key(&one.service) == *name)
        })
        .collect();
    let periods = |one: &ServiceAvailability| -> Vec<PeriodView> {
        let since = arguments.since.map(|day| every.name(day));
        let views = one
            .periods
            .iter()
            .map(|period| PeriodView::new(period, one.target));
        views
            .filter(|view| since.as_ref().is_none_or(|since| view.period >= *since))
            .collect()
    };
    let rows: Vec<(&ServiceAvailability, PeriodView)> = services
        .iter()
        .flat_map(|one| periods(one).into_iter().map(move |period| (one, period)))
        .collect();
    let text = match arguments.format {
        Format::Table => table(&rows) + &not_counted(&services),
        Format::Csv => csv(&rows),
        Format::Json => {
            let services = services.iter().map(|one| {
                serde_json::json!({
                    "service": one.service,
                    "target": one.target.map(percent),
                    "not_counted": one.unknown,
                    "periods": periods(one),
                })
            });
            let printed = serde_json::json!({
                "as_of": today.0.to_string(),
                "services": services.collect::<Vec<_>>(),
            });
            serde_json::to_string_pretty(&printed)? + "\n"
        }
    };
    print(&text)?;
    Ok(loaded.outcome())
}

fn table(rows: &[(&ServiceAvailability, PeriodView)]) -> String {
    if rows.is_empty() {
        return "no service was affected by an incident\n".to_owned();
    }
    let head = [
        "SERVICE",
        "PERIOD",
        "AVAILABILITY",
        "LOST",
        "INCIDENTS",
        "TARGET",
        "BUDGET",
    ];
    let rows = rows.iter().map(|(one, period)| {
        vec![
            one.service.clone(),
            period.period.clone(),
            period.text.clone().unwrap_or_default(),
            period.lost.clone(),
            period.incidents.to_string(),
            one.target.map(percent).unwrap_or_default(),
            period.budget.clone().unwrap_or_default(),
        ]
    });
    let head = head.map(ToOwned::to_owned).to_vec();
    aligned(std::iter::once(head).chain(rows).collect())
}

/// Says which services have incidents that the shares above do not count.
fn not_counted(services: &[ServiceAvailability]) -> String {
    let services = services.iter().filter(|one| one.unknown > 0);
    let lines = services.map(|one| {
        let incidents = match one.unknown {
            1 => "1 incident whose start or end is not recorded or not shown here is".to_owned(),
            count => format!(
                "{count} incidents whose start or end is not recorded or not shown here are"
            ),
        };
        format!("{}: {incidents} not counted\n", one.service)
    });
    lines.collect()
}

fn csv(rows: &[(&ServiceAvailability, PeriodView)]) -> String {
    let mut table = Csv::new(&[
        "service",
        "period",
        "availability_percent",
        "seconds",
        "lost_seconds",
        "incidents",
        "not_counted",
        "target_percent",
        "budget_seconds",
    ]);
    for (one, period) in rows {
        let bare = |text: String| text.trim_end_matches('%').to_owned();
        let budget = period.budget_seconds.map(|seconds| seconds.to_string());
        table.row(&[
            &one.service,
            &period.period,
            &period.text.clone().map(bare).unwrap_or_default(),
            &period.seconds.to_string(),
            &period.lost_seconds.to_string(),
            &period.incidents.to_string(),
            &one.unknown.to_string(),
            &one.target.map(percent).map(bare).unwrap_or_default(),
            &budget.unwrap_or_default(),
        ]);
    }
    table.finish()
}
