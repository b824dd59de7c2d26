//! The goals of the teams of a person, from what was computed before: their Home waits for nothing.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::cache::{self, Known};
use crate::db::fixed::fixed;
use crate::db::list::{List, entries, listed};
use crate::db::schema::teams;
use crate::db::types::Day;
use crate::db::{Conn, id_in};
use crate::domain::kpi::target::goal;
use crate::domain::kpi::{Goal, Health, Kpi, Measure};
use crate::domain::people::model::Team;
use crate::error::Result;
use crate::text;

/// A goal of a team, as it was last computed.
#[derive(Debug, Clone)]
pub struct TeamGoal {
    pub team: Team,
    pub kpi: Kpi,
    pub goal: Option<Goal>,
    /// None where nothing was computed yet.
    pub known: Option<(Day, Measure, Health)>,
    /// As [`super::Figure::is_withheld`].
    pub is_withheld: bool,
}

/// The goals of these teams in one statement, by team.
pub fn of_teams(c: &mut Conn, team_ids: &[i64]) -> Result<Vec<TeamGoal>> {
    type Row = (Team, List, List, Option<String>, Option<String>);
    let scope = "'team:' || CAST(teams.id AS TEXT)";
    let latest = |column: &str| {
        fixed::<Nullable<Text>>(format!(
            "(SELECT {column} FROM kpi_days d WHERE d.scope = {scope} ORDER BY d.day DESC LIMIT 1)"
        ))
    };
    let pinned = listed(
        &["CAST(p.id AS TEXT)", "p.kpi"],
        "kpi_pins p WHERE p.team_id = teams.id AND p.until IS NULL",
    );
    let targets = listed(
        &[
            "CAST(t.id AS TEXT)",
            "t.kpi",
            "COALESCE(CAST(t.at_least AS TEXT), '')",
            "COALESCE(CAST(t.at_most AS TEXT), '')",
        ],
        &format!("kpi_targets t WHERE t.scope = {scope}"),
    );
    let rows: Vec<Row> = teams::table
        .filter(id_in(teams::id, team_ids))
        .select((
            Team::as_select(),
            pinned,
            targets,
            latest("CAST(d.day AS TEXT)"),
            latest("d.figures"),
        ))
        .load(c)?;
    let mut goals = Vec::new();
    for (team, pinned, targets, day, figures) in rows {
        let mut pinned = entries(pinned, |parts| match parts {
            [id, kpi] => Some((id.parse::<i64>().ok()?, Kpi::parse(kpi))),
            _ => None,
        })?;
        pinned.sort_by_key(|(id, _)| *id);
        let mut targets = entries(targets, read_target)?;
        targets.sort_by_key(|(id, ..)| *id);
        let day = day.as_deref().and_then(Day::parse);
        let figures = figures.and_then(|json| cache::from_json(&json));
        let figures = figures.unwrap_or_default();
        for kpi in pinned.into_iter().filter_map(|(_, kpi)| kpi) {
            let own = targets.iter().rev().find(|(_, of, _)| *of == Some(kpi));
            let figure = figures.iter().find(|f| f.kpi == kpi);
            let proposed = figure.map_or(kpi.goal(), Known::proposed);
            let goal = own.and_then(|(.., goal)| *goal).or(proposed);
            let known = day.zip(figure).map(|(day, figure)| {
                let health = kpi.health(figure.main, goal);
                (day, figure.main, health)
            });
            goals.push(TeamGoal {
                team: team.clone(),
                kpi,
                goal,
                known,
                is_withheld: figure.is_some_and(|figure| figure.is_withheld),
            });
        }
    }
    goals.sort_by_cached_key(|g| (text::sort_key(&g.team.name), g.team.id));
    Ok(goals)
}

type Wanted = (i64, Option<Kpi>, Option<Goal>);

fn read_target(parts: &[&str]) -> Option<Wanted> {
    let [id, kpi, low, high] = parts else {
        return None;
    };
    let end = |text: &str| match text {
        "" => Some(None),
        text => text.parse::<f64>().ok().map(Some),
    };
    Some((
        id.parse().ok()?,
        Kpi::parse(kpi),
        goal(end(low)?, end(high)?),
    ))
}
