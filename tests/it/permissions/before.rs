//! What must have happened before a line of the table can be tried.

use checkride::domain::kpi::{Goal, Kpi};
use checkride::usecases::kpi::actions::{self, NewTarget};
use checkride::usecases::kpi::subject::Whose;

use super::address::address;
use super::fields::{approving, granting_the_waiver, interim_terms, waiving};

use crate::support::{Role, Site};

/// A draft that is one line shorter.
pub fn drafted_without(site: &Site, code: &str) {
    use checkride::usecases::standard::actions::{remove, start};
    use checkride::usecases::standard::draft_editor::Seen;
    let act = site.act(Role::OwnerLead);
    site.app.db(|c| {
        let version = start(c, &act, &site.area_slug, true)?;
        let seen = Seen::Draft {
            version,
            revision: 0,
        };
        remove(c, &act, &site.area_slug, seen, code)
    });
}

pub fn drafted(site: &Site) {
    drafted_without(site, "PAY-C2");
}

/// A newer version, said to be material, that is one line shorter.
pub fn published_anew(site: &Site) {
    use checkride::usecases::standard::actions::publish;
    use checkride::usecases::standard::draft_editor::Seen;
    use checkride::usecases::standard::input::Note;
    drafted(site);
    let (act, note) = (site.act(Role::OwnerLead), Note::parse("Shorter").unwrap());
    let seen = Seen::Draft {
        version: 2,
        revision: 1,
    };
    site.app
        .db(|c| publish(c, &act, &site.area_slug, seen, &note, true));
}

/// The mentee's clearance, granted before a newer version asked for more.
pub fn granted_and_changed(site: &Site) {
    granted(site);
    published_anew(site);
}

/// A line is flagged, and gone in the draft.
pub fn flagged(site: &Site) {
    use checkride::usecases::stale::actions::{Finding, flag};
    use checkride::web::Fields;
    let act = site.act(Role::Mentee);
    let finding = Finding::parse(&Fields::of(&[("part", "link"), ("note", "It moved")])).unwrap();
    site.app
        .db(|c| flag(c, &act, site.ramp_id, "PAY-K1", &finding));
    drafted_without(site, "PAY-K1");
}

pub fn asked_and_first_key(site: &Site) {
    site.ask_for_signoff();
    site.turn_first_key();
}

/// The mentee's clearance, granted on a condition.
pub fn granted(site: &Site) {
    asked_and_first_key(site);
    let mut fields = approving(site);
    fields.push(("conditions", "Calls somebody before a failover".into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let path = address("/sign-offs/{id}/decision", site);
    site.client(Role::OwnerLead)
        .send(&path, &fields)
        .assert_status(303);
}

pub fn granted_and_suspended(site: &Site) {
    granted(site);
    let path = address("/clearances/{id}/suspend", site);
    let fields = [("from", "valid"), ("reason", "Seen twice this week")];
    site.client(Role::OwnerLead)
        .send(&path, &fields)
        .assert_status(303);
}

pub fn returned_with_a_gap(site: &Site) {
    asked_and_first_key(site);
    let edition = site.edition();
    let fields = [
        ("decision", "return"),
        ("note", "Once more"),
        ("gaps", "PAY-I2 Alone, at night"),
        ("edition", &edition),
    ];
    let path = address("/sign-offs/{id}/decision", site);
    site.client(Role::OwnerLead)
        .send(&path, &fields)
        .assert_status(303);
}

pub fn asked_a_question(site: &Site) {
    site.ask_for_signoff();
    let path = address("/sign-offs/{id}/questions", site);
    let question = [("question", "Who was on call?")];
    site.client(Role::Administrator)
        .send(&path, &question)
        .assert_status(303);
}

pub fn on_interim(site: &Site) {
    site.make_ready();
    sent(
        site,
        Role::OwnerLead,
        "/ramps/{id}/interim",
        &interim_terms(site),
    );
}

pub fn asked_to_waive(site: &Site) {
    sent(
        site,
        Role::Mentee,
        "/ramps/{id}/waivers",
        &waiving("item:PAY-K2", site),
    );
}

pub fn waived(site: &Site) {
    asked_to_waive(site);
    let path = "/ramps/{id}/waivers/{waiver}/decision";
    sent(site, Role::Qualifier, path, &granting_the_waiver(site));
}

fn sent(site: &Site, role: Role, path: &str, fields: &[(&'static str, String)]) {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    site.client(role)
        .send(&address(path, site), &fields)
        .assert_status(303);
}

/// An area nobody ramps in can be archived.
pub fn close_the_ramp(site: &Site) {
    site.app.db(|c| {
        use checkride::domain::ramp::RampState;
        use checkride::domain::ramp::store::change_state;
        let way = (RampState::Active, RampState::Ended);
        change_state(c, site.ramp_id, way, "", site.owner_lead.id, site.app.now())
    });
}

pub fn archive_the_area(site: &Site) {
    let now = site.app.now();
    site.app
        .db(|c| checkride::domain::area::store::set_archived(c, site.area_id, true, now));
}

pub fn one_system(site: &Site) {
    let system = checkride::domain::area::systems::System {
        name: "Gateway".into(),
        reference: None,
        links: Vec::new(),
    };
    site.app
        .db(|c| checkride::domain::area::systems::write(c, site.area_id, &[system]));
}

pub fn an_incident_of_the_mentee(site: &Site) {
    let fields = super::fields::an_incident(site);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    site.client(Role::Mentee)
        .send("/incidents", &fields)
        .assert_status(303);
}

pub fn a_line_in_the_ledger(site: &Site) {
    let id = crate::shift::running(site);
    crate::shift::alert(site, id, true);
}

pub fn the_mentee_is_away(site: &Site) {
    use checkride::domain::availability::Absence;
    let (act, day) = (site.act(Role::Mentee), site.app.now().day().plus_days(7));
    let absence = Absence {
        first_on: day,
        last_on: day,
    };
    site.app
        .db(|c| checkride::usecases::availability::add_absence(c, &act, absence));
}

/// A hook of the area.
pub fn hooked(site: &Site) {
    let fields = super::fields::a_hook(site);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    site.client(Role::OwnerLead)
        .send("/hooks/new", &fields)
        .assert_status(303);
}

pub fn hook_paused(site: &Site) {
    hooked(site);
    let act = site.act(Role::OwnerLead);
    site.app
        .db(|c| checkride::usecases::hook::actions::pause(c, &act, 1));
}

/// A hook with a message.
pub fn hook_tried(site: &Site) {
    hooked(site);
    let act = site.act(Role::OwnerLead);
    site.app
        .db(|c| checkride::usecases::hook::actions::test(c, &act, 1));
}

/// A mail that waits.
pub fn a_message(site: &Site) {
    let now = site.app.now();
    site.app.db(|c| crate::outbox::post(c, "waiting", now));
}

fn owned(site: &Site, whose: &Whose, role: Role) {
    let act = site.act(Role::Administrator);
    let new = NewTarget {
        goal: Goal::AtLeast(1.0),
        owner_id: site.member(role).unwrap().id,
        seen: 0,
    };
    let of = (whose, Kpi::Coverage);
    site.app
        .db(|c| actions::set_target(c, &act, of, new).map(|_| ()));
}

pub fn of_all_is_owned(site: &Site) {
    owned(site, &Whose::Organisation, Role::Administrator);
}

pub fn of_the_team_is_owned(site: &Site) {
    let team = Whose::Team(super::address::owners(site).to_string());
    owned(site, &team, Role::OwnerLead);
}

pub fn of_the_area_is_owned(site: &Site) {
    owned(site, &Whose::Area(site.area_slug.clone()), Role::OwnerLead);
}

pub fn pinned(site: &Site) {
    let act = site.act(Role::Administrator);
    let team = Whose::Team(super::address::owners(site).to_string());
    site.app
        .db(|c| actions::pin(c, &act, (&team, Kpi::Coverage)));
}

pub fn labelled(site: &Site) {
    use checkride::db::schema::areas::dsl;
    use diesel::prelude::*;
    site.app.db(|c| {
        diesel::update(dsl::areas.find(site.area_id))
            .set(dsl::labels.eq("Webshop"))
            .execute(c)?;
        Ok(())
    });
}

pub fn with_rota(site: &Site) {
    let fields = super::fields::a_rota();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let page = format!("/areas/{}/rota/new", site.area_slug);
    site.client(Role::OwnerLead)
        .send(&page, &fields)
        .assert_status(303);
}

/// Somebody of another team asks to ramp in the site's area.
pub fn the_stranger_asks_to_ramp(site: &Site) {
    use checkride::usecases::queue::actions::ask;
    use checkride::words::Words;
    let act = site.act(Role::Stranger);
    let why = Words::parse("I carry its pager soon");
    site.app
        .db(|c| ask(c, &act, &site.area_slug, Ok(why.clone().unwrap())));
}
