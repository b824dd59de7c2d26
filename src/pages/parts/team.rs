//! The field in which a team is chosen.

use super::choice::Choice;
use crate::db::Conn;
use crate::domain::people::model::Team;
use crate::domain::people::{store, team_word};
use crate::error::{Error, Result};
use crate::pages::form::Form;
use crate::text;
use crate::web::Fields;
use crate::words::{clipped, listed};

/// Names of teams that are like the one that was typed.
const LIKE: i64 = 5;

/// A list of all teams; where those are too many, a field for the name that offers the viewer's own.
pub struct TeamField {
    pub choices: Vec<Choice>,
    pub is_many: bool,
    /// What the field for the name says.
    pub typed: String,
    /// The team that is chosen.
    pub team: Option<Team>,
}

impl TeamField {
    /// `word` is a [`team_word`] or a name; `own` are the teams of the viewer.
    pub fn load(c: &mut Conn, word: &str, own: &[i64]) -> Result<Self> {
        let (teams, is_many) = store::teams_to_choose(c, word, own)?;
        let key = text::key(word);
        let id = teams.iter().find(|t| team_word(t) == key).map(|t| t.id);
        let choice = |t: &Team| Choice::new(team_word(t), &t.name, Some(t.id) == id);
        let choices = teams.iter().map(choice).collect();
        let team = teams.into_iter().find(|t| Some(t.id) == id);
        Ok(Self {
            choices,
            is_many,
            typed: team.as_ref().map_or(word, |t| &t.name).to_owned(),
            team,
        })
    }

    /// The field `team` of a filter, as its address says.
    ///
    /// Errors: As [`named`], the first time; the page that then says so shows all teams.
    pub fn asked(c: &mut Conn, form: &Form, own: &[i64]) -> Result<Self> {
        let word = form.fields.trimmed("team");
        let field = Self::load(c, word, own)?;
        match field.team.is_none() && !word.is_empty() && form.typed().is_none() {
            true => Err(unknown(c, "team", word)?),
            false => Ok(field),
        }
    }

    /// What the address asks for, without a team that is not there: all are shown.
    pub fn taken(&self, asked: &Fields) -> Fields {
        match self.team {
            Some(_) => asked.clone(),
            None => asked.clone().without("team"),
        }
    }

    /// Without the choices that have such a name.
    pub fn without(mut self, is_out: impl Fn(&str) -> bool) -> Self {
        self.choices.retain(|choice| !is_out(&choice.label));
        self
    }

    /// The name of the team that is chosen; empty for none.
    pub fn name(&self) -> &str {
        self.team.as_ref().map_or("", |t| t.name.as_str())
    }

    /// The word of the team that is chosen, for addresses.
    pub fn word(&self) -> String {
        self.team.as_ref().map(team_word).unwrap_or_default()
    }
}

/// The team that a field names; `None` when it is empty.
///
/// Errors: [`Error::Invalid`] at that field when no team is called so, with names that are like it.
pub fn named(c: &mut Conn, field: &str, word: &str) -> Result<Option<Team>> {
    let found = store::team_called(c, word)?;
    if found.is_some() || word.is_empty() {
        return Ok(found);
    }
    Err(unknown(c, field, word)?)
}

fn unknown(c: &mut Conn, field: &str, word: &str) -> Result<Error> {
    let like = store::team_names_like(c, word, LIKE)?;
    let like: Vec<&str> = like.iter().map(String::as_str).collect();
    let word = clipped(word, 80);
    Ok(Error::field(
        field,
        match like.is_empty() {
            true => format!("There is no team “{word}”."),
            false => format!("There is no team “{word}”. Like it: {}.", listed(&like)),
        },
    ))
}
