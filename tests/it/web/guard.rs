//! What holds for every request: safe headers, our own origin only, a request id, a form that counts once.

use checkride::db::schema::{audit_entries, people};
use checkride::forms::new_key;
use diesel::prelude::*;

use crate::support::{Answer, Role, Site, TestApp, at_once, path};

fn changes(app: &TestApp) -> i64 {
    app.db(|c| {
        let changes =
            audit_entries::table.filter(audit_entries::action.eq("person.time_zone_changed"));
        Ok(changes.count().get_result(c)?)
    })
}

#[test]
fn an_unknown_address_keeps_the_menu_and_the_zone_of_who_is_signed_in() {
    let site = Site::open();
    let inside = site.client(Role::Mentee).get("/no-such-page");
    inside
        .assert_status(404)
        .assert_text("Post-mortems")
        .assert_text("Times in Africa/Tunis");
    let outside = site.app.client().get("/no-such-page");
    outside.assert_status(404).assert_text("Times in UTC");
    assert!(!outside.text().contains("Post-mortems"));
}

#[test]
fn every_answer_carries_the_safe_headers() {
    let site = Site::open();
    let (out, inside) = (site.app.client(), site.client(Role::Mentee));
    let asset = format!(
        "/assets/{}",
        checkride::web::assets::assets()
            .css
            .trim_start_matches("/assets/")
    );
    let too_large = "x".repeat(300 * 1024);
    let answers: Vec<(u16, Answer)> = vec![
        (200, out.get("/sign-in")),
        (200, out.get(&asset)),
        (200, out.get("/healthz")),
        (200, out.get("/readyz")),
        (200, inside.get("/account")),
        (303, out.get("/account")),
        (303, inside.send(path::TIME_ZONE, &[("time_zone", "UTC")])),
        (401, out.send(path::TIME_ZONE, &[("time_zone", "UTC")])),
        (
            403,
            out.with("sec-fetch-site", "cross-site")
                .post("/sign-in", &[]),
        ),
        (404, out.get("/no-such-page")),
        (404, out.get("/assets/0000/app.css")),
        (404, inside.post("/account", &[])),
        (
            422,
            inside.send(path::TIME_ZONE, &[("time_zone", "Europe/Atlantis")]),
        ),
        (422, inside.post(path::TIME_ZONE, &[("time_zone", "UTC")])),
        (
            422,
            inside.send(path::TIME_ZONE, &[("time_zone", &too_large)]),
        ),
    ];
    for (status, answer) in answers {
        answer.assert_status(status);
        let csp = answer.header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "script-src 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(csp.contains(rule), "{status}: {csp}");
        }
        assert!(!csp.contains("unsafe"), "{csp}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            // A form that came back stands at an address that may answer forms only.
            (
                "referrer-policy",
                if status == 422 {
                    "origin"
                } else {
                    "same-origin"
                },
            ),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{status} {name}");
        }
        assert_eq!(answer.header("x-request-id").len(), 16, "{status}");
        assert!(matches!(
            answer.header("cache-control"),
            "no-store" | "private, no-cache" | "public, max-age=31536000, immutable"
        ));
        assert_eq!(
            answer.header("strict-transport-security"),
            "",
            "only over HTTPS"
        );
    }
}

#[test]
fn a_form_from_another_site_is_refused() {
    let site = Site::open();
    let client = site.client(Role::Mentee);
    let fields = [("time_zone", "UTC")];
    let host = site.app.base.trim_start_matches("http://").to_owned();
    let silent = client.without("sec-fetch-site");
    for refused in [
        client.with("sec-fetch-site", "cross-site"),
        client.with("sec-fetch-site", "same-site"),
        silent.with("origin", "https://evil.example"),
        silent.with("origin", "null"),
        silent.clone(),
    ] {
        refused
            .send(path::TIME_ZONE, &fields)
            .assert_status(403)
            .assert_text("did not come from Checkride");
    }
    assert_eq!(changes(&site.app), 0);
    silent
        .with("origin", &format!("http://{host}"))
        .send(path::TIME_ZONE, &fields)
        .assert_status(303);
    client
        .with("sec-fetch-site", "none")
        .send(path::TIME_ZONE, &fields)
        .assert_status(303);
    assert_eq!(changes(&site.app), 2);
    assert_eq!(
        client
            .with("sec-fetch-site", "cross-site")
            .get("/account")
            .status,
        200,
        "a link may come from anywhere"
    );
}

#[test]
fn an_error_page_names_the_request_and_says_what_to_do() {
    let app = TestApp::start();
    let (one, other) = (
        app.client().get("/no-such-page"),
        app.client().get("/no-such-page"),
    );
    one.assert_status(404)
        .assert_text("There is no such page, or it is not open to you.")
        .assert_text("What you can do");
    one.assert_text(one.header("x-request-id"));
    assert_ne!(one.header("x-request-id"), other.header("x-request-id"));
    assert!(one.header("content-type").starts_with("text/html"));
}

#[test]
fn a_form_sent_twice_counts_once_and_is_answered_the_same() {
    let site = Site::open();
    let client = site.client(Role::Mentee);
    let key = new_key();
    let send =
        |zone: &str| client.post(path::TIME_ZONE, &[("form_key", &key), ("time_zone", zone)]);
    let (first, second) = (send("Europe/Lisbon"), send("Europe/Lisbon"));
    for answer in [&first, &second] {
        answer.assert_leads_to("/account");
    }
    assert_eq!(
        first.cookie("checkride-flash"),
        second.cookie("checkride-flash")
    );
    assert_eq!(changes(&site.app), 1);
    assert_eq!(site.act(Role::Mentee).actor.time_zone, "Europe/Lisbon");
}

#[test]
fn a_form_that_was_used_is_refused_with_other_content_or_at_another_address() {
    let site = Site::open();
    let client = site.client(Role::Mentee);
    let key = new_key();
    let send = |to: &str, zone: &str| client.post(to, &[("form_key", &key), ("time_zone", zone)]);
    send(path::TIME_ZONE, "Europe/Lisbon").assert_leads_to("/account");
    let refused = send(path::TIME_ZONE, "Asia/Tokyo");
    refused
        .assert_status(409)
        .assert_text("This form was sent before with something else in it.");
    assert!(!refused.body.contains(&key), "it can be sent again");
    assert_ne!(send(path::NEW_SESSION, "Europe/Lisbon").status, 303);
    assert_eq!(changes(&site.app), 1);
    assert_eq!(site.act(Role::Mentee).actor.time_zone, "Europe/Lisbon");

    // A key that an older version kept.
    site.app.db(|c| {
        use checkride::db::schema::form_keys::dsl;
        diesel::update(dsl::form_keys)
            .set(dsl::content.eq(""))
            .execute(c)?;
        Ok(())
    });
    send(path::TIME_ZONE, "Asia/Tokyo").assert_leads_to("/account");
    assert_eq!(changes(&site.app), 1);
}

#[test]
fn a_form_sent_eight_times_at_once_counts_once() {
    let site = Site::open();
    let client = site.client(Role::Mentee);
    let key = new_key();
    let fields = [("form_key", key.as_str()), ("time_zone", "Europe/Lisbon")];
    let answers = at_once(8, |_| client.post(path::TIME_ZONE, &fields));
    for answer in &answers {
        answer.assert_leads_to("/account");
        assert_eq!(
            answer.cookie("checkride-flash"),
            answers[0].cookie("checkride-flash")
        );
    }
    assert_eq!(changes(&site.app), 1);
}

#[test]
fn a_form_key_may_carry_the_longest_code_of_an_item_and_nothing_strange() {
    let site = Site::open();
    let client = site.client(Role::Mentee);
    let send = |key: &str| {
        let fields = [("form_key", key), ("time_zone", "Europe/Lisbon")];
        client.post(path::TIME_ZONE, &fields).status
    };
    let of_an_item = format!("{}-PAYSVC-PAGING-TEST-WITNESSE-checked", new_key());
    let longest = "k".repeat(128);
    for key in [of_an_item.as_str(), "16_Characters-OK", longest.as_str()] {
        assert_eq!(send(key), 303, "{key}");
    }
    let (too_long, spaced) = ("k".repeat(129), format!("{} ", new_key()));
    for key in [
        "",
        "fifteen-letters",
        too_long.as_str(),
        spaced.as_str(),
        "sixteen-letters\u{e9}",
    ] {
        assert_eq!(send(key), 422, "{key}");
    }
}

#[test]
fn the_same_key_of_two_people_is_two_forms() {
    let site = Site::open();
    let key = new_key();
    for role in [Role::Mentee, Role::Mentor] {
        let fields = [("form_key", key.as_str()), ("time_zone", "Europe/Lisbon")];
        site.client(role)
            .post(path::TIME_ZONE, &fields)
            .assert_status(303);
    }
    assert_eq!(changes(&site.app), 2);
}

#[test]
fn a_refused_form_may_be_sent_again_with_the_same_key() {
    let site = Site::open();
    let client = site.client(Role::Mentee);
    let key = new_key();
    let send =
        |zone: &str| client.post(path::TIME_ZONE, &[("form_key", &key), ("time_zone", zone)]);
    send("Europe/Atlantis").assert_status(422);
    send("Europe/Lisbon").assert_status(303);
    assert_eq!(changes(&site.app), 1);
}

#[test]
fn a_message_is_shown_once() {
    let site = Site::open();
    let client = site.client(Role::Mentee);
    let answer = client.send(path::TIME_ZONE, &[("time_zone", "Europe/Lisbon")]);
    let flash = String::from_utf8(hex::decode(answer.cookie("checkride-flash")).unwrap()).unwrap();
    assert_eq!(flash, "Times are now shown in Europe/Lisbon.");
    assert!(
        client
            .get("/account")
            .set_cookie("checkride-flash")
            .unwrap()
            .contains("Max-Age=0")
    );
    assert!(
        client
            .get("/account")
            .set_cookie("checkride-flash")
            .is_none()
    );
}

#[test]
fn whoever_watches_the_app_may_ask_without_wanting_the_body() {
    let app = TestApp::start();
    for (path, status) in [("/healthz", 200), ("/readyz", 200), ("/no-such-page", 404)] {
        let (with_body, without) = (app.client().get(path), app.client().head(path));
        with_body.assert_status(status);
        without.assert_status(status);
        assert_ne!(with_body.body, "");
        assert_eq!(without.body, "");
        assert_eq!(
            without.header("content-type"),
            with_body.header("content-type")
        );
    }
}

#[test]
fn a_nul_character_is_refused_wherever_it_stands() {
    let site = Site::open();
    let client = site.client(Role::Mentor);
    for path in [
        "/people/leila%00haddad",
        "/areas/payments%00",
        "/%00",
        "/ramps/1%00",
    ] {
        client
            .get(path)
            .assert_status(404)
            .assert_text("There is no such page, or it is not open to you.");
    }
    client.post("/areas/%00", &[]).assert_status(404);
    let words = "invisible character (NUL)";
    for path in [
        "/people?q=a%00b",
        "/board?team=%00",
        "/sign-in?next=%00",
        "/people?%00=a",
    ] {
        client.get(path).assert_status(422).assert_text(words);
    }
    let before = changes(&site.app);
    for (path, field) in [
        (path::TIME_ZONE, "time_zone"),
        (path::TIME_ZONE, "form_key"),
        ("/sign-in", "email"),
    ] {
        let fields = [(field, "0123456789abcdef\0")];
        client
            .post(path, &fields)
            .assert_status(422)
            .assert_text(words);
    }
    assert_eq!(changes(&site.app), before);
}

#[test]
fn a_refused_form_is_answered_with_the_menu_and_a_way_back_to_our_own_page() {
    let site = Site::open();
    site.ask_for_signoff();
    let id = site.dossier().signoffs[0].id;
    let decide = path::decision(id);
    let mark = path::item(site.ramp_id, "PAY-K1");
    let unchecked = [("from", "done"), ("to", "checked")];
    let returned = [("decision", "return"), ("note", "One more drill first")];
    let first_way = |answer: &Answer| {
        let list = answer
            .body
            .split("What you can do")
            .nth(1)
            .unwrap()
            .to_owned();
        list.split("<li>")
            .nth(1)
            .unwrap()
            .split("</li>")
            .next()
            .unwrap()
            .to_owned()
    };
    let back = "<a href=\"/board?team=2\">Back to the page you came from</a>";
    for (role, path, fields, status) in [
        (Role::MenteeLead, &decide, &returned[..], 403),
        (Role::Mentor, &mark, &unchecked[..], 409),
    ] {
        let client = site.client(role);
        let ours = client.with("referer", &format!("{}/board?team=2", site.app.base));
        let refused = ours.send(path, fields);
        let member = site.member(role).unwrap();
        refused
            .assert_status(status)
            .assert_text(&format!("{}, account menu", member.name))
            .assert_text(&format!("Times in {}", site.act(role).actor.time_zone));
        assert_eq!(first_way(&refused), back);

        for other in [
            "https://evil.example/board",
            &format!("{}//evil.example/", site.app.base),
        ] {
            let refused = client.with("referer", other).send(path, fields);
            refused.assert_status(status);
            assert!(!refused.body.contains("evil"), "{}", refused.body);
            assert!(!refused.body.contains("Back to"), "{}", refused.body);
        }
        let refused = ours.person_page("nobody");
        assert!(
            !refused.assert_status(404).body.contains("Back to"),
            "only a form leads back"
        );
    }
}

#[test]
fn nobody_is_led_back_to_an_address_that_answers_forms_only() {
    let site = Site::open();
    site.ask_for_signoff();
    let id = site.dossier().signoffs[0].id;
    let (page, decide) = (path::signoff(id), path::decision(id));
    let client = site.client(Role::Mentor);
    let from = |path: &str| client.with("referer", &format!("{}{path}", site.app.base));
    client.get(&decide).assert_status(404);
    // A form that came back there tells no address; one that came back at its own page does.
    let policy = |answer: &Answer| answer.header("referrer-policy").to_owned();
    let came_back = from(&page).send(&decide, &[("decision", "return")]);
    assert_eq!(policy(came_back.assert_status(422)), "origin");
    let again = from("/").send(&decide, &[("decision", "return")]);
    assert_eq!(policy(again.assert_status(422)), "origin");
    let ramp = site.ramp_id.to_string();
    let wrong = [("ramp", ramp.as_str()), ("summary", "")];
    let came_back = from(&path::new_session(site.ramp_id)).send(path::NEW_SESSION, &wrong);
    assert_eq!(policy(came_back.assert_status(422)), "same-origin");

    // A browser then names the host alone, which is no page to come back to.
    let refused = from("/").send(&path::ask(site.ramp_id), &[]);
    refused.assert_status(409);
    assert!(!refused.body.contains("Back to"), "{}", refused.text());
}

#[test]
fn whoever_decides_too_late_is_told_on_the_page_and_keeps_what_they_wrote() {
    let site = Site::open();
    site.ask_for_signoff();
    let id = site.dossier().signoffs[0].id;
    let page = path::signoff(id);
    let (key, decide) = (format!("{page}/first-key"), format!("{page}/decision"));
    let late = |answer: &Answer, sentence: &str, written: &str| {
        answer
            .assert_status(409)
            .assert_text(&format!("There is a problem {sentence}"))
            .assert_text("Leila Haddad")
            .assert_text(written);
        assert!(answer.body.contains("<title>Error: "), "{}", answer.body);
    };

    let mentor = site.client(Role::Mentor);
    mentor
        .send(
            &key,
            &[("recommendation", "Steady"), ("edition", &site.edition())],
        )
        .assert_leads_to(&page);
    let again = mentor.send(&key, &[("recommendation", "Calm under load")]);
    let told = "Marcus Oyelaran turned the first key of this sign-off";
    late(&again, told, "Your recommendation Calm under load");

    // The form is still there, and has what was typed.
    let gone = people::table.find(site.mentee.id);
    let leave = |at| {
        site.app.db(|c| {
            diesel::update(gone)
                .set(people::deactivated_at.eq(at))
                .execute(c)?;
            Ok(())
        });
    };
    leave(Some(site.app.now()));
    let end = site.app.now().day().plus_days(99).to_string();
    let approve = [
        ("decision", "approve"),
        ("note", "Go"),
        ("ends_on", end.as_str()),
    ];
    let answer = site.client(Role::Qualifier).send(&decide, &approve);
    late(&answer, "Leila Haddad has left", "Go");
    assert!(answer.body.contains(">\nGo</textarea>"), "{}", answer.body);
    assert!(
        answer.body.contains(&format!("value=\"{end}\"")),
        "{}",
        answer.body
    );
    assert!(
        !answer.body.contains("What you had written"),
        "{}",
        answer.body
    );
    leave(None);

    let deciders = [Role::Qualifier, Role::OwnerLead];
    let clients = deciders.map(|role| site.client(role));
    let notes = ["Reasons of the qualifier", "Reasons of the lead"];
    let answers = at_once(2, |n| {
        let edition = site.edition();
        let fields = [
            ("decision", "return"),
            ("note", notes[n]),
            ("edition", &edition),
        ];
        clients[n].send(&decide, &fields)
    });
    let slow = usize::from(answers[0].status == 303);
    answers[1 - slow].assert_leads_to(&page);
    let told = format!(
        "{} returned this sign-off",
        site.member(deciders[1 - slow]).unwrap().name
    );
    late(
        &answers[slow],
        &told,
        &format!("Your reasons, or note {}", notes[slow]),
    );
    answers[slow].assert_text("What you had written");
}

#[test]
fn an_address_with_a_slash_at_its_end_or_in_capitals_leads_to_the_page() {
    let site = Site::open();
    let client = site.client(Role::Mentor);
    for (asked, page) in [
        ("/board/?area=payments", "/board?area=payments"),
        ("/people/Leila-Haddad", "/people/leila-haddad"),
        ("/Areas/PAYMENTS/", "/areas/payments"),
    ] {
        let answer = client.get(asked);
        assert_eq!((answer.status, answer.location()), (308, page), "{asked}");
        client.get(page).assert_status(200);
    }
    client.send("/sign-out/", &[]).assert_status(404);
    client.get("/nowhere").assert_status(404);
}
