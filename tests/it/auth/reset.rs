//! A new password without the old one, by a mail that the relay really took; and what is mailed about signing in.

use checkride::db::schema::{audit_entries, messages};
use checkride::domain::audit::Act;
use checkride::domain::invite::RESETS;
use checkride::domain::outbox::State;
use checkride::usecases::auth::actions::set_password;
use diesel::prelude::*;

use crate::mail::{mail, read};
use crate::outbox::all;
use crate::support::factory::PASSWORD;
use crate::support::smtp::{Speaks, wait_until};
use crate::support::{Form, Role, Site, Smtp, TestApp, path};

const NEW: &str = "eight loud magpies";
const CHOSEN: [(&str, &str); 2] = [("password", NEW), ("repeat_password", NEW)];
const SENT: &str = "If there is an account with that address, a mail with a link is on its way.";

fn site(server: &Smtp) -> Site {
    Site::open_on(TestApp::start_with(|app| app.mail = mail(server)))
}

/// Sends what waits, as the worker does; gives back the path of the link in the last mail.
fn link_in_mail(site: &Site, server: &Smtp) -> String {
    site.app.send_mails();
    let arrived = server.arrived();
    let text = read(arrived.last().unwrap())
        .body_text(0)
        .unwrap()
        .into_owned();
    let base = "https://ride.example/on/call";
    let link = text.lines().find_map(|l| l.strip_prefix(base)).unwrap();
    link.trim().to_owned()
}

fn ask(site: &Site, email: &str) {
    let client = site.app.client();
    let answer = client.post("/reset", &[("email", email)]);
    answer.assert_leads_to("/sign-in");
    client.get("/sign-in").assert_text(SENT);
}

/// The link is made after the answer.
fn ask_and_wait(site: &Site, email: &str, mails: usize) {
    ask(site, email);
    wait_until("the mail should be posted", || {
        all(&site.app).len() == mails
    });
}

fn entries(site: &Site, action: &str) -> i64 {
    let of = audit_entries::table.filter(audit_entries::action.eq(action));
    site.app.db(|c| Ok(of.count().get_result(c)?))
}

#[test]
fn a_mailed_link_sets_a_new_password_once_and_ends_every_session() {
    let server = Smtp::start(Speaks::StartTls, true);
    let site = site(&server);
    let before = site.client(Role::Mentee);
    ask_and_wait(&site, &site.mentee.email, 1);
    let link = link_in_mail(&site, &server);
    let secret = link.rsplit('/').next().unwrap().to_owned();
    let kept = &all(&site.app)[0];
    assert_eq!(
        (kept.state, kept.body.as_str()),
        (State::Sent, ""),
        "its words are gone"
    );

    let client = site.app.client();
    client.get(&link).assert_text("Choose a new password.");
    client.post(&link, &CHOSEN).assert_leads_to("/");
    assert!(client.is_signed_in());
    assert!(!before.is_signed_in());
    site.app.client().post(&link, &CHOSEN).assert_status(410);
    assert_eq!(
        site.app
            .client()
            .sign_in(&site.mentee.email, PASSWORD)
            .status,
        422
    );
    site.app
        .client()
        .sign_in(&site.mentee.email, NEW)
        .assert_status(303);
    assert_eq!(
        (entries(&site, "reset.sent"), entries(&site, "reset.used")),
        (1, 1)
    );
    let told: Vec<String> = site.app.db(|c| {
        Ok(audit_entries::table
            .select(audit_entries::details)
            .load(c)?)
    });
    assert!(!told.concat().contains(&secret));
}

#[test]
fn nobody_learns_whether_there_is_an_account() {
    let server = Smtp::start(Speaks::Plain, false);
    let site = site(&server);
    site.app.db(|c| {
        use checkride::db::schema::people;
        diesel::update(people::table.find(site.stranger.id))
            .set(people::deactivated_at.eq(site.app.now()))
            .execute(c)?;
        Ok(())
    });
    ask(&site, "nobody@example.com");
    ask(&site, &site.stranger.email);
    ask_and_wait(&site, &site.mentee.email, 1);
    let bad = site.app.client().post("/reset", &[("email", "ada")]);
    bad.assert_status(422);
    let waiting = all(&site.app);
    assert_eq!(waiting[0].person_id, Some(site.mentee.id));
    assert!(waiting[0].is_secret);
}

#[test]
fn nobody_ends_the_link_of_another_by_asking_again() {
    let server = Smtp::start(Speaks::Plain, false);
    let site = site(&server);
    let (act, id) = (site.act(Role::Administrator), site.mentee.id);
    let invited = site.app.db(|c| {
        let person = checkride::domain::people::store::by_id(c, id)?.unwrap();
        checkride::usecases::invite::actions::issue(c, &act, &person)
    });
    ask_and_wait(&site, &site.mentee.email, 1);
    let first = link_in_mail(&site, &server);
    ask_and_wait(&site, &site.mentee.email, 2);
    let second = link_in_mail(&site, &server);
    let client = site.app.client();
    for link in [&first, &second, &invited.path()] {
        client.get(link).assert_status(200);
    }
    // Of those that work, the one that is used ends the others.
    client.post(&first, &CHOSEN).assert_status(303);
    for link in [&first, &second, &invited.path()] {
        site.app.client().get(link).assert_status(410);
    }
}

#[test]
fn a_link_works_for_half_an_hour() {
    let server = Smtp::start(Speaks::Plain, false);
    let site = site(&server);
    ask_and_wait(&site, &site.mentee.email, 1);
    let link = link_in_mail(&site, &server);
    let client = site.app.client();
    site.app.wait_seconds(30 * 60 - 1);
    client.get(&link).assert_status(200);
    site.app.wait_seconds(1);
    client
        .get(&link)
        .assert_status(410)
        .assert_text("has expired");
    client.post(&link, &CHOSEN).assert_status(410);
}

#[test]
fn a_link_that_could_not_leave_in_time_never_does() {
    let server = Smtp::start(Speaks::Plain, false);
    let site = site(&server);
    ask_and_wait(&site, &site.mentee.email, 1);
    site.app.wait_seconds(30 * 60);
    site.app.send_mails();
    let late = &all(&site.app)[0];
    assert_eq!((late.state, late.body.as_str()), (State::Cancelled, ""));
    assert_eq!(late.answer, "The link in it no longer works.");
    assert!(server.arrived().is_empty());
}

#[test]
fn a_person_has_a_bounded_number_of_links_however_often_somebody_asks() {
    let server = Smtp::start(Speaks::Plain, false);
    let site = site(&server);
    let email = &site.mentee.email;
    let most = usize::try_from(RESETS).unwrap();
    for n in 1..=most {
        ask_and_wait(&site, email, n);
    }
    for _ in 0..3 {
        ask(&site, email);
    }
    let mut refused = 0;
    for _ in 0..6 {
        let answer = site.app.client().post("/reset", &[("email", email)]);
        refused += usize::from(answer.status == 429);
    }
    assert!(refused >= 2, "only {refused}");
    // What is asked for is done in its order.
    ask_and_wait(&site, &site.mentor.email, most + 1);
    let of = |id| {
        let of = messages::table.filter(messages::person_id.eq(id));
        site.app.db(|c| Ok(of.count().get_result::<i64>(c)?))
    };
    assert_eq!(of(site.mentee.id), RESETS);
    site.app.wait_seconds(30 * 60);
    ask_and_wait(&site, email, most + 2);
    // Signing in is counted apart.
    site.app
        .client()
        .sign_in(email, PASSWORD)
        .assert_status(303);
}

#[test]
fn an_installation_without_a_relay_says_who_can_help() {
    let site = Site::open();
    let client = site.app.client();
    let page = client.get("/reset");
    page.assert_text("This Checkride sends no mail.");
    assert!(!page.has_form("/reset"));
    let sent = client.post("/reset", &[("email", &site.mentee.email)]);
    sent.assert_status(409).assert_text("Ask an administrator");
    let admin = site.client(Role::Administrator);
    let page = admin.get(&format!("/admin/people/{}", site.mentee.handle));
    assert!(!page.text().contains("by mail"));
}

#[test]
fn an_administrator_mails_a_link_that_only_its_receiver_reads() {
    let server = Smtp::start(Speaks::Plain, false);
    let site = site(&server);
    let admin = site.client(Role::Administrator);
    let page = format!("/admin/people/{}", site.mentee.handle);
    let answer = admin.send(&format!("{page}/invite"), &[("by", "mail")]);
    answer.assert_leads_to(&page);
    admin
        .get(&page)
        .assert_text(&format!("A link is on its way to {}.", site.mentee.email));
    let body = all(&site.app)[0].body.clone();
    let secret = body
        .split("/invite/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert_eq!(secret.len(), 64);
    for page in ["/admin/messages", "/admin/audit", &page] {
        assert!(!admin.get(page).body.contains(secret), "{page}");
    }
    let link = link_in_mail(&site, &server);
    let client = site.app.client();
    client.post(&link, &CHOSEN).assert_leads_to("/");
    assert_eq!(entries(&site, "invite.used"), 1);
}

#[test]
fn a_link_that_went_to_a_wrong_address_ends_when_the_address_is_corrected() {
    let server = Smtp::start(Speaks::Plain, false);
    let site = site(&server);
    let admin = site.client(Role::Administrator);
    let page = format!("/admin/people/{}", site.mentee.handle);
    let (invite, details) = (format!("{page}/invite"), format!("{page}/details"));
    let change = |field, value| {
        let form = Form::on(&admin.get(&page), &details).with(field, value);
        form.send(&admin).assert_leads_to(&page);
        admin.get(&page)
    };
    admin.send(&invite, &[("by", "mail")]);
    let first = link_in_mail(&site, &server);
    ask_and_wait(&site, &site.mentee.email, 2);

    change("email", "leila@example.com")
        .assert_text("Saved. The link sent before no longer works. Send a new one.");
    site.app.client().get(&first).assert_status(410);
    let waited = &all(&site.app)[0];
    assert_eq!((waited.state, waited.body.as_str()), (State::Cancelled, ""));
    site.app.send_mails();
    assert_eq!(server.arrived().len(), 1, "nothing more left");
    assert_eq!(entries(&site, "invite.revoked"), 1);

    admin.send(&invite, &[("by", "mail")]);
    let second = link_in_mail(&site, &server);
    change("name", "Leila H. Haddad").assert_text("Saved.");
    site.app.client().get(&second).assert_status(200);
}

#[test]
fn the_mail_of_a_link_that_was_taken_back_never_leaves() {
    let server = Smtp::start(Speaks::Plain, false);
    let site = site(&server);
    let admin = site.client(Role::Administrator);
    let page = format!("/admin/people/{}", site.mentee.handle);
    let invite = format!("{page}/invite");
    let states = || {
        let newest_first = all(&site.app);
        let states = newest_first.iter().map(|m| (m.state, m.body.is_empty()));
        states.collect::<Vec<_>>()
    };
    admin.send(&invite, &[("by", "mail")]);
    admin.send(&invite, &[("by", "mail")]);
    let (waiting, cancelled) = ((State::Waiting, false), (State::Cancelled, true));
    assert_eq!(states(), [waiting, cancelled], "the second ended the first");
    admin.send(&format!("{page}/revoke-invite"), &[]);
    assert_eq!(states(), [cancelled, cancelled]);
    site.app.send_mails();
    assert!(server.arrived().is_empty());
}

#[test]
fn a_new_password_ends_the_links_that_would_set_another() {
    let server = Smtp::start(Speaks::Plain, false);
    let site = site(&server);
    ask_and_wait(&site, &site.mentee.email, 1);
    let first = link_in_mail(&site, &server);
    let owner = site.client(Role::Mentee);
    let change = [
        ("current_password", PASSWORD),
        ("new_password", NEW),
        ("repeat_password", NEW),
    ];
    owner.send(path::PASSWORD_FORM, &change).assert_status(303);
    site.app.client().get(&first).assert_status(410);

    // The operator sets one, as `checkride person set-password` does.
    let before = all(&site.app).len();
    ask_and_wait(&site, &site.mentee.email, before + 1);
    let second = link_in_mail(&site, &server);
    ask_and_wait(&site, &site.mentee.email, before + 2);
    let (act, id) = (Act::operator(site.app.now()), site.mentee.id);
    site.app
        .db(|c| set_password(c, &act, id, "a hash", (None, None)));
    site.app.client().get(&second).assert_status(410);
    assert_eq!(all(&site.app)[0].state, State::Cancelled);
}

#[test]
fn a_sign_in_from_a_new_browser_is_told_and_from_a_known_one_is_not() {
    let site = Site::open();
    let member = &site.mentee;
    let first = site.client(Role::Mentee);
    assert_eq!(all(&site.app), [], "there was no browser before");
    first.post("/sign-out", &[]);
    first.sign_in(&member.email, PASSWORD).assert_status(303);
    assert_eq!(all(&site.app), []);
    site.client(Role::Mentee);
    let told = all(&site.app);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].person_id, Some(member.id));
    assert_eq!(told[0].address, member.email);
    assert!(
        told[0].body.contains("from the network address 127.0.0.1"),
        "{}",
        told[0].body
    );
    let wrong = site.app.client().sign_in(&member.email, "not the password");
    assert_eq!(wrong.status, 422);
    assert_eq!(all(&site.app).len(), 1);
}

#[test]
fn nothing_is_mailed_to_a_person_who_has_left() {
    let site = Site::open();
    site.client(Role::Stranger);
    site.client(Role::Stranger);
    assert_eq!(all(&site.app).len(), 1);
    let admin = site.client(Role::Administrator);
    let leave = format!("/admin/people/{}/deactivate", site.stranger.handle);
    admin.send(&leave, &[("reason", "Left")]).assert_status(303);
    let cancelled = &all(&site.app)[0];
    assert_eq!(
        (cancelled.state, cancelled.body.as_str()),
        (State::Cancelled, "")
    );
}
