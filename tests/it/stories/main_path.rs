//! From pairing to clearance, and to the day after its last: every step through the pages of whoever takes it.

use checkride::db::schema::{assessments, item_marks, ramps, sessions};
use checkride::domain::ramp;
use checkride::domain::ramp::RampState;
use checkride::domain::signoff::SignoffState;
use diesel::prelude::*;

use super::*;
use crate::support::{Role, at};

/// Tomasz ramps up in payments; Marcus mentors him, Ada helps.
struct Story {
    site: Site,
    mentee: Member,
    helper: Member,
}

impl Story {
    fn begin() -> Self {
        let site = Site::open();
        let helper = newcomer(&site, "Ada Brook");
        Self {
            mentee: site.stranger.clone(),
            helper,
            site,
        }
    }

    fn new_ramp_form(&self, client: &Client) -> Form {
        client
            .new_ramp_form("payments")
            .with("mentee", &self.mentee.id.to_string())
            .with("primary", &self.site.mentor.id.to_string())
            .with("secondary", &self.helper.id.to_string())
    }

    /// Proposed by a lead, accepted by both on their home pages.
    fn started(&self) -> i64 {
        let answer = self
            .new_ramp_form(&self.site.client(Role::OwnerLead))
            .send(&self.site.client(Role::OwnerLead));
        let id = answer.row();
        let accept = path::ramp_form(id, "accept");
        for who in [&self.mentee, &self.site.mentor] {
            let who = client(&self.site, who);
            who.form("/", &accept)
                .send(&who)
                .assert_leads_to(&path::ramp(id));
        }
        id
    }

    fn ramps_of_mentee(&self) -> Vec<ramp::model::Ramp> {
        self.site
            .app
            .db(|c| ramp::store::of_mentee(c, self.mentee.id))
    }
}

#[test]
fn a_ramp_that_cannot_start_comes_back_with_all_that_was_typed() {
    let story = Story::begin();
    let lead = story.site.client(Role::OwnerLead);
    let fresh = lead.new_ramp_form("payments");
    assert_eq!(fresh.get("area").unwrap(), story.site.area_id.to_string());
    assert_eq!(fresh.get("starts_on"), Some("2026-11-23"));
    assert_eq!(
        fresh.get("target_on"),
        Some("2027-02-15"),
        "twelve weeks on"
    );

    let wrong = story
        .new_ramp_form(&lead)
        .with("primary", &story.mentee.id.to_string())
        .with("starts_on", "2026-12-01")
        .with("target_on", "2026-11-30")
        .with("interval_days", "99");
    let answer = wrong.send(&lead);
    answer
        .assert_status(422)
        .assert_text("Nobody mentors themselves: choose someone else.")
        .assert_text("The target must be after the first day.")
        .assert_text("Enter the days between sessions, 1 to 60.");
    let back = Form::on(&answer, path::NEW_RAMP);
    assert_eq!(back.typed(), wrong.typed(), "nothing typed is lost");
    assert_eq!(story.ramps_of_mentee(), []);
    assert_eq!(told(&story.site, &story.mentee), [], "nothing written");

    // What came back is put right and sent again.
    let answer = back
        .with("primary", &story.site.mentor.id.to_string())
        .with("target_on", "2027-03-01")
        .with("interval_days", "10")
        .send(&lead);
    let ramp = &story.ramps_of_mentee()[0];
    answer.assert_leads_to(&path::ramp(ramp.id));
    lead.get(answer.location())
        .assert_status(200)
        .assert_text("It waits for Tomasz Wilk and Marcus Oyelaran to accept it.")
        .assert_text("Primary mentor Marcus Oyelaran")
        .assert_text("Secondary mentor Ada Brook")
        .assert_text("every 10 days");

    // Somebody else does not know, and tries as well.
    let other = story.site.client(Role::MenteeLead);
    let second = story.new_ramp_form(&other);
    let answer = second.send(&other);
    answer
        .assert_status(422)
        .assert_text("Tomasz Wilk already has an open ramp in Payments.");
    assert_eq!(Form::on(&answer, path::NEW_RAMP).typed(), second.typed());
    assert_eq!(story.ramps_of_mentee().len(), 1);
}

#[test]
fn a_session_takes_one_sentence_and_loses_none_of_it() {
    let story = Story::begin();
    let ramp_id = story.started();
    let mentor = story.site.client(Role::Mentor);
    let page = path::new_session(ramp_id);
    let empty = mentor
        .form(&page, path::NEW_SESSION)
        .with("summary", "  ")
        .with(
            "next_actions",
            "Read <the> runbook\ndrain \"eu-west\" & back",
        )
        .with("help-PAY-I2", "2");
    let answer = empty.send(&mentor);
    answer
        .assert_status(422)
        .assert_text("Say in a sentence what you worked on.");
    let back = Form::on(&answer, path::NEW_SESSION);
    for name in [
        "next_actions",
        "help-PAY-I2",
        "kind",
        "minutes",
        "starts_at",
        "ramp",
    ] {
        assert_eq!(back.get(name), empty.get(name), "{name}");
    }
    assert_eq!(
        story
            .site
            .app
            .db(|c| Ok(sessions::table.count().get_result::<i64>(c)?)),
        0
    );

    // Everything else was filled in: one sentence is enough.
    mentor
        .record_session(ramp_id, "Drained a region together", &[])
        .assert_leads_to(&path::ramp(ramp_id));
    mentor
        .ramp_page(ramp_id)
        .assert_text("The session with Tomasz Wilk on 23 Nov is recorded.");
    mentor
        .sessions_page(ramp_id)
        .assert_text("Drained a region together")
        .assert_text("Pairing on real work 45 min Marcus Oyelaran");
}

#[test]
fn evidence_is_asked_for_where_a_level_rises_and_the_self_view_moves_no_gate() {
    let story = Story::begin();
    let ramp_id = story.started();
    let (mentor, mentee) = (
        story.site.client(Role::Mentor),
        story.site.client(Role::Stranger),
    );
    let ramp = path::ramp(ramp_id);
    let before = mentee.get(&ramp);

    for group in ["architecture", "observability", "incident", "change"] {
        let path = format!("{ramp}/self-assess/{group}");
        let mut own = mentee.form_at(&path);
        for code in content()
            .competencies
            .iter()
            .filter(|c| c.group.word() == group)
            .map(|c| &c.code)
        {
            own = own.with(&format!("level-{code}"), "5");
        }
        own.send(&mentee).assert_status(303);
    }
    let after = mentee.get(&ramp);
    mentee
        .competencies_page(ramp_id)
        .assert_text("5 Supervises");
    assert_eq!(section(&after, "gates"), section(&before, "gates"));
    assert_eq!(obstacles(&after), obstacles(&before));

    let path = format!("{ramp}/assess/incident");
    let bare = mentor
        .form_at(&path)
        .with("level-PAY-I1", "3")
        .with("level-PAY-I2", "0")
        .with("note-PAY-I2", "No incident came up");
    let answer = bare.send(&mentor);
    answer.assert_status(422).assert_text(
        "Shows the incident of payments, part 1: the level rises, so say what you saw or choose what it rests on.",
    );
    let back = Form::on(&answer, &path);
    assert_eq!(back.typed(), bare.typed(), "nothing typed is lost");
    let count = || {
        story
            .site
            .app
            .db(|c| Ok(assessments::table.count().get_result::<i64>(c)?))
    };
    assert_eq!(count(), 8, "the mentee's own, and no other");

    back.with("note-PAY-I1", "Led the rehearsal")
        .with("then", "finish")
        .send(&mentor)
        .assert_leads_to(&path::competencies(ramp_id));
    assert_eq!(count(), 10);
    mentor
        .competencies_page(ramp_id)
        .assert_text("2 saved: PAY-I1 3, PAY-I2 not observed.");
    let page = mentor.get(&ramp);
    assert!(
        !obstacles(&page).contains(&"Shows the incident of payments, part 1".to_owned()),
        "the mentor's word counts"
    );
    assert!(
        obstacles(&page).contains(&"Shows the incident of payments, part 2".to_owned()),
        "not observed counts neither way"
    );

    // A level that falls needs no evidence, and the latest counts, not the best.
    mentor.assess(ramp_id, "PAY-I1", "2", "").assert_status(303);
    let page = mentor.get(&ramp);
    assert!(obstacles(&page).contains(&"Shows the incident of payments, part 1".to_owned()));
}

#[test]
fn what_stands_in_the_way_goes_line_by_line_until_a_clearance_stands() {
    let story = Story::begin();
    let site = &story.site;
    let ramp_id = story.started();
    let ramp = path::ramp(ramp_id);
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Stranger));
    let lead = site.client(Role::OwnerLead);
    let board = row(&lead.board(), &story.mentee);
    assert!(board.contains("Ramping 0%"), "{board}");

    let mut left = obstacles(&mentee.get(&ramp));
    assert_eq!(left.len(), 11, "{left:?}");
    assert!(
        left[0].starts_with("Read the failover runbook"),
        "one's own tasks first: {left:?}"
    );
    let mut shrinks_by = |line: &str| {
        let now = obstacles(&mentee.get(&ramp));
        let mut expected = left.clone();
        expected.retain(|l| l != line);
        assert_eq!(now.len(), left.len() - 1, "after {line}: {now:?}");
        let (mut sorted, mut wanted) = (now.clone(), expected);
        sorted.sort();
        wanted.sort();
        assert_eq!(sorted, wanted, "only {line} goes");
        left = now;
    };

    for (code, text) in [
        ("PAY-K1", "Read the failover runbook"),
        ("PAY-K2", "Get access to the payments dashboards"),
    ] {
        let action = format!("{ramp}/items/{code}");
        let checklist = path::checklist(ramp_id);
        let done = mentee.form(&checklist, &action);
        assert_eq!(done.get("to"), Some("done"));
        done.send(&mentee)
            .assert_leads_to(&path::item_line(ramp_id, code));
        mentee
            .get(&ramp)
            .assert_text(&format!("{text} done, to be checked"));
        // Nobody checks their own.
        let own = [("from", "done"), ("to", "checked")];
        mentee.send(&action, &own).assert_status(403);
        let check = mentor.form(&checklist, &action);
        assert_eq!(check.get("to"), Some("checked"));
        check.send(&mentor).assert_status(303);
        shrinks_by(text);
    }

    // While a gate is open a sign-off is explained, not accepted.
    let path = format!("{ramp}/sign-off");
    let page = mentee.get(&path);
    page.assert_status(200)
        .assert_text("2 gates are open: they must be met first.")
        .assert_text("0 of 8 competencies")
        .assert_text("Hold and record working sessions");
    assert!(!page.has_form(&path), "no dead button");
    mentee
        .send(&path, &[("note", "Please")])
        .assert_status(422)
        .assert_text("2 gates are open: they must be met first.");
    assert_eq!(signoffs(site, ramp_id), []);

    site.app.wait_hours(3);
    mentor
        .record_session(ramp_id, "Failed over and back", &[("help-PAY-I2", "4")])
        .assert_status(303);
    shrinks_by("Hold and record working sessions");

    for competency in &content().competencies {
        let code = &competency.code;
        let level = competency.required_level.number().to_string();
        mentor
            .assess(ramp_id, code, &level, &format!("Saw {code} done alone"))
            .assert_leads_to(&path::competencies(ramp_id));
        shrinks_by(&competency.statement);
    }
    assert_eq!(left, [""; 0]);
    mentee.get(&ramp).assert_text("Ready for sign-off");
    assert!(row(&lead.board(), &story.mentee).contains("Ramping 100%, close"));

    // Two keys.
    let asked = mentee
        .form_at(&path)
        .with("note", "I would like to be on the rota by May")
        .send(&mentee);
    let id = signoffs(site, ramp_id)[0].id;
    let signoff = path::signoff(id);
    asked.assert_leads_to(&signoff);
    assert!(row(&lead.board(), &story.mentee).contains("Sign-off by Tomasz"));
    mentor
        .get("/")
        .assert_text("Waits for you")
        .assert_text("Tomasz Wilk");
    site.app.wait_hours(1);
    mentor
        .turn_first_key(id, "He fails over calmly. Watch the refunds.")
        .assert_leads_to(&signoff);
    lead.board()
        .assert_text("Needs you")
        .assert_text("Review Tomasz Wilk");
    let page = lead.get(&signoff);
    page.assert_text("Clear Tomasz Wilk for Payments?")
        .assert_text("He fails over calmly. Watch the refunds.")
        .assert_text("Payments goes from 2 to 3 cleared. Minimum is 2.");
    let decision = Form::on(&page, &format!("{signoff}/decision"));
    assert_eq!(
        decision.get("ends_on"),
        Some("2027-11-23"),
        "a year, as the area gives"
    );
    assert_eq!(decision.get("decision"), None, "nothing is chosen for them");
    let too_long = decision
        .clone()
        .with("decision", "approve")
        .with("note", "From here on, yes")
        .with("ends_on", "2028-01-01");
    let answer = too_long.send(&lead);
    answer
        .assert_status(422)
        .assert_text("The clearance can last until 23 Dec 2027 at most");
    let back = Form::on(&answer, &format!("{signoff}/decision"));
    assert_eq!(back.typed(), too_long.typed());
    assert_eq!(clearances(site, &story.mentee), []);
    let granted = back.with("ends_on", "2027-05-10").send(&lead);
    let held = clearances(site, &story.mentee);
    assert_eq!(
        (held.len(), held[0].ends_on.to_string(), held[0].signoff_id),
        (1, "2027-05-10".to_owned(), Some(id))
    );
    let clearance = path::clearance(held[0].id);
    granted.assert_leads_to(&clearance);
    let ramp_row = &story.ramps_of_mentee()[0];
    assert_eq!(
        (ramp_row.state, ramp_row.closed_at),
        (RampState::Cleared, Some(site.app.now()))
    );
    assert_eq!(signoffs(site, ramp_id)[0].state, SignoffState::Granted);

    // Everybody sees it, in the same word, until the day after its last.
    let says = |time: &str, word: &str, cover: &str| {
        turn_to(site, at(time));
        let anybody = site.client(Role::Qualifier);
        let own = site.client(Role::Stranger);
        let board = anybody.board();
        let cell = row(&board, &story.mentee);
        assert!(cell.contains(word), "board at {time}: {cell}");
        let roster = row(&anybody.area_page("payments"), &story.mentee);
        assert!(roster.contains(word), "area at {time}: {roster}");
        let person = section(&anybody.person_page(&story.mentee.handle), "cl");
        assert!(
            person.contains(word) && person.contains("Payments"),
            "person at {time}: {person}"
        );
        let home = section(&own.get("/"), "cl");
        assert!(
            home.contains(word) && home.contains("Payments"),
            "home at {time}: {home}"
        );
        let page = anybody.get(&clearance);
        page.assert_text(&format!("Standing {word}"));
        page.assert_text("Ruth Abara turned the second key");
        page.assert_text(cover);
    };
    let counts = "Counts as cover";
    says("2026-11-24T10:00:00Z", "Cleared", counts);
    // What is practised meanwhile keeps it alive to its last day.
    for (time, number) in [("2027-01-28T10:00:00Z", 88), ("2027-04-08T10:00:00Z", 89)] {
        turn_to(site, at(time));
        let own = site.client(Role::Stranger);
        own.form("/incidents/new", path::INCIDENTS)
            .with("link", &format!("https://incidents.example.com/{number}"))
            .send(&own)
            .assert_status(303);
    }
    says("2027-04-09T23:59:59Z", "Cleared", counts);
    says("2027-04-10T00:00:00Z", "Expiring", counts);
    says("2027-05-10T23:59:59Z", "Expiring", counts);
    says("2027-05-11T00:00:00Z", "Lapsed", "Does not count as cover");

    // Each step is in the chain, by whoever took it.
    let (mentee, mentor, lead) = (
        Some(story.mentee.id),
        Some(site.mentor.id),
        Some(site.owner_lead.id),
    );
    let mut expected = vec![
        ("ramp.proposed", lead),
        ("ramp.accepted", mentee),
        ("ramp.accepted", mentor),
        ("item.marked", mentee),
        ("item.marked", mentor),
        ("item.marked", mentee),
        ("item.marked", mentor),
        ("session.recorded", mentor),
    ];
    expected.extend([("assessment.recorded", mentor); 8]);
    expected.extend([
        ("signoff.requested", mentee),
        ("signoff.first_key", mentor),
        ("signoff.granted", lead),
        ("clearance.granted", lead),
        ("activity.logged", mentee),
        ("activity.logged", mentee),
    ]);
    let found = told(site, &story.mentee);
    let found: Vec<_> = found.iter().map(|(a, by)| (a.as_str(), *by)).collect();
    assert_eq!(found, expected);
    let kept = site.app.db(|c| {
        Ok((
            ramps::table.count().get_result::<i64>(c)?,
            item_marks::table.count().get_result::<i64>(c)?,
        ))
    });
    assert_eq!(kept, (2, 4));
}
