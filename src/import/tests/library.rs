//! Post-mortems of a folder: which are refused and where, and what an import does with a file.

use super::organisation::{DRAFTS, PUBLISH, TestOrganisation};
use super::*;
use crate::db::Conn;
use crate::domain::audit::Act;
use crate::domain::people;
use crate::domain::postmortem::{Document, Postmortem, State, Transition, store};
use crate::error::{Error, Result};
use crate::import::actions::{Report, import, plan};
use crate::import::{Options, as_error, existing};
use crate::usecases::postmortem::actions::{Note, edit, make_transition};

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

fn stored(org: &mut TestOrganisation) -> Postmortem {
    org.within(|c| store::named(c, "doubled-captures")).unwrap()
}

/// Ada, who leads the team of the area.
fn ada(org: &mut TestOrganisation) -> Act {
    let operator = org.act.clone();
    let actor = org.within(|c| {
        let ada = people::store::by_email(c, "ada.lindqvist@example.com")?;
        people::store::actor(c, ada.ok_or(Error::NotFound("person"))?)
    });
    Act {
        actor: actor.unwrap(),
        ..operator
    }
}

/// What an import does, or would do, in words.
fn changes_and_notes(
    org: &mut TestOrganisation,
    files: &Folder,
    options: Options,
    how: fn(&mut Conn, &Act, &Organisation, Options) -> Result<Report>,
) -> Result<(Vec<String>, Vec<String>)> {
    let act = org.act.clone();
    org.within(|c| {
        let organisation =
            read(files, &existing::load(c)?, act.now.day()).map_err(|p| as_error(&p))?;
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
            "PAY-I9 is not a competency",
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
            "`minuets` is not known here; known are `title`",
        ),
        (
            "saw = ",
            "seen = ",
            "seen =",
            "`seen` of point 1 is not known here",
        ),
        ("title =", "titel =", "titel =", "`titel` is not known here"),
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
fn a_file_becomes_a_draft_once_and_its_draft_follows_it() {
    let mut org = TestOrganisation::new();
    let area = payments();
    let first = org.import(&with(&area, &text()), DRAFTS).unwrap();
    assert_eq!(
        first.last().unwrap(),
        "post-mortem doubled-captures: added as a draft, The provider switch doubled captures, points: 1"
    );
    let is = stored(&mut org);
    assert_eq!(
        (is.state, is.revision, is.created_by),
        (State::Draft, 0, None)
    );
    assert_eq!(org.import(&with(&area, &text()), DRAFTS).unwrap(), [""; 0]);

    let longer = text().replacen("minutes = 47", "minutes = 52", 1);
    let said = org.import(&with(&area, &longer), DRAFTS).unwrap();
    assert_eq!(
        said,
        ["post-mortem doubled-captures: draft rewritten: minutes"]
    );
    let is = stored(&mut org);
    assert_eq!((is.document.minutes, is.revision), (52, 1));
    // Files go back as well.
    let said = org.import(&with(&area, &text()), DRAFTS).unwrap();
    assert_eq!(
        said,
        ["post-mortem doubled-captures: draft rewritten: minutes"]
    );
    assert_eq!(stored(&mut org).document.minutes, 47);
    let actions = org.actions();
    let count = |action: &str| actions.iter().filter(|a| *a == action).count();
    assert_eq!(
        (count("postmortem.added"), count("postmortem.edited")),
        (1, 2)
    );
    // Without its file it stays.
    assert_eq!(
        org.import(&guide(&people(), &area), DRAFTS).unwrap(),
        [""; 0]
    );
}

#[test]
fn an_old_file_does_not_undo_a_later_edit() {
    let mut org = TestOrganisation::new();
    let (area, old) = (payments(), text());
    org.import(&with(&area, &old), DRAFTS).unwrap();
    let act = ada(&mut org);
    org.within(|c| {
        let is = store::named(c, "doubled-captures")?;
        let better = Document {
            impact: "2,004 shoppers were charged twice.".into(),
            ..is.document
        };
        edit(c, &act, &is.slug, is.revision, &better)
    })
    .unwrap();
    let (changes, notes) = changes_and_notes(&mut org, &with(&area, &old), DRAFTS, import).unwrap();
    assert_eq!(changes, [""; 0]);
    assert_eq!(
        notes,
        [
            "post-mortem doubled-captures: left alone: its draft was changed since the file was imported"
        ]
    );
    assert!(stored(&mut org).document.impact.starts_with("2,004"));
    let new = old.replacen("minutes = 47", "minutes = 52", 1);
    let (changes, notes) = changes_and_notes(&mut org, &with(&area, &new), DRAFTS, import).unwrap();
    assert_eq!(
        changes,
        ["post-mortem doubled-captures: draft rewritten: minutes; impact"]
    );
    assert_eq!(notes, [""; 0]);
}

#[test]
fn a_file_never_changes_what_is_no_longer_a_draft() {
    let mut org = TestOrganisation::new();
    let area = payments();
    org.import(&with(&area, &text()), DRAFTS).unwrap();
    let act = ada(&mut org);
    // Its competencies may be gone by now: nothing is written, so nothing is refused.
    let other = text()
        .replacen("minutes = 47", "minutes = 52", 1)
        .replacen("PAY-I1", "PAY-I9", 1);
    for (transition, word) in [
        (Transition::Submit, "in review"),
        (Transition::Approve, "teachable"),
    ] {
        org.within(|c| {
            let is = store::named(c, "doubled-captures")?;
            let note = Note::parse("").unwrap();
            make_transition(c, &act, &is.slug, (transition, is.revision), &note)
        })
        .unwrap();
        let (changes, notes) =
            changes_and_notes(&mut org, &with(&area, &other), DRAFTS, import).unwrap();
        assert_eq!(changes, [""; 0]);
        assert!(
            notes[0].contains(&format!("left alone: it is {word};")),
            "{notes:?}"
        );
        let (_, notes) =
            changes_and_notes(&mut org, &with(&area, &text()), DRAFTS, import).unwrap();
        assert_eq!(notes, [""; 0], "it says what is there");
    }
    assert_eq!(stored(&mut org).document.minutes, 47);
}

#[test]
fn a_competency_only_in_a_draft_cannot_be_taught_yet() {
    let mut org = TestOrganisation::new();
    org.import(&guide(&people(), &payments()), DRAFTS).unwrap();
    let area = payments().replace("PAY-I1", "PAY-I2");
    let files = with(&area, &text().replace("PAY-I1", "PAY-I2"));
    let line = text()
        .lines()
        .position(|l| l.starts_with("teaches"))
        .unwrap()
        + 1;
    let planned = |c: &mut Conn, _: &Act, o: &Organisation, options| plan(c, o, options);
    for how in [planned, import] {
        let refused = changes_and_notes(&mut org, &files, DRAFTS, how)
            .unwrap_err()
            .to_string();
        let sentence =
            format!("{FILE}:{line}: PAY-I2 is not a competency of the published standards");
        assert!(refused.contains(&sentence), "{refused}");
    }
    let (changes, _) = changes_and_notes(&mut org, &files, PUBLISH, import).unwrap();
    assert_eq!(changes.len(), 3, "{changes:?}");
}
