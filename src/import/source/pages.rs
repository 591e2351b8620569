//! Finds answers of APIs that are one page of several: without the others, facts would be wrong.

use std::collections::BTreeMap;

use super::Item;

/// The keys with the number of elements on all pages.
const TOTALS: &[&str] = &[
    "total",
    "total_count",
    "totalCount",
    "pagination.count",
    "pagination_meta.total_record_count",
    "meta.total_count",
    "meta.pagination.total",
];

/// The keys that lead to the next page: `true`, a link or a cursor.
const NEXT: &[&str] = &[
    "more",
    "has_more",
    "hasMore",
    "next_cursor",
    "nextPage",
    "nextPageToken",
    "cursor.hasMore",
    "links.next",
    "meta.next_page",
    "meta.page.after",
    "page_info.has_next_page",
    "pageInfo.hasNextPage",
    "pagination.next",
    "pagination_meta.after",
    "paging.next",
    "response_metadata.next_cursor",
];

/// The keys that are `true` on the last page.
const LAST: &[&str] = &["isLast", "is_last"];

/// The keys with the number of elements before the page.
const OFFSETS: &[&str] = &["offset", "startAt"];

/// The lists of several pages that are inside of what an importer recognizes.
const INNER: &[&str] = &["changelog", "fields.comment"];

/// The lists of an import that are only pages, by their key and the number of elements on all pages.
#[derive(Debug, Default)]
pub(super) struct Pages(BTreeMap<(&'static str, Option<u64>), Parts>);

/// The pages of a list that an import has.
#[derive(Debug)]
struct Parts {
    /// The path of the first one.
    path: String,
    /// The number of elements.
    count: u64,
    /// Whether the first page is one of them.
    has_first: bool,
    /// Whether the last page is one of them.
    has_last: bool,
}

impl Pages {
    /// Notes the page that a value is, and those inside it; `keys` are those of lists.
    pub fn learn(&mut self, path: &str, item: Item, keys: &[&'static str]) {
        self.page(path, item, keys);
        for inner in INNER.iter().filter_map(|path| item.get(path)) {
            self.page(path, inner, &["histories", "comments"]);
        }
    }

    fn page(&mut self, path: &str, item: Item, keys: &[&'static str]) {
        let Some(key) = keys.iter().find(|key| item.has_list(key)) else {
            return;
        };
        let number = |path: &&str| item.word(path)?.parse::<u64>().ok();
        let count = item.list(key).count() as u64;
        let total = TOTALS.iter().find_map(number);
        let has_next = next(item);
        if total.is_some_and(|total| total <= count) || (total, has_next) == (None, None) {
            return;
        }
        let is_first = OFFSETS
            .iter()
            .find_map(number)
            .is_none_or(|offset| offset == 0);
        let parts = self.0.entry((*key, total)).or_insert_with(|| Parts {
            path: path.to_owned(),
            count: 0,
            has_first: false,
            has_last: false,
        });
        parts.count += count;
        parts.has_first |= is_first;
        parts.has_last |= has_next == Some(false);
    }

    /// Describes the lists of which pages are missing.
    pub fn notes(&self) -> impl Iterator<Item = String> {
        self.0.iter().filter_map(|((key, total), parts)| {
            let advice = "export the other pages, and import all of them together";
            let path = &parts.path;
            match total {
                Some(total) if parts.count < *total => Some(format!(
                    "`{path}` has only {} of {total} `{key}`; {advice}",
                    parts.count
                )),
                None if !parts.has_first || !parts.has_last => {
                    Some(format!("`{path}` has only a part of the `{key}`; {advice}"))
                }
                _ => None,
            }
        })
    }
}

/// Returns `true` if a page says that another one follows, `false` if it says that none does.
fn next(item: Item) -> Option<bool> {
    let is_set = |word: String| !matches!(&*word, "false" | "0");
    let pages = |path: &str| {
        item.word(&format!("pagination.{path}"))?
            .parse::<u64>()
            .ok()
    };
    let last = LAST.iter().find_map(|path| item.word(path));
    let more = NEXT.iter().find_map(|path| item.word(path));
    let has_key = || NEXT.iter().any(|path| has_key(item, path));
    let numbered = || Some(pages("page")? < pages("pages")?);
    last.map(|last| !is_set(last))
        .or(more.map(is_set))
        .or_else(numbered)
        .or_else(|| has_key().then_some(false))
}

/// Returns `true` if the key at a path is there, even with `null`.
fn has_key(item: Item, path: &str) -> bool {
    match path.rsplit_once('.') {
        Some((outer, key)) => item.get(outer).is_some_and(|outer| outer.has_key(key)),
        None => item.has_key(path),
    }
}
