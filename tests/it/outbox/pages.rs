//! What administrators see of the queue and of kept mails, and what they do there.

use checkride::db::schema::people;
use checkride::domain::outbox::model::New;
use checkride::domain::outbox::{Channel, Letter, Outcome, State, store};
use checkride::mail::Mail;
use diesel::prelude::*;

use super::{all, letter, mail, post};
use crate::support::app::kept_mail;
use crate::support::smtp::Speaks;
use crate::support::{Mood, Role, Site, Smtp, TestApp, told};

#[test]
fn the_queue_shows_attempts_and_answers_and_is_retried_and_cancelled() {
    let site = Site::open();
    let (admin, now) = (site.client(Role::Administrator), site.app.now());
    admin.get("/admin/messages").assert_text("No message yet.");
    let id = site.app.db(|c| post(c, "one", now)).unwrap();
    let taken = site
        .app
        .db(|c| store::take(c, Channel::Mail, "a", now, 1))
        .messages;
    admin.get("/admin/messages").assert_text("Being sent");
    let retry = format!("/admin/messages/{id}/retry");
    let cancel = format!("/admin/messages/{id}/cancel");
    let early = admin.send(&retry, &[]);
    early
        .assert_status(409)
        .assert_text("This message is being sent now.");
    let refused = Outcome::Never("550 5.1.1 No such user".into());
    site.app
        .db(|c| store::end(c, &taken[0], "a", &refused, 0, now));
    let page = admin.get("/admin/messages?state=given_up");
    page.assert_text("1 attempt. Last answer: 550 5.1.1 No such user");
    page.assert_text("Mail to ada@example.com");
    assert!(!page.has_form(&cancel));
    admin
        .get("/admin/messages?state=sent")
        .assert_text("No message matches.");

    admin.send(&retry, &[]).assert_leads_to("/admin/messages");
    assert_eq!(all(&site.app)[0].state, State::Waiting);
    admin.send(&cancel, &[]).assert_leads_to("/admin/messages");
    assert_eq!(all(&site.app)[0].state, State::Cancelled);
    admin.send(&cancel, &[]).assert_status(409);
    assert_eq!(told(&site, "message.retried").len(), 1);
    assert_eq!(told(&site, "message.cancelled").len(), 1);
    admin
        .get("/admin/audit")
        .assert_text(&format!("cancelled message {id}"));
    admin
        .send("/admin/messages/99/retry", &[])
        .assert_status(404);
}

#[test]
fn a_long_queue_is_read_page_by_page() {
    let site = Site::open();
    let (admin, now) = (site.client(Role::Administrator), site.app.now());
    site.app.db(|c| {
        for n in 0..120 {
            let one = mail(&format!("n{n}"), &letter(&format!("Letter {n:03}")), now);
            store::post(c, &one, now)?;
        }
        Ok(())
    });
    let (mut path, mut seen) = ("/admin/messages?state=waiting".to_owned(), Vec::new());
    loop {
        let page = admin.get(&path);
        let text = page.assert_status(200).text();
        seen.extend((0..120).filter(|n| text.contains(&format!("Letter {n:03} Mail"))));
        let older = page.body.split("href=\"").skip(1);
        let older = older.filter_map(|rest| rest.split_once('"'));
        let next = older.filter(|(_, rest)| rest.starts_with(">Older messages"));
        match next
            .map(|(href, _)| href.replace("&amp;", "&").replace("&#38;", "&"))
            .next()
        {
            Some(next) => path = next,
            None => break,
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..120).collect::<Vec<_>>());
}

#[test]
fn kept_mails_are_shown_to_administrators_but_for_their_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let kept = Mail::new(&kept_mail(folder.path()), "http://ride.example").unwrap();
    let secret = Letter {
        button: Some((
            "Choose a password".into(),
            "/invite/0123456789abcdef".into(),
        )),
        is_secret: true,
        ..letter("Set a new password")
    };
    for one in [letter("A <b>plain</b> one"), secret] {
        assert!(matches!(
            crate::mail::send(&kept, &one, "a.1"),
            Outcome::Sent(_)
        ));
    }
    let site = Site::open_on(TestApp::start_with(|app| app.mail = kept));
    let page = site.client(Role::Administrator).get("/admin/mail");
    page.assert_text("A <b>plain</b> one");
    page.assert_text("Amara asks for your sign-off.");
    page.assert_text("This mail holds a one-time link. Only its receiver may read it.");
    assert!(!page.body.contains("0123456789abcdef"));
    site.app.client().get("/demo/mail").assert_status(404);
}

#[test]
fn the_demo_shows_its_mails_to_everyone() {
    let app = TestApp::demo();
    let client = app.client();
    client
        .get("/demo/mail")
        .assert_status(200)
        .assert_text("No mail yet.");
    client
        .get("/reset")
        .assert_text("the mail is shown at Mail of the demo");
}

#[test]
fn a_mail_that_waits_goes_to_the_address_of_now_and_to_nobody_who_left() {
    let server = Smtp::start(Speaks::Plain, false);
    server.is(Mood::Says("451 4.7.1 Try again later"));
    let site = Site::open_on(TestApp::start_with(|app| {
        app.mail = crate::mail::mail(&server)
    }));
    let (admin, now) = (site.client(Role::Administrator), site.app.now());
    for (key, member) in [("one", &site.mentee), ("two", &site.mentor)] {
        let to = (member.id, member.email.as_str());
        let new = New::mail(key, to, &letter(key), now).unwrap();
        site.app.db(|c| store::post(c, &new, now));
    }
    site.app.send_mails();
    site.app.db(|c| {
        diesel::update(people::table.find(site.mentee.id))
            .set((
                people::email.eq("new@example.com"),
                people::email_key.eq("new@example.com"),
            ))
            .execute(c)?;
        diesel::update(people::table.find(site.mentor.id))
            .set(people::deactivated_at.eq(now))
            .execute(c)?;
        Ok(())
    });
    server.is(Mood::Takes);
    for message in all(&site.app) {
        let retry = format!("/admin/messages/{}/retry", message.id);
        admin.send(&retry, &[]).assert_status(303);
    }
    site.app.send_mails();
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 1);
    assert!(
        arrived[0].to.contains("<new@example.com>"),
        "{}",
        arrived[0].to
    );
    let page = admin.get("/admin/messages");
    page.assert_text("Mail to new@example.com");
    page.assert_text("Last answer: The person has left.");
    let of = |key: &str| all(&site.app).into_iter().find(|m| m.key == key).unwrap();
    assert_eq!(of("one").state, State::Sent);
    assert_eq!(
        (of("two").state, of("two").body.as_str()),
        (State::Cancelled, "")
    );
}
