//! A mentor's private notes: their author reads them, and nobody else.

use crate::support::{Form, Role, Site, path, told};

const WORDS: &str = "Freezes when the pager rings";

#[test]
fn only_their_author_ever_reads_them() {
    let site = Site::open();
    let notes = path::ramp_form(site.ramp_id, "notes");
    let mentor = site.client(Role::Mentor);
    mentor
        .history_page(site.ramp_id)
        .assert_text("Your private notes");
    mentor.get(&notes).assert_text("Only you read this");
    mentor
        .form_at(&notes)
        .with("note", WORDS)
        .send(&mentor)
        .assert_status(303);
    mentor.get(&notes).assert_text(WORDS);
    site.helped_by_the_stranger();
    let pages = [
        "/".to_owned(),
        path::ramp(site.ramp_id),
        path::history(site.ramp_id),
        notes.clone(),
        path::ramp_form(site.ramp_id, "comments"),
        path::person(&site.mentee.handle),
        path::person(&site.mentor.handle),
        "/admin/audit".into(),
        "/admin/audit.csv".into(),
        "/board.csv".into(),
    ];
    for role in Role::ALL {
        for page in &pages {
            let seen = site.client(role).get(page);
            let is_own = role == Role::Mentor && *page == notes;
            assert_eq!(seen.body.contains(WORDS), is_own, "{role:?} on {page}");
        }
    }
    // Another mentor has notes of their own.
    let other = site.client(Role::Stranger);
    let empty = other.form_at(&notes);
    assert_eq!(empty.get("note"), Some(""));
    // The log says that there are some, and not what they say.
    assert!(!told(&site, "ramp.note_kept").concat().contains(WORDS));
    assert_eq!(told(&site, "ramp.note_kept").len(), 1);
}

#[test]
fn two_windows_lose_nothing() {
    let site = Site::open();
    let notes = path::ramp_form(site.ramp_id, "notes");
    let mentor = site.client(Role::Mentor);
    let (one, other) = (mentor.form_at(&notes), mentor.form_at(&notes));
    one.with("note", "The first window")
        .send(&mentor)
        .assert_status(303);
    let overtaken = other.with("note", "The second window").send(&mentor);
    overtaken
        .assert_status(409)
        .assert_text("The first window")
        .assert_text("The second window");
    Form::on(&overtaken, &notes)
        .send(&mentor)
        .assert_status(303);
    mentor.get(&notes).assert_text("The second window");
    let long = "x".repeat(4001);
    let sent = mentor.form_at(&notes).with("note", &long).send(&mentor);
    sent.assert_status(422)
        .assert_text("The limit is 4000.")
        .assert_text(&long);
}
