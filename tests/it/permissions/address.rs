//! What the placeholders of a route stand for.

use checkride::domain::signoff::point;
use checkride::domain::signoff::point::PointKind;
use checkride::domain::signoff::question;
use checkride::domain::{clearance, invite, people};

use checkride::usecases::{availability, calendar};

use crate::support::{Role, Site};

/// The path with every placeholder filled in by what it stands for, told by the word before it.
pub fn address(path: &str, site: &Site) -> String {
    let path = path
        .replace("{ramp}", &site.ramp_id.to_string())
        .replace("={team}", &format!("={}", owners(site)))
        .replace("={person}", &format!("={}", site.mentee.handle));
    let mut filled: Vec<String> = Vec::new();
    for segment in path.split('/') {
        let before = filled.last().map_or("", String::as_str);
        let (segment, query) = match segment.find('?') {
            Some(at) if segment.starts_with('{') => segment.split_at(at),
            _ => (segment, ""),
        };
        let value = if !segment.starts_with('{') {
            segment.to_owned()
        } else if segment == "{name}" {
            "app.css".into()
        } else if segment == "{kpi}" && path.starts_with("/people") {
            "pace".into()
        } else if segment == "{kpi}" {
            "coverage".into()
        } else if segment == "{kind}" {
            "cleared".into()
        } else {
            match before {
                "assets" => checkride::web::assets::assets()
                    .css
                    .split('/')
                    .nth(2)
                    .unwrap()
                    .to_owned(),
                "ramps" => site.ramp_id.to_string(),
                "guide" => "for-a-lead-start-a-ramp".into(),
                "items" => "PAY-K1".into(),
                "areas" => site.area_slug.clone(),
                "drills" => site.latest_drill().to_string(),
                "lines" if path.starts_with("/drills") => {
                    let sheet = site.drill_lines(site.latest_drill());
                    sheet[0].id.to_string()
                }
                "comments" => super::discussion::comment(site).to_string(),
                "clubs" => super::postmortem::club(site),
                "library" => super::postmortem::slug(site),
                "lines" => "PAY-A1".into(),
                "flags" => {
                    let open = |c: &mut checkride::db::Conn| {
                        checkride::domain::stale::store::open_of_area(c, site.area_id)
                    };
                    site.app.db(open)[0].id.to_string()
                }
                "hooks" | "rotas" => "1".into(),
                "messages" if path.starts_with("/hooks") => "1".into(),
                "people" => site.mentee.handle.clone(),
                "activities" | "observations" | "pictures" => "1".into(),
                "queue" => request(site).to_string(),
                "systems" if path.ends_with("/remove") => "1".into(),
                "systems" => "new".into(),
                "qualifiers" => site.mentor.id.to_string(),
                "competencies" => "PAY-A1".into(),
                "assess" | "self-assess" => "architecture".into(),
                "v" | "audit" => "1".into(),
                "next-actions" => site.dossier().next_actions[0].id.to_string(),
                "teams" => owners(site).to_string(),
                "labels" => "webshop".into(),
                "inbox" => "1".into(),
                "mail" => "0".repeat(64),
                "calendar" => format!("{}.ics", calendar(site)),
                "screen" => screen(site),
                "absences" => absence(site),
                "messages" => match crate::outbox::all(&site.app).as_slice() {
                    [] => "1".into(),
                    [last, ..] => last.id.to_string(),
                },
                "invite" => link(site),
                "set-up" => setup_link(site),
                "sessions" => site.dossier().sessions[0].id.to_string(),
                "shifts" => site.dossier().shifts[0].id.to_string(),
                "alerts" => {
                    let shift = site.dossier().shifts[0].id;
                    crate::shift::alerts(site, shift)[0].id.to_string()
                }
                "clearances" => {
                    let of = |id| site.app.db(|c| clearance::store::of_person(c, id));
                    let held = [of(site.mentee.id), of(site.mentor.id)].concat();
                    held[0].id.to_string()
                }
                "conditions" => condition_of(site).to_string(),
                "waivers" => waiver_of(site).to_string(),
                "gaps" => site.dossier().gaps[0].id.to_string(),
                "questions" => question_of(site).to_string(),
                "sign-offs" => site.dossier().signoffs[0].id.to_string(),
                other => {
                    panic!("say in address() what {segment} after `{other}` in {path} stands for")
                }
            }
        };
        filled.push(value + query);
    }
    filled.join("/")
}

pub fn condition_of(site: &Site) -> i64 {
    let id = site.dossier().signoffs[0].id;
    let all = site
        .app
        .db(|c| point::store::of_signoffs(c, PointKind::Condition, &[id]));
    all[0].id
}

/// The request to ramp that waits longest in the site's area.
fn request(site: &Site) -> i64 {
    let waiting =
        |c: &mut checkride::db::Conn| checkride::domain::queue::store::waiting(c, site.area_id);
    site.app.db(waiting)[0].id
}

pub fn question_of(site: &Site) -> i64 {
    let id = site.dossier().signoffs[0].id;
    site.app.db(|c| question::store::of_signoff(c, id))[0].id
}

pub fn waiver_of(site: &Site) -> i64 {
    let of =
        |c: &mut checkride::db::Conn| checkride::domain::waiver::store::of_ramp(c, site.ramp_id);
    site.app.db(of)[0].id
}

pub fn owners(site: &Site) -> i64 {
    let lead = site.owner_lead.id;
    let of = site.app.db(|c| people::store::memberships_of(c, lead));
    of[0].team_id
}

/// A fresh link for the mentee.
fn link(site: &Site) -> String {
    let (act, id) = (site.act(Role::Administrator), site.mentee.id);
    let token = site.app.db(|c| {
        let person = people::store::by_id(c, id)?.unwrap();
        checkride::usecases::invite::actions::issue(c, &act, &person)
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

/// The secret of a calendar that works.
fn calendar(site: &Site) -> String {
    let act = site.act(Role::Mentor);
    let token = site.app.db(|c| calendar::feed::make(c, &act));
    let address = token.calendar_address("");
    address
        .trim_start_matches("/calendar/")
        .trim_end_matches(".ics")
        .to_owned()
}

/// The secret of a screen that works.
fn screen(site: &Site) -> String {
    let (act, id) = (site.act(Role::OwnerLead), owners(site));
    let token = site.app.db(|c| {
        let teams = people::store::teams(c)?;
        let team = teams.iter().find(|t| t.id == id).unwrap();
        checkride::usecases::screen::make(c, &act, team)
    });
    token.screen_address("").replace("/screen/", "")
}

fn absence(site: &Site) -> String {
    let all = site
        .app
        .db(|c| availability::own(c, site.mentee.id, site.app.now().day()));
    all.absences[0].id.to_string()
}
