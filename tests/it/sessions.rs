//! Sessions over their whole life: planned, moved, called off, recorded, undone, corrected; and what comes next.

use checkride::db::schema::{next_actions, sessions};
use checkride::session::SessionState;
use checkride::signoff::record::Record;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::support::{Answer, Client, Form, Role, Site, at_once};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

fn ramp(site: &Site) -> String {
    format!("/ramps/{}", site.ramp_id)
}

fn form(client: &Client, page: &str, action: &str) -> Form {
    Form::on(client.get(page).assert_status(200), action)
}

/// Plans a session for that local time through the form; gives back its address.
fn plan(site: &Site, client: &Client, starts_at: &str) -> String {
    let page = format!("{}/sessions/plan", ramp(site));
    let answer = form(client, &page, &page)
        .with("starts_at", starts_at)
        .send(client);
    answer.assert_status(303).location().to_owned()
}

/// The record form as it is filled in beforehand.
fn record_form(site: &Site, client: &Client) -> Form {
    let page = format!("/sessions/new?ramp={}", site.ramp_id);
    form(client, &page, "/sessions/new")
}

/// Records a session; gives back its row.
fn record(site: &Site, client: &Client, more: &[(&str, &str)]) -> i64 {
    let mut form = record_form(site, client).with("summary", "Failed over and back");
    for (name, value) in more {
        form = form.with(name, value);
    }
    form.send(client).assert_status(303);
    latest(site)
}

fn latest(site: &Site) -> i64 {
    let rows = site.dossier().sessions;
    rows.iter().map(|s| s.id).max().unwrap()
}

fn of(id: i64) -> String {
    format!("/sessions/{id}")
}

/// The part of a page under that heading's id.
fn card<'a>(page: &'a Answer, id: &str) -> &'a str {
    let (_, rest) = page
        .body
        .split_once(&format!("aria-labelledby=\"{id}\""))
        .unwrap_or_else(|| panic!("no {id} on: {}", page.text()));
    rest.split("</section>").next().unwrap()
}

#[test]
fn a_plan_is_read_by_both_on_their_own_clocks_and_named_beside_what_it_covers() {
    let site = Site::open();
    // London plans; Tunis is an hour ahead.
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    let page = format!("{}/sessions/plan", ramp(&site));
    let fresh = form(&mentor, &page, &page);
    assert_eq!(fresh.get("starts_at"), Some("2026-11-23T10:00"));
    assert_eq!(
        fresh.get("topic"),
        Some("PAY-A2"),
        "what is open comes filled in"
    );
    mentor
        .get(&page)
        .assert_text("Leila Haddad reads times in Africa/Tunis.");
    let answer = fresh
        .with("starts_at", "2026-11-26T09:00")
        .with("agenda", "Bring the runbook")
        .send(&mentor);
    let place = answer.assert_status(303).location().to_owned();
    mentor
        .get(&place)
        .assert_text("planned for Thu 26 Nov, 09:00: 10:00 for Leila (Africa/Tunis)")
        .assert_text("Bring the runbook")
        .assert_text("Shows the architecture of payments, part 2");
    mentee
        .get(&place)
        .assert_text("Thu 26 Nov, 10:00 in 3 days 09:00 for Marcus (Europe/London)");
    for page in [ramp(&site), "/".into()] {
        mentee
            .get(&page)
            .assert_text("Thu 26 Nov, 10:00 with Marcus Oyelaran");
        mentor.get(&page).assert_text("Thu 26 Nov, 09:00");
    }
    let missing = mentee.get(&ramp(&site));
    let obstacles = card(&missing, "ob");
    assert!(obstacles.contains(&format!("href=\"{place}\"")));
    assert!(
        obstacles.contains("/sessions/plan?topic=PAY-I1"),
        "others can be planned for"
    );

    // The mentee plans too, but not at the same time, nor in the past.
    for (starts_at, sentence) in [
        (
            "2026-11-26T10:30",
            "Another session of yours is planned for Thu 26 Nov, 10:00",
        ),
        ("2026-11-20T10:30", "This start is past."),
        ("", "Enter the day and time it is to begin."),
    ] {
        let wrong = form(&mentee, &page, &page)
            .with("starts_at", starts_at)
            .with("agenda", "Mine <b>");
        let answer = wrong.send(&mentee);
        answer.assert_status(422).assert_text(sentence);
        assert_eq!(
            Form::on(&answer, &page).typed(),
            wrong.typed(),
            "nothing typed is lost"
        );
    }
    assert_eq!(site.dossier().plans.len(), 1);
}

#[test]
fn a_plan_is_moved_and_called_off_and_every_step_stays() {
    let site = Site::open();
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    let place = plan(&site, &mentor, "2026-11-26T09:00");
    let (moving, cancelling) = (format!("{place}/move"), format!("{place}/cancel"));
    let seen_by_both = form(&mentor, &place, &moving);
    form(&mentee, &place, &moving)
        .with("starts_at", "2026-11-27T11:00")
        .with("move_reason", "Dentist")
        .send(&mentee)
        .assert_leads_to(&place);
    mentor
        .get(&place)
        .assert_text("Leila Haddad moved it from Thu 26 Nov, 09:00 to Fri 27 Nov, 10:00")
        .assert_text("Dentist");
    // What the mentor had before them is not so any more.
    seen_by_both
        .with("starts_at", "2026-11-28T09:00")
        .send(&mentor)
        .assert_status(409)
        .assert_text(
            "Leila Haddad moved this session to Fri 27 Nov, 10:00 (Europe/London) in the meantime.",
        );
    form(&mentor, &place, &cancelling)
        .send(&mentor)
        .assert_status(422)
        .assert_text("Say why, in a few words.");
    form(&mentor, &place, &cancelling)
        .with("cancel_reason", "On call")
        .send(&mentor)
        .assert_leads_to(&place);
    let page = mentee.get(&place);
    page.assert_text("Cancelled")
        .assert_text("Marcus Oyelaran cancelled it")
        .assert_text("On call");
    assert!(!page.has_form(&moving));
    mentee
        .send(&cancelling, &[("cancel_reason", "Me too")])
        .assert_status(409)
        .assert_text("Marcus Oyelaran cancelled this session on Mon 23 Nov, 10:00 (Africa/Tunis)");
    assert!(site.dossier().plans.is_empty());
    mentee
        .get(&ramp(&site))
        .assert_text("No session is planned");
}

#[test]
fn who_did_not_come_is_said_once_the_session_has_begun() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let place = plan(&site, &mentee, "2026-11-23T12:00");
    let path = format!("{place}/no-show");
    assert!(!mentee.get(&place).has_form(&path));
    mentee
        .send(&path, &[("absent", "mentor")])
        .assert_status(409)
        .assert_text("This session has not begun.");
    site.app.wait_hours(3);
    mentee
        .send(&path, &[])
        .assert_status(422)
        .assert_text("Say who did not come.");
    mentee
        .send(&path, &[("absent", "mentor"), ("no_show_note", "Paged")])
        .assert_leads_to(&place);
    mentee
        .get(&place)
        .assert_text("No-show")
        .assert_text("Leila Haddad: the mentor did not come");
    assert!(site.dossier().sessions.iter().all(|s| !s.counts()));
}

#[test]
fn a_plan_whose_time_went_by_waits_for_its_mentor_and_fills_the_record_in() {
    let site = Site::open();
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    let plan = site.plan_session(2);
    assert!(!mentor.get("/").text().contains("Record or call off"));
    site.app.wait_hours(4);
    mentor
        .get("/")
        .assert_text("The session of Mon 23 Nov, 11:00 was not recorded yet");
    assert!(!mentee.get("/").text().contains("Record or call off"));
    let before = site.dossier();

    let form = record_form(&site, &mentor);
    for (field, filled_in) in [
        ("plan", plan.to_string().as_str()),
        ("kind", "lab"),
        ("minutes", "45"),
        ("starts_at", "2026-11-23T11:00"),
    ] {
        assert_eq!(form.get(field), Some(filled_in), "{field}");
    }
    let asked = mentor.get(&format!("/sessions/new?ramp={}", site.ramp_id));
    asked
        .assert_text("As planned for Mon 23 Nov, 11:00 .")
        .assert_text("Bring the runbook");
    let first = asked.body.find("help-PAY-I2").unwrap();
    assert!(
        first < asked.body.find("help-PAY-A1").unwrap(),
        "what was planned stands first"
    );
    let other = format!("/sessions/new?ramp={}&plan=none", site.ramp_id);
    assert_eq!(
        Form::on(&mentor.get(&other), "/sessions/new").get("plan"),
        None
    );

    let twin = form
        .clone()
        .with("summary", "As planned")
        .with("form_key", "0123456789abcdef0");
    form.with("summary", "As planned")
        .with("help-PAY-I2", "3")
        .send(&mentor)
        .assert_status(303);
    twin.send(&mentor)
        .assert_status(409)
        .assert_text("Marcus Oyelaran recorded this session on Mon 23 Nov, 13:00");
    let held = latest(&site);
    mentor
        .get(&of(plan))
        .assert_text("Marcus Oyelaran recorded that it was held")
        .assert_text("See the record that counts");
    mentor
        .get(&of(held))
        .assert_text("It was planned for Mon 23 Nov, 11:00 .");
    assert!(!mentor.get("/").text().contains("Record or call off"));

    // Taken back, the plan waits again, and everything is as it was.
    mentor
        .send(&format!("{}/undo", of(held)), &[])
        .assert_status(303);
    let after = site.dossier();
    assert_eq!(
        (after.readiness, after.plans),
        (before.readiness, before.plans)
    );
    mentor.get("/").assert_text("Record or call off");
    mentor
        .get(&of(held))
        .assert_text("Undone")
        .assert_text("Marcus Oyelaran undid the record");
}

#[test]
fn a_fresh_record_is_undone_by_its_recorder_for_ten_minutes_unless_a_judgement_rests_on_it() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let id = record(&site, &mentor, &[("help-PAY-I1", "3")]);
    let path = format!("{}/undo", of(id));
    let said = mentor.get(&ramp(&site));
    assert!(said.has_form(&path), "the message carries the button");
    assert!(!mentor.get(&ramp(&site)).has_form(&path), "once");
    site.app.wait_seconds(9 * 60);
    mentor.get(&of(id)).assert_text("for 1 more minute");
    site.app.wait_seconds(61);
    assert!(!mentor.get(&of(id)).has_form(&path));
    mentor
        .send(&path, &[])
        .assert_status(409)
        .assert_text("for ten minutes after it was recorded. Correct it instead");

    let id = record(&site, &mentor, &[("help-PAY-I1", "3")]);
    let assess = format!("{}/assess/incident", ramp(&site));
    let rest = [("level-PAY-I1", "3"), ("session-PAY-I1", &id.to_string())];
    mentor.send(&assess, &rest).assert_status(303);
    let path = format!("{}/undo", of(id));
    assert!(!mentor.get(&of(id)).has_form(&path));
    mentor
        .send(&path, &[])
        .assert_status(409)
        .assert_text("Marcus Oyelaran’s assessment of PAY-I1 rests on this session already");
}

#[test]
fn a_correction_counts_keeps_what_rests_on_it_and_leaves_the_original_readable() {
    let site = Site::open();
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    let id = record(
        &site,
        &mentor,
        &[
            ("help-PAY-I1", "3"),
            ("next_actions", "Drain it\nTell finance"),
        ],
    );
    let assess = format!("{}/assess/incident", ramp(&site));
    let rest = [("level-PAY-I1", "3"), ("session-PAY-I1", &id.to_string())];
    mentor.send(&assess, &rest).assert_status(303);
    let action = site.dossier().next_actions[0].id;
    mentee
        .send(
            &format!("{}/next-actions/{action}", ramp(&site)),
            &[("to", "done")],
        )
        .assert_status(303);
    site.app.wait_hours(5);

    let path = format!("{}/correct", of(id));
    let fresh = form(&mentor, &path, &path);
    assert_eq!(fresh.get("summary"), Some("Failed over and back"));
    assert_eq!(fresh.get("next_actions"), Some("Drain it\nTell finance"));
    assert_eq!(fresh.get("help-PAY-I1"), Some("3"));
    fresh
        .send(&mentor)
        .assert_status(422)
        .assert_text("Nothing here differs from what is recorded.");
    let lost = form(&mentor, &path, &path)
        .with("help-PAY-I1", "")
        .with("minutes", "90");
    let answer = lost.send(&mentor);
    answer.assert_status(422).assert_text(
        "Marcus Oyelaran’s assessment of PAY-I1 rests on this session. Keep PAY-I1 as practised",
    );
    assert_eq!(Form::on(&answer, &path).get("minutes"), Some("90"));
    form(&mentor, &path, &path)
        .with("help-PAY-I1", "4")
        .with("minutes", "90")
        .with("reason", "We stayed on")
        .send(&mentor)
        .assert_status(303);

    let correction = latest(&site);
    for page in [of(id), of(correction)] {
        mentee
            .get(&page)
            .assert_text("Length 45 min 90 min")
            .assert_text("PAY-I1 3 Asked now and then 4 Alone");
    }
    mentee
        .get(&of(id))
        .assert_text(
            "Marcus Oyelaran corrected it on Mon 23 Nov, 15:00 . See the record that counts",
        )
        .assert_text("We stayed on")
        .assert_text("Asked now and then");
    // The mentee has not assessed it yet, so what the mentor said is not open to them.
    site.client(Role::Qualifier)
        .get(&of(correction))
        .assert_text("Assessments that rest on it");
    let d = site.dossier();
    assert_eq!(
        d.readiness.gates[2].progress,
        "1 of 1 sessions, 90 of 30 minutes"
    );
    assert!(d.readiness.competency("PAY-I1").unwrap().met);
    // What was ticked off stays ticked off; the rest is still to be done, once.
    let open: Vec<&str> = d.next_actions.iter().map(|a| a.body.as_str()).collect();
    assert_eq!(open, ["Tell finance"]);
    let history = mentee.get(&format!("{}/competencies/PAY-I1", ramp(&site)));
    assert!(
        history.body.contains(&of(correction))
            && !history.body.contains(&format!("\"{}\"", of(id)))
    );

    // The frozen record names the one that counts, and says that it was corrected.
    site.make_ready();
    let act = site.act(Role::Mentee);
    let note = checkride::signoff::Note::parse("").unwrap();
    site.app
        .db(|c| checkride::signoff::actions::request(c, &act, site.ramp_id, &note));
    let dossier = site.dossier();
    let drawn = Record::draw(&dossier, &dossier.signoffs[0], &Default::default(), |_| {
        None
    })
    .unwrap();
    let told: Vec<(i32, bool)> = drawn
        .sessions
        .iter()
        .map(|s| (s.minutes, s.corrected))
        .collect();
    assert_eq!(told, [(45, false), (90, true)]);
}

#[test]
fn a_correction_is_made_by_the_recorder_or_the_primary_mentor_and_by_nobody_else() {
    let site = Site::open();
    let now = site.app.now();
    site.app.db(|c| {
        use checkride::ramp::{PairingRole::Secondary, store::insert_pairing};
        insert_pairing(c, site.ramp_id, site.qualifier.id, Secondary, 7, now)
    });
    let (mentor, helper) = (site.client(Role::Mentor), site.client(Role::Qualifier));
    let of_mentor = format!("{}/correct", of(record(&site, &mentor, &[])));
    let of_helper = format!("{}/correct", of(record(&site, &helper, &[])));
    helper
        .get(&of_mentor)
        .assert_status(403)
        .assert_text("This session is corrected by Marcus Oyelaran, who recorded it, while they mentor this ramp.");
    mentor.get(&of_helper).assert_status(200);
    helper.get(&of_helper).assert_status(200);
}

#[test]
fn next_actions_are_carried_until_either_side_ticks_them_off() {
    let site = Site::open();
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    record(
        &site,
        &mentor,
        &[(
            "next_actions",
            "Drain <captures>\r\n\r\nTell finance\r\nName the three failures",
        )],
    );
    for client in [&mentor, &mentee] {
        client
            .get(&ramp(&site))
            .assert_text("3 open")
            .assert_text("Drain <captures>");
        client.get("/").assert_text("Drain <captures>");
    }
    let open = site.dossier().next_actions;
    let tick = |n: usize| format!("{}/next-actions/{}", ramp(&site), open[n].id);
    let both = [("to", "done")];
    mentee.send(&tick(0), &both).assert_status(303);
    mentor.send(&tick(0), &both).assert_status(409).assert_text(
        "Leila Haddad ticked “Drain <captures>” off on Mon 23 Nov, 09:00 (Europe/London).",
    );

    // In the next record the others are check boxes; what stays open is carried on.
    let carried = mentor.get(&format!("/sessions/new?ramp={}", site.ramp_id));
    carried
        .assert_text("Done since last time")
        .assert_text("Tell finance since 23 Nov");
    let id = record(
        &site,
        &mentor,
        &[
            ("done", &open[1].id.to_string()),
            ("next_actions", "Reconcile"),
        ],
    );
    let bodies = || -> Vec<String> {
        let open = site.dossier().next_actions;
        open.into_iter().map(|a| a.body).collect()
    };
    assert_eq!(bodies(), ["Name the three failures", "Reconcile"]);
    mentor
        .send(&format!("{}/undo", of(id)), &[])
        .assert_status(303);
    assert_eq!(
        bodies(),
        ["Tell finance", "Name the three failures"],
        "undone is as before"
    );

    mentor.send(&tick(0), &[("to", "open")]).assert_status(303);
    assert_eq!(bodies().len(), 3);
    let long = format!("fine\n{}", "x".repeat(301));
    let wrong = record_form(&site, &mentor)
        .with("summary", "Talked")
        .with("next_actions", &long);
    let answer = wrong.send(&mentor);
    answer
        .assert_status(422)
        .assert_text("Line 2: This has 301 characters; 300 is the most.");
    assert_eq!(Form::on(&answer, "/sessions/new").typed(), wrong.typed());
}

/// Which one was done; the other was told.
fn winner(answers: &[Answer]) -> usize {
    let statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    let won = statuses
        .iter()
        .position(|s| *s == 303)
        .unwrap_or_else(|| panic!("{statuses:?}"));
    assert_eq!(statuses[1 - won], 409, "{}", answers[1 - won].text());
    won
}

#[test]
fn of_two_corrections_at_once_one_wins_and_the_other_is_told() {
    for _ in 0..6 {
        let site = Site::open();
        let now = site.app.now();
        site.app.db(|c| {
            use checkride::ramp::{PairingRole::Secondary, store::insert_pairing};
            insert_pairing(c, site.ramp_id, site.qualifier.id, Secondary, 7, now)
        });
        let both = [site.client(Role::Mentor), site.client(Role::Qualifier)];
        let id = record(&site, &both[1], &[]);
        let path = format!("{}/correct", of(id));
        let forms = [0, 1].map(|n| {
            let minutes = ["60", "90"][n];
            form(&both[n], &path, &path).with("minutes", minutes)
        });
        let answers = at_once(2, |n| forms[n].send(&both[n]));
        let won = winner(&answers);
        let (name, zone) = [
            ("Marcus Oyelaran", "10:00 (Europe/Stockholm)"),
            ("Sofia Lindqvist", "09:00 (Europe/London)"),
        ][won];
        answers[1 - won].assert_text(&format!(
            "{name} corrected this session on Mon 23 Nov, {zone}"
        ));
        let d = site.dossier();
        let counting: Vec<i32> = d
            .sessions
            .iter()
            .filter(|s| s.counts())
            .map(|s| s.minutes)
            .collect();
        assert_eq!(counting, [[60, 90][won]]);
        assert_eq!(d.sessions.len(), 2);
    }
}

#[test]
fn a_plan_recorded_and_called_off_at_once_is_one_of_them() {
    for _ in 0..6 {
        let site = Site::open();
        let plan = site.plan_session(-2);
        let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
        let held = record_form(&site, &mentor).with("summary", "We met");
        let answers = at_once(2, |n| match n {
            0 => held.send(&mentor),
            _ => mentee.send(&format!("{}/cancel", of(plan)), &[("cancel_reason", "Ill")]),
        });
        let won = winner(&answers);
        let d = site.dossier();
        let counting = d.sessions.iter().filter(|s| s.counts()).count();
        assert_eq!(counting, 1 - won);
        let state = d.sessions.iter().find(|s| s.id == plan).unwrap().state;
        assert_eq!(state == SessionState::Cancelled, won == 1);
        assert!(d.plans.is_empty());
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    next_action: String,
}

#[test]
fn what_was_said_next_survives_the_upgrade_and_the_way_back() {
    use checkride::db::Conn;
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    record(
        &site,
        &mentor,
        &[("next_actions", "Drain it\nTell finance")],
    );
    site.app.wait_hours(2);
    let undone = record(&site, &mentor, &[("next_actions", "Reconcile")]);
    site.app.wait_seconds(1);
    record(&site, &mentor, &[("next_actions", "Rotate")]);
    mentor
        .send(&format!("{}/undo", of(undone)), &[])
        .assert_status(303);
    site.app.db(|c| {
        let reverted = match c {
            Conn::Sqlite(s) => s.revert_last_migration(SQLITE).map(|_| ()),
            Conn::Pg(p) => p.revert_last_migration(POSTGRES).map(|_| ()),
        };
        reverted.unwrap();
        let sql = "SELECT next_action FROM sessions WHERE state = 'held' ORDER BY id";
        let said: Vec<Line> = diesel::sql_query(sql).load(c)?;
        let said: Vec<String> = said.into_iter().map(|l| l.next_action).collect();
        assert_eq!(
            said,
            ["Drain it\nTell finance", "Rotate"],
            "what was undone does not count"
        );
        let again = match c {
            Conn::Sqlite(s) => s.run_pending_migrations(SQLITE).map(|_| ()),
            Conn::Pg(p) => p.run_pending_migrations(POSTGRES).map(|_| ()),
        };
        again.unwrap();
        let open: Vec<String> = next_actions::table
            .filter(next_actions::done_at.is_null())
            .select(next_actions::body)
            .load(c)?;
        assert_eq!(open, ["Rotate"], "only what was said last is still open");
        let nobody: i64 = sessions::table
            .filter(sessions::recorded_by.is_null())
            .count()
            .get_result(c)?;
        assert_eq!(nobody, 0);
        Ok(())
    });
}
