//! Every page of the demo, as each of the people its sign-in page offers: a look at all of them, and a test that no
//! page is left out. The pages are in [`list`].

mod hostile;
mod list;
mod looks;

use std::collections::BTreeSet;

use checkride::domain::drill::DrillState;
use checkride::domain::session::model::Session;
use list::{NO_PAGES, SIGNED_OUT, of_the_administrator, of_the_lead, of_the_mentee, of_the_mentor};
use looks::{assert_nothing, look_at_all, look_at_errors, look_at_refusals};
use thirtyfour::By;

use super::look;
use crate::permissions::mounted;
use crate::support::browser::{Browser, Viewport};
use crate::support::{Demo, TestApp, factory};

#[test]
fn the_menus_can_be_used_by_everybody() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("lead");
    let mut found = Vec::new();
    for (viewport, menu, entry) in [
        (Viewport::Phone, "nav", "People"),
        (Viewport::Phone, "me", "Sign out"),
        (Viewport::Desktop, "me", "Sign out"),
    ] {
        browser.resize(viewport);
        browser.goto("/help");
        let button = By::Css(format!("[popovertarget='{menu}']"));
        browser.with(button, async |button| button.click().await);
        browser.see(entry);
        found.extend(look(&browser));
    }
    assert_nothing(&found);
}

#[test]
fn every_page_of_the_mentor_can_be_used_by_everybody() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("mentor");
    let mut found = look_at_all(&browser, &of_the_mentor(&demo));

    let amara = demo.ramp("amara-okafor", "payments");
    let not_hers = [
        format!("{amara}/self-assess/architecture"),
        "/ramps/new".into(),
    ];
    found.extend(look_at_refusals(&browser, &not_hers));
    let assess = format!("{amara}/assess/change");
    let new = format!("/sessions/new?ramp={}", amara.rsplit('/').next().unwrap());
    let jonas = demo.ramp("jonas-weber", "command");
    let forgotten = demo.session_that("jonas-weber", "command", Session::is_plan);
    let long = "x".repeat(4001);
    let to_come = demo.drill(DrillState::Planned);
    let debrief = format!("{}/debrief", demo.drill(DrillState::Run));
    found.extend(look_at_errors(
        &browser,
        &[
            (
                new,
                "/sessions/new".into(),
                &[
                    ("summary", ""),
                    ("minutes_other", "9999"),
                    ("starts_at", "2031-01-01T10:00"),
                ],
            ),
            (
                format!("{amara}/sessions/plan"),
                format!("{amara}/sessions/plan"),
                &[("starts_at", ""), ("minutes_other", "0")],
            ),
            (
                forgotten.clone(),
                format!("{forgotten}/cancel"),
                &[("cancel_reason", "")],
            ),
            (forgotten.clone(), format!("{forgotten}/no-show"), &[]),
            (assess.clone(), assess, &[("level-PAY-C3", "5")]),
            (
                "/drills/new?area=payments".into(),
                "/drills/new".into(),
                &[("title", ""), ("minutes", "0"), ("starts_at", "")],
            ),
            (to_come.clone(), format!("{to_come}/cancel"), &[]),
            (debrief.clone(), debrief, &[]),
            (
                "/areas/payments/standard/draft/competencies/PAY-C1".into(),
                "/areas/payments/standard/draft/competencies/PAY-C1".into(),
                &[("statement", ""), ("revision", "2.0")],
            ),
            (
                "/areas/payments/standard/draft/competencies/PAY-C1".into(),
                "/areas/payments/standard/draft/competencies/PAY-C1".into(),
                &[("revision", "2.0")],
            ),
            (
                "/areas/payments/standard/draft/items/PAY-K2".into(),
                "/areas/payments/standard/draft/items/PAY-K2".into(),
                &[("link", "javascript:alert(1)")],
            ),
            (
                "/areas/payments/standard/draft/gates".into(),
                "/areas/payments/standard/draft/gates".into(),
                &[("held", "-1")],
            ),
            (
                "/areas/payments/standard/draft/publish".into(),
                "/areas/payments/standard/draft/publish".into(),
                &[("note", "")],
            ),
            (
                format!("{amara}/items/PAY-K2/stale"),
                format!("{amara}/items/PAY-K2/stale"),
                &[("note", "")],
            ),
            (
                format!("{jonas}/sign-off"),
                format!("{jonas}/sign-off"),
                &[("note", &long)],
            ),
        ],
    ));

    // A sign-off that waits for her own key, with what is wrong in both of its forms.
    browser.goto(&format!("{jonas}/sign-off"));
    browser.press("Only ask");
    browser.see("The first key is yours");
    let mine = demo.sign_off("jonas-weber", "command");
    found.extend(look_at_all(&browser, std::slice::from_ref(&mine)));
    found.extend(look_at_errors(
        &browser,
        &[
            (mine.clone(), format!("{mine}/first-key"), &[]),
            (mine.clone(), format!("{mine}/decision"), &[]),
        ],
    ));
    assert_nothing(&found);
}

#[test]
fn every_page_of_the_mentee_can_be_used_by_everybody() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("mentee");
    let mut found = look_at_all(&browser, &of_the_mentee(&demo));
    let not_hers = [
        demo.ramp("lukas-novak", "catalogue"),
        "/no-such-page".into(),
        "/people/nobody".into(),
    ];
    found.extend(look_at_refusals(&browser, &not_hers));
    let action = format!(
        "{}/self-assess/change",
        demo.ramp("amara-okafor", "payments")
    );
    let long = "x".repeat(1001);
    found.extend(look_at_errors(
        &browser,
        &[(
            action.clone(),
            action,
            &[("level-PAY-C3", "2"), ("note-PAY-C3", &long)],
        )],
    ));
    assert_nothing(&found);
}

#[test]
fn every_page_of_the_lead_can_be_used_by_everybody() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("lead");
    let mut found = look_at_all(&browser, &of_the_lead(&demo));
    let waiting = demo.sign_off("lukas-novak", "catalogue");
    found.extend(look_at_errors(
        &browser,
        &[
            (
                "/ramps/new?area=payments".into(),
                "/ramps/new".into(),
                &[("interval_days", "99"), ("starts_on", "")],
            ),
            (
                waiting.clone(),
                format!("{waiting}/decision"),
                &[("decision", "return")],
            ),
            (
                waiting.clone(),
                format!("{waiting}/decision"),
                &[("ends_on", "2001-01-01")],
            ),
        ],
    ));
    assert_nothing(&found);
}

#[test]
fn every_page_of_the_administrator_can_be_used_by_everybody() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("administrator");
    let mut found = look_at_all(&browser, &of_the_administrator(&demo));
    found.extend(look_at_errors(
        &browser,
        &[
            (
                "/account".into(),
                "/account/time-zone".into(),
                &[("time_zone", "Mars/Olympus")],
            ),
            (
                "/account".into(),
                "/account/password".into(),
                &[("new_password", "short")],
            ),
            (
                "/admin/add-person".into(),
                "/admin/add-person".into(),
                &[("name", ""), ("email", "nobody")],
            ),
            (
                "/admin/add-people".into(),
                "/admin/add-people".into(),
                &[("list", "Ada King\nBo Li, bo@example.com, , lead")],
            ),
            (
                "/admin/people/dele-adeyemi/deactivate".into(),
                "/admin/people/dele-adeyemi/deactivate".into(),
                &[("reason", "")],
            ),
            (
                "/people/dele-adeyemi/mentoring".into(),
                "/people/dele-adeyemi/mentoring".into(),
                &[("mentees", "99")],
            ),
            (
                "/admin/teams".into(),
                "/admin/teams".into(),
                &[("name", "Platform SRE")],
            ),
        ],
    ));
    assert_nothing(&found);
}

#[test]
fn pages_for_everybody_can_be_used_by_everybody() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    let mut found = look_at_all(&browser, &SIGNED_OUT.map(str::to_owned));
    let link = demo.link("elif-demir");
    let stop = demo.mail_link("elif-demir", "cleared");
    found.extend(look_at_all(&browser, &[link.clone(), stop]));
    found.extend(look_at_errors(
        &browser,
        &[(link.clone(), link, &[("password", "short")])],
    ));
    found.extend(look_at_refusals(&browser, &["/no-such-page".to_owned()]));
    found.extend(look_at_errors(
        &browser,
        &[("/sign-in".into(), "/sign-in".into(), &[("email", "nobody")])],
    ));
    assert_nothing(&found);
}

#[test]
fn the_first_pages_of_a_new_installation_can_be_used_by_everybody() {
    let app = TestApp::start();
    let browser = Browser::open(&app);
    let mut found = look_at_all(&browser, &["/sign-in".to_owned()]);
    browser.see("This Checkride is new.");
    let now = app.now();
    let token = app.db(|c| checkride::usecases::invite::actions::offer_setup(c, now));
    let link = token.unwrap().setup_link("");
    found.extend(look_at_all(&browser, std::slice::from_ref(&link)));
    found.extend(look_at_errors(
        &browser,
        &[(link.clone(), link, &[("email", "nobody")])],
    ));
    let first = app.db(|c| factory::member(c, now, "Ines Duarte", "Europe/Lisbon", None));
    browser.sign_in(&first);
    found.extend(look_at_all(
        &browser,
        &[
            "/",
            "/board",
            "/board?view=list",
            "/board/teams",
            "/areas",
            "/people",
            "/people/ines-duarte",
            "/sign-offs",
            "/sessions/new",
            "/ramps/new",
        ]
        .map(str::to_owned),
    ));
    assert_nothing(&found);
}

#[test]
fn no_page_is_left_out() {
    let demo = Demo::open();
    let lists = [
        of_the_mentor(&demo),
        of_the_mentee(&demo),
        of_the_lead(&demo),
        of_the_administrator(&demo),
        SIGNED_OUT.map(str::to_owned).into(),
        vec![demo.mail_link("elif-demir", "cleared")],
    ];
    let routes: BTreeSet<String> = mounted()
        .into_iter()
        .filter(|(method, path)| method == "GET" && !NO_PAGES.contains(&path.as_str()))
        .filter(|(_, path)| {
            ![".csv", ".xlsx", ".zip"]
                .iter()
                .any(|end| path.ends_with(end))
        })
        .map(|(_, path)| path)
        .collect();
    let looked_at: BTreeSet<String> = lists
        .iter()
        .flatten()
        .filter_map(|path| {
            routes
                .iter()
                .filter(|r| leads_to(path, r))
                .min_by_key(|r| r.matches('{').count())
        })
        .cloned()
        .collect();
    let missing: Vec<_> = routes.difference(&looked_at).collect();
    assert!(
        missing.is_empty(),
        "give these a page in the lists of tests/it/browser/pages/list.rs: {missing:?}"
    );
}

/// Whether the address is one of that route's.
fn leads_to(path: &str, route: &str) -> bool {
    let path = path.split('?').next().unwrap();
    let (given, wanted): (Vec<_>, Vec<_>) = (path.split('/').collect(), route.split('/').collect());
    given.len() == wanted.len()
        && given
            .iter()
            .zip(&wanted)
            .all(|(g, w)| g == w || w.starts_with('{'))
}
