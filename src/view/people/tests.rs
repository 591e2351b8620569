use super::*;
use crate::archive::tests::record;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::Facts;
use crate::moment::Calendar;

/// Prints who led a response, and who leads it now.
fn led(incident: &str, timeline: &[&str], audience: Audience) -> (Vec<String>, Option<String>) {
    let record = record(incident, timeline);
    let config = Config::default();
    let facts = Facts::compute(&record, &config);
    let calendar = Calendar::of_report(&record, &facts, &config, audience);
    let reader = Reader {
        record: &record,
        config: &Config::default(),
        audience,
        calendar,
    };
    let all = commanders(&reader).into_iter().map(|part| {
        let name = part.person.name;
        part.span
            .map_or_else(|| name.to_owned(), |span| format!("{name} {span}"))
    });
    let now = commander(&record).map(|person| person.name.to_owned());
    (all.collect(), now)
}

#[test]
fn each_commander_has_the_part_of_the_response_that_they_led() {
    let timeline = &["14:00 = started", "15:00 = #shift"];
    let handovers = "[people]\ncommander = 'Ada'\n[[people.command]]\nname = 'Bo'\nfrom = { event = 'shift' }\n\
                     [[people.command]]\nname = 'Cy'\nfrom = 2025-01-15T06:00:00Z\n";
    let expected = [
        "Ada until 15:00",
        "Bo from 15:00 to 2025-01-15 06:00:00",
        "Cy from 2025-01-15 06:00:00",
    ];
    let (all, now) = led(handovers, timeline, Audience::Internal);
    assert_eq!(
        (all.as_slice(), now.as_deref()),
        (&expected.map(String::from)[..], Some("Cy"))
    );
    let (all, now) = led("people.commander = 'Ada'", timeline, Audience::Internal);
    assert_eq!((all.len(), now.as_deref()), (0, Some("Ada")));
    let only = "[[people.command]]\nname = 'Bo'\nfrom = { event = 'shift' }\n";
    assert_eq!(led(only, timeline, Audience::Internal).0, ["Bo from 15:00"]);
    assert_eq!(
        led(only, timeline, Audience::Public).0,
        ["Bo"],
        "the event is internal"
    );
}
