//! Without a relay, mails are files.

use checkride::domain::audit::Act;
use checkride::domain::audit::erasure::Traces;
use checkride::domain::outbox::{Letter, Outcome};
use checkride::domain::people::{Reason, store};
use checkride::mail::{Kept, Mail};
use checkride::usecases::people::actions::deactivate;
use mail_parser::MessageParser;

use super::{send, whole};
use crate::support::app::kept_mail;
use crate::support::process::{add_person, checkride_on, printed, refused};
use crate::support::{Database, at};

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
    assert_eq!(kept.erase(names).unwrap(), 1);
    let left = kept.list();
    assert_eq!(
        (left.len(), left[0].letter.subject.as_str()),
        (1, "Royal Bo, Payments")
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn an_erasure_that_met_a_file_it_could_not_delete_is_repeated() {
    let database = Database::migrated();
    add_person(&database, "Ines Duarte", "ines@example.com");
    add_person(&database, "Al Bo", "al@example.com");
    let mut c = database.connect();
    let person = |c: &mut _| store::by_email(c, "al@example.com").unwrap();
    let handle = person(&mut c).unwrap().handle;
    let act = Act::operator(at("2026-11-23T09:00:00Z"));
    deactivate(&mut c, &act, &handle, &Reason::default()).unwrap();

    let data = tempfile::tempdir().unwrap();
    let mails = data.path().join("mail");
    let mail = Mail::new(&kept_mail(&mails), "http://ride.example").unwrap();
    let letter = Letter {
        subject: "Al Bo, Payments".into(),
        ..whole()
    };
    send(&mail, &letter, "a.1");
    // A folder is no file.
    let odd = mails.join("00000007-0a1b2c3d.eml");
    std::fs::create_dir(&odd).unwrap();
    let data = data.path().to_str().unwrap();
    let erase = || {
        checkride_on(
            &database,
            &["--data-dir", data, "person", "erase", "al@example.com"],
        )
    };
    refused(&mut erase());
    assert!(person(&mut c).is_some(), "nothing was erased yet");
    std::fs::remove_dir(&odd).unwrap();
    let said = printed(&mut erase());
    assert!(said.contains("Erased from the account"), "{said}");
    assert!(person(&mut c).is_none());
    assert_eq!(std::fs::read_dir(&mails).unwrap().count(), 0);
}
