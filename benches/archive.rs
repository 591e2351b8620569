//! Measures the time to process an archive, compared with writing the same bytes.
//!
//! `cargo bench` measures 100 and 1,000 incidents; `cargo bench -- 10000` measures
//! the given number; `cargo bench --bench archive -- --write FOLDER 1000` only writes the archive.
//! The archive is in memory if the system has `/dev/shm`, so that
//! the results do not depend on a disk.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::unit_arg,
    clippy::doc_markdown,
    unused_qualifications,
    reason = "a benchmark writes archives, runs the program and reads the clock"
)]

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use afterword::audience::Audience;
use afterword::load;
use afterword::publish::Site;
use afterword::{check, moment};
use anyhow::{Context, bail};
use camino::Utf8Path;
use rayon::prelude::*;

mod generate;

const PROGRAM: &str = env!("CARGO_BIN_EXE_afterword");
const SEED: u64 = 2025;
/// The measurements, each with the index of the one that it is compared with.
const MEASURES: &[(&str, usize)] = &[
    ("write the same files", 0),
    ("load", 0),
    ("check", 0),
    ("render Markdown", 0),
    ("render HTML and Markdown", 0),
    ("look at all input files", 5),
    ("look at all input and output files", 6),
    ("`afterword check --no-cache`", 5),
    ("`afterword check`, unchanged", 5),
    ("`afterword build`, no output and no cache", 0),
    ("`afterword build`, a word of one incident changed", 6),
    ("`afterword build`, the title of one changed", 6),
    ("`afterword build`, unchanged", 6),
];

/// The measurements for one archive size.
struct Measured {
    incidents: usize,
    files: usize,
    bytes: usize,
    /// The times, in the order of [`MEASURES`].
    times: Vec<Duration>,
    /// The peak memory of a full build, in KiB.
    peak: u64,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, folder, count, ..] = arguments.as_slice()
        && command == "--write"
    {
        return Ok(generate::archive(Path::new(folder), count.parse()?, SEED)?);
    }
    let given: Vec<usize> = arguments
        .iter()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let sizes = if given.is_empty() {
        vec![100, 1000]
    } else {
        given
    };
    let measured: Vec<Measured> = sizes
        .into_iter()
        .map(measure)
        .collect::<anyhow::Result<_>>()?;
    print(&measured);
    Ok(())
}

fn measure(incidents: usize) -> anyhow::Result<Measured> {
    let shared = Path::new("/dev/shm");
    let directory = if shared.is_dir() {
        tempfile::tempdir_in(shared)
    } else {
        tempfile::tempdir()
    }?;
    let archive = directory.path().join("archive");
    let site = directory.path().join("site");
    generate::archive(&archive, incidents, SEED)?;
    let build = || run(&["build", "--out"], &site, &archive);
    let check = |more: &[&str]| {
        let mut command = Command::new(PROGRAM);
        // Reporting problems costs time, so an archive with problems would distort the measurement.
        command
            .arg("-C")
            .arg(&archive)
            .args(["check", "--deny-warnings"]);
        wait(command.args(more)).map(drop)
    };
    let root = Utf8Path::from_path(&archive).context("the folder is not UTF-8")?;
    let times = if incidents > 2000 { 3 } else { 7 };

    let peak = build()?;
    let written = files(&site)?;
    let copy = directory.path().join("copy");
    let plain = median(times, || fresh(&copy), || write(&copy, &written))?;
    fresh(&copy)?;
    let cache = archive.join(".afterword");
    let cold = median(
        times,
        || fresh(&site).and_then(|()| fresh(&cache)),
        || build().map(drop),
    )?;
    build()?;
    let warm = median(times, || Ok(()), || build().map(drop))?;
    let path = archive.join("incidents/INC-2025-00007.toml");
    let text = fs::read_to_string(&path)?;
    let mut round = 0;
    let mut changed = |start: &str| {
        let prepare = || {
            round += 1;
            change(&path, &text, start, round)
        };
        median(times, prepare, || build().map(drop))
    };
    let word = changed("\nsummary = '''\n")?;
    let title = changed("title = \"")?;
    let check_cold = median(times, || Ok(()), || check(&["--no-cache"]))?;
    check(&[])?;
    let check_warm = median(times, || Ok(()), || check(&[]))?;
    let look_in = median(times, || Ok(()), || look(&[&archive]))?;
    let look_all = median(times, || Ok(()), || look(&[&archive, &site]))?;

    let load = median(
        times,
        || Ok(()),
        || Ok(drop(black_box(load::archive(root)))),
    )?;
    let loaded = load::archive(root);
    let day = moment::parse_day("2025-12-31").map_err(anyhow::Error::msg)?;
    let check = median(
        times,
        || Ok(()),
        || {
            Ok(drop(black_box(check::check(
                &loaded.archive,
                &loaded.broken,
                day,
            ))))
        },
    )?;
    let [markdown, html] = render(&loaded, times)?;
    Ok(Measured {
        incidents,
        files: written.len(),
        bytes: written.iter().map(|(_, bytes)| bytes.len()).sum(),
        times: vec![
            plain, load, check, markdown, html, look_in, look_all, check_cold, check_warm, cold,
            word, title, warm,
        ],
        peak,
    })
}

/// Measures the rendering of all reports, as Markdown and with HTML.
fn render(loaded: &load::Loaded, times: usize) -> anyhow::Result<[Duration; 2]> {
    let renderer = Site::new(&loaded.archive, &loaded.templates, Audience::Internal)?;
    let records = &loaded.archive.records;
    let markdown = median(
        times,
        || Ok(()),
        || {
            Ok(records.par_iter().try_for_each(|record| {
                renderer
                    .with_report(record, |report| renderer.renderer().markdown(report))
                    .map(|text| drop(black_box(text)))
            })?)
        },
    )?;
    let html = median(
        times,
        || Ok(()),
        || {
            Ok(records.par_iter().try_for_each(|record| {
                renderer
                    .with_report(record, |report| renderer.renderer().report(report))
                    .map(|text| drop(black_box(text)))
            })?)
        },
    )?;
    Ok([markdown, html])
}

/// Runs a function several times, each after a preparation, and returns the median time.
fn median(
    times: usize,
    mut prepare: impl FnMut() -> anyhow::Result<()>,
    mut run: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<Duration> {
    let mut durations = Vec::with_capacity(times);
    for _ in 0..times {
        prepare()?;
        let began = Instant::now();
        run()?;
        durations.push(began.elapsed());
    }
    durations.sort();
    durations
        .get(times / 2)
        .copied()
        .context("nothing was measured")
}

fn run(arguments: &[&str], out: &Path, archive: &Path) -> anyhow::Result<u64> {
    wait(
        Command::new(PROGRAM)
            .arg("-C")
            .arg(archive)
            .args(arguments)
            .arg(out),
    )
}

/// Runs the program to its end and returns its peak memory, in KiB.
fn wait(command: &mut Command) -> anyhow::Result<u64> {
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = 0;
    loop {
        // The value only grows, so the last reading is the peak.
        if let Ok(text) = fs::read_to_string(&status) {
            peak = high_water(&text).unwrap_or(peak);
        }
        if let Some(ended) = child.try_wait()? {
            if !ended.success() {
                bail!("{command:?} ended with {ended}");
            }
            return Ok(peak);
        }
        std::thread::sleep(Duration::from_micros(500));
    }
}

fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}

/// Changes the value of a key of one incident, and waits until a cache may know the file by its time.
fn change(path: &Path, text: &str, start: &str, round: usize) -> anyhow::Result<()> {
    let (before, after) = text.split_once(start).context("the key is missing")?;
    fs::write(path, format!("{before}{start}Round {round}: {after}"))?;
    std::thread::sleep(Duration::from_millis(50));
    Ok(())
}

/// Reads the metadata of every file of some folders, as `find -ls` does; the cache is not part of the input.
fn look(folders: &[&Path]) -> anyhow::Result<()> {
    for folder in folders {
        let walk = walkdir::WalkDir::new(folder).into_iter();
        for entry in walk.filter_entry(|entry| entry.file_name() != ".afterword") {
            black_box(entry?.metadata()?);
        }
    }
    Ok(())
}

/// Removes a folder, so that the next files are created and not overwritten.
fn fresh(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// Returns all files of a folder with their relative paths.
fn files(folder: &Path) -> anyhow::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder)?.to_path_buf();
            files.push((path, fs::read(entry.path())?));
        }
    }
    Ok(files)
}

/// Writes files without the staging of a build.
fn write(folder: &Path, files: &[(PathBuf, Vec<u8>)]) -> anyhow::Result<()> {
    let mut made = None;
    for (path, bytes) in files {
        let path = folder.join(path);
        let parent = path.parent().map(Path::to_path_buf);
        if made != parent {
            fs::create_dir_all(parent.as_deref().unwrap_or(folder))?;
            made = parent;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}

fn print(measured: &[Measured]) {
    let row = |name: &str, cells: Vec<String>| println!("| {name} | {} |", cells.join(" | "));
    let cells = |cell: &dyn Fn(&Measured) -> String| measured.iter().map(cell).collect();
    row("incidents", cells(&|one| one.incidents.to_string()));
    println!("|---|{}", "--:|".repeat(measured.len()));
    for (index, (name, base)) in MEASURES.iter().enumerate() {
        let of = match MEASURES.get(*base) {
            Some((base, _)) if *base != *name => format!(" ÷ {base}"),
            _ => String::new(),
        };
        row(
            &format!("{name}{of}"),
            cells(&|one| {
                let time = |index: usize| one.times.get(index).map_or(0.0, Duration::as_secs_f64);
                if of.is_empty() {
                    return format!("{:.0} ms", time(index) * 1000.0);
                }
                format!("{:.1}", time(index) / time(*base).max(f64::MIN_POSITIVE))
            }),
        );
    }
    row(
        "peak memory of a build",
        cells(&|one| format!("{} MiB", one.peak >> 10)),
    );
    row(
        "written",
        cells(&|one| {
            format!(
                "{} files, {:.1} MiB",
                one.files,
                one.bytes as f64 / f64::from(1 << 20)
            )
        }),
    );
}
