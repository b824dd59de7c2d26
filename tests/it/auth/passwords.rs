//! A password, or an account, that is no more what it was when the password was looked at.

use std::time::Duration;

use checkride::domain::audit::Act;
use checkride::domain::auth::store::password_hash;
use checkride::domain::auth::{Cookies, Source};
use checkride::domain::people::{Reason, store as people};
use checkride::error::Error;
use checkride::usecases::auth::actions::{change_password, complete};
use checkride::usecases::people::actions::deactivate;
use checkride::usecases::people::admin::reactivate;

use crate::auth::sign_in::{signed_in, with_somebody, with_somebody_on};
use crate::support::factory::{PASSWORD, member};
use crate::support::{TestApp, path};

#[test]
fn who_comes_in_with_a_password_that_is_replaced_meanwhile_stays_out() {
    let (app, who) = with_somebody();
    // What was typed is held against what was read before, which takes a while.
    let read = app.db(|c| password_hash(c, who.id));
    let owner = signed_in(&app, &who);
    let change = [
        ("current_password", PASSWORD),
        ("new_password", "eight quiet herons"),
        ("repeat_password", "eight quiet herons"),
    ];
    owner.send(path::PASSWORD_FORM, &change).assert_status(303);
    let act = Act::operator(app.now());
    let late = app.try_db(|c| complete(c, who.id, read.as_deref(), &Cookies::default(), &act));
    assert!(matches!(late, Err(Error::SignedOut)), "{late:?}");
    // Nor is what the owner chose written over by somebody who knew the password before.
    let actor = app.db(|c| {
        let person = people::by_id(c, who.id)?.unwrap();
        people::actor(c, person)
    });
    let act = Act { actor, ..act };
    let late = app.try_db(|c| {
        change_password(
            c,
            &act,
            ("", read.as_deref()),
            &Source::SignIn("192.0.2.1".into()),
            "a hash",
            ("", &Cookies::default()),
        )
    });
    assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
    assert!(owner.is_signed_in());
    let again = app.client();
    again
        .sign_in(&who.email, "eight quiet herons")
        .assert_status(303);
}

#[test]
fn who_signs_in_while_they_are_made_to_leave_has_no_session_to_come_back_to() {
    let app = TestApp::start();
    // The only administrator could not leave.
    app.db(|c| member(c, app.now(), "Ines Duarte", "UTC", None));
    let (app, who) = with_somebody_on(app);
    let (client, act) = (app.client(), Act::operator(app.now()));
    let reason = Reason::parse("Left the company").unwrap();
    let answer = std::thread::scope(|scope| {
        let coming = app.db(|c| {
            deactivate(c, &act, &who.handle, &reason)?;
            let coming = scope.spawn(|| client.sign_in(&who.email, PASSWORD));
            // It is sent before the leaving is committed, and has the time to look at what was so before.
            std::thread::sleep(Duration::from_millis(400));
            Ok(coming)
        });
        coming.join().unwrap()
    });
    answer
        .assert_status(422)
        .assert_text("E-mail and password do not match.");
    app.db(|c| reactivate(c, &act, &who.handle));
    assert!(!client.is_signed_in(), "a session was left");
}

#[test]
fn a_new_password_gives_the_session_a_new_token() {
    let (app, who) = with_somebody();
    let here = app.client();
    let before = here.sign_in(&who.email, PASSWORD).cookie("checkride");
    let change = [
        ("current_password", PASSWORD),
        ("new_password", "eight quiet herons"),
        ("repeat_password", "eight quiet herons"),
    ];
    here.send(path::PASSWORD_FORM, &change).assert_status(303);
    assert!(here.is_signed_in());
    let thief = app.client().with("cookie", &format!("checkride={before}"));
    thief
        .get("/account")
        .assert_leads_to("/sign-in?next=%2Faccount");
}

#[test]
fn a_password_that_is_guessed_first_is_refused_at_its_field() {
    let (app, who) = with_somebody();
    let here = signed_in(&app, &who);
    for easy in ["password1234", "checkridecheckride", who.email.as_str()] {
        let change = [
            ("current_password", PASSWORD),
            ("new_password", easy),
            ("repeat_password", easy),
        ];
        let answer = here.send(path::PASSWORD_FORM, &change);
        answer
            .assert_status(422)
            .assert_text("This password is easy to guess");
    }
}
