//! From the request to the clearance on a database of its own, with the pages everybody sees on the way.

use actix_web::App as Actix;
use actix_web::cookie::Cookie;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use diesel::prelude::*;

use super::actions::{Outcome, decide, request, turn_first_key};
use super::*;
use crate::app::{App, routes};
use crate::assessment::Stream;
use crate::audit::{self, Act};
use crate::auth;
use crate::auth::password::{Cost, Hasher};
use crate::clock::Clock;
use crate::db::schema::{areas, assessments, qualifiers, sessions};
use crate::db::types::UtcTime;
use crate::db::{Conn, Db, Purpose, Target, transaction};
use crate::error::{Error, Result};
use crate::people::{Email, Name, NewPerson, ZoneName};
use crate::ramp::store::NewRamp;
use crate::ramp::{MarkKind, PairingRole};
use crate::session::{SessionKind, SessionState};
use crate::standard::{Competency, Content, Gate, Group, Item, ItemGroup, Level, StandardState};
use crate::{clearance, people, ramp, standard};

struct House {
    _folder: tempfile::TempDir,
    target: Target,
    area_id: i64,
    ramp_id: i64,
    mentee: Actor,
    mentor: Actor,
    lead: Actor,
    second_lead: Actor,
    stranger: Actor,
}

fn now() -> UtcTime {
    UtcTime::from("2026-11-10T08:00:00Z".parse::<jiff::Timestamp>().unwrap())
}

fn act(actor: &Actor) -> Act {
    Act {
        actor: actor.clone(),
        ..Act::operator(now())
    }
}

fn words(text: &str) -> Note {
    Note::parse(text).unwrap()
}

fn content() -> Content {
    Content {
        competencies: vec![Competency {
            code: "SRC-I1".into(),
            group: Group::Incident,
            statement: "Runs an index-lag page".into(),
            required_level: Level::new(4).unwrap(),
            critical: true,
            behaviours: Default::default(),
        }],
        items: vec![Item {
            code: "SRC-K1".into(),
            group: ItemGroup::Read,
            text: "Read the runbook".into(),
            link: None,
        }],
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

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("story.db"));
        crate::db::migrate::run(&target).unwrap();
        let mut c = Conn::open(&target, Purpose::Write).unwrap();
        let owners = people::store::team_named(&mut c, &Name::parse("Discovery").unwrap(), now())
            .unwrap()
            .0;
        let mut person = |name: &str, is_lead: bool| {
            let new = NewPerson {
                name: Name::parse(name).unwrap(),
                email: Email::parse(&format!("{}@example.com", name.to_lowercase())).unwrap(),
                time_zone: ZoneName::parse("Europe/Lisbon").unwrap(),
            };
            let id = people::store::insert_person(&mut c, &new, false, now()).unwrap();
            if is_lead {
                people::store::put_membership(&mut c, owners, id, true).unwrap();
            }
            let row = people::store::by_id(&mut c, id).unwrap().unwrap();
            people::store::actor(&mut c, row).unwrap()
        };
        let (mentee, mentor, stranger) = (
            person("Lukas", false),
            person("Mei", false),
            person("Sam", false),
        );
        let (lead, second_lead) = (person("Ruth", true), person("Ola", true));
        let area_id: i64 = diesel::insert_into(areas::table)
            .values((
                areas::slug.eq("search"),
                areas::code.eq("SRC"),
                areas::name.eq("Search"),
                areas::summary.eq(""),
                areas::tier.eq(1),
                areas::owner_team_id.eq(owners),
                areas::minimum_cover.eq(2),
                areas::target_weeks.eq(12),
                areas::validity_months.eq(6),
                areas::recency_days.eq(90),
                areas::created_at.eq(now()),
            ))
            .returning(areas::id)
            .get_result(&mut c)
            .unwrap();
        let standard_id = standard::store::insert(
            &mut c,
            area_id,
            1,
            StandardState::Published,
            "",
            &content(),
            now(),
        )
        .unwrap();
        let new = NewRamp {
            mentee_id: mentee.id.unwrap(),
            area_id,
            standard_id,
            state: RampState::Active,
            starts_on: now().day().plus_days(-60),
            target_on: now().day().plus_days(10),
            started_by: lead.id.unwrap(),
            created_at: now(),
        };
        let ramp_id = ramp::store::insert(&mut c, &new).unwrap();
        let mentor_id = mentor.id.unwrap();
        ramp::store::insert_pairing(&mut c, ramp_id, mentor_id, PairingRole::Primary, 7, now())
            .unwrap();
        diesel::insert_into(qualifiers::table)
            .values((
                qualifiers::area_id.eq(area_id),
                qualifiers::person_id.eq(mentor_id),
                qualifiers::since.eq(now()),
            ))
            .execute(&mut c)
            .unwrap();
        clearance::store::insert(
            &mut c,
            (mentor_id, area_id),
            now(),
            now().day().plus_days(90),
            None,
        )
        .unwrap();
        Self {
            _folder: folder,
            target,
            area_id,
            ramp_id,
            mentee,
            mentor,
            lead,
            second_lead,
            stranger,
        }
    }

    /// One use case, as a page would do it.
    fn act<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut c = Conn::open(&self.target, Purpose::Write).unwrap();
        transaction(&mut c, Purpose::Write, f)
    }

    /// Meets every gate.
    fn finish_ramp(&self) {
        let by_id = self.mentor.id.unwrap();
        self.act(|c| {
            let session_id: i64 = diesel::insert_into(sessions::table)
                .values((
                    sessions::ramp_id.eq(self.ramp_id),
                    sessions::mentor_id.eq(by_id),
                    sessions::kind.eq(SessionKind::Pairing),
                    sessions::state.eq(SessionState::Held),
                    sessions::starts_at.eq(now()),
                    sessions::minutes.eq(45),
                    sessions::summary.eq("Index lag, from alert to all-clear"),
                    sessions::next_action.eq(""),
                    sessions::recorded_at.eq(now()),
                ))
                .returning(sessions::id)
                .get_result(c)?;
            ramp::store::insert_mark(c, self.ramp_id, "SRC-K1", MarkKind::Checked, by_id, now())?;
            self.assess(c, 4, session_id)
        })
        .unwrap();
    }

    fn assess(&self, c: &mut Conn, level: i64, session_id: i64) -> Result<()> {
        diesel::insert_into(assessments::table)
            .values((
                assessments::ramp_id.eq(self.ramp_id),
                assessments::competency_code.eq("SRC-I1"),
                assessments::stream.eq(Stream::Mentor),
                assessments::level.eq(Level::new(level)),
                assessments::by_id.eq(self.mentor.id.unwrap()),
                assessments::at.eq(now()),
                assessments::evidence.eq("I said nothing"),
                assessments::evidence_session_id.eq(session_id),
            ))
            .execute(c)?;
        Ok(())
    }

    fn requested(&self) -> i64 {
        self.finish_ramp();
        self.act(|c| request(c, &act(&self.mentee), self.ramp_id, &words("Please")))
            .unwrap()
    }

    fn recommended(&self) -> i64 {
        let id = self.requested();
        self.act(|c| turn_first_key(c, &act(&self.mentor), id, &words("Ready.")))
            .unwrap();
        id
    }

    fn approval(&self) -> Decision {
        Decision::Approve {
            ends_on: usual_end(now().day(), 6),
            note: Note::default(),
        }
    }

    fn ramp_state(&self) -> RampState {
        self.act(|c| ramp::store::by_id(c, self.ramp_id))
            .unwrap()
            .state
    }
}

fn refused<T>(answer: Result<T>) -> &'static str {
    match answer {
        Ok(_) => "done",
        Err(Error::Forbidden(_)) => "forbidden",
        Err(Error::Conflict(_)) => "conflict",
        Err(Error::Invalid(_)) => "invalid",
        Err(e) => panic!("{e}"),
    }
}

#[test]
fn two_keys_grant_a_clearance_and_freeze_what_it_rests_on() {
    let house = House::new();
    let early = house.act(|c| request(c, &act(&house.mentee), house.ramp_id, &Note::default()));
    assert_eq!(refused(early), "invalid");
    let id = house.requested();
    assert_eq!(house.ramp_state(), RampState::InReview);
    assert_eq!(
        refused(house.act(|c| request(c, &act(&house.mentor), house.ramp_id, &Note::default()))),
        "conflict"
    );
    assert_eq!(
        refused(house.act(|c| decide(c, &act(&house.lead), id, &house.approval()))),
        "conflict"
    );
    for actor in [&house.mentee, &house.lead, &house.stranger] {
        assert_eq!(
            refused(house.act(|c| turn_first_key(c, &act(actor), id, &words("I say so")))),
            "forbidden"
        );
    }
    house
        .act(|c| turn_first_key(c, &act(&house.mentor), id, &words("Ready.")))
        .unwrap();
    for actor in [
        &house.mentee,
        &house.mentor,
        &house.stranger,
        &Actor::operator(),
    ] {
        assert_eq!(
            refused(house.act(|c| decide(c, &act(actor), id, &house.approval()))),
            "forbidden"
        );
    }
    let far = Decision::Approve {
        ends_on: now().day().plus_months(8),
        note: Note::default(),
    };
    assert_eq!(
        refused(house.act(|c| decide(c, &act(&house.lead), id, &far))),
        "invalid"
    );
    let granted = house
        .act(|c| decide(c, &act(&house.lead), id, &house.approval()))
        .unwrap();
    assert_eq!(house.ramp_state(), RampState::Cleared);

    let Outcome::Granted(clearance_id) = granted else {
        panic!("it was approved")
    };
    let held = house
        .act(|c| clearance::store::by_id(c, clearance_id))
        .unwrap();
    assert_eq!(
        (Some(held.person_id), held.area_id),
        (house.mentee.id, house.area_id)
    );
    assert_eq!(
        (held.signoff_id, held.ends_on.to_string().as_str()),
        (Some(id), "2027-05-10")
    );
    let late = house.act(|c| decide(c, &act(&house.second_lead), id, &house.approval()));
    let Err(Error::Conflict(sentence)) = late else {
        panic!("{late:?}")
    };
    assert!(
        sentence.starts_with("Ruth granted this sign-off on Tue 10 Nov, 08:00"),
        "{sentence}"
    );

    // What is assessed later changes nothing of the record.
    let frozen = house.act(|c| store::by_id(c, id)).unwrap().record.unwrap();
    house.act(|c| house.assess(c, 1, 1)).unwrap();
    let record = record::Record::thaw(&frozen).unwrap();
    let evidence = record.competencies[0].evidence.as_ref().unwrap();
    assert_eq!(
        evidence.session.as_deref(),
        Some("Index lag, from alert to all-clear")
    );
    assert_eq!(
        (record.competencies[0].mentor_level, evidence.text.as_str()),
        (Some(4), "I said nothing")
    );
    assert_eq!(record.verdict.unwrap().deed.who.name, "Ruth");
    assert!(matches!(
        house.act(audit::verify).unwrap(),
        audit::Verdict::Whole { entries: 4, .. }
    ));
}

#[test]
fn a_return_lets_the_ramp_go_on_and_it_can_be_asked_again() {
    let house = House::new();
    let id = house.requested();
    let reasons = Decision::Return {
        reasons: words("One more night page"),
    };
    assert_eq!(
        refused(house.act(|c| decide(c, &act(&house.lead), id, &reasons))),
        "forbidden"
    );
    house
        .act(|c| decide(c, &act(&house.mentor), id, &reasons))
        .unwrap();
    assert_eq!(house.ramp_state(), RampState::Active);
    assert!(house.act(|c| store::by_id(c, id)).unwrap().record.is_some());
    assert_eq!(
        refused(house.act(|c| turn_first_key(c, &act(&house.mentor), id, &words("Ready.")))),
        "conflict"
    );
    let again = house.recommended();
    assert_eq!(
        house
            .act(|c| decide(c, &act(&house.second_lead), again, &reasons))
            .unwrap(),
        Outcome::Returned
    );
    assert_eq!(house.ramp_state(), RampState::Active);
}

#[test]
fn a_gate_that_closes_again_holds_both_keys() {
    let house = House::new();
    let id = house.recommended();
    house.act(|c| house.assess(c, 3, 1)).unwrap();
    assert_eq!(
        refused(house.act(|c| decide(c, &act(&house.lead), id, &house.approval()))),
        "invalid"
    );
    let reasons = Decision::Return {
        reasons: words("It slipped back"),
    };
    assert_eq!(
        refused(house.act(|c| decide(c, &act(&house.lead), id, &reasons))),
        "done"
    );
}

/// What somebody sees at an address: status and page.
async fn see(
    house: &House,
    actor: &Actor,
    form: Option<&[(&str, &str)]>,
    path: &str,
) -> (u16, String) {
    let token = house
        .act(|c| auth::actions::complete(c, actor.id.unwrap(), None, &Act::operator(now())))
        .unwrap();
    let app = App {
        db: Db::open(&house.target).unwrap(),
        clock: Clock::manual(now()),
        hasher: Hasher::start(Cost::Test).unwrap(),
        rules: Default::default(),
        demo_sign_ins: Vec::new(),
    };
    let service = init_service(Actix::new().configure(routes(&app))).await;
    let request = match form {
        None => TestRequest::get(),
        Some(fields) => TestRequest::post().set_form(fields),
    };
    let request = request
        .uri(path)
        .cookie(Cookie::new(auth::request::COOKIE, token))
        .to_request();
    let response = call_service(&service, request).await;
    let status = response.status().as_u16();
    (
        status,
        String::from_utf8(read_body(response).await.to_vec()).unwrap(),
    )
}

fn assert_says(page: &(u16, String), status: u16, sentences: &[&str]) {
    assert_eq!(page.0, status, "{}", page.1);
    for sentence in sentences {
        assert!(
            page.1.contains(sentence),
            "“{sentence}” is missing in {}",
            page.1
        );
    }
}

#[actix_web::test]
async fn the_pages_say_what_may_be_done_and_why_not() {
    let house = House::new();
    let ask = format!("/ramps/{}/sign-off", house.ramp_id);
    let page = see(&house, &house.mentor, None, &ask).await;
    assert_says(
        &page,
        200,
        &[
            "3 gates are open",
            "/assess/incident",
            "#item-SRC-K1",
            "<b>Mei</b>",
        ],
    );
    assert!(
        !page.1.contains("<button class=\"btn pri\""),
        "a form for what cannot be done"
    );
    assert_says(&see(&house, &house.stranger, None, &ask).await, 403, &[]);

    house.finish_ramp();
    assert_says(
        &see(&house, &house.mentee, None, &ask).await,
        200,
        &["Every gate is met", "name=\"note\""],
    );
    assert_says(
        &see(&house, &house.lead, None, &ask).await,
        200,
        &["is asked for by Lukas or a mentor"],
    );
    let key = [("form_key", "0123456789abcdef"), ("note", "Please")];
    assert_says(
        &see(&house, &house.mentee, Some(&key), &ask).await,
        303,
        &[],
    );
    assert_says(
        &see(&house, &house.mentee, None, &ask).await,
        200,
        &["asked for already"],
    );

    let path = "/sign-offs/1";
    let page = see(&house, &house.mentor, None, path).await;
    assert_says(
        &page,
        200,
        &[
            "The first key is yours",
            "goes from 1 to <b>2</b> cleared",
            "Please",
        ],
    );
    let page = see(&house, &house.lead, None, path).await;
    assert_says(
        &page,
        200,
        &[
            "The first key is due",
            "The first key belongs to a mentor",
            ">Mei</a>",
        ],
    );
    let empty = [("form_key", "0123456789abcdef"), ("recommendation", " ")];
    let page = see(
        &house,
        &house.mentor,
        Some(&empty),
        "/sign-offs/1/first-key",
    )
    .await;
    assert_says(&page, 422, &["Write why you recommend", "Error: "]);
    assert_says(
        &see(&house, &house.lead, Some(&empty), "/sign-offs/1/first-key").await,
        403,
        &[],
    );
    house
        .act(|c| turn_first_key(c, &act(&house.mentor), 1, &words("Ready.")))
        .unwrap();

    let page = see(&house, &house.mentor, None, path).await;
    assert_says(
        &page,
        200,
        &[
            "You mentored this ramp, so the second key is not yours.",
            ">Ola</a>",
            ">Ruth</a>",
        ],
    );
    let page = see(&house, &house.lead, None, path).await;
    assert_says(
        &page,
        200,
        &[
            "Your decision",
            "value=\"2027-05-10\"",
            "Who else can turn the second key",
        ],
    );
    assert!(
        !page.1.contains(" checked>"),
        "a decision is chosen before anybody chose"
    );
    let bare = [
        ("form_key", "0123456789abcdef"),
        ("note", "Typed words"),
        ("ends_on", "2026-12-24"),
    ];
    let page = see(&house, &house.lead, Some(&bare), "/sign-offs/1/decision").await;
    assert_says(
        &page,
        422,
        &[
            "Choose what you decide.",
            "Typed words",
            "value=\"2026-12-24\"",
        ],
    );
    assert_says(
        &see(&house, &house.lead, None, "/sign-offs").await,
        200,
        &["Turn the second key", "Lukas, Search"],
    );
    assert_says(
        &see(&house, &house.mentee, None, "/sign-offs").await,
        200,
        &["No key is yours", "by Ola, Ruth"],
    );
    assert!(
        !see(&house, &house.stranger, None, "/sign-offs")
            .await
            .1
            .contains("Lukas")
    );

    house
        .act(|c| decide(c, &act(&house.lead), 1, &house.approval()))
        .unwrap();
    house.act(|c| house.assess(c, 1, 1)).unwrap();
    let page = see(&house, &house.mentor, None, path).await;
    assert_says(
        &page,
        200,
        &[
            "This is the frozen record",
            "3 met, 0 open",
            "Granted until 10 May 2027",
        ],
    );
    assert_says(
        &see(&house, &house.lead, None, "/sign-offs").await,
        200,
        &["by Ruth", "Granted"],
    );
    let page = see(&house, &house.mentee, None, "/clearances/2").await;
    assert_says(
        &page,
        200,
        &[
            "Cleared",
            "Counts as cover",
            "10 May 2027",
            "<b>Ruth</b>",
            "<b>Mei</b>",
            "/sign-offs/1",
        ],
    );
    let page = see(&house, &house.stranger, None, "/clearances/2").await;
    assert_says(&page, 200, &["What it was decided on is open to"]);
    assert!(!page.1.contains("/sign-offs/1"));
    assert_says(
        &see(&house, &house.stranger, None, "/clearances/1").await,
        200,
        &["Taken over from before Checkride"],
    );
}
