//! Pictures of a post-mortem: added and taken away by those who edit it, seen by those who read it.

use serde_json::{Value, json};

use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::Act;
use crate::domain::auth::context::ReadContext;
use crate::domain::picture::{Kind, New, OwnerKind, most, store as pictures};
use crate::domain::postmortem::{Postmortem, store};
use crate::error::{Error, FieldErrors, Result};
use crate::usecases::postmortem::actions::{entry, require_edit};
use crate::usecases::postmortem::reading::is_kept_back_from;

/// Adds a picture to a draft, or to one in review; returns its number. Who may not edit it learns that first.
///
/// Errors: As [`require_edit`]; [`Error::Invalid`] at `picture` when there is none, or it has all it may have.
pub fn add(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    new: std::result::Result<Option<New>, FieldErrors>,
) -> Result<i32> {
    let found = store::lock(c, slug)?;
    require_edit(&found, act)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let new = new.map_err(Error::Invalid)?;
    let new = new.ok_or_else(|| Error::field("picture", "Choose a picture."))?;
    let most = most(OwnerKind::Postmortem);
    let owner = (OwnerKind::Postmortem, found.id);
    if pictures::of(c, owner.0, &[found.id])?.len() >= most {
        let sentence = format!("A post-mortem has at most {most} pictures. Remove one first.");
        return Err(Error::field("picture", sentence));
    }
    let number = pictures::add(c, owner, &new, by_id, act.now)?;
    let more = json!({ "kind": new.picture.kind, "bytes": new.picture.bytes.len() });
    record(c, act, "postmortem.picture_added", &found, number, more)?;
    Ok(number)
}

/// Takes a picture away: nobody sees it any more.
///
/// Errors: As [`require_edit`]; [`Error::NotFound`] when there is none of that number, or it was removed.
pub fn remove(c: &mut Conn, act: &Act, slug: &str, number: i32) -> Result<()> {
    let found = store::lock(c, slug)?;
    require_edit(&found, act)?;
    let owner = (OwnerKind::Postmortem, found.id);
    match pictures::remove(c, owner, &[number], act.now)? {
        0 => Err(Error::NotFound("picture")),
        _ => record(
            c,
            act,
            "postmortem.picture_removed",
            &found,
            number,
            json!({}),
        ),
    }
}

/// A picture of a post-mortem. `is_straight`: somebody from whom it is kept back wants to see it all.
///
/// Errors: [`Error::NotFound`], also for those from whom its page keeps it back.
pub fn read(
    c: &mut Conn,
    context: &ReadContext,
    (slug, number): (&str, i32),
    is_straight: bool,
) -> Result<(Kind, Vec<u8>)> {
    const NONE: Error = Error::NotFound("picture");
    let (found, actor) = (store::named(c, slug)?, &context.actor);
    if !found.access().may_read(actor) {
        return Err(NONE);
    }
    if !is_straight && is_kept_back_from(c, &found, actor, context.now.day())? {
        return Err(NONE);
    }
    pictures::bytes_of(c, (OwnerKind::Postmortem, found.id), number)
}

/// The log says that there is a picture, and not what it shows: its page has readers of its own.
fn record(
    c: &mut Conn,
    act: &Act,
    action: &'static str,
    of: &Postmortem,
    number: i32,
    more: Value,
) -> Result<()> {
    let details = json!({ "title": of.document.title, "picture": number, "file": more });
    audit::record(c, act, entry(action, of.id, &of.areas).details(details))
}
