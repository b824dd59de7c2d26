//! Whose figures a page shows, and who may see them.

use diesel::prelude::*;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Scope;
use crate::db::Conn;
use crate::db::schema::{pairings, ramps};
use crate::domain::area::model::Area;
use crate::domain::area::{self, labels};
use crate::domain::auth::context::ReadContext;
use crate::domain::kpi::{Kpi, Place, may_read_person};
use crate::domain::people::{self, Actor, team_word};
use crate::error::{Error, Result};
use crate::text;

/// Whose figures, as an address names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    Organisation,
    /// A word as in [`team_word`].
    Team(String),
    /// Its name in addresses, or its number.
    Area(String),
    Label(String),
    /// A handle.
    Person(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub whose: Whose,
    pub scope: Scope,
    /// `Payments`, `Organisation`.
    pub name: String,
    /// The team whose leads set targets.
    pub team_id: Option<i64>,
}

impl Subject {
    /// Where it can have targets.
    pub fn place(&self) -> Option<Place> {
        self.scope.place()
    }

    pub fn may_set_target(&self, actor: &Actor) -> bool {
        let place = self.place();
        place.is_some_and(|place| place.may_set_target(actor, self.team_id))
    }
}

/// Finds what an address names, for somebody who may read its figures: those of organisation, teams, areas and labels are
/// open to all.
///
/// Errors: [`Error::NotFound`], also for figures of a person that are not open to the actor.
pub fn find(c: &mut Conn, context: &ReadContext, whose: &Whose) -> Result<Subject> {
    if let Whose::Person(handle) = whose {
        let (id, name) = context.today(c, |c| person(c, &context.actor, handle))?;
        return Ok(subject(whose, Scope::Person(id), name, None));
    }
    of_all(c, whose)
}

/// The same for what is open to all.
pub fn of_all(c: &mut Conn, whose: &Whose) -> Result<Subject> {
    match whose {
        Whose::Organisation => Ok(subject(
            whose,
            Scope::Organisation,
            "Organisation".into(),
            None,
        )),
        Whose::Team(word) => {
            let team = people::store::team_by_word(c, word)?;
            let team = team.ok_or(Error::NotFound("team"))?;
            let whose = Whose::Team(team_word(&team));
            Ok(subject(
                &whose,
                Scope::Team(team.id),
                team.name,
                Some(team.id),
            ))
        }
        Whose::Area(slug) => {
            let area = area_of(c, slug)?;
            let team = Some(area.owner_team_id);
            let whose = Whose::Area(area.slug);
            Ok(subject(&whose, Scope::Area(area.id), area.name, team))
        }
        Whose::Label(word) => {
            let areas = area::store::all(c)?;
            let all = labels::distinct(areas.iter().map(|a| a.labels.as_str()));
            let label = all.into_iter().find(|l| text::key(l) == text::key(word));
            let label = label.ok_or(Error::NotFound("label"))?;
            Ok(subject(whose, Scope::Label(label.clone()), label, None))
        }
        Whose::Person(_) => Err(Error::NotFound("person")),
    }
}

/// The area with that name in addresses, or with that number.
fn area_of(c: &mut Conn, word: &str) -> Result<Area> {
    match (area::store::by_slug(c, word)?, word.parse()) {
        (Some(area), _) => Ok(area),
        (None, Ok(id)) => area::store::by_id(c, id),
        (None, Err(_)) => Err(Error::NotFound("area")),
    }
}

fn subject(whose: &Whose, scope: Scope, name: String, team_id: Option<i64>) -> Subject {
    Subject {
        whose: whose.clone(),
        scope,
        name,
        team_id,
    }
}

/// A person and their name, for somebody who may read their figures.
fn person(c: &mut Conn, actor: &Actor, handle: &str) -> Result<(i64, String)> {
    let hidden = || Error::NotFound("person");
    let person = people::store::by_handle_or_email(c, handle)?.ok_or_else(hidden)?;
    let places = people::store::memberships_of(c, person.id)?;
    let teams: Vec<i64> = places.iter().map(|m| m.team_id).collect();
    let mentors: Vec<i64> = pairings::table
        .inner_join(ramps::table)
        .filter(
            ramps::mentee_id
                .eq(person.id)
                .and(ramps::closed_at.is_null()),
        )
        .filter(pairings::until.is_null())
        .select(pairings::mentor_id)
        .load(c)?;
    match may_read_person(actor, person.id, &teams, &mentors) {
        true => Ok((person.id, person.name)),
        false => Err(hidden()),
    }
}

impl Whose {
    /// The address of the page of all its figures.
    pub fn address(&self) -> String {
        match self {
            Self::Organisation => "/kpis".into(),
            Self::Team(word) => format!("/kpis/teams/{}", percent(word)),
            Self::Area(slug) => format!("/kpis/areas/{}", percent(slug)),
            Self::Label(label) => format!("/kpis/labels/{}", percent(&text::key(label))),
            Self::Person(handle) => format!("/people/{}/kpis", percent(handle)),
        }
    }

    /// The address of the page of one of them.
    pub fn figure(&self, kpi: Kpi) -> String {
        let word = kpi.word();
        match self {
            Self::Organisation => format!("/kpis/figures/{word}"),
            _ => format!("{}/{word}", self.address()),
        }
    }
}

/// What stays as it is in a part of a path.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

fn percent(word: &str) -> String {
    utf8_percent_encode(word, PLAIN).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_an_address() {
        for (whose, address) in [
            (Whose::Organisation, "/kpis/figures/coverage"),
            (
                Whose::Team("commerce sre".into()),
                "/kpis/teams/commerce%20sre/coverage",
            ),
            (
                Whose::Area("payments".into()),
                "/kpis/areas/payments/coverage",
            ),
            (
                Whose::Label("Größe".into()),
                "/kpis/labels/gr%C3%B6sse/coverage",
            ),
            (Whose::Person("ada".into()), "/people/ada/kpis/coverage"),
        ] {
            assert_eq!(whose.figure(Kpi::Coverage), address);
        }
    }
}
