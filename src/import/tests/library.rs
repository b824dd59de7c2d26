//! Post-mortems of a folder: what is refused and where, and what becomes of a file beside what the library has.

use super::house::{DRAFTS, House, PUBLISH};
use super::*;
use crate::db::Conn;
use crate::domain::audit::Act;
use crate::domain::people;
use crate::domain::postmortem::{Document, Postmortem, State, Transition, store};
use crate::error::{Error, Result};
use crate::import::actions::{Report, import, plan};
use crate::import::{Options, present, refusal};
use crate::usecases::postmortem::actions::{Note, edit, lead_on};

const FILE: &str = "postmortems/doubled-captures.md";

fn text() -> String {
    example("markdown")
}

/// The whole example of the guide with that post-mortem.
fn with(area: &str, text: &str) -> Folder {
    folder(&[
        ("people.csv", &people()),
        ("areas/payments.toml", area),
        (FILE, text),
    ])
}

fn stored(house: &mut House) -> Postmortem {
    house
        .within(|c| store::named(c, "doubled-captures"))
        .unwrap()
}

/// Ada, who leads the team of the area.
fn ada(house: &mut House) -> Act {
    let operator = house.act.clone();
    let actor = house.within(|c| {
        let ada = people::store::by_email(c, "ada.lindqvist@example.com")?;
        people::store::actor(c, ada.ok_or(Error::NotFound("person"))?)
    });
    Act {
        actor: actor.unwrap(),
        ..operator
    }
}

/// What an import does, or would do, in words.
fn told(
    house: &mut House,
    files: &Folder,
    options: Options,
    how: fn(&mut Conn, &Act, &Organisation, Options) -> Result<Report>,
) -> Result<(Vec<String>, Vec<String>)> {
    let act = house.act.clone();
    house.within(|c| {
        let organisation =
            read(files, &present::load(c)?, act.now.day()).map_err(|p| refusal(&p))?;
        let report = how(c, &act, &organisation, options)?;
        let changes = report.changes.iter().map(ToString::to_string);
        Ok((changes.collect(), report.notes))
    })
}

#[test]
fn a_postmortem_is_refused_where_it_is_wrong() {
    let text = text();
    let sound = fresh(&[
        ("people.csv", &people()),
        ("areas/payments.toml", &payments()),
        (FILE, &text),
    ])
    .unwrap();
    assert_eq!(sound.postmortems[0].slug, "doubled-captures");
    for (from, to, at, words) in [
        ("\"sev2\"", "\"bad\"", "severity =", "`severity`: "),
        ("= 47", "= 0", "minutes =", "`minutes`: Enter whole minutes"),
        (
            "when = 2026",
            "when = 2027",
            "when =",
            "`when`: This is in the future",
        ),
        (
            "[\"payments\"]",
            "[\"billing\"]",
            "areas =",
            "no area billing",
        ),
        (
            "[\"PAY-I1\"]",
            "[\"PAY-I9\"]",
            "teaches =",
            "PAY-I9 is no competency",
        ),
        (
            "link = \"https",
            "link = \"javascript",
            "link =",
            "`link`: ",
        ),
        (
            "minutes =",
            "minuets =",
            "minuets =",
            "unknown field `minuets`",
        ),
        ("saw = ", "seen = ", "seen =", "unknown field `seen`"),
        ("title =", "#", "+++", "`title`: "),
        ("\n+++\n\n## Timeline", "", "+++", "no end"),
    ] {
        assert!(text.contains(from), "{from}");
        let wrong = text.replacen(from, to, 1);
        let line = wrong.lines().position(|l| l.starts_with(at)).unwrap() + 1;
        let found = problems(&[
            ("people.csv", &people()),
            ("areas/payments.toml", &payments()),
            (FILE, &wrong),
        ]);
        let expected = format!("{FILE}:{line}: ");
        assert!(
            found.len() == 1 && found[0].starts_with(&expected) && found[0].contains(words),
            "{from} -> {to}: {found:#?}"
        );
    }
    let found = problems(&[
        ("people.csv", &people()),
        ("areas/payments.toml", &payments()),
        ("postmortems/New One.md", &text),
    ]);
    assert!(
        found[0].contains("the post-mortem's name in URLs"),
        "{found:#?}"
    );
}

#[test]
fn an_area_whose_file_is_wrong_is_one_mistake_and_not_one_more_in_every_postmortem() {
    let area = payments().replacen("tier = 1 ", "tier = 9 ", 1);
    let found = problems(&[
        ("people.csv", &people()),
        ("areas/payments.toml", &area),
        (FILE, &text()),
    ]);
    assert_eq!(found.len(), 1, "{found:#?}");
}

#[test]
fn a_file_comes_in_as_a_draft_once_and_its_draft_follows_it() {
    let mut house = House::new();
    let area = payments();
    let first = house.import(&with(&area, &text()), DRAFTS).unwrap();
    assert_eq!(
        first.last().unwrap(),
        "post-mortem doubled-captures: added as a draft, The provider switch doubled captures, points: 1"
    );
    let is = stored(&mut house);
    assert_eq!(
        (is.state, is.revision, is.created_by),
        (State::Draft, 0, None)
    );
    assert_eq!(
        house.import(&with(&area, &text()), DRAFTS).unwrap(),
        [""; 0]
    );

    let longer = text().replacen("minutes = 47", "minutes = 52", 1);
    let said = house.import(&with(&area, &longer), DRAFTS).unwrap();
    assert_eq!(
        said,
        ["post-mortem doubled-captures: draft rewritten: minutes"]
    );
    let is = stored(&mut house);
    assert_eq!((is.document.minutes, is.revision), (52, 1));
    // Files go back as well.
    let said = house.import(&with(&area, &text()), DRAFTS).unwrap();
    assert_eq!(
        said,
        ["post-mortem doubled-captures: draft rewritten: minutes"]
    );
    assert_eq!(stored(&mut house).document.minutes, 47);
    let actions = house.actions();
    let count = |action: &str| actions.iter().filter(|a| *a == action).count();
    assert_eq!(
        (count("postmortem.added"), count("postmortem.edited")),
        (1, 2)
    );
    // Without its file it stays.
    assert_eq!(
        house.import(&guide(&people(), &area), DRAFTS).unwrap(),
        [""; 0]
    );
}

#[test]
fn what_somebody_wrote_since_is_not_undone_by_an_old_file() {
    let mut house = House::new();
    let (area, old) = (payments(), text());
    house.import(&with(&area, &old), DRAFTS).unwrap();
    let act = ada(&mut house);
    house
        .within(|c| {
            let is = store::named(c, "doubled-captures")?;
            let better = Document {
                impact: "2,004 shoppers were charged twice.".into(),
                ..is.document
            };
            edit(c, &act, &is.slug, is.revision, &better)
        })
        .unwrap();
    let (changes, notes) = told(&mut house, &with(&area, &old), DRAFTS, import).unwrap();
    assert_eq!(changes, [""; 0]);
    assert_eq!(
        notes,
        [
            "post-mortem doubled-captures: left alone: its draft was changed since the file was imported"
        ]
    );
    assert!(stored(&mut house).document.impact.starts_with("2,004"));
    let new = old.replacen("minutes = 47", "minutes = 52", 1);
    let (changes, notes) = told(&mut house, &with(&area, &new), DRAFTS, import).unwrap();
    assert_eq!(
        changes,
        ["post-mortem doubled-captures: draft rewritten: minutes; impact"]
    );
    assert_eq!(notes, [""; 0]);
}

#[test]
fn what_is_no_draft_any_more_is_left_alone_whatever_its_file_says() {
    let mut house = House::new();
    let area = payments();
    house.import(&with(&area, &text()), DRAFTS).unwrap();
    let act = ada(&mut house);
    // What it teaches may go meanwhile: nothing is written, so nothing is refused.
    let other = text()
        .replacen("minutes = 47", "minutes = 52", 1)
        .replacen("PAY-I1", "PAY-I9", 1);
    for (deed, word) in [
        (Transition::Submit, "in review"),
        (Transition::Approve, "teachable"),
    ] {
        house
            .within(|c| {
                let is = store::named(c, "doubled-captures")?;
                let note = Note::parse("").unwrap();
                lead_on(c, &act, &is.slug, (deed, is.revision), &note)
            })
            .unwrap();
        let (changes, notes) = told(&mut house, &with(&area, &other), DRAFTS, import).unwrap();
        assert_eq!(changes, [""; 0]);
        assert!(
            notes[0].contains(&format!("left alone: it is {word};")),
            "{notes:?}"
        );
        let (_, notes) = told(&mut house, &with(&area, &text()), DRAFTS, import).unwrap();
        assert_eq!(notes, [""; 0], "it says what is there");
    }
    assert_eq!(stored(&mut house).document.minutes, 47);
}

#[test]
fn what_is_in_a_draft_of_the_standard_alone_cannot_be_taught_yet() {
    let mut house = House::new();
    house
        .import(&guide(&people(), &payments()), DRAFTS)
        .unwrap();
    let area = payments().replace("PAY-I1", "PAY-I2");
    let files = with(&area, &text().replace("PAY-I1", "PAY-I2"));
    let line = text()
        .lines()
        .position(|l| l.starts_with("teaches"))
        .unwrap()
        + 1;
    let planned = |c: &mut Conn, _: &Act, o: &Organisation, options| plan(c, o, options);
    for how in [planned, import] {
        let refused = told(&mut house, &files, DRAFTS, how)
            .unwrap_err()
            .to_string();
        let sentence = format!("{FILE}:{line}: PAY-I2 is no competency of the published standards");
        assert!(refused.contains(&sentence), "{refused}");
    }
    let (changes, _) = told(&mut house, &files, PUBLISH, import).unwrap();
    assert_eq!(changes.len(), 3, "{changes:?}");
}
