//! A figure crosses its target: its owner and the leads are told once, and once more when it is met again.

use super::cache::Known;
use super::subject::Whose;
use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::hook::{Event, Kind as Told, Owner};
use crate::domain::kpi::target::{Target, current};
use crate::domain::kpi::{Health, Place, store};
use crate::domain::notification::Kind;
use crate::domain::notification::model::Cause;
use crate::domain::{area, people};
use crate::error::Result;
use crate::usecases::{hook, notify};

/// Decides for the figures of a day that is over, and tells of those that crossed their target. Done again for the same
/// day, it tells nothing more.
pub fn decide(c: &mut Conn, place: Place, day: Day, figures: &[Known], now: UtcTime) -> Result<()> {
    let scope = place.word();
    let targets = store::targets(c, &scope)?;
    for figure in figures {
        let Some(target) = current(&targets, figure.kpi) else {
            continue;
        };
        let Some(is_missed) = is_missed(figure, target) else {
            continue;
        };
        if store::is_missed(c, &scope, figure.kpi)? == is_missed {
            continue;
        }
        if let Some(id) = store::cross(c, (&scope, figure.kpi), (day, is_missed), now)? {
            tell(c, place, target, (id, day, is_missed), now)?;
        }
    }
    Ok(())
}

/// Whether a figure misses its target; none where there is too little to say.
fn is_missed(figure: &Known, target: &Target) -> Option<bool> {
    match figure.kpi.health(figure.main, Some(target.goal)) {
        Health::Okay => Some(false),
        Health::Attention | Health::Problem => Some(true),
        Health::Unknown => None,
    }
}

fn tell(
    c: &mut Conn,
    place: Place,
    target: &Target,
    (id, day, is_missed): (i64, Day, bool),
    now: UtcTime,
) -> Result<()> {
    let kpi = target.kpi;
    let (whose, name, team, hooks) = match place {
        Place::Organisation => (Whose::Organisation, "Organisation".into(), None, None),
        Place::Team(team_id) => {
            let name = people::store::team_name(c, team_id)?;
            let whose = Whose::Team(team_id.to_string());
            (whose, name, Some(team_id), Some(Owner::Team(team_id)))
        }
        Place::Area(area_id) => {
            let area = area::store::by_id(c, area_id)?;
            let team = Some(area.owner_team_id);
            let hooks = Some(Owner::Area(area_id));
            (Whose::Area(area.slug), area.name, team, hooks)
        }
    };
    let (kind, told) = match is_missed {
        true => (Kind::KpiMissed, Told::KpiMissed),
        false => (Kind::KpiMet, Told::KpiMet),
    };
    let object = format!("kpi:{}:{}", kpi.word(), place.word());
    let cause = Cause::new(kind, object, whose.figure(kpi))
        .titled(format!("{}, {name}", kpi.label()))
        .due_on(day)
        .apart_by(day);
    let mut to = vec![target.owner_id];
    if let Some(team_id) = team {
        to.extend(people::store::leads_of(c, &[team_id])?);
    }
    notify::came(c, &cause, to, now)?;
    match hooks {
        Some(of) => {
            let event = Event::figure(told, id, of, (kpi.word(), kpi.label()), day.start());
            hook::publish(c, &event, now)
        }
        None => Ok(()),
    }
}
