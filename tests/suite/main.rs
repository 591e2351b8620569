//! Tests across modules: cases in folders, properties, and the compiled program.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test writes and reads files, runs the program, and may panic"
)]

mod actions;
mod architecture;
mod audit;
mod cache;
mod canaries;
mod cases;
mod checks;
mod choosing;
mod ci;
mod clones;
mod comms;
mod customers;
mod documents;
mod drafts;
mod edits;
mod entries;
mod external;
mod fields;
mod fixes;
mod formats;
mod guides;
mod hostile;
mod html_cases;
mod html_safety;
mod html_vectors;
mod import;
mod joined;
mod linked_files;
mod listing;
mod markdown_cases;
mod markdown_laws;
mod markdown_reading;
mod memory;
mod messages;
mod mistakes;
mod names;
mod narrower;
mod night;
mod numbers;
mod pages;
mod partial;
mod published;
mod reading;
mod readme;
mod reopened;
mod report;
mod restricted;
mod sample;
mod session;
mod settings;
mod sides;
mod site;
mod skeleton;
mod slips;
mod sources;
mod status;
mod technical;
mod terminal;
mod times;
mod tracker;
mod typed;
mod undo;
mod voice;
mod waiting;
mod withheld;
mod writing;
