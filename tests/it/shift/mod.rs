//! On-call shifts from brief to debrief, with their ledger: what counts, for whom, and who may say so.

mod changed;
mod debriefed;
mod home;
mod ledger;
mod planned;
mod races;

use checkride::db::types::Day;
use checkride::domain::audit::Act;
use checkride::domain::readiness::Readiness;
use checkride::domain::shift::model::{Alert, Shift};
use checkride::domain::shift::store;
use checkride::domain::shift::{Brief, Hours, NewAlert, NewDebrief, NewShift, ShiftKind, Verdict};
use checkride::domain::standard::{Gate, StandardState, store as standards};
use checkride::usecases::shift::{actions, debrief, ledger as lines};
use checkride::words::{Title, Words};

use crate::support::{Answer, Client, Form, Role, Site, path};

/// A brief that says something everywhere.
pub fn brief() -> Brief {
    let words = |text: &str| Words::parse(text).unwrap();
    Brief {
        may_page: words("The gateway, and the noisy disk alert"),
        runbooks: words("https://wiki.example.com/payments"),
        learner_job: words("Say aloud what it means"),
        who_may_touch: words("Only whoever is on call"),
    }
}

fn plan_page(ramp_id: i64) -> String {
    path::plan_shift(ramp_id)
}

/// The form that plans a shift, with a brief that says something everywhere.
pub fn plan_form(client: &Client, ramp_id: i64) -> Form {
    let page = plan_page(ramp_id);
    client
        .form_at(&page)
        .with("may_page", "The gateway")
        .with("runbooks", "https://wiki.example.com/payments")
        .with("learner_job", "Watch")
        .with("who_may_touch", "Only whoever is on call")
}

/// A shift with the qualifier, planned by the mentor, that many hours from now; gives back its row.
pub fn planned(site: &Site, kind: ShiftKind, (from, to): (i64, i64)) -> i64 {
    planned_with(site, kind, site.qualifier.id, (from, to))
}

pub fn planned_with(site: &Site, kind: ShiftKind, with_id: i64, (from, to): (i64, i64)) -> i64 {
    let now = site.app.now();
    let new = NewShift {
        kind,
        with_id,
        hours: Hours::new(now.plus_hours(from), now.plus_hours(to)).unwrap(),
        brief: brief(),
    };
    let act = Act {
        now: now.plus_hours(from.min(0) - 1),
        ..site.act(Role::Mentor)
    };
    site.app.db(|c| actions::plan(c, &act, site.ramp_id, &new))
}

/// A reverse-shadow shift that runs.
pub fn running(site: &Site) -> i64 {
    planned(site, ShiftKind::ReverseShadow, (-2, 2))
}

/// A reverse-shadow shift that ended an hour ago.
pub fn ended(site: &Site) -> i64 {
    planned(site, ShiftKind::ReverseShadow, (-5, -1))
}

/// The mentee writes a line; gives back its row.
pub fn alert(site: &Site, shift_id: i64, understood: bool) -> i64 {
    let new = NewAlert {
        title: Title::parse("Gateway 5xx").unwrap(),
        acknowledged: true,
        actionable: true,
        understood,
        escalated: false,
    };
    let act = site.act(Role::Mentee);
    site.app.db(|c| lines::add(c, &act, shift_id, &new))
}

/// The person on call closes it: every line counts.
pub fn close(site: &Site, shift_id: i64) {
    let act = site.act(Role::Qualifier);
    let standing = alerts(site, shift_id).into_iter();
    let standing = standing.filter(|line| line.undone_at.is_none());
    let new = NewDebrief {
        went_well: Words::parse("She read the board first").unwrap(),
        went_badly: Words::parse("Nothing").unwrap(),
        observations: Default::default(),
        lines: standing.map(|line| (line.id, Verdict::Stands)).collect(),
        corrects: None,
    };
    site.app.db(|c| debrief::write(c, &act, shift_id, &new));
}

/// What the form of a debrief sends in words.
pub fn in_words() -> Vec<(&'static str, String)> {
    vec![
        ("went_well", "She read the board first".into()),
        ("went_badly", "Nothing".into()),
    ]
}

/// What the form of a debrief sends that lets every line count.
fn debriefing(lines: &[Alert]) -> Vec<(String, String)> {
    let words = in_words().into_iter();
    let mut fields: Vec<_> = words.map(|(name, said)| (name.to_owned(), said)).collect();
    for line in lines.iter().filter(|line| line.undone_at.is_none()) {
        fields.push((format!("line-{}", line.id), "stands".into()));
    }
    fields
}

pub fn alerts(site: &Site, shift_id: i64) -> Vec<Alert> {
    site.app.db(|c| store::alerts(c, shift_id))
}

fn shift(site: &Site, id: i64) -> Shift {
    site.app.db(|c| store::by_id(c, id))
}

/// The form of a debrief as its page shows it, with what must be typed.
pub fn debrief_form(client: &Client, id: i64) -> Form {
    let path = path::shift_form(id, "debrief");
    client
        .form_at(&path)
        .with("went_well", "Calm from the first page on")
        .with("went_badly", "The dashboards took a while to find")
}

/// The standard of the ramp asks for two shadow shifts with two people, and for 80 % of five alerts.
pub fn asking_for_shifts(site: &Site) {
    let mut content = crate::support::sample::content();
    content.gates = vec![
        Gate::Shadow {
            shifts: 2,
            people: 2,
        },
        Gate::Ledger {
            percent: 80,
            alerts: 5,
            drills_fill: true,
        },
    ];
    site.app.db(|c| {
        use checkride::db::schema::{ramps, standards as versions};
        use diesel::prelude::*;
        diesel::update(versions::table.find(site.standard_id))
            .set(versions::state.eq(StandardState::Retired))
            .execute(c)?;
        let version = standards::NewVersion {
            area_id: site.area_id,
            version: 2,
            state: StandardState::Published,
            note: "Shifts",
            content: &content,
            by: None,
            now: site.app.now(),
        };
        let id = standards::insert(c, &version)?;
        diesel::update(ramps::table.find(site.ramp_id))
            .set(ramps::standard_id.eq(id))
            .execute(c)?;
        Ok(())
    });
}

fn readiness(site: &Site) -> Readiness {
    site.dossier().readiness
}

fn progress(site: &Site) -> Vec<(bool, String)> {
    let gates = readiness(site).gates;
    gates.into_iter().map(|g| (g.met, g.progress)).collect()
}

/// The days on which somebody's practice was kept.
fn practised(site: &Site, person_id: i64) -> Vec<Day> {
    use checkride::db::schema::activities;
    use diesel::prelude::*;
    site.app.db(|c| {
        Ok(activities::table
            .filter(activities::person_id.eq(person_id))
            .select(activities::day)
            .load(c)?)
    })
}

/// Which one was done; the other was told.
fn winner(answers: &[Answer]) -> usize {
    let statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    let won = statuses.iter().position(|s| *s == 303);
    let won = won.unwrap_or_else(|| panic!("{statuses:?}"));
    assert_eq!(statuses[1 - won], 409, "{}", answers[1 - won].text());
    won
}
