//! Use cases of reading the audit log. Reading leaves no entry.

use crate::db::Conn;
use crate::domain::area::model::Area;
use crate::domain::area::store as areas;
use crate::domain::audit::filter::{Filter, FilterForm, Who, matching};
use crate::domain::audit::store;
use crate::domain::audit::store::{Place, Row};
use crate::domain::people::Actor;
use crate::domain::people::model::Person;
use crate::domain::people::store as people;
use crate::error::{Error, FieldErrors, Result};
use crate::web::time::LocalTime;

/// Lets administrators pass: the log shows from which address everybody signed in, and when.
fn permit(actor: &Actor) -> Result<()> {
    if actor.is_admin {
        Ok(())
    } else {
        Err(Error::Forbidden(
            "The audit log is open to administrators only.".into(),
        ))
    }
}

/// Who is meant by the words typed for a person.
#[derive(Debug, Clone)]
pub enum Meant {
    Everybody,
    One(Person),
    /// Whoever works at the command line.
    Operator,
    /// More than one person fits.
    Several(Vec<Person>),
    Nobody,
}

/// What was asked for, understood.
#[derive(Debug, Clone)]
pub struct Understood {
    /// Which entries are wanted.
    pub filter: Filter,
    /// Whom the words meant.
    pub meant: Meant,
    /// All areas, to choose from.
    pub areas: Vec<Area>,
    /// What could not be understood.
    pub errors: FieldErrors,
}

impl Understood {
    /// True when it says which entries are wanted; otherwise none are shown, instead of too many.
    pub fn is_clear(&self) -> bool {
        self.errors.is_empty() && !matches!(self.meant, Meant::Several(_) | Meant::Nobody)
    }
}

/// Understands what an administrator asks for.
pub fn understand(
    c: &mut Conn,
    actor: &Actor,
    local: &LocalTime,
    asked: &FilterForm,
) -> Result<Understood> {
    permit(actor)?;
    let areas = areas::all_with_archived(c)?;
    let (mut filter, errors) = asked.parse(&areas, local);
    let meant = meant(c, asked)?;
    filter.who = match &meant {
        Meant::One(person) => Some(Who::Person(person.id)),
        Meant::Operator => Some(Who::Operator),
        Meant::Everybody | Meant::Several(_) | Meant::Nobody => None,
    };
    Ok(Understood {
        filter,
        meant,
        areas,
        errors,
    })
}

fn meant(c: &mut Conn, asked: &FilterForm) -> Result<Meant> {
    if asked.who.is_empty() {
        return Ok(Meant::Everybody);
    }
    if asked.includes_operator() {
        return Ok(Meant::Operator);
    }
    // The handle stands in links of the page itself; one look finds it.
    let key = asked.who.to_lowercase();
    if let Some(person) = people::by_handle_or_email(c, &key)? {
        return Ok(Meant::One(person));
    }
    let everybody = people::everybody(c)?;
    let mut found: Vec<Person> = matching(&asked.who, &everybody)
        .into_iter()
        .cloned()
        .collect();
    Ok(match found.len() {
        0 => Meant::Nobody,
        1 => found.pop().map_or(Meant::Nobody, Meant::One),
        _ => Meant::Several(found),
    })
}

/// At most `limit` of the wanted entries, newest first, those after `before` in the list; and the place of the last
/// one, when there are more.
///
/// Errors: [`Error::Forbidden`] unless an administrator asks; [`Error::NotFound`] when there is no such entry to go on
/// from.
pub fn page(
    c: &mut Conn,
    actor: &Actor,
    filter: &Filter,
    before: Option<i64>,
    limit: usize,
) -> Result<(Vec<Row>, Option<i64>)> {
    permit(actor)?;
    let place: Option<Place> = match before {
        Some(seq) => {
            let row = store::entry(c, seq)?.ok_or(Error::NotFound("entry"))?;
            Some((row.at, row.seq))
        }
        None => None,
    };
    let mut rows = store::newest(c, filter, place, limit.saturating_add(1))?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| more).map(|row| row.seq);
    Ok((rows, last))
}

/// One entry with everything it says.
///
/// Errors: [`Error::Forbidden`] unless an administrator asks; [`Error::NotFound`].
pub fn entry(c: &mut Conn, actor: &Actor, seq: i64) -> Result<Row> {
    permit(actor)?;
    store::entry(c, seq)?.ok_or(Error::NotFound("entry"))
}
