//! What the other side gets, and what its answers lead to.

use checkride::domain::hook::Kind;
use checkride::domain::outbox::{LEASE_SECONDS, MOST_ATTEMPTS, State};
use standardwebhooks::Webhook;

use super::{Wired, taken_and_lost};
use crate::support::{Role, told};

#[test]
fn a_program_checks_the_signature_with_the_secret_that_was_shown_once() {
    let wired = Wired::open();
    let page = wired.add("signed", &["clearance.suspended"]);
    page.assert_status(200).assert_text("Copy now");
    let secret = page.part("<code class=\"cmd\">", "</code>");
    let secret = secret.trim();
    assert!(secret.starts_with("whsec_"), "{secret}");
    for address in ["/hooks", "/hooks/1", "/admin/audit"] {
        let seen = wired.site.client(Role::Administrator).get(address);
        assert!(!seen.assert_status(200).body.contains(secret), "{address}");
    }

    wired.suspend();
    assert_eq!(wired.work(), 1);
    let request = wired.receiver.take().remove(0);
    let webhook = Webhook::new(secret).unwrap();
    webhook
        .verify(request.body.as_bytes(), &request.headers)
        .unwrap();
    let tampered = request.body.replace("suspended", "granted");
    assert!(
        webhook
            .verify(tampered.as_bytes(), &request.headers)
            .is_err()
    );
    let said = request.json();
    assert_eq!(said["type"], "clearance.suspended");
    assert_eq!(said["data"]["url"], "https://ride.example/clearances/7");
    assert_eq!(said["data"]["person"]["name"], "Marcus Oyelaran");
    assert_eq!(wired.messages()[0].state, State::Sent);
    assert_eq!(wired.messages()[0].answer, "200 ok");
}

#[test]
fn chats_get_their_own_language_and_no_signature() {
    let wired = Wired::open();
    let now = wired.site.app.now();
    wired.site.app.db(|c| {
        let name = checkride::domain::people::Name::parse("<!channel> @here *Ada* & Co").unwrap();
        checkride::domain::people::store::set_name(c, wired.site.mentor.id, &name, now)
    });
    for dialect in ["slack", "mattermost", "teams"] {
        wired.add_chat(dialect);
    }
    wired.suspend();
    assert_eq!(wired.work(), 3);
    for request in wired.receiver.take() {
        let (body, said) = (&request.body, request.json());
        assert!(request.headers.get("webhook-signature").is_none());
        assert!(body.contains("https://ride.example/clearances/7"), "{body}");
        match (said["text"].as_str(), said.get("blocks")) {
            (Some(text), Some(_)) => assert!(
                text.contains("&lt;!channel&gt; ＠here *Ada* &amp; Co"),
                "{text}"
            ),
            (Some(text), None) => {
                assert!(text.contains(r"‹\!channel› ＠here \*Ada\* & Co"), "{text}")
            }
            (None, _) => assert!(
                body.contains(r#""text":"A clearance for Payments is suspended: <!channel> @here"#),
                "{body}"
            ),
        }
    }
}

#[test]
fn a_message_sent_again_has_the_same_name_for_the_other_side() {
    let wired = Wired::open();
    wired
        .add("signed", &["clearance.suspended"])
        .assert_status(200);
    wired.suspend();
    wired.receiver.answers("503 Busy", "later");
    assert_eq!(wired.work(), 1);
    let client = wired.lead();
    let page = client.get("/hooks/1");
    page.assert_text("1 attempt, next").assert_text("503 later");
    let again = format!("/hooks/1/messages/{}", wired.messages()[0].id);
    wired.receiver.answers("200 OK", "thanks");
    client
        .submit("/hooks/1", &again, &[])
        .assert_leads_to("/hooks/1");
    assert_eq!(wired.work(), 1);
    client.get("/hooks/1").assert_text("200 thanks");
    client
        .submit("/hooks/1", &again, &[])
        .assert_leads_to("/hooks/1");
    assert_eq!(wired.work(), 1);
    let names: Vec<String> = wired
        .receiver
        .take()
        .iter()
        .map(|r| r.header("webhook-id"))
        .collect();
    assert_eq!(names.len(), 3);
    assert!(names.iter().all(|name| *name == names[0]), "{names:?}");
    assert_eq!(told(&wired.site, "hook.sent_again").len(), 2);
    client.send("/hooks/1/messages/999", &[]).assert_status(404);
}

/// The one unavoidable instant: it was sent, and the process is killed before it can say so.
#[test]
fn what_a_killed_worker_sent_is_sent_again_under_the_same_name() {
    let wired = Wired::open();
    wired
        .add("signed", &["clearance.suspended"])
        .assert_status(200);
    wired.suspend();
    taken_and_lost(&wired);
    assert_eq!(wired.work(), 0, "it is still the other one's");
    let again = format!("/hooks/1/messages/{}", wired.messages()[0].id);
    assert!(
        !wired.lead().get("/hooks/1").has_form(&again),
        "it is being sent"
    );
    wired.lead().send(&again, &[]).assert_status(409);
    wired.site.app.wait_seconds(LEASE_SECONDS + 1);
    assert_eq!(wired.work(), 1);
    assert_eq!(wired.work(), 0);
    let received = wired.receiver.take();
    assert_eq!(received.len(), 2);
    assert_eq!(
        received[0].header("webhook-id"),
        received[1].header("webhook-id")
    );
}

#[test]
fn a_hook_whose_message_is_given_up_is_paused_and_says_why() {
    let wired = Wired::open();
    let id = wired.add_chat("slack");
    wired.receiver.answers("500 Broken", "no_service");
    wired.suspend();
    for _ in 0..MOST_ATTEMPTS {
        assert_eq!(wired.work(), 1);
        wired.site.app.wait_hours(6);
    }
    assert_eq!(wired.work(), 0);
    let client = wired.lead();
    let page = client.get(&format!("/hooks/{id}"));
    page.assert_text("A message was given up: 500 no_service")
        .assert_text("Given up");
    client.get("/hooks").assert_text("Paused");
    let paused = told(&wired.site, "hook.paused").concat();
    assert!(paused.contains("500 no_service"), "{paused}");

    // Nothing is kept for later meanwhile; and what was given up can be sent once it goes again.
    wired.site.app.wait_seconds(1);
    wired.suspend();
    assert_eq!(wired.messages().len(), 1);
    let again = format!("/hooks/{id}/messages/{}", wired.messages()[0].id);
    client
        .send(&again, &[])
        .assert_status(409)
        .assert_text("Resume it, then send the message again.");
    let resume = format!("/hooks/{id}/resume");
    client
        .submit(&format!("/hooks/{id}"), &resume, &[])
        .assert_status(303);
    client.send(&resume, &[]).assert_status(409);
    wired.receiver.take();
    wired.receiver.answers("200 OK", "ok");
    client
        .submit(&format!("/hooks/{id}"), &again, &[])
        .assert_status(303);
    assert_eq!(wired.work(), 1);
    assert_eq!(wired.receiver.take().len(), 1);
}

#[test]
fn a_hook_whose_message_kills_every_worker_is_paused_too() {
    let wired = Wired::open();
    let id = wired.add_chat("slack");
    wired.suspend();
    for _ in 0..MOST_ATTEMPTS {
        taken_and_lost(&wired);
        wired.site.app.wait_seconds(LEASE_SECONDS + 1);
    }
    wired.work();
    let page = wired.lead().get(&format!("/hooks/{id}"));
    page.assert_text("A message was given up: No attempt came to an end.");
    assert_eq!(told(&wired.site, "hook.paused").len(), 1);
}

#[test]
fn gone_is_gone_at_once_and_a_waiting_message_is_not_sent_while_paused() {
    let wired = Wired::open();
    let id = wired.add_chat("teams");
    wired.receiver.answers("410 Gone", "");
    wired.suspend();
    wired.site.app.wait_seconds(1);
    wired.suspend();
    assert_eq!(wired.work(), 2);
    assert_eq!(wired.receiver.take().len(), 1, "the second found it paused");
    assert!(wired.messages().iter().all(|m| m.state == State::GivenUp));
    wired
        .lead()
        .get(&format!("/hooks/{id}"))
        .assert_text("The hook is paused.");
}

#[test]
fn a_test_is_tried_once_also_while_paused_and_pauses_nothing() {
    let wired = Wired::open();
    let id = wired.add_chat("mattermost");
    let (client, page) = (wired.lead(), format!("/hooks/{id}"));
    wired.receiver.answers("404 Not Found", "no channel");
    client
        .submit(&page, &format!("{page}/test"), &[])
        .assert_leads_to(&page);
    assert_eq!(wired.work(), 1);
    let shown = client.get(&page);
    shown.assert_text("404 no channel").assert_text("Given up");
    assert!(shown.has_form(&format!("{page}/pause")), "it is not paused");
    client
        .submit(&page, &format!("{page}/pause"), &[])
        .assert_leads_to(&page);
    client
        .send(&format!("{page}/pause"), &[])
        .assert_status(409);
    client.get(&page).assert_text("Ruth Abara paused it.");
    wired.receiver.answers("200 OK", "ok");
    wired.site.app.wait_seconds(1);
    client
        .submit(&page, &format!("{page}/test"), &[])
        .assert_leads_to(&page);
    assert_eq!(wired.work(), 1);
    let said = wired.receiver.take().pop().unwrap().body;
    assert!(
        said.contains("This is a test of the hook mattermost"),
        "{said}"
    );
    assert!(said.contains("/hooks/"), "{said}");
}

#[test]
fn a_session_or_a_sign_off_names_nobody() {
    let wired = Wired::open();
    wired
        .add(
            "signed",
            &["session.held", "session.planned", "signoff.requested"],
        )
        .assert_status(200);
    for kind in [Kind::Held, Kind::Planned, Kind::Requested] {
        wired.publish(kind);
    }
    assert_eq!(wired.work(), 3);
    for request in wired.receiver.take() {
        assert!(!request.body.contains("Marcus"), "{}", request.body);
        assert!(request.json()["data"]["person"].is_null());
    }
}
