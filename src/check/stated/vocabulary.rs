//! The words of English grammar that tell what a number in a sentence is. Words for things are in `words.toml`.

use super::StatedMetric;

/// The grammatical form of a metric's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `detect`
    Base,
    /// `detected`
    Past,
    /// `detecting`
    Gerund,
    /// `detection`
    Noun,
}

/// The words of the metrics.
pub(super) const METRIC_WORDS: &[(&str, StatedMetric, Form)] = &[
    ("detect", StatedMetric::Detect, Form::Base),
    ("detected", StatedMetric::Detect, Form::Past),
    ("notice", StatedMetric::Detect, Form::Base),
    ("spot", StatedMetric::Detect, Form::Base),
    ("noticed", StatedMetric::Detect, Form::Past),
    ("spotted", StatedMetric::Detect, Form::Past),
    ("caught", StatedMetric::Detect, Form::Past),
    ("detecting", StatedMetric::Detect, Form::Gerund),
    ("detection", StatedMetric::Detect, Form::Noun),
    ("acknowledge", StatedMetric::Acknowledge, Form::Base),
    ("acknowledged", StatedMetric::Acknowledge, Form::Past),
    ("answered", StatedMetric::Acknowledge, Form::Past),
    ("acked", StatedMetric::Acknowledge, Form::Past),
    ("acknowledging", StatedMetric::Acknowledge, Form::Gerund),
    ("acknowledgment", StatedMetric::Acknowledge, Form::Noun),
    ("acknowledgement", StatedMetric::Acknowledge, Form::Noun),
    ("identify", StatedMetric::Identify, Form::Base),
    ("find", StatedMetric::Identify, Form::Base),
    ("understand", StatedMetric::Identify, Form::Base),
    ("identified", StatedMetric::Identify, Form::Past),
    ("found", StatedMetric::Identify, Form::Past),
    ("understood", StatedMetric::Identify, Form::Past),
    ("identifying", StatedMetric::Identify, Form::Gerund),
    ("identification", StatedMetric::Identify, Form::Noun),
    ("mitigate", StatedMetric::Mitigate, Form::Base),
    ("mitigated", StatedMetric::Mitigate, Form::Past),
    ("mitigating", StatedMetric::Mitigate, Form::Gerund),
    ("mitigation", StatedMetric::Mitigate, Form::Noun),
    ("resolve", StatedMetric::Resolve, Form::Base),
    ("resolved", StatedMetric::Resolve, Form::Past),
    ("resolving", StatedMetric::Resolve, Form::Gerund),
    ("resolution", StatedMetric::Resolve, Form::Noun),
    ("restore", StatedMetric::Resolve, Form::Base),
    ("restored", StatedMetric::Resolve, Form::Past),
    ("recover", StatedMetric::Resolve, Form::Base),
    ("recovered", StatedMetric::Resolve, Form::Past),
    ("recovery", StatedMetric::Resolve, Form::Noun),
    ("fix", StatedMetric::Resolve, Form::Base),
    ("fixed", StatedMetric::Resolve, Form::Past),
    ("repaired", StatedMetric::Resolve, Form::Past),
    ("normal", StatedMetric::Resolve, Form::Past),
    ("back", StatedMetric::Resolve, Form::Past),
    ("notify", StatedMetric::Notify, Form::Base),
    ("notified", StatedMetric::Notify, Form::Past),
    ("notifying", StatedMetric::Notify, Form::Gerund),
    ("lasted", StatedMetric::Last, Form::Past),
    ("lasting", StatedMetric::Last, Form::Gerund),
    ("persisted", StatedMetric::Last, Form::Past),
    ("continued", StatedMetric::Last, Form::Past),
    ("duration", StatedMetric::Last, Form::Noun),
];

/// Words for detection, if their subject detects incidents: users notice one later, or never.
pub(super) const SEEN: &[&str] = &["noticed", "spotted", "caught"];

/// Words that start another clause.
#[rustfmt::skip]
pub(super) const CLAUSE: &[&str] = &[
    "and", "but", "or", "while", "which", "that", "who", "whom", "whose", "when", "where",
    "because", "so", "then", "although", "though", "until", "till", "before", "whereas", "if",
    "since", "once", "as", "despite", "unless",
];

/// Words of people and things that the sentences before have named.
#[rustfmt::skip]
pub(super) const PRONOUNS: &[&str] = &[
    "it", "they", "you", "we", "this", "these", "everyone", "everything", "nobody", "all", "there",
];

/// Words before a noun that do not make it the name of something else.
#[rustfmt::skip]
pub(super) const DESCRIPTIONS: &[&str] = &[
    "the", "a", "an", "our", "your", "this", "that", "all", "every", "each", "any", "no", "whole",
    "entire", "full", "total", "complete", "major", "main", "one", "more", "for", "of", "with",
    "in", "by", "from", "to", "on", "had", "caused", "hit", "was", "today's", "production", "live",
    "public", "online", "customer-facing", "high", "500", "http", "server",
];

/// The seasons, and `last time`.
pub(super) const SEASONS: &[&str] = &["spring", "summer", "autumn", "fall", "winter", "time"];

/// Words before a month or a year that a sentence is about.
pub(super) const IN_TIME: &[&str] = &[
    "in", "of", "since", "from", "during", "until", "before", "by", "last", "late", "early",
];

/// The words for things that are restored when an incident is resolved.
pub(super) const RESTORED: &[&str] = &[
    "service",
    "services",
    "access",
    "operation",
    "operations",
    "everything",
    "functionality",
    "availability",
];

/// Other subjects that may precede a metric's word without changing its meaning.
#[rustfmt::skip]
pub(super) const ACTORS: &[&str] = &[
    "it", "this", "everything", "all", "we", "they", "alert", "page", "team", "engineer",
    "engineers", "on-call", "oncall", "monitoring", "us", "service", "services",
];

/// Words that may be between a metric's word and its number.
#[rustfmt::skip]
pub(super) const BETWEEN: &[&str] = &[
    "the", "a", "an", "our", "this", "root", "by", "on", "call", "time", "of", "us", "we", "it",
    "both", "actual", "real", "underlying", "response", "responder", "first", "fast", "soon",
    "has", "had", "been", "came", "up", "online",
];

/// Words that introduce a number.
pub(super) const LEADING: &[&str] = &["in", "after", "took", "was", "is", "only"];

/// Words between a verb and its object.
pub(super) const LEADING_TO_OBJECT: &[&str] = &[
    "the",
    "a",
    "an",
    "this",
    "our",
    "root",
    "actual",
    "real",
    "underlying",
    "affected",
];

/// Words before a metric's noun that do not change the meaning.
#[rustfmt::skip]
pub(super) const DESCRIBING: &[&str] = &[
    "the", "our", "of", "total", "overall", "full", "fast", "quick", "slow", "rapid", "prompt",
    "swift", "late", "early", "immediate", "automatic", "automated", "root", "root-cause",
    "customer", "good", "excellent", "effective",
];

/// Auxiliaries and adverbs before a verb.
#[rustfmt::skip]
pub(super) const AUXILIARY: &[&str] = &[
    "was", "were", "is", "has", "had", "have", "been", "being", "got", "first", "also", "only",
    "then", "soon", "not", "could", "did", "back", "to", "fully", "went", "stayed", "remained",
    "kept", "came", "returned", "may", "might",
];

/// Words of clauses that do not state a measurement of this incident.
#[rustfmt::skip]
pub(super) const DOUBTFUL: &[&str] = &[
    "should", "could", "would", "must", "can", "may", "might", "will", "shall", "need", "needs",
    "want", "aim", "goal", "target", "targets", "sla", "slo", "objective", "expected", "expect",
    "instead", "not", "never", "no", "nobody", "cannot", "without", "usually", "normally",
    "typically", "often", "average", "mean", "median", "threshold", "interval", "every", "each",
    "per", "timeout", "timeouts", "window", "rule", "period", "delay", "retry", "retries",
    "previous", "previously", "similar", "hope", "plan", "planned", "reduce", "reduced",
    "improve", "improved", "cut", "shorten", "faster", "slower", "than", "future", "next", "last",
    "drill", "exercise", "some", "most", "many", "second", "third", "latter", "former", "partial",
    "partially", "staging", "query", "queries", "job", "jobs", "failed", "wrongly", "another",
    "further",
];

/// Words after a number that give it another start, or compare it.
#[rustfmt::skip]
pub(super) const ELSEWHERE: &[&str] = &[
    "after", "of", "from", "since", "before", "later", "earlier", "ago", "longer", "faster",
    "slower", "more", "less", "late", "each", "per", "apart", "old", "if", "unless", "when",
    "once", "than", "into", "until", "till", "every", "too", "behind", "early", "between",
    "users", "customers", "accounts", "tickets", "complaints", "requests", "rows",
];

/// Words between `outage` and its duration.
#[rustfmt::skip]
pub(super) const LINKING: &[&str] = &[
    "of", "was", "were", "is", "took", "lasted", "lasting", "went", "on", "for", "persisted",
    "continued", "endured", "ran", "total", "totaled", "totalled", "a", "in", "at", "from",
    "that", "which", "had", "has", "hit", "affected", "caused", "began", "started", "to", "with",
    "by", "during", "could", "left", "made", "cost", "brought", "blocked", "due", "this", "today",
    "time", "spanned",
];

/// Verbs by which people meet trouble: `users saw errors`.
#[rustfmt::skip]
pub(super) const NOTICED: &[&str] = &[
    "saw", "seen", "experienced", "got", "received", "had", "faced", "encountered", "hit",
    "returned", "threw", "served", "suffered", "produced", "caused", "noticed", "met", "showed",
];

/// Verbs by which trouble goes on: `checkout errors ran for 2 hours`.
pub(super) const CONTINUING: &[&str] = &["ran", "lasted", "persisted", "continued"];

/// Verbs of what people do with a service: `nobody could pay`.
#[rustfmt::skip]
pub(super) const SERVED: &[&str] = &[
    "pay", "log", "sign", "check", "order", "use", "access", "open", "buy", "book", "connect",
    "upload", "download", "search", "checkout", "place",
];

/// Adjectives of trouble: `40 minutes of elevated error rates`.
pub(super) const PROPERTIES: &[&str] =
    &["elevated", "increased", "intermittent", "reduced", "poor"];

/// Verbs that say what any thing of a kind does: `an outage of 2 hours costs`.
#[rustfmt::skip]
pub(super) const GENERIC: &[&str] = &[
    "costs", "means", "requires", "needs", "takes", "is", "are", "affects", "hits", "causes",
    "counts", "lets", "breaks",
];

/// Auxiliaries of the present, in which no duration is stated.
pub(super) const PRESENT: &[&str] = &["is", "are", "be", "being", "get", "gets", "becomes"];

/// Words before a clause or a number about what has not happened, or not in this way.
#[rustfmt::skip]
pub(super) const NOT_YET: &[&str] = &[
    "when", "whenever", "once", "if", "unless", "until", "till", "first", "last", "next",
    "another", "further", "every", "each", "additional", "initial", "remaining", "past",
    "previous", "final", "other", "extra",
];

/// Words after a duration that give it another start or compare it.
#[rustfmt::skip]
pub(super) const AFTERWARDS: &[&str] = &[
    "after", "before", "later", "earlier", "ago", "longer", "each", "per", "apart", "more",
    "less", "old", "beforehand", "early", "late", "behind",
];

/// Words of clauses that state no measurement of this incident.
#[rustfmt::skip]
pub(super) const UNREAL: &[&str] = &[
    "should", "would", "must", "can", "will", "shall", "unless", "whether", "need", "needs",
    "want", "aim", "goal", "target", "targets", "sla", "slo", "objective", "allows", "expected",
    "expect", "expects", "instead", "never", "nobody", "none", "cannot", "without", "usually",
    "normally", "typically", "often", "average", "mean", "median", "threshold", "interval",
    "each", "per", "timeout", "rule", "period", "retry", "retries", "retried", "hope", "plan",
    "planned", "scheduled", "shorten", "faster", "slower", "future", "next", "first", "last",
    "latter", "former", "another", "further", "additional", "remaining", "possibly",
    "potentially", "potential", "permanently", "once", "budget", "covers", "year", "month",
    "quarter", "week", "longest", "permits", "tolerates", "guarantees", "assumes", "estimate",
];

/// Words for some of the users or the time, whose impact may be shorter, but not longer.
#[rustfmt::skip]
pub(super) const SOME: &[&str] = &[
    "some", "most", "many", "half", "partial", "partially", "worst", "highest", "peak", "mostly",
];

/// Words for single users or services, whose impact is not that of all.
pub(super) const SINGLE: &[&str] = &["few", "several", "single", "occasional", "individual"];

/// Words of sentences that state a condition.
pub(super) const CONDITIONS: &[&str] = &["if", "unless", "whenever", "suppose", "assuming"];

/// The articles.
pub(super) const ARTICLES: &[&str] = &["a", "an", "the"];

/// Verbs of what happened, apart from those that end in `-ed`.
#[rustfmt::skip]
pub(super) const FINITE_PAST: &[&str] = &[
    "was", "were", "had", "did", "saw", "took", "got", "led", "left", "hit", "cost", "made",
    "brought", "lost", "ran", "began", "went", "fell", "kept", "gave", "met", "broke", "came",
    "meant", "became", "felt", "threw", "couldn't", "didn't", "wasn't", "weren't", "could",
];

/// Verbs whose object then does not work: `the release took checkout down`.
#[rustfmt::skip]
pub(super) const BROUGHT: &[&str] = &[
    "took", "brought", "made", "left", "kept", "knocked", "put", "rendered", "had", "let",
];

/// Verbs that say what something does whenever it happens: `a restart makes the checkout unavailable`.
#[rustfmt::skip]
pub(super) const MAKES: &[&str] = &[
    "makes", "takes", "renders", "leaves", "keeps", "brings", "causes", "puts", "means",
];

/// Words of sentences whose times of day are not those of what happened.
pub(super) const UNREAL_TIME: &[&str] = &["would", "should", "if", "expect", "expected"];

/// The months.
#[rustfmt::skip]
pub(super) const MONTHS: &[&str] = &[
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
];
