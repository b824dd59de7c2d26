//! Starting a draft, editing it line by line, publishing it.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use crate::db::locks::Order;
use crate::db::{Conn, locks};
use crate::domain::area;
use crate::domain::area::model::Area;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::standard::draft::{Line, Step, may_take};
use crate::domain::standard::paste::Pasted;
use crate::domain::standard::store::{NewVersion, Publication};
use crate::domain::standard::{Content, Gate, Standard, StandardState, check, store};
use crate::error::{Error, FieldErrors, Result};
use crate::usecases::clearance::delta;
use crate::usecases::standard::draft_editor::{DraftEditor, Seen, last_edit};
use crate::usecases::standard::input::{LineInput, Note};

/// Starts a draft from the published version, or an empty one; returns its number.
///
/// Errors: [`Error::Forbidden`] unless the actor may edit the standard; [`Error::Conflict`] when there is a draft.
pub fn start(c: &mut Conn, act: &Act, slug: &str, from_published: bool) -> Result<i32> {
    area::store::lock_by_slug(c, slug)?;
    let area = DraftEditor::area_in_use(c, &act.actor, slug)?;
    let versions = store::of_area(c, area.id)?;
    if let Some(draft) = versions.iter().find(|s| s.state == StandardState::Draft) {
        let (who, at) = last_edit(c, act, draft)?;
        return Err(Error::Conflict(format!(
            "There is a draft of v{} already; {who} edited it last, on {at}. Continue with that one.",
            draft.version
        )));
    }
    let published = versions
        .iter()
        .find(|s| s.state == StandardState::Published)
        .filter(|_| from_published);
    let newest = versions.iter().map(|s| s.version).max().unwrap_or(0);
    let empty = Content::default();
    let new = NewVersion {
        area_id: area.id,
        version: newest.saturating_add(1),
        state: StandardState::Draft,
        note: "",
        content: published.map_or(&empty, |p| &*p.content),
        by: act.actor.id,
        now: act.now,
    };
    let id = store::insert(c, &new)?;
    let details = json!({ "version": new.version, "from": published.map(|p| p.version) });
    let entry = Entry::new("draft.started", format!("standard:{id}")).area(area.id);
    audit::record(c, act, entry.details(details))?;
    Ok(new.version)
}

/// Which line a form is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A line of the draft.
    Existing(String),
    New {
        /// A new line under the chosen code; under the next free one when left out.
        code: Option<String>,
        /// The line that had this code in an earlier version.
        is_back: bool,
    },
}

/// Stores a line of the draft the form showed, or of a new draft; returns its code.
///
/// Errors: [`Error::Forbidden`] unless the actor may edit the standard; [`Error::Conflict`] when someone edited or
/// published the draft meanwhile; [`Error::Invalid`] when the code is not possible.
pub fn save_line(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    seen: Seen,
    target: &Target,
    input: &LineInput,
) -> Result<String> {
    let mut editor = begin_or_open(c, act, slug, seen)?;
    let (code, before) = match target {
        Target::Existing(code) => {
            let before = editor.draft.content.line(code);
            let before = before.ok_or(Error::NotFound("line of the draft"))?;
            (code.clone(), Some(before))
        }
        Target::New { code, is_back } => {
            let prefix = &editor.area.code;
            let content = &editor.draft.content;
            let next = || content.next_code(input.group(), prefix, &editor.earlier);
            let code = code.clone().unwrap_or_else(next);
            let code = check::code(&code, prefix).map_err(|e| Error::field("code", e))?;
            let line = input.line.clone().under(code.clone());
            may_take(&line, content, &editor.earlier, *is_back)
                .map_err(|e| Error::field("code", e))?;
            (code, None)
        }
    };
    let line = input.line.clone().under(code.clone());
    if before
        .as_ref()
        .is_some_and(|b| is_competency(b) != is_competency(&line))
    {
        return Err(Error::NotFound("line of the draft"));
    }
    editor.draft.rewrite().put(line.clone());
    let answers = match &line {
        Line::Competency(_) => Vec::new(),
        Line::Item(_) => {
            crate::usecases::stale::actions::answer_with_line(c, &editor, &code, &input.flags)?
        }
    };
    if before.as_ref() != Some(&line) {
        let json = |line: &Line| match line {
            Line::Competency(c) => json!(c),
            Line::Item(i) => json!(i),
        };
        let details =
            json!({ "line": code, "before": before.as_ref().map(json), "after": json(&line) });
        save(c, act, &editor, details)?;
    }
    crate::usecases::stale::actions::record_answers(c, act, &answers)?;
    Ok(code)
}

/// Adds what was read from a pasted text to the draft the form showed, or to a new draft; returns how many lines.
///
/// Errors: As [`save_line`]; [`Error::Invalid`] when nothing in it became a line.
pub fn add_pasted(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    seen: Seen,
    pasted: Pasted,
) -> Result<usize> {
    let mut editor = begin_or_open(c, act, slug, seen)?;
    let pasted = pasted.without(&editor.draft.content);
    some_line(&pasted)?;
    let mut codes = Vec::new();
    for made in &pasted.made {
        let group = match &made.line {
            Line::Competency(competency) => Some(competency.group),
            Line::Item(_) => None,
        };
        let content = &editor.draft.content;
        let code = content.next_code(group, &editor.area.code, &editor.earlier);
        editor
            .draft
            .rewrite()
            .put(made.line.clone().under(code.clone()));
        codes.push(code);
    }
    save(c, act, &editor, json!({ "pasted": codes }))?;
    Ok(codes.len())
}

/// Errors: [`Error::Invalid`] when nothing of a text became a line.
pub fn some_line(pasted: &Pasted) -> Result<()> {
    match pasted.made.is_empty() {
        true => Err(Error::field(
            "text",
            "Nothing in this text becomes a new line.",
        )),
        false => Ok(()),
    }
}

fn is_competency(line: &Line) -> bool {
    matches!(line, Line::Competency(_))
}

/// Stores the gates of the draft the form showed, or of a new draft.
pub fn save_gates(c: &mut Conn, act: &Act, slug: &str, seen: Seen, gates: &[Gate]) -> Result<()> {
    let mut editor = begin_or_open(c, act, slug, seen)?;
    for gate in gates {
        areas_come_first(c, &editor.area, gate)?;
    }
    if editor.draft.content.gates == gates {
        return Ok(());
    }
    let details = json!({ "gates": { "before": editor.draft.content.gates, "after": gates } });
    editor.draft.rewrite().gates = gates.to_vec();
    save(c, act, &editor, details)
}

/// Prerequisite areas must exist, and no area is its own prerequisite.
fn areas_come_first(c: &mut Conn, area: &Area, gate: &Gate) -> Result<()> {
    let Gate::Prerequisite { areas } = gate else {
        return Ok(());
    };
    let known = area::store::all(c)?;
    let is_known = |code: &str| known.iter().any(|a| a.code == code);
    let mut asked = areas.iter();
    asked
        .try_for_each(|code| check::comes_first(code, &area.code, is_known))
        .map_err(|sentence| Error::field("areas", sentence))
}

/// Removes a line from the draft; returns its code.
///
/// Errors: [`Error::Forbidden`] unless the actor may edit the standard; [`Error::Conflict`] when someone edited or
/// published the draft meanwhile.
pub fn remove(c: &mut Conn, act: &Act, slug: &str, seen: Seen, code: &str) -> Result<()> {
    change(c, act, slug, seen, |editor| {
        let taken = editor.draft.rewrite().take(code);
        taken.ok_or(Error::NotFound("line of the draft"))?;
        Ok(json!({ "removed": code }))
    })
}

/// Restores a line that the published version has and the draft does not.
pub fn put_back(c: &mut Conn, act: &Act, slug: &str, seen: Seen, code: &str) -> Result<()> {
    change(c, act, slug, seen, |editor| {
        let published = editor
            .published()
            .map(|p| p.content.clone())
            .unwrap_or_default();
        if editor.draft.rewrite().put_back(&published, code) {
            Ok(json!({ "put_back": code }))
        } else {
            Err(Error::NotFound("removed line of the draft"))
        }
    })
}

/// Moves a line of the draft; returns the name of its new group, if the group changed.
pub fn shift(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    seen: Seen,
    code: &str,
    step: &Step,
) -> Result<Option<&'static str>> {
    let mut group = None;
    change(c, act, slug, seen, |editor| {
        let content = editor.draft.rewrite();
        let before = content.group_label(code);
        if !content.shift(code, step) {
            return Err(Error::Conflict(format!("{code} cannot move there.")));
        }
        group = content.group_label(code).filter(|g| Some(*g) != before);
        let order: Vec<_> = content.codes().collect();
        Ok(json!({ "moved": code, "order": order }))
    })?;
    Ok(group)
}

fn change(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    seen: Seen,
    f: impl FnOnce(&mut DraftEditor) -> Result<Value>,
) -> Result<()> {
    let mut editor = open(c, act, slug, seen)?;
    let details = f(&mut editor)?;
    save(c, act, &editor, details)
}

/// The locked draft the form showed. A form never overwrites someone else's change unseen.
fn open(c: &mut Conn, act: &Act, slug: &str, seen: Seen) -> Result<DraftEditor> {
    let editor = DraftEditor::lock(c, act, slug)?;
    match editor.overtaken(c, act, seen)? {
        None => Ok(editor),
        Some(sentence) => Err(Error::Conflict(format!(
            "{sentence} Your change was not saved."
        ))),
    }
}

/// The same for a form that may have outlived its draft: its changes go into a new one.
fn begin_or_open(c: &mut Conn, act: &Act, slug: &str, seen: Seen) -> Result<DraftEditor> {
    if seen == Seen::Nothing {
        start(c, act, slug, true)?;
        return DraftEditor::lock(c, act, slug);
    }
    open(c, act, slug, seen)
}

fn save(c: &mut Conn, act: &Act, editor: &DraftEditor, details: Value) -> Result<()> {
    let draft = &editor.draft;
    let at = (draft.id, draft.revision);
    if !store::save_draft(c, at, &draft.content, act.actor.id, act.now)? {
        return Err(Error::fault("a locked draft was written by someone else"));
    }
    let entry = Entry::new("draft.edited", format!("standard:{}", draft.id)).area(draft.area_id);
    let details = json!({ "revision": draft.revision + 1, "change": details });
    audit::record(c, act, entry.details(details))
}

/// Publishes the draft the form showed; returns its number. The version before it is retired. Ramps pinned to that
/// version stay on it.
///
/// Errors: [`Error::Forbidden`] unless the actor may edit the standard; [`Error::Conflict`] when someone edited or
/// published it meanwhile; [`Error::Invalid`] when it equals the published version, or breaks a rule of
/// [`check::problems`].
pub fn publish(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    seen: Seen,
    note: &Note,
    material: bool,
) -> Result<i32> {
    one_publishes_at_a_time(c)?;
    let editor = open(c, act, slug, seen)?;
    let mut errors = FieldErrors::default();
    if editor.diff().is_empty() {
        errors.add(
            "",
            "The draft says what the published version says: there is nothing to publish.",
        );
    }
    for problem in check::problems(&editor.draft.content, &editor.area.code) {
        errors.add("", problem);
    }
    errors.or(())?;
    let published = editor.published();
    // There are no assessments before the first version.
    let material = material && published.is_some();
    release(c, act, &editor.draft, published, (note.as_str(), material))?;
    Ok(editor.draft.version)
}

/// Of two who publish at once, the second one knows what the first one published. Taken before any row.
pub fn one_publishes_at_a_time(c: &mut Conn) -> Result<()> {
    locks::one_at_a_time(c, Order::Prerequisites, "")
}

/// Refuses a version that makes areas ask for each other, archived ones too: those come back.
///
/// Errors: [`Error::Invalid`].
pub fn refuse_circle(c: &mut Conn, area_id: i64, content: &Content) -> Result<()> {
    let own = check::areas_first(content);
    if own.is_empty() {
        return Ok(());
    }
    let areas = area::store::all_with_archived(c)?;
    let codes: HashMap<i64, &str> = areas.iter().map(|a| (a.id, a.code.as_str())).collect();
    let ids: Vec<i64> = codes.keys().copied().collect();
    let mut first = BTreeMap::new();
    for standard in store::published(c, &ids)? {
        if let Some(code) = codes.get(&standard.area_id) {
            first.insert((*code).to_owned(), check::areas_first(&standard.content));
        }
    }
    let code = codes.get(&area_id).copied().unwrap_or_default();
    first.insert(code.to_owned(), own);
    match check::circle(code, &first) {
        None => Ok(()),
        Some(way) => Err(Error::field(
            "",
            format!(
                "Areas ask for each other: {}. Nobody new could be cleared in any of them.",
                way.join(" asks for ")
            ),
        )),
    }
}

/// Makes a draft the published version. The caller has checked permission and other rules.
///
/// Errors: [`Error::Conflict`] when it is no longer a draft; [`Error::Invalid`] when its area and others ask for each other.
pub fn release(
    c: &mut Conn,
    act: &Act,
    draft: &Standard,
    before: Option<&Standard>,
    (note, material): (&str, bool),
) -> Result<()> {
    refuse_circle(c, draft.area_id, &draft.content)?;
    let how = Publication {
        note,
        material,
        by: act.actor.id,
        now: act.now,
    };
    if !store::publish(c, draft, &how)? {
        return Err(Error::Conflict(format!(
            "Version {} is no longer a draft, or someone edited it just now. Look at it again.",
            draft.version
        )));
    }
    let ids = (draft.area_id, draft.id);
    let old = before.map(|b| &*b.content);
    let answered =
        crate::usecases::stale::actions::close_answered(c, act, ids, old, &draft.content)?;
    let asked = match before.filter(|_| material) {
        Some(before) => delta::ask(c, act, draft, before)?,
        None => 0,
    };
    let entry = Entry::new("standard.published", format!("standard:{}", draft.id));
    audit::record(
        c,
        act,
        entry.area(draft.area_id).details(json!({
            "version": draft.version, "note": note, "material": material, "answered_flags": answered,
            "delta_reviews": asked,
            "content": &*draft.content,
        })),
    )
}
