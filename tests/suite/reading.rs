//! Tests of sources, diagnostics and the walk, with types like the product's and with its own.

mod hostile;
mod law;
#[expect(dead_code, reason = "what is read is only compared with what is not")]
mod model;
mod outputs;
mod printed;
mod shapes;
mod sources;
mod syntax;
