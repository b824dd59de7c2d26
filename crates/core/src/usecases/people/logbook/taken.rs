//! One's own logbook as files to take along: JSON for machines and Markdown for people, of the same values. What a page
//! keeps sealed from the person is not in it.

mod markdown;

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::auth::context::ReadContext;
use crate::domain::drill::DrillState;
use crate::domain::people::Names;
use crate::domain::{area, clearance, currency, ramp, shift};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::drill::lists::{SHOWN, Wanted, lines};
use crate::usecases::people::logbook::store;
use crate::usecases::people::logbook::store::LogbookQuery;

/// Nothing in Checkride is older.
const EPOCH: jiff::civil::Date = jiff::civil::date(1970, 1, 1);

/// What the logbook holds: the name of each part, without an ending, and its value.
pub struct Taken {
    name: String,
    day: String,
    parts: BTreeMap<String, Value>,
}

impl Taken {
    /// The person's own logbook, as they may see it now.
    pub fn load(c: &mut Conn, context: &ReadContext) -> Result<Self> {
        let me = context.actor.id.ok_or(Error::SignedOut)?;
        let mut parts = BTreeMap::new();
        let own = ramp::store::of_mentee(c, me)?;
        for ramp in &own {
            let d = Dossier::load_for(c, ramp.id, &context.actor, context.now)?;
            let name = format!("ramps/{}-{}", ramp.id, d.area.slug);
            let shifts = shifts(c, &d)?;
            parts.insert(name, of_ramp(&d, shifts));
        }
        let areas: HashMap<i64, String> = area::store::all_with_archived(c)?
            .into_iter()
            .map(|a| (a.id, a.name))
            .collect();
        parts.insert("clearances".into(), clearances(c, me, &areas)?);
        parts.insert("practice".into(), practice(c, me)?);
        parts.insert("drills".into(), drills(c, me)?);
        parts.insert("mentoring".into(), mentoring(c, me, &areas)?);
        Ok(Self {
            name: context.actor.name.clone(),
            day: context.now.day().to_string(),
            parts,
        })
    }

    /// The files: path inside the folder, and what it holds.
    ///
    /// Errors: None that can happen: every value is JSON.
    pub fn files(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut files = BTreeMap::new();
        for (name, value) in &self.parts {
            let json = serde_json::to_vec_pretty(value).map_err(Error::fault)?;
            files.insert(format!("{name}.json"), json);
            let text = markdown::of(name, value);
            files.insert(format!("{name}.md"), text.into_bytes());
        }
        let list: String = self
            .parts
            .keys()
            .map(|name| format!("- [{name}]({name}.md), for machines [{name}.json]({name}.json)\n"))
            .collect();
        let readme = format!(
            "# Logbook of {}\n\nFrom Checkride, {}. Times are UTC.\n\nIt holds what you may see. Judgements that are \
             sealed until both sides have judged, feedback and notes of others are not in it.\n\n{list}",
            markdown::line(&self.name),
            self.day
        );
        files.insert("README.md".into(), readme.into_bytes());
        Ok(files)
    }
}

fn at(at: UtcTime) -> String {
    at.iso()
}

fn of_ramp(d: &Dossier, shifts: Value) -> Value {
    let name = |id: i64| d.person(id).name.to_owned();
    let maybe = |id: Option<i64>| id.map(name);
    let sessions = d.sessions.iter().filter(|s| s.superseded_at.is_none());
    let sessions: Vec<Value> = sessions
        .map(|s| {
            let observed = d.observations.iter().filter(|o| o.session_id == s.id);
            let observed: Vec<Value> = observed
                .map(|o| json!({ "code": o.competency_code, "level": o.help_level.number() }))
                .collect();
            json!({
                "begins": at(s.starts_at),
                "minutes": s.minutes,
                "kind": s.kind.label(),
                "state": s.state.label(),
                "undone": s.undone_at.is_some(),
                "mentor": name(s.mentor_id),
                "summary": s.summary,
                "practised": observed,
            })
        })
        .collect();
    let evidence: Vec<Value> = d
        .evidence
        .iter()
        .map(|e| {
            let observed: Vec<Value> = e
                .observed
                .iter()
                .map(|(code, level)| json!({ "code": code, "level": level.number() }))
                .collect();
            json!({
                "at": at(e.at),
                "what": e.what,
                "about": e.summary,
                "strength": e.strength.label(),
                "observed": observed,
            })
        })
        .collect();
    let assessments: Vec<Value> = d
        .assessments
        .iter()
        .map(|a| {
            json!({
                "at": at(a.at),
                "code": a.competency_code,
                "stream": a.stream.label(),
                "level": a.level.map(|l| l.number()),
                "by": name(a.by_id),
                "evidence": a.evidence,
                "strength": a.strength.label(),
            })
        })
        .collect();
    let checklist: Vec<Value> = d
        .marks
        .iter()
        .map(|m| {
            let text = d
                .standard
                .content
                .item(&m.item_code)
                .map(|i| i.text.as_str());
            json!({
                "code": m.item_code,
                "text": text,
                "mark": m.mark.label(),
                "by": name(m.by_id),
                "at": at(m.at),
            })
        })
        .collect();
    let signoffs: Vec<Value> = d
        .signoffs
        .iter()
        .map(|s| {
            json!({
                "state": s.state.label(),
                "requested": at(s.requested_at),
                "requested_by": name(s.requested_by),
                "request_note": s.request_note,
                "first_key": s.first_key_at.map(at),
                "first_key_by": maybe(s.first_key_by),
                "first_key_note": s.first_key_note,
                "decided": s.decided_at.map(at),
                "decided_by": maybe(s.decided_by),
                "decision_note": s.decision_note,
                "last_day": s.ends_on.map(|day| day.for_files()),
            })
        })
        .collect();
    let mentors: Vec<Value> = d
        .pairing_history
        .iter()
        .map(|p| {
            json!({
                "mentor": name(p.mentor_id),
                "role": p.role.label(),
                "since": at(p.since),
                "until": p.until.map(at),
            })
        })
        .collect();
    json!({
        "area": d.area.name,
        "state": d.ramp.state.label(),
        "standard_version": d.standard.version,
        "first_day": d.ramp.starts_on.to_string(),
        "target": d.ramp.target_on.to_string(),
        "closed": d.ramp.closed_at.map(at),
        "mentors": mentors,
        "sessions": sessions,
        "shifts": shifts,
        "next_actions": d.next_actions.iter().map(|a| a.body.clone()).collect::<Vec<_>>(),
        "evidence": evidence,
        "assessments": assessments,
        "checklist": checklist,
        "sign_offs": signoffs,
    })
}

/// The shifts of a ramp with their ledgers.
fn shifts(c: &mut Conn, d: &Dossier) -> Result<Value> {
    let mut all = Vec::new();
    for s in &d.shifts {
        let alerts = shift::store::alerts(c, s.id)?;
        let standing = alerts.iter().filter(|a| a.undone_at.is_none());
        let ledger: Vec<Value> = standing
            .map(|a| {
                json!({
                    "at": at(a.at),
                    "title": a.title,
                    "acknowledged": a.acknowledged,
                    "actionable": a.actionable,
                    "understood": a.understood,
                    "escalated": a.escalated,
                })
            })
            .collect();
        all.push(json!({
            "begins": at(s.starts_at),
            "ends": at(s.ends_at),
            "kind": s.kind.label(),
            "state": s.state.label(),
            "with": d.person(s.with_id).name,
            "ledger": ledger,
        }));
    }
    Ok(Value::Array(all))
}

fn clearances(c: &mut Conn, me: i64, areas: &HashMap<i64, String>) -> Result<Value> {
    let held = clearance::store::of_person(c, me)?;
    let names = Names::load(c, held.iter().filter_map(|h| h.supervisor_id))?;
    let all = held.iter().map(|h| {
        json!({
            "area": areas.get(&h.area_id),
            "kind": h.kind.label(),
            "state": h.state.label(),
            "granted": at(h.granted_at),
            "last_day": h.ends_on.for_files(),
            "holds_until": h.holds_until.to_string(),
            "supervisor": h.supervisor_id.map(|id| names.name(id)),
        })
    });
    Ok(all.collect())
}

fn practice(c: &mut Conn, me: i64) -> Result<Value> {
    let all = currency::store::of_person(c, me, i64::MAX)?.into_iter();
    Ok(all
        .map(|(activity, place)| {
            json!({
                "day": activity.day.to_string(),
                "kind": activity.kind.label(),
                "area": place.area,
                "note": activity.note,
                "link": activity.link,
                "taken_back": activity.undone_at.is_some(),
            })
        })
        .collect())
}

/// Drills that were debriefed; what was observed of the person is in their ramps.
fn drills(c: &mut Conn, me: i64) -> Result<Value> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let wanted = Wanted {
            person_id: Some(me),
            state: Some(DrillState::Debriefed),
            before,
            ..Wanted::default()
        };
        let found = lines(c, wanted)?;
        let has_more = found.len() > SHOWN;
        for line in found.iter().take(SHOWN) {
            before = Some(line.id);
            let own = line.people.iter().find(|p| p.about.person_id == me);
            all.push(json!({
                "title": line.title,
                "kind": line.kind.label(),
                "area": line.area,
                "began": at(line.begins_at),
                "role": own.map(|p| p.role.label()),
                "was_there": own.is_some_and(|p| !p.was_absent),
            }));
        }
        if !has_more {
            return Ok(Value::Array(all));
        }
    }
}

/// Sessions that the person held as a mentor, without a word of those they mentored (rule 9).
fn mentoring(c: &mut Conn, me: i64, areas: &HashMap<i64, String>) -> Result<Value> {
    let part: Vec<i64> = ramp::store::with_part_of(c, me)?.into_iter().collect();
    let mut ramps = ramp::store::by_ids(c, &part)?;
    ramps.retain(|r| r.mentee_id != me);
    let query = LogbookQuery {
        person_id: me,
        own: Vec::new(),
        mentored: ramps.iter().map(|r| r.id).collect(),
    };
    let of: HashMap<i64, i64> = ramps.iter().map(|r| (r.id, r.area_id)).collect();
    let found = store::year(c, &query, (Day::from(EPOCH).start(), UtcTime::MAX))?;
    Ok(found
        .sessions
        .iter()
        .map(|s| {
            json!({
                "begins": at(s.at),
                "minutes": s.minutes,
                "kind": s.kind.label(),
                "area": of.get(&s.ramp_id).and_then(|id| areas.get(id)),
            })
        })
        .collect())
}
