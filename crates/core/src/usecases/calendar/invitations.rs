//! What was planned, moved or cancelled, as it stands in the transaction that did it: what a mail about it carries.
//!
//! A mail calls [`Engagement::invitation`] for each of those it is for. The number of an invitation is counted from the
//! history, so the caller need not know which it is.

use crate::db::Conn;
use crate::domain::calendar::Installation;
use crate::domain::calendar::engagement::{Engagement, Kind};
use crate::domain::calendar::store;
use crate::error::{Error, Result};
use crate::usecases::calendar::engagements::{Which, of_kind};

/// A session, shift, drill or reading club as calendars are told of it.
///
/// Errors: [`Error::NotFound`].
pub fn of(c: &mut Conn, kind: Kind, id: i64) -> Result<Engagement> {
    let found = of_kind(c, kind, Which::Row(id))?;
    found.into_iter().next().ok_or(Error::NotFound(kind.word()))
}

/// This installation, as calendars know it; `base` is its address, without a slash at the end.
pub fn installation(c: &mut Conn, base: &str) -> Result<Installation> {
    Ok(Installation {
        name: store::name(c)?,
        base: base.to_owned(),
    })
}
