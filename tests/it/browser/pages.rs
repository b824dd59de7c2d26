//! Every page of the demo, as each of the people its sign-in page offers: a look at all of them, and a test that no
//! page is left out.

use std::collections::BTreeSet;

use checkride::session::SessionState;
use checkride::session::store::Session;
use thirtyfour::By;

use super::look;
use crate::permissions::mounted;
use crate::support::browser::{Browser, Viewport};
use crate::support::{Demo, TestApp, factory};

/// Mounted, but no page.
const NO_PAGES: [&str; 5] = [
    "/healthz",
    "/readyz",
    "/assets/{hash}/{name}",
    "/admin/audit.csv",
    "/board.csv",
];

/// The pages that are open to everybody.
fn of_everybody(demo: &Demo) -> Vec<String> {
    let mut all: Vec<String> = [
        "/",
        "/board",
        "/board/teams",
        "/areas",
        "/areas/payments",
        "/areas/payments/standard/v/1",
        "/areas/catalogue/standard/v/2",
        "/areas/catalogue/standard/diff?from=1&to=2",
        "/people",
        "/people/ingrid-solberg",
        "/sign-offs",
        "/sessions/new",
        "/account",
        "/help",
    ]
    .map(str::to_owned)
    .into();
    all.push(demo.clearance("sofia-marchetti", "edge"));
    all
}

fn of_the_mentor(demo: &Demo) -> Vec<String> {
    let (amara, jonas) = (
        demo.ramp("amara-okafor", "payments"),
        demo.ramp("jonas-weber", "command"),
    );
    let corrected = demo.session("amara-okafor", "payments");
    let mut all = of_everybody(demo);
    all.extend([
        format!("/sessions/new?ramp={}", amara.rsplit('/').next().unwrap()),
        // Held and corrected, what it corrects, its form; planned; forgotten; cancelled.
        corrected.clone(),
        format!("{corrected}/correct"),
        demo.session_that("amara-okafor", "payments", |s| s.superseded_at.is_some()),
        demo.session_that("amara-okafor", "payments", Session::is_plan),
        demo.session_that("amara-okafor", "payments", |s| {
            s.state == SessionState::Cancelled
        }),
        demo.session_that("jonas-weber", "command", Session::is_plan),
        format!("/sessions/new?ramp={}", jonas.rsplit('/').next().unwrap()),
        format!("{amara}/sessions/plan"),
        format!("{amara}/assess/architecture"),
        format!("{amara}/assess/change"),
        format!("{amara}/compare"),
        format!("{amara}/competencies/PAY-A4"),
        format!("{amara}/competencies/PAY-C3"),
        format!("{amara}/sign-off"),
        format!("{jonas}/sign-off"),
        format!("{amara}/items/PAY-K2/stale"),
        "/areas/payments/standard/draft".into(),
        "/areas/payments/standard/draft/competencies/new?group=incident".into(),
        "/areas/payments/standard/draft/competencies/PAY-C1".into(),
        "/areas/payments/standard/draft/items/new?group=do".into(),
        "/areas/payments/standard/draft/items/PAY-K2".into(),
        "/areas/payments/standard/draft/gates".into(),
        "/areas/payments/standard/draft/publish".into(),
        "/areas/payments/standard/flags".into(),
        amara,
        jonas,
    ]);
    all
}

fn of_the_mentee(demo: &Demo) -> Vec<String> {
    let (here, planned, proposed) = (
        demo.ramp("amara-okafor", "payments"),
        demo.ramp("amara-okafor", "edge"),
        demo.ramp("amara-okafor", "orders"),
    );
    let mut all = of_everybody(demo);
    all.extend([
        demo.session_that("amara-okafor", "payments", Session::is_plan),
        format!("{here}/sessions/plan?topic=PAY-C3"),
        format!("{here}/self-assess/observability"),
        format!("{planned}/self-assess/incident"),
        format!("{planned}/competencies/EDGE-A1"),
        format!("{here}/compare"),
        format!("{here}/competencies/PAY-A4"),
        format!("{planned}/sign-off"),
        format!("{proposed}/accept"),
        format!("{proposed}/decline"),
        proposed,
        here,
        planned,
    ]);
    all
}

fn of_the_lead(demo: &Demo) -> Vec<String> {
    let mut all = of_everybody(demo);
    all.extend([
        "/ramps/new".into(),
        "/ramps/new?area=payments".into(),
        "/areas/payments/edit".into(),
        "/areas/payments/systems/1".into(),
        "/areas/payments/qualifiers".into(),
        // Filtered, and with nothing left.
        "/board?view=list".into(),
        "/board?view=table".into(),
        "/board?view=list&show=ramping".into(),
        "/board?team=commerce-sre&area=payments&sort=expiry".into(),
        "/board?area=command&show=sign-off".into(),
        "/areas?show=short".into(),
        "/people?team=platform-sre".into(),
        "/people?q=zzz".into(),
        "/people/amara-okafor".into(),
        "/people/amara-okafor?year=2025".into(),
        demo.ramp("amara-okafor", "payments"),
        demo.ramp("rafael-costa", "orders"),
        format!("{}/sign-off", demo.ramp("lukas-novak", "catalogue")),
        // What she can arrange; paused, and ready to go on.
        format!("{}/pause", demo.ramp("amara-okafor", "payments")),
        format!("{}/target", demo.ramp("amara-okafor", "payments")),
        format!("{}/end", demo.ramp("amara-okafor", "payments")),
        format!(
            "{}/hand-over?find=weber",
            demo.ramp("amara-okafor", "payments")
        ),
        format!("{}/remove-mentor", demo.ramp("amara-okafor", "payments")),
        format!("{}/add-mentor", demo.ramp("rafael-costa", "orders")),
        format!("{}/resume", demo.ramp("rafael-costa", "catalogue")),
        demo.ramp("rafael-costa", "catalogue"),
        // For her to decide, and returned by her.
        demo.sign_off("lukas-novak", "catalogue"),
        demo.sign_off("rafael-costa", "orders"),
        // One gap of it is closed, one is open; then a suspended clearance, and what reinstating it would do.
        demo.gap("rafael-costa", "orders", 0),
        demo.gap("rafael-costa", "orders", 1),
        demo.clearance("jonas-weber", "catalogue"),
        format!("{}/reinstate", demo.clearance("jonas-weber", "catalogue")),
        format!("{}/revoke", demo.clearance("priya-raman", "orders")),
        format!("{}/suspend", demo.clearance("jonas-weber", "orders")),
        // Expiring, and lapsed.
        demo.clearance("sofia-marchetti", "payments"),
        demo.clearance("jonas-weber", "orders"),
    ]);
    all
}

fn of_the_administrator(demo: &Demo) -> Vec<String> {
    let mut all = of_everybody(demo);
    all.extend([
        "/ramps/new".into(),
        "/areas/new".into(),
        "/areas/new?template=payments".into(),
        "/areas/payments/archive".into(),
        "/areas/orders/systems/new".into(),
        // Granted, with the ramp it closed; then one that waits for somebody else.
        demo.sign_off("sofia-marchetti", "edge"),
        demo.ramp("sofia-marchetti", "edge"),
        demo.sign_off("lukas-novak", "catalogue"),
        demo.ramp("hana-kim", "platform"),
        "/admin/audit".into(),
        // Asked back, nobody, nothing, and days the wrong way round.
        "/admin/audit?who=a".into(),
        "/admin/audit?who=zzz".into(),
        "/admin/audit?kind=ramp&from=2031-01-01".into(),
        "/admin/audit?from=2031-01-01&to=2030-12-31".into(),
        // What was written on publishing is long.
        "/admin/audit?kind=standard".into(),
        "/admin/audit/40".into(),
    ]);
    all.extend(of_administration(demo));
    all
}

fn of_administration(demo: &Demo) -> Vec<String> {
    let team = demo.team("Platform SRE");
    let mut all: Vec<String> = [
        "/admin/people",
        "/admin/people?show=waiting",
        "/admin/people?q=zzz",
        "/admin/add-person",
        "/admin/add-people",
        // Invited, and not come yet; then somebody much depends on.
        "/admin/people/elif-demir",
        "/admin/people/dele-adeyemi",
        "/admin/people/dele-adeyemi/deactivate",
        "/admin/people/elif-demir/deactivate",
        "/people/dele-adeyemi/mentoring",
        "/admin/teams",
    ]
    .map(str::to_owned)
    .into();
    all.extend([format!("{team}?q=sofia"), format!("{team}?q=zzz"), team]);
    all
}

fn look_at_all(browser: &Browser, paths: &[String]) -> Vec<String> {
    look_at(browser, paths, false)
}

/// Pages that say why there is nothing to see.
fn look_at_refusals(browser: &Browser, paths: &[String]) -> Vec<String> {
    look_at(browser, paths, true)
}

fn look_at(browser: &Browser, paths: &[String], refused: bool) -> Vec<String> {
    let mut found = browser.console();
    for path in paths {
        for viewport in Viewport::ALL {
            browser.resize(viewport);
            browser.goto(path);
            let is_refused = browser.script("return !!document.querySelector('.oops')", vec![]);
            assert_eq!(is_refused, refused, "{path}: {}", browser.text());
            let on_it = look(browser);
            found.extend(
                on_it
                    .into_iter()
                    .map(|l| format!("{path} {viewport:?}: {l}")),
            );
        }
    }
    found
}

/// A form that comes back: the page it is on, its address, and what is wrong with what is sent.
type Wrong<'a> = (String, String, &'a [(&'a str, &'a str)]);

fn look_at_errors(browser: &Browser, forms: &[Wrong]) -> Vec<String> {
    let mut found = Vec::new();
    for (page, action, fields) in forms {
        for viewport in Viewport::ALL {
            browser.resize(viewport);
            browser.goto(page);
            browser.send(action, fields);
            browser.see("There is a problem");
            let on_it = look(browser);
            found.extend(
                on_it
                    .into_iter()
                    .map(|l| format!("{action} with errors {viewport:?}: {l}")),
            );
        }
    }
    found
}

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

#[track_caller]
fn assert_nothing(found: &[String]) {
    assert!(
        found.is_empty(),
        "{} faults:\n{}",
        found.len(),
        found.join("\n")
    );
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
                "/areas/payments/standard/draft/competencies/PAY-C1".into(),
                "/areas/payments/standard/draft/competencies/PAY-C1".into(),
                &[("statement", ""), ("revision", "0")],
            ),
            (
                "/areas/payments/standard/draft/competencies/PAY-C1".into(),
                "/areas/payments/standard/draft/competencies/PAY-C1".into(),
                &[("revision", "0")],
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
    browser.press("Ask for sign-off");
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

/// What somebody sees who is not signed in.
const SIGNED_OUT: [&str; 5] = [
    "/sign-in",
    "/sign-in?next=%2Fboard",
    "/invite/not-a-link",
    "/set-up/not-a-link",
    "/_ui",
];

#[test]
fn pages_for_everybody_can_be_used_by_everybody() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    let mut found = look_at_all(&browser, &SIGNED_OUT.map(str::to_owned));
    let link = demo.link("elif-demir");
    found.extend(look_at_all(&browser, std::slice::from_ref(&link)));
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
    let token = app.db(|c| checkride::invite::actions::offer_setup(c, now));
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
    ];
    let routes: BTreeSet<String> = mounted()
        .into_iter()
        .filter(|(method, path)| method == "GET" && !NO_PAGES.contains(&path.as_str()))
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
        "give these a page in the lists of tests/it/browser/pages.rs: {missing:?}"
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
