//! Reads and writes the list of the files that a build made.
//!
//! The list stands in the output as `.afterword.json`. While a build puts files
//! in place, a second list of the same form, `pending.json` in the stage, names
//! those that are about to appear, so that a build after a kill knows them.

use std::collections::BTreeSet;
use std::fs;
use std::io;

use camino::Utf8Path;
use serde::{Deserialize, Serialize};

use super::{WriteError, name, path_state, path_state::PathState};

/// The list's name in the output.
pub const MANIFEST: &str = ".afterword.json";

/// The pending list's name in the stage.
pub const PENDING: &str = "pending.json";

/// The form of the list that this version reads and writes.
const FORMAT: u32 = 1;

/// The longest list that is read, in bytes: some hundred thousand files.
const LONGEST: u64 = 64 << 20;

/// The files of one audience's site, by path from the output.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: u32,
    pub audience: String,
    pub files: BTreeSet<String>,
}

/// A list that is about to be written; its files are sorted.
#[derive(Serialize)]
pub struct Listed<'a> {
    format: u32,
    audience: &'a str,
    files: Vec<&'a str>,
}

impl<'a> Listed<'a> {
    /// Makes a list in the current format of files that come sorted.
    pub fn new(audience: &'a str, files: impl Iterator<Item = &'a str>) -> Self {
        Self {
            format: FORMAT,
            audience,
            files: files.collect(),
        }
    }

    /// Gives the list's bytes, in no more memory than they need.
    pub fn bytes(&self) -> io::Result<Vec<u8>> {
        // As long as the names with quotes, comma, indent and line end, so that it does not grow by copies.
        let lines: usize = self.files.iter().map(|file| file.len() + 8).sum();
        let mut bytes = Vec::with_capacity(lines + 128);
        serde_json::to_writer_pretty(&mut bytes, self)?;
        bytes.push(b'\n');
        bytes.shrink_to_fit();
        Ok(bytes)
    }
}

/// The part of a list that is the same in every format.
#[derive(Deserialize)]
struct Head {
    format: u32,
}

impl Manifest {
    /// Makes a list in the current format.
    pub fn new(audience: &str, files: BTreeSet<String>) -> Self {
        Self {
            format: FORMAT,
            audience: audience.to_owned(),
            files,
        }
    }

    /// Reads the list at `path`; `None` when there is none.
    ///
    /// Each file's name is held against the same rule as a new one's: a list is
    /// what says which files may be removed, and anybody can have edited it.
    pub fn read(path: &Utf8Path) -> Result<Option<Self>, WriteError> {
        match path_state::at(path)? {
            PathState::Nothing => return Ok(None),
            PathState::File { length } if length <= LONGEST => {}
            PathState::File { .. } => return Err(damaged(path, "it is too long")),
            PathState::Link => {
                return Err(WriteError::Link {
                    path: path.to_owned(),
                });
            }
            PathState::Folder | PathState::Other => return Err(damaged(path, "it is not a file")),
        }
        let bytes = fs::read(path).map_err(WriteError::io("read", path))?;
        let head: Head = serde_json::from_slice(&bytes).map_err(|e| damaged(path, e))?;
        if head.format != FORMAT {
            return Err(WriteError::Format {
                path: path.to_owned(),
                format: head.format,
            });
        }
        let list: Self = serde_json::from_slice(&bytes).map_err(|e| damaged(path, e))?;
        for file in &list.files {
            if let Some(reason) = name::fault(file) {
                return Err(damaged(
                    path,
                    format_args!("it names `{file}`, but {reason}"),
                ));
            }
        }
        Ok(Some(list))
    }

    /// Gives the list's bytes, which depend on nothing but the list.
    pub fn bytes(&self) -> io::Result<Vec<u8>> {
        let files = self.files.iter().map(String::as_str);
        Listed::new(&self.audience, files).bytes()
    }
}

fn damaged(path: &Utf8Path, reason: impl ToString) -> WriteError {
    WriteError::Damaged {
        path: path.to_owned(),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8PathBuf;

    fn written(text: &str) -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::try_from(folder.path().join(MANIFEST)).unwrap();
        fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[test]
    fn a_list_is_sorted_and_one_file_a_line() {
        let files = ["b/c.html", "a.html", "b.html"].map(String::from).into();
        let bytes = Manifest::new("public", files).bytes().unwrap();
        let expected = "{\n  \"format\": 1,\n  \"audience\": \"public\",\n  \"files\": [\n    \
                        \"a.html\",\n    \"b.html\",\n    \"b/c.html\"\n  ]\n}\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn a_list_reads_back_as_it_was() {
        let list = Manifest::new("internal", ["ü \"x\".txt", "a"].map(String::from).into());
        let (_folder, path) = written(&String::from_utf8(list.bytes().unwrap()).unwrap());
        assert_eq!(Manifest::read(&path).unwrap(), Some(list));
    }

    #[test]
    fn what_is_no_list_is_refused_by_name() {
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
                "it names `../x`",
            ),
            (
                "{\"format\":1,\"audience\":\"a\",\"files\":[\"/etc/x\"]}",
                "it names `/etc/x`",
            ),
            (
                "{\"format\":1,\"audience\":\"a\",\"files\":[\".afterword.json\"]}",
                "own",
            ),
        ] {
            let (_folder, path) = written(text);
            let message = Manifest::read(&path).unwrap_err().to_string();
            assert!(message.contains(part), "{text}: {message}");
            assert!(message.contains(path.as_str()), "{message}");
        }
    }
}
