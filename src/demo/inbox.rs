//! What the people of the demo were told: the last days of it are not read yet.

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::notification::store;
use crate::domain::notification::store::Which;
use crate::domain::{outbox, people};
use crate::error::Result;
use crate::usecases::notify::rounds;

/// Who opens the demo finds that many days unread, and the mails of these days.
const UNREAD_DAYS: i64 = 3;

pub(super) fn fill(c: &mut Conn, now: UtcTime) -> Result<()> {
    let since = now.plus_hours(-24 * UNREAD_DAYS);
    outbox::store::leave_before(c, since)?;
    for person in people::store::active(c)? {
        store::read(c, person.id, Which::UpTo(since), since)?;
    }
    loop {
        let due = rounds::due(c, now)?;
        if due.is_empty() {
            break;
        }
        for round in due {
            rounds::look(c, round, now)?;
        }
    }
    Ok(())
}
