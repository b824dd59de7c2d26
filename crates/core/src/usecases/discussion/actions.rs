//! Writing, editing and removing comments; following a place and muting it.

use std::collections::BTreeMap;

use serde_json::json;

use super::place::{Key, lock};
use super::readers::{among, mentioned};
use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::discussion::model::{Comment, New};
use crate::domain::discussion::{Choice, Draft, Place, Said, Why, audience, store};
use crate::domain::notification::Kind;
use crate::domain::notification::model::Cause;
use crate::domain::people::Actor;
use crate::domain::picture::{OwnerKind, most, store as pictures};
use crate::domain::search;
use crate::error::{Error, FieldErrors, Result};
use crate::usecases::notify;

/// What was typed, or the sentences at its fields: who may not write learns that first.
pub type Typed<T> = std::result::Result<T, FieldErrors>;

/// What a comment is about, beside its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Place,
    /// It answers a comment.
    Comment(i64),
    /// A view of a moment of decision, from 1, as it was read in a revision.
    Moment(i32, i32),
}

/// A comment that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub id: i64,
    pub place: Place,
    /// Who hears of it, and why.
    pub told: BTreeMap<i64, Why>,
}

/// Writes a comment. Everyone who reads the page may.
///
/// Errors: As the page of the place; [`Error::Conflict`] when nothing can be written there, or what it is about is gone;
/// [`Error::Invalid`] when it mentions somebody who may not read it.
pub fn write(
    c: &mut Conn,
    act: &Act,
    key: &Key,
    about: About,
    draft: Typed<Draft>,
) -> Result<Written> {
    let place = lock(c, act, key)?;
    let author_id = act.actor.id.ok_or(Error::SignedOut)?;
    let draft = draft.map_err(Error::Invalid)?;
    if let Some(why) = place.closed {
        return Err(Error::Conflict(why.into()));
    }
    let (answered, root) = match about {
        About::Comment(id) => {
            let answered = in_place(c, &place, id)?;
            let root = store::by_id(c, answered.root())?;
            (Some(answered), root)
        }
        About::Place | About::Moment(..) => (None, None),
    };
    let moment = match (about, &root) {
        (About::Moment(number, revision), _) => Some(open_moment(&place, number, revision)?),
        (_, Some(root)) => root.moment.zip(root.revision),
        _ => None,
    };
    let people = mentioned(c, &place, &draft.handles(), &[])?;
    let new = New {
        place: (place.kind, place.id),
        reply_to: root.map(|root| root.id),
        moment,
        author_id,
        at: act.now,
    };
    let id = store::insert(c, &new, &draft, &people)?;
    draw(c, act, id, &draft)?;
    if store::choice_of(c, new.place, author_id)?.is_none() {
        store::choose(c, new.place, author_id, Choice::Follow, act.now)?;
    }
    let told = told(c, &place, author_id, answered.map(|a| a.author_id), &people)?;
    tell(c, act, &place, id, &told)?;
    record(c, act, "comment.written", &place, id)?;
    Ok(Written { id, place, told })
}

/// A moment of decision that people can still add their view to.
fn open_moment(place: &Place, number: i32, revision: i32) -> Result<(i32, i32)> {
    let is_there = usize::try_from(number).is_ok_and(|n| (1..=place.moments).contains(&n));
    match is_there && revision == place.revision {
        true => Ok((number, revision)),
        false => Err(Error::Conflict(
            "This post-mortem changed after you opened it. Compare, then send your view again."
                .into(),
        )),
    }
}

fn told(
    c: &mut Conn,
    place: &Place,
    author: i64,
    answered: Option<i64>,
    mentioned: &[i64],
) -> Result<BTreeMap<i64, Why>> {
    let choices = store::choices(c, (place.kind, place.id))?;
    let said = Said {
        author,
        mentioned,
        answered,
        concerned: &place.concerned,
        choices: &choices,
    };
    let all: Vec<i64> = audience(&said, |_| true).into_keys().collect();
    let readers = among(c, place, &all)?;
    Ok(audience(&said, |id| readers.contains(&id)))
}

/// Tells those who hear of a comment, each for their own reason.
fn tell(c: &mut Conn, act: &Act, place: &Place, id: i64, told: &BTreeMap<i64, Why>) -> Result<()> {
    for (why, kind) in [
        (Why::Mentioned, Kind::Mentioned),
        (Why::Answered, Kind::Answered),
        (Why::Follows, Kind::Commented),
    ] {
        let to = told.iter().filter(|(_, own)| **own == why);
        // It leads there without what a post-mortem keeps back from its reader.
        let cause = Cause::new(kind, place.object(), format!("/comments/{id}"));
        let cause = match place.about {
            Some((mentee_id, area_id)) => cause.about(mentee_id).area(area_id),
            None => cause.titled(&place.title),
        };
        notify::tell(c, act, &cause, to.map(|(id, _)| *id))?;
    }
    Ok(())
}

/// Edits a comment from the version its form showed. The version before stays. `draft` is told whether it is a view.
///
/// Errors: [`Error::NotFound`] when there is none to read; [`Error::Forbidden`] unless the actor wrote it;
/// [`Error::Conflict`] when it changed or was removed meanwhile; [`Error::Invalid`] as for [`write`].
pub fn edit(
    c: &mut Conn,
    act: &Act,
    (id, seen): (i64, i32),
    draft: impl FnOnce(bool) -> Typed<Draft>,
) -> Result<Written> {
    let (place, comment) = own(c, act, id)?;
    let draft = draft(comment.is_view()).map_err(Error::Invalid)?;
    let before = store::mentioned(c, id)?;
    let people = mentioned(c, &place, &draft.handles(), &before)?;
    let is_same = store::latest(c, id)?.is_some_and(|text| text.says(&draft));
    if is_same && seen == comment.number {
        let told = BTreeMap::new();
        return Ok(Written { id, place, told });
    }
    if !store::edit(c, (id, seen), &draft, &people, act.now)? {
        return Err(overtaken(&comment));
    }
    draw(c, act, id, &draft)?;
    let new: Vec<i64> = people.into_iter().filter(|p| !before.contains(p)).collect();
    let readers = among(c, &place, &new)?;
    let told = new
        .into_iter()
        .filter(|person| *person != comment.author_id && readers.contains(person))
        .map(|person| (person, Why::Mentioned))
        .collect();
    tell(c, act, &place, id, &told)?;
    record(c, act, "comment.edited", &place, id)?;
    Ok(Written { id, place, told })
}

/// Removes a comment as its form showed it; its page says that it was there.
///
/// Errors: As for [`edit`].
pub fn remove(c: &mut Conn, act: &Act, (id, seen): (i64, i32)) -> Result<Place> {
    let (place, comment) = own(c, act, id)?;
    if !store::remove(c, (id, seen), act.now)? {
        return Err(overtaken(&comment));
    }
    let all = pictures::of(c, OwnerKind::Comment, &[id])?;
    let numbers: Vec<i32> = all.iter().map(|picture| picture.number).collect();
    pictures::remove(c, (OwnerKind::Comment, id), &numbers, act.now)?;
    record(c, act, "comment.removed", &place, id)?;
    Ok(place)
}

/// Follows a place, or mutes it.
///
/// Errors: As the page of the place.
pub fn choose(c: &mut Conn, act: &Act, key: &Key, choice: Choice) -> Result<Place> {
    let place = lock(c, act, key)?;
    let person_id = act.actor.id.ok_or(Error::SignedOut)?;
    store::choose(c, (place.kind, place.id), person_id, choice, act.now)?;
    let action = match choice {
        Choice::Follow => "discussion.followed",
        Choice::Mute => "discussion.muted",
    };
    let details = json!({ "title": place.title });
    let entry = Entry::new(action, place.object());
    audit::record(c, act, entry.person(person_id).details(details))?;
    Ok(place)
}

/// Removes pictures of a comment, and adds the new one.
///
/// Errors: [`Error::Invalid`] at `picture` when it has all it may have.
fn draw(c: &mut Conn, act: &Act, id: i64, draft: &Draft) -> Result<()> {
    let owner = (OwnerKind::Comment, id);
    pictures::remove(c, owner, &draft.without, act.now)?;
    let Some(new) = &draft.picture else {
        return Ok(());
    };
    let most = most(OwnerKind::Comment);
    if pictures::of(c, OwnerKind::Comment, &[id])?.len() >= most {
        let sentence = format!("A comment has at most {most} pictures. Remove one first.");
        return Err(Error::field("picture", sentence));
    }
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    pictures::add(c, owner, new, by_id, act.now).map(|_| ())
}

/// A comment of that place which was not removed.
fn in_place(c: &mut Conn, place: &Place, id: i64) -> Result<Comment> {
    let found = store::by_id(c, id)?
        .filter(|comment| (comment.place_kind, comment.place_id) == (place.kind, place.id))
        .ok_or(Error::NotFound("comment"))?;
    match found.removed_at {
        None => Ok(found),
        Some(_) => Err(overtaken(&found)),
    }
}

/// The actor's own comment and its place, locked.
fn own(c: &mut Conn, act: &Act, id: i64) -> Result<(Place, Comment)> {
    let key = store::by_id(c, id)?.ok_or(Error::NotFound("comment"))?;
    let place = lock(c, act, &Key::of(&key)).map_err(|e| e.hidden("comment"))?;
    let comment = store::by_id(c, id)?.ok_or(Error::NotFound("comment"))?;
    require_author(&comment, &act.actor)?;
    match comment.removed_at {
        None => Ok((place, comment)),
        Some(_) => Err(overtaken(&comment)),
    }
}

/// Only its author changes a comment: no lead and no administrator rewrites what somebody said.
pub fn require_author(comment: &Comment, actor: &Actor) -> Result<()> {
    match actor.is(comment.author_id) {
        true => Ok(()),
        false => Err(Error::Forbidden(
            "Only its author can edit or remove a comment.".into(),
        )),
    }
}

fn overtaken(comment: &Comment) -> Error {
    Error::Conflict(match comment.removed_at {
        Some(_) => "This comment was removed. Nothing was stored.".into(),
        None => "This comment changed while you were editing. Compare and save again.".into(),
    })
}

/// The log says that there is a comment, and not what it says: its page has readers of its own.
fn record(c: &mut Conn, act: &Act, action: &'static str, place: &Place, id: i64) -> Result<()> {
    let details = json!({ "title": place.title, "comment": id });
    let entry = Entry::new(action, place.object()).changes(search::Kind::Comment, &[id]);
    audit::record(c, act, entry.details(details))
}
