//! The form of a draft's gates.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{advise, editor};
use crate::domain::area::model::Area;
use crate::domain::standard::Strength;
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::usecases::standard::actions;
use crate::usecases::standard::draft_editor::DraftEditor;
use crate::usecases::standard::input;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "standard/gates.html")]
struct GatesPage {
    page: Page,
    errors: Errors,
    area: Area,
    draft: String,
    version: i32,
    /// False where saving begins the draft.
    is_begun: bool,
    revision: String,
    fields: Fields,
    strengths: Vec<Choice>,
    /// What the draft says now, when someone else edited it in the meantime.
    now: Vec<(&'static str, String)>,
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, slug: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let editor = editor(c, &context.actor, &slug, &form)?;
        let gates = &editor.draft.content.gates;
        let fields = form
            .typed()
            .cloned()
            .unwrap_or_else(|| input::of_gates(gates));
        let strength =
            |word: &str, label| Choice::new(word, label, fields.get("critical_evidence") == word);
        let strengths = Strength::ALL.iter().map(|s| strength(s.word(), s.label()));
        Ok(GatesPage {
            page: page.titled("areas", "Edit the gates"),
            draft: format!("/areas/{slug}/standard/draft"),
            version: editor.draft.version,
            is_begun: editor.is_begun,
            revision: form.seen("revision", editor.seen()),
            strengths: std::iter::once(strength("", "Any"))
                .chain(strengths)
                .collect(),
            fields,
            now: match form.is_overtaken() {
                true => gates.iter().map(|g| (g.label(), g.numbers())).collect(),
                false => Vec::new(),
            },
            errors: advise(
                &editor,
                form,
                "Compare it with what the draft says now, then save again.",
            ),
            area: editor.area,
        })
    })
    .await
}

pub(crate) async fn save(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let (typed, to) = (fields.clone(), slug.clone());
    submit(&req, &fields, move |c, act| {
        // A person who may not edit is told so before any mistake.
        DraftEditor::area(c, &act.actor, &to)?;
        let (seen, gates) = (input::seen(&typed)?, input::gates(&typed)?);
        actions::save_gates(c, act, &to, seen, &gates)?;
        Ok(Done::new(
            format!("/areas/{to}/standard/draft#gates"),
            "The gates are saved in the draft.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, form).await)
    .await
}
