//! Derives the kind and mark of an event from phrases in its text.

use super::words::folded;

/// A phrase and what it implies about an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cue {
    pub kind: &'static str,
    pub mark: Option<&'static str>,
    /// Whether a system acted without a person.
    pub automated: bool,
    /// The phrase; empty if no phrase matched.
    pub phrase: &'static str,
}

const fn manual(phrase: &'static str, kind: &'static str, mark: Option<&'static str>) -> Cue {
    Cue {
        kind,
        mark,
        automated: false,
        phrase,
    }
}

const fn automated(phrase: &'static str, kind: &'static str) -> Cue {
    Cue {
        kind,
        mark: None,
        automated: true,
        phrase,
    }
}

/// All cues; the first one that matches an event applies.
const CUES: &[Cue] = &[
    automated("self healing result", "note"),
    automated("self healing", "mitigation"),
    automated("auto remediation", "mitigation"),
    manual("incident begins", "note", Some("started")),
    manual("incident began", "note", Some("started")),
    manual("incident ends", "closed", Some("ended")),
    manual("incident closed", "closed", Some("ended")),
    manual("incident resolved", "verified", Some("resolved")),
    manual("outage begins", "note", Some("impact_started")),
    manual("outage began", "note", Some("impact_started")),
    manual("outage starts", "note", Some("impact_started")),
    manual("impact begins", "note", Some("impact_started")),
    manual("impact started", "note", Some("impact_started")),
    manual("impact starts", "note", Some("impact_started")),
    manual("start of impact", "note", Some("impact_started")),
    manual("outage mitigated", "mitigation", Some("mitigated")),
    manual("impact mitigated", "mitigation", Some("mitigated")),
    manual("outage ends", "verified", Some("impact_ended")),
    manual("impact ended", "verified", Some("impact_ended")),
    manual("impact ends", "verified", Some("impact_ended")),
    manual("end of impact", "verified", Some("impact_ended")),
    manual("declared an incident", "note", Some("declared")),
    manual("incident declared", "note", Some("declared")),
    manual("declared incident", "note", Some("declared")),
    manual("incident opened", "note", Some("declared")),
    manual("declares an incident", "note", Some("declared")),
    manual("declares incident", "note", Some("declared")),
    manual("raised the incident", "note", Some("declared")),
    manual("raised an incident", "note", Some("declared")),
    manual("acknowledged", "ack", Some("acknowledged")),
    manual("acknowledges", "ack", Some("acknowledged")),
    manual("acked", "ack", Some("acknowledged")),
    manual("acks", "ack", Some("acknowledged")),
    manual("page sent", "page", Some("paged")),
    manual("paged", "page", Some("paged")),
    manual("pager", "page", Some("paged")),
    manual("alert fired", "alert", Some("detected")),
    manual("alert triggered", "alert", Some("detected")),
    manual("alerts fired", "alert", Some("detected")),
    manual("alarm", "alert", Some("detected")),
    manual("alerted", "alert", Some("detected")),
    manual("alert", "alert", Some("detected")),
    manual("root cause identified", "diagnosis", Some("identified")),
    manual("identified", "diagnosis", Some("identified")),
    manual("root cause found", "diagnosis", Some("identified")),
    manual("traced to", "diagnosis", Some("identified")),
    manual("status page", "communication", None),
    manual("customers notified", "communication", None),
    manual("notified customers", "communication", None),
    manual("rolled back", "mitigation", Some("mitigated")),
    manual("rollback", "mitigation", Some("mitigated")),
    manual("reverted", "mitigation", Some("mitigated")),
    manual("hotfix", "deploy", Some("mitigated")),
    manual("failed over", "mitigation", Some("mitigated")),
    manual("mitigated", "mitigation", Some("mitigated")),
    manual("fix deployed", "deploy", Some("mitigated")),
    manual("deployed a fix", "deploy", Some("mitigated")),
    manual("deployed", "deploy", None),
    manual("deploy", "deploy", None),
    manual("manual intervention", "mitigation", None),
    manual("restarted", "mitigation", None),
    manual("killed", "mitigation", None),
    manual("disabled", "mitigation", None),
    manual("all services recovered", "verified", Some("impact_ended")),
    manual("all clear", "verified", Some("impact_ended")),
    manual("fully recovered", "verified", Some("impact_ended")),
    manual("back to normal", "verified", Some("impact_ended")),
    manual("verified", "verified", Some("impact_ended")),
    manual("monitoring", "monitoring", None),
    manual("closed", "closed", None),
    manual("resolved", "verified", Some("resolved")),
];

/// Returns the first cue in the text of an event, or that of a plain note.
pub(super) fn find(text: &str) -> Cue {
    let words = format!(" {} ", folded(text));
    let matches = |cue: &&Cue| words.contains(&format!(" {} ", cue.phrase));
    CUES.iter()
        .find(matches)
        .copied()
        .unwrap_or(manual("", "note", None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_and_mark_of_an_event_follow_from_its_text() {
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
            let cue = find(text);
            assert_eq!((cue.kind, cue.mark), (kind, mark), "{text}");
        }
    }
}
