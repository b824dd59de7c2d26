//! Several people say what they saw, believed and would decide at a moment of decision; the commander's view stays first.

use checkride::domain::postmortem::Transition;

use crate::support::sample::document;
use crate::support::{Answer, Client, Form, Role, Site};

const PAGE: &str = "/library/captures-were-doubled";
const COMMENTS: &str = "/library/captures-were-doubled/comments";

fn form(client: &Client, moment: u8) -> Form {
    let page = format!("{COMMENTS}?show=all&moment={moment}");
    client
        .get(&page)
        .assert_status(200)
        .assert_text("as the commander saw it");
    client.form(&page, COMMENTS)
}

fn add(client: &Client, moment: u8, would: &str) -> Answer {
    form(client, moment)
        .with("saw", "A flat line")
        .with("body", would)
        .send(client)
}

#[test]
fn others_add_their_view_below_the_commanders() {
    let site = Site::open();
    site.teach(&document());
    let mentee = site.client(Role::Mentee);
    let id = add(&mentee, 1, "I would drain the queue").comment();
    add(&site.client(Role::Qualifier), 1, "I would wait").assert_status(303);
    let page = site.client(Role::Stranger).get(PAGE);
    let text = page.text();
    let place = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("{words} in {text}"))
    };
    assert!(place("The queue grows") < place("I would drain the queue"));
    assert!(place("I would drain the queue") < place("I would wait"));
    assert!(
        place("I would wait") < place("Support calls"),
        "it is at its moment"
    );
    page.assert_text("A flat line").assert_text("Would decide");
    // It is answered, edited and removed like a comment.
    let answer = [("body", "Why not both?"), ("reply", &id.to_string())];
    site.client(Role::Mentor)
        .send(COMMENTS, &answer)
        .assert_status(303);
    let edit = format!("/comments/{id}/edit");
    let edited = mentee
        .form_at(&edit)
        .with("believed", "It drains itself")
        .send(&mentee);
    edited.assert_status(303);
    let text = site.client(Role::Stranger).get(PAGE).text();
    assert!(text.find("It drains itself") < text.find("Why not both?"));
}

#[test]
fn a_view_needs_its_decision_and_an_existing_moment() {
    let site = Site::open();
    site.teach(&document());
    let mentee = site.client(Role::Mentee);
    let sent = form(&mentee, 2).with("saw", "A flat line").send(&mentee);
    sent.assert_status(422)
        .assert_text("Write what you would decide, and why.")
        .assert_text("A flat line");
    let nowhere = [
        ("moment", "99"),
        ("revision", "2"),
        ("saw", "A flat line"),
        ("body", "Wait for it"),
    ];
    mentee
        .send(COMMENTS, &nowhere)
        .assert_status(409)
        .assert_text("A flat line")
        .assert_text("Wait for it");
}

#[test]
fn a_view_of_a_text_that_changed_meanwhile_is_held_against_the_new_one() {
    let site = Site::open();
    let slug = site.teach(&document());
    let mentor = site.client(Role::Mentor);
    let opened = form(&mentor, 1).with("body", "I would wait");
    site.make_transition(Role::Qualifier, &slug, Transition::Reopen);
    let sent = opened.send(&mentor);
    sent.assert_status(409)
        .assert_text("changed after you opened it")
        .assert_text("I would wait");
    Form::on(&sent, COMMENTS).send(&mentor).assert_status(303);
}
