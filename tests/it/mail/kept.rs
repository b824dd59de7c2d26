//! Without a relay, mails are files.

use checkride::domain::audit::erasure::Traces;
use checkride::domain::outbox::{Letter, Outcome};
use checkride::mail::{Kept, Mail};
use mail_parser::MessageParser;

use super::{send, whole};
use crate::support::app::kept_mail;

#[test]
fn a_mail_without_a_relay_is_a_file_that_a_mail_program_opens() {
    let folder = tempfile::tempdir().unwrap();
    let mail = Mail::new(&kept_mail(folder.path()), "http://ride.example").unwrap();
    assert!(matches!(send(&mail, &whole(), "a.1"), Outcome::Sent(_)));
    let kept = mail.folder().unwrap().list();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].to.as_str(), &kept[0].letter),
        ("ada@example.com", &whole())
    );
    let files = std::fs::read_dir(folder.path()).unwrap();
    let mut files = files.map(|f| f.unwrap().path());
    let file = files
        .find(|f| f.extension().is_some_and(|e| e == "eml"))
        .unwrap();
    let bytes = std::fs::read(file).unwrap();
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(parsed.subject(), Some(whole().subject.as_str()));
}

#[test]
fn kept_mails_that_name_an_erased_person_can_be_told_from_the_others() {
    let traces = Traces::new(7, ("Al Bo", "al@example.com"), []);
    for (text, expected) in [
        (
            "Al Bo, Payments: The first key is due",
            Some("Erased person 7, Payments: The first key is due"),
        ),
        ("(Al Bo)", Some("(Erased person 7)")),
        (
            "Write to AL@example.com.",
            Some("Write to Erased person 7."),
        ),
        ("Royal Bo and Al Bonn stay", None),
    ] {
        assert_eq!(traces.without_names(text).as_deref(), expected, "{text}");
    }
    let folder = tempfile::tempdir().unwrap();
    let mail = Mail::new(&kept_mail(folder.path()), "http://ride.example").unwrap();
    for subject in ["Al Bo, Payments", "Royal Bo, Payments"] {
        let letter = Letter {
            subject: subject.into(),
            ..whole()
        };
        send(&mail, &letter, "a.1");
    }
    let kept = mail.folder().unwrap();
    let names = |kept: &Kept| traces.without_names(&kept.letter.subject).is_some();
    assert_eq!(kept.delete(names).unwrap(), 1);
    let left = kept.list();
    assert_eq!(
        (left.len(), left[0].letter.subject.as_str()),
        (1, "Royal Bo, Payments")
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}
