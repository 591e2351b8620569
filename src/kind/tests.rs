use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

mod rules;
mod values;

fn format(name: &str) -> &'static Format {
    let found = FORMATS.iter().find(|format| format.name == name);
    found.unwrap_or_else(|| panic!("unknown format `{name}`"))
}

fn schema_of<T: JsonSchema>() -> serde_json::Value {
    SchemaGenerator::default().subschema_for::<T>().to_value()
}

#[test]
fn each_type_names_its_own_rule_in_the_schema() {
    let types = [
        (schema_of::<Line>(), "line"),
        (schema_of::<Block>(), "block"),
        (schema_of::<Id>(), "incident-id"),
        (schema_of::<Url>(), "web-address"),
        (schema_of::<Mail>(), "mail-address"),
        (schema_of::<FilePath>(), "archive-path"),
        (schema_of::<Period>(), "period"),
        (schema_of::<Day>(), "day"),
        (schema_of::<Written>(), "moment"),
        (schema_of::<Zone>(), "time-zone"),
        (schema_of::<Duration>(), "time-span"),
        (schema_of::<Code>(), "code"),
        (schema_of::<PersonName>(), "person-name"),
        (schema_of::<EventId>(), "event-id"),
        (schema_of::<Identifier>(), "identifier"),
        (schema_of::<CellText>(), "cell"),
        (schema_of::<Share>(), "share"),
        (schema_of::<LightColor>(), "color-on-light"),
        (schema_of::<DarkColor>(), "color-on-dark"),
        (schema_of::<MarkName>(), "mark"),
        (schema_of::<IdPattern>(), "id-pattern"),
    ];
    assert_eq!(types.len(), FORMATS.len());
    for ((schema, name), format) in types.iter().zip(FORMATS) {
        assert_eq!(
            *schema,
            serde_json::json!({ "type": "string", "format": name })
        );
        assert_eq!(format.name, *name);
        assert!(!format.help.is_empty());
    }
}

fn laws() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1_247),
        ..ProptestConfig::with_cases(400)
    }
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn no_text_makes_a_rule_panic(
        text in prop_oneof![
            ".{0,40}",
            "[a-zA-Z0-9:/.@+~ é-]{0,40}",
            "(https?://)?[a-z.:@/?#\\[\\]]{0,20}",
            "\\+?[0-9]{0,12} ?(days?|weeks?|months?|years?|indefinite)?",
        ],
    ) {
        for format in FORMATS {
            if let Err(message) = (format.check)(&text) {
                prop_assert!(!message.is_empty());
                prop_assert!(!message.ends_with('.'), "{}", message);
            }
        }
    }

    #[test]
    fn a_checked_text_is_kept_as_it_is(text in ".{0,40}") {
        if let Ok(line) = Line::new(text.clone()) {
            prop_assert_eq!(&*line, &text);
            prop_assert_eq!(line.to_string(), text);
        }
    }

    #[test]
    fn a_forbidden_character_is_rejected_at_any_position(
        before in "[a-z ]{0,5}",
        hidden in "[\u{0}-\u{8}\u{b}-\u{1f}\u{7f}-\u{9f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{200b}\u{feff}\u{fdd0}-\u{fdef}\u{fffe}\u{10ffff}]",
        after in "[a-zé ]{0,5}",
    ) {
        let text = format!("{before}{hidden}{after}");
        prop_assert!(Line::new(text.clone()).is_err());
        prop_assert!(Block::new(text.clone()).is_err());
        prop_assert!(FilePath::new(text).is_err());
    }

    #[test]
    fn a_period_never_ends_before_it_starts(
        days in 0..3_652_058_i64,
        count in 1..=10_000_u32,
        unit in proptest::sample::select(&["days", "weeks", "months", "years"][..]),
    ) {
        let day = NaiveDate::from_ymd_opt(1, 1, 1).unwrap() + TimeDelta::days(days);
        let period = Period::new(format!("{count} {unit}")).unwrap();
        if let Some(end) = period.after(day) {
            prop_assert!(end > day);
            prop_assert!(parse_day(&end.to_string()).is_ok(), "{}", end);
        }
    }
}

#[test]
fn a_color_can_be_read_on_its_background() {
    for (color, is_light, is_dark) in [
        ("#2b4acb", true, false),
        ("#a3b8ff", false, true),
        ("#7A1F5C", true, false),
        ("#808080", false, false),
        ("#fff", false, false),
        ("red", false, false),
        ("#12345g", false, false),
    ] {
        assert_eq!(
            (format("color-on-light").check)(color).is_ok(),
            is_light,
            "{color}"
        );
        assert_eq!(
            (format("color-on-dark").check)(color).is_ok(),
            is_dark,
            "{color}"
        );
    }
}
