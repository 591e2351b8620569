//! Views in; the files of a site out, and in place.
//!
//! The files of each incident are a function of its [`IncidentInput`], so incidents
//! are rendered in parallel and the result never depends on it. Nothing is in place
//! until everything was rendered.

use crate::cache::Cache;
use crate::progress::Progress;

pub mod actions;
mod anchors;
pub mod atom;
pub mod calendar;
pub mod csv;
pub mod customers;
mod earlier;
pub mod entry;
mod error;
mod external;
mod incident;
mod making;
mod messages;
mod neighborhood;
mod output;
pub mod outputs;
mod pages;
pub mod plan;
mod reuse;
pub mod search;
mod site;
mod stale;
mod status;
mod timeline;
pub mod write;

pub use anchors::anchors;
pub use earlier::{Earlier, FilesInPlace, Made, SiteRecord};
pub use error::PublishError;
pub use incident::{IncidentContext, IncidentFiles, IncidentInput};
pub use neighborhood::Neighborhood;
pub use output::Output;
pub use pages::{Lists, PageReuse, own_texts};
use reuse::ReusePlan;
pub use site::{File, FileContent, FileSink, Incidents, Inputs, Published, Site};
use site::{MadeIncident, json, made};
pub use stale::stale_files;
use write::Difference;

impl Site<'_> {
    /// Publishes the site: makes it, and puts all files in place.
    ///
    /// # Errors
    /// Returns the first error of a template, of a file of the archive, or of the output, or an error if an incident
    /// is no longer what it was when it was checked; the old site is then as it was.
    pub fn publish(
        self,
        incidents: Incidents,
        lists: Lists,
        mut output: Output,
        cache: &Cache,
        progress: &Progress,
    ) -> Result<(Published, SiteRecord), PublishError> {
        let (mut published, mut record) =
            self.make(incidents, lists, &mut output, cache, progress)?;
        progress.begin("putting the site in place", 0);
        let committed = output.commit()?;
        record.renumber(&committed.numbers);
        record.site = committed.site;
        published.pages = committed.pages;
        published.files = committed.written;
        Ok((published, record))
    }

    /// Makes the site, and returns how the output differs from it; nothing in the output is changed.
    ///
    /// # Errors
    /// The same as those of [`Site::publish`].
    pub fn compare(
        self,
        incidents: Incidents,
        lists: Lists,
        mut output: Output,
        progress: &Progress,
    ) -> Result<Vec<(String, Difference)>, PublishError> {
        self.make(incidents, lists, &mut output, &Cache::none(), progress)?;
        output.differences()
    }

    /// Makes all files of the site: decides what is reused, and renders the rest.
    fn make(
        &self,
        incidents: Incidents,
        lists: Lists,
        output: &mut Output,
        cache: &Cache,
        progress: &Progress,
    ) -> Result<(Published, SiteRecord), PublishError> {
        let Incidents {
            loaded,
            inputs,
            stale_files,
        } = incidents;
        let site = self.key(&inputs, output);
        let plan = ReusePlan::new(self, site, &inputs.incidents, output, cache)?;
        let (reports, reused) = (plan.incidents.len(), plan.reused());
        let building_lists = || progress.begin("building the lists", 0);
        building_lists();
        // One thread makes the lists, whose data takes much memory, while the others render reports.
        let (lists, rendered) = rayon::join(
            || self.reuse_lists(site, lists, output, cache),
            || {
                let rendered = self.render(plan, loaded, output, progress);
                building_lists();
                rendered
            },
        );
        let (lists, pages) = lists?;
        let record = SiteRecord {
            lists: Some(lists),
            pages,
            ..rendered?
        };
        output.complete(&stale_files)?;
        let published = Published {
            reports,
            reused,
            withheld: self.neighborhood.all().len() - reports,
            ..Published::default()
        };
        Ok((published, record))
    }
}
