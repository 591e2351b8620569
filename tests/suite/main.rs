//! The tests that need more than one module: cases as folders, laws, and the real program.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test makes and reads files, runs the program, and may stop at what cannot be"
)]

mod actions;
mod architecture;
mod audit;
mod cache;
mod canaries;
mod cases;
mod comms;
mod documents;
mod external;
mod guides;
mod hostile;
mod html_cases;
mod html_safety;
mod html_vectors;
mod import;
mod markdown_cases;
mod markdown_laws;
mod markdown_reading;
mod memory;
mod narrower;
mod pages;
mod reading;
mod readme;
mod report;
mod site;
mod writing;
