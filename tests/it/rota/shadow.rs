//! Shadow shifts of a rota become planned shadow shifts of ramps, and follow the rota until somebody changes them.

use checkride::app::App;
use checkride::db::schema::{rota_fetches, rotas, shifts};
use checkride::domain::people;
use checkride::domain::ramp::RampState;
use checkride::domain::rota::shadow::Step;
use checkride::domain::shift::ShiftState;
use checkride::domain::shift::model::Shift;
use checkride::usecases::rota::shadow::{steps, take};
use diesel::prelude::*;

use super::fetched::{pass, site};
use super::{add, page};
use crate::support::receiver::Receiver;
use crate::support::{Client, Role, Site, at_once, block_on, told};

/// An event: how the tool calls it, its title, and its hours from now.
type Event<'a> = (&'a str, String, i64, i64);

fn calendar(site: &Site, events: &[Event<'_>]) -> String {
    let written = |hours| {
        let at = site.app.now().plus_hours(hours);
        at.iso().replace(['-', ':'], "")
    };
    let events = events.iter().map(|(uid, title, from, to)| {
        let (from, to) = (written(*from), written(*to));
        format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{title}\r\nDTSTART:{from}\r\nDTEND:{to}\r\nEND:VEVENT\r\n")
    });
    let events: String = events.collect();
    format!("BEGIN:VCALENDAR\r\nPRODID:x\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

/// The mentee watches the mentor.
fn both<'a>(site: &Site, from: i64, to: i64) -> Vec<Event<'a>> {
    vec![
        ("p", site.mentor.name.clone(), from, to),
        ("s", format!("Shadow: {}", site.mentee.name), from, to),
    ]
}

/// A table in which the mentee watches the mentor, each time from and to so many hours from now.
fn watched(site: &Site, hours: &[(i64, i64)]) -> String {
    let mut table = String::from("start,end,person,kind\n");
    for (from, to) in hours {
        let [from, to] = [from, to].map(|hours| site.app.now().plus_hours(*hours).iso());
        for (who, kind) in [(&site.mentor, "primary"), (&site.mentee, "shadow")] {
            table.push_str(&format!("{from},{to},{},{kind}\n", who.name));
        }
    }
    table
}

fn uploaded(site: &Site, events: &[Event<'_>]) -> Client {
    let lead = site.client(Role::OwnerLead);
    add(&lead, site, "Payments primary", &calendar(site, events)).assert_status(303);
    lead
}

fn replaced(lead: &Client, site: &Site, events: &[Event<'_>]) {
    let text = calendar(site, events);
    lead.send("/rotas/1", &[("text", text.as_str())])
        .assert_status(303);
}

fn all(site: &Site) -> Vec<Shift> {
    site.app.db(|c| {
        let all = shifts::table.order(shifts::id).select(Shift::as_select());
        Ok(all.load(c)?)
    })
}

fn states(site: &Site) -> Vec<ShiftState> {
    all(site).into_iter().map(|shift| shift.state).collect()
}

fn look(site: &Site, app: &App) {
    assert_eq!(pass(site, app), 1);
}

#[test]
fn a_shadow_shift_of_a_rota_is_planned_once_and_both_are_told() {
    let (site, app) = site();
    let lead = uploaded(&site, &both(&site, 72, 96));
    look(&site, &app);
    let shift = all(&site).pop().unwrap();
    assert_eq!(
        (shift.mentee_id, shift.with_id, shift.planned_by),
        (site.mentee.id, site.mentor.id, site.owner_lead.id)
    );
    assert_eq!(shift.starts_at, site.app.now().plus_hours(72));
    let log = told(&site, "shift.planned");
    assert!(
        log[0].contains("From the rota Payments primary."),
        "{log:?}"
    );
    for role in [Role::Mentee, Role::Mentor] {
        site.client(role).get("/inbox").assert_text("1 unread");
    }
    let shown = site
        .client(Role::Mentee)
        .get(&format!("/shifts/{}", shift.id));
    shown
        .assert_text("From the rota Payments primary.")
        .assert_text("Watch, and ask. Agree on more before the shift.");
    // Again, also when the same comes as another upload, and from another rota of the area.
    site.app.wait_hours(2);
    look(&site, &app);
    add(
        &lead,
        &site,
        "Second",
        &calendar(&site, &both(&site, 70, 94)),
    )
    .assert_status(303);
    assert_eq!(pass(&site, &app), 1);
    assert_eq!(all(&site).len(), 1);
    lead.get(&page(&site)).assert_text("Planned.");
    let mentee = site.client(Role::Mentee).get(&page(&site));
    assert!(mentee.body.contains(&format!("/shifts/{}", shift.id)));
    let stranger = site.client(Role::Stranger).get(&page(&site));
    assert!(
        !stranger.body.contains("/shifts/"),
        "who may not read it gets no link"
    );
}

#[test]
fn a_planned_shift_is_moved_cancelled_and_planned_again_as_the_rota_says() {
    let (site, app) = site();
    let lead = uploaded(&site, &both(&site, 72, 96));
    lead.get(&page(&site))
        .assert_text("Will be planned at the next reading.");
    look(&site, &app);
    replaced(&lead, &site, &both(&site, 200, 212));
    lead.get(&page(&site))
        .assert_text("Will be moved at the next reading.");
    look(&site, &app);
    let moved = all(&site);
    assert_eq!(moved.len(), 1, "it is the same shift");
    assert_eq!(moved[0].starts_at, site.app.now().plus_hours(200));
    assert_eq!(told(&site, "shift.moved").len(), 1);
    // Gone, and back.
    replaced(&lead, &site, &both(&site, 200, 212)[..1]);
    look(&site, &app);
    assert_eq!(states(&site), [ShiftState::Cancelled]);
    assert_eq!(told(&site, "shift.cancelled").len(), 1);
    site.app.wait_hours(2);
    look(&site, &app);
    assert_eq!(states(&site), [ShiftState::Cancelled]);
    replaced(&lead, &site, &both(&site, 198, 210));
    look(&site, &app);
    assert_eq!(states(&site), [ShiftState::Cancelled, ShiftState::Planned]);
    // Somebody else is on call: that is another shift.
    let mut other = both(&site, 198, 210);
    other[0].1 = site.qualifier.name.clone();
    replaced(&lead, &site, &other);
    lead.get(&page(&site))
        .assert_text("Will be cancelled at the next reading.");
    look(&site, &app);
    let last = all(&site).pop().unwrap();
    assert_eq!(
        (last.with_id, last.state),
        (site.qualifier.id, ShiftState::Planned)
    );
    assert_eq!(all(&site).len(), 3);
    // A removed rota leaves what it planned to the people.
    lead.send("/rotas/1/remove", &[("reason", "We use another tool")])
        .assert_status(303);
    site.app.wait_hours(2);
    assert_eq!(pass(&site, &app), 0);
    assert_eq!(all(&site).pop().unwrap().state, ShiftState::Planned);
}

#[test]
fn what_somebody_changed_and_what_has_begun_stays() {
    let (site, app) = site();
    let mut events = both(&site, 2, 12);
    events.extend([
        ("p2", site.mentor.name.clone(), 100, 110),
        ("s2", format!("Shadow: {}", site.mentee.name), 100, 110),
        ("p3", site.mentor.name.clone(), 200, 210),
        ("s3", format!("Shadow: {}", site.mentee.name), 200, 210),
    ]);
    let lead = uploaded(&site, &events);
    look(&site, &app);
    let planned = all(&site);
    assert_eq!(planned.len(), 3);
    let mentor = site.client(Role::Mentor);
    let briefed = format!("/shifts/{}", planned[1].id);
    let form = [
        ("may_page", "All of it"),
        ("runbooks", "The wiki"),
        ("learner_job", "Take notes"),
        ("who_may_touch", "Nobody"),
        ("brief_reason", "We talked about it"),
    ];
    mentor
        .submit(&briefed, &format!("{briefed}/brief"), &form)
        .assert_status(303);
    let cancelled = format!("/shifts/{}", planned[2].id);
    mentor
        .submit(
            &cancelled,
            &format!("{cancelled}/cancel"),
            &[("cancel_reason", "No time")],
        )
        .assert_status(303);
    site.app.wait_hours(4);
    let before = all(&site);
    // The first one runs; the second moves; the third is still in the rota.
    let events = [
        ("p2", site.mentor.name.clone(), 120, 130),
        ("s2", format!("Shadow: {}", site.mentee.name), 120, 130),
        ("p3", site.mentor.name.clone(), 196, 206),
        ("s3", format!("Shadow: {}", site.mentee.name), 196, 206),
    ];
    let lead_again = site.client(Role::OwnerLead);
    replaced(&lead_again, &site, &events);
    look(&site, &app);
    assert_eq!(all(&site), before);
    lead.get(&page(&site))
        .assert_text("Someone changed the planned shift. The rota leaves it alone.")
        .assert_text("Someone cancelled the planned shift. The rota leaves it alone.");
    // And when the rota has none of them any more.
    replaced(
        &lead_again,
        &site,
        &[("x", site.mentor.name.clone(), 300, 310)],
    );
    look(&site, &app);
    assert_eq!(all(&site), before);
}

#[test]
fn what_somebody_moved_is_not_planned_again_from_a_table() {
    let (site, app) = site();
    let table = watched(&site, &[(72, 80)]);
    let lead = site.client(Role::OwnerLead);
    add(&lead, &site, "Primary", &table).assert_status(303);
    look(&site, &app);
    let planned = format!("/shifts/{}", all(&site)[0].id);
    let mentor = site.client(Role::Mentor);
    mentor
        .form(&planned, &format!("{planned}/move"))
        .with("starts_at", "2026-11-28T10:00")
        .with("ends_at", "2026-11-28T18:00")
        .with("move_reason", "The dentist")
        .send(&mentor)
        .assert_status(303);
    let moved = all(&site);
    site.app.wait_hours(2);
    let lead = site.client(Role::OwnerLead);
    lead.send("/rotas/1", &[("text", table.as_str())])
        .assert_status(303);
    look(&site, &app);
    assert_eq!(all(&site), moved);
    lead.get(&page(&site))
        .assert_text("Someone changed the planned shift. The rota leaves it alone.");
}

#[test]
fn what_cannot_be_planned_is_said_with_its_reason() {
    let (site, app) = site();
    let mentee = &site.mentee.name;
    let shadow = |who: &str| format!("Shadow: {who}");
    let lead = uploaded(
        &site,
        &[
            ("a", shadow(mentee), 24, 30),
            ("b", site.owner_lead.name.clone(), 48, 54),
            ("c", shadow(mentee), 48, 54),
            ("d", site.mentor.name.clone(), 72, 78),
            (
                "e",
                shadow(&site.member(Role::Stranger).unwrap().name),
                72,
                78,
            ),
            ("f", site.mentor.name.clone(), 100, 480),
            ("g", shadow(mentee), 100, 460),
        ],
    );
    look(&site, &app);
    assert_eq!(all(&site), []);
    let shown = lead.get(&page(&site));
    for sentence in [
        "Not planned: nobody known is on call then.",
        "Not planned: who is on call is not cleared today.",
        "Not planned: no open ramp in this area.",
        "Not planned: a shift is at most 14 days long.",
    ] {
        shown.assert_text(sentence);
    }
    // Others are told nothing of it; who plans on the ramp goes on from there.
    let qualifier = site.client(Role::Qualifier).get(&page(&site));
    assert!(!qualifier.text().contains("Not planned"));
    let mentor = site.client(Role::Mentor).get(&page(&site));
    mentor
        .assert_text("Plan it")
        .assert_text("nobody known is on call");
}

#[test]
fn a_ramp_that_does_not_run_and_a_person_who_is_taken_wait() {
    let (site, app) = site();
    site.app.db(|c| {
        let (id, now) = (site.ramp_id, site.app.now());
        checkride::domain::ramp::store::change_state(
            c,
            id,
            (RampState::Active, RampState::Paused),
            "",
            site.owner_lead.id,
            now,
        )
        .map(|_| ())
    });
    let lead = uploaded(&site, &both(&site, 72, 96));
    look(&site, &app);
    lead.get(&page(&site))
        .assert_text("Not planned: the ramp is not running.");
    site.app.db(|c| {
        let (id, now) = (site.ramp_id, site.app.now());
        checkride::domain::ramp::store::change_state(
            c,
            id,
            (RampState::Paused, RampState::Active),
            "",
            site.owner_lead.id,
            now,
        )
        .map(|_| ())
    });
    site.app.wait_hours(2);
    look(&site, &app);
    assert_eq!(states(&site), [ShiftState::Planned]);
    // The second is at the same time, with the same person.
    let mut events = both(&site, 70, 94);
    events.push(("s2", format!("Shadow: {}", site.mentee.name), 80, 100));
    replaced(&lead, &site, &events);
    look(&site, &app);
    assert_eq!(states(&site), [ShiftState::Planned]);
}

#[test]
fn a_pass_plans_so_many_and_the_next_one_goes_on() {
    let (site, app) = site();
    let hours: Vec<(i64, i64)> = (1..=27).map(|n| (n * 20, n * 20 + 8)).collect();
    let lead = site.client(Role::OwnerLead);
    add(&lead, &site, "Primary", &watched(&site, &hours)).assert_status(303);
    look(&site, &app);
    assert_eq!(all(&site).len(), 25);
    look(&site, &app);
    assert_eq!(all(&site).len(), 27);
    assert_eq!(pass(&site, &app), 0, "it is not due again");
}

#[test]
fn a_rota_that_nobody_answers_for_plans_nothing_and_promises_nothing() {
    let (site, app) = site();
    let lead = uploaded(&site, &both(&site, 72, 96));
    site.app.db(|c| {
        diesel::update(rotas::table)
            .set(rotas::made_by.eq(None::<i64>))
            .execute(c)?;
        diesel::update(rota_fetches::table)
            .set(rota_fetches::by_id.eq(None::<i64>))
            .execute(c)?;
        Ok(())
    });
    look(&site, &app);
    assert_eq!(all(&site), []);
    lead.get(&page(&site))
        .assert_text("Not planned: nobody here answers for this rota.");
}

#[test]
fn two_readings_at_once_plan_once() {
    let (site, app) = site();
    uploaded(&site, &both(&site, 72, 96));
    let (now, area_id) = (site.app.now(), site.area_id);
    let due = site.app.db(|c| steps(c, area_id, now));
    assert!(matches!(due.as_slice(), [Step::Plan(_)]), "{due:?}");
    let taken = at_once(2, |_| {
        let step = due[0].clone();
        let taken = app.db.write(move |c| take(c, area_id, &step, now));
        block_on(taken).unwrap()
    });
    assert_eq!(taken.iter().filter(|taken| **taken).count(), 1, "{taken:?}");
    assert_eq!(all(&site).len(), 1);
    assert_eq!(told(&site, "shift.planned").len(), 1);
}

#[test]
fn shifts_of_an_address_are_planned_in_the_name_of_who_named_it() {
    let (site, app) = site();
    let receiver = Receiver::start();
    let lead = site.client(Role::OwnerLead);
    let address = receiver.address();
    let fields = [
        ("name", "Primary"),
        ("address", address.as_str()),
        ("source", "icalendar"),
    ];
    lead.send(&format!("{}/new", page(&site)), &fields)
        .assert_status(303);
    receiver.answers("200 OK", &calendar(&site, &both(&site, 72, 96)));
    look(&site, &app);
    let shift = all(&site).pop().unwrap();
    assert_eq!(shift.planned_by, site.owner_lead.id);
    // What cannot be read cancels nothing.
    site.app.wait_hours(2);
    receiver.answers("500 Internal Server Error", "");
    look(&site, &app);
    assert_eq!(states(&site), [ShiftState::Planned]);
}

#[test]
fn a_rota_of_a_past_day_knows_people_by_the_names_they_had() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    add(
        &lead,
        &site,
        "Primary",
        &calendar(&site, &[("a", site.mentor.name.clone(), 240, 260)]),
    )
    .assert_status(303);
    let day = site.app.now().day();
    site.app.wait_hours(48);
    let now = site.app.now();
    site.app.db(|c| {
        let name = people::Name::parse("Marcus Oyelaran-Diaz").unwrap();
        people::store::set_name(c, site.mentor.id, &name, now)
    });
    let lead = site.client(Role::OwnerLead);
    lead.get(&page(&site)).assert_text("1 open, 0 accepted");
    // Said today, so it counts from today on.
    let names = format!("{}/names", page(&site));
    let called = checkride::text::key(&site.mentor.name);
    lead.submit(
        &names,
        &names,
        &[("called", &called), ("who", &site.qualifier.handle)],
    )
    .assert_status(303);
    lead.get(&page(&site))
        .assert_text("0 open, 0 accepted")
        .assert_text(&site.qualifier.name);
    let then = lead.get(&format!("{}?at={day}", page(&site)));
    then.assert_text("0 open, 0 accepted")
        .assert_text("Marcus Oyelaran-Diaz");
    assert!(!then.text().contains(&site.qualifier.name));
}
