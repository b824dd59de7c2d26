//! Who a person is goes on request; what happened stays, and the chain can still be checked.

use checkride::db::schema::{
    audit_entries, messages, people, rota_acceptances, rota_entries, rota_findings, rota_names,
    signoffs,
};
use checkride::db::types::UtcTime;
use checkride::db::{Conn, Purpose, transaction};
use checkride::demo;
use checkride::domain::audit::{self, Act, Verdict};
use checkride::domain::people::{Reason, store};
use checkride::domain::rota;
use checkride::domain::rota::finding::Kind;
use checkride::error::{Error, Result};
use checkride::text;
use checkride::usecases::people::actions::deactivate;
use checkride::usecases::people::erase::erase;
use diesel::prelude::*;
use serde_json::json;

use crate::support::{Database, at, verified};

/// Every text in which the app itself writes who somebody is.
fn written(c: &mut Conn) -> Result<String> {
    let people: Vec<(String, String, String, String)> = people::table
        .select((
            people::name,
            people::email,
            people::handle,
            people::email_key,
        ))
        .load(c)?;
    let records: Vec<Option<String>> = signoffs::table.select(signoffs::record).load(c)?;
    let entries: Vec<(String, String, String)> = audit_entries::table
        .select((
            audit_entries::actor_name,
            audit_entries::details,
            audit_entries::address,
        ))
        .load(c)?;
    let mails: Vec<(String, String)> = messages::table
        .select((messages::subject, messages::body))
        .load(c)?;
    let on_call: Vec<(String, String)> = rota_entries::table
        .select((rota_entries::name, rota_entries::email))
        .load(c)?;
    let said: Vec<String> = rota_names::table.select(rota_names::name_key).load(c)?;
    let accepted: Vec<String> = rota_acceptances::table
        .select(rota_acceptances::who)
        .load(c)?;
    let found: Vec<String> = rota_findings::table.select(rota_findings::who).load(c)?;
    Ok(format!(
        "{people:?} {records:?} {entries:?} {mails:?} {on_call:?} {said:?} {accepted:?} {found:?}"
    ))
}

#[test]
fn a_person_is_erased_and_the_facts_and_the_chain_stay() {
    let database = Database::migrated();
    let now = at("2026-11-23T09:00:00Z");
    demo::fill(&database.target, now).unwrap();
    let mut c = database.connect();
    let (handle, act) = ("kenji-watanabe", Act::operator(now));
    let before = |c: &mut Conn| -> Result<(i64, i64)> {
        Ok((
            audit_entries::table.count().get_result(c)?,
            signoffs::table
                .filter(signoffs::record.is_not_null())
                .count()
                .get_result(c)?,
        ))
    };
    let old = ("Kenji Sato", "kenji.sato@example.org");
    let older = ("kenji@old.example.org", "KENJI@old.example.org");
    let entry = audit::Entry::new("person.changed", "person:0".into());
    transaction(&mut c, Purpose::Write, |c| {
        let who = store::by_handle_or_email(c, handle)?.unwrap();
        // A calendar says who is on call among other words.
        let title = format!("On call: {}", who.name);
        diesel::update(rota_entries::table.filter(rota_entries::n.eq(1)))
            .set(rota_entries::name.eq(&title))
            .execute(c)?;
        diesel::update(rota_names::table)
            .set(rota_names::name_key.eq(text::key(&title)))
            .execute(c)?;
        // So did a tool that knows an address of before, and findings and what leads said hold the key of it.
        let of = rota_entries::table.filter(rota_entries::n.eq(2));
        diesel::update(of)
            .set((rota_entries::name.eq(""), rota_entries::email.eq(older.1)))
            .execute(c)?;
        let areas: Vec<(i64, i64)> = rota_names::table
            .select((rota_names::area_id, rota_names::by_id))
            .load(c)?;
        rota::store::say(c, (areas[0].0, older.0), Some(who.id), (areas[0].1, now))?;
        diesel::update(rota_acceptances::table)
            .set(rota_acceptances::who.eq(format!("n:{}", older.0)))
            .execute(c)?;
        // One shift that two rotas call by two addresses of theirs.
        let first: Option<i64> = rota_findings::table
            .select(diesel::dsl::min(rota_findings::id))
            .first(c)?;
        let one = rota_findings::table.filter(rota_findings::id.nullable().eq(first));
        let (area_id, shift_at): (i64, UtcTime) = one
            .select((rota_findings::area_id, rota_findings::shift_at))
            .first(c)?;
        for address in [older.0, old.1] {
            diesel::insert_into(rota_findings::table)
                .values((
                    rota_findings::area_id.eq(area_id),
                    rota_findings::who.eq(format!("n:{address}")),
                    rota_findings::kind.eq(Kind::Unknown),
                    rota_findings::shift_at.eq(shift_at),
                    rota_findings::found_at.eq(now),
                ))
                .execute(c)?;
        }
        let before = json!({ "from": { "email": older.0 }, "to": { "email": old.1 } });
        let changed = audit::Entry::new("person.changed", "person:0".into());
        audit::record(c, &act, changed.person(who.id).details(before))?;
        let details = json!({
            "from": { "name": old.0, "email": old.1 },
            "to": { "name": who.name, "email": who.email },
        });
        audit::record(c, &act, entry.person(who.id).details(details))
    })
    .unwrap();
    let facts = before(&mut c).unwrap();
    let person = store::by_handle_or_email(&mut c, handle).unwrap().unwrap();
    let traces = [
        person.name.clone(),
        person.email.clone(),
        person.handle.clone(),
        text::key(&person.name),
        old.0.to_owned(),
        old.1.to_owned(),
        older.0.to_owned(),
        older.1.to_owned(),
    ];
    let said = written(&mut c).unwrap();
    assert!(traces.iter().all(|t| said.contains(t)), "{traces:?}");

    let reason = Reason::parse("Asked for in writing").unwrap();
    let mut write =
        |f: &dyn Fn(&mut Conn) -> Result<()>| transaction(&mut c, Purpose::Write, |c| f(c));
    let early = write(&|c| erase(c, &act, &person, &reason).map(|_| ()));
    assert!(matches!(early, Err(Error::Conflict(_))), "{early:?}");
    write(&|c| deactivate(c, &act, handle, &reason).map(|_| ())).unwrap();
    write(&|c| {
        let erased = erase(c, &act, &person, &reason)?;
        assert!(erased.entries > 0 && erased.records > 0, "{erased:?}");
        Ok(())
    })
    .unwrap();

    let said = written(&mut c).unwrap();
    for trace in &traces {
        assert!(!said.contains(trace.as_str()), "{trace} is still there");
    }
    // Two entries more: the leaving, and the erasing.
    assert_eq!(before(&mut c).unwrap(), (facts.0 + 2, facts.1));
    let whole = verified(&mut c).unwrap();
    assert!(
        matches!(&whole, Verdict::Whole { erasures, .. } if erasures[0].entries > 0),
        "{whole:?}"
    );

    // An entry that was rewritten is held as fast as any other from then on.
    let (rewritten, place): (i64, Option<i64>) = audit_entries::table
        .filter(audit_entries::actor_name.like("Erased person %"))
        .select((audit_entries::seq, audit_entries::position))
        .first(&mut c)
        .unwrap();
    diesel::update(audit_entries::table.find(rewritten))
        .set(audit_entries::address.eq("192.0.2.1"))
        .execute(&mut c)
        .unwrap();
    let broken = verified(&mut c).unwrap();
    assert!(
        matches!(broken, Verdict::Broken { position, .. } if Some(position) == place),
        "{broken:?}"
    );
}
