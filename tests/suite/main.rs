//! The tests that need more than one module: cases as folders, laws, and the real program.

mod cases;
mod documents;
mod report;
mod site;
