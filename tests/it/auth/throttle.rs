//! Guessing passwords is slow, whoever is guessed at.

use checkride::domain::auth::{
    ACCOUNT_TRIES, ACCOUNT_TRIES_EVERYWHERE, ADDRESS_TRIES, WINDOW_SECONDS,
};
use checkride::web::guard::Rules;
use diesel::prelude::*;

use crate::auth::sign_in::{WRONG, signed_in, with_somebody, with_somebody_on};
use crate::support::factory::{PASSWORD, member};
use crate::support::{TestApp, at_once, path};

#[test]
fn an_account_is_throttled_whether_it_exists_or_not() {
    let (app, who) = with_somebody();
    let mut said = Vec::new();
    for email in [who.email.as_str(), "nobody@example.com"] {
        for _ in 0..ACCOUNT_TRIES {
            app.client().sign_in(email, WRONG).assert_status(422);
        }
        let refused = app.client().sign_in(email, PASSWORD);
        refused.assert_status(429);
        let wait: i64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=WINDOW_SECONDS).contains(&wait), "{wait}");
        said.push(refused.text().replace(refused.header("x-request-id"), "ID"));
    }
    assert_eq!(said[0], said[1]);

    app.wait_seconds(WINDOW_SECONDS - 1);
    app.client()
        .sign_in(&who.email, PASSWORD)
        .assert_status(429);
    app.wait_seconds(2);
    signed_in(&app, &who);
}

#[test]
fn who_guesses_at_their_own_password_stays_signed_in_and_is_led_back() {
    let (app, who) = with_somebody();
    let client = signed_in(&app, &who).with("referer", &format!("{}/account", app.base));
    let new = "eight loud magpies";
    let guess = || {
        let fields = [
            ("current_password", WRONG),
            ("new_password", new),
            ("repeat_password", new),
        ];
        client.send(path::PASSWORD_FORM, &fields)
    };
    for _ in 0..ACCOUNT_TRIES {
        guess().assert_status(422);
    }
    let refused = guess();
    refused
        .assert_status(429)
        .assert_text(&format!("{}, account menu", who.name))
        .assert_text("Back to the page you came from");
    assert!(!refused.body.contains("Back to sign-in"));
}

#[test]
fn a_success_takes_the_failures_back() {
    let (app, who) = with_somebody();
    for _ in 0..3 {
        for _ in 1..ACCOUNT_TRIES {
            app.client().sign_in(&who.email, WRONG).assert_status(422);
        }
        signed_in(&app, &who);
    }
}

#[test]
fn many_guesses_at_once_get_no_more_tries_than_one_after_the_other() {
    let (app, who) = with_somebody();
    let statuses = at_once(40, |_| app.client().sign_in(&who.email, WRONG).status);
    let looked_at = statuses.iter().filter(|s| **s == 422).count();
    assert!(
        statuses.iter().all(|s| matches!(s, 422 | 429)),
        "{statuses:?}"
    );
    assert_eq!(i64::try_from(looked_at).unwrap(), ACCOUNT_TRIES);
}

#[test]
fn an_address_is_throttled_over_all_accounts_and_others_are_not() {
    let rules = Rules {
        trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
        public_url: None,
        ..Rules::default()
    };
    let (app, who) = with_somebody_on(TestApp::start_with(|app| app.rules = rules));
    let from = |address: &str| app.client().with("x-forwarded-for", address);
    for n in 0..ADDRESS_TRIES {
        from("203.0.113.7")
            .sign_in(&format!("guess{n}@example.com"), WRONG)
            .assert_status(422);
    }
    from("203.0.113.7")
        .sign_in(&who.email, PASSWORD)
        .assert_status(429);
    from("203.0.113.7, 127.0.0.1")
        .sign_in(&who.email, PASSWORD)
        .assert_status(429);
    from("203.0.113.7, 203.0.113.8")
        .sign_in(&who.email, PASSWORD)
        .assert_status(303);
    app.wait_seconds(WINDOW_SECONDS + 1);
    from("203.0.113.7")
        .sign_in(&who.email, PASSWORD)
        .assert_status(303);
}

#[test]
fn an_address_nobody_vouches_for_is_not_believed() {
    let (app, who) = with_somebody();
    for n in 0..ACCOUNT_TRIES {
        app.client()
            .with("x-forwarded-for", &format!("203.0.113.{n}"))
            .sign_in(&who.email, WRONG)
            .assert_status(422);
    }
    let addresses: Vec<String> = app.db(|c| {
        use checkride::db::schema::sign_in_attempts;
        Ok(sign_in_attempts::table
            .select(sign_in_attempts::address)
            .distinct()
            .load(c)?)
    });
    assert_eq!(addresses, ["127.0.0.1"]);
}

#[test]
fn guessing_the_current_password_in_an_open_session_is_throttled() {
    let (app, who) = with_somebody();
    let here = signed_in(&app, &who);
    let fields = [
        ("current_password", WRONG),
        ("new_password", "eight loud magpies"),
        ("repeat_password", "eight loud magpies"),
    ];
    for _ in 0..ACCOUNT_TRIES {
        here.send(path::PASSWORD_FORM, &fields).assert_status(422);
    }
    here.send(path::PASSWORD_FORM, &fields).assert_status(429);
}

#[test]
fn many_right_passwords_at_once_are_no_failures() {
    let (app, who) = with_somebody();
    let many = usize::try_from(ACCOUNT_TRIES).unwrap() * 2;
    let statuses = at_once(many, |_| app.client().sign_in(&who.email, PASSWORD).status);
    assert_eq!(statuses, vec![303; many]);
    let failures: i64 = app.db(|c| {
        use checkride::db::schema::sign_in_attempts::dsl;
        Ok(dsl::sign_in_attempts.count().get_result(c)?)
    });
    assert_eq!(failures, 0);
}

#[test]
fn failures_of_a_clock_that_was_ahead_lock_nobody_out() {
    let (app, who) = with_somebody();
    app.wait_hours(24 * 180);
    for _ in 0..ACCOUNT_TRIES {
        app.client().sign_in(&who.email, WRONG).assert_status(422);
    }
    app.client()
        .sign_in(&who.email, PASSWORD)
        .assert_status(429);
    app.wait_hours(-24 * 180);
    signed_in(&app, &who);
}

#[test]
fn strangers_lock_nobody_out_of_a_browser_they_signed_in_with() {
    let rules = Rules {
        trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
        ..Rules::default()
    };
    let (app, who) = with_somebody_on(TestApp::start_with(|app| app.rules = rules));
    let own = signed_in(&app, &who);
    own.post("/sign-out", &[]).assert_status(303);
    for n in 0..ACCOUNT_TRIES_EVERYWHERE {
        let stranger = app
            .client()
            .with("x-forwarded-for", &format!("203.0.113.{}", n / 10));
        stranger.sign_in(&who.email, WRONG).assert_status(422);
    }
    app.client()
        .sign_in(&who.email, PASSWORD)
        .assert_status(429);
    own.sign_in(&who.email, PASSWORD).assert_status(303);
    // Whoever has that browser cannot go on guessing there either.
    own.post("/sign-out", &[]).assert_status(303);
    for _ in 0..ACCOUNT_TRIES {
        own.sign_in(&who.email, WRONG).assert_status(422);
    }
    own.sign_in(&who.email, PASSWORD).assert_status(429);
}

#[test]
fn a_browser_is_known_for_the_accounts_that_signed_in_there_alone() {
    let (app, who) = with_somebody();
    let other = app.db(|c| member(c, app.now(), "Ines Duarte", "UTC", None));
    let own = signed_in(&app, &who);
    for _ in 0..ACCOUNT_TRIES {
        app.client().sign_in(&other.email, WRONG).assert_status(422);
    }
    own.sign_in(&other.email, PASSWORD).assert_status(429);
}

#[test]
fn a_new_password_forgets_every_other_browser() {
    let (app, who) = with_somebody();
    let (here, thief) = (signed_in(&app, &who), signed_in(&app, &who));
    let change = [
        ("current_password", PASSWORD),
        ("new_password", "eight quiet herons"),
        ("repeat_password", "eight quiet herons"),
    ];
    here.send(path::PASSWORD_FORM, &change).assert_status(303);
    for _ in 0..ACCOUNT_TRIES {
        app.client().sign_in(&who.email, WRONG).assert_status(422);
    }
    thief.sign_in(&who.email, WRONG).assert_status(429);
    here.sign_in(&who.email, "eight quiet herons")
        .assert_status(303);
}
