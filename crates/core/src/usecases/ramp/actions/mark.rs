//! Moving checklist items of a ramp.

use std::collections::BTreeMap;

use serde_json::json;

use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::ramp::{MarkKind, may_mark, store};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;

/// Moves checklist items, each from the mark the form showed, to one mark: all of them or none. Returns the text of
/// each.
///
/// Errors: [`Error::Invalid`] without any; [`Error::Forbidden`] by [`may_mark`]; [`Error::Conflict`] when someone else moved one meanwhile, or the ramp
/// is closed.
pub fn mark(
    c: &mut Conn,
    act: &Act,
    ramp_id: i64,
    items: &BTreeMap<String, MarkKind>,
    to: MarkKind,
) -> Result<Vec<String>> {
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    if items.is_empty() {
        return Err(Error::field("item", "Tick at least one item."));
    }
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let content = &dossier.standard.content;
    for (code, from) in items {
        // Permission comes first: others must not learn which items exist.
        let done_by = content.item(code).map(|i| i.done_by).unwrap_or_default();
        may_mark(&dossier.parties, &act.actor, done_by, *from, to).map_err(Error::Forbidden)?;
    }
    if dossier.ramp.closed_at.is_some() {
        return Err(Error::Conflict(
            "This ramp is closed; its checklist can no longer change.".into(),
        ));
    }
    dossier.require_accepted()?;
    let mut texts = Vec::new();
    let mut moved = Vec::new();
    for (code, from) in items {
        let item = content
            .item(code)
            .ok_or(Error::NotFound("checklist item"))?;
        texts.push(item.text.clone());
        let now = dossier.readiness.mark(code);
        if now != *from {
            let last = dossier.marks.iter().find(|m| m.item_code == *code);
            let who = last.map_or("someone", |m| dossier.person(m.by_id).name);
            return Err(Error::Conflict(format!(
                "{who} moved “{}” to “{}” in the meantime. Look at it again.",
                item.text,
                now.label()
            )));
        }
        if now != to {
            moved.push((code, from));
        }
    }
    for (code, _) in &moved {
        store::insert_mark(c, ramp_id, code, to, by_id, act.now)?;
    }
    for (code, from) in moved {
        audit::record(
            c,
            act,
            Entry::new("item.marked", format!("ramp:{ramp_id}"))
                .person(dossier.ramp.mentee_id)
                .area(dossier.area.id)
                .details(json!({ "item": code, "from": from.word(), "to": to.word() })),
        )?;
    }
    Ok(texts)
}
