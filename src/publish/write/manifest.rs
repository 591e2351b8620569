//! Reads and writes the manifest, the list of files that builds made.
//!
//! Before new files appear, the manifest lists them with the old ones; afterwards it lists the new site alone. So
//! whenever a build is killed, the manifest covers all files that it may have moved.

use std::io;

use camino::Utf8Path;
use serde::{Deserialize, Serialize};

use super::output::{LOCK, Output, STAGE};
use super::{Content, WriteError, entry, names};
use crate::cache::Paths;

pub use crate::cache::MANIFEST;

/// The format that this version reads and writes.
const FORMAT: u32 = 1;

/// The files of one audience's site, as paths relative to the output.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest<A, F> {
    format: u32,
    audience: A,
    files: F,
}

/// The part of a manifest that is the same in every format.
#[derive(Deserialize)]
struct Head {
    format: u32,
}

/// Returns the files in the manifest of a locked output.
pub fn read(output: &Output, audience: &str) -> Result<Paths, WriteError> {
    let path = output.path(MANIFEST);
    if entry::own_file(&path)?.is_none() {
        output.check_only(&[LOCK, STAGE])?;
        return Ok(Paths::default());
    }
    let bytes = entry::read(&path)?;
    let Head { format } = serde_json::from_slice(&bytes).map_err(|e| damaged(&path, e))?;
    if format != FORMAT {
        let problem = format!(
            "has format {format}, which this version does not support; \
             build with a newer version or into another folder"
        );
        return Err(WriteError::path(path, problem));
    }
    let mut manifest: Manifest<String, Vec<String>> =
        serde_json::from_slice(&bytes).map_err(|e| damaged(&path, e))?;
    // The manifest decides which files may be removed, and anyone can have edited it.
    for file in &manifest.files {
        if let Some(problem) = names::problem(file) {
            return Err(damaged(&path, format_args!("it lists `{file}`: {problem}")));
        }
    }
    if manifest.audience != audience {
        let held = &manifest.audience;
        let problem = format!("holds the `{held}` site; build `{audience}` into another folder");
        return Err(output.problem(problem));
    }
    manifest.files.sort_unstable();
    manifest.files.dedup();
    Ok(Paths::of(|| manifest.files.iter().map(String::as_str)))
}

/// Returns the audience of the site in a folder, or `None` if the folder has no manifest.
pub fn audience(folder: &Utf8Path) -> Result<Option<String>, WriteError> {
    #[derive(Deserialize)]
    struct Reader {
        audience: String,
    }
    let path = folder.join(MANIFEST);
    if entry::metadata(&path)?.is_none() {
        return Ok(None);
    }
    let bytes = entry::read(&path)?;
    let reader: Reader = serde_json::from_slice(&bytes).map_err(|e| damaged(&path, e))?;
    Ok(Some(reader.audience))
}

/// The manifest of sorted files.
pub struct Listing<'m> {
    pub audience: &'m str,
    pub files: &'m [&'m str],
}

impl Content for Listing<'_> {
    fn pieces(&self, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let manifest = Manifest {
            format: FORMAT,
            audience: self.audience,
            files: self.files,
        };
        entry::buffered(take, |out| {
            serde_json::to_writer_pretty(&mut *out, &manifest)?;
            out.write_all(b"\n")
        })
    }
}

fn damaged(path: &Utf8Path, reason: impl std::fmt::Display) -> WriteError {
    let problem = format!(
        "is damaged: {reason}; restore an earlier version of it, \
         or move the folder away and build again"
    );
    WriteError::path(path, problem)
}

#[cfg(test)]
mod tests {
    use super::super::tests::Project;
    use super::*;

    fn bytes(files: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let audience = "public";
        let listing = Listing { audience, files };
        let read = listing.pieces(&mut |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        });
        read.unwrap();
        bytes
    }

    #[test]
    fn a_manifest_is_sorted_and_has_one_file_a_line() {
        let bytes = bytes(&["a.html", "b.html", "b/ü \"x\".txt"]);
        let expected = "{\n  \"format\": 1,\n  \"audience\": \"public\",\n  \"files\": [\n    \
                        \"a.html\",\n    \"b.html\",\n    \"b/ü \\\"x\\\".txt\"\n  ]\n}\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn a_manifest_reads_back_as_it_was() {
        let files = ["a", "ü \"x\".txt"];
        let project = Project::with(&[]);
        std::fs::write(project.path(MANIFEST), bytes(&files)).unwrap();
        let files = Paths::of(|| files.into_iter());
        assert_eq!(*project.open().unwrap().previous(), files);
    }

    #[test]
    fn what_is_no_manifest_is_refused_by_name() {
        for (text, part) in [
            ("", "is damaged: EOF"),
            ("<<<<<<< HEAD", "is damaged: expected value at line 1"),
            ("{\"format\":1}", "missing field `audience`"),
            ("{\"format\":2,\"sites\":[]}", "has format 2"),
            (
                "{\"format\":1,\"audience\":\"a\",\"files\":[],\"x\":1}",
                "unknown field `x`",
            ),
            (
                "{\"format\":1,\"audience\":\"a\",\"files\":[\"../x\"]}",
                "it lists `../x`",
            ),
            (
                "{\"format\":1,\"audience\":\"a\",\"files\":[\"/etc/x\"]}",
                "it lists `/etc/x`",
            ),
            (
                "{\"format\":1,\"audience\":\"a\",\"files\":[\".afterword.json\"]}",
                "reserved",
            ),
        ] {
            let project = Project::with(&[]);
            std::fs::write(project.path(MANIFEST), text).unwrap();
            project.refuses(part, Project::open);
            project.refuses(MANIFEST, Project::open);
        }
    }
}
