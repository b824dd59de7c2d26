//! Importing into a database of its own, on the embedded one.

use super::house::{DRAFTS, House, PUBLISH};
use super::*;
use crate::cli;
use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::audit::{Act, Verdict, verify};
use crate::domain::standard::StandardState;
use crate::domain::{area, clearance, people};
use crate::error::Error;
use crate::import::actions::{import, plan};
use crate::import::change::Change;

fn stricter(area: String) -> String {
    area.replace("required_level = 3", "required_level = 4")
}

#[test]
fn the_demo_comes_in_once() {
    let mut house = House::new();
    let first = house.import(&demo(), DRAFTS).unwrap();
    assert_eq!(first[0], "team Commerce SRE: added");
    assert_eq!(
        first[2],
        "person ruth.abrams@harbour.example: added as Ruth Abrams, an administrator because nobody was here before"
    );
    let actions = house.actions();
    let count = |action: &str| actions.iter().filter(|a| *a == action).count();
    assert_eq!(count("person.added"), 14);
    assert_eq!(count("team.added"), 2);
    assert_eq!(count("membership.changed"), 14);
    assert_eq!(count("area.added"), 6);
    assert_eq!(count("standard.published"), 6);
    assert_eq!(count("qualifier.designated"), 13);
    assert_eq!(count("postmortem.added"), 10);
    assert_eq!(first.len(), actions.len());

    assert_eq!(house.import(&demo(), DRAFTS).unwrap(), [""; 0]);
    assert_eq!(house.import(&demo(), PUBLISH).unwrap(), [""; 0]);
    assert_eq!(house.actions().len(), actions.len());
    assert!(matches!(
        house.within(verify).unwrap(),
        Verdict::Whole { .. }
    ));
}

#[test]
fn a_changed_standard_becomes_a_draft() {
    let mut house = House::new();
    house.example(|area| area, DRAFTS);
    let before = house.versions();
    assert_eq!(house.states(), [(1, StandardState::Published)]);

    let said = house.example(stricter, DRAFTS);
    assert_eq!(
        said,
        ["standard of payments: version 2 drafted: changes PAY-A1"]
    );
    assert_eq!(
        house.states(),
        [(2, StandardState::Draft), (1, StandardState::Published)]
    );
    assert_eq!(
        house.versions()[1].2,
        before[0].2,
        "the published version is as it was"
    );
    assert_eq!(house.example(stricter, DRAFTS), [""; 0]);

    // Files that say what is published leave the draft alone.
    assert_eq!(house.example(|area| area, PUBLISH), [""; 0]);
    assert_eq!(
        house.states(),
        [(2, StandardState::Draft), (1, StandardState::Published)]
    );

    let other = |area: String| {
        stricter(area)
            .replace("PAY-K1", "PAY-K2")
            .replace("held = 6", "held = 7")
    };
    let said = house.example(other, DRAFTS);
    assert_eq!(
        said,
        [
            "standard of payments: version 2 draft rewritten: adds PAY-K2; drops PAY-K1; changes PAY-A1; changes the gates"
        ]
    );
    let versions = house.versions();
    assert!(versions[0].2.item("PAY-K2").is_some() && versions[0].2.item("PAY-K1").is_none());

    // The draft was read and found good: publishing needs no change of it.
    assert_eq!(
        house.example(other, PUBLISH),
        ["standard of payments: version 2 published"]
    );
    assert_eq!(
        house.states(),
        [(2, StandardState::Published), (1, StandardState::Retired)]
    );
    assert_eq!(house.versions()[1].2, before[0].2);
    assert_eq!(house.example(other, PUBLISH), [""; 0]);
}

#[test]
fn publish_publishes_what_it_drafts() {
    let mut house = House::new();
    house.example(|area| area, DRAFTS);
    assert_eq!(house.example(stricter, PUBLISH).len(), 2);
    assert_eq!(
        house.states(),
        [(2, StandardState::Published), (1, StandardState::Retired)]
    );
}

#[test]
fn areas_follow_their_files() {
    let mut house = House::new();
    house.example(|area| area, DRAFTS);
    let changed = |area: String| {
        area.replace("tier = 1 ", "tier = 2 ")
            .replace("\"Payments\"", "\"Platform\"")
            .replace("reference = \"svc-checkout\"", "")
            .replace(
                "qualifiers = [\"ada.lindqvist@",
                "qualifiers = [\"mina.sato@",
            )
            .replace("until = 2027-03-01", "until = 2027-04-01")
    };
    let said = house.example(changed, DRAFTS);
    assert_eq!(
        said,
        [
            "area payments: changed: owner Payments becomes Platform; tier 1 becomes 2; systems and links",
            "qualifier of payments: mina.sato@example.com designated",
            "qualifier of payments: ada.lindqvist@example.com ended",
        ]
    );
    let (area, systems) = house
        .within(|c| {
            let area = area::store::by_slug(c, "payments")?.ok_or(Error::NotFound("area"))?;
            let systems = area::systems::of_area(c, area.id)?;
            Ok((area, systems))
        })
        .unwrap();
    assert_eq!((area.tier, area.owner_team.as_str()), (2, "Platform"));
    assert_eq!(
        (systems[0].reference.clone(), systems[0].links.len()),
        (None, 1)
    );
    assert_eq!(house.example(changed, DRAFTS), [""; 0]);
    assert_eq!(house.example(|area| area, DRAFTS).len(), 3);
}

#[test]
fn people_follow_their_rows() {
    let mut house = House::new();
    house.example(|area| area, DRAFTS);
    let moved = people()
        .replace(
            "Joao Prates,joao.prates@example.com,Europe/Lisbon,Payments,no\n",
            "",
        )
        .replace("Europe/Lisbon,Platform,no", "Europe/Lisbon,Platform,yes")
        .replace("Joao Prates", "João Prates")
        .replace(
            "Mina Sato,mina.sato@example.com,Asia/Tokyo,Platform,yes\n",
            "",
        );
    let said = house.import(&guide(&moved, &payments()), DRAFTS).unwrap();
    assert_eq!(
        said,
        [
            "person joao.prates@example.com: renamed from Joao Prates to João Prates",
            "person joao.prates@example.com: leads Platform",
            "person joao.prates@example.com: leaves Payments",
        ]
    );
    let mina = house
        .within(|c| people::store::by_email(c, "mina.sato@example.com"))
        .unwrap()
        .unwrap();
    assert!(
        mina.deactivated_at.is_none(),
        "who has no row is left alone"
    );
    assert_eq!(
        house.import(&guide(&moved, &payments()), DRAFTS).unwrap(),
        [""; 0]
    );
    // A time zone is the person's own once they are here.
    let zone = moved.replace("Europe/Lisbon", "Europe/Madrid");
    assert_eq!(
        house.import(&guide(&zone, &payments()), DRAFTS).unwrap(),
        [""; 0]
    );
}

#[test]
fn a_clearance_is_taken_over_once() {
    let mut house = House::new();
    house.example(|area| area, DRAFTS);
    let of_ada = |c: &mut Conn| {
        let ada = people::store::by_email(c, "ada.lindqvist@example.com")?
            .ok_or(Error::NotFound("person"))?;
        clearance::store::of_person(c, ada.id)
    };
    let held = house.within(of_ada).unwrap();
    assert_eq!(
        (held.len(), held[0].signoff_id, held[0].ends_on.to_string()),
        (1, None, "2027-03-01".to_owned())
    );

    // Years later the line is history: it neither counts again nor stands in the way.
    house.act.now = Day::parse("2100-01-01").unwrap().start();
    assert_eq!(house.example(|area| area, DRAFTS), [""; 0]);
    assert_eq!(house.within(of_ada).unwrap().len(), 1);

    let (person, area, now) = (held[0].person_id, held[0].area_id, house.act.now);
    let mut record = |act: &Act, ends_on: &str| {
        let ends_on = Day::parse(ends_on).unwrap();
        house.within(|c| {
            crate::usecases::clearance::actions::record_existing(c, act, person, area, now, ends_on)
        })
    };
    let operator = Act::operator(now);
    assert!(matches!(
        record(&operator, "2027-12-31"),
        Err(Error::Invalid(_))
    ));
    assert!(matches!(
        record(&operator, "2100-12-31"),
        Err(Error::Conflict(_))
    ));
    assert!(matches!(
        record(&stranger(now), "2100-12-31"),
        Err(Error::Forbidden(_))
    ));
}

fn stranger(now: UtcTime) -> Act {
    let mut act = Act::operator(now);
    act.actor.is_admin = false;
    act
}

#[test]
fn invalid_files_write_nothing() {
    let mut house = House::new();
    let refused = house.import(
        &guide(&people(), &payments().replace("tier = 1 ", "tier = 9 ")),
        DRAFTS,
    );
    let words = refused.unwrap_err().to_string();
    assert_eq!(
        words,
        "nothing was imported: 1 error\nareas/payments.toml:4: `tier` must be a whole number from 1 to 3, not 9."
    );
    assert_eq!(house.actions(), [""; 0]);
}

#[test]
fn only_an_administrator_imports() {
    let mut house = House::new();
    house.act = stranger(house.act.now);
    assert!(matches!(
        house.import(&demo(), DRAFTS),
        Err(Error::Forbidden(_))
    ));
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let mut house = House::new();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("areas")).unwrap();
    std::fs::write(folder.path().join("people.csv"), people()).unwrap();
    std::fs::write(folder.path().join("areas/payments.toml"), payments()).unwrap();
    std::fs::write(folder.path().join("areas/notes.txt"), "not an area").unwrap();
    let act = house.act.clone();
    let mut run = |dry_run| {
        house
            .within(|c| cli::import::run(c, &act, folder.path(), dry_run, false))
            .unwrap()
    };
    let (planned, made, again) = (run(true), run(false), run(true));
    assert_eq!(
        again,
        "Nothing to change: the database says what the files say."
    );
    let list = |said: &str| said.lines().map(str::to_owned).collect::<Vec<_>>();
    let (planned, made) = (list(&planned), list(&made));
    assert_eq!(planned[..planned.len() - 1], made[..made.len() - 1]);
    assert_eq!(
        planned.last().unwrap(),
        &format!(
            "{} changes would be made. Nothing was written.",
            planned.len() - 1
        )
    );
    assert_eq!(
        made.last().unwrap(),
        &format!("{} changes were made.", made.len() - 1)
    );
}

#[test]
fn the_plan_is_the_same_list() {
    let mut house = House::new();
    let organisation = fresh(&[
        ("people.csv", &people()),
        ("areas/payments.toml", &payments()),
    ])
    .unwrap();
    let words = |changes: &[Change]| changes.iter().map(ToString::to_string).collect::<Vec<_>>();
    let planned = house
        .within(|c| plan(c, &organisation, DRAFTS))
        .unwrap()
        .changes;
    assert_eq!(house.actions(), [""; 0]);
    let act = house.act.clone();
    let report = house
        .within(|c| import(c, &act, &organisation, DRAFTS))
        .unwrap();
    assert_eq!(words(&planned), words(&report.changes));
}
