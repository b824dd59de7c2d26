//! What is mailed, and when: chosen by the person, or ended from a mail.

use checkride::domain::notification::{Choice, Kind, store};

use super::{left, letters, subjects};
use crate::support::{Decision, Role, Site};

fn choice(site: &Site, kind: Kind) -> Choice {
    let chosen = site.app.db(|c| store::choices(c, site.mentee.id));
    let own = chosen.iter().find(|(of, _)| *of == kind);
    kind.choice(own.map(|(_, choice)| *choice))
}

#[test]
fn a_kind_can_be_ended_but_not_what_others_wait_for() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let page = mentee.get("/inbox/mail");
    page.assert_text("What is mailed to you");
    mentee
        .form_at("/inbox/mail")
        .with("kind_session_planned", "never")
        .with("kind_signoff_waits", "never")
        .with("kind_cleared", "daily")
        .send(&mentee)
        .assert_leads_to("/inbox/mail");
    assert_eq!(choice(&site, Kind::SessionPlanned), Choice::Never);
    assert_eq!(choice(&site, Kind::Cleared), Choice::Daily);
    assert_eq!(choice(&site, Kind::SignoffWaits), Choice::AtOnce);
}

#[test]
fn a_mail_program_ends_mails_of_a_kind_with_one_click_and_no_cookie() {
    let site = Site::open();
    site.make_ready();
    let lead = site.client(Role::OwnerLead);
    let mentor = site.client(Role::Mentor);
    let id = site.client(Role::Mentee).ask(site.ramp_id);
    mentor.turn_first_key(id, "Ready").assert_status(303);
    lead.decision_form(id, Decision::Return)
        .with("note", "Almost")
        .with("gaps", "PAY-I2 Alone, at night")
        .send(&lead)
        .assert_status(303);
    let letter = left(&site.app, &site.mentee).pop().unwrap();
    assert_eq!(
        letter.subject,
        "Your ramp, Payments: Ruth Abara returned the sign-off and says why"
    );
    let address = letter.unsubscribe.unwrap();
    assert!(address.ends_with("/signoff_returned"), "{address}");

    // A program that only looks ends nothing.
    let program = site.app.client().without("sec-fetch-site");
    program
        .get(&address)
        .assert_status(200)
        .assert_text("End these mails");
    assert_eq!(choice(&site, Kind::SignoffReturned), Choice::AtOnce);
    program
        .post(&address, &[("List-Unsubscribe", "One-Click")])
        .assert_status(200)
        .assert_text("Mails of this kind have ended");
    assert_eq!(choice(&site, Kind::SignoffReturned), Choice::Never);

    // What one must decide cannot be ended so, and a made-up address is none.
    let other = address.replace("signoff_returned", "signoff_waits");
    program.get(&other).assert_status(404);
    program.post(&other, &[]).assert_status(404);
    for kind in Kind::ALL.iter().filter(|k| **k != Kind::SignoffReturned) {
        assert_eq!(choice(&site, *kind), kind.usual(), "{kind:?} was not ended");
    }
    let wrong = format!("/mail/{}/signoff_returned", "0".repeat(64));
    for (path, refused) in [(wrong.as_str(), 404), ("/mail/x/signoff_returned", 403)] {
        program.get(path).assert_status(404);
        program.post(path, &[]).assert_status(refused);
    }
    // Other forms still come from our own pages alone.
    program.post("/sign-out", &[]).assert_status(403);
}

#[test]
fn what_is_told_daily_comes_in_one_mail_of_the_morning_without_what_was_read() {
    let site = Site::open();
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    for summary in ["One", "Two"] {
        mentor
            .record_session(site.ramp_id, summary, &[("another", "1")])
            .assert_status(303);
        site.app.wait_hours(1);
    }
    let line = |text: &str| {
        let body = mentee.get("/inbox").body;
        let at = body.find(text).unwrap();
        let before = &body[..at];
        let from = before.rfind("/inbox/").unwrap();
        before[from..].split('"').next().unwrap().to_owned()
    };
    mentee
        .get(&line("recorded your session"))
        .assert_status(303);
    assert_eq!(subjects(&site.app, &site.mentee), Vec::<String>::new());
    // Tuesday 24 November, 08:00 in Tunis.
    site.app.wait_hours(20);
    site.app.rounds();
    assert_eq!(subjects(&site.app, &site.mentee), ["Today: 1 thing is new"]);
    let rows = letters(&site.app, &site.mentee).pop().unwrap().rows;
    assert!(
        rows[0].note.contains("recorded your session of"),
        "{rows:?}"
    );
    site.app.wait_hours(24);
    site.app.rounds();
    assert_eq!(
        subjects(&site.app, &site.mentee).len(),
        1,
        "an empty one is not sent"
    );
}

#[test]
fn the_daily_mail_ends_with_one_click_but_for_what_others_wait_for() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    mentee
        .form_at("/inbox/mail")
        .with("kind_ramp_proposed", "daily")
        .send(&mentee)
        .assert_status(303);
    let record = |summary: &str| {
        site.client(Role::Mentor)
            .record_session(site.ramp_id, summary, &[("another", "1")])
            .assert_status(303);
    };
    record("One");
    site.app.wait_hours(24);
    site.app.rounds();
    let daily = left(&site.app, &site.mentee).pop().unwrap();
    assert_eq!(daily.subject, "Today: 1 thing is new");
    let address = daily.unsubscribe.unwrap();
    assert!(address.ends_with("/daily"), "{address}");
    // This one waits for the next morning, and is told no longer.
    record("Two");
    let program = site.app.client().without("sec-fetch-site");
    program
        .get(&address)
        .assert_status(200)
        .assert_text("It still comes when others wait for your decision");
    assert_eq!(choice(&site, Kind::SessionRecorded), Choice::Daily);
    program
        .post(&address, &[("List-Unsubscribe", "One-Click")])
        .assert_status(200);
    assert_eq!(choice(&site, Kind::SessionRecorded), Choice::Never);
    assert_eq!(choice(&site, Kind::RampProposed), Choice::Daily);
    assert_eq!(choice(&site, Kind::Mentioned), Choice::AtOnce);
    site.app.wait_hours(24);
    site.app.rounds();
    let mails = subjects(&site.app, &site.mentee);
    let days = mails.iter().filter(|s| s.starts_with("Today")).count();
    assert_eq!(days, 1, "{mails:?}");
}
