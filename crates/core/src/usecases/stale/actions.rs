//! Stale flags: setting one, answering it by the draft, closing it with a reason, and closing those a new version
//! answers.

use serde_json::json;

use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::people::Actor;
use crate::domain::people::store::name_of;
use crate::domain::stale::model::Flag;
use crate::domain::stale::store;
use crate::domain::stale::store::NewFlag;
use crate::domain::stale::{NOTE_CHARS, Part, Ticks, is_answered};
use crate::domain::standard::Content;
use crate::error::{Error, FieldErrors, Result};
use crate::forms::Fields;
use crate::usecases::dossier::Dossier;
use crate::usecases::home::waiting::causes::flags_wait;
use crate::usecases::notify;
use crate::usecases::standard::draft_editor::DraftEditor;
use crate::words::Words;

/// A stale part of a line, and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The part of the line.
    pub part: Part,
    /// What is wrong with it; never empty.
    pub note: Words<NOTE_CHARS>,
}

impl Finding {
    pub fn parse(fields: &Fields) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let part = Part::parse(fields.get("part"));
        if part.is_none() {
            errors.add("part", "Say what is out of date: the line or its link.");
        }
        let note = required_text(fields.get("note"), "Say what is wrong, in a sentence.")
            .map_err(|sentence| errors.add("note", sentence));
        match (part, note) {
            (Some(part), Ok(note)) => Ok(Self { part, note }),
            _ => Err(Error::Invalid(errors)),
        }
    }
}

/// Required text.
pub fn required_text(text: &str, missing: &str) -> std::result::Result<Words<NOTE_CHARS>, String> {
    match Words::parse(text) {
        Ok(words) if words.is_empty() => Err(missing.to_owned()),
        other => other,
    }
}

/// Flags a line of a ramp's checklist as stale; returns its text.
///
/// Errors: [`Error::Forbidden`] unless the actor is the mentee or a mentor of the ramp; [`Error::Conflict`] when the
/// ramp is closed; [`Error::Invalid`] when the line has no such part, or their flag on it is open already.
pub fn flag(
    c: &mut Conn,
    act: &Act,
    ramp_id: i64,
    code: &str,
    finding: &Finding,
) -> Result<String> {
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    may_flag(&dossier, &act.actor)?;
    let item = dossier
        .standard
        .content
        .item(code)
        .ok_or(Error::NotFound("checklist item"))?;
    if finding.part == Part::Link && item.link.is_none() {
        return Err(Error::field("part", "This line has no link."));
    }
    let new = NewFlag {
        area_id: dossier.area.id,
        standard_id: dossier.standard.id,
        ramp_id,
        item_code: code,
        part: finding.part,
        note: finding.note.as_str(),
        by_id,
        at: act.now,
    };
    let id = store::insert(c, &new)?.ok_or_else(|| {
        let part = finding.part.label().to_lowercase();
        Error::field(
            "part",
            format!("You flagged {part} already; the area's qualifiers will look at it."),
        )
    })?;
    let waits = flags_wait(dossier.area.id, &dossier.area.slug);
    notify::tell(c, act, &waits, dossier.parties.qualifiers.iter().copied())?;
    audit::record(
        c,
        act,
        Entry::new("stale.flagged", format!("stale_flag:{id}"))
            .person(by_id)
            .area(dossier.area.id)
            .details(json!({
                "ramp": ramp_id, "standard": dossier.standard.id, "item": code,
                "part": finding.part.word(), "note": finding.note.as_str(),
            })),
    )?;
    Ok(item.text.clone())
}

/// The mentee and the mentors of an open ramp may flag.
pub fn may_flag(dossier: &Dossier, actor: &Actor) -> Result<()> {
    let parties = &dossier.parties;
    if !parties.is_mentee(actor) && !parties.is_mentor(actor) {
        return Err(Error::Forbidden(
            "Only the mentee and the mentors of this ramp can flag its lines as stale.".into(),
        ));
    }
    if dossier.ramp.closed_at.is_some() {
        return Err(Error::Conflict(
            "This ramp is closed; its lines can no longer be flagged.".into(),
        ));
    }
    Ok(())
}

/// Marks a flag as answered by the draft, or not.
///
/// Errors: [`Error::Forbidden`] unless the actor may edit the standard; [`Error::Conflict`] when the flag is closed,
/// there is no draft, or the draft does not change the line.
pub fn answer(c: &mut Conn, act: &Act, slug: &str, id: i64, is_answer: bool) -> Result<()> {
    let editor = DraftEditor::lock(c, act, slug)?;
    let flag = open_flag(c, act, editor.area.id, id)?;
    let before = editor.published().map(|p| &*p.content);
    if is_answer && !is_answered(before, &editor.draft.content, &flag.item_code) {
        return Err(Error::Conflict(format!(
            "The draft does not change {}. Change the line first, or close the flag with a reason.",
            flag.item_code
        )));
    }
    let draft_id = is_answer.then_some(editor.draft.id);
    if flag.answered_in == draft_id {
        return Ok(());
    }
    store::set_answer(c, &[id], draft_id)?;
    let flag = Flag {
        answered_in: draft_id,
        ..flag
    };
    record_answers(c, act, &[flag])
}

/// Closes a flag without a change.
///
/// Errors: [`Error::Forbidden`] unless the actor may edit the standard; [`Error::Conflict`] when it is closed.
pub fn close(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    id: i64,
    reason: &Words<NOTE_CHARS>,
) -> Result<()> {
    let area = DraftEditor::area(c, &act.actor, slug)?;
    let flag = open_flag(c, act, area.id, id)?;
    store::set_answer(c, &[id], None)?;
    store::close(c, id, act.actor.id, reason.as_str(), act.now)?;
    audit::record(
        c,
        act,
        entry("stale.closed", &flag)
            .details(json!({ "item": flag.item_code, "reason": reason.as_str() })),
    )
}

fn entry(action: &'static str, flag: &Flag) -> Entry {
    Entry::new(action, format!("stale_flag:{}", flag.id))
        .person(flag.by_id)
        .area(flag.area_id)
}

/// The locked flag; it must be open.
fn open_flag(c: &mut Conn, act: &Act, area_id: i64, id: i64) -> Result<Flag> {
    let flag = store::lock(c, area_id, id)?;
    let Some(at) = flag.closed_at else {
        return Ok(flag);
    };
    let who = name_of(c, flag.closed_by)?;
    Err(Error::Conflict(format!(
        "{who} closed this flag on {}.",
        act.moment(at)
    )))
}

/// Stores which open flags of a line the draft answers, when the line is saved; returns the newly answered ones. The
/// caller holds the draft's lock and [`record_answers`]s the audit log once everything is stored.
///
/// Errors: [`Error::Invalid`] when the line did not change.
pub fn answer_with_line(
    c: &mut Conn,
    editor: &DraftEditor,
    code: &str,
    ticks: &Ticks,
) -> Result<Vec<Flag>> {
    let mut flags = store::open_of_area(c, editor.area.id)?;
    flags.retain(|f| f.item_code == code);
    let before = editor.published().map(|p| &*p.content);
    let is_changed = is_answered(before, &editor.draft.content, code);
    if !is_changed && flags.iter().any(|f| ticks.ticked.contains(&f.id)) {
        return Err(Error::field(
            "answers",
            "Only a change of the line answers a flag. Change it, or close the flag with a reason.",
        ));
    }
    let mut new = Vec::new();
    for mut flag in flags {
        let is_answer = ticks.leaves(flag.id, flag.answered_in == Some(editor.draft.id));
        let answer = is_answer.then_some(editor.draft.id);
        if flag.answered_in != answer {
            store::set_answer(c, &[flag.id], answer)?;
            flag.answered_in = answer;
            new.push(flag);
        }
    }
    Ok(new)
}

/// Adds to the audit log which draft answers these flags.
pub fn record_answers(c: &mut Conn, act: &Act, flags: &[Flag]) -> Result<()> {
    for flag in flags {
        let details = json!({ "item": flag.item_code, "draft": flag.answered_in });
        audit::record(c, act, entry("stale.answered", flag).details(details))?;
    }
    Ok(())
}

/// Closes the flags that a version answers, when it is published; returns how many. A flag stays open when its line was
/// changed back.
pub fn close_answered(
    c: &mut Conn,
    act: &Act,
    (area_id, version_id): (i64, i64),
    before: Option<&Content>,
    after: &Content,
) -> Result<usize> {
    let mut claimed = store::open_of_area(c, area_id)?;
    claimed.retain(|f| f.answered_in == Some(version_id));
    let (mut closed, mut left) = (Vec::new(), Vec::new());
    for flag in claimed {
        if !is_answered(before, after, &flag.item_code) {
            store::set_answer(c, &[flag.id], None)?;
            left.push(Flag {
                answered_in: None,
                ..flag
            });
        } else if store::close(c, flag.id, act.actor.id, "", act.now)? {
            closed.push(flag);
        }
    }
    record_answers(c, act, &left)?;
    for flag in &closed {
        let details = json!({ "item": flag.item_code, "answered_in": version_id });
        audit::record(c, act, entry("stale.closed", flag).details(details))?;
    }
    Ok(closed.len())
}
