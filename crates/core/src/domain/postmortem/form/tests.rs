use super::super::document::tests::document;
use super::*;
use crate::error::Error;
use proptest::prelude::*;

fn local() -> LocalTime {
    let now = "2026-11-23T09:00:00Z".parse::<jiff::Timestamp>().unwrap();
    LocalTime::new("Asia/Singapore", now.into())
}

fn whole() -> Document {
    Document {
        link: Some("https://wiki.example/inc/1".into()),
        actions: vec![
            Action {
                what: "Refuse purge-all".into(),
                owner: "Edge team".into(),
                link: Some("https://tracker.example/7".into()),
            },
            Action {
                what: "Tell support".into(),
                owner: String::new(),
                link: None,
            },
        ],
        ..document()
    }
}

#[test]
fn the_form_shows_again_what_was_read() {
    let form = PostmortemForm::of(&whole(), 3, &local());
    assert_eq!(form.read(&local()).unwrap(), whole());
    assert_eq!(
        form.occurred_at.text, "2026-06-19T03:42",
        "as it was read there"
    );
    assert_eq!(form.points_with_space().len(), 3);
}

#[test]
fn every_wrong_field_is_reported_at_once() {
    let form = PostmortemForm {
        occurred_at: MomentField::sent(
            &Fields::of(&[("occurred_at", "2026-12-01T09:00")]),
            "occurred_at",
            &local(),
        ),
        minutes: "0".into(),
        link: "javascript:alert(1)".into(),
        actions: " | someone".into(),
        points: vec![
            PointForm::default(),
            PointForm {
                now: "Look first".into(),
                ..PointForm::default()
            },
        ],
        ..PostmortemForm::default()
    };
    let Err(Error::Invalid(errors)) = form.read(&local()) else {
        panic!("it was read");
    };
    let fields: Vec<_> = errors.iter().map(|(field, _)| field).collect();
    assert_eq!(
        fields,
        [
            "title",
            "severity",
            "occurred_at",
            "minutes",
            "link",
            "saw-2",
            "actions"
        ]
    );
}

#[test]
fn codes_may_have_any_separator() {
    assert_eq!(
        codes(" pay-i1, PAY-O2;PAY-I1\nedge-c1 "),
        ["PAY-I1", "PAY-O2", "EDGE-C1"]
    );
}

proptest! {
    #[test]
    fn whatever_is_sent_is_read_or_refused(
        pairs in prop::collection::vec(
            ("(title|severity|occurred_at|minutes|area|systems|link|symptoms|saw-[0-9]|now-[1-8]|teaches-[1-8]|actions|body)",
             "(sev1|[0-9]{1,9}|2026-06-18T19:42|\\PC{0,40}|a \\| b \\| https://x.example)"),
            0..16,
        ),
    ) {
        let pairs: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let form = PostmortemForm::typed(&Fields::of(&pairs), &local());
        if let Ok(document) = form.read(&local()) {
            let again = PostmortemForm::of(&document, 0, &local()).read(&local()).unwrap();
            prop_assert_eq!(again, document);
        }
        prop_assert!((2..=MAX_POINTS).contains(&form.points_with_space().len()));
    }
}
