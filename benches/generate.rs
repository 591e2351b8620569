//! Generates archives of any size from a seed: the same seed and size give the same bytes.
//!
//! The reports are complete: 10–60 events, 3–12 customers, 5–10 action items, most of
//! them open and many overdue, four code blocks, 2–6 messages. Every twentieth is large:
//! 200–400 events and 150 customers. Their numbers and times agree, so that a check
//! reports no problems.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// Writes an archive of `count` incidents into an empty folder.
pub fn archive(folder: &Path, count: usize, seed: u64) -> io::Result<()> {
    fs::create_dir_all(folder.join("incidents"))?;
    fs::create_dir_all(folder.join("timelines"))?;
    fs::write(folder.join("afterword.toml"), CONFIG)?;
    for number in 1..=count {
        // Each incident has its own seed, so that incident 7 is the same in an archive of any size.
        let mut random = Random(seed ^ (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let id = format!("INC-2025-{number:05}");
        let plan = Plan::new(&mut random, number);
        fs::write(
            folder.join(format!("incidents/{id}.toml")),
            incident(&mut random, &plan, &id),
        )?;
        fs::write(
            folder.join(format!("timelines/{id}.json")),
            timeline(&mut random, &plan, &id),
        )?;
    }
    Ok(())
}

const CONFIG: &str = "[site]\ntitle = \"Measured Reports\"\nbase_url = \"https://incidents.example.com/\"\nas_of = 2025-12-31\n\n[checks]\naction-overdue = \"off\"\n";

/// SplitMix64: small, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a random number from `low` to `high`, inclusive.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        words
            .get((self.next() % words.len() as u64) as usize)
            .copied()
            .unwrap_or_default()
    }

    /// Returns a sentence of about ten words, sometimes with inline code.
    fn sentence(&mut self) -> String {
        let (service, symptom) = (self.one_of(SERVICES), self.one_of(SYMPTOMS));
        let (cause, scope) = (self.one_of(CAUSES), self.one_of(SCOPES));
        match self.between(0, 4) {
            0 => format!("`{service}` {symptom} {scope}, and {cause}"),
            1 => format!("{symptom} {scope} because {cause} (see `{service}`)"),
            2 => format!("after {} minutes {cause} {scope}", self.between(2, 90)),
            3 => format!("{cause}; `{service}` {symptom} *again* {scope}"),
            _ => format!(
                "{service} {symptom} {scope} for {} of requests",
                self.one_of(&["12%", "one in nine", "most", "0.4%"])
            ),
        }
    }

    fn paragraph(&mut self) -> String {
        let count = self.between(2, 5);
        let sentences: Vec<String> = (0..count).map(|_| self.sentence()).collect();
        sentences.join(". ") + "."
    }
}

const SERVICES: &[&str] = &[
    "checkout",
    "pricing",
    "label-store",
    "portal",
    "auth",
    "quote-cache",
    "pg-main",
    "edge-proxy",
];
const SYMPTOMS: &[&str] = &[
    "answered slowly",
    "refused connections",
    "returned stale prices",
    "ran out of memory",
    "lost its leader",
    "retried without pause",
];
const CAUSES: &[&str] = &[
    "the pool was smaller than the number of workers",
    "a migration held a lock for the whole table",
    "two replicas disagreed about the time",
    "the cache was empty after the restart",
    "a certificate had been renewed on one host of three",
    "an index was missing from the new partition",
];
const SCOPES: &[&str] = &[
    "in the first region",
    "on every node",
    "at the old load balancer",
    "in the nightly run",
    "for large customers",
    "during the rollout",
];
const PEOPLE: &[&str] = &[
    "Ada Okafor",
    "Bruno Keller",
    "Chen Wei",
    "Dana Rossi",
    "Emil Larsson",
    "Farah Haddad",
];
const TEAMS: &[&str] = &["Payments", "Platform", "Data", "Web", "Security"];
const CUSTOMERS: &[&str] = &[
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper",
    "Larch", "Maple",
];
const KINDS: &[&str] = &["note", "action", "diagnosis", "monitoring"];

/// The times that both files of an incident share.
struct Plan {
    /// Minutes from the year's start to the first event.
    start: u64,
    /// Minutes from the first event to each.
    events: Vec<u64>,
    /// Whether the incident has a long timeline and a big table of customers.
    is_large: bool,
}

/// The marks of a timeline, in order; they are spread over its events.
const MARKS: &[&str] = &[
    "\"started\", \"impact_started\"",
    "\"detected\"",
    "\"declared\"",
    "\"identified\"",
    "\"mitigated\"",
    "\"impact_ended\"",
    "\"resolved\"",
    "\"ended\"",
];

impl Plan {
    fn new(random: &mut Random, number: usize) -> Self {
        let is_large = number.is_multiple_of(20);
        let count = if is_large {
            random.between(200, 400)
        } else {
            random.between(10, 60)
        };
        let mut at = 0;
        let events = (0..count)
            .map(|_| {
                at += random.between(1, if is_large { 3 } else { 9 });
                at
            })
            .collect();
        Self {
            start: (number as u64 * 37) % (330 * 24 * 60),
            events,
            is_large,
        }
    }

    /// Returns the marks of an event, by its index.
    fn marks(&self, event: usize) -> Option<&'static str> {
        let last = self.events.len() - 1;
        (0..MARKS.len())
            .find(|mark| mark * last / (MARKS.len() - 1) == event)
            .and_then(|mark| MARKS.get(mark).copied())
    }

    /// Returns the time of an event, by its index.
    fn time(&self, event: usize) -> String {
        self.written(self.events.get(event).copied().unwrap_or_default())
    }

    fn end(&self) -> u64 {
        self.events.last().copied().unwrap_or_default()
    }

    fn written(&self, after: u64) -> String {
        let minutes = self.start + after;
        let (day, clock) = (minutes / (24 * 60), minutes % (24 * 60));
        format!("{}T{:02}:{:02}:00Z", date(day), clock / 60, clock % 60)
    }

    fn day(&self, after_days: u64) -> String {
        date((self.start + self.end()) / (24 * 60) + after_days)
    }
}

/// Returns the date a number of days after 2025-01-01, up to the end of 2026.
fn date(day: u64) -> String {
    const LENGTHS: &[u64] = &[31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (year, mut rest) = (2025 + day / 365, day % 365);
    let mut month = 0;
    for length in LENGTHS {
        month += 1;
        if rest < *length {
            break;
        }
        rest -= length;
    }
    format!("{year}-{month:02}-{:02}", rest + 1)
}

fn timeline(random: &mut Random, plan: &Plan, id: &str) -> String {
    let mut text = format!("{{\n  \"incident\": \"{id}\",\n  \"events\": [\n");
    for event in 0..plan.events.len() {
        let marks = plan
            .marks(event)
            .map(|marks| format!("\"marks\": [{marks}], "))
            .unwrap_or_default();
        let comma = if event + 1 < plan.events.len() {
            ","
        } else {
            ""
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "    {{ \"at\": \"{}\", \"id\": \"e{event}\", \"kind\": \"{}\", {marks}\"actor\": \"{}\", \"text\": \"{}\" }}{comma}",
            plan.time(event),
            random.one_of(KINDS),
            random.one_of(PEOPLE),
            // Numbered, because two equal events in a row would be reported as a repetition.
            format_args!("{} ({event})", random.sentence()),
        );
    }
    text.push_str("  ]\n}\n");
    text
}

fn incident(random: &mut Random, plan: &Plan, id: &str) -> String {
    let mut text = String::new();
    let severity = random.one_of(&["P1", "P2", "P3"]);
    let commander = random.one_of(PEOPLE);
    let (service, symptom) = (random.one_of(SERVICES), random.one_of(SYMPTOMS));
    let customers = if plan.is_large {
        150
    } else {
        random.between(3, 12)
    };
    let users: Vec<u64> = (0..customers).map(|_| random.between(3, 9000)).collect();
    let mut add = |part: String| text.push_str(&part);
    add(format!(
        "title = \"{service} {symptom}\"\nseverity = \"{severity}\"\nclassification = \"internal\"\nenvironment = \"production\"\nservices = [\"{service}\"]\nteams = [\"{}\"]\ntags = [\"measured\"]\nsummary = '''\n{}\n\n{}\n'''\n",
        random.one_of(TEAMS),
        random.paragraph(),
        random.paragraph(),
    ));
    add(format!(
        "\n[people]\ncommander = {{ name = \"{commander}\", title = \"SRE\" }}\nscribe = \"{}\"\nresponders = [{{ name = \"{}\", role = \"on call\", team = \"{}\" }}]\n",
        random.one_of(PEOPLE),
        random.one_of(PEOPLE),
        random.one_of(TEAMS),
    ));
    add(format!(
        "\n[impact]\nlevel = \"moderate\"\nsummary = \"{}\"\ntype = \"Slow answers\"\ndata_loss = \"none\"\n",
        random.sentence()
    ));
    for (index, users) in users.iter().enumerate() {
        add(format!(
            "\n[[impact.customers]]\nname = \"{} {} Ltd\"\nusers = {users}\ncomplaints = {}\n",
            CUSTOMERS
                .get(index % CUSTOMERS.len())
                .copied()
                .unwrap_or_default(),
            index / CUSTOMERS.len() + 1,
            random.between(0, 9),
        ));
    }
    add(format!(
        "\n[root_cause]\nprimary = \"{}\"\nproblem = '''\n{}\n\n- {}\n- {}\n'''\ncontributing_factors = [\"{}\", \"{}\"]\n",
        random.sentence(),
        random.paragraph(),
        random.sentence(),
        random.sentence(),
        random.sentence(),
        random.sentence(),
    ));
    for (language, code) in [
        ("sql", sql(random)),
        ("log", log(random, plan)),
        ("python", python(random)),
    ] {
        add(format!(
            "\n[[evidence]]\nsection = \"root_cause\"\ntitle = \"What {} Showed\"\nlanguage = \"{language}\"\ncode = '''\n{code}'''\nfinding = \"{}\"\nevent = \"e{}\"\n",
            random.one_of(SERVICES),
            random.sentence(),
            random.between(0, 9),
        ));
    }
    add(format!(
        "\n[detection]\nmethod = \"Alert\"\nsource = \"`{service}ErrorRate`\"\ninternal = true\nassessment = \"good\"\n\n[detection.alert]\nlanguage = \"yaml\"\ncode = '''\n{}'''\n",
        yaml(random)
    ));
    add(format!(
        "\n[resolution]\nimmediate = [\n  {{ event = \"e4\", text = \"{}\" }},\n  \"{}\",\n]\nlong_term = [{{ action = \"{id}-A1\" }}]\n",
        random.sentence(),
        random.sentence(),
    ));
    add("\n[communication.internal]\nchannel = \"#incidents\"\nupdate_interval = \"30 minutes\"\n\n[communication.external]\nstatus_page_interval = \"1 day\"\nstatus_page_url = \"https://status.example.com/\"\n".to_owned());
    add(messages(random, plan, symptom));
    add(format!(
        "\n[lessons]\nwent_well = [\"{}\", \"{}\"]\ncould_improve = [\"{}\", \"{}\"]\nlearnings = [\"{}\"]\n",
        random.sentence(),
        random.sentence(),
        random.sentence(),
        random.sentence(),
        random.sentence(),
    ));
    add(action_items(random, plan, id));
    add(format!(
        "\n[technical.metrics]\n\"{service}\" = [\n  {{ name = \"Latency p99\", value = \"{} ms\", normal = \"120 ms\" }},\n  {{ name = \"Errors\", value = \"{}%\", normal = \"0.1%\" }},\n]\n",
        random.between(400, 9000),
        random.between(2, 60),
    ));
    add("\n[[references]]\ntitle = \"Dashboard\"\nurl = \"https://dashboards.example.com/d/1\"\n\n[[references]]\ntitle = \"Runbook\"\nurl = \"https://wiki.example.com/runbook\"\n".to_owned());
    add(format!(
        "\n[sign_off]\ndate = {0}\n\n[[sign_off.signatures]]\nrole = \"commander\"\nname = \"{commander}\"\ndate = {0}\n\n[[sign_off.signatures]]\nrole = \"reviewer\"\nname = \"Gale Reviewer\"\ndate = {0}\n",
        plan.day(3)
    ));
    text
}

/// Returns the messages to the public: some updates, and a final one.
fn messages(random: &mut Random, plan: &Plan, symptom: &str) -> String {
    let mut text = String::new();
    let mut add = |part: String| text.push_str(&part);
    let ending = "\n\nWe are sorry for the disruption this caused. Contact help@example.com if you still see problems.";
    let updates = random.between(0, 4);
    let first = plan.events.get(2).copied().unwrap_or_default();
    let update = |number: u64| first + (plan.end() - first) * number / 8;
    let messages = (0..=updates)
        .map(|number| ("identified", update(number), ""))
        .chain([("resolved", plan.end(), ending)]);
    for (stage, after, ending) in messages {
        add(format!(
            "\n[[messages]]\nstage = \"{stage}\"\naudience = \"public\"\nchannel = \"status\"\nsent_at = {}\nsubject = \"{symptom}\"\nbody = '''\n{}{ending}\n'''\n",
            plan.written(after),
            random.paragraph(),
        ));
    }
    text
}

/// Returns the action items: most are open, and most of these are overdue.
fn action_items(random: &mut Random, plan: &Plan, id: &str) -> String {
    let mut text = String::new();
    let mut add = |part: String| text.push_str(&part);
    for action in 1..=random.between(5, 10) {
        let (due, status) = match action % 4 {
            0 => (plan.day(20), format!("done\"\ndone_on = {}", plan.day(10))),
            1 => (date(365 + random.between(0, 300)), "planned\"".to_owned()),
            _ => (plan.day(20), "planned\"".to_owned()),
        };
        add(format!(
            "\n[[action_items]]\nid = \"{id}-A{action}\"\naction = \"Add what was missing: {} ({action})\"\nowner = \"{}\"\ndue = {due}\nstatus = \"{status}\npriority = \"high\"\ntype = \"prevent\"\n",
            random.sentence(),
            random.one_of(PEOPLE),
        ));
    }
    text
}

fn sql(random: &mut Random) -> String {
    format!(
        "SELECT service, count(*) AS errors -- the last hour\nFROM request_log\nWHERE status >= 500 AND service = '{}'\n  AND at > now() - interval '{} minutes'\nGROUP BY service\nORDER BY errors DESC\nLIMIT {};\n",
        random.one_of(SERVICES),
        random.between(5, 90),
        random.between(5, 50),
    )
}

fn log(random: &mut Random, plan: &Plan) -> String {
    let mut text = String::new();
    for line in 0..random.between(6, 14) {
        let _ = writeln!(
            text,
            "{} ERROR [{}] request {:x} failed: {} (attempt {line})",
            plan.time(line as usize % plan.events.len()),
            random.one_of(SERVICES),
            random.next(),
            random.one_of(SYMPTOMS),
        );
    }
    text
}

fn python(random: &mut Random) -> String {
    format!(
        "def fetch(key: str, attempts: int = {}) -> bytes:\n    \"\"\"Fetches what is stored under a key.\"\"\"\n    for attempt in range(attempts):\n        try:\n            return store.get(f\"{}/{{key}}\")\n        except TimeoutError:  # no pause between attempts\n            continue\n    raise LookupError(key)\n",
        random.between(3, 100),
        random.one_of(SERVICES),
    )
}

fn yaml(random: &mut Random) -> String {
    format!(
        "alert: ErrorRate\nexpr: sum(rate(errors_total{{service=\"{}\"}}[5m])) > 0.{:02}\nfor: {}s\nlabels:\n  severity: page\n",
        random.one_of(SERVICES),
        random.between(1, 50),
        random.between(10, 50),
    )
}
