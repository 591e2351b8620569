//! Turns the values of a record into Markdown that holds no more markup than
//! their kind allows.
//!
//! A value goes in as it was typed; what comes out is the same text with
//! backslashes where CommonMark would have read it as something else, so it
//! shows as typed. A value that needs none is borrowed. Each result keeps to
//! itself: no mark in it pairs with one in the value printed next, but for the
//! one that [`Paragraph`] watches over.

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
pub use cell::{cell, text_cell};
pub use item::item;
pub use line::{heading, label, line, text};
pub use paragraph::Paragraph;
pub use prose::{opens_with_text, prose};
pub use target::destination;
