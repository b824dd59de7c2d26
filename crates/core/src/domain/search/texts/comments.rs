//! Comments, as their latest version says; nothing of one that was removed.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{joined, name_of};
use crate::db::schema::{
    areas, comment_versions, comments, drills, people, postmortems, ramps, signoffs,
};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::search::store::Entry;
use crate::error::Result;

#[derive(Queryable)]
struct Row {
    id: i64,
    place_kind: String,
    place_id: i64,
    reply_to: Option<i64>,
    moment: Option<i32>,
    written_at: UtcTime,
    author: String,
    said: (String, String, String),
}

/// What a comment is about.
struct Place {
    title: String,
    ramp_id: Option<i64>,
}

pub(super) fn comments(c: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    let latest = comment_versions::comment_id
        .eq(comments::id)
        .and(comment_versions::number.eq(comments::number));
    let rows: Vec<Row> = comments::table
        .inner_join(people::table.on(people::id.eq(comments::author_id)))
        .inner_join(comment_versions::table.on(latest))
        .filter(id_in(comments::id, ids))
        .filter(comments::removed_at.is_null())
        .select((
            comments::id,
            comments::place_kind,
            comments::place_id,
            comments::reply_to,
            comments::moment,
            comments::written_at,
            people::name,
            (
                comment_versions::saw,
                comment_versions::believed,
                comment_versions::body,
            ),
        ))
        .load(c)?;
    let mut on: HashMap<String, Vec<i64>> = HashMap::new();
    for row in &rows {
        on.entry(row.place_kind.clone())
            .or_default()
            .push(row.place_id);
    }
    let mut places = HashMap::new();
    for (kind, ids) in on {
        for (id, place) in places_of(c, &kind, &ids)? {
            places.insert((kind.clone(), id), place);
        }
    }
    let entry = |row: Row| {
        let place = places.get(&(row.place_kind, row.place_id))?;
        let what = match row.moment.is_some() && row.reply_to.is_none() {
            true => "View",
            false => "Comment",
        };
        Some(Entry {
            ref_id: row.id,
            ramp_id: place.ramp_id,
            title: format!("{what} by {}", row.author),
            body: joined(&[row.said.0, row.said.1, row.said.2]),
            context: place.title.clone(),
            address: format!("/comments/{}", row.id),
            at: Some(row.written_at),
            ..Entry::default()
        })
    };
    Ok(rows.into_iter().filter_map(entry).collect())
}

fn places_of(c: &mut Conn, kind: &str, ids: &[i64]) -> Result<Vec<(i64, Place)>> {
    let of_ramp = |(id, ramp_id, mentee, area): (i64, i64, String, String)| {
        let place = Place {
            title: format!("{mentee} on {area}"),
            ramp_id: Some(ramp_id),
        };
        (id, place)
    };
    let of_title = |(id, title)| {
        let ramp_id = None;
        (id, Place { title, ramp_id })
    };
    Ok(match kind {
        "ramp" => {
            let rows = ramps::table
                .inner_join(areas::table)
                .filter(id_in(ramps::id, ids))
                .select((
                    ramps::id,
                    ramps::id,
                    name_of("ramps.mentee_id"),
                    areas::name,
                ));
            rows.load(c)?.into_iter().map(of_ramp).collect()
        }
        "signoff" => {
            let rows = signoffs::table
                .inner_join(ramps::table.inner_join(areas::table))
                .filter(id_in(signoffs::id, ids))
                .select((
                    signoffs::id,
                    ramps::id,
                    name_of("ramps.mentee_id"),
                    areas::name,
                ));
            rows.load(c)?.into_iter().map(of_ramp).collect()
        }
        "postmortem" => {
            let rows = postmortems::table
                .filter(id_in(postmortems::id, ids))
                .select((postmortems::id, postmortems::title));
            rows.load(c)?.into_iter().map(of_title).collect()
        }
        "drill" => {
            let rows = drills::table
                .filter(id_in(drills::id, ids))
                .select((drills::id, drills::title));
            rows.load(c)?.into_iter().map(of_title).collect()
        }
        _ => Vec::new(),
    })
}
