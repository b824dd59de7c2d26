//! Two at the same moment: one is done, the other is told, nothing is there twice.

use checkride::domain::shift::ShiftState;

use super::planned::second_learner;
use super::*;
use crate::support::at_once;

/// Which of two comes first is not up to a test; that many rounds see it both ways, more often than not.
const ROUNDS: usize = 8;

fn debrief_of(site: &Site, client: &Client, id: i64) -> Answer {
    let fields = debriefing(&alerts(site, id));
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    client.send(&path::shift_form(id, "debrief"), &fields)
}

#[test]
fn two_debriefs_at_once_are_one_and_practice_is_kept_once() {
    for round in 0..ROUNDS {
        let site = Site::open();
        let id = ended(&site);
        let both = [Role::Qualifier, Role::Mentor].map(|role| site.client(role));
        let answers = at_once(2, |n| debrief_of(&site, &both[n], id));
        let won = winner(&answers);
        let name = ["Sofia Lindqvist", "Marcus Oyelaran"][won];
        answers[1 - won].assert_text(&format!("{name} debriefed this shift on "));
        let debriefs = site.app.db(|c| store::debriefs(c, id));
        assert_eq!(debriefs.len(), 1, "round {round}");
        assert_eq!(practised(&site, site.mentee.id).len(), 1);
    }
}

#[test]
fn a_debrief_and_a_cancellation_at_once_are_one_of_them() {
    for round in 0..ROUNDS {
        let site = Site::open();
        let id = ended(&site);
        let (on_call, mentor) = (site.client(Role::Qualifier), site.client(Role::Mentor));
        let answers = at_once(2, |n| match n {
            0 => debrief_of(&site, &on_call, id),
            _ => mentor.send(&path::shift_form(id, "cancel"), &[("cancel_reason", "Ill")]),
        });
        let (state, kept, words) = match winner(&answers) {
            0 => (
                ShiftState::Debriefed,
                1,
                "Sofia Lindqvist debriefed this shift on ",
            ),
            _ => (
                ShiftState::Cancelled,
                0,
                "Marcus Oyelaran cancelled this shift on ",
            ),
        };
        let told = answers.iter().find(|a| a.status == 409).unwrap();
        told.assert_text(words);
        assert_eq!(shift(&site, id).state, state, "round {round}");
        assert_eq!(practised(&site, site.mentee.id).len(), kept);
    }
}

#[test]
fn an_alert_and_a_debrief_at_once_leave_no_line_that_nobody_looked_at() {
    for round in 0..ROUNDS {
        let site = Site::open();
        asking_for_shifts(&site);
        let id = ended(&site);
        alert(&site, id, true);
        let (on_call, mentee) = (site.client(Role::Qualifier), site.client(Role::Mentee));
        let seen = debrief_form(&on_call, id);
        let answers = at_once(2, |n| match n {
            0 => seen.send(&on_call),
            _ => mentee.send(&path::shift_form(id, "alerts"), &[("flag", "acknowledged")]),
        });
        let statuses = (answers[0].status, answers[1].status);
        let lines = alerts(&site, id).len();
        let counted = progress(&site)[1].1.clone();
        match statuses {
            // Closed first: the ledger takes no more.
            (303, 409) => {
                assert_eq!(lines, 1, "round {round}");
                assert_eq!(counted, "100% of 1 alert understood, needs 80% of 5");
            }
            // Written first: the debrief looks again.
            (422, 303) => {
                assert_eq!((lines, shift(&site, id).state), (2, ShiftState::Planned));
                assert_eq!(counted, "no alert yet, needs 80% of 5 understood");
            }
            other => panic!("{other:?}: {}", answers[1].text()),
        }
    }
}

#[test]
fn two_learners_at_once_do_not_get_the_same_person_on_call() {
    for round in 0..ROUNDS {
        let site = Site::open();
        let ramps = [site.ramp_id, second_learner(&site, Role::Mentor)];
        let learners = [Role::Mentee, Role::Stranger].map(|role| site.client(role));
        let with = site.qualifier.id.to_string();
        let fields = [
            ("kind", "shadow"),
            ("with", with.as_str()),
            ("starts_at", "2026-11-24T13:00"),
            ("ends_at", "2026-11-24T17:00"),
            ("may_page", "The gateway"),
            ("runbooks", "On the wiki"),
            ("learner_job", "Watch"),
            ("who_may_touch", "Only whoever is on call"),
        ];
        let answers = at_once(2, |n| {
            learners[n].send(&path::plan_shift(ramps[n]), &fields)
        });
        let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "round {round}");
        let told = answers.iter().find(|a| a.status == 422).unwrap();
        told.assert_text("Sofia Lindqvist is on another shift then");
    }
}
