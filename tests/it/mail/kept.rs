//! Without a relay, mails are files.

use checkride::domain::outbox::Outcome;
use checkride::mail::Mail;
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
