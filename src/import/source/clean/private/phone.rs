//! Distinguishes phone numbers from dates, versions and counts.

/// Returns `true` for a version such as `3.14.159265`.
pub(super) fn is_version(number: &str) -> bool {
    let is_dotted = number.chars().all(|c| c.is_ascii_digit() || c == '.') && number.contains('.');
    is_dotted && number.find('.').is_some_and(|at| at < 3)
}

/// Returns `true` for a phone number: an international one, one with the 0 of a national one,
/// or groups such as `555-010-4477`.
pub(super) fn is_phone(
    run: &str,
    before: Option<char>,
    after: (Option<char>, Option<char>),
) -> bool {
    let is_international = run.trim_start_matches('(').starts_with(['+', '＋']);
    let glued = if is_international { "" } else { ".-/:=_%" };
    let goes_on = match after {
        (Some('-'), Some(next)) => next.is_alphanumeric(),
        (Some(c), _) => c.is_alphanumeric() || ":/_%".contains(c),
        (None, _) => false,
    };
    if goes_on || before.is_some_and(|c| c.is_alphanumeric() || glued.contains(c)) {
        return false;
    }
    let groups: Vec<&str> = run
        .split(|c: char| !c.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .collect();
    let digits: String = groups.concat();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    // Only a country's prefix starts with two zeros: `0.0123456789` is a number.
    let is_decimal =
        run.starts_with("0.") || lengths.first() == Some(&1) && digits.starts_with("00");
    if is_decimal {
        return false;
    }
    let zeros = digits.len() - digits.trim_start_matches('0').len();
    // An area code of North America does not begin with 0 or 1.
    let is_american = |groups: &[&str]| {
        groups
            .first()
            .is_some_and(|area| !area.starts_with(['0', '1']))
    };
    match (is_international, zeros) {
        (true, _) if groups.len() == 1 && digits.starts_with('1') => digits.len() == 11,
        (true, _) if groups.len() == 1 => (10..=15).contains(&digits.len()),
        (true, _) => {
            (9..=15).contains(&digits.len()) && lengths.first().is_some_and(|length| *length < 7)
        }
        (false, 2) => (11..=17).contains(&digits.len()) && !is_date(run),
        (false, 1) => {
            (9..=12).contains(&digits.len())
                && !is_date(run)
                && (groups.len() > 1 || digits.len() > 9)
                && lengths.first().is_some_and(|length| *length > 1)
                && !is_series(&groups)
        }
        _ => match lengths.as_slice() {
            [3, 3, 4] => is_american(&groups) && (run.starts_with('(') || !run.contains(' ')),
            [1, 3, 3, 4] => {
                run.starts_with('1') && is_american(groups.get(1..).unwrap_or_default())
            }
            _ => false,
        },
    }
}

/// Returns `true` for groups of two digits that are no French number: more or fewer than five, or counted up.
fn is_series(groups: &[&str]) -> bool {
    let numbers: Vec<u32> = groups
        .iter()
        .filter_map(|group| group.parse().ok())
        .collect();
    let is_counted = numbers
        .windows(2)
        .all(|pair| matches!(pair, [one, two] if *two == one + 1));
    groups.iter().all(|group| group.len() == 2) && (groups.len() != 5 || is_counted)
}

/// Returns `true` for digits that begin with a date, as in `02.03.2026 14`, or with an address such as `010.1.2.3`.
pub(super) fn is_date(run: &str) -> bool {
    let groups: Vec<&str> = run.split(|c: char| !c.is_ascii_digit()).collect();
    let is_day = |group: &str| (1..=2).contains(&group.len());
    let is_year =
        |group: &str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    match groups.as_slice() {
        [day, month, year, ..] if is_day(day) && is_day(month) && is_year(year) => true,
        [year, month, day, ..] if is_year(year) && is_day(month) && is_day(day) => true,
        parts => {
            parts.len() == 4
                && run.matches('.').count() == 3
                && parts.iter().all(|part| part.len() < 4)
        }
    }
}
