//! Two at the same moment: one wins, the other is told, nothing is there twice.

use checkride::db::schema::{activities, drill_observations};
use checkride::domain::drill::DrillState;
use checkride::forms::new_key;
use diesel::prelude::*;

use crate::support::told;
use crate::support::{Answer, Role, Site, at_once, path};

/// Which of two comes first is not up to a test; that many rounds see it both ways, more often than not.
const ROUNDS: usize = 6;

fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    statuses
}

#[test]
fn a_line_is_ticked_once_by_two_phones() {
    for _ in 0..ROUNDS {
        let site = Site::open();
        let id = site.begin_drill();
        let line = site.drill_lines(id)[0].id;
        let phones = [site.client(Role::Mentor), site.client(Role::Mentor)];
        let path = format!("/drills/{id}/lines/{line}");
        let answers = at_once(2, |n| {
            let to = ["understood", "acknowledged"][n];
            phones[n].send(&path, &[("to", to), ("revision", "0")])
        });
        assert_eq!(statuses(&answers), [303, 409]);
        let loser = answers.iter().find(|a| a.status == 409).unwrap();
        loser
            .assert_text("Marcus Oyelaran ticked this line, as of ")
            .assert_text("1 ticked");
        assert_eq!(site.drill_lines(id)[0].revision, 1);
        assert_eq!(told(&site, "drill.ticked").len(), 1);
    }
}

#[test]
fn the_same_tick_sent_four_times_is_one() {
    let site = Site::open();
    let id = site.begin_drill();
    let line = site.drill_lines(id)[0].id;
    let phone = site.client(Role::Mentor);
    let key = new_key();
    let fields = [("to", "given"), ("revision", "0"), ("form_key", &key)];
    let path = format!("/drills/{id}/lines/{line}");
    for answer in at_once(4, |_| phone.post(&path, &fields)) {
        answer.assert_leads_to(&format!("/drills/{id}/sheet#line-{line}"));
    }
    assert_eq!(told(&site, "drill.ticked").len(), 1);
}

#[test]
fn a_drill_ends_before_a_tick_or_after_it() {
    for _ in 0..ROUNDS {
        let site = Site::open();
        let id = site.begin_drill();
        let line = site.drill_lines(id)[0].id;
        let phones = [site.client(Role::Mentor), site.client(Role::Mentor)];
        let answers = at_once(2, |n| match n {
            0 => phones[0].end_drill(id),
            _ => phones[1].send(
                &format!("/drills/{id}/lines/{line}"),
                &[("to", "given"), ("revision", "0")],
            ),
        });
        answers[0].assert_status(303);
        let file = site.drill(id);
        assert_eq!(file.drill.state, DrillState::Run);
        let is_ticked = file.lines[0].happened_at.is_some();
        assert_eq!(answers[1].status, if is_ticked { 303 } else { 409 });
        if !is_ticked {
            answers[1].assert_text("Marcus Oyelaran ended this drill on ");
        }
    }
}

#[test]
fn two_debriefs_at_once_are_one() {
    for _ in 0..ROUNDS {
        let site = Site::open();
        let id = site.run_drill();
        let phones = [site.client(Role::Mentor), site.client(Role::Mentor)];
        let help = format!("help-{}-PAY-I1", site.mentee.id);
        let path = path::drill_form(id, "debrief");
        let answers = at_once(2, |n| {
            let level = ["2", "4"][n];
            phones[n].send(&path, &[("went_badly", "Support"), (&help, level)])
        });
        assert_eq!(statuses(&answers), [303, 409]);
        let loser = answers.iter().find(|a| a.status == 409).unwrap();
        loser.assert_text("Marcus Oyelaran debriefed this drill on ");
        let (seen, practised): (i64, i64) = site.app.db(|c| {
            Ok((
                drill_observations::table.count().get_result(c)?,
                activities::table.count().get_result(c)?,
            ))
        });
        assert_eq!((seen, practised), (1, 3));
        assert_eq!(told(&site, "drill.debriefed").len(), 1);
    }
}

#[test]
fn a_drill_begins_once_or_is_cancelled() {
    for _ in 0..ROUNDS {
        let site = Site::open();
        let id = site.plan_drill();
        let (mentor, lead) = (site.client(Role::Mentor), site.client(Role::OwnerLead));
        let path = path::drill_form(id, "edit");
        let form = crate::support::Form::on(&lead.get(&path), &path).with("title", "Later");
        let answers = at_once(2, |n| match n {
            0 => mentor.begin_drill(id),
            _ => form.send(&lead),
        });
        answers[0].assert_status(303);
        let file = site.drill(id);
        assert_eq!(file.drill.state, DrillState::Running);
        let is_changed = file.drill.title == "Later";
        assert_eq!(answers[1].status, if is_changed { 303 } else { 409 });
        assert_eq!(file.lines.len(), 5);
    }
}
