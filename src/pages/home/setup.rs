//! The way from an empty installation to its first ramp, shown to administrators until there is one.

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::standing;
use crate::domain::people::names::Names;
use crate::domain::{area, clearance, people, ramp};
use crate::error::Result;
use crate::usecases::register::Register;

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) done: bool,
    pub(super) what: &'static str,
    /// What is there already, or what the step is good for.
    pub(super) note: String,
    pub(super) href: String,
    pub(super) button: &'static str,
    /// The first one that is not done.
    pub(super) is_next: bool,
}

/// The steps, and how many of them are done.
pub(super) struct Setup {
    pub(super) done: usize,
    pub(super) steps: Vec<Step>,
}

/// What the installation has.
#[derive(Debug, Clone, Copy)]
struct Has {
    teams: i64,
    people: i64,
    areas: i64,
    /// People cleared in some area, and those of them who can sign for it.
    cleared: i64,
    qualifiers: i64,
}

/// The steps, for an administrator of an installation that never had a ramp. A few queries more, and none where there is
/// an open ramp of theirs.
pub(super) fn load(
    c: &mut Conn,
    register: &Register,
    context: &ReadContext,
) -> Result<Option<Setup>> {
    let is_set_up = !context.actor.is_admin || !register.ramps().is_empty();
    if is_set_up || ramp::store::any(c)? {
        return Ok(None);
    }
    let (teams, people, areas) = people::admin::store::counts(c)?;
    let today = context.now.day();
    let mut held: Vec<_> = clearance::store::latest(c)?
        .into_iter()
        .filter(|held| standing(Some(held), today).is_cover())
        .collect();
    let names = Names::load(c, held.iter().map(|held| held.person_id))?;
    held.retain(|held| names.is_active(held.person_id));
    let can_sign = area::store::qualifiers(c)?.into_iter().filter(|q| {
        let mut held = held.iter();
        held.any(|held| held.person_id == q.person_id && held.area_id == q.area_id)
    });
    let has = Has {
        teams,
        people,
        areas,
        cleared: count(held.len()),
        qualifiers: count(can_sign.count()),
    };
    // The area that is furthest: the next step is in it.
    let areas = area::store::all(c)?;
    let begun = areas
        .iter()
        .find(|area| held.iter().any(|held| held.area_id == area.id));
    let slug = begun.or(areas.first()).map(|area| area.slug.as_str());
    let steps = steps(has, slug);
    let done = steps.iter().filter(|s| s.done).count();
    Ok(Some(Setup { done, steps }))
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The steps; those inside an area are about the one of that name in URLs.
fn steps(has: Has, slug: Option<&str>) -> Vec<Step> {
    let count = |n: i64, one: &str, many: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {many}"),
    };
    let step = |done, what, note: String, href: &str, button| Step {
        done,
        what,
        note,
        href: href.to_owned(),
        button,
        is_next: false,
    };
    let within = |page: &str| slug.map_or("/areas".into(), |slug| format!("/areas/{slug}/{page}"));
    let mut steps = vec![
        step(
            has.teams > 0,
            "Add a team",
            match has.teams {
                0 => "The one that carries the pager: it has members and leads, and owns areas."
                    .into(),
                n => format!("{}.", count(n, "team", "teams")),
            },
            "/admin/teams",
            "Teams",
        ),
        step(
            has.people > 1,
            "Add its people",
            match has.people {
                0 | 1 => "Paste a list. Each person gets a one-time link to sign in. A ramp \
                          needs two: a mentee and a mentor."
                    .into(),
                n => format!("{}.", count(n, "person", "people")),
            },
            "/admin/add-people",
            "Add people",
        ),
        step(
            has.areas > 0,
            "Set up an area",
            match has.areas {
                0 => {
                    "A system you answer for. Its standard says what to know and do to be cleared."
                        .into()
                }
                n => format!("{}.", count(n, "area", "areas")),
            },
            "/areas/new",
            "Set up an area",
        ),
        step(
            has.cleared > 0,
            "Say who is on call already",
            match has.cleared {
                0 => {
                    "Add their existing clearances. Without anyone cleared, nobody can sign.".into()
                }
                n => format!("{} cleared.", count(n, "person is", "people are")),
            },
            &within("cleared"),
            "Add existing clearances",
        ),
        step(
            has.qualifiers > 0,
            "Designate a qualifier",
            match has.qualifiers {
                0 => {
                    "Someone cleared who may turn keys. A mentor who is one turns the first.".into()
                }
                n => format!("{} can sign.", count(n, "person", "people")),
            },
            &within("qualifiers"),
            "Designate",
        ),
        step(
            false,
            "Pair the first two",
            "Start a ramp: who ramps up, in which area, and who mentors.".into(),
            "/ramps/new",
            "Start a ramp",
        ),
    ];
    if let Some(next) = steps.iter_mut().find(|s| !s.done) {
        next.is_next = true;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_that_is_not_done_is_next() {
        for (teams, people, areas, cleared, qualifiers, next) in [
            (0, 1, 0, 0, 0, 0),
            (1, 1, 0, 0, 0, 1),
            (0, 5, 0, 0, 0, 0),
            (1, 2, 0, 0, 0, 2),
            (2, 9, 1, 0, 0, 3),
            (2, 9, 1, 2, 0, 4),
            (2, 9, 1, 2, 1, 5),
        ] {
            let has = Has {
                teams,
                people,
                areas,
                cleared,
                qualifiers,
            };
            let steps = steps(has, Some("payments"));
            let marked: Vec<_> = (0..6).filter(|n| steps.get(*n).unwrap().is_next).collect();
            assert_eq!(marked, [next]);
            assert!(steps.iter().take(next).all(|s| s.done));
            assert_eq!(steps.get(3).unwrap().href, "/areas/payments/cleared");
        }
    }
}
