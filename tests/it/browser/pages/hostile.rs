//! The same pages of an installation where every text is as long as its field allows, without a space where one may be:
//! none is wider than the window, on any width.

use std::collections::BTreeSet;

use checkride::db::Conn;
use checkride::domain::area;
use checkride::error::Result;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::Value;

use super::list::{SIGNED_OUT, of_the_administrator, of_the_lead, of_the_mentee, of_the_mentor};
use crate::support::browser::Browser;
use crate::support::{Demo, at_once};

/// A narrow phone or 400 % zoom, a phone, a desk.
const WIDTHS: [u32; 3] = [320, 390, 1280];
/// So many areas are columns of the board.
const AREAS: usize = 15;
/// Browsers that look at once.
const BROWSERS: usize = 4;

/// What people type into names, and into sentences.
const NAMES: [(&str, &str); 25] = [
    ("people", "name"),
    ("teams", "name"),
    ("areas", "name"),
    ("systems", "name"),
    ("systems", "reference"),
    ("system_links", "title"),
    ("drills", "title"),
    ("alerts", "title"),
    ("postmortems", "title"),
    ("postmortem_systems", "name"),
    ("audit_entries", "actor_name"),
    ("audit_entries", "address"),
    ("next_actions", "body"),
    ("drill_lines", "body"),
    ("signoff_points", "body"),
    ("ramp_changes", "reason"),
    ("waivers", "reason"),
    ("activities", "note"),
    ("hooks", "name"),
    ("hooks", "paused_because"),
    ("messages", "answer"),
    ("clubs", "note"),
    ("stale_flags", "note"),
    ("delta_reviews", "closing_note"),
    ("pairings", "ended_reason"),
];
const SENTENCES: [(&str, &str); 32] = [
    ("kpi_notes", "why"),
    ("kpi_notes", "next"),
    ("areas", "summary"),
    ("standards", "note"),
    ("sessions", "summary"),
    ("assessments", "evidence"),
    ("signoffs", "request_note"),
    ("signoffs", "first_key_note"),
    ("signoffs", "decision_note"),
    ("stale_flags", "closing_note"),
    ("session_changes", "reason"),
    ("signoff_points", "closing_note"),
    ("signoff_messages", "body"),
    ("clearance_changes", "reason"),
    ("shifts", "may_page"),
    ("shifts", "runbooks"),
    ("shifts", "learner_job"),
    ("shifts", "who_may_touch"),
    ("shift_changes", "reason"),
    ("shift_debriefs", "went_well"),
    ("shift_debriefs", "went_badly"),
    ("drills", "scenario"),
    ("drills", "went_well"),
    ("drills", "went_badly"),
    ("drill_lines", "note"),
    ("postmortem_answers", "body"),
    ("waivers", "decision_note"),
    ("ramp_targets", "reason"),
    ("asked_observations", "work"),
    ("asked_observations", "words"),
    ("session_feedback", "first"),
    ("session_feedback", "second"),
];
/// Documents whose sentences are in JSON.
const DOCUMENTS: [(&str, &str); 4] = [
    ("standards", "content"),
    ("signoffs", "record"),
    ("postmortems", "content"),
    ("postmortem_versions", "content"),
];

fn hostile(most: usize, n: usize) -> String {
    let letters = "Donaudampfschifffahrtsgesellschaft".chars().cycle();
    let right_to_left = "المسؤوليةالكاملة".chars().cycle();
    let dense = "責任範囲監視運用手順".chars().cycle();
    match n % 4 {
        0 => letters.take(most).collect(),
        1 => right_to_left.take(most).collect(),
        2 => dense.take(most).collect(),
        _ => "https://grafana.example.com/d/abcdef/payments?from=now-6h&to=now&var-region=eu"
            .chars()
            .cycle()
            .take(most)
            .collect(),
    }
}

#[derive(QueryableByName)]
struct Document {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    text: String,
}

/// Sentences get longer; words of the document itself, codes and days have no space in them.
fn lengthen(value: &mut Value, long: &str) {
    match value {
        Value::String(text) if text.contains(' ') => {
            text.push(' ');
            text.push_str(long);
        }
        Value::Array(all) => all.iter_mut().for_each(|v| lengthen(v, long)),
        Value::Object(all) => all.values_mut().for_each(|v| lengthen(v, long)),
        _ => {}
    }
}

fn fill(c: &mut Conn) -> Result<()> {
    let payments = area::store::by_slug(c, "payments")?.unwrap();
    let now = payments_made(c)?;
    for n in area::store::all(c)?.len()..AREAS {
        let fields = area::model::Fields {
            code: format!("A{}", char::from(b'A' + u8::try_from(n).unwrap())),
            name: format!("Area of {n} warehouses, stock and replenishment"),
            ..area::model::Fields::of(&payments)
        };
        area::store::insert(
            c,
            &format!("area-{n}"),
            &fields,
            payments.owner_team_id,
            now,
        )?;
    }
    for (all, most) in [(&NAMES[..], 100), (&SENTENCES[..], 220)] {
        for (table, column) in all {
            for n in 0..4 {
                let long = hostile(most, n);
                diesel::sql_query(format!(
                    "UPDATE {table} SET {column} = {column} || ' ' || '{long}' \
                     WHERE {column} <> '' AND rowid % 4 = {n}"
                ))
                .execute(c)?;
            }
        }
    }
    diesel::sql_query(format!(
        "UPDATE people SET email = '{}' || email",
        hostile(120, 0)
    ))
    .execute(c)?;
    for (table, column) in DOCUMENTS {
        let found = diesel::sql_query(format!(
            "SELECT rowid AS id, {column} AS text FROM {table} WHERE {column} <> ''"
        ));
        for (n, row) in found.load::<Document>(c)?.into_iter().enumerate() {
            let mut document: Value = serde_json::from_str(&row.text).unwrap();
            lengthen(&mut document, &hostile(220, n));
            let text = document.to_string().replace('\'', "''");
            diesel::sql_query(format!(
                "UPDATE {table} SET {column} = '{text}' WHERE rowid = {}",
                row.id
            ))
            .execute(c)?;
        }
    }
    Ok(())
}

fn payments_made(c: &mut Conn) -> Result<checkride::db::types::UtcTime> {
    use checkride::db::schema::areas;
    Ok(areas::table.select(areas::created_at).first(c)?)
}

/// How much wider than the window the page is, and because of what, on each width.
fn wider(browser: &Browser, path: &str) -> Vec<String> {
    browser.goto(path);
    let mut found = Vec::new();
    for width in WIDTHS {
        browser.resize_to(width);
        let faults = browser.script(
            "const wide = document.documentElement.scrollWidth, room = arguments[0]; \
             document.querySelectorAll('details').forEach((d) => { d.open = true; }); \
             const open = document.documentElement.scrollWidth; \
             if (Math.max(wide, open) <= room) return null; \
             const scrolls = (e) => e.parentElement && (getComputedStyle(e.parentElement).overflowX === 'auto' || scrolls(e.parentElement)); \
             const out = [...document.body.querySelectorAll('*')] \
               .filter((e) => e.getBoundingClientRect().right > room + 1 && !scrolls(e)); \
             return `${Math.max(wide, open)}: ` + out.slice(-1).map((e) => e.outerHTML.slice(0, 160)).join(' | ')",
            vec![width.into()],
        );
        if let Some(fault) = faults.as_str() {
            found.push(format!("{path} on {width}: {fault}"));
        }
    }
    found
}

#[test]
fn no_text_makes_a_page_wider_than_the_window() {
    let demo = Demo::open();
    let mut known = BTreeSet::new();
    // Once each, whatever is asked for behind it; only the board has another layout for that.
    let mut fresh = |all: Vec<String>| -> Vec<String> {
        let key = |path: &String| match path.starts_with("/board") {
            true => path.clone(),
            false => path.split('?').next().unwrap().to_owned(),
        };
        all.into_iter().filter(|p| known.insert(key(p))).collect()
    };
    let lists = [
        ("lead", fresh(of_the_lead(&demo))),
        ("mentor", fresh(of_the_mentor(&demo))),
        ("mentee", fresh(of_the_mentee(&demo))),
        ("administrator", fresh(of_the_administrator(&demo))),
    ];
    demo.app.db(fill);
    let found = at_once(BROWSERS, |n| {
        let (role, pages) = &lists[n];
        let browser = Browser::open(&demo.app);
        let mut found = Vec::new();
        if n == 0 {
            found.extend(SIGNED_OUT.iter().flat_map(|path| wider(&browser, path)));
        }
        browser.sign_in_as(role);
        // What a role sees on the pages that everybody has is its own.
        let own = ["/", "/sign-offs"].map(str::to_owned);
        let pages = pages
            .iter()
            .chain(own.iter().filter(|p| !pages.contains(p)));
        found.extend(pages.flat_map(|path| wider(&browser, path)));
        found
    })
    .concat();
    assert!(
        found.is_empty(),
        "{} faults:\n{}",
        found.len(),
        found.join("\n")
    );
}
