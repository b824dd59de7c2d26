//! The lines of discussion: who reads the page of a place reads and writes there.

use super::postmortem::{drafted, taught};
use super::table::{Line, get, post};
use crate::discussion::pictures::shown;
use crate::support::{Role, Site, path};

/// The comment there is, on the ramp; the mentee wrote it.
pub fn comment(site: &Site) -> i64 {
    let page = site.client(Role::Mentee).history_page(site.ramp_id);
    let id = page.body.split("id=\"c-").nth(1).unwrap();
    id.split('"').next().unwrap().parse().unwrap()
}

fn said_by_the_mentee(site: &Site) {
    let comments = path::ramp_form(site.ramp_id, "comments");
    let mentee = site.client(Role::Mentee);
    mentee
        .say(&comments, "What is a capture?")
        .assert_status(303);
}

fn shown_by_the_mentee(site: &Site) {
    shown(
        &site.client(Role::Mentee),
        &path::ramp_form(site.ramp_id, "comments"),
    );
}

fn saying() -> Vec<(&'static str, String)> {
    vec![("body", "It is a *capture*.".into())]
}

fn editing() -> Vec<(&'static str, String)> {
    vec![("body", "I meant refunds.".into()), ("number", "1".into())]
}

fn choosing() -> Vec<(&'static str, String)> {
    vec![("choice", "mute".into())]
}

fn debriefed(site: &Site) {
    site.debrief_drill();
}

fn planned(site: &Site) {
    site.plan_drill();
}

#[rustfmt::skip]
pub fn lines() -> Vec<Line> {
    vec![
        //                                out, stranger, mentee, mentor, qualifier, owner lead, mentee lead, administrator
        get("/ramps/{id}/comments",      [303, 403, 200, 200, 200, 200, 200, 200]),
        post("/ramps/{id}/comments",     [401, 403, 303, 303, 303, 303, 303, 303]).sending(|_| saying()),
        post("/ramps/{id}/follow",       [401, 403, 303, 303, 303, 303, 303, 303]).sending(|_| choosing()),
        get("/sign-offs/{id}/comments",  [303, 404, 200, 200, 200, 200, 200, 200]).after(Site::ask_for_signoff),
        post("/sign-offs/{id}/comments", [401, 404, 303, 303, 303, 303, 303, 303]).sending(|_| saying()).after(Site::ask_for_signoff),
        post("/sign-offs/{id}/follow",   [401, 404, 303, 303, 303, 303, 303, 303]).sending(|_| choosing()).after(Site::ask_for_signoff),
        // The stranger wrote it. Whoever has not read a teachable one is led to its page first.
        get("/library/{slug}/comments",  [303, 200, 403, 200, 200, 200, 403, 403]).after(drafted),
        get("/library/{slug}/comments",  [303, 200, 303, 200, 200, 200, 303, 303]).after(taught),
        get("/library/{slug}/comments?show=all", [303, 200, 200, 200, 200, 200, 200, 200]).after(taught),
        post("/library/{slug}/comments", [401, 303, 403, 303, 303, 303, 403, 403]).sending(|_| saying()).after(drafted),
        post("/library/{slug}/comments", [401, 303, 303, 303, 303, 303, 303, 303]).sending(|_| saying()).after(taught),
        post("/library/{slug}/follow",   [401, 303, 403, 303, 303, 303, 403, 403]).sending(|_| choosing()).after(drafted),
        get("/drills/{id}/comments",     [303, 200, 200, 200, 200, 200, 200, 200]).after(planned),
        post("/drills/{id}/comments",    [401, 409, 409, 409, 409, 409, 409, 409]).sending(|_| saying()).after(planned),
        post("/drills/{id}/comments",    [401, 303, 303, 303, 303, 303, 303, 303]).sending(|_| saying()).after(debriefed),
        post("/drills/{id}/follow",      [401, 303, 303, 303, 303, 303, 303, 303]).sending(|_| choosing()).after(planned),
        // Nobody rewrites what somebody else said.
        get("/comments/{id}",            [303, 404, 303, 303, 303, 303, 303, 303]).after(said_by_the_mentee),
        get("/comments/{id}/edit",       [303, 404, 200, 403, 403, 403, 403, 403]).after(said_by_the_mentee),
        get("/comments/{id}/pictures/{number}", [303, 404, 200, 200, 200, 200, 200, 200]).after(shown_by_the_mentee),
        post("/comments/{id}/edit",      [401, 404, 303, 403, 403, 403, 403, 403]).sending(|_| editing()).after(said_by_the_mentee),
        post("/comments/{id}/remove",    [401, 404, 303, 403, 403, 403, 403, 403]).sending(|_| editing()).after(said_by_the_mentee),
        get("/ramps/{id}/notes",         [303, 403, 403, 200, 403, 403, 403, 403]),
        post("/ramps/{id}/notes",        [401, 403, 403, 303, 403, 403, 403, 403]).sending(|_| vec![("note", "Hesitates at the pager".into()), ("number", "0".into())]),
    ]
}
