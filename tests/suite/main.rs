//! The tests that need more than one module: cases as folders, laws, and the real program.

mod architecture;
mod cases;
mod documents;
mod guides;
mod hostile;
mod html_cases;
mod html_safety;
mod html_vectors;
mod markdown_cases;
mod markdown_laws;
mod markdown_reading;
mod reading;
mod readme;
mod report;
mod site;
mod writing;
