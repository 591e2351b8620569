//! The site that a build writes: where, for whom, as of which day, and what the cache knows of it.

use std::{fs, io};

use anyhow::Context;
use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;
use serde::Deserialize;

use super::Arguments;
use super::report::Built;
use crate::audience::Audience;
use crate::cache::{Cache, Digest, Hasher, RESERVED};
use crate::command::Today;
use crate::command::terminal::style;
use crate::config::Config;
use crate::diagnostic::text;
use crate::load;
use crate::publish::SiteRecord;
use crate::publish::write::{self, OutputSpec, WriteError, Writer, Written};
use crate::read::Reading;

/// The site that a build writes, and its names in the cache.
pub struct Target {
    pub out: Utf8PathBuf,
    pub audience: Audience,
    pub as_of: NaiveDate,
    pub style: text::Style,
    /// The path of the archive as programs know it.
    pub prefix: Utf8PathBuf,
    /// Whether the site is only compared with what is in place.
    pub check: bool,
    pub verify: bool,
    /// The names of the stored results: of the whole build, and of its files.
    pub build_name: String,
    pub site_name: String,
    /// The digest of the options.
    pub key: Digest,
}

impl Target {
    pub fn new(root: &Utf8Path, arguments: &Arguments, config: &Config) -> anyhow::Result<Self> {
        let audience = match arguments.audience {
            Some(audience) => audience.into(),
            None => config.site.audience.unwrap_or_default(),
        };
        let out = match (&arguments.out, &config.site.out) {
            (Some(out), _) => out.clone(),
            (None, Some(out)) => root.join(&**out),
            (None, None) => root.join("site"),
        };
        let recorded = || recorded_day(&out).filter(|_| arguments.check);
        let as_of = Today::resolve(arguments.as_of.or_else(recorded), config)?.0;
        let style = style(io::stderr());
        let absolute =
            std::path::absolute(&out).with_context(|| format!("cannot resolve `{out}`"))?;
        let name = Hasher::default().with(&(absolute, audience)).finish();
        let key = Hasher::default().with(&(as_of, style == text::Style::Coloured));
        let prefix = arguments.printing.prefix(root);
        let format = arguments.printing.format as u8;
        let key = key.with(&(
            arguments.keep_going,
            arguments.warnings,
            format,
            prefix.as_str(),
        ));
        Ok(Self {
            audience,
            as_of,
            style,
            prefix,
            check: arguments.check,
            verify: arguments.verify,
            build_name: format!("build-{name:?}"),
            site_name: format!("site-{name:?}"),
            key: key.finish(),
            out,
        })
    }

    /// Returns the result of an earlier build with the same input, if all of its files are still in place.
    pub fn recall(&self, reading: &Reading, cache: &Cache) -> Option<Built> {
        let mut built: Built = reading.recall(&self.build_name, self.key)?;
        let site = SiteRecord::files_in_place(cache, &self.site_name, &self.out, self.verify)?;
        if site.content != built.site {
            return None;
        }
        built.published.reused = built.published.reports;
        built.published.files = Written {
            unchanged: site.count,
            ..Written::default()
        };
        Some(built)
    }

    /// Locks the output.
    pub fn open(&self, root: &Utf8Path) -> Result<Writer, WriteError> {
        let inputs = [
            load::INCIDENTS,
            load::TIMELINES,
            load::TEMPLATES,
            load::CONFIG,
            RESERVED,
        ];
        let inputs = inputs.map(|name| root.join(name));
        write::open(&OutputSpec {
            out: &self.out,
            audience: self.audience.as_str(),
            project: root,
            inputs: &inputs.each_ref().map(Utf8PathBuf::as_path),
        })
    }
}

/// Returns the reference date of a site in place, or `None` if no page depends on it.
fn recorded_day(out: &Utf8Path) -> Option<NaiveDate> {
    #[derive(Deserialize)]
    struct Metrics {
        as_of: NaiveDate,
    }
    let text = fs::read(out.join("metrics.json")).ok()?;
    let metrics: Metrics = serde_json::from_slice(&text).ok()?;
    Some(metrics.as_of)
}
