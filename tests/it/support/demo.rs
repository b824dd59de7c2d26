//! The demo as data for tests: an organisation with months behind it.

use checkride::db::schema::{comments, drills};
use checkride::domain::asked;
use checkride::domain::audit::Act;
use checkride::domain::clearance;
use checkride::domain::drill::DrillState;
use checkride::domain::ramp;
use checkride::domain::ramp::model::Ramp;
use checkride::domain::session::model::Session;
use checkride::domain::shift;
use checkride::domain::shift::model::Shift;
use checkride::domain::{area, notification, people, session, signoff};
use diesel::prelude::*;

use super::{TestApp, path};

/// The demo, running. Its addresses are asked for by names, since ids are nobody's business.
pub struct Demo {
    pub app: TestApp,
}

impl Demo {
    /// The address in a mail that ends mails of that kind.
    pub fn mail_link(&self, handle: &str, kind: &str) -> String {
        let token = self.app.db(|c| {
            let person = people::store::by_handle_or_email(c, handle)?.unwrap();
            notification::store::mail_token(c, person.id)
        });
        format!("/mail/{token}/{kind}")
    }

    /// Starts one of its own for a test.
    pub fn open() -> Self {
        Self {
            app: TestApp::demo(),
        }
    }

    /// The latest ramp of somebody in an area: `/ramps/4`.
    pub fn ramp(&self, handle: &str, slug: &str) -> String {
        path::ramp(self.latest_ramp(handle, slug).id)
    }

    /// The latest sign-off of that ramp: `/sign-offs/2`.
    pub fn sign_off(&self, handle: &str, slug: &str) -> String {
        let ramp = self.latest_ramp(handle, slug).id;
        let all = self.app.db(|c| signoff::store::of_ramps(c, &[ramp]));
        let latest = all.iter().map(|s| s.id).max();
        path::signoff(latest.expect("it should have one"))
    }

    /// A gap that was named on that ramp, by its place: `/ramps/4/gaps/1`.
    pub fn gap(&self, handle: &str, slug: &str, place: usize) -> String {
        let ramp = self.latest_ramp(handle, slug).id;
        let kind = signoff::point::PointKind::Gap;
        let all = self
            .app
            .db(|c| signoff::point::store::of_ramps(c, kind, &[ramp]));
        path::gap(ramp, all[place].id)
    }

    /// The form that changes the first comment of somebody: `/comments/3/edit`.
    pub fn own_comment(&self, handle: &str) -> String {
        let id: i64 = self.app.db(|c| {
            let author = people::store::by_handle_or_email(c, handle)?.expect("a person");
            Ok(comments::table
                .filter(comments::author_id.eq(author.id))
                .order(comments::id)
                .select(comments::id)
                .first(c)?)
        });
        format!("/comments/{id}/edit")
    }

    /// The latest session of that ramp that counts: `/sessions/11`.
    pub fn session(&self, handle: &str, slug: &str) -> String {
        self.session_that(handle, slug, Session::counts)
    }

    /// A session of that ramp that counts, so many before the latest: `/sessions/9`.
    pub fn session_before(&self, handle: &str, slug: &str, before: usize) -> String {
        let ramp = self.latest_ramp(handle, slug).id;
        let all = self.app.db(|c| session::store::of_ramps(c, &[ramp]));
        let mut counting = all.iter().filter(|s| s.counts());
        path::session(counting.nth(before).expect("it should have one").id)
    }

    /// The latest session of that ramp like that: `/sessions/11`.
    pub fn session_that(&self, handle: &str, slug: &str, like: fn(&Session) -> bool) -> String {
        let ramp = self.latest_ramp(handle, slug).id;
        let all = self.app.db(|c| session::store::of_ramps(c, &[ramp]));
        let found = all.iter().find(|s| like(s));
        path::session(found.expect("it should have one").id)
    }

    /// The latest shift of that ramp like that: `/shifts/3`.
    pub fn shift_that(&self, handle: &str, slug: &str, like: fn(&Shift) -> bool) -> String {
        let ramp = self.latest_ramp(handle, slug).id;
        let all = self.app.db(|c| shift::store::of_ramp(c, ramp));
        let found = all.iter().find(|s| like(s));
        path::shift(found.expect("it should have one").id)
    }

    /// The latest request for an observation of Amara in Payments, answered or not: `/observations/2`.
    pub fn observation(&self, is_answered: bool) -> String {
        let ramp = self.latest_ramp("amara-okafor", "payments").id;
        let all = self.app.db(|c| asked::store::of_ramp(c, ramp));
        let found = all.iter().find(|a| a.outcome.is_some() == is_answered);
        path::observation(found.expect("it should have one").id)
    }

    /// The latest clearance of somebody in an area: `/clearances/3`.
    pub fn clearance(&self, handle: &str, slug: &str) -> String {
        let (person, area) = self.ids(handle, slug);
        let all = self.app.db(|c| clearance::store::of_person(c, person));
        let held = all.iter().find(|held| held.area_id == area);
        path::clearance(held.expect("they should have one").id)
    }

    /// Where the designation of a qualifier ends: `/areas/payments/qualifiers/4/end`.
    pub fn qualifier_end(&self, slug: &str) -> String {
        let all = self.app.db(|c| {
            let area = area::store::by_slug(c, slug)?.expect("an area of that name");
            area::store::qualifiers_of(c, area.id)
        });
        format!("/areas/{slug}/qualifiers/{}/end", all[0].person_id)
    }

    /// Where the first open finding of a rota is accepted.
    pub fn rota_finding(&self, slug: &str) -> String {
        let now = self.app.now();
        let found = self.app.db(|c| {
            let operator = checkride::domain::people::Actor::operator();
            let of = checkride::usecases::rota::of_area(c, &operator, slug, now)?;
            Ok(of
                .checked
                .open()
                .next()
                .expect("a finding")
                .identity
                .clone())
        });
        let (who, kind) = (found.who.word(), found.kind.word());
        let at = found.at.iso_micros();
        format!("/areas/{slug}/rota/finding?who={who}&kind={kind}&shift={at}")
    }

    /// The administrators' page of a team: `/admin/teams/2`.
    pub fn team(&self, name: &str) -> String {
        let all = self.app.db(people::store::teams);
        let team = all.iter().find(|t| t.name == name);
        format!("/admin/teams/{}", team.expect("a team of that name").id)
    }

    /// The latest drill in that state: `/drills/3`.
    pub fn drill(&self, state: DrillState) -> String {
        let id: i64 = self.app.db(|c| {
            Ok(drills::table
                .filter(drills::state.eq(state))
                .order(drills::id.desc())
                .select(drills::id)
                .first(c)?)
        });
        path::drill(id)
    }

    /// A fresh one-time link of somebody.
    pub fn link(&self, handle: &str) -> String {
        let act = Act::operator(self.app.now());
        let token = self.app.db(|c| {
            let person = people::admin::store::by_handle(c, handle)?.person;
            checkride::usecases::invite::actions::issue(c, &act, &person)
        });
        token.link("")
    }

    fn latest_ramp(&self, handle: &str, slug: &str) -> Ramp {
        let (person, area) = self.ids(handle, slug);
        let all = self.app.db(|c| ramp::store::of_mentee(c, person));
        let of_area = all.into_iter().filter(|r| r.area_id == area);
        of_area.max_by_key(|r| r.id).expect("there should be one")
    }

    fn ids(&self, handle: &str, slug: &str) -> (i64, i64) {
        self.app.db(|c| {
            let everybody = people::store::everybody(c)?;
            let person = everybody.iter().find(|p| p.handle == handle);
            let person = person.expect("somebody of that name");
            let area = area::store::by_slug(c, slug)?.expect("an area of that name");
            Ok((person.id, area.id))
        })
    }
}
