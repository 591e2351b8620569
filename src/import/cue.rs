//! What the words of an event say it was.

use super::words::folded;

/// What kind of event it was, and the mark that it may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cue {
    pub kind: &'static str,
    pub mark: Option<&'static str>,
    /// Whether a system did it by itself.
    pub automated: bool,
    /// The words that say so; empty where none do.
    pub words: &'static str,
}

const fn by_hand(words: &'static str, kind: &'static str, mark: Option<&'static str>) -> Cue {
    Cue {
        kind,
        mark,
        automated: false,
        words,
    }
}

const fn by_itself(words: &'static str, kind: &'static str) -> Cue {
    Cue {
        kind,
        mark: None,
        automated: true,
        words,
    }
}

/// Words with what they say; of several that an event has, the first counts.
const SIGNS: &[Cue] = &[
    by_itself("self healing result", "note"),
    by_itself("self healing", "mitigation"),
    by_itself("auto remediation", "mitigation"),
    by_hand("incident begins", "note", Some("started")),
    by_hand("incident began", "note", Some("started")),
    by_hand("incident ends", "closed", Some("ended")),
    by_hand("incident closed", "closed", Some("ended")),
    by_hand("incident resolved", "verified", Some("resolved")),
    by_hand("outage begins", "note", Some("impact_started")),
    by_hand("outage began", "note", Some("impact_started")),
    by_hand("outage starts", "note", Some("impact_started")),
    by_hand("impact begins", "note", Some("impact_started")),
    by_hand("impact started", "note", Some("impact_started")),
    by_hand("impact starts", "note", Some("impact_started")),
    by_hand("start of impact", "note", Some("impact_started")),
    by_hand("outage mitigated", "mitigation", Some("mitigated")),
    by_hand("impact mitigated", "mitigation", Some("mitigated")),
    by_hand("outage ends", "verified", Some("impact_ended")),
    by_hand("impact ended", "verified", Some("impact_ended")),
    by_hand("impact ends", "verified", Some("impact_ended")),
    by_hand("end of impact", "verified", Some("impact_ended")),
    by_hand("declared an incident", "note", Some("declared")),
    by_hand("incident declared", "note", Some("declared")),
    by_hand("declared incident", "note", Some("declared")),
    by_hand("incident opened", "note", Some("declared")),
    by_hand("declares an incident", "note", Some("declared")),
    by_hand("declares incident", "note", Some("declared")),
    by_hand("raised the incident", "note", Some("declared")),
    by_hand("raised an incident", "note", Some("declared")),
    by_hand("acknowledged", "ack", Some("acknowledged")),
    by_hand("acknowledges", "ack", Some("acknowledged")),
    by_hand("acked", "ack", Some("acknowledged")),
    by_hand("acks", "ack", Some("acknowledged")),
    by_hand("page sent", "page", Some("paged")),
    by_hand("paged", "page", Some("paged")),
    by_hand("pager", "page", Some("paged")),
    by_hand("alert fired", "alert", Some("detected")),
    by_hand("alert triggered", "alert", Some("detected")),
    by_hand("alerts fired", "alert", Some("detected")),
    by_hand("alarm", "alert", Some("detected")),
    by_hand("alerted", "alert", Some("detected")),
    by_hand("alert", "alert", Some("detected")),
    by_hand("root cause identified", "diagnosis", Some("identified")),
    by_hand("identified", "diagnosis", Some("identified")),
    by_hand("root cause found", "diagnosis", Some("identified")),
    by_hand("traced to", "diagnosis", Some("identified")),
    by_hand("status page", "communication", None),
    by_hand("customers notified", "communication", None),
    by_hand("notified customers", "communication", None),
    by_hand("rolled back", "mitigation", Some("mitigated")),
    by_hand("rollback", "mitigation", Some("mitigated")),
    by_hand("reverted", "mitigation", Some("mitigated")),
    by_hand("hotfix", "deploy", Some("mitigated")),
    by_hand("failed over", "mitigation", Some("mitigated")),
    by_hand("mitigated", "mitigation", Some("mitigated")),
    by_hand("fix deployed", "deploy", Some("mitigated")),
    by_hand("deployed a fix", "deploy", Some("mitigated")),
    by_hand("deployed", "deploy", None),
    by_hand("deploy", "deploy", None),
    by_hand("manual intervention", "mitigation", None),
    by_hand("restarted", "mitigation", None),
    by_hand("killed", "mitigation", None),
    by_hand("disabled", "mitigation", None),
    by_hand("all services recovered", "verified", Some("impact_ended")),
    by_hand("all clear", "verified", Some("impact_ended")),
    by_hand("fully recovered", "verified", Some("impact_ended")),
    by_hand("back to normal", "verified", Some("impact_ended")),
    by_hand("verified", "verified", Some("impact_ended")),
    by_hand("monitoring", "monitoring", None),
    by_hand("closed", "closed", None),
    by_hand("resolved", "verified", Some("resolved")),
];

/// Says what an event was by its words.
pub(super) fn find(text: &str) -> Cue {
    let words = format!(" {} ", folded(text));
    let says = |sign: &&Cue| words.contains(&format!(" {} ", sign.words));
    SIGNS
        .iter()
        .find(says)
        .copied()
        .unwrap_or(by_hand("", "note", None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_an_event_say_what_it_was() {
        let cases = [
            ("Alert fired: \"pool > 95%\"", "alert", Some("detected")),
            (
                "Automated page sent to on-call engineer (Sarah)",
                "page",
                Some("paged"),
            ),
            (
                "On-call acknowledged, began investigation",
                "ack",
                Some("acknowledged"),
            ),
            ("Self-healing result: Partial mitigation", "note", None),
            (
                "Deployed hotfix: Added query timeout",
                "deploy",
                Some("mitigated"),
            ),
            (
                "Verified: All services recovered",
                "verified",
                Some("impact_ended"),
            ),
            ("Incident closed", "closed", Some("ended")),
            ("Somebody had lunch", "note", None),
            ("An unidentified object", "note", None),
        ];
        for (text, kind, mark) in cases {
            let sign = find(text);
            assert_eq!((sign.kind, sign.mark), (kind, mark), "{text}");
        }
    }
}
