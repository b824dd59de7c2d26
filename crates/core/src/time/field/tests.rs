use super::*;
use crate::sample::at;
use proptest::prelude::*;

fn clock(zone: &str) -> LocalTime {
    LocalTime::new(zone, at("2026-11-12T20:00:00Z"))
}

fn typed(text: &str, zone: &str) -> MomentField {
    MomentField {
        text: text.into(),
        zone: zone.into(),
        ..MomentField::default()
    }
}

fn read(field: &MomentField) -> Result<String, String> {
    field.read("missing").map(UtcTime::iso)
}

fn back(field: &MomentField) -> MomentField {
    let names = [
        ("at", &field.text),
        ("at_zone", &field.zone),
        ("at_exact", &field.exact),
        ("at_meant", &field.meant),
    ];
    let pairs: Vec<_> = names.iter().map(|(k, v)| (*k, v.as_str())).collect();
    // Read by somebody whose account is in another zone by now.
    MomentField::sent(&Fields::of(&pairs), "at", &clock("Asia/Tokyo"))
}

#[test]
fn a_skipped_time_is_refused_with_the_one_the_clock_shows_instead() {
    for (text, zone, sentence) in [
        (
            "2027-03-14T02:30",
            "America/Toronto",
            "02:30 is skipped that night. Enter 03:30.",
        ),
        (
            "2026-03-29T01:00",
            "Europe/Lisbon",
            "01:00 is skipped that night. Enter 02:00.",
        ),
        (
            "2026-10-04T02:10",
            "Australia/Lord_Howe",
            "02:10 is skipped that night. Enter 02:40.",
        ),
        // The whole day was.
        (
            "2011-12-30T10:00",
            "Pacific/Apia",
            "10:00 is skipped that night. Enter 10:00 on 31 Dec 2011.",
        ),
    ] {
        let refused = read(&typed(text, zone));
        assert_eq!(refused.unwrap_err(), sentence, "{text} {zone}");
    }
}

#[test]
fn a_repeated_time_asks_which_and_remembers() {
    let asked = typed("2026-11-01T01:30", "America/Toronto");
    assert_eq!(
        read(&asked).unwrap_err(),
        "01:30 comes twice that night. Choose the first or the second time."
    );
    let times = asked.twice().unwrap();
    assert_eq!(
        times.each_ref().map(|t| (t.label.as_str(), t.chosen)),
        [
            ("First time, UTC-04", false),
            ("Second time, UTC-05", false)
        ]
    );
    for (n, time) in times.iter().enumerate() {
        let answered = MomentField {
            meant: time.value.clone(),
            ..asked.clone()
        };
        let iso = ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"][n];
        assert_eq!(read(&answered).unwrap(), iso);
        // Filled in from what was stored, it is known which.
        let shown = MomentField::of(at(iso), &clock("America/Toronto"));
        assert!(shown.twice().unwrap()[n].chosen);
        // Ten minutes later in the same hour of the same night is the same side; a year later it is asked again.
        let later = MomentField {
            text: "2026-11-01T01:40".into(),
            ..answered.clone()
        };
        assert!(later.twice().unwrap()[n].chosen);
        let next_year = MomentField {
            text: "2027-11-07T01:30".into(),
            ..answered
        };
        assert!(read(&next_year).is_err());
    }
}

#[test]
fn the_second_time_can_take_the_place_of_the_first() {
    let first = MomentField::of(at("2026-10-25T00:30:12.25Z"), &clock("Europe/Lisbon"));
    let [_, second] = first.twice().unwrap();
    let changed = MomentField {
        meant: second.value,
        ..first
    };
    assert_eq!(
        changed.read("missing").unwrap(),
        at("2026-10-25T01:30:12.25Z")
    );
}

#[test]
fn a_fraction_before_1970_is_kept_in_a_repeated_hour() {
    let was = at("1947-04-01T04:00:00.000001Z");
    let field = MomentField::of(was, &clock("America/Santiago"));
    assert!(field.twice().is_some());
    assert_eq!(field.read("missing"), Ok(was));
}

#[test]
fn a_text_is_read_on_the_clock_it_was_shown_on() {
    let field = MomentField {
        text: "2027-02-01T10:00".into(),
        ..MomentField::of(at("2027-02-01T14:00:00Z"), &clock("America/Toronto"))
    };
    assert_eq!(read(&back(&field)).unwrap(), "2027-02-01T15:00:00Z");
    let alone = Fields::of(&[("at", "2027-02-01T10:00")]);
    let alone = MomentField::sent(&alone, "at", &clock("Asia/Tokyo"));
    assert_eq!(read(&alone).unwrap(), "2027-02-01T01:00:00Z");
    assert_eq!(
        read(&typed("2027-02-01T10:00", "Mars/Olympus")).unwrap_err(),
        "The time zone “Mars/Olympus” of this field is unknown. Load the page again."
    );
    assert_eq!(read(&typed("soon", "UTC")).unwrap_err(), "missing");
    assert_eq!(
        read(&typed("2026-06-18T19:42:07+02:00", "Asia/Tokyo")).unwrap(),
        "2026-06-18T17:42:07Z"
    );
}

#[test]
fn a_form_filled_in_with_a_skipped_time_shows_the_next_one() {
    let civil = "2027-03-14T02:30".parse::<DateTime>().unwrap();
    let field = MomentField::on_clock(civil, &clock("America/Toronto"));
    assert_eq!(field.text, "2027-03-14T03:30");
    assert_eq!(read(&field).unwrap(), "2027-03-14T07:30:00Z");
}

/// Zones whose clocks change at odd hours, by odd amounts, or never.
const ZONES: [&str; 12] = [
    "UTC",
    "America/Toronto",
    "Europe/Lisbon",
    "Europe/Dublin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Antarctica/Troll",
];

/// Moments of a hundred years, most of them near a night in which a clock changes.
fn moments() -> impl Strategy<Value = UtcTime> {
    let any = -1_000_000_000_i64..2_500_000_000;
    let near = (0..ZONES.len(), any.clone(), -7_200_i64..7_200).prop_map(|(zone, second, by)| {
        let from = Timestamp::from_second(second).unwrap();
        let zone = TimeZone::get(ZONES[zone]).unwrap();
        let change = zone.following(from).next().map(|t| t.timestamp());
        change.unwrap_or(from).as_second() + by
    });
    (prop_oneof![any, near], 0..1_000_000_i64).prop_map(|(second, micro)| {
        let second = if micro % 3 == 0 {
            second - second.rem_euclid(60)
        } else {
            second
        };
        Timestamp::from_microsecond(second * 1_000_000 + micro)
            .unwrap()
            .into()
    })
}

proptest! {
    #[test]
    fn a_field_left_alone_is_the_moment_it_shows(at in moments(), zone in 0..ZONES.len()) {
        let field = MomentField::of(at, &clock(ZONES[zone]));
        prop_assert_eq!(field.read("missing"), Ok(at));
        prop_assert_eq!(back(&field).read("missing"), Ok(at));
    }

    #[test]
    fn a_changed_text_is_what_the_clock_of_the_field_shows_then(
        (was, is) in (moments(), moments()),
        zone in 0..ZONES.len(),
    ) {
        let local = clock(ZONES[zone]);
        let text = text_of(local.civil(is));
        let field = back(&MomentField { text: text.clone(), ..MomentField::of(was, &local) });
        match (field.read("missing"), field.twice()) {
            (Ok(at), None) => prop_assert_eq!(text_of(local.civil(at)), text),
            (read, Some(times)) => {
                prop_assert_ne!(&times[0].value, &times[1].value);
                for time in times {
                    let meant = MomentField { meant: time.value, ..field.clone() };
                    let at = meant.read("missing").unwrap();
                    prop_assert_eq!(text_of(local.civil(at)), text.clone());
                }
                prop_assert!(read.is_ok() || !field.twice().unwrap().iter().any(|t| t.chosen));
            }
            (Err(sentence), None) => prop_assert!(false, "{} was shown, and refused: {}", text, sentence),
        }
    }

    #[test]
    fn what_is_offered_in_place_of_a_skipped_time_is_taken(at in moments(), minutes in -180_i64..180, zone in 0..ZONES.len()) {
        let local = clock(ZONES[zone]);
        let civil = local.civil(at).checked_add(jiff::SignedDuration::from_mins(minutes)).unwrap();
        let field = typed(&text_of(civil), ZONES[zone]);
        if let Err(sentence) = field.read("missing") {
            let is_asked = field.twice().is_some();
            prop_assert!(is_asked || sentence.contains(" is skipped that night. Enter "), "{}", sentence);
            let instead = MomentField::on_clock(civil, &local);
            prop_assert!(instead.read("missing").is_ok());
        }
    }

    #[test]
    fn whatever_is_sent_is_read_or_refused(text in "\\PC{0,30}|-?[0-9]{4}-1[0-2]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]", zone in "\\PC{0,20}", exact in "\\PC{0,30}|-?9999-01-01T00:00:00Z", meant in "\\PC{0,20}") {
        let field = MomentField { text, zone, exact, meant };
        let _ = (field.read("missing"), field.twice());
    }
}
