//! Asks git which files of an archive differ from a commit, and for their texts in it.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use camino::{Utf8Path, Utf8PathBuf};

use crate::load::Unwritten;
use crate::source;

/// The mode of a path that the commit does not have as a regular file: a symbolic link, or another repository.
const OTHER_MODES: &[&str] = &["120000", "160000"];

/// Returns the files that differ from where this branch left a commit, also deleted ones and those that git does not
/// know, with their texts there; `None` for a new file.
///
/// # Errors
/// Returns an error if git does not run, or does not know the commit.
pub fn texts_since(root: &Utf8Path, commit: &str) -> anyhow::Result<Unwritten> {
    // Outside of a repository, `git diff` compares folders.
    run(root, &["rev-parse", "--git-dir"])?;
    // On a branch, what others changed in the meantime is not meant.
    let differing = [
        "diff",
        "--raw",
        "--no-abbrev",
        "--relative",
        "--no-renames",
        "-z",
        "--merge-base",
        "--end-of-options",
        commit,
        "--",
        ".",
    ];
    let new = ["ls-files", "--others", "--exclude-standard", "-z"];
    // The objects of the files in the commit; `None` for a new file.
    let mut objects: HashMap<Utf8PathBuf, Option<String>> = HashMap::new();
    let differing = run(root, &differing)?;
    let mut fields = fields(&differing);
    while let (Some(change), Some(path)) = (fields.next(), fields.next()) {
        let change = String::from_utf8_lossy(change);
        let mut words = change.trim_start_matches(':').split(' ');
        let (mode, object) = (words.next(), words.nth(1));
        let is_file = mode.is_some_and(|mode| !OTHER_MODES.contains(&mode));
        let object = object.filter(|object| is_file && object.contains(|c| c != '0'));
        if let Some(path) = path_of(path) {
            // A file with a conflict is listed twice, once without its object.
            let known = objects.entry(path).or_default();
            *known = known.take().or(object.map(str::to_owned));
        }
    }
    let new = run(root, &new)?;
    for path in self::fields(&new).filter_map(path_of) {
        objects.entry(path).or_default();
    }
    let contents = contents(root, objects.values().flatten().map(String::as_str))?;
    let texts = objects.into_iter().map(|(path, object)| {
        let text = object.map(|object| contents.get(&object).cloned().unwrap_or_default());
        (path, text)
    });
    Ok(texts.collect())
}

/// Returns the text of a file at a commit, or at a stage of the index such as `:1`; `None` if git does not have it.
pub fn shown(root: &Utf8Path, commit: &str, file: &Utf8Path) -> Option<String> {
    let shown = run(root, &["show", &format!("{commit}:./{file}")]).ok()?;
    String::from_utf8(shown).ok()
}

/// Returns what both sides of a conflict have in full; `None` if the file is not as git left it.
///
/// The parts that git could join are the same in both sides of the file with markers, so it is unknown who changed them.
pub fn whole_sides(root: &Utf8Path, file: &Utf8Path, marked: &[String; 2]) -> Option<[String; 2]> {
    let joined = |words: &[&str]| {
        // It reports conflicts by its exit code.
        let tree = git(root)
            .args(["merge-tree", "--write-tree"])
            .args(words)
            .output()
            .ok()?;
        let tree = String::from_utf8(tree.stdout).ok()?;
        source::sides(&shown(root, tree.lines().next()?, file)?)
    };
    let of_commit = |head: &str| joined(&[&format!("--merge-base={head}^"), "HEAD", head]);
    let joined = joined(&["HEAD", "MERGE_HEAD"])
        .or_else(|| of_commit("REBASE_HEAD"))
        .or_else(|| of_commit("CHERRY_PICK_HEAD"))?;
    let lines = |sides: &[String; 2]| sides.each_ref().map(|side| side.replace("\r\n", "\n"));
    let first = shown(root, ":2", file)?;
    let second = shown(root, ":3", file)?;
    (lines(&joined) == lines(marked)).then_some([first, second])
}

/// Returns the text of a file from which both sides of the current merge, rebase or cherry-pick started, or those of the last
/// merge that changed the file.
///
/// `None` without one.
///
/// So the sides of a conflict that was committed with its markers are still known.
pub fn before_merge(root: &Utf8Path, file: &Utf8Path) -> Option<String> {
    let parent = |head: &str| run(root, &["rev-parse", "--verify", "-q", &format!("{head}^")]);
    // A rebase and a cherry-pick join one commit with what was before it.
    let unfinished = || {
        let merged = run(root, &["merge-base", "HEAD", "MERGE_HEAD"]);
        merged
            .or_else(|_| parent("REBASE_HEAD"))
            .or_else(|_| parent("CHERRY_PICK_HEAD"))
    };
    let last = ["log", "-1", "--merges", "--format=%P", "--", file.as_str()];
    let finished = || {
        let parents = String::from_utf8(run(root, &last)?)?;
        let mut words = vec!["merge-base"];
        words.extend(parents.split_whitespace());
        run(root, &words)
    };
    let base = unfinished().or_else(|_| finished()).ok()?;
    shown(root, String::from_utf8(base).ok()?.trim(), file)
}

/// The names of the commits that a merge, a rebase or a cherry-pick is about.
const OTHER_HEADS: &[&str] = &["MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD"];

/// Returns the files below a folder that one side of an unfinished merge changed and the other removed.
///
/// Such a file has no markers: only the index of git knows of the conflict.
pub fn half_removed(root: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut above = root.ancestors().map(|folder| folder.join(".git"));
    let git = above.find(|git| git.exists());
    // That of a linked work tree is a file, and its folder is elsewhere.
    let is_merging =
        |git: &Utf8PathBuf| git.is_file() || OTHER_HEADS.iter().any(|head| git.join(head).exists());
    if !git.is_some_and(|git| is_merging(&git)) {
        return Vec::new();
    }
    let unmerged = run(root, &["ls-files", "--unmerged", "-z"]).unwrap_or_default();
    let mut stages: BTreeMap<Utf8PathBuf, String> = BTreeMap::new();
    for field in fields(&unmerged) {
        let field = String::from_utf8_lossy(field);
        if let Some((entry, path)) = field.split_once('\t') {
            let stage = entry.rsplit(' ').next().unwrap_or_default();
            stages.entry(path.into()).or_default().push_str(stage);
        }
    }
    let half = stages
        .into_iter()
        .filter(|(_, stages)| matches!(stages.as_str(), "12" | "13"));
    half.map(|(path, _)| path).collect()
}

/// Returns each commit that deleted a file of a folder, with the file; those of the branch that is being merged too.
///
/// Without git there are none.
pub fn deletions(root: &Utf8Path, folder: &Utf8Path) -> Vec<(String, Utf8PathBuf)> {
    let exists = |head: &&&str| run(root, &["rev-parse", "-q", "--verify", head]).is_ok();
    let mut words = vec!["log", "--full-history", "--no-renames", "--diff-filter=D"];
    words.extend(["--relative", "--name-only", "-z", "--format=%x01%H", "HEAD"]);
    words.extend(OTHER_HEADS.iter().filter(exists));
    words.extend(["--", folder.as_str()]);
    let output = run(root, &words).unwrap_or_default();
    let mut commit = String::new();
    let mut found = Vec::new();
    for field in fields(&output) {
        let field = String::from_utf8_lossy(field);
        let field = field.trim_start_matches('\n');
        match field.strip_prefix('\u{1}') {
            Some(hash) => hash.trim().clone_into(&mut commit),
            None => found.push((commit.clone(), field.into())),
        }
    }
    found
}

/// Returns the commits of this branch that come after others and changed a file; `options` restrict them.
pub fn after(
    root: &Utf8Path,
    others: &[&String],
    file: &Utf8Path,
    options: &[&str],
) -> Vec<String> {
    let mut words = vec!["log", "--full-history", "--format=%H"];
    words.extend(options);
    words.extend(["HEAD", "--not"]);
    words.extend(others.iter().map(|commit| commit.as_str()));
    words.extend(["--", file.as_str()]);
    let output = run(root, &words).unwrap_or_default();
    let commits = String::from_utf8_lossy(&output);
    let commits = commits.lines().map(str::to_owned);
    let is_after = |commit: &String| others.iter().all(|other| is_before(root, other, commit));
    commits.filter(is_after).collect()
}

/// Returns `true` if a commit is an ancestor of another.
pub fn is_before(root: &Utf8Path, commit: &str, other: &str) -> bool {
    run(root, &["merge-base", "--is-ancestor", commit, other]).is_ok()
}

fn fields(output: &[u8]) -> impl Iterator<Item = &[u8]> {
    let fields = output.split(|byte| *byte == 0);
    fields.filter(|field| !field.is_empty())
}

/// Returns a path, or `None` if it is not UTF-8, so that no input has it.
fn path_of(field: &[u8]) -> Option<Utf8PathBuf> {
    std::str::from_utf8(field).ok().map(Utf8PathBuf::from)
}

/// Returns the texts of objects, by their names.
fn contents<'o>(
    root: &Utf8Path,
    objects: impl Iterator<Item = &'o str>,
) -> anyhow::Result<HashMap<String, String>> {
    let names: String = objects.flat_map(|object| [object, "\n"]).collect();
    let mut texts = HashMap::new();
    if names.is_empty() {
        return Ok(texts);
    }
    let mut command = git(root);
    command.args(["cat-file", "--batch"]).stdin(Stdio::piped());
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run `git`")?;
    // In a thread, because git waits until its output is read.
    let stdin = child.stdin.take();
    let writer = std::thread::spawn(move || {
        stdin.map_or(Ok(()), |mut stdin| stdin.write_all(names.as_bytes()))
    });
    let output = child.wait_with_output().context("cannot run `git`")?;
    // If git ends early, its output says so.
    drop(writer.join());
    let mut rest = output.stdout.as_slice();
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, after) = rest.split_at(end);
        let line = String::from_utf8_lossy(line);
        let mut words = line.split(' ');
        let name = words.next().unwrap_or_default();
        let size: Option<usize> = words.nth(1).and_then(|size| size.parse().ok());
        let content = size.and_then(|size| Some((after.get(1..=size)?, after.get(size + 2..)?)));
        let Some((content, next)) = content else {
            bail!("git cannot read the object `{name}`");
        };
        texts.insert(
            name.to_owned(),
            String::from_utf8_lossy(content).into_owned(),
        );
        rest = next;
    }
    Ok(texts)
}

/// Runs git in a folder, and returns its output.
fn run(folder: &Utf8Path, words: &[&str]) -> anyhow::Result<Vec<u8>> {
    let output = git(folder)
        .args(words)
        .output()
        .context("cannot run `git`")?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!("git: {}", message.trim().trim_start_matches("fatal: "));
    }
    Ok(output.stdout)
}

fn git(folder: &Utf8Path) -> Command {
    let mut command = Command::new("git");
    // A hook has these of the work tree that it runs for; in a folder below they mean another one.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    command.arg("-C").arg(folder);
    command
}
