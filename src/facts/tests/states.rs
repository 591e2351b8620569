//! Response times with missing or fallback marks, over midnight, and in time zones.

use super::*;

/// The states of response times whose marks are missing or in the wrong order.
const STATES: &[Case] = &[
    (
        "",
        &["14:23 = detected"],
        &[
            ("duration", "pending"),
            ("time_to_detect", "pending"),
            ("time_to_acknowledge", "pending"),
        ],
    ),
    (
        "status = 'monitoring'",
        &["14:23 = detected"],
        &[
            ("time_to_detect", "pending"),
            ("customer_impact", "pending"),
        ],
    ),
    (
        "status = 'resolved'",
        &["14:23 = detected"],
        &[
            ("time_to_detect", "not recorded"),
            ("time_to_notify", "not recorded"),
        ],
    ),
    (
        "",
        &["14:23 = started", "15:08 = ended"],
        &[
            ("duration", "45 minutes"),
            ("time_to_detect", "not recorded"),
            ("page_to_acknowledge", "not recorded"),
        ],
    ),
    ("", &[], &[("duration", "pending")]),
    ("status = 'closed'", &[], &[("duration", "not recorded")]),
    (
        "",
        &["14:23 = detected", "14:22 = acknowledged"],
        &[("time_to_acknowledge", "invalid")],
    ),
    (
        "",
        &["15:08 = started", "14:23 = ended"],
        &[("duration", "invalid"), ("time_to_resolve", "invalid")],
    ),
    // The printed start and end, and the duration, have fallback marks.
    (
        "",
        &["14:20 = impact_started", "14:55 = impact_ended"],
        &[("duration", "35 minutes")],
    ),
    (
        "",
        &["14:23 = detected", "14:55 = resolved"],
        &[
            // The detection is no start.
            ("duration", "not recorded"),
            ("time_to_resolve", "not recorded"),
        ],
    ),
    (
        "",
        &["14:23 = started", "14:24 = detected"],
        &[("time_to_detect", "1 minute")],
    ),
    (
        "",
        &[
            "14:20 = impact_started",
            "14:55 = resolved",
            "15:08 = ended",
        ],
        &[
            ("time_to_resolve", "35 minutes"),
            ("customer_impact", "not recorded"),
        ],
    ),
    (
        "",
        &["14:20 = impact_started", "15:08 = ended"],
        &[("time_to_resolve", "48 minutes")],
    ),
    // Events with an end time: an end mark takes their end, any other mark their start.
    (
        "",
        &[
            "14:20 / 14:22 = started detected",
            "14:30 / 14:41 = mitigated",
            "14:50 / 15:08 = ended",
        ],
        &[
            ("duration", "48 minutes"),
            ("time_to_detect", "less than a minute"),
            ("time_to_mitigate", "21 minutes"),
        ],
    ),
    // Over midnight, in a time zone, and over a daylight-saving change: always computed in UTC.
    (
        "",
        &["23:58:30 = started", "2025-01-15 00:04:10 = ended"],
        &[("duration", "5 minutes 40 seconds")],
    ),
    (
        "timezone = 'Asia/Tokyo'",
        &[
            "tz America/New_York",
            "23:30 = started",
            "2025-01-15T05:30Z = ended",
        ],
        &[("duration", "1 hour")],
    ),
    (
        "",
        &[
            "tz Europe/Berlin",
            "2025-10-26 01:30 = started",
            "2025-10-26 03:30 = ended",
        ],
        &[("duration", "3 hours")],
    ),
    (
        "",
        &[
            "tz Europe/Berlin",
            "2025-03-30 01:30 = started",
            "2025-03-30 03:30 = ended",
        ],
        &[("duration", "1 hour")],
    ),
    (
        "",
        &[
            "tz Europe/Berlin",
            "2025-10-26T02:30+02:00 = started",
            "2025-10-26T02:30+01:00 = ended",
        ],
        &[("duration", "1 hour")],
    ),
    // A mark whose time cannot be resolved is marked but has no time.
    (
        "",
        &[
            "tz Europe/Berlin",
            "2025-10-26 02:30 = started",
            "2025-10-26 03:30 = ended",
        ],
        &[("duration", "not recorded")],
    ),
    (
        "",
        &["2025-01-14 = started", "2025-01-14 14:23 = detected"],
        &[("time_to_detect", "less than a day")],
    ),
];

#[test]
fn a_response_time_without_start_or_end_is_not_recorded() {
    for case in STATES {
        check(case);
    }
}
