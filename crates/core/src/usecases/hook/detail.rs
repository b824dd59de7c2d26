//! What the pages of hooks read.

use super::actions::{Managed, managed};
use crate::db::Conn;
use crate::domain::hook::{Owner, store};
use crate::domain::outbox::model::Message;
use crate::domain::outbox::store::Filter;
use crate::domain::people::Actor;
use crate::domain::{area, hook, outbox, people};
use crate::error::{Error, Result};

/// Messages on a page.
const SHOWN: usize = 25;

/// What somebody may add hooks to, with its name: teams, then areas.
///
/// Errors: [`Error::Forbidden`] for those who lead no team.
pub fn owners(c: &mut Conn, actor: &Actor) -> Result<Vec<(Owner, String)>> {
    if !actor.is_admin && actor.leads.is_empty() {
        let sentence = "Only leads and administrators can manage chat hooks.";
        return Err(Error::Forbidden(sentence.into()));
    }
    let mut all = Vec::new();
    for team in people::store::teams(c)? {
        if hook::may_manage(actor, team.id) {
            all.push((Owner::Team(team.id), team.name));
        }
    }
    for area in area::store::all(c)? {
        if hook::may_manage(actor, area.owner_team_id) {
            all.push((Owner::Area(area.id), area.name));
        }
    }
    Ok(all)
}

/// The hooks that somebody may manage: those of teams, then those of areas.
///
/// Errors: As [`owners`].
pub fn all(c: &mut Conn, actor: &Actor) -> Result<Vec<Managed>> {
    let owners = owners(c, actor)?;
    let (mut teams, mut areas) = (Vec::new(), Vec::new());
    for (owner, _) in &owners {
        match owner {
            Owner::Team(id) => teams.push(*id),
            Owner::Area(id) => areas.push(*id),
        }
    }
    let hooks = store::of(c, &teams, &areas)?;
    let mut all = Vec::new();
    for (owner, of) in owners {
        let own = hooks.iter().filter(|hook| hook.owner() == Some(owner));
        all.extend(own.map(|hook| Managed {
            hook: hook.clone(),
            of: of.clone(),
        }));
    }
    Ok(all)
}

/// A hook with its messages before that row, the newest first; and the row from which older ones follow.
///
/// Errors: As [`managed`].
pub fn one(
    c: &mut Conn,
    actor: &Actor,
    id: i64,
    before: Option<i64>,
) -> Result<(Managed, Vec<Message>, Option<i64>)> {
    let found = managed(c, actor, id)?;
    let wanted = Filter {
        hook_id: Some(id),
        ..Filter::default()
    };
    let most = i64::try_from(SHOWN).unwrap_or(i64::MAX);
    let mut messages = outbox::store::list(c, wanted, before, most + 1)?;
    let is_more = messages.len() > SHOWN;
    messages.truncate(SHOWN);
    let older = messages.last().filter(|_| is_more).map(|m| m.id);
    Ok((found, messages, older))
}
