//! Defines the Markdown dialect of reports.

use pulldown_cmark::Options;

/// CommonMark with tables, strikethrough, task lists and alerts, as GitHub reads them.
///
/// Without footnotes, whose IDs would be shared by all sections of a page.
pub(super) const DIALECT: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

/// Text before a value for the parser, after which nothing starts a block.
pub(super) const PREFIX: &str = "x ";
