//! The whole life of one clearance, read as a table: a day, what happened on it, and what everybody saw that evening.
//! At its end every one of those days is asked for again, and must say what it said then.

mod delta;
mod gates;
mod keys;
mod lapse;
mod look;
mod taken_away;

use checkride::db::schema::standards;
use checkride::domain::standard::{Gate, Strength};

use super::*;
use crate::support::{Role, at};
use look::{Evening, Frozen};

/// Tomasz's life in payments: Marcus mentors him, Ruth leads the area, Sofia is a qualifier of it; Marcus and Sofia are
/// cleared from the beginning, and two is the minimum.
struct Life {
    site: Site,
    /// Whose life it is.
    who: Member,
    /// What was seen on each evening.
    evenings: Vec<Evening>,
    /// What was decided, as it read on the day.
    records: Vec<Frozen>,
}

#[test]
fn from_a_proposal_over_lapse_and_recertification_to_a_revocation() {
    let mut life = Life::begin();
    let ramp = gates::proposed(&mut life);
    gates::practised(&mut life, ramp);
    gates::judged(&mut life, ramp);
    let first = keys::cleared(&mut life, ramp);
    lapse::without_practice(&mut life, first);
    let second = keys::recertified(&mut life, first);
    delta::asked_and_shown(&mut life, second);
    taken_away::for_good(&mut life, second);
    life.look_back();
    life.check_the_chain();
}

/// Every gate there is but one for other areas, in small numbers.
fn asked() -> Vec<Gate> {
    vec![
        Gate::Levels {
            critical_evidence: Some(Strength::Drill),
        },
        Gate::Checklist,
        Gate::Sessions {
            held: 1,
            minutes: 30,
        },
        Gate::Shadow {
            shifts: 1,
            people: 1,
        },
        Gate::Ledger {
            percent: 75,
            alerts: 4,
            drills_fill: false,
        },
        Gate::Drills { run: 1, primary: 1 },
        Gate::Postmortems { discussed: 1 },
    ]
}

impl Life {
    fn begin() -> Self {
        let site = Site::open();
        let mut content = content();
        content.gates = asked();
        site.app.db(|c| {
            diesel::update(standards::table.find(site.standard_id))
                .set(standards::content.eq(serde_json::to_string(&content).unwrap()))
                .execute(c)?;
            Ok(())
        });
        Self {
            who: site.stranger.clone(),
            site,
            evenings: Vec::new(),
            records: Vec::new(),
        }
    }

    /// The morning of a day.
    fn on(&self, day: &str) {
        turn_to(&self.site, at(&format!("{day}T09:00:00Z")));
    }

    /// A browser of that day: everybody is signed out by the next one.
    fn client(&self, role: Role) -> Client {
        self.site.client(role)
    }

    /// Tomasz's own.
    fn own(&self) -> Client {
        client(&self.site, &self.who)
    }

    /// A lead proposes the ramp, with Marcus as mentor; gives back its row.
    fn propose(&self) -> i64 {
        let lead = self.client(Role::OwnerLead);
        let answer = lead
            .new_ramp_form("payments")
            .with("mentee", &self.who.id.to_string())
            .with("primary", &self.site.mentor.id.to_string())
            .send(&lead);
        answer.row()
    }

    /// Both accept it on their home pages.
    fn accept(&self, ramp: i64) {
        let accept = path::ramp_form(ramp, "accept");
        for who in [self.own(), self.client(Role::Mentor)] {
            who.form("/", &accept).send(&who).assert_status(303);
        }
    }

    /// The gates as the ramp page tells them.
    fn gates(&self, ramp: i64) -> String {
        section(&self.own().ramp_page(ramp), "gates")
    }

    /// What happened to the clearances, in order, as the audit chain tells it; and nothing in it was touched.
    fn check_the_chain(&self) {
        let told = told(&self.site, &self.who).into_iter();
        let of_clearance = told.filter(|(action, _)| action.starts_with("clearance."));
        let [lead, qualifier] = [&self.site.owner_lead, &self.site.qualifier].map(|m| Some(m.id));
        let expected = [
            ("granted", lead),
            ("granted", qualifier),
            ("delta_reviewed", qualifier),
            ("suspended", lead),
            ("reinstated", lead),
            ("revoked", qualifier),
        ];
        let expected = expected.map(|(action, by)| (format!("clearance.{action}"), by));
        let of_clearance: Vec<_> = of_clearance.collect();
        assert_eq!(of_clearance, expected);
    }
}

/// Publishes what the published version says with a higher level for one competency, through draft and publication.
fn publish_harder(life: &Life, code: &str, material: bool) {
    const DRAFT: &str = "/areas/payments/standard/draft";
    let lead = life.client(Role::OwnerLead);
    lead.form_at(DRAFT)
        .with("from", "published")
        .send(&lead)
        .assert_status(303);
    let (line, publish) = (
        format!("{DRAFT}/competencies/{code}"),
        format!("{DRAFT}/publish"),
    );
    lead.form_at(&line)
        .with("required_level", "4")
        .send(&lead)
        .assert_status(303);
    let publication = lead.form_at(&publish).with("note", "Harder where it hurt");
    let publication = if material {
        publication.ticked("material", "on")
    } else {
        publication
    };
    publication.send(&lead).assert_status(303);
}

/// Somebody logs a real incident of the day.
fn handle_an_incident(client: &Client) {
    client
        .form("/incidents/new?area=payments", path::INCIDENTS)
        .with("link", "https://incidents.example.com/88")
        .with("another", "yes")
        .send(client)
        .assert_status(303);
}
