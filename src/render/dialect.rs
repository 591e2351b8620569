//! Names the one Markdown dialect that reports are written and read in.

use pulldown_cmark::Options;

/// CommonMark with tables, strikethrough, task lists and alerts, as GitHub reads them.
///
/// Footnotes are left out: their ids would be shared by all sections of a page.
pub(super) const DIALECT: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);
