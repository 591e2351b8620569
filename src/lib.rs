//! Incident reports from plain files: TOML and timeline JSON in, the full report out.
#![forbid(unsafe_code)]

pub mod archive;
pub mod audience;
pub mod config;
pub mod facts;
pub mod incident;
pub mod kind;
pub mod moment;
pub mod render;
pub mod timeline;
pub mod view;
