//! Writes the pages of a list, or reuses those that an earlier build made of the same data.

use super::*;

/// The number of incidents above which a page is rendered alone, because its context needs ten times the memory of
/// its text.
const LARGE: usize = 200;

/// Renders pages and passes each on at once, so that they are never all in memory.
pub(super) struct PageWriter<'p> {
    pub(super) renderer: &'p Renderer,
    pub(super) put: FileSink<'p>,
    pub(super) reuse: Option<&'p PageReuse<'p>>,
    /// The paths of the pages so far.
    pub(super) paths: Mutex<Vec<String>>,
}

/// Reuses pages of an earlier build that have the same view.
pub struct PageReuse<'p> {
    /// The digest of the settings and templates.
    site: Digest,
    output: &'p Output<'p>,
    /// The digest of the input of each page of this build.
    keys: Mutex<BTreeMap<String, Digest>>,
    /// The numbers of the files.
    files: Mutex<Vec<u32>>,
}

impl<'p> PageReuse<'p> {
    /// Prepares the reuse; `site` is the digest of settings and templates.
    pub(in crate::publish) fn new(site: Digest, output: &'p Output<'p>) -> Self {
        Self {
            site,
            output,
            keys: Mutex::default(),
            files: Mutex::default(),
        }
    }

    /// Adds a file to the output.
    pub(in crate::publish) fn put(&self, file: &File) -> Result<(), PublishError> {
        let number = self.output.put(file)?;
        self.note(&[number]);
        Ok(())
    }

    /// Returns all files, and the digest of the input of each page of this build.
    pub(in crate::publish) fn into_made(self, key: Digest) -> (Made, BTreeMap<String, Digest>) {
        let mut files = into_inner(self.files);
        files.sort_unstable();
        files.dedup();
        let files = files.into();
        (Made { key, files }, into_inner(self.keys))
    }

    /// Reuses the files of a page; returns `false` if no earlier build rendered them from the same view.
    pub(super) fn page(
        &self,
        template: &str,
        path: &str,
        view: &impl Serialize,
    ) -> Result<bool, PublishError> {
        let key = Hasher::default().with(&template).with(&path).with(view);
        self.files(path, key.finish(), &[".html", ".md"])
    }

    /// Reuses the files with a path and some endings; returns `false` if no earlier build made them from the input with
    /// the digest `key`.
    pub(in crate::publish) fn files(
        &self,
        path: &str,
        key: Digest,
        endings: &[&str],
    ) -> Result<bool, PublishError> {
        let key = Hasher::default().with(&(self.site, key)).finish();
        locked(&self.keys).insert(path.to_owned(), key);
        let earlier = &self.output.earlier.record;
        let pages = earlier.pages.get(path);
        let known = pages.or_else(|| earlier.words_files.get(path));
        if known != Some(&key) {
            return Ok(false);
        }
        let files = endings.iter();
        let files = files.map(|ending| self.output.number(&format!("{path}{ending}")));
        let Some(files) = files.collect::<Option<Vec<u32>>>() else {
            return Ok(false);
        };
        let is_reused = self.output.reuse(&files)?;
        if is_reused {
            self.note(&files);
        }
        Ok(is_reused)
    }

    fn note(&self, numbers: &[u32]) {
        locked(&self.files).extend(numbers);
    }
}

impl PageWriter<'_> {
    pub(super) fn page(
        &self,
        template: &str,
        path: &str,
        view: impl Serialize,
    ) -> Result<(), PublishError> {
        let html = format!("{path}.html");
        let reuse = |reuse: &PageReuse| reuse.page(template, path, &view);
        if !self.reuse.map_or(Ok(false), reuse)? {
            let rendered = self.renderer.page(template, path, view)?;
            (self.put)(&made(&html, rendered.html))?;
            (self.put)(&made(format!("{path}.md"), rendered.markdown))?;
        }
        locked(&self.paths).push(html);
        Ok(())
    }

    /// Renders the pages of grouped incidents.
    pub(super) fn groups<'a>(
        &self,
        all: &[Groups<'a>],
        listing: &Listing<'a>,
        learned: &Learned<'a>,
    ) -> Result<(), PublishError> {
        for groups in all.iter().filter(|groups| !groups.groups.is_empty()) {
            let path = format!("{}/index", groups.by.folder);
            self.page("groups", &path, groups)?;
        }
        let page = |group: &&Group<'a>| {
            let path = format!("{}/{}", group.by.folder, group.slug);
            self.page("group", &path, GroupView::new(group, listing, learned))
        };
        let groups = all.iter().flat_map(|groups| &groups.groups);
        let every = groups.flat_map(|group| group.months.iter().chain([group]));
        let (large, small): (Vec<_>, Vec<_>) = every.partition(|group| group.records > LARGE);
        let made: Vec<Result<(), PublishError>> = small.par_iter().map(page).collect();
        made.into_iter().collect::<Result<(), PublishError>>()?;
        large.iter().try_for_each(page)
    }
}
