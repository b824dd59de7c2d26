//! One small organisation that has everybody a permission can depend on, and a ramp under way.

use std::sync::LazyLock;

use checkride::assessment::Stream;
use checkride::audit::Act;
use checkride::auth;
use checkride::auth::password::{Cost, Hasher, Password};
use checkride::clearance;
use checkride::db::Conn;
use checkride::db::schema::{areas, assessments, qualifiers, sessions};
use checkride::db::types::UtcTime;
use checkride::error::Result;
use checkride::people::{self, Actor, Email, Name, NewPerson, ZoneName};
use checkride::ramp::dossier::Dossier;
use checkride::ramp::store::NewRamp;
use checkride::ramp::{self, MarkKind, PairingRole, RampState};
use checkride::session::{SessionKind, SessionState};
use checkride::signoff::actions::Outcome;
use checkride::signoff::{self, Decision, Note};
use checkride::standard::{
    self, Competency, Content, Gate, Group, Item, ItemGroup, Level, StandardState,
};
use diesel::prelude::*;

use super::{Client, TestApp, block_on};

/// Everybody's password.
pub const PASSWORD: &str = "seven quiet herons";

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: i64,
    pub name: String,
    pub handle: String,
    pub email: String,
}

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
            now,
            address: "127.0.0.1".into(),
            request_id: "test".into(),
        }
    }

    /// Everything about the ramp, as the pages see it.
    pub fn dossier(&self) -> Dossier {
        self.app.db(|c| Dossier::lock(c, self.ramp_id))
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
                    sessions::next_action.eq(""),
                    sessions::recorded_at.eq(now),
                ))
                .execute(c)?;
            Ok(())
        });
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
            .db(|c| signoff::actions::request(c, &act, self.ramp_id, &note));
    }

    /// The mentor turns the first key.
    pub fn turn_first_key(&self) {
        let (act, id) = (self.act(Role::Mentor), self.dossier().signoffs[0].id);
        let words = Note::parse("Steady under load").unwrap();
        self.app
            .db(|c| signoff::actions::turn_first_key(c, &act, id, &words));
    }

    /// The qualifier turns the second key; gives back the clearance.
    pub fn grant(&self) -> i64 {
        let (act, id) = (self.act(Role::Qualifier), self.dossier().signoffs[0].id);
        let decision = Decision::Approve {
            ends_on: self.app.now().day().plus_days(300),
            note: Note::parse("").unwrap(),
        };
        match self
            .app
            .db(|c| signoff::actions::decide(c, &act, id, &decision))
        {
            Outcome::Granted(clearance) => clearance,
            other => panic!("{other:?}"),
        }
    }
}

struct Made {
    people: [Member; 7],
    area_id: i64,
    standard_id: i64,
    ramp_id: i64,
}

fn organisation(c: &mut Conn, now: UtcTime) -> Result<Made> {
    let (owners, _) = people::store::team_named(c, &Name::parse("Payments").unwrap(), now)?;
    let (mentees, _) = people::store::team_named(c, &Name::parse("Storefront").unwrap(), now)?;
    let cast = [
        ("Ines Duarte", "Europe/Lisbon", None),
        ("Tomasz Wilk", "Europe/Warsaw", Some((mentees, false))),
        ("Leila Haddad", "Africa/Tunis", Some((mentees, false))),
        ("Marcus Oyelaran", "Europe/London", Some((owners, false))),
        ("Sofia Lindqvist", "Europe/Stockholm", Some((owners, false))),
        ("Ruth Abara", "UTC", Some((owners, true))),
        ("Kenji Mori", "Asia/Tokyo", Some((mentees, true))),
    ];
    let mut people = Vec::new();
    for (name, zone, team) in cast {
        people.push(member(c, now, name, zone, team)?);
    }
    let people: [Member; 7] = people.try_into().unwrap();
    let [_, _, mentee, mentor, qualifier, owner_lead, _] = &people;

    let area_id = diesel::insert_into(areas::table)
        .values((
            areas::slug.eq("payments"),
            areas::code.eq("PAY"),
            areas::name.eq("Payments"),
            areas::summary.eq("Takes the money: authorisation, capture, refunds."),
            areas::tier.eq(1),
            areas::owner_team_id.eq(owners),
            areas::minimum_cover.eq(2),
            areas::target_weeks.eq(12),
            areas::validity_months.eq(12),
            areas::recency_days.eq(90),
            areas::created_at.eq(now),
        ))
        .returning(areas::id)
        .get_result(c)?;
    let standard_id = standard::store::insert(
        c,
        area_id,
        1,
        StandardState::Published,
        "First version",
        &content(),
        now,
    )?;
    for signer in [mentor, qualifier] {
        diesel::insert_into(qualifiers::table)
            .values((
                qualifiers::area_id.eq(area_id),
                qualifiers::person_id.eq(signer.id),
                qualifiers::since.eq(now.plus_hours(-24 * 100)),
            ))
            .execute(c)?;
        let (from, to) = (now.plus_hours(-24 * 100), now.day().plus_days(200));
        clearance::store::insert(c, (signer.id, area_id), from, to, None)?;
    }

    let ramp_id = ramp::store::insert(
        c,
        &NewRamp {
            mentee_id: mentee.id,
            area_id,
            standard_id,
            state: RampState::Active,
            starts_on: now.day(),
            target_on: now.day().plus_days(84),
            started_by: owner_lead.id,
            created_at: now,
        },
    )?;
    ramp::store::insert_change(c, ramp_id, RampState::Active, "", owner_lead.id, now)?;
    ramp::store::insert_pairing(c, ramp_id, mentor.id, PairingRole::Primary, 14, now)?;
    Ok(Made {
        people,
        area_id,
        standard_id,
        ramp_id,
    })
}

/// Adds a person who can sign in. The first one is an administrator.
pub fn member(
    c: &mut Conn,
    now: UtcTime,
    name: &str,
    zone: &str,
    team: Option<(i64, bool)>,
) -> Result<Member> {
    static HASH: LazyLock<String> = LazyLock::new(|| {
        let hasher = Hasher::start(Cost::Test).unwrap();
        block_on(hasher.hash(Password::parse(PASSWORD).unwrap())).unwrap()
    });
    let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
    let new = NewPerson {
        name: Name::parse(name).unwrap(),
        email: Email::parse(&email).unwrap(),
        time_zone: ZoneName::parse(zone).unwrap(),
    };
    let handle = new.email.handle();
    let id = people::actions::add(c, &Act::operator(now), &new, false)?;
    auth::store::set_password_hash(c, id, &HASH)?;
    if let Some((team_id, is_lead)) = team {
        people::store::put_membership(c, team_id, id, is_lead)?;
    }
    Ok(Member {
        id,
        name: name.to_owned(),
        handle,
        email,
    })
}

/// What the standard asks for: two competencies a group, the second one critical, two checklist items, three gates.
pub fn content() -> Content {
    let groups = [
        (Group::Architecture, "A"),
        (Group::Observability, "O"),
        (Group::Incident, "I"),
        (Group::Change, "C"),
    ];
    let competencies = groups.into_iter().flat_map(|(group, letter)| {
        [(1, false), (2, true)].map(|(number, critical)| Competency {
            code: format!("PAY-{letter}{number}"),
            group,
            statement: format!("Shows the {} of payments, part {number}", group.word()),
            required_level: Level::new(if critical { 4 } else { 3 }).unwrap(),
            critical,
            behaviours: [1, 2, 3, 4, 5].map(|level| format!("What is seen at level {level}")),
        })
    });
    Content {
        competencies: competencies.collect(),
        items: vec![
            Item {
                code: "PAY-K1".into(),
                group: ItemGroup::Read,
                text: "Read the failover runbook".into(),
                link: Some("https://runbooks.example.com/payments/failover".into()),
            },
            Item {
                code: "PAY-K2".into(),
                group: ItemGroup::Access,
                text: "Get access to the payments dashboards".into(),
                link: None,
            },
        ],
        gates: vec![
            Gate::Levels,
            Gate::Checklist,
            Gate::Sessions {
                held: 1,
                minutes: 30,
            },
        ],
    }
}
