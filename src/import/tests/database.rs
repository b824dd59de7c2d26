//! Imports into an empty SQLite database.

use super::organisation::{DRAFTS, PUBLISH, TestOrganisation};
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
use crate::usecases::clearance::takeover::{Existing, record_existing};

fn stricter(area: String) -> String {
    area.replace("required_level = 3", "required_level = 4")
}

#[test]
fn the_demo_is_imported_once() {
    let mut org = TestOrganisation::new();
    let first = org.import(&demo(), DRAFTS).unwrap();
    assert_eq!(first[0], "team Commerce SRE: added");
    assert_eq!(
        first[2],
        "person ruth.abrams@harbour.example: added as Ruth Abrams, an administrator because nobody was here before"
    );
    let actions = org.actions();
    let count = |action: &str| actions.iter().filter(|a| *a == action).count();
    assert_eq!(count("person.added"), 14);
    assert_eq!(count("team.added"), 2);
    assert_eq!(count("membership.changed"), 14);
    assert_eq!(count("area.added"), 6);
    assert_eq!(count("standard.published"), 6);
    assert_eq!(count("qualifier.designated"), 13);
    assert_eq!(count("postmortem.added"), 10);
    assert_eq!(first.len(), actions.len());

    assert_eq!(org.import(&demo(), DRAFTS).unwrap(), [""; 0]);
    assert_eq!(org.import(&demo(), PUBLISH).unwrap(), [""; 0]);
    assert_eq!(org.actions().len(), actions.len());
    let count = i64::try_from(actions.len()).unwrap();
    let verdict = org.within(verify).unwrap();
    assert!(matches!(verdict, Verdict::Whole { entries, unsealed: 0, .. } if entries == count));
}

#[test]
fn a_changed_standard_becomes_a_draft() {
    let mut org = TestOrganisation::new();
    org.example(|area| area, DRAFTS);
    let before = org.versions();
    assert_eq!(org.states(), [(1, StandardState::Published)]);

    let said = org.example(stricter, DRAFTS);
    assert_eq!(
        said,
        ["standard of payments: version 2 drafted: changes PAY-A1"]
    );
    assert_eq!(
        org.states(),
        [(2, StandardState::Draft), (1, StandardState::Published)]
    );
    assert_eq!(
        org.versions()[1].2,
        before[0].2,
        "the published version is as it was"
    );
    assert_eq!(org.example(stricter, DRAFTS), [""; 0]);

    // Files that match the published version do not touch the draft.
    assert_eq!(org.example(|area| area, PUBLISH), [""; 0]);
    assert_eq!(
        org.states(),
        [(2, StandardState::Draft), (1, StandardState::Published)]
    );

    let other = |area: String| {
        stricter(area)
            .replace("PAY-K1", "PAY-K2")
            .replace("held = 6", "held = 7")
    };
    let said = org.example(other, DRAFTS);
    assert_eq!(
        said,
        [
            "standard of payments: version 2 draft rewritten: adds PAY-K2; drops PAY-K1; changes PAY-A1; changes the gates"
        ]
    );
    let versions = org.versions();
    assert!(versions[0].2.item("PAY-K2").is_some() && versions[0].2.item("PAY-K1").is_none());

    // Someone read the draft and approved it: publishing it needs no change.
    assert_eq!(
        org.example(other, PUBLISH),
        ["standard of payments: version 2 published"]
    );
    assert_eq!(
        org.states(),
        [(2, StandardState::Published), (1, StandardState::Retired)]
    );
    assert_eq!(org.versions()[1].2, before[0].2);
    assert_eq!(org.example(other, PUBLISH), [""; 0]);
}

#[test]
fn publish_publishes_its_own_drafts() {
    let mut org = TestOrganisation::new();
    org.example(|area| area, DRAFTS);
    assert_eq!(org.example(stricter, PUBLISH).len(), 2);
    assert_eq!(
        org.states(),
        [(2, StandardState::Published), (1, StandardState::Retired)]
    );
}

#[test]
fn areas_follow_their_files() {
    let mut org = TestOrganisation::new();
    org.example(|area| area, DRAFTS);
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
    let said = org.example(changed, DRAFTS);
    assert_eq!(
        said,
        [
            "area payments: changed: owner Payments becomes Platform; tier 1 becomes 2; systems and links",
            "qualifier of payments: mina.sato@example.com designated",
            "qualifier of payments: ada.lindqvist@example.com ended",
        ]
    );
    let (area, systems) = org
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
    assert_eq!(org.example(changed, DRAFTS), [""; 0]);
    assert_eq!(org.example(|area| area, DRAFTS).len(), 3);
}

#[test]
fn people_follow_their_rows() {
    let mut org = TestOrganisation::new();
    org.example(|area| area, DRAFTS);
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
    let said = org.import(&guide(&moved, &payments()), DRAFTS).unwrap();
    assert_eq!(
        said,
        [
            "person joao.prates@example.com: renamed from Joao Prates to João Prates",
            "person joao.prates@example.com: leads Platform",
            "person joao.prates@example.com: leaves Payments",
        ]
    );
    let mina = org
        .within(|c| people::store::by_email(c, "mina.sato@example.com"))
        .unwrap()
        .unwrap();
    assert!(
        mina.deactivated_at.is_none(),
        "who has no row is left alone"
    );
    assert_eq!(
        org.import(&guide(&moved, &payments()), DRAFTS).unwrap(),
        [""; 0]
    );
    // A person's time zone is their own once they are here.
    let zone = moved.replace("Europe/Lisbon", "Europe/Madrid");
    assert_eq!(
        org.import(&guide(&zone, &payments()), DRAFTS).unwrap(),
        [""; 0]
    );
}

#[test]
fn a_clearance_is_taken_over_once() {
    let mut org = TestOrganisation::new();
    org.example(|area| area, DRAFTS);
    let of_ada = |c: &mut Conn| {
        let ada = people::store::by_email(c, "ada.lindqvist@example.com")?
            .ok_or(Error::NotFound("person"))?;
        clearance::store::of_person(c, ada.id)
    };
    let held = org.within(of_ada).unwrap();
    assert_eq!(
        (held.len(), held[0].signoff_id, held[0].ends_on.to_string()),
        (1, None, "2027-03-01".to_owned())
    );

    // Years later the line is history: it neither counts again nor causes an error.
    org.act.now = Day::parse("2100-01-01").unwrap().start();
    assert_eq!(org.example(|area| area, DRAFTS), [""; 0]);
    assert_eq!(org.within(of_ada).unwrap().len(), 1);

    let (person, area, now) = (held[0].person_id, held[0].area_id, org.act.now);
    let mut record = |act: &Act, ends_on: &str| {
        let ends_on = Day::parse(ends_on).unwrap();
        let existing = Existing {
            person_id: person,
            area_id: area,
            since: now,
            ends_on,
            rests_on: None,
        };
        org.within(|c| record_existing(c, act, &existing))
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
    let mut org = TestOrganisation::new();
    let refused = org.import(
        &guide(&people(), &payments().replace("tier = 1 ", "tier = 9 ")),
        DRAFTS,
    );
    let words = refused.unwrap_err().to_string();
    assert_eq!(
        words,
        "nothing was imported: 1 error\nareas/payments.toml:4: `tier` must be a whole number from 1 to 3, not 9."
    );
    assert_eq!(org.actions(), [""; 0]);
}

#[test]
fn only_an_administrator_imports() {
    let mut org = TestOrganisation::new();
    org.act = stranger(org.act.now);
    assert!(matches!(
        org.import(&demo(), DRAFTS),
        Err(Error::Forbidden(_))
    ));
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let mut org = TestOrganisation::new();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("areas")).unwrap();
    std::fs::write(folder.path().join("people.csv"), people()).unwrap();
    std::fs::write(folder.path().join("areas/payments.toml"), payments()).unwrap();
    std::fs::write(folder.path().join("areas/notes.txt"), "not an area").unwrap();
    let act = org.act.clone();
    let opened = crate::import::files::Folder::open(folder.path());
    let mut run = |dry_run| {
        org.within(|c| {
            let organisation = cli::import::read(c, &act, &opened)?;
            let report = match dry_run {
                true => plan(c, &organisation, DRAFTS)?,
                false => import(c, &act, &organisation, DRAFTS)?,
            };
            Ok(cli::import::said(&report, dry_run))
        })
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
    let mut org = TestOrganisation::new();
    let organisation = fresh(&[
        ("people.csv", &people()),
        ("areas/payments.toml", &payments()),
    ])
    .unwrap();
    let words = |changes: &[Change]| changes.iter().map(ToString::to_string).collect::<Vec<_>>();
    let planned = org
        .within(|c| plan(c, &organisation, DRAFTS))
        .unwrap()
        .changes;
    assert_eq!(org.actions(), [""; 0]);
    let act = org.act.clone();
    let report = org
        .within(|c| import(c, &act, &organisation, DRAFTS))
        .unwrap();
    assert_eq!(words(&planned), words(&report.changes));
}

#[test]
fn a_mistyped_team_and_a_second_person_of_one_name_are_noted() {
    let mut org = TestOrganisation::new();
    org.example(|area| area, DRAFTS);
    let file = format!(
        "{}JOAO PRATES,joao@new.example,Europe/Lisbon,Paymnets,no\n,,,,\n",
        people()
    );
    let notes = org
        .within(|c| {
            let existing = crate::import::existing::load(c)?;
            let organisation = read(&guide(&file, &payments()), &existing, today())
                .map_err(|p| crate::import::as_error(&p))?;
            plan(c, &organisation, DRAFTS)
        })
        .unwrap()
        .notes;
    assert_eq!(
        notes,
        [
            "team Paymnets: it is new. Did you mean Payments?",
            "person joao@new.example: there is another JOAO PRATES: joao.prates@example.com (Payments, Platform). If they \
             are one person, change the e-mail in Checkride instead",
        ]
    );
}

#[test]
fn areas_that_ask_for_each_other_are_not_imported() {
    let asks = |area: String, code: &str| {
        format!("{area}\n[[standard.gates]]\nkind = \"prerequisite\"\nareas = [\"{code}\"]\n")
    };
    let orders = payments()
        .replace("PAY", "ORD")
        .replace("Checkout", "Orders");
    let (people, first) = (people(), asks(payments(), "ORD"));
    let imported = |orders: &str| {
        let files = folder(&[
            ("people.csv", &people),
            ("areas/payments.toml", &first),
            ("areas/orders.toml", orders),
        ]);
        TestOrganisation::new().import(&files, PUBLISH)
    };
    assert!(imported(&orders).is_ok());
    let refused = imported(&asks(orders, "PAY")).unwrap_err().to_string();
    assert!(refused.contains("Areas ask for each other"), "{refused}");
}
