//! The calendar of whoever moves or cancels follows too; their own deed is no news to them.

use checkride::domain::shift::ShiftKind;

use super::handed_over::invited;
use crate::shift;
use crate::support::{Client, Member, Role, Site, path};

/// Sends the form on that page, and says so in a later second than what was before.
fn send(site: &Site, by: &Client, (page, form): (&str, &str), fields: &[(&str, &str)]) {
    site.app.wait_seconds(60);
    let form = by.form(page, form);
    let form = fields
        .iter()
        .fold(form, |form, (name, value)| form.with(name, value));
    form.send(by).assert_status(303);
}

/// The last words of each mail with an entry, after what it is about.
fn notes(site: &Site, to: &Member, object: &str) -> Vec<String> {
    let all = invited(site, to, object).into_iter();
    all.map(|s| s.split(": ").skip(1).collect::<Vec<_>>().join(": "))
        .collect()
}

#[test]
fn a_mentee_who_was_invited_and_moves_or_cancels_gets_the_entry_of_now() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let mentor = site.client(Role::Mentor);
    let page = crate::session::plan(&site, &mentor, "2026-11-25T11:00");
    let id: i64 = page.rsplit('/').next().unwrap().parse().unwrap();
    let form = |word| path::session_form(id, word);
    let unread = || mentee.get("/inbox/count").body;
    assert_eq!(unread(), "1");
    let moved = ("starts_at", "2026-11-26T11:00");
    send(&site, &mentee, (&page, &form("move")), &[moved]);
    let why = ("cancel_reason", "The region is down");
    send(&site, &mentee, (&page, &form("cancel")), &[why]);
    let object = format!("session:{id}");
    let said = notes(&site, &site.mentee, &object);
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said[1].starts_with("You moved the session to Thu 26 Nov"),
        "{said:?}"
    );
    assert!(
        said[2].starts_with("You cancelled the session of Thu 26 Nov"),
        "{said:?}"
    );
    let said = notes(&site, &site.mentor, &object);
    assert!(
        said[0].starts_with("Leila Haddad moved the session to"),
        "{said:?}"
    );
    // Their bell stays as it was; the inbox has it among what was read.
    assert_eq!(unread(), "1");
    mentee.get("/inbox").assert_text("You moved the session to");
}

#[test]
fn who_moves_a_shift_changes_a_drill_or_cancels_one_gets_the_entry_too() {
    let site = Site::open();
    let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
    let shift = shift::planned(&site, ShiftKind::Shadow, (48, 56));
    let page = format!("/shifts/{shift}");
    let why = ("cancel_reason", "No pager");
    send(&site, &mentee, (&page, &format!("{page}/cancel")), &[why]);
    let said = notes(&site, &site.mentee, &format!("shift:{shift}"));
    assert!(
        said.len() == 2 && said[1].starts_with("You cancelled the shift of"),
        "{said:?}"
    );

    let drill = site.plan_drill();
    let page = format!("/drills/{drill}");
    let edit = format!("{page}/edit");
    let later = ("starts_at", "2026-11-24T10:00");
    send(&site, &mentor, (&edit, &edit), &[later]);
    let why = ("cancel_reason", "No staging");
    send(&site, &mentor, (&page, &format!("{page}/cancel")), &[why]);
    let said = notes(&site, &site.mentor, &format!("drill:{drill}"));
    assert!(
        said.len() == 2
            && said[0].starts_with("You changed the drill. It is planned for Tue 24 Nov")
            && said[1].starts_with("You cancelled the drill of Tue 24 Nov"),
        "{said:?}"
    );
    assert_eq!(mentor.get("/inbox/count").body, "0");
}
