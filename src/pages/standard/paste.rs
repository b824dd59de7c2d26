//! Lines of a draft from a pasted checklist or matrix, looked at before they are stored.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::line::choice;
use crate::domain::area::model::Area;
use crate::domain::standard::draft::Line;
use crate::domain::standard::paste;
use crate::domain::standard::paste::{LeftOver, MAX_CHARS, Made, Otherwise, Pasted};
use crate::domain::standard::{Group, StandardState};
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::usecases::standard::actions;
use crate::usecases::standard::draft_editor::DraftEditor;
use crate::usecases::standard::input;
use crate::web::{Done, Errors, Fields, Page};

/// A line that would be made.
struct LineView {
    at: usize,
    words: String,
    /// `Competency, Incident response, level 3`
    kind: String,
}

struct Preview {
    lines: Vec<LineView>,
    left_over: Vec<LeftOver>,
}

#[derive(Template)]
#[template(path = "standard/paste.html")]
struct PastePage {
    page: Page,
    errors: Errors,
    area: Area,
    draft: String,
    version: i32,
    revision: String,
    text: String,
    otherwise: Vec<Choice>,
    preview: Option<Preview>,
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::default(), false).await
}

/// The form, with what its text would make when it `looks`.
async fn show(req: &HttpRequest, slug: String, form: Form, looks: bool) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let (area, version, revision, content) = match DraftEditor::read(c, &context.actor, &slug)?
        {
            Ok(editor) => {
                let revision = form.seen("revision", editor.seen());
                let content = editor.draft.content.clone();
                (editor.area, editor.draft.version, revision, content)
            }
            Err((area, versions)) => {
                let newest = versions.first().map_or(0, |s| s.version);
                let mut all = versions.iter();
                let published = all.find(|s| s.state == StandardState::Published);
                let content = published.map(|s| s.content.clone()).unwrap_or_default();
                let revision = form.seen("revision", "none");
                (area, newest.saturating_add(1), revision, content)
            }
        };
        let preview = match looks {
            true => {
                let pasted = read(&form.fields)?.without(&content);
                Some(Preview {
                    lines: pasted.made.iter().map(line_view).collect(),
                    left_over: pasted.left_over,
                })
            }
            false => None,
        };
        let groups = Group::ALL.iter().map(|g| {
            let label = format!("Competencies: {}", g.label());
            choice(&form.fields, "otherwise", g.word(), label, false)
        });
        let items = choice(&form.fields, "otherwise", "items", "Checklist items", true);
        Ok(PastePage {
            page: page.titled("areas", "Paste a checklist"),
            draft: format!("/areas/{slug}/standard/draft"),
            otherwise: std::iter::once(items).chain(groups).collect(),
            text: form.fields.get("text").to_owned(),
            errors: form.errors,
            area,
            version,
            revision,
            preview,
        })
    })
    .await
}

fn line_view(made: &Made) -> LineView {
    LineView {
        at: made.at,
        words: paste::words(&made.line).to_owned(),
        kind: match &made.line {
            Line::Competency(c) => {
                let critical = if c.critical { ", critical" } else { "" };
                let (group, level) = (c.group.label(), c.required_level.number());
                format!("Competency, {group}, level {level}{critical}")
            }
            Line::Item(i) => format!("Checklist item, {}", i.group.label()),
        },
    }
}

/// What the text says.
fn read(fields: &Fields) -> Result<Pasted> {
    let text = fields.get("text");
    let n = text.chars().count();
    if text.trim().is_empty() {
        return Err(Error::field("text", "Paste a checklist or a table."));
    }
    if n > MAX_CHARS {
        let sentence = format!("The text has {n} characters. The limit is {MAX_CHARS}.");
        return Err(Error::field("text", sentence));
    }
    let otherwise = Otherwise::parse(fields.get("otherwise"));
    let otherwise = otherwise.ok_or_else(|| Error::field("otherwise", "Choose what they are."))?;
    Ok(paste::read(text, otherwise))
}

/// Adds the lines, or only looks at them.
pub(crate) async fn add(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let answer = match fields.get("step") {
        "add" => {
            let (typed, to) = (fields.clone(), slug.clone());
            // Nobody waits for a text to be read: a write has not begun yet.
            let pasted = read(&fields);
            submit(&req, &fields, move |c, act| {
                // A person who may not edit is told so before any mistake.
                DraftEditor::area(c, &act.actor, &to)?;
                let seen = input::seen(&typed)?;
                let said = match actions::add_pasted(c, act, &to, seen, pasted?)? {
                    1 => "1 line is added to the draft.".to_owned(),
                    n => format!("{n} lines are added to the draft."),
                };
                Ok(Done::new(format!("/areas/{to}/standard/draft"), said))
            })
            .await
        }
        _ => show(&req, slug.clone(), Form::filled(fields.clone()), true).await,
    };
    answer
        .or_show(fields, async |form| show(&req, slug, form, false).await)
        .await
}
