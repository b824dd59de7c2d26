//! Signing in, staying in, and getting out.

use checkride::db::schema::{auth_sessions, people};
use checkride::db::{ForUpdate, locks};
use checkride::domain::audit::Act;
use checkride::domain::auth::{ABSOLUTE_HOURS, IDLE_HOURS, SEEN_EVERY_SECONDS};
use checkride::domain::people::Reason;
use checkride::usecases::people::actions::deactivate;
use checkride::web::guard::Rules;
use diesel::prelude::*;

use crate::support::factory::{PASSWORD, member};
use crate::support::{Client, Member, Role, Site, TestApp, at_once, path};

pub const WRONG: &str = "not the password";

pub fn with_somebody() -> (TestApp, Member) {
    with_somebody_on(TestApp::start())
}

pub fn with_somebody_on(app: TestApp) -> (TestApp, Member) {
    let now = app.now();
    let somebody = app.db(|c| member(c, now, "Amara Nwosu", "Africa/Lagos", None));
    (app, somebody)
}

pub fn signed_in(app: &TestApp, who: &Member) -> Client {
    let client = app.client();
    client.sign_in(&who.email, PASSWORD).assert_leads_to("/");
    client
}

#[test]
fn the_form_signs_in_and_leads_to_the_page_that_was_asked_for() {
    let (app, who) = with_somebody();
    let client = app.client();
    client
        .get("/account")
        .assert_leads_to("/sign-in?next=%2Faccount");
    let typed = [("email", who.email.as_str()), ("password", PASSWORD)];
    client
        .submit("/sign-in?next=%2Faccount", "/sign-in", &typed)
        .assert_leads_to("/account");
    client.get("/account").assert_status(200);
}

#[test]
fn spelling_of_the_email_does_not_matter() {
    let (app, who) = with_somebody();
    let client = app.client();
    client
        .sign_in(&format!("  {}", who.email.to_uppercase()), PASSWORD)
        .assert_status(303);
    assert!(client.is_signed_in());
}

#[test]
fn a_sign_in_never_leads_to_another_site() {
    let (app, who) = with_somebody();
    for next in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        let fields = [
            ("email", who.email.as_str()),
            ("password", PASSWORD),
            ("next", next),
        ];
        app.client().post("/sign-in", &fields).assert_leads_to("/");
    }
}

#[test]
fn a_wrong_password_and_an_unknown_account_look_the_same() {
    let (app, who) = with_somebody();
    let now = app.now();
    app.db(|c| {
        let left = member(c, now, "Long Gone", "UTC", None)?;
        locks::begin();
        deactivate(c, &Act::operator(now), &left.handle, &Reason::default()).map(|_| ())
    });
    let said = |email: &str, password: &str| {
        let client = app.client();
        let answer = client.sign_in(email, password);
        assert!(!client.is_signed_in());
        (answer.status, answer.body.replace(email, "EMAIL"))
    };
    let wrong = said(&who.email, WRONG);
    assert_eq!(wrong.0, 422);
    assert_eq!(said("nobody@example.com", WRONG), wrong);
    assert_eq!(
        said("long.gone@example.com", PASSWORD),
        wrong,
        "somebody who left"
    );
}

#[test]
fn a_refused_sign_in_keeps_the_email_and_never_the_password() {
    let (app, who) = with_somebody();
    let answer = app.client().sign_in(&who.email, WRONG);
    assert!(answer.assert_status(422).body.contains(&who.email));
    assert!(!answer.body.contains(WRONG));
    app.client()
        .sign_in("no address", "")
        .assert_status(422)
        .assert_text("Enter your password.");
}

#[test]
fn an_idle_session_is_over() {
    let (app, who) = with_somebody();
    let client = signed_in(&app, &who);
    for _ in 0..3 {
        app.wait_hours(IDLE_HOURS - 1);
        client.get("/account").assert_status(200);
    }
    app.wait_hours(IDLE_HOURS);
    client
        .get("/account")
        .assert_leads_to("/sign-in?next=%2Faccount");
    client
        .send(path::TIME_ZONE, &[("time_zone", "UTC")])
        .assert_status(401)
        .assert_text("You are signed out");
}

#[test]
fn while_others_hold_the_rows_a_page_is_shown_and_a_form_is_told_to_try_again() {
    let (app, who) = with_somebody();
    let client = signed_in(&app, &who);
    app.wait_seconds(SEEN_EVERY_SECONDS + 1);
    let answers = app.db(|c| {
        // On SQLite the transaction itself is in the way.
        ForUpdate(auth_sessions::table.select(auth_sessions::id)).load::<i64>(c)?;
        ForUpdate(people::table.select(people::id)).load::<i64>(c)?;
        Ok(at_once(2, |n| match n {
            0 => client.get("/account"),
            _ => client.send(path::TIME_ZONE, &[("time_zone", "UTC")]),
        }))
    });
    answers[0].assert_status(200).assert_text(&who.name);
    answers[1]
        .assert_status(503)
        .assert_text("Try again in a moment.");
    assert_eq!(answers[1].header("retry-after"), "2");
    client
        .send(path::TIME_ZONE, &[("time_zone", "UTC")])
        .assert_leads_to("/account");
}

#[test]
fn a_session_is_over_one_day_however_much_it_is_used() {
    let (app, who) = with_somebody();
    let client = signed_in(&app, &who);
    let steps = ABSOLUTE_HOURS / 12 - 1;
    for _ in 0..steps {
        app.wait_hours(12);
        client.get("/account").assert_status(200);
    }
    app.wait_hours(12);
    assert!(!client.is_signed_in());
}

#[test]
fn a_sign_in_gives_a_new_token_and_ends_the_old_one() {
    let (app, who) = with_somebody();
    let client = app.client();
    let first = client.sign_in(&who.email, PASSWORD).cookie("checkride");
    let second = client.sign_in(&who.email, PASSWORD).cookie("checkride");
    assert_ne!(first, second);
    let holding = |token: &str| app.client().with("cookie", &format!("checkride={token}"));
    assert!(!holding(&first).is_signed_in());
    assert!(holding(&second).is_signed_in());
}

#[test]
fn the_database_does_not_hold_the_token() {
    let (app, who) = with_somebody();
    let token = app
        .client()
        .sign_in(&who.email, PASSWORD)
        .cookie("checkride");
    assert_eq!(token.len(), 64);
    let stored: Vec<String> = app.db(|c| {
        Ok(auth_sessions::table
            .select(auth_sessions::token_hash)
            .load(c)?)
    });
    assert_eq!(stored, [checkride::domain::auth::token_hash(&token)]);
    assert_ne!(stored, [token]);
}

#[test]
fn signing_out_here_leaves_the_other_sessions() {
    let (app, who) = with_somebody();
    let (here, there) = (signed_in(&app, &who), signed_in(&app, &who));
    let token = app
        .client()
        .sign_in(&who.email, PASSWORD)
        .cookie("checkride");
    here.post("/sign-out", &[]).assert_leads_to("/sign-in");
    assert!(!here.is_signed_in());
    assert!(there.is_signed_in());
    let holding = app.client().with("cookie", &format!("checkride={token}"));
    holding.post("/sign-out", &[]).assert_leads_to("/sign-in");
    assert!(
        !holding.is_signed_in(),
        "the token itself must be dead, not only the cookie"
    );
}

#[test]
fn signing_out_everywhere_ends_them_all() {
    let (app, who) = with_somebody();
    let (here, there) = (signed_in(&app, &who), signed_in(&app, &who));
    here.post("/sign-out", &[("everywhere", "yes")])
        .assert_leads_to("/sign-in");
    assert!(!here.is_signed_in());
    assert!(!there.is_signed_in());
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    let (app, who) = with_somebody();
    let (here, there) = (signed_in(&app, &who), signed_in(&app, &who));
    let new = "eight loud magpies";
    let fields = [
        ("current_password", PASSWORD),
        ("new_password", new),
        ("repeat_password", new),
    ];
    here.send(path::PASSWORD_FORM, &fields)
        .assert_leads_to("/account");
    assert!(here.is_signed_in());
    assert!(!there.is_signed_in());
    app.client()
        .sign_in(&who.email, PASSWORD)
        .assert_status(422);
    app.client().sign_in(&who.email, new).assert_status(303);
}

#[test]
fn a_new_password_needs_the_current_one_and_enough_characters() {
    let (app, who) = with_somebody();
    let (here, there) = (signed_in(&app, &who), signed_in(&app, &who));
    for (current, new, again) in [
        (WRONG, "eight loud magpies", "eight loud magpies"),
        (PASSWORD, "short", "short"),
        (PASSWORD, "eight loud magpies", "eight loud magpie"),
    ] {
        let fields = [
            ("current_password", current),
            ("new_password", new),
            ("repeat_password", again),
        ];
        let answer = here.send(path::PASSWORD_FORM, &fields);
        answer.assert_status(422);
        assert!(!answer.body.contains("magpie"), "a password came back");
    }
    assert!(there.is_signed_in());
    signed_in(&app, &who);
}

#[test]
fn somebody_who_left_is_out_at_once() {
    let app = TestApp::start();
    let now = app.now();
    // The administrator, who stays.
    app.db(|c| member(c, now, "Ines Duarte", "UTC", None));
    let (app, who) = with_somebody_on(app);
    let client = signed_in(&app, &who);
    app.db(|c| deactivate(c, &Act::operator(now), &who.handle, &Reason::default()));
    assert!(!client.is_signed_in());
    client
        .send(path::TIME_ZONE, &[("time_zone", "UTC")])
        .assert_status(401);
    app.client()
        .sign_in(&who.email, PASSWORD)
        .assert_status(422);
}

#[test]
fn the_cookie_over_http_is_hidden_from_scripts_and_other_sites() {
    let (app, who) = with_somebody();
    let answer = app.client().sign_in(&who.email, PASSWORD);
    let cookie = answer.set_cookie("checkride").unwrap();
    for part in [
        "; HttpOnly",
        "; SameSite=Lax",
        "; Path=/",
        "; Max-Age=1209600",
    ] {
        assert!(cookie.contains(part), "{part} is not in {cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[test]
fn behind_a_trusted_proxy_with_https_the_cookie_is_tied_to_the_host() {
    let rules = Rules {
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        public_url: None,
        ..Rules::default()
    };
    let (app, who) = with_somebody_on(TestApp::start_with(|app| app.rules = rules));
    let proxied = app.client().with("x-forwarded-proto", "https");
    let answer = proxied.sign_in(&who.email, PASSWORD);
    let cookie = answer.set_cookie("__Host-checkride").unwrap();
    assert!(
        cookie.contains("; Secure") && cookie.contains("; Path=/") && !cookie.contains("Domain"),
        "{cookie}"
    );
    assert_eq!(
        answer.header("strict-transport-security"),
        "max-age=31536000; includeSubDomains"
    );
    let token = answer.cookie("__Host-checkride");
    assert!(
        proxied
            .with("cookie", &format!("__Host-checkride={token}"))
            .is_signed_in()
    );
    assert!(
        !proxied
            .with("cookie", &format!("checkride={token}"))
            .is_signed_in()
    );
}

#[test]
fn https_that_nobody_vouches_for_is_not_believed() {
    let (app, who) = with_somebody();
    let answer = app
        .client()
        .with("x-forwarded-proto", "https")
        .sign_in(&who.email, PASSWORD);
    assert!(answer.set_cookie("__Host-checkride").is_none());
    assert!(!answer.set_cookie("checkride").unwrap().contains("Secure"));
    assert_eq!(answer.header("strict-transport-security"), "");
}

#[test]
fn an_app_without_people_says_how_to_make_the_first() {
    let app = TestApp::start();
    app.client()
        .get("/sign-in")
        .assert_status(200)
        .assert_text("checkride person add");
    let (app, _) = with_somebody_on(app);
    assert!(
        !app.client()
            .get("/sign-in")
            .text()
            .contains("checkride person add")
    );
}

#[test]
fn one_sees_where_one_is_signed_in_and_an_administrator_ends_it() {
    let site = Site::open();
    let (mentee, admin) = (site.client(Role::Mentee), site.client(Role::Administrator));
    site.app.wait_hours(1);
    let elsewhere = site.client(Role::Mentee);
    let account = elsewhere.get("/account");
    account.assert_text("This browser, signed in");
    account.assert_text("Another browser, signed in");
    let page = format!("/admin/people/{}", site.mentee.handle);
    admin
        .get(&page)
        .assert_text("Signed in: 2 browsers, last used");
    admin
        .send(&format!("{page}/sign-out"), &[])
        .assert_status(303);
    assert!(!mentee.is_signed_in() && !elsewhere.is_signed_in());
    let after = admin.get(&page);
    assert!(!after.text().contains("Signed in:"), "{}", after.text());
}
