//! Finding what somebody may see, and what they can do.

pub mod actions;

use diesel::IntoSql;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::conn::Purpose;
use crate::db::fulltext::{matches, rank};
use crate::db::schema::{
    comments, memberships, pairings, postmortem_areas, postmortems, ramps, search_entries,
    search_words, shifts,
};
use crate::db::types::UtcTime;
use crate::db::{Conn, Target, id_in, locks, transaction};
use crate::domain::discussion::PlaceKind;
use crate::domain::people::Actor;
use crate::domain::postmortem::State;
use crate::domain::postmortem::reading::store::read_by;
use crate::domain::postmortem::store::search::{is_readable, is_told, reader};
use crate::domain::ramp::store::may_read_ramp;
use crate::domain::search::{Kind, Reach, Sought, store, texts};
use crate::error::Result;

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Hit {
    pub kind: Kind,
    pub title: String,
    pub body: String,
    pub context: String,
    pub address: String,
    pub at: Option<UtcTime>,
}

/// What is looked for, and which part of it is shown.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub sought: Sought,
    /// Only these; `None` for all.
    pub kind: Option<Kind>,
    /// So many of the best are left out.
    pub after: i64,
    pub limit: i64,
}

/// What somebody may read of what fits all words, the best first: what is
/// called so, what begins so, then by rank. Whoever may not read it learns nothing of it: it is left
/// out before anything is counted or cut.
///
/// Only the database can leave it out so early, so the rules are said once more here: `ramp::Parties::may_read`, that of
/// `usecases::shift::detail`, `postmortem::Access::may_read`, `postmortem::reading::Reader`. `tests/it/histories/search`
/// holds that whatever people do, both say the same.
pub fn find(c: &mut Conn, actor: &Actor, wanted: &Wanted) -> Result<Vec<Hit>> {
    let me = actor.id.unwrap_or_default();
    let reader = reader(c, actor)?;
    let is_wanted = |kind: &Kind| wanted.kind.is_none_or(|only| only == *kind);
    let read = match is_wanted(&Kind::Comment) {
        true => read_by(c, me)?,
        false => Vec::new(),
    };
    let of_ramps = ramps::table
        .filter(may_read_ramp!(actor, reader.answers_for))
        .select(ramps::id);
    let of_library = postmortems::table
        .filter(is_readable!(reader))
        .select(postmortems::id);
    let told = postmortems::table
        .filter(is_readable!(reader))
        .filter(is_told!(reader, &read))
        .select(postmortems::id);
    let on_call = shifts::table
        .filter(shifts::id.eq(search_entries::ref_id))
        .filter(shifts::with_id.eq(me));
    let in_library = comments::place_kind.eq(PlaceKind::Postmortem);
    let said = comments::table
        .filter(comments::id.eq(search_entries::ref_id))
        .filter(
            comments::place_kind
                .eq(PlaceKind::Drill)
                .or(in_library.and(comments::place_id.eq_any(told))),
        );
    let is = |reaches: &[Reach]| {
        let mut kinds = Kind::within(reaches);
        kinds.retain(is_wanted);
        search_entries::kind.eq_any(kinds)
    };
    let is_open = is(&[Reach::Members]);
    let of_ramp = is(&[Reach::Ramp, Reach::Shift, Reach::Discussion])
        .and(search_entries::ramp_id.assume_not_null().eq_any(of_ramps));
    let of_shift = is(&[Reach::Shift]).and(exists(on_call));
    let of_library = is(&[Reach::Library]).and(search_entries::ref_id.eq_any(of_library));
    let of_talk = is(&[Reach::Discussion]).and(exists(said));
    let words = wanted.sought.words();
    // Letters and digits alone: nothing in it is a pattern.
    let called = words.join(" ");
    let found = search_entries::table
        .inner_join(search_words::table.on(search_words::rowid.eq(search_entries::id)))
        .filter(matches(words))
        .filter(is_open.or(of_ramp).or(of_shift).or(of_library).or(of_talk))
        .order((
            search_entries::title_key.eq(&called).desc(),
            search_entries::title_key.like(format!("{called}%")).desc(),
            rank(words),
            search_entries::id.desc(),
        ))
        .limit(wanted.limit)
        .offset(wanted.after)
        .select((
            search_entries::kind,
            search_entries::title,
            search_entries::body,
            search_entries::context,
            search_entries::address,
            search_entries::at,
        ));
    Ok(found.load(c)?)
}

/// Makes the index anew where this version finds other texts than the one that made it, or there is none yet.
///
/// Errors: A database fault.
pub fn renew(target: &Target) -> Result<()> {
    let mut c = Conn::open(target, Purpose::Write)?;
    if store::is_current(&mut c)? {
        return Ok(());
    }
    transaction(&mut c, Purpose::Write, |c| {
        locks::alone(c)?;
        // Another process may have been first.
        if !store::is_current(c)? {
            rebuild(c)?;
        }
        Ok(())
    })
}

/// Rows that are read at a time.
const TOGETHER: usize = 500;

/// Makes the index anew from everything there is; returns how many entries it has. No change is stored meanwhile.
pub fn rebuild(c: &mut Conn) -> Result<i64> {
    locks::alone(c)?;
    store::clear(c)?;
    for kind in Kind::ALL {
        for some in texts::rows(c, *kind)?.chunks(TOGETHER) {
            let found = texts::read(c, *kind, some)?;
            store::write(c, *kind, some, found)?;
        }
    }
    store::set_current(c)?;
    Ok(search_entries::table.count().get_result(c)?)
}
