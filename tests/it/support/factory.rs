//! One small organisation that has everybody a permission can depend on, and a ramp under way.

use checkride::db::Conn;
use checkride::db::schema::{assessments, sessions};
use checkride::db::types::UtcTime;
use checkride::domain::assessment::Stream;
use checkride::domain::audit::Act;
use checkride::domain::people;
use checkride::domain::people::Actor;
use checkride::domain::ramp;
use checkride::domain::ramp::store::pairs;
use checkride::domain::ramp::store::pairs::NewPairing;
use checkride::domain::ramp::{MarkKind, PairingRole, RampState};
use checkride::domain::session;
use checkride::domain::session::next::NextWords;
use checkride::domain::session::plan::NewPlan;
use checkride::domain::session::{Minutes, SessionKind, SessionState};
use checkride::domain::signoff::Note;
use checkride::domain::standard::Level;
use checkride::error::Result;
use checkride::usecases::dossier::Dossier;
use checkride::words::Words;
use diesel::prelude::*;

use super::organisation::organisation;
pub use super::organisation::{Member, PASSWORD, member};
use super::sample::content;
use super::{Client, TestApp};

/// What somebody is to the ramp. Permission is decided on this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Not signed in.
    SignedOut,
    /// In the mentee's team, and nothing more.
    Stranger,
    /// Whose ramp it is.
    Mentee,
    /// The primary mentor; a cleared qualifier.
    Mentor,
    /// A cleared qualifier who never mentored the ramp.
    Qualifier,
    /// Leads the team that owns the area.
    OwnerLead,
    /// Leads the mentee's team.
    MenteeLead,
    /// Runs the installation; in no team.
    Administrator,
}

impl Role {
    pub const ALL: [Self; 8] = [
        Self::SignedOut,
        Self::Stranger,
        Self::Mentee,
        Self::Mentor,
        Self::Qualifier,
        Self::OwnerLead,
        Self::MenteeLead,
        Self::Administrator,
    ];
}

/// Begins a pairing within the mentor's capacity.
pub fn pair(
    c: &mut Conn,
    ramp_id: i64,
    mentor_id: i64,
    role: PairingRole,
    interval_days: i32,
    now: UtcTime,
) -> Result<()> {
    let new = NewPairing {
        ramp_id,
        mentor_id,
        role,
        interval_days,
        over_capacity_reason: None,
    };
    pairs::begin(c, new, now)
}

/// A running app with the organisation in it.
pub struct Site {
    pub app: TestApp,
    pub area_id: i64,
    /// `payments`
    pub area_slug: String,
    pub standard_id: i64,
    /// Active since today, nothing done on it yet.
    pub ramp_id: i64,
    pub admin: Member,
    pub stranger: Member,
    pub mentee: Member,
    pub mentor: Member,
    pub qualifier: Member,
    pub owner_lead: Member,
    pub mentee_lead: Member,
}

impl Site {
    /// Starts an app and fills it.
    pub fn open() -> Self {
        Self::open_on(TestApp::start())
    }

    /// Fills an app that was started with settings of its own.
    pub fn open_on(app: TestApp) -> Self {
        let now = app.now();
        let made = app.db(|c| organisation(c, now));
        let [
            admin,
            stranger,
            mentee,
            mentor,
            qualifier,
            owner_lead,
            mentee_lead,
        ] = made.people;
        Self {
            area_id: made.area_id,
            area_slug: "payments".into(),
            standard_id: made.standard_id,
            ramp_id: made.ramp_id,
            admin,
            stranger,
            mentee,
            mentor,
            qualifier,
            owner_lead,
            mentee_lead,
            app,
        }
    }

    /// Who has that role.
    pub fn member(&self, role: Role) -> Option<&Member> {
        match role {
            Role::SignedOut => None,
            Role::Stranger => Some(&self.stranger),
            Role::Mentee => Some(&self.mentee),
            Role::Mentor => Some(&self.mentor),
            Role::Qualifier => Some(&self.qualifier),
            Role::OwnerLead => Some(&self.owner_lead),
            Role::MenteeLead => Some(&self.mentee_lead),
            Role::Administrator => Some(&self.admin),
        }
    }

    /// A fresh browser, signed in as whoever has that role.
    pub fn client(&self, role: Role) -> Client {
        let client = self.app.client();
        if let Some(member) = self.member(role) {
            client.sign_in(&member.email, PASSWORD).assert_status(303);
        }
        client
    }

    /// An act of theirs, for use cases called directly; of the operator for [`Role::SignedOut`].
    pub fn act(&self, role: Role) -> Act {
        let now = self.app.now();
        let Some(member) = self.member(role) else {
            return Act::operator(now);
        };
        let actor: Actor = self.app.db(|c| {
            let person = people::store::by_id(c, member.id)?.unwrap();
            people::store::actor(c, person)
        });
        Act {
            actor,
            address: "127.0.0.1".into(),
            request_id: "test".into(),
            ..Act::operator(now)
        }
    }

    /// Everything about the ramp, as the pages see it.
    pub fn dossier(&self) -> Dossier {
        self.app
            .db(|c| Dossier::lock(c, self.ramp_id, self.app.now().day()))
    }

    /// The mentor judges a competency.
    pub fn assess(&self, code: &str, level: i64) {
        self.judge(code, Stream::Mentor, &self.mentor, level);
    }

    /// The mentee judges it.
    pub fn self_assess(&self, code: &str, level: i64) {
        self.judge(code, Stream::Self_, &self.mentee, level);
    }

    fn judge(&self, code: &str, stream: Stream, by: &Member, level: i64) {
        let now = self.app.now();
        self.app.db(|c| {
            diesel::insert_into(assessments::table)
                .values((
                    assessments::ramp_id.eq(self.ramp_id),
                    assessments::competency_code.eq(code),
                    assessments::stream.eq(stream),
                    assessments::level.eq(Level::new(level)),
                    assessments::by_id.eq(by.id),
                    assessments::at.eq(now),
                    assessments::evidence.eq("Seen in a drill"),
                ))
                .execute(c)?;
            Ok(())
        });
    }

    /// The mentor has seen a checklist item done.
    pub fn check(&self, code: &str) {
        let now = self.app.now();
        self.app.db(|c| {
            ramp::store::insert_mark(
                c,
                self.ramp_id,
                code,
                MarkKind::Checked,
                self.mentor.id,
                now,
            )
        });
    }

    /// The mentor held a session that ended just now.
    pub fn hold_session(&self, minutes: i32) {
        let now = self.app.now();
        self.app.db(|c| {
            diesel::insert_into(sessions::table)
                .values((
                    sessions::ramp_id.eq(self.ramp_id),
                    sessions::mentor_id.eq(self.mentor.id),
                    sessions::kind.eq(SessionKind::Pairing),
                    sessions::state.eq(SessionState::Held),
                    sessions::starts_at.eq(now.plus_seconds(-60 * i64::from(minutes))),
                    sessions::minutes.eq(minutes),
                    sessions::summary.eq("Walked through a failover"),
                    sessions::recorded_at.eq(now),
                ))
                .execute(c)?;
            Ok(())
        });
    }

    /// The ramp as if it had just been proposed, accepted by nobody.
    pub fn propose_anew(&self) {
        self.put_into(RampState::Proposed);
    }

    /// The stranger is the ramp's secondary mentor.
    pub fn helped_by_the_stranger(&self) {
        let (now, ramp, helper) = (self.app.now(), self.ramp_id, self.stranger.id);
        self.app
            .db(|c| pair(c, ramp, helper, PairingRole::Secondary, 14, now));
    }

    /// Puts the ramp into a state, as if it had come there by itself.
    pub fn put_into(&self, state: RampState) {
        let (now, id, by) = (self.app.now(), self.ramp_id, self.owner_lead.id);
        self.app.db(|c| {
            let from = ramp::store::by_id(c, id)?.state;
            ramp::store::change_state(c, id, (from, state), "", by, now).map(|_| ())
        });
    }

    /// The mentor planned a session to begin that many hours from now, for 45 minutes; gives back its row.
    pub fn plan_session(&self, hours: i64) -> i64 {
        self.app.db(|c| self.planned_session(c, hours))
    }

    /// The same in the caller's transaction.
    pub fn planned_session(&self, c: &mut Conn, hours: i64) -> Result<i64> {
        let now = self.app.now();
        let new = NewPlan {
            starts_at: now.plus_hours(hours),
            minutes: Minutes::USUAL,
            kind: SessionKind::Lab,
            mentor_id: None,
            agenda: Words::parse("Bring the runbook").unwrap(),
            topics: ["PAY-I2".to_owned(), "PAY-K1".to_owned()].into(),
            postmortem_id: None,
        };
        let by = self.mentor.id;
        session::store::insert_plan(c, self.ramp_id, by, &new, by, now)
    }

    /// The mentor held a session and said what comes next; gives back the action's row.
    pub fn agree(&self, words: &str) -> i64 {
        self.hold_session(45);
        let (now, session) = (self.app.now(), self.dossier().sessions[0].id);
        let lines = NextWords::lines(words).unwrap();
        let key = (self.ramp_id, session);
        self.app
            .db(|c| session::next::store::insert(c, key, &lines, &[], now));
        self.dossier().next_actions[0].id
    }

    /// Meets every gate of the standard, so that a sign-off may be asked for.
    pub fn make_ready(&self) {
        let content = content();
        for competency in &content.competencies {
            self.assess(
                &competency.code,
                i64::from(competency.required_level.number()),
            );
        }
        for item in &content.items {
            self.check(&item.code);
        }
        self.hold_session(45);
    }

    /// Meets every gate; the mentee asks for the sign-off.
    pub fn ask_for_signoff(&self) {
        self.make_ready();
        let act = self.act(Role::Mentee);
        let note = Note::parse("I am ready").unwrap();
        self.app
            .db(|c| checkride::usecases::signoff::actions::request(c, &act, self.ramp_id, &note));
    }

    /// The mentor turns the first key.
    pub fn turn_first_key(&self) {
        let (act, id) = (self.act(Role::Mentor), self.dossier().signoffs[0].id);
        let words = Note::parse("Steady under load").unwrap();
        self.app.db(|c| {
            let shown = checkride::usecases::signoff::actions::shown(c, &act, id)?;
            checkride::usecases::signoff::actions::turn_first_key(c, &act, id, &words, &shown)
        });
    }

    /// What the forms of the latest sign-off's keys carry, as its page shows it now to whoever nothing is sealed from.
    pub fn edition(&self) -> String {
        let (act, id) = (self.act(Role::OwnerLead), self.dossier().signoffs[0].id);
        let shown = self
            .app
            .db(|c| checkride::usecases::signoff::actions::shown(c, &act, id));
        shown.to_string()
    }
}
