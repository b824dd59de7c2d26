//! A form that is sent while its sender is signed out: its words are kept, and it is sent once they are signed in.

use checkride::domain::auth::ACCOUNT_TRIES;

use crate::support::factory::PASSWORD;
use crate::support::{Answer, Client, Form, Member, Role, Site, TestApp, path};

const WORDS: &str = "A long debrief\r\nthat took “twenty” <minutes> & more.";

/// A session as the mentor typed it, and what came of sending it after they were signed out elsewhere.
fn signed_out_while_typing(site: &Site) -> (Client, Answer) {
    let mentor = site.client(Role::Mentor);
    let typed = mentor.session_form(site.ramp_id).with("summary", WORDS);
    mentor.post("/sign-out", &[("everywhere", "1")]);
    let answer = typed.send(&mentor);
    answer
        .assert_status(401)
        .assert_text("You are signed out, so nothing was stored.");
    (mentor, answer)
}

fn credentials(form: Form, who: &Member, password: &str) -> Form {
    form.with("email", &who.email).with("password", password)
}

/// Does what a browser does with 307: the same form goes to the other address.
fn follow(client: &Client, form: &Form, answer: &Answer) -> Answer {
    let to = answer.assert_status(307).location().to_owned();
    let again = Form {
        action: to,
        fields: form.fields.clone(),
    };
    again.send(client)
}

fn summaries(site: &Site) -> Vec<String> {
    let sessions = site.dossier().sessions;
    sessions.into_iter().map(|s| s.summary).collect()
}

#[test]
fn what_was_typed_is_stored_by_signing_in_where_it_was_refused() {
    let site = Site::open();
    let (mentor, refused) = signed_out_while_typing(&site);
    assert!(summaries(&site).is_empty());
    let wrong = credentials(Form::on(&refused, "/sign-in"), &site.mentor, "not this one");
    let wrong = wrong.send(&mentor);
    wrong
        .assert_status(422)
        .assert_text("E-mail and password do not match.");
    let right = credentials(Form::on(&wrong, "/sign-in"), &site.mentor, PASSWORD);
    let answer = right.send(&mentor);
    let stored = follow(&mentor, &right, &answer);
    assert!(stored.assert_status(303).location().starts_with("/"));
    assert_eq!(summaries(&site), [WORDS.replace("\r\n", "\n")]);
    // The browser asks whether to send it again, and somebody says yes.
    follow(&mentor, &right, &answer).assert_leads_to(stored.location());
    assert_eq!(summaries(&site).len(), 1);
}

#[test]
fn who_signs_in_in_another_tab_sends_it_from_where_it_is() {
    let site = Site::open();
    let (mentor, refused) = signed_out_while_typing(&site);
    let again = Form::on(&refused, path::NEW_SESSION);
    again.send(&mentor).assert_status(401);
    mentor
        .sign_in(&site.mentor.email, PASSWORD)
        .assert_status(303);
    again.send(&mentor).assert_status(303);
    assert_eq!(summaries(&site).len(), 1);
}

#[test]
fn somebody_else_who_signs_in_is_told_and_may_what_they_may() {
    let site = Site::open();
    let (_, refused) = signed_out_while_typing(&site);
    let send_as = |who: &Member| {
        let browser = site.app.client();
        let form = credentials(Form::on(&refused, "/sign-in"), who, PASSWORD);
        let answer = form.send(&browser);
        let told = follow(&browser, &form, &answer);
        told.assert_status(409)
            .assert_text("This form was opened by someone else")
            .assert_text(&format!("you are signed in as {}", who.name));
        (browser, told)
    };
    // She records no sessions of her own ramp: there is no form to give her, only her words.
    let (_, told) = send_as(&site.mentee);
    told.assert_text("A long debrief");
    assert!(!told.has_form(path::NEW_SESSION) && summaries(&site).is_empty());
    // Another mentor of the ramp gets the form, and decides.
    site.helped_by_the_stranger();
    let (browser, told) = send_as(&site.stranger);
    assert!(summaries(&site).is_empty());
    let theirs = Form::on(&told, path::NEW_SESSION);
    assert_eq!(theirs.get("summary"), Some(WORDS));
    theirs.send(&browser).assert_status(303);
    assert_eq!(summaries(&site).len(), 1);
}

#[test]
fn tries_count_as_everywhere_and_the_words_wait_too() {
    let site = Site::open();
    let (mentor, refused) = signed_out_while_typing(&site);
    let form = credentials(Form::on(&refused, "/sign-in"), &site.mentor, "not this one");
    for _ in 0..ACCOUNT_TRIES {
        form.send(&mentor).assert_status(422);
    }
    let told = form.send(&mentor);
    told.assert_status(429)
        .assert_text("Too many tries.")
        .assert_text("What you typed is sent when you sign in here.");
    assert!(!told.header("retry-after").is_empty());
    let kept = Form::on(&told, "/sign-in");
    assert_eq!(
        kept.get("kept.summary").map(|s| s.replace("\r\n", "\n")),
        Some(WORDS.replace("\r\n", "\n"))
    );
    mentor
        .sign_in(&site.mentor.email, PASSWORD)
        .assert_status(429);
}

#[test]
fn nothing_secret_and_nothing_of_another_site_is_shown_again() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    mentor.post("/sign-out", &[]);
    let secrets = [
        ("current_password", "eight loud magpies"),
        ("new_password", "nine loud magpies"),
    ];
    let answer = mentor.send(path::PASSWORD_FORM, &secrets);
    assert!(!answer.assert_status(401).body.contains("magpies"));

    let elsewhere = site.app.client().with("sec-fetch-site", "cross-site");
    let fields = [("summary", "Words of another site")];
    let answer = elsewhere.send(path::NEW_SESSION, &fields);
    assert!(!answer.assert_status(403).body.contains("another site"));

    // The form leads nowhere else, whatever it was changed into.
    for to in [
        "https://evil.example/x",
        "//evil.example",
        "/\\evil.example",
    ] {
        let fields = [
            ("email", site.mentor.email.as_str()),
            ("password", PASSWORD),
            ("to", to),
            ("kept.summary", "x"),
        ];
        let answer = site.app.client().post("/sign-in", &fields);
        assert_eq!(answer.assert_status(307).location(), "/");
    }
}

#[test]
fn a_form_opened_by_somebody_who_left_the_browser_is_not_sent_in_another_name() {
    let site = Site::open();
    let browser = site.client(Role::Mentee);
    let open = browser
        .form("/account", path::TIME_ZONE)
        .with("time_zone", "Asia/Tokyo");
    assert!(open.get("form_key").is_some());
    browser
        .sign_in(&site.mentor.email, PASSWORD)
        .assert_status(303);
    open.send(&browser)
        .assert_status(409)
        .assert_text("This form was opened by someone else");
    assert_eq!(site.act(Role::Mentor).actor.time_zone, "Europe/London");
}

#[test]
fn an_error_page_shows_what_was_written() {
    let site = Site::open();
    let page = path::plan_session(site.ramp_id);
    let fields = [
        ("agenda", "Bring the <runbook>"),
        ("new_password", "eight loud magpies"),
    ];
    let refused = site.client(Role::Stranger).send(&page, &fields);
    refused
        .assert_status(403)
        .assert_text("What you wrote")
        .assert_text("Bring the <runbook>");
    assert!(!refused.body.contains("magpies"));
}

#[test]
fn a_link_to_the_page_of_signing_in_fills_no_form() {
    let app = TestApp::start();
    let page = app
        .client()
        .get("/sign-in?next=%2Fboard&to=%2Fadmin%2Fpeople%2Feve&kept.form_key=aaaaaaaaaaaaaaaa&kept.is_admin=yes&email=x");
    page.assert_status(200);
    assert!(!page.body.contains("kept."), "{}", page.body);
    assert!(!page.body.contains("/admin/people/eve"), "{}", page.body);
    assert!(page.body.contains("value=\"/board\""), "{}", page.body);
}
