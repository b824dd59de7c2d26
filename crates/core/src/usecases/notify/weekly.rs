//! What a week brings: to mentees, mentors and leads, each of what is theirs.

use crate::domain::area::Cover;
use crate::domain::outbox::letter::Row;
use crate::domain::ramp::model::Ramp;
use crate::domain::session::plan;
use crate::usecases::home::mine::Mine;
use crate::usecases::home::waiting::Wait;

/// A mail has no more lines than that; home has all.
const MOST: usize = 30;

/// The lines of the weekly mail: what waits, then ramps, mentees and areas. Empty where nothing concerns the person.
pub(super) fn rows(mine: &Mine, waits: Vec<Wait>) -> Vec<Row> {
    let mut rows: Vec<Row> = waits
        .into_iter()
        .map(|wait| Row {
            title: wait.deed,
            note: wait.note,
            path: wait.cause.path,
        })
        .collect();
    let running = |ramp: &&Ramp| ramp.state.is_running();
    rows.extend(
        mine.own()
            .into_iter()
            .filter(running)
            .map(|ramp| own(mine, ramp)),
    );
    rows.extend(
        mine.mentored()
            .into_iter()
            .filter(running)
            .map(|ramp| mentored(mine, ramp)),
    );
    rows.extend(stale(mine));
    rows.extend(led(mine));
    rows.truncate(MOST);
    rows
}

fn own(mine: &Mine, ramp: &Ramp) -> Row {
    let next = mine
        .readiness(ramp)
        .and_then(|r| r.obstacles.first())
        .map_or_else(
            || "Every gate is met".to_owned(),
            |obstacle| format!("Next step: {}", obstacle.what),
        );
    Row {
        title: format!("Your ramp, {}", mine.register.area_name(ramp.area_id)),
        note: format!("{next}. {}", session(mine, ramp)),
        path: format!("/ramps/{}", ramp.id),
    }
}

fn mentored(mine: &Mine, ramp: &Ramp) -> Row {
    Row {
        title: mine.title(ramp),
        note: session(mine, ramp),
        path: format!("/ramps/{}", ramp.id),
    }
}

fn session(mine: &Mine, ramp: &Ramp) -> String {
    match plan::next(mine.plans(ramp), mine.now) {
        Some(plan) => format!(
            "The next session is on {}",
            mine.local.moment(plan.starts_at).text
        ),
        None => "No session is planned".into(),
    }
}

/// Ramps the person leads and has no other part in, without a session for too long.
fn stale(mine: &Mine) -> Vec<Row> {
    let others = mine.led().into_iter().filter(|ramp| {
        let parties = mine.register.parties(ramp);
        !parties.is_mentee(&mine.actor) && !parties.is_mentor(&mine.actor)
    });
    let rows = others.filter_map(|ramp| {
        let since = mine.local.moment(mine.stale_since(ramp)?).text;
        Some(Row {
            title: mine.title(ramp),
            note: format!("No session since {since}"),
            path: format!("/ramps/{}", ramp.id),
        })
    });
    rows.collect()
}

/// Areas the person leads that are short of cover, or have sign-offs that wait.
fn led(mine: &Mine) -> Vec<Row> {
    let register = &mine.register;
    let areas = register
        .areas()
        .iter()
        .filter(|a| a.archived_at.is_none() && mine.actor.leads(a.owner_team_id));
    let rows = areas.filter_map(|area| {
        let cover = register.cover(area);
        let open = mine
            .shown
            .iter()
            .filter(|r| r.area_id == area.id && register.signoff(r.id).is_some())
            .count();
        let mut notes = Vec::new();
        if matches!(cover.cover, Cover::ShortBy(_)) {
            notes.push(format!(
                "{} cleared: {}",
                cover.share(),
                cover.cover.label()
            ));
        }
        if open > 0 {
            notes.push(match open {
                1 => "1 sign-off waits".into(),
                n => format!("{n} sign-offs wait"),
            });
        }
        (!notes.is_empty()).then(|| Row {
            title: area.name.clone(),
            note: notes.join(", "),
            path: format!("/areas/{}", area.slug),
        })
    });
    rows.collect()
}
