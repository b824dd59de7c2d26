//! The page of one rota: where it comes from, and the form that replaces an upload.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::new::{Received, received};
use crate::domain::area::model::Area;
use crate::domain::people::store::name_of;
use crate::domain::rota::source::Source;
use crate::domain::rota::store::changed_at;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::{read, submit};
use crate::time::TimeText;
use crate::usecases::rota::actions;
use crate::web::upload::Sent;
use crate::web::{Done, Errors, Page};

#[derive(Template)]
#[template(path = "rota/source.html")]
struct SourcePage {
    page: Page,
    errors: Errors,
    area: Area,
    id: i64,
    name: String,
    source: &'static str,
    from: String,
    made_by: String,
    made_at: TimeText,
    changed_at: Option<TimeText>,
    looked_at: Option<TimeText>,
    problem: String,
    removed: Option<TimeText>,
    text: String,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, id.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let (rota, area) = actions::of(c, &context.actor, id)?;
        let local = &context.local;
        let made_by = match rota.made_by {
            Some(id) => name_of(c, Some(id))?,
            None => "the command line".into(),
        };
        let changed = changed_at(c, &[id])?.remove(&id);
        Ok(SourcePage {
            page: page.titled("areas", &rota.name),
            errors: form.errors,
            area,
            id,
            source: rota.source.label(),
            from: rota.shown(),
            made_by,
            made_at: local.moment(rota.made_at),
            changed_at: changed.map(|at| local.moment(at)),
            looked_at: rota.looked_at.map(|at| local.moment(at)),
            removed: rota.removed_at.map(|at| local.moment(at)),
            text: form.fields.get("text").to_owned(),
            problem: rota.problem,
            name: rota.name,
        })
    })
    .await
}

/// Puts another upload in the place of the one before.
pub(crate) async fn replace(
    req: HttpRequest,
    id: web::Path<i64>,
    sent: Sent,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let Received { fields, file } = received(&req, sent).await?;
    let asked = fields.clone();
    async {
        let raw = file.unwrap_or_else(|| asked.get("text").as_bytes().to_vec());
        if raw.trim_ascii().is_empty() {
            return Err(Error::field("text", "Choose a file, or paste the rota."));
        }
        let source = Source::of(&raw);
        let entries = read(&req, move |c, context| {
            let (_, area) = actions::of(c, &context.actor, id)?;
            let who = (&context.actor, context.now);
            actions::read(c, who, &area.slug, (source, &raw))
        })
        .await?;
        submit(&req, &asked, move |c, act| {
            let said = match actions::replace(c, act, id, (source, &entries))? {
                true => "The rota was replaced.",
                false => "Nothing changed: the rota says the same.",
            };
            Ok(Done::new(format!("/rotas/{id}"), said))
        })
        .await
    }
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}
