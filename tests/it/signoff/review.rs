//! Around a decision: gaps that come back, conditions, questions, taking a request back; and two at once.

use checkride::domain::clearance;
use checkride::domain::ramp::{PairingRole, RampState, store as ramps};
use checkride::domain::readiness::RULES_VERSION;
use checkride::domain::signoff::SignoffState;
use checkride::domain::signoff::model::Signoff;
use checkride::domain::signoff::point::{PointKind, store as points};
use checkride::domain::signoff::question;
use checkride::domain::signoff::record::Record;
use checkride::domain::signoff::store::{self, of_ramps};
use diesel::prelude::*;

use crate::support::factory::PASSWORD;
use crate::support::{Client, Form, Member, Role, Site, at_once, path};

const ROUNDS: usize = 6;

fn latest(site: &Site) -> Signoff {
    site.app.db(|c| of_ramps(c, &[site.ramp_id])).remove(0)
}

/// The address of the latest sign-off.
fn page(site: &Site) -> String {
    path::signoff(latest(site).id)
}

fn recommended() -> Site {
    let site = Site::open();
    site.ask_for_signoff();
    site.turn_first_key();
    site
}

fn gap_path(site: &Site, n: usize) -> String {
    let gaps = site
        .app
        .db(|c| points::of_ramps(c, PointKind::Gap, &[site.ramp_id]));
    path::gap(site.ramp_id, gaps[n].id)
}

/// One more cleared qualifier who mentors the ramp.
fn second_mentor(site: &Site) -> (Member, Client) {
    use checkride::db::schema::qualifiers;
    let (now, until) = (site.app.now(), site.app.now().day().plus_days(300));
    let who = site
        .app
        .db(|c| crate::support::factory::member(c, now, "Ada Brook", "UTC", None));
    site.app.db(|c| {
        diesel::insert_into(qualifiers::table)
            .values((
                qualifiers::area_id.eq(site.area_id),
                qualifiers::person_id.eq(who.id),
                qualifiers::since.eq(now),
            ))
            .execute(c)?;
        clearance::store::insert(
            c,
            &clearance::model::NewClearance::full((who.id, site.area_id), now, until),
        )?;
        crate::support::factory::pair(c, site.ramp_id, who.id, PairingRole::Secondary, 7, now)
    });
    let client = site.app.client();
    client.sign_in(&who.email, PASSWORD).assert_status(303);
    (who, client)
}

#[test]
fn a_return_names_gaps_and_none_of_them_may_be_about_nothing() {
    let site = recommended();
    let lead = site.client(Role::OwnerLead);
    let wrong = [
        (
            "PAY-Z9 Alone",
            "PAY-Z9 is not a competency or checklist item of this standard.",
        ),
        (
            "PAY-I2",
            "Say what is missing about PAY-I2, in the same line.",
        ),
        (&"One\n".repeat(11), "These are 11 lines. The limit is 10."),
        (
            &"x".repeat(301),
            "This has 301 characters. The limit is 300.",
        ),
    ];
    for (gaps, sentence) in wrong {
        let answer = site.give_back(&lead, latest(&site).id, "Once more, alone", gaps);
        answer.assert_status(422).assert_text(sentence);
        let back = Form::on(&answer, &path::decision(latest(&site).id));
        assert_eq!(back.get("gaps").map(str::trim), Some(gaps.trim()));
        assert_eq!(back.get("note"), Some("Once more, alone"));
        assert_eq!(back.get("decision"), Some("return"));
    }
    assert_eq!(latest(&site).state, SignoffState::FirstKey);
    site.give_back(&lead, latest(&site).id, "Once more, alone", "")
        .assert_status(303);
    assert!(
        site.dossier().readiness.is_ready(),
        "no gap, nothing to close"
    );
}

#[test]
fn a_gap_keeps_everybody_from_calling_it_ready_until_a_mentor_closes_it() {
    let site = recommended();
    let before = site.dossier().readiness.lines;
    let lead = site.client(Role::OwnerLead);
    site.give_back(
        &lead,
        latest(&site).id,
        "Once more, alone",
        "PAY-I2 Alone, at night\n\nTell the lead first",
    )
    .assert_status(303);
    let record = Record::thaw(latest(&site).record.as_deref().unwrap()).unwrap();
    let named = record.verdict.unwrap().points;
    assert_eq!(
        named
            .iter()
            .map(|p| (p.code.as_deref(), p.body.as_str()))
            .collect::<Vec<_>>(),
        [
            (Some("PAY-I2"), "Alone, at night"),
            (None, "Tell the lead first")
        ]
    );

    let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
    let (ramp, ask) = (path::ramp(site.ramp_id), path::ask(site.ramp_id));
    assert_eq!(site.dossier().readiness.lines, before + 2);
    for page in [&ramp, &ask, "/"] {
        mentee.get(page).assert_text("Alone, at night");
    }
    mentee
        .get(&ramp)
        .assert_text("Ask for sign-off, 2 gaps open")
        .assert_text("PAY-I2, named when the sign-off was returned");
    mentor
        .get("/")
        .assert_text("2 gaps that a review named, to be closed by a mentor");
    mentee
        .send(&ask, &[("note", "")])
        .assert_status(422)
        .assert_text("2 gaps that a review named are open: a mentor closes them first.");
    let share = site.dossier().readiness.percent();
    lead.board().assert_text(&format!("{share}%"));

    let first = gap_path(&site, 0);
    mentee
        .send(&first, &[("note", "I did")])
        .assert_status(403)
        .assert_text("Only a mentor of Leila Haddad's ramp in Payments can close a gap.");
    let answer = mentor.send(&first, &[("note", "  ")]);
    answer
        .assert_status(422)
        .assert_text("Write what was done about it");
    site.app.wait_hours(20);
    Form::on(mentor.get(&first).assert_status(200), &first)
        .with("note", "Ran it alone on the night of the campaign")
        .send(&mentor)
        .assert_leads_to(&format!("{ramp}#gaps"));
    mentor
        .send(&first, &[("note", "Again")])
        .assert_status(409)
        .assert_text("Marcus Oyelaran closed this on Tue 24 Nov, 05:00");
    mentor
        .get(&ramp)
        .assert_text("Ask for sign-off, 1 gap open")
        .assert_text("Ran it alone on the night of the campaign");
    mentor
        .send(&gap_path(&site, 1), &[("note", "She does")])
        .assert_status(303);
    assert_eq!(site.dossier().readiness.percent(), 100);

    // Asked again, the record shows what was missing and how it was closed.
    mentee.send(&ask, &[("note", "")]).assert_status(303);
    site.turn_first_key();
    let review = lead.get(&page(&site));
    review
        .assert_text("Gaps of earlier reviews")
        .assert_text("Ran it alone on the night of the campaign");
    site.approve(&lead, latest(&site).id).assert_status(303);
    let record = Record::thaw(latest(&site).record.as_deref().unwrap()).unwrap();
    assert_eq!(record.rules_version, RULES_VERSION);
    let closed: Vec<_> = record
        .gaps
        .iter()
        .map(|gap| {
            let closed = gap.closed.as_ref().unwrap();
            (
                gap.point.body.as_str(),
                closed.who.name.as_str(),
                closed.note.as_str(),
            )
        })
        .collect();
    assert_eq!(
        closed,
        [
            (
                "Alone, at night",
                "Marcus Oyelaran",
                "Ran it alone on the night of the campaign"
            ),
            ("Tell the lead first", "Marcus Oyelaran", "She does"),
        ]
    );
}

#[test]
fn two_who_close_a_gap_at_once_are_one_who_closes_it() {
    for _ in 0..ROUNDS {
        let site = recommended();
        let (_, second) = second_mentor(&site);
        site.give_back(
            &site.client(Role::OwnerLead),
            latest(&site).id,
            "Once more, alone",
            "Alone",
        )
        .assert_status(303);
        let path = gap_path(&site, 0);
        let both = [site.client(Role::Mentor), second];
        let notes = ["Marcus saw it", "Ada saw it"];
        let answers = at_once(2, |n| both[n].send(&path, &[("note", notes[n])]));
        let won = usize::from(answers[1].status == 303);
        answers[won].assert_status(303);
        let name = ["Marcus Oyelaran", "Ada Brook"][won];
        answers[1 - won]
            .assert_status(409)
            .assert_text(&format!("{name} closed this on"));
        assert_eq!(site.dossier().gaps[0].closing_note, notes[won]);
    }
}

#[test]
fn a_mentor_who_returns_after_another_turned_the_first_key_is_told_and_loses_no_word() {
    let site = Site::open();
    site.ask_for_signoff();
    let (_, second) = second_mentor(&site);
    let path = path::decision(latest(&site).id);
    let form = Form::on(second.get(&page(&site)).assert_status(200), &path)
        .with("note", "Not at night yet")
        .with("gaps", "PAY-I2 Alone, at night");
    site.turn_first_key();
    let answer = form.send(&second);
    answer
        .assert_status(409)
        .assert_text("Marcus Oyelaran turned the first key of this sign-off on Mon 23 Nov, 09:00")
        .assert_text("What you had written")
        .assert_text("Not at night yet")
        .assert_text("PAY-I2 Alone, at night");
    assert_eq!(latest(&site).state, SignoffState::FirstKey);
    // Whoever turned it knows: the second key is simply not theirs.
    site.give_back(
        &site.client(Role::Mentor),
        latest(&site).id,
        "Once more, alone",
        "",
    )
    .assert_status(403)
    .assert_text("You mentored this person in this area, so you cannot turn the second key.");
}

#[test]
fn who_asks_may_take_it_back_with_a_reason_and_the_ramp_goes_on() {
    for asked_back_by in [Role::Mentee, Role::Mentor] {
        let site = recommended();
        let (client, path) = (site.client(asked_back_by), page(&site));
        let withdraw = format!("{path}/withdraw");
        client
            .send(&withdraw, &[("reason", " ")])
            .assert_status(422)
            .assert_text("Say why you withdraw it.");
        for other in [Role::Qualifier, Role::OwnerLead, Role::Administrator] {
            let other = site.client(other);
            assert!(!other.get(&path).has_form(&withdraw));
            other
                .send(&withdraw, &[("reason", "I think so")])
                .assert_status(403)
                .assert_text("Only Leila Haddad or a mentor of this ramp can withdraw");
        }
        Form::on(client.get(&path).assert_status(200), &withdraw)
            .with("reason", "One more night first")
            .send(&client)
            .assert_leads_to(&path);
        let signoff = latest(&site);
        assert_eq!(signoff.state, SignoffState::Withdrawn);
        let record = Record::thaw(signoff.record.as_deref().unwrap()).unwrap();
        assert_eq!(
            record.verdict.unwrap().attestation.note,
            "One more night first"
        );
        let ramp = site.app.db(|c| ramps::by_id(c, site.ramp_id));
        assert_eq!(ramp.state, RampState::Active);
        client
            .get(&path)
            .assert_text("Withdrawn")
            .assert_text("One more night first")
            .assert_text("This is the frozen record");
        client
            .send(&withdraw, &[("reason", "Again")])
            .assert_status(409)
            .assert_text("withdrew this sign-off on");
        client.send_request(site.ramp_id, "").assert_status(303);
    }
}

#[test]
fn withdrawing_and_deciding_at_once_is_one_of_them() {
    for round in 0..ROUNDS {
        let site = recommended();
        let (mentee, lead) = (site.client(Role::Mentee), site.client(Role::OwnerLead));
        let withdraw = format!("{}/withdraw", page(&site));
        let answers = at_once(2, |n| match n {
            0 => mentee.send(&withdraw, &[("reason", "Too early")]),
            _ => site.approve(&lead, latest(&site).id),
        });
        let cleared = site
            .app
            .db(|c| clearance::store::of_person(c, site.mentee.id))
            .len();
        if answers[0].status == 303 {
            answers[1]
                .assert_status(409)
                .assert_text("Leila Haddad withdrew this sign-off on Mon 23 Nov, 09:00 (UTC)");
            assert_eq!((latest(&site).state, cleared), (SignoffState::Withdrawn, 0));
        } else {
            answers[1].assert_status(303);
            answers[0]
                .assert_status(409)
                .assert_text("Ruth Abara granted this sign-off on Mon 23 Nov, 10:00")
                .assert_text("Too early");
            assert_eq!(
                (latest(&site).state, cleared),
                (SignoffState::Granted, 1),
                "{round}"
            );
        }
    }
}

#[test]
fn questions_are_answered_on_the_page_and_kept_with_the_decision() {
    let site = recommended();
    let path = page(&site);
    let ask = format!("{path}/questions");
    let (admin, mentee) = (site.client(Role::Administrator), site.client(Role::Mentee));
    admin
        .send(&ask, &[("question", " ")])
        .assert_status(422)
        .assert_text("Write what you want to know.");
    Form::on(admin.get(&path).assert_status(200), &ask)
        .with("question", "Who was on call that night?")
        .send(&admin)
        .assert_leads_to(&format!("{path}#questions"));
    let id = latest(&site).id;
    let question = site.app.db(|c| question::store::of_signoff(c, id))[0].id;
    let (answer, field) = (format!("{ask}/{question}"), format!("answer-{question}"));

    // Whoever decides is warned before the form, and the asker cannot answer for those whom it concerns.
    let lead = site.client(Role::OwnerLead);
    lead.get(&path)
        .assert_text("1 question is not answered yet.")
        .assert_text("Ines Duarte, Mon 23 Nov, 09:00");
    assert!(!admin.get(&path).has_form(&answer));
    admin
        .send(&answer, &[(field.as_str(), "Someone")])
        .assert_status(403);
    mentee
        .send(&answer, &[(field.as_str(), "")])
        .assert_status(422)
        .assert_text("Write your answer.");
    mentee
        .send(&format!("{ask}/999999"), &[("answer-999999", "To nothing")])
        .assert_status(404);
    site.app.wait_hours(1);
    Form::on(mentee.get(&path).assert_status(200), &answer)
        .with(&field, "I was, and Marcus watched")
        .send(&mentee)
        .assert_status(303);
    let seen = lead.get(&path);
    seen.assert_text("I was, and Marcus watched")
        .assert_text("Leila Haddad, Mon 23 Nov, 10:00");
    assert!(!seen.text().contains("not answered yet"), "{}", seen.text());

    site.approve(&lead, latest(&site).id).assert_status(303);
    let record = Record::thaw(latest(&site).record.as_deref().unwrap()).unwrap();
    let kept = &record.questions[0];
    assert_eq!(
        (kept.asked.who.name.as_str(), kept.answers[0].note.as_str()),
        ("Ines Duarte", "I was, and Marcus watched")
    );
    let decided = lead.get(&path);
    decided
        .assert_text("I was, and Marcus watched")
        .assert_text("Decided. Questions are closed.");
    admin
        .send(&ask, &[("question", "One more thing")])
        .assert_status(409)
        .assert_text("Ruth Abara granted this sign-off on")
        .assert_text("One more thing");
}

#[test]
fn what_a_decision_does_to_cover_is_said_before_it() {
    // Two are cleared and two must be; in nine days one of them ends.
    let site = recommended();
    site.app.db(|c| {
        use checkride::db::schema::clearances;
        diesel::update(clearances::table.filter(clearances::person_id.eq(site.qualifier.id)))
            .set((
                clearances::ends_on.eq(site.app.now().day().plus_days(9)),
                clearances::holds_until.eq(site.app.now().day().plus_days(9)),
            ))
            .execute(c)?;
        Ok(())
    });
    let lead = site.client(Role::OwnerLead);
    lead.get(&page(&site))
        .assert_text("Granted, Payments goes from 2 to 3 cleared. Minimum is 2.")
        .assert_text(
            "Cover now: At minimum. After: 1 spare. Ends within 30 days: Sofia Lindqvist on 2 Dec.",
        )
        .assert_text("Returned, it stays at 2 cleared: At minimum.");
}

#[test]
fn only_a_clearance_that_holds_is_called_cleared() {
    let site = Site::open();
    let held = site
        .app
        .db(|c| clearance::store::of_person(c, site.mentor.id))[0]
        .id;
    let (page, lead) = (path::clearance(held), site.client(Role::OwnerLead));
    lead.get(&page)
        .assert_text("Marcus Oyelaran, cleared for Payments");
    let fields = [("from", "valid"), ("reason", "Not seen for months")];
    lead.send(&format!("{page}/suspend"), &fields)
        .assert_status(303);
    let suspended = lead.get(&page);
    suspended.assert_text("Marcus Oyelaran: clearance for Payments Suspended");
    assert!(!suspended.text().contains("cleared for"));
}

#[test]
fn two_who_change_a_clearance_at_once_are_one_who_does_and_one_who_is_told() {
    use checkride::domain::clearance::ClearanceState;
    for round in 0..ROUNDS {
        let site = Site::open();
        let held = site
            .app
            .db(|c| clearance::store::of_person(c, site.mentor.id))[0]
            .id;
        let both = [site.client(Role::OwnerLead), site.client(Role::Qualifier)];
        let deeds = [["suspend", "revoke"], ["suspend", "suspend"]][round % 2];
        let fields = [("from", "valid"), ("reason", "Not seen for months")];
        let answers = at_once(2, |n| {
            both[n].send(&path::clearance_form(held, deeds[n]), &fields)
        });
        let won = usize::from(answers[1].status == 303);
        answers[won].assert_status(303);
        let (name, at) = [
            ("Ruth Abara", "10:00 (Europe/Stockholm)"),
            ("Sofia Lindqvist", "09:00 (UTC)"),
        ][won];
        let done = if deeds[won] == "revoke" {
            "revoked"
        } else {
            "suspended"
        };
        answers[1 - won]
            .assert_status(409)
            .assert_text(&format!("{name} {done} this clearance on Mon 23 Nov, {at}"))
            .assert_text("Not seen for months");
        let (state, changes) = site.app.db(|c| {
            let state = clearance::store::by_id(c, held)?.state;
            Ok((state, clearance::store::changes(c, held)?))
        });
        assert_eq!(changes.len(), 1, "round {round}");
        assert_eq!(
            state,
            ClearanceState::parse(done).unwrap(),
            "the state is what the winner said"
        );
    }
}

#[test]
fn two_who_tick_off_a_condition_at_once_are_one() {
    for _ in 0..ROUNDS {
        let site = recommended();
        let (lead, qualifier) = (site.client(Role::OwnerLead), site.client(Role::Qualifier));
        let ends_on = site.app.now().day().plus_days(100).to_string();
        let fields = [
            ("decision", "approve"),
            ("note", ""),
            ("ends_on", ends_on.as_str()),
            ("conditions", "Calls before a failover"),
            ("edition", &site.edition()),
        ];
        lead.send(&path::decision(latest(&site).id), &fields)
            .assert_status(303);
        let (held, condition) = site.app.db(|c| {
            let held = clearance::store::of_person(c, site.mentee.id)?.remove(0);
            let id = held.signoff_id.unwrap();
            let all = points::of_signoffs(c, PointKind::Condition, &[id])?;
            Ok((held.id, all[0].id))
        });
        let (path, field) = (
            format!("/clearances/{held}/conditions/{condition}"),
            format!("note-{condition}"),
        );
        let both = [lead, qualifier];
        let answers = at_once(2, |n| both[n].send(&path, &[(field.as_str(), "Saw it")]));
        let won = usize::from(answers[1].status == 303);
        answers[won].assert_status(303);
        let name = ["Ruth Abara", "Sofia Lindqvist"][won];
        answers[1 - won]
            .assert_status(409)
            .assert_text(&format!("{name} closed this on Mon 23 Nov"));
    }
}

#[test]
fn decided_sign_offs_follow_one_another_whatever_is_read_at_once() {
    let site = Site::open();
    site.ask_for_signoff();
    let first = site.dossier().signoffs[0].id;
    let at = site.app.now();
    site.app.db(|c| {
        use checkride::db::schema::signoffs::dsl;
        let withdrawn = (
            dsl::state.eq(SignoffState::Withdrawn),
            dsl::decided_at.eq(at),
        );
        diesel::update(dsl::signoffs.find(first))
            .set(withdrawn)
            .execute(c)?;
        // Some of the same moment, and one before.
        for (n, decided_at) in [at, at, at.plus_hours(-1)].into_iter().enumerate() {
            diesel::insert_into(dsl::signoffs)
                .values((
                    dsl::ramp_id.eq(site.ramp_id),
                    dsl::state.eq(SignoffState::Withdrawn),
                    dsl::requested_by.eq(site.mentee.id),
                    dsl::requested_at.eq(at.plus_hours(-2)),
                    dsl::request_note.eq(format!("Again {n}")),
                    dsl::decided_at.eq(decided_at),
                ))
                .execute(c)?;
        }
        Ok(())
    });
    let all = site.app.db(|c| store::decided(c, None, 100));
    let all: Vec<i64> = all.iter().map(|s| s.id).collect();
    assert_eq!(all.len(), 4);
    for limit in 1..4 {
        let mut read: Vec<i64> = Vec::new();
        let mut last = None;
        loop {
            let next = site.app.db(|c| store::decided(c, last.as_ref(), limit));
            if next.is_empty() {
                break;
            }
            read.extend(next.iter().map(|s| s.id));
            last = next.into_iter().last();
        }
        assert_eq!(read, all, "{limit} at once");
    }
}
