//! It finds only what somebody may see, and offers only what they may do.

use checkride::domain::postmortem::Transition;
use checkride::domain::ramp::RampState;
use checkride::usecases::search::actions::offered;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{SIGNED_IN, links, results, search, site};
use crate::support::{Role, TestApp, path, sample};

#[test]
fn the_sheet_of_a_drill_is_found_by_nobody_before_the_debrief() {
    let site = site();
    site.run_drill();
    for role in SIGNED_IN {
        let client = site.client(role);
        for typed in ["provider late", "pager rings", "tells finance"] {
            assert!(
                results(&client, typed).contains("Nothing matches"),
                "{typed} as {role:?}"
            );
        }
        assert!(
            results(&client, "monday morning").contains("Drill"),
            "{role:?}"
        );
    }
    site.debrief_drill();
    let found = results(&site.client(Role::Mentee), "provider late");
    assert!(found.contains("then not at all"), "{found}");
}

#[test]
fn a_draft_is_found_by_those_who_may_read_it_and_the_rest_learn_nothing() {
    let site = site();
    let slug = site.write(Role::Stranger, &sample::document());
    let page = format!("/library/{slug}");
    let check = || {
        for role in SIGNED_IN {
            let client = site.client(role);
            let opens = client.get(&page).status == 200;
            for typed in ["captures doubled", "nine seconds", "gateway", "twice"] {
                let found = search(&client, typed);
                assert_eq!(links(&found).contains(&page), opens, "{typed} as {role:?}");
                if !opens {
                    // Not even that there is something.
                    found
                        .assert_text("0 results")
                        .assert_text("Nothing matches.");
                }
            }
        }
    };
    check();
    site.make_transition(Role::Stranger, &slug, Transition::Submit);
    check();
    site.make_transition(Role::Qualifier, &slug, Transition::Approve);
    check();
    site.make_transition(Role::Qualifier, &slug, Transition::Reopen);
    check();
}

#[test]
fn what_a_reader_is_to_think_about_first_is_in_no_snippet() {
    let site = site();
    site.teach(&sample::document());
    let found = results(&site.client(Role::Mentee), "switched everything");
    assert!(found.contains("Captures were doubled"), "{found}");
    assert!(
        found.contains("Authorisation takes nine seconds."),
        "{found}"
    );
    assert!(!found.contains("Switched everything to"), "{found}");
}

#[test]
fn what_one_may_not_see_pushes_nothing_out() {
    let site = site();
    let seen = site.teach(&checkride::domain::postmortem::Document {
        symptoms: "Slow, and much later somebody saw a quagga in the logs.".into(),
        ..sample::document()
    });
    // All of these fit better, and fill more than a page.
    for n in 0..30 {
        let hidden = checkride::domain::postmortem::Document {
            title: format!("Quagga {n}"),
            symptoms: "Quagga, quagga".into(),
            ..sample::document()
        };
        site.write(Role::Stranger, &hidden);
    }
    let mentee = site.client(Role::Mentee);
    for query in ["q=quagga", "q=quagga&kind=postmortem"] {
        let page = mentee.get(&format!("/search?{query}"));
        page.assert_status(200).assert_text("1 result");
        assert!(
            links(&page).contains(&format!("/library/{seen}")),
            "{query}"
        );
        assert!(!page.text().contains("More results"));
    }
    mentee
        .get("/search?q=quagga&page=2")
        .assert_text("Nothing matches.");
    search(&site.client(Role::Stranger), "quagga").assert_text("The best 20");
}

#[test]
fn sessions_and_ramps_are_found_by_those_they_concern() {
    let site = site();
    let mentor = site.client(Role::Mentor);
    mentor.record_session(
        site.ramp_id,
        "Replayed the zwölf queues",
        &[("minutes", "30")],
    );
    for role in SIGNED_IN {
        let client = site.client(role);
        let opens = client.ramp_page(site.ramp_id).status == 200;
        assert_eq!(
            results(&client, "zwolf queues").contains("Session with"),
            opens,
            "{role:?}"
        );
        let found = links(&search(&client, "leila payments"));
        assert_eq!(found.contains(&path::ramp(site.ramp_id)), opens, "{role:?}");
    }
}

#[test]
fn whatever_is_offered_can_be_done() {
    for state in [
        RampState::Active,
        RampState::Proposed,
        RampState::Paused,
        RampState::Ended,
    ] {
        let site = site();
        if state != RampState::Active {
            site.put_into(state);
        }
        for role in SIGNED_IN {
            let actor = site.act(role).actor;
            let mut all = site.app.db(|c| offered(c, &actor));
            if state != RampState::Active {
                // The rest does not depend on the ramp.
                all.retain(|action| {
                    action.label.contains("session") || action.label.contains("shift")
                });
            }
            let client = site.client(role);
            for action in all {
                let page = client.get(&action.address);
                assert_eq!(page.status, 200, "{action:?} as {role:?}: {}", page.text());
            }
        }
    }
}

#[test]
fn nobody_searches_who_is_signed_out() {
    let site = site();
    site.client(Role::SignedOut)
        .get("/search?q=leila")
        .assert_leads_to("/sign-in?next=%2Fsearch%3Fq%3Dleila");
}

#[test]
fn no_text_breaks_the_search() {
    let site = site();
    let client = site.client(Role::Mentor);
    let hostile = [
        "AND (",
        "\"",
        "\"\"\"",
        "a* OR b*",
        "NEAR(a b)",
        "title:x",
        "^pay",
        "pay -i2",
        "{a b}:c",
        "'; DROP TABLE people; --",
        "\\",
        "!!",
        "%",
        "_",
        "\u{0}pay",
        "& | !",
        "a:*",
        "<-> pay",
        "(((((((",
        "''''",
        "\u{202e}pay",
        "\u{301}\u{301}pay",
        "ﷺ",
        "½",
        "🦀 crab",
        "pay\npay\tpay",
        "\u{feff}",
        "-",
        "a\u{200d}b",
        "ªº",
        "İI",
        "ŉ",
    ];
    for typed in hostile {
        search(&client, typed).assert_status(200);
    }
    for query in [
        "q=%FF",
        "q=%00",
        "q=%",
        "q",
        "",
        "q=a&q=b",
        "page=-1&q=pay",
        "page=9999999999999999999&q=pay",
        "kind=%27&q=pay",
    ] {
        client.get(&format!("/search?{query}")).assert_status(200);
    }
    search(&client, &"ab ".repeat(2_000)).assert_status(200);
    let mut runner = TestRunner::new(Config {
        cases: 150,
        failure_persistence: None,
        ..Config::default()
    });
    let signs = prop_oneof![
        "\\PC{0,12}",
        "[\"'*:&|!()<>^{}\\\\ -]{1,8}[a-zé障]{0,3}",
        "(AND|OR|NOT|NEAR|title|rest)[ :(\"*]{0,3}[a-z]{0,4}",
    ];
    let outcome = runner.run(&signs, |typed| {
        let page = search(&client, &typed);
        prop_assert_eq!(page.status, 200, "{:?}: {}", typed, page.text());
        Ok(())
    });
    if let Err(e) = outcome {
        panic!("{e}");
    }
}

#[test]
fn a_search_asks_a_few_statements_however_much_is_found() {
    let (app, statements) = TestApp::counted();
    let site = crate::support::Site::open_on(app);
    let rebuilt = || {
        site.app
            .db(|c| checkride::usecases::search::rebuild(c).map(|_| ()))
    };
    rebuilt();
    let clients = SIGNED_IN.map(|role| site.client(role));
    let count = || {
        let mut counts = Vec::new();
        for client in &clients {
            for typed in ["", "pay", "nothing like it"] {
                statements.take();
                search(client, typed).assert_status(200);
                let asked = statements.take();
                assert!(
                    (1..=8).contains(&asked.len()),
                    "{typed}: {}",
                    asked.join("\n")
                );
                counts.push(asked.len());
            }
        }
        counts
    };
    let small = count();
    for _ in 0..30 {
        site.hold_session(30);
    }
    rebuilt();
    assert_eq!(small, count());
}
