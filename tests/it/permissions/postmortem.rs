//! The lines of the library.

use checkride::db::schema::{clubs, postmortems};
use checkride::domain::postmortem::Transition;
use checkride::domain::session::Minutes;
use checkride::usecases::postmortem::club::actions::{NewPlan, People, plan};
use checkride::words::Words;
use diesel::prelude::*;

use super::table::{Line, get, post};
use crate::postmortem::pictures::added;
use crate::support::sample::document;
use crate::support::{Role, Site};

/// The post-mortem there is.
pub fn slug(site: &Site) -> String {
    site.app
        .db(|c| Ok(postmortems::table.select(postmortems::slug).first(c)?))
}

/// The stranger's draft.
pub fn drafted(site: &Site) {
    site.write(Role::Stranger, &document());
}

/// The stranger's draft, with a picture.
fn drawn(site: &Site) {
    drafted(site);
    added(site, &slug(site));
}

/// It has become teachable.
fn drawn_and_taught(site: &Site) {
    drawn(site);
    site.make_transition(Role::Stranger, &slug(site), Transition::Submit);
    site.make_transition(Role::Qualifier, &slug(site), Transition::Approve);
}

fn submitted(site: &Site) {
    drafted(site);
    site.make_transition(Role::Stranger, &slug(site), Transition::Submit);
}

pub fn taught(site: &Site) {
    site.teach(&document());
}

fn written(revision: &str) -> Vec<(&'static str, String)> {
    vec![
        ("title", "The queue was full".into()),
        ("severity", "sev2".into()),
        ("occurred_at", "2026-06-18T19:42".into()),
        ("minutes", "47".into()),
        ("area", "payments".into()),
        ("revision", revision.into()),
    ]
}

fn doing(deed: &str, revision: &str) -> Vec<(&'static str, String)> {
    vec![
        ("deed", deed.into()),
        ("revision", revision.into()),
        ("note", "So it is".into()),
    ]
}

fn answering() -> Vec<(&'static str, String)> {
    vec![
        ("answer", "Look at the queue".into()),
        ("step", "0".into()),
        ("revision", "2".into()),
    ]
}

/// The club there is.
pub fn club(site: &Site) -> String {
    let id: i64 = site
        .app
        .db(|c| Ok(clubs::table.select(clubs::id).first(c)?));
    id.to_string()
}

fn planning(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("starts_at", "2026-11-24T10:00".into()),
        ("minutes", "60".into()),
        (
            "others",
            format!("{}\n{}", site.qualifier.handle, site.mentee.handle),
        ),
    ]
}

/// One that the mentor leads with the mentee, and that began an hour ago.
fn begun(site: &Site) {
    taught(site);
    let (act, slug) = (site.act(Role::Mentor), slug(site));
    let new = NewPlan {
        starts_at: act.now.plus_hours(-1),
        minutes: Minutes::USUAL,
        note: Words::default(),
        people: People {
            chosen: [site.mentee.id].into(),
            named: Vec::new(),
        },
    };
    site.app.db(|c| plan(c, &act, &slug, &new));
}

#[rustfmt::skip]
pub fn lines() -> Vec<Line> {
    let whoever_is_signed_in = [303, 200, 200, 200, 200, 200, 200, 200];
    vec![
        //                              signed out, stranger (the author), mentee, mentor, qualifier, owner lead, mentee lead, administrator
        get("/library", whoever_is_signed_in),
        get("/library.csv", whoever_is_signed_in),
        get("/library.xlsx", whoever_is_signed_in),
        get("/library/new", whoever_is_signed_in),
        post("/library/new", [401, 303, 303, 303, 303, 303, 303, 303]).sending(|_| written("")),
        get("/library/import", whoever_is_signed_in),
        post("/library/import", [401, 200, 200, 200, 200, 200, 200, 200]).sending(|_| vec![("text", "# A title".into())]),
        get("/library/{slug}",        [303, 200, 403, 200, 200, 200, 403, 403]).after(drafted),
        get("/library/{slug}", whoever_is_signed_in).after(taught),
        get("/library/{slug}/edit",   [303, 200, 403, 403, 403, 200, 403, 403]).after(drafted),
        post("/library/{slug}/edit",  [401, 303, 403, 403, 403, 303, 403, 403]).sending(|_| written("0")).after(drafted),
        post("/library/{slug}/state", [401, 303, 403, 403, 403, 303, 403, 403]).sending(|_| doing("submit", "0")).after(drafted),
        post("/library/{slug}/state", [401, 303, 403, 303, 303, 303, 403, 403]).sending(|_| doing("return", "1")).after(submitted),
        post("/library/{slug}/state", [401, 403, 403, 303, 303, 303, 403, 403]).sending(|_| doing("approve", "1")).after(submitted),
        post("/library/{slug}/state", [401, 403, 403, 303, 303, 303, 403, 403]).sending(|_| doing("retire", "2")).after(taught),
        post("/library/{slug}/state", [401, 403, 403, 303, 303, 303, 403, 403]).sending(|_| doing("reopen", "2")).after(taught),
        get("/library/{slug}/pictures",  [303, 200, 403, 403, 403, 200, 403, 403]).after(drafted),
        // Permission comes before what is wrong in the form: it has no picture.
        post("/library/{slug}/pictures", [401, 422, 403, 403, 403, 422, 403, 403]).after(drafted),
        post("/library/{slug}/pictures/{number}/remove", [401, 303, 403, 403, 403, 303, 403, 403]).after(drawn),
        get("/library/{slug}/pictures/{number}", [303, 200, 404, 200, 200, 200, 404, 404]).after(drawn),
        get("/library/{slug}/pictures/{number}", [303, 200, 404, 200, 200, 200, 404, 404]).after(drawn_and_taught),
        get("/library/{slug}/pictures/{number}?show=all", [303, 200, 404, 200, 200, 200, 404, 404]).after(drawn),
        get("/library/{slug}/pictures/{number}?show=all", whoever_is_signed_in).after(drawn_and_taught),
        get("/library/{slug}/read", whoever_is_signed_in).after(taught),
        post("/library/{slug}/read", [401, 303, 303, 303, 303, 303, 303, 303]).sending(|_| answering()).after(taught),
        get("/library/{slug}/read", [303, 409, 403, 409, 409, 409, 403, 403]).after(drafted),
        get("/library/{slug}/clubs/new",  [303, 403, 403, 200, 200, 200, 403, 403]).after(taught),
        post("/library/{slug}/clubs/new", [401, 403, 403, 303, 303, 303, 403, 403]).sending(planning).after(taught),
        get("/clubs/{id}", whoever_is_signed_in).after(begun),
        post("/clubs/{id}/held",   [401, 403, 403, 303, 403, 303, 403, 403]).sending(|site| vec![("person", site.mentee.id.to_string())]).after(begun),
        post("/clubs/{id}/cancel", [401, 403, 403, 303, 403, 303, 403, 403]).sending(|_| vec![("reason", "Nobody came".into())]).after(begun),
    ]
}
