//! A form of a draft that comes back, with everything that was typed: for its mistakes, or because somebody was faster.

use actix_web::http::StatusCode;

use crate::db::Conn;
use crate::domain::people::Actor;
use crate::error::{Error, FieldErrors, Result};
use crate::usecases::standard::draft_editor::DraftEditor;
use crate::web::{Fields, form_status};

/// Under this field stands what the form was opened on, and why it does not hold any more.
const SEEN: &str = "revision";

/// Why a form comes back.
///
/// Errors: What no form can say: the error itself.
pub(crate) fn why(error: Error) -> Result<FieldErrors> {
    match error {
        Error::Invalid(errors) => Ok(errors),
        Error::Conflict(sentence) => Ok(FieldErrors::one(SEEN, sentence)),
        other => Err(other),
    }
}

/// Whether it comes back because somebody was faster.
pub(crate) fn is_overtaken(errors: &FieldErrors) -> bool {
    errors.get(SEEN).is_some()
}

/// 409 where somebody was faster; else as every form.
pub(crate) fn status(errors: &FieldErrors) -> StatusCode {
    if is_overtaken(errors) {
        StatusCode::CONFLICT
    } else {
        form_status(errors)
    }
}

/// The draft that a form shows. One that comes back is shown without a draft too, because what was typed would be gone.
pub(crate) fn desk(
    c: &mut Conn,
    actor: &Actor,
    slug: &str,
    errors: &FieldErrors,
) -> Result<DraftEditor> {
    if errors.is_empty() {
        DraftEditor::read_draft(c, actor, slug)
    } else {
        DraftEditor::read_or_next(c, actor, slug)
    }
}

/// What the form is opened on: one that was overtaken on what is there now, which it shows; one with a mistake on what
/// it was.
pub(crate) fn seen(desk: &DraftEditor, typed: Option<&Fields>, errors: &FieldErrors) -> String {
    match typed.filter(|fields| fields.has(SEEN) && !is_overtaken(errors)) {
        Some(fields) => fields.get(SEEN).to_owned(),
        None => desk.seen().to_string(),
    }
}

/// The sentences to show: behind who was faster, what to do.
pub(crate) fn advise(desk: &DraftEditor, errors: FieldErrors, advice: &str) -> FieldErrors {
    let Some(sentence) = errors.get(SEEN) else {
        return errors;
    };
    let version = desk.draft.version;
    let then = if desk.area.archived_at.is_some() {
        String::new()
    } else if desk.is_begun {
        format!(" {advice}")
    } else {
        format!(" Saving it begins a draft of v{version}.")
    };
    let sentence = format!("{sentence} What you typed is still here.{then}");
    FieldErrors::one(SEEN, sentence)
}
