//! The conversation, and what the other side sees.

use checkride::domain::outbox::{Outcome, State};
use mail_parser::MimeHeaders;

use super::{header, mail, mail_believing, read, send, whole};
use crate::outbox::{all, post};
use crate::support::smtp::{Speaks, USER};
use crate::support::{Mood, Role, Site, Smtp, TestApp};

const TEXT: &str = "\
Amara Økafor asks for your sign-off in Checkout & payments. Every gate
of version 3 of the standard is met, and the first key was turned by
Ingrid Solberg on 20 Nov.

You are asked because you lead Commerce SRE.

- PAY-I2: Fail over <the> gateway
  4 of 5, assessed 19 Nov
  https://ride.example/on/call/ramps/3/competencies/PAY-I2

Open the sign-off:
https://ride.example/on/call/sign-offs/3

--\x20
Checkride, https://ride.example/on/call
Stop mails of this kind: https://ride.example/on/call/unsubscribe/2a7f
";

#[test]
fn a_letter_arrives_over_starttls_as_it_was_written() {
    let server = Smtp::start(Speaks::StartTls, true);
    let outcome = send(&mail(&server), &whole(), "signoff:3:ada.17");
    assert_eq!(outcome, Outcome::Sent("250 2.0.0 Queued".into()));
    let arrived = &server.arrived()[0];
    assert!(arrived.is_encrypted);
    assert_eq!(arrived.user.as_deref(), Some(USER));
    assert!(
        arrived.from.contains("<checkride@ride.example>"),
        "{}",
        arrived.from
    );
    assert!(arrived.to.contains("<ada@example.com>"), "{}", arrived.to);

    let said = |name| header(arrived, name).unwrap_or_default();
    let snapshot = [
        ("From", "Checkride <checkride@ride.example>"),
        ("To", "ada@example.com"),
        ("Date", "Mon, 23 Nov 2026 09:00:00 +0000"),
        ("Message-ID", "<signoff.3.ada.17@ride.example>"),
        ("In-Reply-To", "<thread.ramp.3@ride.example>"),
        ("References", "<thread.ramp.3@ride.example>"),
        ("Auto-Submitted", "auto-generated"),
        (
            "List-Unsubscribe",
            "<https://ride.example/on/call/unsubscribe/2a7f>",
        ),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ];
    for (name, value) in snapshot {
        assert_eq!(said(name), value, "{name}");
    }
    let parsed = read(arrived);
    assert_eq!(
        parsed.subject(),
        Some("Sign-off of Amara Økafor waits for you")
    );
    let text = parsed.body_text(0).unwrap().replace("\r\n", "\n");
    assert_eq!(text, TEXT);
    let html = parsed.body_html(0).unwrap();
    assert!(
        html.contains("https://ride.example/on/call/sign-offs/3"),
        "{html}"
    );
    assert!(html.contains("Fail over &#60;the&#62; gateway"), "{html}");
    assert!(html.contains("prefers-color-scheme: dark"), "{html}");
    for remote in ["<img", "<script", "<link", "url(", "@import", "http://"] {
        assert!(!html.contains(remote), "{remote} in {html}");
    }
}

#[test]
fn a_letter_arrives_over_tls_and_without_any_on_this_machine() {
    for speaks in [Speaks::Tls, Speaks::Plain] {
        let server = Smtp::start(speaks, true);
        let outcome = send(&mail(&server), &whole(), "a.1");
        assert_eq!(
            outcome,
            Outcome::Sent("250 2.0.0 Queued".into()),
            "{speaks:?}"
        );
        assert_eq!(server.arrived()[0].is_encrypted, speaks == Speaks::Tls);
    }
}

#[test]
fn an_invitation_is_a_part_that_mail_programs_understand() {
    let server = Smtp::start(Speaks::Plain, false);
    let site = Site::open_on(TestApp::start_with(|app| app.mail = mail(&server)));
    let mentee = site.client(Role::Mentee);
    let plan = format!("/ramps/{}/sessions/plan", site.ramp_id);
    mentee
        .form_at(&plan)
        .with("starts_at", "2026-11-26T11:00")
        .send(&mentee)
        .assert_status(303);
    site.app.send_mails();
    let arrived = &server.arrived()[0];
    let parsed = read(arrived);
    let calendars: Vec<_> = parsed
        .parts
        .iter()
        .filter(|p| {
            p.content_type()
                .is_some_and(|t| t.subtype() == Some("calendar"))
        })
        .collect();
    assert_eq!(calendars.len(), 1);
    let kind = calendars[0].content_type().unwrap();
    assert_eq!(kind.attribute("method"), Some("REQUEST"));
    assert!(
        calendars[0]
            .text_contents()
            .unwrap()
            .contains("DTSTART:20261126T100000Z")
    );
    let mut names = parsed.attachments().filter_map(|p| p.attachment_name());
    assert_eq!(names.next(), Some("event.ics"));
}

#[test]
fn one_connection_is_kept_for_the_next_mail() {
    let server = Smtp::start(Speaks::Tls, true);
    let mail = mail(&server);
    for n in 0..3 {
        send(&mail, &whole(), &format!("a.{n}"));
    }
    assert_eq!(server.arrived().len(), 3);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_refusal_of_the_mail_is_final_and_any_other_trouble_is_not() {
    let server = Smtp::start(Speaks::Plain, false);
    let mail = mail(&server);
    let with = |mood| {
        server.is(mood);
        send(&mail, &whole(), "a.1")
    };
    let refused = Outcome::Never("550 5.1.1 No such user".into());
    assert_eq!(with(Mood::Says("550 5.1.1 No such user")), refused);
    let greylisted = Outcome::Later("451 4.7.1 Greylisted".into());
    assert_eq!(with(Mood::Says("451 4.7.1 Greylisted")), greylisted);
    assert!(matches!(with(Mood::Closes), Outcome::Later(_)));
    assert!(
        matches!(with(Mood::Takes), Outcome::Sent(_)),
        "the connection is opened again"
    );
    let fresh = super::mail(&server);
    drop(server);
    let nobody = send(&fresh, &whole(), "a.1");
    assert!(matches!(nobody, Outcome::Later(_)), "{nobody:?}");
}

#[test]
fn a_sender_that_the_relay_refuses_costs_no_mail_and_is_seen() {
    let server = Smtp::start(Speaks::Plain, false);
    server.is(Mood::RefusesUs("553 5.1.8 Sender address rejected"));
    let site = Site::open_on(TestApp::start_with(|app| app.mail = mail(&server)));
    let (admin, now) = (site.client(Role::Administrator), site.app.now());
    for key in ["one", "two"] {
        site.app.db(|c| post(c, key, now));
    }
    site.app.send_mails();
    for message in all(&site.app) {
        assert_eq!(message.state, State::Waiting, "{}", message.answer);
        assert!(message.answer.contains("553 5.1.8"), "{}", message.answer);
    }
    let page = admin.get("/admin/messages");
    page.assert_text("No mail leaves: the relay cannot be used.");
    page.assert_text("553 5.1.8 Sender address rejected");

    // A receiver that is refused is another thing: only that mail is given up, and the relay can be used.
    server.is(Mood::Says("550 5.1.1 No such user"));
    site.app.wait_hours(1);
    site.app.send_mails();
    assert!(all(&site.app).iter().all(|m| m.state == State::GivenUp));
    let page = admin.get("/admin/messages").text();
    assert!(!page.contains("No mail leaves"), "{page}");
}

#[test]
fn a_sender_that_is_refused_late_costs_no_mail_either() {
    let server = Smtp::start(Speaks::Plain, false);
    let site = Site::open_on(TestApp::start_with(|app| app.mail = mail(&server)));
    let (admin, now) = (site.client(Role::Administrator), site.app.now());
    site.app.db(|c| post(c, "one", now));
    for (mood, answer) in [
        (
            Mood::RefusesUsLate as fn(&'static str) -> Mood,
            "553 5.7.1 Sender address rejected",
        ),
        (Mood::RefusesUsLate, "554 5.7.1 Relay access denied"),
        (
            Mood::RefusesUsAtLast,
            "550 5.7.60 May not send as this sender",
        ),
    ] {
        server.is(mood(answer));
        site.app.send_mails();
        let message = all(&site.app).remove(0);
        assert_eq!(message.state, State::Waiting, "{answer}");
        let page = admin.get("/admin/messages");
        page.assert_text("No mail leaves: the relay cannot be used.");
        page.assert_text(answer);
        site.app.wait_hours(1);
    }
    server.is(Mood::Takes);
    site.app.send_mails();
    assert_eq!(all(&site.app)[0].state, State::Sent);
    let page = admin.get("/admin/messages").text();
    assert!(!page.contains("No mail leaves"), "{page}");
}

#[test]
fn a_wrong_password_is_our_fault_not_the_mails() {
    let server = Smtp::start(Speaks::Tls, true);
    let url = server.url().replace("magpies", "herons");
    let ca = server.ca();
    let nowhere = std::path::Path::new("/nonexistent");
    let plan = checkride::mail::Plan::read(Some(&url), Some(super::FROM), Some(&ca), nowhere);
    let mail = checkride::mail::Mail::new(&plan.unwrap(), "https://ride.example").unwrap();
    let outcome = send(&mail, &whole(), "a.1");
    let Outcome::Later(answer) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        answer.contains("535") && !answer.contains("herons"),
        "{answer}"
    );
}

#[test]
fn a_certificate_that_is_not_known_or_of_another_name_is_not_believed() {
    for speaks in [Speaks::Tls, Speaks::StartTls] {
        let unknown = Smtp::start(speaks, true);
        let other = Smtp::start_as("mail.example.com", speaks, true);
        for (server, ca) in [(&unknown, None), (&other, Some(other.ca()))] {
            let mail = mail_believing(server, ca.as_deref());
            let outcome = send(&mail, &whole(), "a.1");
            assert!(
                matches!(&outcome, Outcome::Later(why) if why.contains("certificate")),
                "{outcome:?}"
            );
            assert!(server.arrived().is_empty());
        }
    }
}

#[test]
fn nothing_is_said_in_the_clear_to_a_server_without_starttls() {
    let plain = Smtp::start(Speaks::Plain, true);
    let url = plain.url().replace("smtp+plain", "smtp");
    let nowhere = std::path::Path::new("/nonexistent");
    let plan = checkride::mail::Plan::read(Some(&url), Some(super::FROM), None, nowhere);
    let mail = checkride::mail::Mail::new(&plan.unwrap(), "https://ride.example").unwrap();
    let outcome = send(&mail, &whole(), "a.1");
    assert!(matches!(outcome, Outcome::Later(_)), "{outcome:?}");
    assert!(plain.arrived().is_empty());
}

#[test]
fn pages_answer_while_the_relay_is_silent_and_the_mail_comes_later() {
    let server = Smtp::start(Speaks::Plain, false);
    server.is(Mood::Stalls);
    let app = TestApp::start_with(|app| app.mail = mail(&server));
    let now = app.now();
    app.db(|c| post(c, "one", now));
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| app.send_mails());
        server.has_read(1);
        app.client().get("/sign-in").assert_status(200);
        assert!(all(&app)[0].is_being_sent(now));
        server.is(Mood::Takes);
        sending.join().unwrap();
    });
    let waiting = &all(&app)[0];
    assert_eq!((waiting.state, waiting.attempts), (State::Waiting, 1));
    assert!(waiting.due_at > now && !waiting.answer.is_empty());

    app.wait_seconds(waiting.due_at.seconds_since(now));
    app.send_mails();
    assert_eq!(all(&app)[0].state, State::Sent);
    let id = header(&server.arrived()[0], "Message-ID");
    assert_eq!(id, Some(format!("<one.{}@ride.example>", waiting.id)));
}
