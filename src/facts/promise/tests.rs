use super::*;

fn moment(text: &str) -> Moment {
    let at = DateTime::parse_from_rfc3339(text).expect("a moment");
    Moment {
        at: at.to_utc(),
        precision: Precision::Minute,
        about: false,
        latest: None,
    }
}

/// What a text promises on Tuesday 2025-01-14 at 14:40 UTC: a time of that day, a later time, or a word for the rest.
fn promised(text: &str) -> String {
    promised_with(text, &CheckWords::default())
}

fn promised_with(text: &str, added: &CheckWords) -> String {
    match promise(text, moment("2025-01-14T14:40:00Z"), Zone::default(), added) {
        Some(Promise::At(at)) => {
            let full = at.in_full(Zone::default());
            let time = full.trim_start_matches("2025-01-14 ");
            time.trim_end_matches(" UTC").to_owned()
        }
        Some(Promise::Unread(sentence)) => format!("? {sentence}"),
        Some(Promise::Untimed) => "untimed".to_owned(),
        None => "none".to_owned(),
    }
}

#[test]
fn promises_are_found_in_messages() {
    let cases = [
        ("Next update in 30 minutes.", "15:10"),
        ("Next update: 15:30 UTC", "15:30"),
        ("Next update: 30 minutes", "15:10"),
        ("- Next update: 2025-01-15 15:30 UTC", "2025-01-15 15:30"),
        ("The next update will be posted by 15:30.", "15:30"),
        (
            "We will send another update within the next 2 hours.",
            "16:40",
        ),
        ("We will provide an update within 30 minutes", "15:10"),
        ("We will provide an update within the hour", "15:40"),
        ("Next update in half an hour", "15:10"),
        ("Another update follows in an hour", "15:40"),
        ("We will post updates every 20 minutes", "15:00"),
        ("We'll update you by 15:00 UTC", "15:00"),
        ("We will update this page in 15 minutes", "14:55"),
        ("Next update at 00:10 UTC", "2025-01-15 00:10"),
        ("Next update: no later than 15:30 UTC.", "15:30"),
        ("Next update: at 15:30 UTC at the latest", "15:30"),
        ("Next update: tomorrow at 9:00", "2025-01-15 09:00"),
        ("Next update: 9:00 tomorrow", "2025-01-15 09:00"),
        ("Next update: Friday 9:00 UTC", "2025-01-17 09:00"),
        ("Next update on Tuesday, 9:00", "2025-01-21 09:00"),
        ("Next update: Friday", "2025-01-17"),
        ("Next update: 11:00 PST", "19:00"),
        ("We will update you by 16:45 CET", "15:45"),
        ("Next update: 16:45 (CET), with details", "15:45"),
        ("Next update: 15:30Z", "15:30"),
        ("Next update: 15.30 UTC", "15:30"),
        ("Next update: at 5 in the afternoon", "17:00"),
        ("Next update: at 6pm", "18:00"),
        ("Our next update is due at 10 a.m. UTC.", "2025-01-15 10:00"),
        ("Please expect our next update at 3:30 PM UTC", "15:30"),
        ("Next update: 18 Uhr", "18:00"),
        ("Next update by noon UTC", "2025-01-15 12:00"),
        ("Next update: 2025-03-11", "2025-03-11"),
        ("Next update: 2025-01-14T15:30Z.", "15:30"),
        ("Next update: 16:30 UTC+1", "15:30"),
        ("Next update: 16:30 Europe/Berlin", "15:30"),
        ("Next update on 15 January at 10:50 UTC", "2025-01-15 10:50"),
        ("Next update: Jan 20th, 2025, 10:50", "2025-01-20 10:50"),
        ("Next update: ~15:30", "~2025-01-14 15:30"),
        ("Expect an update in 30 min", "15:10"),
        ("An update will be posted in 30 minutes", "15:10"),
        ("An update follows at 15:00 UTC", "15:00"),
        ("We'll be back with an update at 15:15 UTC", "15:15"),
        ("We will share more information by 16:00", "16:00"),
        ("Updates every 30 minutes.", "15:10"),
        ("More updates to follow at 15:30 UTC", "15:30"),
        ("Next update at 15:30 local time", "15:30"),
        (
            "Next update soon. We will update you by 15:00 UTC.",
            "15:00",
        ),
        ("Next update at 15:30 XYT", "? Next update at 15:30 XYT"),
        ("Sorry. Next update: soon", "? Next update: soon"),
        (
            "Next update when we know more",
            "? Next update when we know more",
        ),
        (
            "Next update at half past ten",
            "? Next update at half past ten",
        ),
        (
            "We will give you another update in the morning.",
            "? We will give you another update in the morning",
        ),
        ("Another update follows soon.", "untimed"),
        ("We will update you as soon as we know more.", "untimed"),
        ("We will post updates at status.example.com", "untimed"),
        (
            "Next update: Wednesday 15 January, 09:00 UTC",
            "2025-01-15 09:00",
        ),
        ("Next update: Wed, Jan 22, 9:00", "2025-01-22 09:00"),
        ("Next update at 0:15 UTC tonight", "2025-01-15 00:15"),
        ("Next update tonight at 20:15", "20:15"),
        // A time that has just passed is a mistake, which is not to be hidden by another day.
        ("Next update at 14:10 UTC", "14:10"),
        ("We will update you at 15:30 CET", "14:30"),
        ("Next update at 13:10 UTC", "2025-01-15 13:10"),
        ("We do not plan a next update before 16:00.", "none"),
        ("There will be no further update before 16:00.", "none"),
        ("We do not know the cause, next update at 16:00", "16:00"),
        (
            "The cause is not known and the next update is due at 16:00",
            "16:00",
        ),
        ("The update took 30 minutes", "none"),
        ("an update of the client in 3 parts", "none"),
        ("Install an update in 5 minutes", "none"),
        ("An update was installed at 15:00", "none"),
        ("The cache updates every 5 minutes", "none"),
        ("We will update the client in 5 minutes", "none"),
        ("Stay tuned for updates.", "none"),
    ];
    for (text, expected) in cases {
        assert_eq!(promised(text), expected, "{text}");
    }
}

#[test]
fn a_time_without_a_zone_is_in_that_of_the_incident() {
    let berlin = "Europe/Berlin".parse().expect("a zone");
    let sent = moment("2025-01-14T14:40:00Z");
    for (text, expected) in [
        ("Next update: 16:30", "2025-01-14T15:30:00Z"),
        ("Next update: tomorrow at 9:00", "2025-01-15T08:00:00Z"),
        ("Next update: 16:30 UTC", "2025-01-14T16:30:00Z"),
    ] {
        let found = promise(text, sent, berlin, &CheckWords::default());
        assert_eq!(found, Some(Promise::At(moment(expected))), "{text}");
    }
}

#[test]
fn the_words_are_parsed() {
    let words = toml::from_str::<PromiseWords>(include_str!("../promise.toml")).expect("words");
    for list in [words.between, words.leads, words.about, words.vague] {
        assert!(!list.is_empty());
    }
}

#[test]
fn an_archive_adds_the_words_of_its_language() {
    let added: CheckWords = toml::from_str(
        "units.minutes = ['Minuten', 'Minute', 'Min']\nunits.hours = ['Stunde', 'Std']\n[promises]\nnext = ['nächstes|nächste update|information']\n\
         announcements = ['wir informieren sie', 'info|']\nstarts = ['Neuigkeiten']\nrhythms = ['stündlich']\nbetween = ['spätestens', 'der']\n\
         leads = ['um', 'bis', 'innerhalb', 'alle']\nnegations = ['kein']\ntonight = ['nachts']\ndays = { morgen = 1 }\n",
    )
    .expect("words");
    for (text, expected) in [
        ("Nächstes Update in 30 Minuten.", "15:10"),
        (
            "Die nächste Information folgt um 16 Uhr.",
            "? Die nächste Information folgt um 16 Uhr",
        ),
        ("NÄCHSTE INFORMATION spätestens um 16 Uhr.", "16:00"),
        ("Wir informieren Sie innerhalb der Stunde.", "15:40"),
        ("Nächstes Update: morgen um 9:00", "2025-01-15 09:00"),
        ("Nächstes Update nachts um 0:15", "2025-01-15 00:15"),
        ("Neuigkeiten alle 20 Minuten", "15:00"),
        ("Neuigkeiten stündlich", "untimed"),
        ("Wir planen kein nächstes Update vor 16:00.", "none"),
        ("Next update in 20 minutes.", "15:00"),
        ("Nächstes Update in 1 Std. 30 Min.", "16:10"),
        ("Nächstes Update in 1 Stunde und 20 Minuten.", "16:00"),
        // An empty choice is no word.
        ("Details (in 30 minutes we saw errors).", "none"),
    ] {
        assert_eq!(promised_with(text, &added), expected, "{text}");
    }
    assert_eq!(promised("Nächstes Update in 30 Minuten."), "none");
}

#[test]
fn each_built_in_announcement_has_a_word_for_which_texts_are_searched() {
    let lists = [&BUILT_IN.next, &BUILT_IN.announcements, &BUILT_IN.starts];
    let phrases = lists.into_iter().flatten().map(|phrase| &**phrase);
    let phrases: Vec<&str> = phrases.collect();
    assert!(phrases.len() > 3);
    let is_found = |word: &str| ANNOUNCING.iter().any(|one| word.contains(one));
    let has_one = |phrase: &&&str| {
        phrase
            .split(' ')
            .any(|place| place.split('|').all(is_found))
    };
    let without: Vec<&&str> = phrases.iter().filter(|phrase| !has_one(phrase)).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn a_range_of_times_is_due_at_its_start() {
    assert_eq!(promised("Next update at 6pm-7pm"), "18:00");
    assert_eq!(promised("Next update at noon-1pm"), "2025-01-15 12:00");
}
