//! From the request to the clearance: the use cases, and the pages everybody sees on the way.

mod keys;
mod pages;

use checkride::db::schema::assessments;
use checkride::domain::area::validity::Validity;
use checkride::domain::assessment::Stream;
use checkride::domain::ramp;
use checkride::domain::ramp::RampState;
use checkride::domain::signoff::{Decision, Note};
use checkride::domain::standard::Level;
use checkride::error::Result;
use checkride::usecases::signoff::actions;
use checkride::usecases::signoff::actions::{Outcome, request};
use diesel::prelude::*;

use crate::support::{Role, Site};

fn words(text: &str) -> Note {
    Note::parse(text).unwrap()
}

/// The mentor judges a competency; what was said rests on the latest session.
fn assess(site: &Site, code: &str, level: i64) {
    let (now, session) = (site.app.now(), site.dossier().sessions[0].id);
    site.app.db(|c| {
        diesel::insert_into(assessments::table)
            .values((
                assessments::ramp_id.eq(site.ramp_id),
                assessments::competency_code.eq(code),
                assessments::stream.eq(Stream::Mentor),
                assessments::level.eq(Level::new(level)),
                assessments::by_id.eq(site.mentor.id),
                assessments::at.eq(now),
                assessments::evidence.eq("I said nothing"),
                assessments::evidence_session_id.eq(session),
            ))
            .execute(c)?;
        Ok(())
    });
}

fn make_ready(site: &Site) {
    site.make_ready();
    assess(site, "PAY-I2", 4);
}

fn ask(site: &Site, role: Role) -> Result<i64> {
    let act = site.act(role);
    site.app
        .try_db(|c| request(c, &act, site.ramp_id, &words("Please")))
}

/// Turns the first key as somebody does who has just read the page.
fn turn_first_key(site: &Site, role: Role, id: i64) -> Result<()> {
    let act = site.act(role);
    site.app.try_db(|c| {
        let shown = actions::shown(c, &act, id)?;
        actions::turn_first_key(c, &act, id, &words("Ready."), &shown)
    })
}

/// Decides as somebody does who has just read the page.
fn decide(site: &Site, role: Role, id: i64, decision: &Decision) -> Result<Outcome> {
    let act = site.act(role);
    site.app.try_db(|c| {
        let shown = actions::shown(c, &act, id)?;
        actions::decide(c, &act, id, decision, &shown)
    })
}

fn requested(site: &Site) -> i64 {
    make_ready(site);
    ask(site, Role::Mentee).unwrap()
}

fn recommended(site: &Site) -> i64 {
    let id = requested(site);
    turn_first_key(site, Role::Mentor, id).unwrap();
    id
}

fn approval(site: &Site) -> Decision {
    Decision::Approve {
        ends_on: Validity::Months(12).usual_end(site.app.now().day()),
        note: Note::default(),
        conditions: Vec::new(),
    }
}

fn give_back(reasons: &str) -> Decision {
    Decision::Return {
        reasons: words(reasons),
        gaps: Vec::new(),
    }
}

fn ramp_state(site: &Site) -> RampState {
    site.app.db(|c| ramp::store::by_id(c, site.ramp_id)).state
}
