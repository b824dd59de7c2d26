//! Who the names of rotas are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::id_in;
use crate::db::schema::{
    people, rota_acceptances, rota_entries, rota_findings, rota_names, rota_steps,
};
use crate::db::types::UtcTime;
use crate::domain::rota::finding::{Kind, Who};
use crate::domain::rota::matching::Candidate;
use crate::error::Result;
use crate::text;
use crate::text::email::email_key;

/// Keys asked for in one query: each is bound, and databases bind some ten thousand at most.
const AT_ONCE: usize = 1_000;

/// The people with one of those keys of an address, or of a name.
pub fn people_of(
    c: &mut Conn,
    (emails, names): &(BTreeSet<String>, BTreeSet<String>),
) -> Result<Vec<Candidate>> {
    let [emails, names] = [emails, names].map(|keys| keys.iter().collect::<Vec<&String>>());
    let mut found: Vec<Candidate> = Vec::new();
    for emails in emails.chunks(AT_ONCE) {
        found.extend(
            people::table
                .filter(people::email_key.eq_any(emails.iter().copied()))
                .select(Candidate::as_select())
                .load(c)?,
        );
    }
    for names in names.chunks(AT_ONCE) {
        found.extend(
            people::table
                .filter(people::name_key.eq_any(names.iter().copied()))
                .select(Candidate::as_select())
                .load(c)?,
        );
    }
    // Someone may be found by both; in the order of their rows, whatever the databases do.
    found.sort_by_key(|one| one.id);
    found.dedup_by_key(|one| one.id);
    Ok(found)
}

/// Who the names of rotas are, as leads of those areas said: the area and the key of the name.
pub fn said(c: &mut Conn, area_ids: &[i64]) -> Result<HashMap<(i64, String), i64>> {
    let rows: Vec<(i64, String, Option<i64>)> = rota_names::table
        .filter(id_in(rota_names::area_id, area_ids))
        .order(rota_names::id)
        .select((
            rota_names::area_id,
            rota_names::name_key,
            rota_names::person_id,
        ))
        .load(c)?;
    let mut said = HashMap::new();
    for (area_id, key, person) in rows {
        match person {
            Some(id) => _ = said.insert((area_id, key), id),
            None => _ = said.remove(&(area_id, key)),
        }
    }
    Ok(said)
}

pub fn say(
    c: &mut Conn,
    (area_id, key): (i64, &str),
    person_id: Option<i64>,
    (by, now): (i64, UtcTime),
) -> Result<()> {
    diesel::insert_into(rota_names::table)
        .values((
            rota_names::area_id.eq(area_id),
            rota_names::name_key.eq(key),
            rota_names::person_id.eq(person_id),
            rota_names::by_id.eq(by),
            rota_names::at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Puts another name in the place of how rotas called a person who asked to be erased, now and before. A calendar may call
/// them among other words, as `On call: Ada King`: `without` gives such a text without them, where they are in it.
pub fn rename(
    c: &mut Conn,
    (names, emails): (&[String], &[String]),
    (name, email): (&str, &str),
    without: impl Fn(&str) -> Option<String>,
) -> Result<()> {
    let theirs: BTreeSet<String> = emails.iter().map(|email| email_key(email)).collect();
    let addresses: Vec<String> = rota_entries::table
        .filter(rota_entries::email.ne(""))
        .select(rota_entries::email)
        .distinct()
        .load(c)?;
    for address in addresses {
        if theirs.contains(&email_key(&address)) {
            diesel::update(rota_entries::table.filter(rota_entries::email.eq(address)))
                .set(rota_entries::email.eq(email))
                .execute(c)?;
        }
    }
    diesel::update(rota_entries::table.filter(rota_entries::name.eq_any(names)))
        .set(rota_entries::name.eq(name))
        .execute(c)?;
    let (name_key, address_key) = (text::key(name), email_key(email));
    let names = names.iter().map(|was| (text::key(was), name_key.clone()));
    let theirs = theirs.into_iter().map(|was| (was, address_key.clone()));
    // An address may stand where a name does.
    let written = emails
        .iter()
        .map(|was| (text::key(was), address_key.clone()));
    let mut keys: BTreeMap<String, String> = names.chain(written).chain(theirs).collect();
    let titles: Vec<String> = rota_entries::table
        .select(rota_entries::name)
        .distinct()
        .load(c)?;
    for title in titles {
        if let Some(instead) = without(&title) {
            keys.insert(text::key(&title), text::key(&instead));
            diesel::update(rota_entries::table.filter(rota_entries::name.eq(title)))
                .set(rota_entries::name.eq(instead))
                .execute(c)?;
        }
    }
    let uids: Vec<String> = rota_entries::table
        .filter(rota_entries::uid.ne(""))
        .select(rota_entries::uid)
        .distinct()
        .load(c)?;
    for uid in uids {
        if let Some(instead) = without(&uid) {
            diesel::update(rota_steps::table.filter(rota_steps::uid.eq(&uid)))
                .set(rota_steps::uid.eq(&instead))
                .execute(c)?;
            diesel::update(rota_entries::table.filter(rota_entries::uid.eq(uid)))
                .set(rota_entries::uid.eq(instead))
                .execute(c)?;
        }
    }
    for (was, is) in keys {
        let [named_was, named_is] = [&was, &is].map(|key| Who::Named(key.clone()).word());
        diesel::update(rota_names::table.filter(rota_names::name_key.eq(&was)))
            .set(rota_names::name_key.eq(&is))
            .execute(c)?;
        diesel::update(rota_acceptances::table.filter(rota_acceptances::who.eq(&named_was)))
            .set(rota_acceptances::who.eq(&named_is))
            .execute(c)?;
        drop_doubles(c, &named_was, &named_is)?;
        diesel::update(rota_findings::table.filter(rota_findings::who.eq(&named_was)))
            .set(rota_findings::who.eq(&named_is))
            .execute(c)?;
    }
    Ok(())
}

/// One that two names of a person have would be there twice under one name: an area has an open finding once.
fn drop_doubles(c: &mut Conn, was: &str, is: &str) -> Result<()> {
    type Row = (i64, (i64, UtcTime, Kind));
    let mut open_of = |who: &str| -> Result<Vec<Row>> {
        Ok(rota_findings::table
            .filter(rota_findings::who.eq(who))
            .filter(rota_findings::ended_at.is_null())
            .select((
                rota_findings::id,
                (
                    rota_findings::area_id,
                    rota_findings::shift_at,
                    rota_findings::kind,
                ),
            ))
            .load(c)?)
    };
    let (own, others) = (open_of(was)?, open_of(is)?);
    let doubles = own
        .into_iter()
        .filter(|(_, of)| others.iter().any(|(_, other)| other == of));
    let ids: Vec<i64> = doubles.map(|(id, _)| id).collect();
    diesel::delete(rota_findings::table.filter(id_in(rota_findings::id, &ids))).execute(c)?;
    Ok(())
}
