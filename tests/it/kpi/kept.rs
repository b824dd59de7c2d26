//! What was computed is kept, can be dropped, and decides who is told.

use std::sync::atomic::AtomicBool;

use checkride::db::types::Day;
use checkride::domain::kpi::{Kpi, Measure, Place, store};
use checkride::domain::notification::Kind;
use checkride::kpis::{self, Computing, Failed};
use checkride::metrics::Token;
use checkride::usecases::kpi::cache::{self, Known, KnownDay};
use checkride::usecases::kpi::{Scope, crossing, trend};
use serde_json::json;

use super::owned_by;
use crate::support::{Role, Site, TestApp, block_on};

/// One pass; returns whether there may be more.
fn pass(site: &Site, stop: &AtomicBool) -> bool {
    block_on(kpis::pass(&site.app.app, &mut Failed::default(), stop)).unwrap()
}

/// The figures of these days, as soon as all of them are there.
fn known(site: &Site, scope: &Scope, days: &[Day]) -> Vec<KnownDay> {
    loop {
        let known = block_on(kpis::of_days(&site.app.app, scope, days, true)).unwrap();
        if known.len() == days.len() {
            return known;
        }
    }
}

/// The figures of all scopes of the site over a year, computed or kept.
fn all(site: &Site) -> Vec<(String, String)> {
    let today = site.app.now().day();
    let team = crate::permissions::owners(site);
    let scopes = [
        Scope::Organisation,
        Scope::Team(team),
        Scope::Area(site.area_id),
        Scope::Person(site.mentee.id),
    ];
    let mut all = Vec::new();
    for scope in scopes {
        for day in known(site, &scope, &trend::days(today)) {
            let key = format!("{} {}", scope.word(), day.day);
            all.push((key, format!("{:?}", day.figures)));
        }
    }
    all
}

#[test]
fn what_was_kept_is_what_is_computed_again() {
    let site = Site::open();
    site.hold_session(30);
    site.app.wait_hours(24 * 40);
    site.hold_session(45);
    let computed = all(&site);
    let kept = all(&site);
    assert_eq!(computed, kept);
    assert!(site.app.db(store::drop_days) > 0);
    assert_eq!(all(&site), computed);
    // What is recorded later changes no day that is over.
    site.app.wait_hours(24);
    site.hold_session(60);
    site.app.db(store::drop_days);
    let later = all(&site);
    let over = |all: &[(String, String)]| {
        let ends = all
            .iter()
            .filter(|(key, _)| key.ends_with("-31") || key.ends_with("-30"));
        ends.cloned().collect::<Vec<_>>()
    };
    assert!(!over(&computed).is_empty());
    assert_eq!(over(&later), over(&computed));
}

#[test]
fn a_pass_computes_yesterday_once_for_everything_that_is_measured() {
    let site = Site::open();
    let stop = AtomicBool::new(false);
    while pass(&site, &stop) {}
    let yesterday = site.app.now().day().plus_days(-1);
    let begin = cache::final_from(yesterday);
    let kept = site.app.db(|c| store::all_of(c, yesterday, begin));
    assert!(kept.iter().any(|(scope, _)| scope == "organisation:0"));
    assert!(
        kept.iter()
            .any(|(scope, _)| *scope == format!("area:{}", site.area_id))
    );
    assert!(!kept.iter().any(|(scope, _)| scope.starts_with("person")));
    assert!(!pass(&site, &stop));
    assert_eq!(site.app.db(|c| store::all_of(c, yesterday, begin)), kept);
}

#[test]
fn crossing_a_target_is_told_once_and_recovering_once_more() {
    let site = Site::open();
    owned_by(&site, Role::OwnerLead);
    let place = Place::Area(site.area_id);
    let decide = |days_ago: i64, value: f64| {
        let figure = Known {
            kpi: Kpi::Coverage,
            main: Measure {
                value: Some(value),
                n: 1000,
            },
            others: Vec::new(),
            is_withheld: false,
        };
        let (now, day) = (site.app.now(), site.app.now().day().plus_days(-days_ago));
        site.app
            .db(|c| crossing::decide(c, place, day, &[figure], now));
    };
    let told = |kind: Kind| {
        use checkride::db::schema::notifications::dsl;
        use diesel::prelude::*;
        site.app.db(|c| {
            Ok(dsl::notifications
                .filter(dsl::kind.eq(kind))
                .count()
                .get_result::<i64>(c)?)
        })
    };
    decide(5, 2.0);
    assert_eq!(told(Kind::KpiMissed), 0);
    decide(4, 0.5);
    decide(4, 0.5);
    decide(3, 0.4);
    assert_eq!((told(Kind::KpiMissed), told(Kind::KpiMet)), (1, 0));
    decide(2, 2.0);
    decide(1, 2.0);
    assert_eq!((told(Kind::KpiMissed), told(Kind::KpiMet)), (1, 1));
    site.client(Role::OwnerLead)
        .get("/inbox")
        .assert_text("It met its target again");
}

#[test]
fn metrics_are_for_those_who_have_the_token() {
    const TOKEN: &str = "0123456789abcdef";
    let none = TestApp::start();
    none.client().get("/metrics").assert_status(404);
    let app = TestApp::start_with(|app| app.metrics_token = Some(Token::parse(TOKEN).unwrap()));
    let site = Site::open_on(app);
    let client = site.app.client();
    client.get("/metrics").assert_status(401);
    let wrong = client.with("authorization", "Bearer 0123456789abcdeg");
    wrong.get("/metrics").assert_status(401);
    let stop = AtomicBool::new(false);
    while pass(&site, &stop) {}
    let right = client.with("authorization", &format!("Bearer {TOKEN}"));
    let answer = right.get("/metrics");
    answer.assert_status(200);
    let kind = answer.header("content-type");
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    assert!(answer.text().contains("checkride_kpi_sample_size"));
}

#[test]
fn metrics_are_all_of_one_day_that_is_over() {
    const TOKEN: &str = "0123456789abcdef";
    let app = TestApp::start_with(|app| app.metrics_token = Some(Token::parse(TOKEN).unwrap()));
    let site = Site::open_on(app);
    let client = site.app.client();
    let client = client.with("authorization", &format!("Bearer {TOKEN}"));
    let told = || {
        let text = client.get("/metrics").body;
        let day = text.lines().find(|l| l.starts_with("checkride_kpi_day"));
        let figures = text
            .lines()
            .filter(|l| l.starts_with("checkride_kpi_sample_size{"));
        (day.unwrap().to_owned(), figures.count())
    };
    let stop = AtomicBool::new(false);
    while pass(&site, &stop) {}
    let (day, figures) = told();
    assert!(figures > 0);
    // A day later somebody looks at the organisation, and the pass has computed nothing else yet.
    site.app.wait_hours(24);
    let yesterday = site.app.now().day().plus_days(-1);
    known(&site, &Scope::Organisation, &[yesterday]);
    assert_eq!(told(), (day.clone(), figures));
    while pass(&site, &stop) {}
    assert_ne!(told().0, day);
}

#[test]
fn labels_that_no_area_has_are_computed_no_longer() {
    let site = Site::open();
    let stop = AtomicBool::new(false);
    let labelled = |labels: &str| {
        use checkride::db::schema::areas::dsl;
        use diesel::prelude::*;
        site.app.db(|c| {
            diesel::update(dsl::areas.find(site.area_id))
                .set(dsl::labels.eq(labels))
                .execute(c)?;
            Ok(())
        });
    };
    let of_label = || {
        while pass(&site, &stop) {}
        let yesterday = site.app.now().day().plus_days(-1);
        let begin = cache::final_from(yesterday);
        let all = site.app.db(|c| store::all_of(c, yesterday, begin));
        all.iter().any(|(scope, _)| scope == "label:shop")
    };
    labelled("shop");
    assert!(of_label());
    labelled("");
    site.app.wait_hours(24);
    assert!(!of_label());
}

#[test]
fn a_page_shows_the_last_figures_while_newer_ones_are_computed() {
    let app = TestApp::start_with(|app| app.computing = Computing::at_once(0));
    let site = Site::open_on(app);
    let lead = site.client(Role::OwnerLead);
    for path in [
        "/kpis",
        "/kpis/areas/payments",
        "/kpis/areas/payments/coverage",
        "/kpis?at=2026-10-01",
    ] {
        lead.get(path)
            .assert_text("The figures are being computed.");
    }
    let stop = AtomicBool::new(false);
    while pass(&site, &stop) {}
    for path in ["/kpis", "/kpis/areas/payments/coverage"] {
        let page = lead.get(path);
        page.assert_text("Newer ones are being computed.");
        page.assert_text("Coverage");
    }
    let yesterday = site.app.now().day().plus_days(-1).to_string();
    let file = lead.get("/kpis/figures.csv").body;
    assert!(
        file.contains("coverage") && file.contains(&yesterday),
        "{file}"
    );
    lead.get("/kpis?at=2026-10-01")
        .assert_text("The figures are being computed.");
}

#[test]
fn the_page_shows_the_first_rows_behind_a_figure_and_the_file_has_all() {
    let site = Site::open();
    let today = site.app.now().day();
    let lines: Vec<_> = (1..=60)
        .map(|n| json!({ "about": format!("Shift {n}."), "adds": "1", "address": null, "person": null }))
        .collect();
    let behind = json!([{ "kpi": "coverage", "lines": lines, "count": 60 }]);
    let (area, now) = (Scope::Area(site.area_id), site.app.now());
    site.app.db(|c| {
        let mut computed = cache::compute(c, &area, now)?;
        computed.behind = serde_json::from_value(behind).unwrap();
        cache::keep(c, &area, today, &computed.packed()?, now)
    });
    let lead = site.client(Role::OwnerLead);
    let page = lead.get("/kpis/areas/payments/coverage");
    page.assert_text("Shift 50.");
    page.assert_text("and 10 more");
    assert!(!page.body.contains("Shift 51."));
    let file = lead.get("/kpis/areas/payments/coverage/rows.csv").body;
    assert_eq!(file.lines().count(), 61, "{file}");
    assert!(file.contains("Shift 60."));
}
