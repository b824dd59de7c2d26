//! What a mail about something planned carries.

use checkride::domain::calendar::engagement::Kind;
use checkride::domain::calendar::{Installation, Invitation, Party};
use checkride::domain::shift::ShiftKind;
use checkride::usecases::calendar::invitations;
use icalendar::Component;

use super::{read, starts};
use crate::shift;
use crate::support::{Role, Site, path};

fn invitation(site: &Site, kind: Kind, id: i64) -> Invitation {
    invitation_for(site, kind, id, site.mentee.id)
}

/// What a mail to that person would carry now.
pub fn invitation_for(site: &Site, kind: Kind, id: i64, person_id: i64) -> Invitation {
    let party = |name: &str, email: &str| Party {
        name: name.into(),
        email: email.into(),
    };
    let (from, to) = (
        party("Checkride", "checkride@example.com"),
        party("Leila Haddad", "leila@example.com"),
    );
    site.app.db(|c| {
        let here: Installation = invitations::installation(c, "https://ride.example")?;
        invitations::of(c, kind, id)?.invitation(&here, &from, (person_id, &to))
    })
}

/// The method, the number and the start.
pub fn told(invitation: &Invitation) -> (&'static str, u32, String) {
    let events = read(&invitation.ics);
    assert_eq!(events.len(), 1);
    let sequence = events[0].get_sequence().unwrap();
    (invitation.method.word(), sequence, starts(&events[0]))
}

#[test]
fn a_session_is_asked_for_moved_and_cancelled_under_one_name() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let place = crate::session::plan(&site, &mentor, "2027-03-26T09:00");
    let id: i64 = place.rsplit('/').next().unwrap().parse().unwrap();
    let mut all = vec![invitation(&site, Kind::Session, id)];
    // After the change to summer time in London, at the same hour there.
    for to in ["2027-03-29T09:00", "2027-03-30T10:30"] {
        mentor
            .form(&place, &path::session_form(id, "move"))
            .with("starts_at", to)
            .send(&mentor)
            .assert_status(303);
        all.push(invitation(&site, Kind::Session, id));
    }
    mentor
        .form(&place, &path::session_form(id, "cancel"))
        .with("cancel_reason", "Not needed")
        .send(&mentor)
        .assert_status(303);
    all.push(invitation(&site, Kind::Session, id));
    let steps: Vec<_> = all.iter().map(told).collect();
    let at = |text: &str| text.to_owned();
    assert_eq!(
        steps,
        [
            ("REQUEST", 0, at("2027-03-26T09:00:00Z")),
            ("REQUEST", 1, at("2027-03-29T08:00:00Z")),
            ("REQUEST", 2, at("2027-03-30T09:30:00Z")),
            ("CANCEL", 3, at("2027-03-30T09:30:00Z")),
        ]
    );
    let uids: Vec<_> = all
        .iter()
        .map(|i| read(&i.ics)[0].get_uid().unwrap().to_owned())
        .collect();
    assert!(uids.iter().all(|uid| *uid == uids[0]), "{uids:?}");
    let second = read(&all[1].ics);
    let clocks = second[0].get_description().unwrap();
    // Tunis keeps its clock.
    assert!(clocks.contains("09:00 in Europe/London"), "{clocks}");
    assert!(clocks.contains("09:00 in Africa/Tunis"), "{clocks}");
    // Whoever is invited learns no other address.
    assert!(!all[0].ics.contains(&site.mentor.email));
}

#[test]
fn shifts_and_drills_are_told_the_same_way() {
    let site = Site::open();
    let shift = shift::planned(&site, ShiftKind::Shadow, (48, 56));
    assert_eq!(
        told(&invitation(&site, Kind::Shift, shift)),
        ("REQUEST", 0, "2026-11-25T09:00:00Z".into())
    );
    let mentor = site.client(Role::Mentor);
    let page = format!("/shifts/{shift}");
    mentor
        .form(&page, &format!("{page}/cancel"))
        .with("cancel_reason", "No pager")
        .send(&mentor)
        .assert_status(303);
    assert_eq!(told(&invitation(&site, Kind::Shift, shift)).0, "CANCEL");
    assert_eq!(told(&invitation(&site, Kind::Shift, shift)).1, 1);

    let drill = site.plan_drill();
    let made = invitation(&site, Kind::Drill, drill);
    assert_eq!(told(&made), ("REQUEST", 0, "2026-11-23T10:00:00Z".into()));
    assert!(!made.ics.contains("provider"));
    let page = format!("/drills/{drill}");
    mentor
        .form(&format!("{page}/edit"), &format!("{page}/edit"))
        .with("starts_at", "2026-11-24T10:00")
        .send(&mentor)
        .assert_status(303);
    assert_eq!(
        told(&invitation(&site, Kind::Drill, drill)),
        ("REQUEST", 1, "2026-11-24T10:00:00Z".into())
    );
}
