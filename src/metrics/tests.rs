//! Properties of medians and percentiles, and which records count.

use proptest::prelude::*;

use super::*;
use crate::facts::Unit;

fn seconds(values: &[i64]) -> Vec<Length> {
    let length = |seconds: &i64| Length {
        seconds: *seconds,
        unit: Unit::Second,
        about: false,
        most: None,
    };
    values.iter().map(length).collect()
}

fn numbers(values: &[i64]) -> Option<[i64; 4]> {
    let spread = Distribution::from_lengths(seconds(values))?;
    assert_eq!(spread.count, values.len());
    Some([spread.min, spread.median, spread.p90, spread.max].map(|length| length.seconds))
}

#[test]
fn the_distribution_of_a_few_durations_is_the_expected_one() {
    assert_eq!(numbers(&[]), None);
    assert_eq!(numbers(&[7]), Some([7, 7, 7, 7]));
    assert_eq!(numbers(&[9, 4]), Some([4, 6, 9, 9]));
    assert_eq!(numbers(&[3, 1, 2]), Some([1, 2, 3, 3]));
    let ten: Vec<i64> = (1..=10).collect();
    assert_eq!(numbers(&ten), Some([1, 5, 9, 10]));
    let twenty: Vec<i64> = (1..=20).collect();
    assert_eq!(numbers(&twenty), Some([1, 10, 18, 20]));
}

#[test]
fn a_length_keeps_its_precision_among_others() {
    let minute = Length {
        seconds: 120,
        unit: Unit::Minute,
        about: true,
        most: None,
    };
    let spread =
        Distribution::from_lengths([seconds(&[30]), vec![minute]].concat()).expect("two lengths");
    assert_eq!(spread.min.to_string(), "30 seconds");
    assert_eq!(spread.max.to_string(), "about 2 minutes");
    assert_eq!(spread.median.to_string(), "about 1 minute");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn half_are_at_or_below_the_median_and_nine_in_ten_at_or_below_the_p90(
        values in prop::collection::vec(0_i64..1_000_000, 1..60),
    ) {
        let [min, median, p90, max] = numbers(&values).expect("there are some");
        let count = |keep: &dyn Fn(i64) -> bool| values.iter().filter(|value| keep(**value)).count();
        prop_assert!(min <= median && median <= p90 && p90 <= max);
        prop_assert!(values.contains(&min) && values.contains(&p90) && values.contains(&max));
        // A median between two durations is truncated to whole seconds.
        prop_assert!(count(&|value| value <= median) * 2 >= values.len());
        prop_assert!(count(&|value| value > median) * 2 <= values.len() + 1);
        prop_assert!(count(&|value| value <= p90) * 10 >= values.len() * 9);
        prop_assert!(count(&|value| value < p90) * 10 < values.len() * 9);
    }

    #[test]
    fn order_changes_no_spread_and_one_more_second_each_moves_all_of_it(
        values in prop::collection::vec(0_i64..1_000_000, 1..60),
    ) {
        let mut sorted = values.clone();
        sorted.sort_unstable();
        sorted.reverse();
        prop_assert_eq!(numbers(&values), numbers(&sorted));
        let later: Vec<i64> = values.iter().map(|value| value + 1).collect();
        prop_assert_eq!(numbers(&values).map(|all| all.map(|one| one + 1)), numbers(&later));
    }

    #[test]
    fn a_share_is_between_none_and_all(part in 0_usize..1000, more in 0_usize..1000) {
        let share = Share { part, whole: part + more };
        match share.percent() {
            None => prop_assert_eq!(share.whole, 0),
            Some(percent) => prop_assert!(percent <= 100 && (percent * share.whole).abs_diff(part * 100) * 2 <= share.whole),
        }
    }
}
