//! What was computed is kept, can be dropped, and decides who is told.

use std::sync::atomic::AtomicBool;

use checkride::domain::kpi::{Kpi, Measure, Place, store};
use checkride::domain::notification::Kind;
use checkride::kpis;
use checkride::metrics::Token;
use checkride::usecases::kpi::cache::Known;
use checkride::usecases::kpi::{Scope, crossing, trend};

use super::owned_by;
use crate::support::{Role, Site, TestApp, block_on};

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
        let known = block_on(kpis::of_days(&site.app.app, &scope, &trend::days(today)));
        for day in known.unwrap() {
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
    while block_on(kpis::pass(&site.app.app, &stop)).unwrap() {}
    let yesterday = site.app.now().day().plus_days(-1);
    let kept = site.app.db(|c| store::all_of(c, yesterday));
    assert!(kept.iter().any(|(scope, _)| scope == "organisation:0"));
    assert!(
        kept.iter()
            .any(|(scope, _)| *scope == format!("area:{}", site.area_id))
    );
    assert!(!kept.iter().any(|(scope, _)| scope.starts_with("person")));
    assert!(!block_on(kpis::pass(&site.app.app, &stop)).unwrap());
    assert_eq!(site.app.db(|c| store::all_of(c, yesterday)), kept);
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
    while block_on(kpis::pass(&site.app.app, &stop)).unwrap() {}
    let right = client.with("authorization", &format!("Bearer {TOKEN}"));
    let answer = right.get("/metrics");
    answer.assert_status(200);
    let kind = answer.header("content-type");
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    assert!(answer.text().contains("checkride_kpi_sample_size"));
}
