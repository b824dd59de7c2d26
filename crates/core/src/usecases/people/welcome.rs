//! Putting away the first steps on home.

use crate::db::Conn;
use crate::domain::audit::Act;
use crate::domain::people::store;
use crate::domain::people::welcome::{Part, with};
use crate::error::{Error, Result};

/// Puts away the actor's own first steps of a part, for good. Again changes nothing.
///
/// Errors: [`Error::SignedOut`] for the operator, who has no home.
pub fn put_away(c: &mut Conn, act: &Act, part: Part) -> Result<()> {
    let me = act.actor.id.ok_or(Error::SignedOut)?;
    // Nobody else writes this row until the end.
    act.hold(c, &[])?;
    let stored = store::welcomed(c, me)?;
    match with(&stored, part) {
        Some(words) => store::set_welcomed(c, me, &words),
        None => Ok(()),
    }
}
