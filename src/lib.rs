//! Generates incident reports from TOML files and JSON timelines.
#![forbid(unsafe_code)]

pub mod archive;
pub mod audience;
pub mod audit;
pub mod cache;
pub mod check;
pub mod cli;
pub mod command;
pub mod config;
pub mod diagnostic;
mod dialect;
pub mod edit;
pub mod facts;
pub mod import;
pub mod incident;
pub mod kind;
pub mod load;
pub mod memory;
pub mod metrics;
pub mod moment;
pub mod progress;
pub mod publish;
pub mod read;
pub mod render;
pub mod secret;
pub mod source;
pub mod timeline;
mod token;
pub mod tracker;
pub mod view;
