//! Converts the values of a record to Markdown that has no more markup than their kind allows.
//!
//! The result is the value with backslashes where CommonMark would read it as something else, so it shows as typed. A
//! value that needs none is borrowed. No delimiter of a value pairs with one of the next value, except for the one
//! that [`Paragraph`] tracks.

mod block;
mod cell;
mod definition;
mod edit;
mod heading;
mod inline;
mod item;
mod line;
mod paragraph;
mod prose;
mod scan;
mod target;

pub use block::fence;
pub use cell::cell;
pub use item::item;
pub use line::{heading, label, line, text};
pub use paragraph::Paragraph;
pub use prose::{opens_with_text, prose};
pub use target::{destination, picture_size, with_links};
