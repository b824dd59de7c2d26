//! SQL of comments: each edit is a version more, and a removed comment stays as a mark.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::model::{Comment, New, Shown, Text};
use super::{Choice, Draft, PlaceKind, mentions};
use crate::db::fixed::{Fixed, fixed};
use crate::db::list::{List, entries, listed, plain};
use crate::db::schema::{comment_mentions, comment_versions, comments, discussion_choices, people};
use crate::db::types::UtcTime;
use crate::db::{Conn, Each};
use crate::domain::picture::store::Listed;
use crate::error::Result;

/// Most comments on a page.
pub const MOST: usize = 200;

/// Which comments of a place: threads in the order they began, each with its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Window {
    #[default]
    Newest,
    /// Those before a comment.
    Before(i64),
    /// A comment, and those before it.
    Through(i64),
}

impl Window {
    /// The thread and the comment that all of them come before. The newest ones, where there is no such comment here.
    fn end(self, c: &mut Conn, (kind, id): (PlaceKind, i64)) -> Result<(i64, i64)> {
        let (named, after) = match self {
            Self::Newest => return Ok((i64::MAX, 0)),
            Self::Before(named) => (named, 0),
            Self::Through(named) => (named, 1),
        };
        let here = by_id(c, named)?.filter(|f| (f.place_kind, f.place_id) == (kind, id));
        Ok(here.map_or((i64::MAX, 0), |f| (f.root(), f.id.saturating_add(after))))
    }
}

/// How many of these comments a page shows, `threads` theirs, the newest first: whole threads, and of one that is longer than
/// a page its end.
fn shown(threads: &[i64]) -> usize {
    if threads.len() <= MOST {
        return threads.len();
    }
    let cut = threads.last();
    match threads.iter().take_while(|t| Some(*t) != cut).count() {
        0 => MOST,
        whole => whole,
    }
}

/// Comments of a page, in the order they are shown, and what the reader chose, where there is a comment at all.
#[derive(Debug, Clone, Default)]
pub struct Comments {
    pub all: Vec<Shown>,
    pub choice: Option<Choice>,
    /// There are comments before these.
    pub has_earlier: bool,
}

/// Comments of a place, the oldest first.
pub fn of_place(
    c: &mut Conn,
    (kind, id): (PlaceKind, i64),
    reader: i64,
    window: Window,
) -> Result<Comments> {
    type Row = (
        Comment,
        (String, String),
        Text,
        (List, List),
        Option<Choice>,
    );
    let (thread, comment) = window.end(c, (kind, id))?;
    let mentioned = listed(
        &["p.handle"],
        "comment_mentions m JOIN people p ON p.id = m.person_id WHERE m.comment_id = comments.id",
    );
    let pictures = listed(
        &["p.number", &plain("p.alt"), "p.width", "p.height"],
        "pictures p WHERE p.owner_kind = 'comment' AND p.owner_id = comments.id AND p.removed_at IS NULL",
    );
    let chosen = discussion_choices::place_kind
        .eq(comments::place_kind)
        .and(discussion_choices::place_id.eq(comments::place_id))
        .and(discussion_choices::person_id.eq(reader));
    let latest = comment_versions::comment_id
        .eq(comments::id)
        .and(comment_versions::number.eq(comments::number));
    let limit = i64::try_from(MOST.saturating_add(1)).unwrap_or(i64::MAX);
    let mut rows: Vec<Row> = comments::table
        .inner_join(people::table.on(people::id.eq(comments::author_id)))
        .inner_join(comment_versions::table.on(latest))
        .left_join(discussion_choices::table.on(chosen))
        .filter(
            comments::place_kind
                .eq(kind)
                .and(comments::place_id.eq(id))
                .and(
                    root()
                        .lt(thread)
                        .or(root().eq(thread).and(comments::id.lt(comment))),
                ),
        )
        .order((root().desc(), comments::id.desc()))
        .limit(limit)
        .select((
            Comment::as_select(),
            (people::name, people::handle),
            (
                comment_versions::saw,
                comment_versions::believed,
                comment_versions::body,
                comment_versions::at.nullable(),
            ),
            (mentioned, pictures),
            discussion_choices::choice.nullable(),
        ))
        .load(c)?;
    let choice = rows.first().and_then(|row| row.4);
    let threads: Vec<i64> = rows.iter().map(|row| row.0.root()).collect();
    let shown = shown(&threads);
    let has_earlier = shown < rows.len();
    rows.truncate(shown);
    let mut all = rows
        .into_iter()
        .map(|(comment, (author, handle), text, (mentioned, drawn), _)| {
            let is_removed = comment.removed_at.is_some();
            Ok(Shown {
                pictures: pictures_of(comment.id, drawn)?,
                comment,
                author,
                handle,
                text: if is_removed { Text::default() } else { text },
                mentioned: entries(mentioned, |parts| parts.first().map(|p| (*p).to_owned()))?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    all.reverse();
    Ok(Comments {
        all,
        choice,
        has_earlier,
    })
}

fn pictures_of(owner_id: i64, list: List) -> Result<Vec<Listed>> {
    let mut all = entries(list, |parts| {
        let [number, alt, width, height] = parts else {
            return None;
        };
        Some(Listed {
            owner_id,
            number: number.parse().ok()?,
            alt: (*alt).to_owned(),
            width: width.parse().ok()?,
            height: height.parse().ok()?,
        })
    })?;
    all.sort_by_key(|picture| picture.number);
    Ok(all)
}

fn root() -> Fixed<BigInt> {
    fixed("COALESCE(comments.reply_to, comments.id)")
}

/// Whether a comment is among the newest of its place.
pub fn is_among_newest(c: &mut Conn, (kind, id): (PlaceKind, i64), comment: i64) -> Result<bool> {
    let limit = i64::try_from(MOST.saturating_add(1)).unwrap_or(i64::MAX);
    let newest: Vec<(i64, i64)> = comments::table
        .filter(comments::place_kind.eq(kind).and(comments::place_id.eq(id)))
        .order((root().desc(), comments::id.desc()))
        .limit(limit)
        .select((root(), comments::id))
        .load(c)?;
    let threads: Vec<i64> = newest.iter().map(|(thread, _)| *thread).collect();
    let mut on_page = newest.iter().take(shown(&threads));
    Ok(on_page.any(|(_, id)| *id == comment))
}

pub fn by_id(c: &mut Conn, id: i64) -> Result<Option<Comment>> {
    Ok(comments::table
        .find(id)
        .select(Comment::as_select())
        .first(c)
        .optional()?)
}

/// What a comment says now, or said when it was removed.
pub fn latest(c: &mut Conn, comment_id: i64) -> Result<Option<Text>> {
    Ok(versions(c, comment_id)?.into_iter().next())
}

/// Every version of a comment, the newest first.
pub fn versions(c: &mut Conn, comment_id: i64) -> Result<Vec<Text>> {
    Ok(comment_versions::table
        .filter(comment_versions::comment_id.eq(comment_id))
        .order(comment_versions::number.desc())
        .select((
            comment_versions::saw,
            comment_versions::believed,
            comment_versions::body,
            comment_versions::at.nullable(),
        ))
        .load(c)?)
}

pub fn insert(c: &mut Conn, new: &New, draft: &Draft, mentioned: &[i64]) -> Result<i64> {
    let id = diesel::insert_into(comments::table)
        .values((
            comments::place_kind.eq(new.place.0),
            comments::place_id.eq(new.place.1),
            comments::reply_to.eq(new.reply_to),
            comments::moment.eq(new.moment.map(|m| m.0)),
            comments::revision.eq(new.moment.map(|m| m.1)),
            comments::author_id.eq(new.author_id),
            comments::written_at.eq(new.at),
        ))
        .returning(comments::id)
        .get_result(c)?;
    add_version(c, (id, 1), draft, new.at)?;
    add_mentions(c, id, mentioned)?;
    Ok(id)
}

/// Stores the version after `seen`; `false` when it is no longer the latest, or the comment was removed.
pub fn edit(
    c: &mut Conn,
    (id, seen): (i64, i32),
    draft: &Draft,
    mentioned: &[i64],
    at: UtcTime,
) -> Result<bool> {
    let next = seen.saturating_add(1);
    if !advance(c, (id, seen), next, None)? {
        return Ok(false);
    }
    add_version(c, (id, next), draft, at)?;
    add_mentions(c, id, mentioned)?;
    Ok(true)
}

/// Takes it off its page; `false` as for [`edit`].
pub fn remove(c: &mut Conn, (id, seen): (i64, i32), at: UtcTime) -> Result<bool> {
    advance(c, (id, seen), seen, Some(at))
}

fn advance(
    c: &mut Conn,
    (id, seen): (i64, i32),
    number: i32,
    removed_at: Option<UtcTime>,
) -> Result<bool> {
    let as_seen = comments::id
        .eq(id)
        .and(comments::number.eq(seen))
        .and(comments::removed_at.is_null());
    let changed = diesel::update(comments::table.filter(as_seen))
        .set((
            comments::number.eq(number),
            comments::removed_at.eq(removed_at),
        ))
        .execute(c)?;
    Ok(changed == 1)
}

fn add_version(
    c: &mut Conn,
    (comment_id, number): (i64, i32),
    draft: &Draft,
    at: UtcTime,
) -> Result<()> {
    diesel::insert_into(comment_versions::table)
        .values((
            comment_versions::comment_id.eq(comment_id),
            comment_versions::number.eq(number),
            comment_versions::saw.eq(draft.saw.as_str()),
            comment_versions::believed.eq(draft.believed.as_str()),
            comment_versions::body.eq(draft.body.as_str()),
            comment_versions::at.eq(at),
        ))
        .execute(c)?;
    Ok(())
}

/// Everyone a comment ever mentioned.
pub fn mentioned(c: &mut Conn, comment_id: i64) -> Result<Vec<i64>> {
    Ok(comment_mentions::table
        .filter(comment_mentions::comment_id.eq(comment_id))
        .select(comment_mentions::person_id)
        .load(c)?)
}

fn add_mentions(c: &mut Conn, comment_id: i64, people: &[i64]) -> Result<()> {
    for person_id in people {
        let row = diesel::insert_into(comment_mentions::table)
            .values((
                comment_mentions::comment_id.eq(comment_id),
                comment_mentions::person_id.eq(person_id),
            ))
            .on_conflict_do_nothing();
        Each(row).execute(c)?;
    }
    Ok(())
}

/// What everyone chose who chose.
pub fn choices(c: &mut Conn, (kind, id): (PlaceKind, i64)) -> Result<Vec<(i64, Choice)>> {
    Ok(discussion_choices::table
        .filter(
            discussion_choices::place_kind
                .eq(kind)
                .and(discussion_choices::place_id.eq(id)),
        )
        .order(discussion_choices::person_id)
        .select((discussion_choices::person_id, discussion_choices::choice))
        .load(c)?)
}

/// What one person chose.
pub fn choice_of(
    c: &mut Conn,
    (kind, id): (PlaceKind, i64),
    person_id: i64,
) -> Result<Option<Choice>> {
    Ok(discussion_choices::table
        .find((kind, id, person_id))
        .select(discussion_choices::choice)
        .first(c)
        .optional()?)
}

pub fn choose(
    c: &mut Conn,
    (kind, id): (PlaceKind, i64),
    person_id: i64,
    choice: Choice,
    at: UtcTime,
) -> Result<()> {
    let row = diesel::insert_into(discussion_choices::table)
        .values((
            discussion_choices::place_kind.eq(kind),
            discussion_choices::place_id.eq(id),
            discussion_choices::person_id.eq(person_id),
            discussion_choices::choice.eq(choice),
            discussion_choices::at.eq(at),
        ))
        .on_conflict((
            discussion_choices::place_kind,
            discussion_choices::place_id,
            discussion_choices::person_id,
        ))
        .do_update()
        .set((
            discussion_choices::choice.eq(choice),
            discussion_choices::at.eq(at),
        ));
    Each(row).execute(c)?;
    Ok(())
}

/// Puts another handle into every version that mentions a person; for those who are erased.
pub fn rename_mentions(c: &mut Conn, person_id: i64, from: &str, to: &str) -> Result<()> {
    let mentions_them = comment_mentions::table
        .filter(comment_mentions::person_id.eq(person_id))
        .select(comment_mentions::comment_id);
    let versions: Vec<(i64, String, String, String)> = comment_versions::table
        .filter(comment_versions::comment_id.eq_any(mentions_them))
        .select((
            comment_versions::id,
            comment_versions::saw,
            comment_versions::believed,
            comment_versions::body,
        ))
        .load(c)?;
    for (id, saw, believed, body) in versions {
        let renamed = |text: &str| mentions::renamed(text, from, to);
        diesel::update(comment_versions::table.find(id))
            .set((
                comment_versions::saw.eq(renamed(&saw)),
                comment_versions::believed.eq(renamed(&believed)),
                comment_versions::body.eq(renamed(&body)),
            ))
            .execute(c)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn page_by_page_every_comment_is_shown_once(lengths in prop::collection::vec(1_usize..450, 1..6)) {
            // The newest thread first.
            let all: Vec<i64> = (0..).zip(&lengths).flat_map(|(n, long)| vec![-n; *long]).collect();
            let mut rest = all.as_slice();
            let mut pages = 0;
            while !rest.is_empty() {
                let read = rest.get(..=MOST).unwrap_or(rest);
                let count = shown(read);
                prop_assert!((1..=MOST).contains(&count));
                let (page, left) = rest.split_at(count);
                let is_cut = page.last() == left.first();
                prop_assert!(!is_cut || page.first() == page.last(), "only a thread of its own page is cut");
                rest = left;
                pages += 1;
            }
            prop_assert!(pages <= 2 * all.len() / MOST + lengths.len());
        }
    }
}
