//! Who may: every route x everybody it could matter to. The test walks the table on a live app, and fails when a route
//! is mounted that has no line here.

use std::collections::BTreeSet;
use std::path::Path;

use checkride::clearance;

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

        get("/", whoever_is_signed_in),
        get("/board", whoever_is_signed_in),
        get("/board.csv", whoever_is_signed_in),
        get("/board/teams", whoever_is_signed_in),
        get("/areas", whoever_is_signed_in),
        get("/areas/{slug}", whoever_is_signed_in),
        get("/areas/{slug}/standard/v/{n}", whoever_is_signed_in),
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
    ]
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
                "people" => site.mentee.handle.clone(),
                "systems" if path.ends_with("/remove") => "1".into(),
                "systems" => "new".into(),
                "qualifiers" => site.mentor.id.to_string(),
                "competencies" => "PAY-A1".into(),
                "assess" | "self-assess" => "architecture".into(),
                "v" | "audit" => "1".into(),
                "next-actions" => site.dossier().next_actions[0].id.to_string(),
                "sessions" => site.dossier().sessions[0].id.to_string(),
                "clearances" => {
                    let of_mentor = site
                        .app
                        .db(|c| clearance::store::of_person(c, site.mentor.id));
                    of_mentor[0].id.to_string()
                }
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
