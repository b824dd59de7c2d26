//! Pictures of comments, for those who read the comment where it is.

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::discussion::store;
use crate::domain::picture::{Kind, OwnerKind, store as pictures};
use crate::error::{Error, Result};
use crate::usecases::discussion::place::{Key, open};

/// A picture of a comment. `is_straight`: somebody from whom a post-mortem is kept back wants to see it all.
///
/// Errors: [`Error::NotFound`], also for those from whom its page keeps it back.
pub fn read(
    c: &mut Conn,
    context: &ReadContext,
    (id, number): (i64, i32),
    is_straight: bool,
) -> Result<(Kind, Vec<u8>)> {
    const NONE: Error = Error::NotFound("picture");
    let comment = store::by_id(c, id)?.filter(|comment| comment.removed_at.is_none());
    let comment = comment.ok_or(NONE)?;
    let (_, is_kept_back) =
        open(c, context, &Key::of(&comment)).map_err(|e| e.hidden("picture"))?;
    if is_kept_back && !is_straight {
        return Err(NONE);
    }
    pictures::bytes_of(c, (OwnerKind::Comment, id), number)
}
