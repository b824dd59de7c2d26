//! Who may: every route x everybody it could matter to. The test walks the table on a live app, and fails when a route
//! is mounted that has no line here.

use std::collections::BTreeSet;
use std::path::Path;

use checkride::ramp::RampState;
use checkride::signoff::point::{self, PointKind};
use checkride::signoff::question;
use checkride::{clearance, invite, people};

use crate::support::factory::PASSWORD;
use crate::support::{Answer, Client, Role, Site};

/// A line: what each role of [`Role::ALL`] is answered.
struct Line {
    method: &'static str,
    /// As it is mounted; [`address`] fills it in.
    path: &'static str,
    expected: [u16; 8],
    fields: fn(&Site) -> Vec<(&'static str, String)>,
    prepared: Option<fn(&Site)>,
}

fn get(path: &'static str, expected: [u16; 8]) -> Line {
    Line {
        method: "GET",
        path,
        expected,
        fields: |_| Vec::new(),
        prepared: None,
    }
}

fn post(path: &'static str, expected: [u16; 8]) -> Line {
    Line {
        method: "POST",
        ..get(path, expected)
    }
}

impl Line {
    /// What the form sends; it should be what is accepted, so that nothing but permission can refuse it.
    fn sending(self, fields: fn(&Site) -> Vec<(&'static str, String)>) -> Self {
        Self { fields, ..self }
    }

    /// What must have happened before.
    fn after(self, prepare: fn(&Site)) -> Self {
        Self {
            prepared: Some(prepare),
            ..self
        }
    }
}

/// The table. 303 is "done" for a form, and "sign in first" for a page; 401 is "sign in first" for a form.
#[rustfmt::skip]
fn table() -> Vec<Line> {
    let everybody = [200; 8];
    let whoever_is_signed_in = [303, 200, 200, 200, 200, 200, 200, 200];
    let administrators = [303, 403, 403, 403, 403, 403, 403, 200];
    let done_by_administrators = [401, 403, 403, 403, 403, 403, 403, 303];
    let done_by_whoever_is_signed_in = [401, 303, 303, 303, 303, 303, 303, 303];
    vec![
        //                              signed out, stranger, mentee, mentor, qualifier, owner lead, mentee lead, administrator
        get("/healthz", everybody),
        get("/readyz", everybody),
        get("/assets/{hash}/{name}", everybody),
        get("/_ui", everybody),
        get("/help", whoever_is_signed_in),

        get("/sign-in", everybody),
        post("/sign-in", [303; 8]).sending(|site| vec![("email", site.stranger.email.clone()), ("password", PASSWORD.into())]),
        post("/sign-in/demo", [404; 8]).sending(|site| vec![("person_id", site.admin.id.to_string())]),
        post("/sign-out", [303; 8]),
        get("/account", whoever_is_signed_in),
        post("/account/time-zone", done_by_whoever_is_signed_in).sending(|_| vec![("time_zone", "Europe/Lisbon".into())]),
        post("/account/password", done_by_whoever_is_signed_in).sending(new_password),

        // Whoever holds a link comes in by it; who is signed in already changes nothing.
        get("/invite/{token}", everybody),
        post("/invite/{token}", [303; 8]).sending(|_| first_password()),
        get("/set-up/{token}", [410; 8]),
        post("/set-up/{token}", [410; 8]).sending(|_| first_password()),

        get("/admin/people", administrators),
        get("/admin/add-person", administrators),
        post("/admin/add-person", [401, 403, 403, 403, 403, 403, 403, 200]).sending(|_| a_new_person()),
        get("/admin/add-people", administrators),
        post("/admin/add-people", [401, 403, 403, 403, 403, 403, 403, 200]).sending(|_| a_list("look")),
        post("/admin/add-people", [401, 403, 403, 403, 403, 403, 403, 200]).sending(|_| a_list("add")),
        get("/admin/people/{handle}", administrators),
        post("/admin/people/{handle}/details", done_by_administrators).sending(details),
        post("/admin/people/{handle}/teams", done_by_administrators).sending(into_the_owners),
        post("/admin/people/{handle}/invite", [401, 403, 403, 403, 403, 403, 403, 200]),
        post("/admin/people/{handle}/revoke-invite", done_by_administrators),
        get("/admin/people/{handle}/deactivate", administrators),
        post("/admin/people/{handle}/deactivate", done_by_administrators).sending(|_| vec![("reason", "Left the company".into())]),
        // Who is here cannot come back, which only an administrator is told.
        post("/admin/people/{handle}/reactivate", [401, 403, 403, 403, 403, 403, 403, 409]),
        get("/admin/teams", administrators),
        post("/admin/teams", done_by_administrators).sending(|_| vec![("name", "Search".into())]),
        get("/admin/teams/{id}", administrators),
        post("/admin/teams/{id}/name", done_by_administrators).sending(|_| vec![("was_name", "Payments".into()), ("name", "Money".into())]),
        post("/admin/teams/{id}/members", done_by_administrators).sending(into_the_owners),

        get("/", whoever_is_signed_in),
        get("/board", whoever_is_signed_in),
        get("/board.csv", whoever_is_signed_in),
        get("/board/teams", whoever_is_signed_in),
        get("/areas", whoever_is_signed_in),
        get("/areas/{slug}", whoever_is_signed_in),
        get("/areas/{slug}/standard/v/{n}", whoever_is_signed_in),
        get("/areas/{slug}/standard/diff", whoever_is_signed_in),
        //                                     out, stranger, mentee, mentor, qualifier, owner lead, mentee lead, administrator
        get("/areas/new",                     [303, 403, 403, 403, 403, 403, 403, 200]),
        post("/areas/new",                    [401, 403, 403, 403, 403, 403, 403, 303]).sending(|site| [area_fields(site), vec![("slug", "search".into()), ("code", "SRC".into())]].concat()),
        get("/areas/{slug}/edit",             [303, 403, 403, 403, 403, 200, 403, 200]),
        post("/areas/{slug}/edit",            [401, 403, 403, 403, 403, 303, 403, 303]).sending(area_fields),
        get("/areas/{slug}/archive",          [303, 403, 403, 403, 403, 403, 403, 200]),
        post("/areas/{slug}/archive",         [401, 403, 403, 403, 403, 403, 403, 303]).after(close_the_ramp),
        post("/areas/{slug}/restore",         [401, 403, 403, 403, 403, 403, 403, 303]).after(archive_the_area),
        get("/areas/{slug}/systems/{n}",      [303, 403, 403, 403, 403, 200, 403, 200]),
        post("/areas/{slug}/systems/{n}",     [401, 403, 403, 403, 403, 303, 403, 303]).sending(|_| vec![("name", "Gateway".into()), ("revision", "0".into())]),
        post("/areas/{slug}/systems/{n}/remove", [401, 403, 403, 403, 403, 303, 403, 303]).sending(|_| vec![("revision", "0".into())]).after(one_system),
        get("/areas/{slug}/qualifiers",       [303, 403, 403, 403, 403, 200, 403, 200]),
        post("/areas/{slug}/qualifiers",      [401, 403, 403, 403, 403, 303, 403, 303]).sending(|site| vec![("person", site.stranger.id.to_string())]),
        post("/areas/{slug}/qualifiers/{person}/end", [401, 403, 403, 403, 403, 303, 403, 303]),
        get("/people", whoever_is_signed_in),
        get("/people/{handle}", whoever_is_signed_in),
        // The mentee's own agreement: theirs, their lead's, the administrator's.
        get("/people/{handle}/mentoring",  [303, 403, 200, 403, 403, 403, 200, 200]),
        post("/people/{handle}/mentoring", [401, 403, 303, 403, 403, 403, 303, 303]).sending(|_| vec![("mentees", "2".into()), ("hours", "8".into())]),
        get("/clearances/{id}", whoever_is_signed_in),
        get("/sign-offs", whoever_is_signed_in),
        get("/sessions/new", whoever_is_signed_in),

        get("/admin/audit",       [303, 403, 403, 403, 403, 403, 403, 200]),
        get("/admin/audit.csv",   [303, 403, 403, 403, 403, 403, 403, 200]),
        get("/admin/audit/{seq}", [303, 403, 403, 403, 403, 403, 403, 200]),

        //                                     out, stranger, mentee, mentor, qualifier, owner lead, mentee lead, administrator
        get("/ramps/new",                     [303, 403, 403, 403, 403, 200, 200, 200]),
        post("/ramps/new",                    [401, 403, 403, 403, 403, 303, 303, 303]).sending(ramp_for_the_stranger),
        get("/ramps/{id}",                    [303, 403, 200, 200, 200, 200, 200, 200]),
        post("/ramps/{id}/items/{code}",      [401, 403, 303, 403, 403, 403, 403, 403]).sending(|_| moving("open", "done")),
        post("/ramps/{id}/items/{code}",      [401, 403, 403, 303, 403, 403, 403, 403]).sending(|_| moving("open", "checked")),
        post("/ramps/{id}/items/{code}",      [401, 403, 403, 303, 403, 403, 403, 403]).sending(|_| moving("checked", "open")).after(|site| site.check("PAY-K1")),

        get("/ramps/{id}/accept",             [303, 403, 200, 200, 403, 403, 403, 403]).after(Site::propose_anew),
        post("/ramps/{id}/accept",            [401, 403, 303, 303, 403, 403, 403, 403]).after(Site::propose_anew),
        get("/ramps/{id}/decline",            [303, 403, 200, 200, 403, 403, 403, 403]).after(Site::propose_anew),
        post("/ramps/{id}/decline",           [401, 403, 303, 303, 403, 403, 403, 403]).sending(|_| because()).after(Site::propose_anew),
        get("/ramps/{id}/pause",              [303, 403, 403, 200, 403, 200, 200, 200]),
        post("/ramps/{id}/pause",             [401, 403, 403, 303, 403, 303, 303, 303]).sending(|_| because()),
        get("/ramps/{id}/resume",             [303, 403, 403, 200, 403, 200, 200, 200]).after(|site| site.put_into(RampState::Paused)),
        post("/ramps/{id}/resume",            [401, 403, 403, 303, 403, 303, 303, 303]).sending(|_| because()).after(|site| site.put_into(RampState::Paused)),
        get("/ramps/{id}/target",             [303, 403, 403, 200, 403, 200, 200, 200]),
        post("/ramps/{id}/target",            [401, 403, 403, 303, 403, 303, 303, 303]).sending(another_target),
        get("/ramps/{id}/end",                [303, 403, 403, 200, 403, 200, 200, 200]),
        post("/ramps/{id}/end",               [401, 403, 403, 303, 403, 303, 303, 303]).sending(|_| because()),
        get("/ramps/{id}/hand-over",          [303, 403, 403, 200, 403, 200, 200, 200]),
        post("/ramps/{id}/hand-over",         [401, 403, 403, 303, 403, 303, 303, 303]).sending(handing_over),
        get("/ramps/{id}/add-mentor",         [303, 403, 403, 200, 403, 200, 200, 200]),
        post("/ramps/{id}/add-mentor",        [401, 403, 403, 303, 403, 303, 303, 303]).sending(|site| vec![("mentor", site.qualifier.id.to_string())]),
        get("/ramps/{id}/remove-mentor",      [303, 200, 403, 200, 403, 200, 200, 200]).after(Site::helped_by_the_stranger),
        post("/ramps/{id}/remove-mentor",     [401, 303, 403, 303, 403, 303, 303, 303]).sending(|site| vec![("reason", "On leave".into()), ("from", site.stranger.id.to_string())]).after(Site::helped_by_the_stranger),

        get("/sessions/new?ramp={ramp}",      [303, 403, 403, 200, 403, 403, 403, 403]),
        post("/sessions/new",                 [401, 403, 403, 303, 403, 403, 403, 403]).sending(session_this_morning),
        get("/sessions/{id}",                 [303, 403, 200, 200, 200, 200, 200, 200]).after(|site| site.hold_session(45)),

        get("/ramps/{id}/sessions/plan",      [303, 403, 200, 200, 403, 403, 403, 403]),
        post("/ramps/{id}/sessions/plan",     [401, 403, 303, 303, 403, 403, 403, 403]).sending(|_| tomorrow()),
        post("/sessions/{id}/move",           [401, 403, 303, 303, 403, 403, 403, 403]).sending(moving_to_tomorrow).after(|site| { site.plan_session(48); }),
        post("/sessions/{id}/cancel",         [401, 403, 303, 303, 403, 403, 403, 403]).sending(|_| vec![("cancel_reason", "Ill".into())]).after(|site| { site.plan_session(48); }),
        post("/sessions/{id}/no-show",        [401, 403, 303, 303, 403, 403, 403, 403]).sending(|_| vec![("absent", "both".into())]).after(|site| { site.plan_session(-2); }),
        post("/sessions/{id}/undo",           [401, 403, 403, 303, 403, 403, 403, 403]).after(|site| site.hold_session(45)),
        get("/sessions/{id}/correct",         [303, 403, 403, 200, 403, 403, 403, 403]).after(|site| site.hold_session(45)),
        post("/sessions/{id}/correct",        [401, 403, 403, 303, 403, 403, 403, 403]).sending(session_this_morning).after(|site| site.hold_session(45)),
        post("/ramps/{id}/next-actions/{action}", [401, 403, 303, 303, 403, 403, 403, 403]).sending(|_| vec![("to", "done".into())]).after(|site| { site.agree("Read the runbook"); }),

        get("/ramps/{id}/assess/{group}",       [303, 403, 403, 200, 403, 403, 403, 403]),
        post("/ramps/{id}/assess/{group}",      [401, 403, 403, 303, 403, 403, 403, 403]).sending(|_| judging("Saw it in the drill")),
        get("/ramps/{id}/self-assess/{group}",  [303, 403, 200, 403, 403, 403, 403, 403]),
        post("/ramps/{id}/self-assess/{group}", [401, 403, 303, 403, 403, 403, 403, 403]).sending(|_| judging("")),
        get("/ramps/{id}/compare",              [303, 403, 200, 200, 200, 200, 200, 200]),
        get("/ramps/{id}/competencies/{code}",  [303, 403, 200, 200, 200, 200, 200, 200]),

        get("/ramps/{id}/sign-off",           [303, 403, 200, 200, 200, 200, 200, 200]),
        post("/ramps/{id}/sign-off",          [401, 403, 303, 303, 403, 403, 403, 403]).sending(|_| vec![("note", "Ready".into())]).after(Site::make_ready),
        get("/sign-offs/{id}",                [303, 403, 200, 200, 200, 200, 200, 200]).after(Site::ask_for_signoff),
        post("/sign-offs/{id}/first-key",     [401, 403, 403, 303, 403, 403, 403, 403]).sending(|_| vec![("recommendation", "Steady under load".into())]).after(Site::ask_for_signoff),
        post("/sign-offs/{id}/decision",      [401, 403, 403, 303, 403, 403, 403, 403]).sending(|_| returning()).after(Site::ask_for_signoff),
        post("/sign-offs/{id}/decision",      [401, 403, 403, 403, 303, 303, 403, 403]).sending(approving).after(asked_and_first_key),
        post("/sign-offs/{id}/decision",      [401, 403, 403, 403, 303, 303, 403, 403]).sending(|_| returning()).after(asked_and_first_key),

        get("/ramps/{id}/gaps/{gap}",          [303, 403, 200, 200, 200, 200, 200, 200]).after(returned_with_a_gap),
        post("/ramps/{id}/gaps/{gap}",         [401, 403, 403, 303, 403, 403, 403, 403]).sending(|_| vec![("note", "Seen at night".into())]).after(returned_with_a_gap),
        post("/sign-offs/{id}/withdraw",       [401, 403, 303, 303, 403, 403, 403, 403]).sending(|_| vec![("reason", "Too early".into())]).after(asked_and_first_key),
        post("/sign-offs/{id}/questions",      [401, 403, 303, 303, 303, 303, 303, 303]).sending(|_| vec![("question", "Who was on call?".into())]).after(Site::ask_for_signoff),
        post("/sign-offs/{id}/questions/{question}", [401, 403, 303, 303, 303, 303, 303, 403]).sending(answering).after(asked_a_question),

        // The clearance is the mentee's, granted on a condition; the administrator gets nothing from being one.
        get("/clearances/{id}/suspend",        [303, 403, 403, 200, 200, 200, 403, 403]).after(granted),
        post("/clearances/{id}/suspend",       [401, 403, 403, 303, 303, 303, 403, 403]).sending(|_| of_state("valid")).after(granted),
        get("/clearances/{id}/revoke",         [303, 403, 403, 200, 200, 200, 403, 403]).after(granted),
        post("/clearances/{id}/revoke",        [401, 403, 403, 303, 303, 303, 403, 403]).sending(|_| of_state("valid")).after(granted),
        get("/clearances/{id}/reinstate",      [303, 403, 403, 200, 200, 200, 403, 403]).after(granted_and_suspended),
        post("/clearances/{id}/reinstate",     [401, 403, 403, 303, 303, 303, 403, 403]).sending(|_| of_state("suspended")).after(granted_and_suspended),
        post("/clearances/{id}/conditions/{condition}", [401, 403, 403, 303, 303, 303, 403, 403]).sending(ticking).after(granted),

        //                                                              out, stranger, mentee, mentor, qualifier, owner lead, mentee lead, administrator
        get("/areas/{slug}/standard/draft",                            [303, 403, 403, 200, 200, 200, 403, 200]),
        post("/areas/{slug}/standard/draft",                           [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| vec![("from", "published".into())]),
        post("/areas/{slug}/standard/draft/lines/{code}/order",        [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&[("to", "down")])).after(drafted),
        post("/areas/{slug}/standard/draft/lines/{code}/remove",       [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&[])).after(drafted),
        post("/areas/{slug}/standard/draft/lines/{code}/put-back",     [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&[])).after(|site| drafted_without(site, "PAY-A1")),
        get("/areas/{slug}/standard/draft/competencies/new",           [303, 403, 403, 200, 200, 200, 403, 200]).after(drafted),
        post("/areas/{slug}/standard/draft/competencies/new",          [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&COMPETENCY)).after(drafted),
        get("/areas/{slug}/standard/draft/competencies/{code}",        [303, 403, 403, 200, 200, 200, 403, 200]).after(drafted),
        post("/areas/{slug}/standard/draft/competencies/{code}",       [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&COMPETENCY)).after(drafted),
        get("/areas/{slug}/standard/draft/items/new",                  [303, 403, 403, 200, 200, 200, 403, 200]).after(drafted),
        post("/areas/{slug}/standard/draft/items/new",                 [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&ITEM)).after(drafted),
        get("/areas/{slug}/standard/draft/items/{code}",               [303, 403, 403, 200, 200, 200, 403, 200]).after(drafted),
        post("/areas/{slug}/standard/draft/items/{code}",              [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&ITEM)).after(drafted),
        get("/areas/{slug}/standard/draft/gates",                      [303, 403, 403, 200, 200, 200, 403, 200]).after(drafted),
        post("/areas/{slug}/standard/draft/gates",                     [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&[("gate-levels", "on")])).after(drafted),
        get("/areas/{slug}/standard/draft/publish",                    [303, 403, 403, 200, 200, 200, 403, 200]).after(drafted),
        post("/areas/{slug}/standard/draft/publish",                   [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&[("note", "Shorter")])).after(drafted),
        get("/areas/{slug}/standard/flags",                            [303, 403, 403, 200, 200, 200, 403, 200]).after(flagged),
        post("/areas/{slug}/standard/flags/{id}/answer",               [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| vec![("answered", "yes".into())]).after(flagged),
        post("/areas/{slug}/standard/flags/{id}/close",                [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| vec![("reason", "It works".into())]).after(flagged),
        get("/ramps/{id}/items/{code}/stale",                          [303, 403, 200, 200, 403, 403, 403, 403]),
        post("/ramps/{id}/items/{code}/stale",                         [401, 403, 303, 303, 403, 403, 403, 403]).sending(|_| vec![("part", "link".into()), ("note", "It moved".into())]),
    ]
}

const COMPETENCY: [(&str, &str); 3] = [
    ("statement", "Leads the call"),
    ("group", "incident"),
    ("required_level", "3"),
];
const ITEM: [(&str, &str); 3] = [
    ("text", "Lead the call"),
    ("group", "do"),
    ("done_by", "mentor"),
];

/// What a form sends that was opened on the draft as [`drafted`] left it.
fn drafting(fields: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let typed = fields
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    std::iter::once(("revision", "1".to_owned()))
        .chain(typed)
        .collect()
}

/// A draft that is one line shorter.
fn drafted_without(site: &Site, code: &str) {
    use checkride::standard::actions::{remove, start};
    let act = site.act(Role::OwnerLead);
    site.app.db(|c| {
        start(c, &act, &site.area_slug, true)?;
        remove(c, &act, &site.area_slug, 0, code)
    });
}

fn drafted(site: &Site) {
    drafted_without(site, "PAY-C2");
}

/// A line is flagged, and gone in the draft.
fn flagged(site: &Site) {
    use checkride::stale::actions::{Finding, flag};
    use checkride::web::Fields;
    let act = site.act(Role::Mentee);
    let finding = Finding::parse(&Fields::of(&[("part", "link"), ("note", "It moved")])).unwrap();
    site.app
        .db(|c| flag(c, &act, site.ramp_id, "PAY-K1", &finding));
    drafted_without(site, "PAY-K1");
}

fn of_state(from: &str) -> Vec<(&'static str, String)> {
    vec![
        ("from", from.into()),
        ("reason", "Seen twice this week".into()),
    ]
}

/// The mentee's clearance, granted on a condition.
fn granted(site: &Site) {
    asked_and_first_key(site);
    let mut fields = approving(site);
    fields.push(("conditions", "Calls somebody before a failover".into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let path = address("/sign-offs/{id}/decision", site);
    site.client(Role::OwnerLead)
        .send(&path, &fields)
        .assert_status(303);
}

fn granted_and_suspended(site: &Site) {
    granted(site);
    let path = address("/clearances/{id}/suspend", site);
    let fields = [("from", "valid"), ("reason", "Seen twice this week")];
    site.client(Role::OwnerLead)
        .send(&path, &fields)
        .assert_status(303);
}

fn condition_of(site: &Site) -> i64 {
    let id = site.dossier().signoffs[0].id;
    let all = site
        .app
        .db(|c| point::store::of_signoffs(c, PointKind::Condition, &[id]));
    all[0].id
}

fn ticking(site: &Site) -> Vec<(&'static str, String)> {
    let field = format!("note-{}", condition_of(site));
    vec![(field.leak(), "Did so on Sunday".into())]
}

fn returned_with_a_gap(site: &Site) {
    asked_and_first_key(site);
    let fields = [
        ("decision", "return"),
        ("note", "Once more"),
        ("gaps", "PAY-I2 Alone, at night"),
    ];
    let path = address("/sign-offs/{id}/decision", site);
    site.client(Role::OwnerLead)
        .send(&path, &fields)
        .assert_status(303);
}

fn asked_a_question(site: &Site) {
    site.ask_for_signoff();
    let path = address("/sign-offs/{id}/questions", site);
    let question = [("question", "Who was on call?")];
    site.client(Role::Administrator)
        .send(&path, &question)
        .assert_status(303);
}

fn question_of(site: &Site) -> i64 {
    let id = site.dossier().signoffs[0].id;
    site.app.db(|c| question::store::of_signoff(c, id))[0].id
}

fn answering(site: &Site) -> Vec<(&'static str, String)> {
    // One site, one question: the name of the field is known for as long as the test runs.
    let field = format!("answer-{}", question_of(site));
    vec![(field.leak(), "Marcus was".into())]
}

fn new_password(_: &Site) -> Vec<(&'static str, String)> {
    let new = "eight loud magpies";
    vec![
        ("current_password", PASSWORD.into()),
        ("new_password", new.into()),
        ("repeat_password", new.into()),
    ]
}

fn area_fields(site: &Site) -> Vec<(&'static str, String)> {
    let area = site
        .app
        .db(|c| checkride::area::store::by_id(c, site.area_id));
    vec![
        ("name", "Payments and refunds".into()),
        ("summary", "Takes the money, and gives it back.".into()),
        ("owner_team", area.owner_team_id.to_string()),
        ("tier", "1".into()),
        ("minimum_cover", "2".into()),
        ("target_weeks", "12".into()),
        ("validity_months", "12".into()),
        ("recency_days", "90".into()),
        ("revision", area.revision.to_string()),
    ]
}

/// An area nobody ramps in can be archived.
fn close_the_ramp(site: &Site) {
    site.app.db(|c| {
        use checkride::ramp::{RampState, store::change_state};
        let way = (RampState::Active, RampState::Ended);
        change_state(c, site.ramp_id, way, "", site.owner_lead.id, site.app.now())
    });
}

fn archive_the_area(site: &Site) {
    let now = site.app.now();
    site.app
        .db(|c| checkride::area::store::set_archived(c, site.area_id, Some(now)));
}

fn one_system(site: &Site) {
    let system = checkride::area::systems::System {
        name: "Gateway".into(),
        reference: None,
        links: Vec::new(),
    };
    site.app
        .db(|c| checkride::area::systems::write(c, site.area_id, &[system]));
}

fn first_password() -> Vec<(&'static str, String)> {
    let new = "eight loud magpies";
    vec![
        ("name", "Somebody New".into()),
        ("email", "somebody.new@example.com".into()),
        ("time_zone", "UTC".into()),
        ("password", new.into()),
        ("repeat_password", new.into()),
    ]
}

fn a_new_person() -> Vec<(&'static str, String)> {
    vec![
        ("name", "Somebody New".into()),
        ("email", "somebody.new@example.com".into()),
        ("time_zone", "UTC".into()),
        ("team", String::new()),
    ]
}

fn a_list(step: &str) -> Vec<(&'static str, String)> {
    vec![
        ("list", "Somebody New, somebody.new@example.com".into()),
        ("time_zone", "UTC".into()),
        ("step", step.into()),
    ]
}

fn details(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("was_name", site.mentee.name.clone()),
        ("was_email", site.mentee.email.clone()),
        ("name", "Leila H. Haddad".into()),
        ("email", site.mentee.email.clone()),
    ]
}

/// The mentee, who is in the other team.
fn into_the_owners(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("person", site.mentee.handle.clone()),
        ("team", owners(site).to_string()),
        ("from", "outside".into()),
        ("to", "member".into()),
    ]
}

fn owners(site: &Site) -> i64 {
    let lead = site.owner_lead.id;
    let of = site.app.db(|c| people::store::memberships_of(c, lead));
    of[0].team_id
}

/// A fresh link for the mentee.
fn link(site: &Site) -> String {
    let (act, id) = (site.act(Role::Administrator), site.mentee.id);
    let token = site.app.db(|c| {
        let person = people::store::by_id(c, id)?.unwrap();
        invite::actions::issue(c, &act, &person)
    });
    token.link("").rsplit('/').next().unwrap().to_owned()
}

/// A link for the first administrator, from before there was one.
fn setup_link(site: &Site) -> String {
    let (token, now) = (invite::Token::fresh(), site.app.now());
    site.app.db(|c| {
        invite::store::insert(c, &token.hash(), None, None, now, now.plus_hours(1))?;
        invite::store::revoke(c, None, now)
    });
    token.link("").rsplit('/').next().unwrap().to_owned()
}

fn ramp_for_the_stranger(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("area", site.area_id.to_string()),
        ("mentee", site.stranger.id.to_string()),
        ("primary", site.qualifier.id.to_string()),
        ("starts_on", site.app.now().day().to_string()),
        ("interval_days", "7".into()),
    ]
}

fn moving(from: &str, to: &str) -> Vec<(&'static str, String)> {
    vec![("from", from.into()), ("to", to.into())]
}

fn session_this_morning(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("ramp", site.ramp_id.to_string()),
        ("kind", "pairing".into()),
        ("minutes", "30".into()),
        ("starts_at", "2026-11-23T08:00".into()),
        ("summary", "Walked through a failover".into()),
    ]
}

fn tomorrow() -> Vec<(&'static str, String)> {
    vec![
        ("kind", "lab".into()),
        ("minutes", "45".into()),
        ("starts_at", "2026-11-24T15:00".into()),
    ]
}

fn moving_to_tomorrow(site: &Site) -> Vec<(&'static str, String)> {
    let planned = site.dossier().plans[0].starts_at;
    let mut fields = tomorrow();
    fields.push(("from", planned.iso_micros()));
    fields
}

fn judging(evidence: &str) -> Vec<(&'static str, String)> {
    vec![
        ("level-PAY-A1", "3".into()),
        ("note-PAY-A1", evidence.into()),
    ]
}

fn because() -> Vec<(&'static str, String)> {
    vec![("reason", "The peak season comes first".into())]
}

fn another_target(site: &Site) -> Vec<(&'static str, String)> {
    let today = site.app.now().day();
    let [from, to] = [84, 120].map(|days| today.plus_days(days).to_string());
    vec![
        ("from", from),
        ("target_on", to),
        ("reason", "Later".into()),
    ]
}

fn handing_over(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("from", site.mentor.id.to_string()),
        ("mentor", site.qualifier.id.to_string()),
        ("reason", "Moves to another team".into()),
    ]
}

fn returning() -> Vec<(&'static str, String)> {
    vec![
        ("decision", "return".into()),
        ("note", "One more drill first".into()),
    ]
}

fn approving(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("decision", "approve".into()),
        ("ends_on", site.app.now().day().plus_days(180).to_string()),
    ]
}

fn asked_and_first_key(site: &Site) {
    site.ask_for_signoff();
    site.turn_first_key();
}

/// The path with every placeholder filled in by what it stands for, told by the word before it.
fn address(path: &str, site: &Site) -> String {
    let path = path.replace("{ramp}", &site.ramp_id.to_string());
    let mut filled: Vec<String> = Vec::new();
    for segment in path.split('/') {
        let before = filled.last().map_or("", String::as_str);
        filled.push(if !segment.starts_with('{') {
            segment.to_owned()
        } else if segment == "{name}" {
            "app.css".into()
        } else {
            match before {
                "assets" => checkride::web::assets::assets()
                    .css
                    .split('/')
                    .nth(2)
                    .unwrap()
                    .to_owned(),
                "ramps" => site.ramp_id.to_string(),
                "items" => "PAY-K1".into(),
                "areas" => site.area_slug.clone(),
                "lines" => "PAY-A1".into(),
                "flags" => {
                    let open = |c: &mut checkride::db::Conn| {
                        checkride::stale::store::open_of_area(c, site.area_id)
                    };
                    site.app.db(open)[0].id.to_string()
                }
                "people" => site.mentee.handle.clone(),
                "systems" if path.ends_with("/remove") => "1".into(),
                "systems" => "new".into(),
                "qualifiers" => site.mentor.id.to_string(),
                "competencies" => "PAY-A1".into(),
                "assess" | "self-assess" => "architecture".into(),
                "v" | "audit" => "1".into(),
                "next-actions" => site.dossier().next_actions[0].id.to_string(),
                "teams" => owners(site).to_string(),
                "invite" => link(site),
                "set-up" => setup_link(site),
                "sessions" => site.dossier().sessions[0].id.to_string(),
                "clearances" => {
                    let of = |id| site.app.db(|c| clearance::store::of_person(c, id));
                    let held = [of(site.mentee.id), of(site.mentor.id)].concat();
                    held[0].id.to_string()
                }
                "conditions" => condition_of(site).to_string(),
                "gaps" => site.dossier().gaps[0].id.to_string(),
                "questions" => question_of(site).to_string(),
                "sign-offs" => site.dossier().signoffs[0].id.to_string(),
                other => {
                    panic!("say in address() what {segment} after `{other}` in {path} stands for")
                }
            }
        });
    }
    filled.join("/")
}

fn ask(line: &Line, site: &Site, client: &Client) -> Answer {
    let path = address(line.path, site);
    if line.method == "GET" {
        return client.get(&path);
    }
    let fields = (line.fields)(site);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    client.send(&path, &fields)
}

/// A site made ready for a line.
fn prepared(line: &Line) -> Site {
    let site = Site::open();
    if let Some(prepare) = line.prepared {
        prepare(&site);
    }
    site
}

#[test]
fn everybody_may_what_the_table_says_and_nothing_else() {
    let mut wrong = Vec::new();
    for line in table() {
        // Who is refused changes nothing, so they can share a site; who succeeds gets one of their own.
        let shared = prepared(&line);
        for (role, expected) in Role::ALL.into_iter().zip(line.expected) {
            let succeeds = line.method == "POST" && expected == 303;
            let own = succeeds.then(|| prepared(&line));
            let site = own.as_ref().unwrap_or(&shared);
            let answer = ask(&line, site, &site.client(role));
            if answer.status != expected {
                let (method, path) = (line.method, line.path);
                wrong.push(format!(
                    "{method} {path} as {role:?}: {expected} expected, {} {}",
                    answer.status,
                    answer.text()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_mounted_route_has_a_line() {
    let lines: BTreeSet<(String, String)> = table()
        .iter()
        .map(|l| {
            (
                l.method.to_owned(),
                l.path.split('?').next().unwrap().to_owned(),
            )
        })
        .collect();
    let mounted = mounted();
    let missing: Vec<_> = mounted.difference(&lines).collect();
    assert!(
        missing.is_empty(),
        "give these a line in the table of permissions: {missing:?}"
    );
    let gone: Vec<_> = lines.difference(&mounted).collect();
    assert!(gone.is_empty(), "these are mounted no more: {gone:?}");
}

/// Every `.route("path", web::method()` in the source. Other ways to mount something are refused, so that none escapes.
pub fn mounted() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for source in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for other in [
            "web::resource(",
            "web::scope(",
            ".service(",
            "#[get(",
            "#[post(",
        ] {
            assert!(
                !source.contains(other),
                "mount routes by .route(\"...\", web::get()), not by {other}"
            );
        }
        for call in source.split(".route(").skip(1) {
            let mut parts = call.splitn(3, '"').skip(1);
            let (path, rest) = (parts.next().unwrap(), parts.next().unwrap());
            let method = rest
                .split_once("web::")
                .unwrap()
                .1
                .split('(')
                .next()
                .unwrap();
            found.insert((method.to_uppercase(), path.to_owned()));
        }
    }
    assert!(found.len() > 10, "the source was not understood: {found:?}");
    found
}

fn sources(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|p| p.is_dir());
    let here = files
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "rs"));
    here.map(|f| std::fs::read_to_string(f).unwrap())
        .chain(folders.iter().flat_map(|f| sources(f)))
        .collect()
}
