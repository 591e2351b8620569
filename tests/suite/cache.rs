//! A cache changes how long a run takes, and nothing else: whatever happened before, the site and what is printed are
//! those of a run without one.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::NaiveDate;
use tempfile::TempDir;

use super::site::{afterword, files, said};

/// `SplitMix64`: the same changes on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) >> 8).expect("64 bits") % count
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// An incident as the test writes it.
#[derive(Clone)]
struct Incident {
    id: String,
    title: &'static str,
    text: &'static str,
    audience: &'static str,
    services: &'static str,
    tags: &'static str,
    due: &'static str,
    dated: &'static str,
    mentions: Option<String>,
    supersedes: Option<String>,
    customer: &'static str,
    event: Option<&'static str>,
    evidence: bool,
    is_broken: bool,
}

const TITLES: &[&str] = &[
    "Pool exhausted",
    "Queue stalled",
    "Pool exhauster",
    "Disk full in re-run",
];
const TEXTS: &[&str] = &[
    "Requests failed.",
    "Requests failef.",
    "See INC-2026-0009 and the self-healing log.",
    "INC-2026-0003 was alike.",
];
const AUDIENCES: &[&str] = &["public", "customers", "internal", "confidential"];
const NAMES: &[&str] = &["[\"web\"]", "[\"web\", \"db\"]", "[\"mail\"]", "[]"];
const DAYS: &[&str] = &["2026-01-05", "2026-02-01", "2026-03-01"];
/// Parts that checks compare with the day on which they run.
const DATED: &[&str] = &[
    "",
    "[[messages]]\naudience = \"public\"\nstage = \"investigating\"\nsent_at = 2026-01-09T12:00:00Z\nnext_update_at = 2026-02-02T10:00:00Z\nchannel = \"status\"\nbody = \"We look into it.\"\n",
    "[governance]\nretention = \"30 days\"\n",
    "[analysis]\ndate = 2026-02-02\n",
];
/// The days on which the archive is read: before, on and after those on which an answer changes.
const TODAY: &[&str] = &[
    "2026-01-02",
    "2026-01-07",
    "2026-01-09",
    "2026-02-01",
    "2026-02-02",
    "2026-02-03",
    "2026-02-10",
    "2026-03-02",
    "2026-03-03",
];
const CUSTOMERS: &[&str] = &["Acme Freight", "Zenith Foods", "Pool exhausted"];
const EVENTS: &[&str] = &["Alert fired", "Alert fires", "Rolled back INC-2026-0001"];

impl Incident {
    fn new(number: usize, random: &mut Random) -> Self {
        Self {
            id: format!("INC-2026-{number:04}"),
            title: random.one_of(TITLES),
            text: random.one_of(TEXTS),
            audience: random.one_of(AUDIENCES),
            services: random.one_of(NAMES),
            tags: random.one_of(NAMES),
            due: random.one_of(DAYS),
            dated: DATED[0],
            mentions: None,
            supersedes: None,
            customer: random.one_of(CUSTOMERS),
            event: Some(random.one_of(EVENTS)),
            evidence: random.below(2) == 0,
            is_broken: false,
        }
    }

    fn toml(&self) -> String {
        let id = &self.id;
        let mut text = format!(
            "title = \"{}\"\nclassification = \"{}\"\nseverity = \"P2\"\nservices = {}\ntags = {}\nsummary = \"{}\"\n",
            self.title, self.audience, self.services, self.tags, self.text
        );
        if self.is_broken {
            text.push_str("severity = \"P3\"\n");
        }
        text.push_str(self.dated);
        text.push_str("[public]\ntitle = \"Some requests failed\"\nsummary = \"Some requests failed for an hour.\"\n");
        if let Some(older) = &self.supersedes {
            let table = if self.dated.starts_with("[analysis]") {
                ""
            } else {
                "[analysis]\n"
            };
            let supersedes = format!("supersedes = [\"{older}\"]\n");
            let at = text.find("[public]").expect("a table");
            text.insert_str(at, &format!("{table}{supersedes}"));
        }
        text.push_str(&format!(
            "[times]\nstarted = 2026-01-0{}T10:00:00Z\nresolved = 2026-01-09T11:30:00Z\n",
            1 + id.len() % 7
        ));
        text.push_str(&format!(
            "[[impact.customers]]\nname = \"{}\"\nusers = 12\n[[action_items]]\naction = \"Add an alert\"\nowner = \"dba\"\ndue = {}\n",
            self.customer, self.due
        ));
        if let Some(other) = &self.mentions {
            text.push_str(&format!(
                "[[references]]\nincident = \"{other}\"\ntitle = \"Before\"\n"
            ));
        }
        if self.evidence {
            text.push_str(&format!(
                "[[evidence]]\ntitle = \"Log\"\nfile = \"../evidence/{id}.log\"\n"
            ));
        }
        text
    }
}

/// An archive that changes, built with a cache again and again.
struct World {
    folder: TempDir,
    incidents: Vec<Incident>,
    next: usize,
    as_of: &'static str,
    /// Whether that is the day of the clock.
    by_clock: bool,
    audience: &'static str,
    /// How many builds used something again.
    reused: Cell<usize>,
    /// Whether builds go on after errors; then what an earlier build made counts, and the site is left alone.
    keeps_going: bool,
}

impl World {
    fn new(random: &mut Random) -> Self {
        let folder = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .expect("a folder");
        let mut world = Self {
            folder,
            incidents: (1..=4)
                .map(|number| Incident::new(number, random))
                .collect(),
            next: 10,
            as_of: DAYS[1],
            by_clock: false,
            audience: "internal",
            reused: Cell::new(0),
            keeps_going: false,
        };
        world.write("afterword.toml", SETTINGS[0]);
        for place in 0..world.incidents.len() {
            world.save(place);
        }
        world
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("archive").join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    fn remove(&self, path: &str) {
        let _ = fs::remove_file(self.path(path));
    }

    /// Writes the files of an incident.
    fn save(&mut self, place: usize) {
        let one = self.incidents[place].clone();
        self.write(&format!("incidents/{}.toml", one.id), &one.toml());
        let timeline = format!("timelines/{}.json", one.id);
        match one.event {
            Some(text) => self.write(
                &timeline,
                &format!(
                    "{{\"events\": [{{\"at\": \"2026-01-02T10:00:00Z\", \"text\": \"{text}\"}}]}}"
                ),
            ),
            None => self.remove(&timeline),
        }
    }

    fn site(&self) -> PathBuf {
        self.folder.path().join(format!("site-{}", self.audience))
    }

    /// Changes something; says what.
    fn change(&mut self, random: &mut Random) -> String {
        let place = random.below(self.incidents.len());
        let other = random
            .one_of(&[
                "INC-2026-0001",
                "INC-2026-0002",
                "INC-2026-0001",
                "INC-2026-0002",
                "INC-2026-0009",
            ])
            .to_owned();
        let one = &mut self.incidents[place];
        let id = one.id.clone();
        let what = random.below(30);
        match what {
            0 => one.title = random.one_of(TITLES),
            1 | 2 => one.text = random.one_of(TEXTS),
            3 => one.audience = random.one_of(AUDIENCES),
            4 => one.services = random.one_of(NAMES),
            5 => one.tags = random.one_of(NAMES),
            6 => one.due = random.one_of(DAYS),
            7 => one.mentions = (random.below(3) > 0 && other != id).then_some(other),
            8 => one.supersedes = (random.below(3) > 0 && other != id).then_some(other),
            9 => one.event = (random.below(3) > 0).then(|| random.one_of(EVENTS)),
            10 => one.evidence = !one.evidence,
            11 => one.is_broken = !one.is_broken && random.below(3) == 0,
            12 => one.customer = random.one_of(CUSTOMERS),
            13 => self.write(
                &format!("evidence/{id}.log"),
                random.one_of(&["one", "two", "longer"]),
            ),
            14 => self.remove(&format!("evidence/{id}.log")),
            15 => {
                let number = if random.below(2) == 0 { 9 } else { self.next };
                if self
                    .incidents
                    .iter()
                    .all(|one| one.id != format!("INC-2026-{number:04}"))
                {
                    self.next += usize::from(number != 9);
                    self.incidents.push(Incident::new(number, random));
                    self.save(self.incidents.len() - 1);
                }
                return "an incident is added".to_owned();
            }
            16 if self.incidents.len() > 2 => {
                self.incidents.remove(place);
                self.remove(&format!("incidents/{id}.toml"));
                if random.below(2) == 0 {
                    self.remove(&format!("timelines/{id}.json"));
                }
                return format!("{id} is removed");
            }
            17 => {
                let text = random.one_of(&["{{ title | line }}!\n", "{{ title | line }}?\n", ""]);
                let path =
                    random.one_of(&["section/custom.md", "section/summary.md", "comms/x.txt"]);
                if text.is_empty() {
                    self.remove(&format!("templates/{path}"));
                } else {
                    self.write(&format!("templates/{path}"), text);
                }
                return format!("the template {path} is {text:?}");
            }
            18 => {
                self.write("afterword.toml", random.one_of(SETTINGS));
                return "the settings change".to_owned();
            }
            19 | 26 | 27 => {
                self.as_of = random.one_of(TODAY);
                self.by_clock = random.below(3) == 0;
                return format!("it is {} ({})", self.as_of, self.by_clock);
            }
            28 => self.incidents[place].dated = random.one_of(DATED),
            29 => return self.rename(place),
            20 | 21 => {
                self.audience = random.one_of(AUDIENCES);
                return format!("the site is for {}", self.audience);
            }
            22 | 23 => return self.damage_cache(random),
            24 if !self.keeps_going => return self.damage_site(random),
            _ => {
                // The same size and time of modification: the file system's own time tells.
                let path = self.path(&format!("incidents/{id}.toml"));
                let time = fs::metadata(&path).and_then(|found| found.modified());
                self.incidents[place].text = random.one_of(&TEXTS[..2]);
                self.save(place);
                let file = fs::File::options().write(true).open(&path).expect("there");
                file.set_modified(time.unwrap_or(SystemTime::UNIX_EPOCH))
                    .expect("settable");
                return format!("{id} changes in secret");
            }
        }
        self.save(place);
        format!("{id} changes by {what}")
    }

    /// Renames an incident, without a change of its files.
    fn rename(&mut self, place: usize) -> String {
        let new = format!("INC-2026-{:04}", self.next);
        self.next += 1;
        let old = std::mem::replace(&mut self.incidents[place].id, new.clone());
        for (folder, end) in [("incidents", "toml"), ("timelines", "json")] {
            let path = |id: &str| self.path(&format!("{folder}/{id}.{end}"));
            let _ = fs::rename(path(&old), path(&new));
        }
        format!("{old} is now {new}")
    }

    fn damage_cache(&self, random: &mut Random) -> String {
        let folder = self.path(".afterword/cache");
        let all = if folder.is_dir() {
            files(&folder)
        } else {
            BTreeMap::new()
        };
        let names: Vec<&String> = all.keys().filter(|name| !name.contains('.')).collect();
        if names.is_empty() {
            return "there is no cache to damage".to_owned();
        }
        let name = names[random.below(names.len())];
        let (path, mut bytes) = (folder.join(name), all[name].clone());
        let how = random.below(6);
        match how {
            0 => bytes.truncate(random.below(bytes.len().max(1))),
            1 => {
                let place = random.below(bytes.len().max(1));
                if let Some(byte) = bytes.get_mut(place) {
                    *byte ^= 1 << random.below(8);
                }
            }
            2 => bytes = all[names[random.below(names.len())]].clone(),
            3 => bytes = b"<<<<<<< HEAD\n".to_vec(),
            4 => {
                fs::remove_dir_all(&folder).expect("removable");
                return "the cache is removed".to_owned();
            }
            _ => {
                // As after a kill between two files.
                fs::remove_file(&path).expect("removable");
                fs::write(
                    folder.join(format!("unfinished-1-{name}")),
                    &bytes[..bytes.len() / 2],
                )
                .expect("writable");
                return format!("{name} of the cache is gone");
            }
        }
        fs::write(path, bytes).expect("writable");
        format!("{name} of the cache is damaged by {how}")
    }

    fn damage_site(&self, random: &mut Random) -> String {
        let site = self.site();
        let all = if site.is_dir() {
            files(&site)
        } else {
            BTreeMap::new()
        };
        let names: Vec<&String> = all
            .keys()
            .filter(|name| !name.starts_with(".afterword"))
            .collect();
        if names.is_empty() {
            return "there is no site to damage".to_owned();
        }
        let name = names[random.below(names.len())];
        let path = site.join(name);
        match random.below(4) {
            0 => fs::remove_file(path).expect("removable"),
            1 => fs::write(
                path,
                all[name].iter().map(|byte| byte ^ 1).collect::<Vec<u8>>(),
            )
            .expect("writable"),
            2 => fs::write(path, &all[name]).expect("writable"),
            _ => {
                // As after a kill: files that wait.
                fs::create_dir_all(site.join(".afterword-stage")).expect("writable");
                fs::write(site.join(".afterword-stage/3"), "half").expect("writable");
            }
        }
        format!("{name} of the site is damaged")
    }

    /// Runs the program; returns its code and what it printed, without the line that says what a build did.
    fn run(&self, words: &[&str]) -> (Option<i32>, String) {
        self.run_in(&self.path(""), words)
    }

    fn run_in(&self, root: &Path, words: &[&str]) -> (Option<i32>, String) {
        let mut all = vec!["-C", root.to_str().expect("UTF-8")];
        all.extend_from_slice(words);
        let is_dated = ["build", "check"].contains(&words[0]) && !self.by_clock;
        if is_dated {
            all.extend(["--as-of", self.as_of]);
        }
        // After the start of an incident, and before its end.
        let day: NaiveDate = self.as_of.parse().expect("a day");
        let now = day.and_hms_opt(11, 0, 0).expect("a time").and_utc();
        let now = now.timestamp().to_string();
        let output = afterword(&all, &[("SOURCE_DATE_EPOCH", &now)]);
        // How long it took, and what was there before, is another matter.
        let lines = said(&output);
        let (built, lines): (Vec<&str>, Vec<&str>) =
            lines.lines().partition(|line| line.starts_with("built "));
        if built.iter().any(|line| line.contains("from the cache")) {
            self.reused.set(self.reused.get() + 1);
        }
        (
            output.status.code(),
            [
                lines.join("\n"),
                String::from_utf8_lossy(&output.stdout).into_owned(),
            ]
            .concat(),
        )
    }

    fn build(&self, out: &Path, more: &[&str]) -> (Option<i32>, String) {
        let out = out.to_str().expect("UTF-8");
        let mut words = vec!["build", "--audience", self.audience, "--out", out];
        words.extend_from_slice(more);
        self.run(&words)
    }

    /// Builds and checks with and without the cache, and compares all that can be seen.
    fn compare(&self, what: &str) {
        let cold = self.folder.path().join(format!("cold-{}", self.audience));
        let mut more = Vec::new();
        if self.keeps_going {
            more.push("--keep-going");
        } else {
            let _ = fs::remove_dir_all(&cold);
        }
        let expected = self.build(&cold, &[&more[..], &["--no-cache"]].concat());
        let before = site_files(&self.site());
        if what.len().is_multiple_of(5) {
            more.push("--verify");
        }
        assert_eq!(self.build(&self.site(), &more), expected, "{what}");
        let found = site_files(&self.site());
        let expected = if expected.0 == Some(0) || self.keeps_going {
            site_files(&cold)
        } else {
            before
        };
        for name in found.keys().chain(expected.keys()) {
            let text = |files: &BTreeMap<String, Vec<u8>>| {
                files
                    .get(name)
                    .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            };
            assert_eq!(text(&found), text(&expected), "{name} after: {what}");
        }
        let check = ["check", "--format", "json"];
        let expected = self.run(&[&check[..], &["--no-cache"]].concat());
        assert_eq!(self.run(&check), expected, "check after: {what}");
        self.compare_lists(what);
    }

    /// Lists and counts with the cache, and in a copy of the archive that has none.
    fn compare_lists(&self, what: &str) {
        let lists: &[&[&str]] = &[
            &["list", "--format", "json"],
            &["metrics", "--format", "json"],
            &["metrics", "--audience", "confidential"],
            &["availability", "--format", "json"],
            &["actions", "--format", "json"],
            &["actions", "--audience", self.audience],
            &["actions", "--overdue", "--cost"],
        ];
        let words = lists[what.len() % lists.len()];
        let copy = self.folder.path().join("copy");
        let _ = fs::remove_dir_all(&copy);
        for (name, bytes) in files(&self.path("")) {
            let path = copy.join(&name);
            if !name.starts_with(".afterword/") {
                fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
                fs::write(path, bytes).expect("writable");
            }
        }
        let expected = self.run_in(&copy, words);
        assert_eq!(self.run(words), expected, "{words:?} after: {what}");
    }
}

/// The files of a site, without what a kill left.
fn site_files(site: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = if site.is_dir() {
        files(site)
    } else {
        BTreeMap::new()
    };
    found.retain(|name, _| !name.starts_with(".afterword-stage"));
    found
}

const SETTINGS: &[&str] = &[
    "[site]\ntitle = \"Reports\"\n",
    "[site]\ntitle = \"Reports\"\nbase_url = \"https://incidents.example.com/\"\n",
    "[site]\ntitle = \"Reports\"\ntimezone = \"Europe/Berlin\"\n[checks]\naction-overdue = \"off\"\n",
    "[site]\ntitle = \"Report\"\n[audit]\nallow = [\"Acme Freight\"]\n",
];

/// Returns how many builds used something again.
fn sequence(seed: u64, steps: usize) -> usize {
    let mut random = Random(seed);
    let mut world = World::new(&mut random);
    world.keeps_going = seed % 3 == 2;
    let mut what = format!("seed {seed}");
    world.compare(&what);
    for _ in 0..steps {
        for _ in 0..=random.below(2) {
            what.push_str("; ");
            what.push_str(&world.change(&mut random));
        }
        // Most people need a moment between a change and a build; then the cache may know the file.
        if random.below(4) > 0 {
            std::thread::sleep(Duration::from_millis(30));
        }
        world.compare(&what);
        if random.below(3) == 0 {
            world.compare(&format!("{what}; nothing"));
        }
    }
    world.reused.get()
}

#[test]
fn whatever_changes_a_cached_build_is_a_cold_one() {
    let sequences = std::env::var("AFTERWORD_SEQUENCES").ok();
    let sequences: u64 = sequences.map_or(3, |count| count.parse().expect("a number"));
    let reused: usize = (0..sequences).map(|seed| sequence(seed, 10)).sum();
    assert!(reused > 0, "nothing came from the cache");
}

#[test]
fn a_build_right_after_a_change_is_kept_for_the_next() {
    let world = World::new(&mut Random(1));
    for reused in 0..2 {
        assert_eq!(world.build(&world.site(), &[]).0, Some(0));
        assert_eq!(world.reused.get(), reused);
    }
}

#[test]
fn an_end_that_is_still_to_come_is_an_error_even_if_a_run_without_a_clock_was_stored() {
    let mut world = World::new(&mut Random(1));
    world.as_of = "2026-01-09";
    world.compare("a day");
    assert_eq!(world.build(&world.site(), &[]).0, Some(0));
    world.by_clock = true;
    world.compare("a time of that day");
    assert_eq!(world.build(&world.site(), &[]).0, Some(1));
}
