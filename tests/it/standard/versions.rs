//! A newer standard: offered to those on the way, asked of those who are cleared.

use checkride::db::schema::ramp_upgrades;
use checkride::domain::clearance;
use checkride::domain::standard::Level;
use checkride::usecases::clearance::delta;
use checkride::usecases::standard::draft_editor::Seen;
use checkride::usecases::standard::input::Note;
use diesel::prelude::*;

use crate::support::{Role, Site, path};

/// Publishes what the published version says with one competency less, one harder, and one more; gives back its number.
fn publish_anew(site: &Site, material: bool) -> i32 {
    use checkride::domain::standard::store;
    use checkride::usecases::standard::actions::{publish, start};
    let act = site.act(Role::OwnerLead);
    site.app.db(|c| {
        let version = start(c, &act, &site.area_slug, true)?;
        let all = store::of_area(c, site.area_id)?;
        let mut draft = all.into_iter().find(|s| s.version == version).unwrap();
        let content = draft.rewrite();
        content.competencies.retain(|k| k.code != "PAY-C2");
        content.competencies[0].required_level = Level::new(5).unwrap();
        let mut more = content.competencies[1].clone();
        more.code = format!("PAY-N{version}");
        more.statement = "Shows what is new".into();
        content.competencies.push(more);
        let at = (draft.id, 0);
        assert!(store::save_draft(
            c,
            at,
            &draft.content,
            act.actor.id,
            act.now
        )?);
        let seen = Seen::Draft {
            version,
            revision: 1,
        };
        let note = Note::parse("Harder where it hurt").unwrap();
        checkride::db::locks::begin();
        publish(c, &act, &site.area_slug, seen, &note, material)
    })
}

#[test]
fn a_running_ramp_is_offered_a_newer_standard_and_keeps_what_lives_on() {
    let site = Site::open();
    site.make_ready();
    let ramp = path::ramp(site.ramp_id);
    let mentor = site.client(Role::Mentor);
    assert!(!mentor.get(&ramp).body.contains("take a newer standard"));
    publish_anew(&site, false);
    mentor
        .get(&ramp)
        .assert_text("A newer standard is published: v2")
        .assert_text("This ramp uses v1");
    assert!(
        site.dossier().readiness.is_ready(),
        "nothing moved by itself"
    );
    mentor
        .get(&format!("{ramp}/upgrade"))
        .assert_text("7 judged competencies, 2 checked items")
        .assert_text("PAY-N2")
        .assert_text("Take v2");
    let take = |from: &str, to: &str| {
        mentor.send(&format!("{ramp}/upgrade"), &[("from", from), ("to", to)])
    };
    take("1", "2").assert_status(303);
    let after = site.dossier();
    assert_eq!(after.standard.version, 2);
    let open: Vec<_> = after
        .readiness
        .obstacles
        .iter()
        .map(|o| &*o.detail)
        .collect();
    assert_eq!(open, ["not assessed yet, needs 4", "at 3, needs 5"]);
    // Sent again, or by somebody who saw another version: told, and nothing moves.
    take("1", "2").assert_status(409);
    publish_anew(&site, false);
    take("1", "2")
        .assert_status(409)
        .assert_text("version 3 is the newest");
    let kept: i64 = site
        .app
        .db(|c| Ok(ramp_upgrades::table.count().get_result(c)?));
    assert_eq!(kept, 1);
}

#[test]
fn nothing_moves_under_a_sign_off() {
    let site = Site::open();
    site.make_ready();
    site.ask_for_signoff();
    publish_anew(&site, false);
    let path = path::ramp_form(site.ramp_id, "upgrade");
    let mentor = site.client(Role::Mentor);
    mentor.get(&path).assert_status(409);
    mentor
        .send(&path, &[("from", "1"), ("to", "2")])
        .assert_status(409);
    assert_eq!(site.dossier().standard.version, 1);
}

#[test]
fn a_material_version_asks_the_cleared_for_what_changed_and_drops_nobody() {
    let site = Site::open();
    let held = site
        .app
        .db(|c| clearance::store::of_person(c, site.mentor.id))[0]
        .id;
    let page = path::clearance(held);
    publish_anew(&site, true);
    let [lead, anybody] = [Role::OwnerLead, Role::MenteeLead].map(|role| site.client(role));
    let person = path::person(&site.mentor.handle);
    anybody.get(&person).assert_text("delta review by 23 Dec");
    anybody.board().assert_text("delta review by 23 Dec");
    anybody.get(&page).assert_text("Counts as cover");
    assert!(anybody.get(path::BOARD_CSV).body.contains("2026-12-23"));
    let asked = |n: usize| {
        let delta = site.app.db(|c| delta::of_clearance(c, held)).unwrap();
        let lines = lead.get(&format!("{page}/delta"));
        assert_eq!(lines.body.matches("name=\"seen\"").count(), n);
        delta.id.to_string()
    };
    let first = asked(2);

    // A second material version takes the first one up: both changes are asked for.
    publish_anew(&site, true);
    let second = asked(3);
    let close = |delta: &str, seen: &[&str]| {
        let mut fields = vec![("delta", delta), ("note", "Shown on a call")];
        fields.extend(seen.iter().map(|code| ("seen", *code)));
        lead.send(&format!("{page}/delta"), &fields)
    };
    close(&first, &["PAY-A1", "PAY-N2", "PAY-N3"]).assert_status(409);
    close(&second, &["PAY-A1", "PAY-N2"])
        .assert_status(422)
        .assert_text("PAY-N3 was not seen yet");
    site.app.wait_hours(24 * 31);
    let [lead, anybody] = [Role::OwnerLead, Role::MenteeLead].map(|role| site.client(role));
    anybody.get(&person).assert_text("delta review overdue");
    anybody.get(&page).assert_text("Counts as cover");
    let fields = [
        ("delta", second.as_str()),
        ("note", "Shown on a call"),
        ("seen", "PAY-A1"),
        ("seen", "PAY-N2"),
        ("seen", "PAY-N3"),
    ];
    lead.send(&format!("{page}/delta"), &fields)
        .assert_status(303);
    assert!(!anybody.get(&person).body.contains("delta review"));
    anybody.get(&format!("{page}/delta")).assert_status(404);
}
