//! Compares the time of an alert with the duration that its definition waits.

use super::*;

pub(super) fn alert_too_early(case: &Case, findings: &mut Findings) {
    let alert = case
        .record
        .incident
        .detection
        .as_ref()
        .and_then(|detection| detection.alert.as_ref());
    let Some(code) = alert.and_then(|alert| alert.code.as_deref()) else {
        return;
    };
    let waits = code.lines().find_map(|line| {
        let value = line.trim().trim_start_matches("- ").strip_prefix("for:")?;
        let value = value.trim().trim_matches(['"', '\'']);
        Some((value, prometheus_duration(value)?))
    });
    let detect = case.facts.response_metric("time_to_detect");
    let Some((typed, waits)) = waits else { return };
    let Some((fact, seconds)) = detect.and_then(|fact| Some((fact, fact.seconds()?))) else {
        return;
    };
    // A time without seconds may be rounded, so it does not show when the alert fired.
    let to_the_second = fact
        .to
        .is_some_and(|to| to.moment.precision == Precision::Second);
    if waits > seconds && to_the_second && !fact.length.is_some_and(|length| length.about) {
        let (Some(from), Some(to)) = (fact.from, fact.to) else {
            return;
        };
        let ((from_file, from_path), (to_file, to_path)) =
            (case.endpoint_location(&from), case.endpoint_location(&to));
        let length = fact
            .length
            .map(|length| length.to_string())
            .unwrap_or_default();
        findings.add(
            Finding::new(format!(
                "the alert waits `for: {typed}`, but detection was {length} after the start"
            ))
            .at(
                case.file(),
                Path::new().key("detection").key("alert").key("code"),
                "the alert's definition",
            )
            .at(from_file, from_path, "started here")
            .at(to_file, to_path, "detected here")
            .help("move the start of impact to an earlier time, or mark as `detected` the event that was the first sign"),
        );
    }
}

/// Parses a Prometheus duration (`1h30m`) into seconds, or returns `None` if it is invalid or zero.
fn prometheus_duration(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut seconds: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = rest.split_at(digits);
        let letters = after.len()
            - after
                .trim_start_matches(|c: char| c.is_ascii_alphabetic())
                .len();
        let (unit, rest_after) = after.split_at(letters);
        let length = match unit {
            "ms" => 0,
            "y" => 365 * DAY,
            _ => {
                let named = TimeUnit::named(unit, Languages::English)?;
                named.seconds().filter(|_| unit.len() == 1)?
            }
        };
        seconds = seconds.checked_add(number.parse::<i64>().ok()?.checked_mul(length)?)?;
        rest = rest_after;
    }
    (seconds > 0).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prometheus_duration_has_no_unknown_unit() {
        let cases = [
            ("5m", Some(300)),
            ("1h30m", Some(5_400)),
            ("90s", Some(90)),
            ("1d", Some(86_400)),
            ("500ms", None),
            ("0s", None),
            ("5", None),
            ("5min", None),
            ("5m # comment", None),
            ("", None),
            ("99999999999999999999y", None),
        ];
        for (text, expected) in cases {
            assert_eq!(prometheus_duration(text), expected, "{text}");
        }
    }
}
