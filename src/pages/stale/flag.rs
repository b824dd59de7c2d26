//! The page on which a checklist line is flagged as stale.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::people::Names;
use crate::domain::ramp::part::item_line;
use crate::domain::stale::store;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::usecases::dossier::Dossier;
use crate::usecases::stale::actions;
use crate::usecases::stale::actions::Finding;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "stale/flag.html")]
struct FlagPage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    mentee: String,
    area: String,
    code: String,
    text: String,
    link: String,
    is_link: bool,
    note: String,
    /// Who flagged this line already: name, what of it, words.
    open: Vec<(String, &'static str, String)>,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<(i64, String)>) -> Result<HttpResponse> {
    show(&req, path.into_inner(), Form::default()).await
}

async fn show(
    req: &HttpRequest,
    (ramp_id, code): (i64, String),
    form: Form,
) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let dossier = Dossier::load_for(c, ramp_id, &context.actor, context.now)?;
        actions::may_flag(&dossier, &context.actor)?;
        let item = dossier.standard.content.item(&code);
        let item = item.ok_or(Error::NotFound("checklist item"))?;
        let mut open = store::open_of_area(c, dossier.area.id)?;
        open.retain(|f| f.item_code == code);
        let names = Names::load(c, open.iter().map(|f| f.by_id))?;
        Ok(FlagPage {
            page: page.titled("ramps", format!("Flag {code} as stale")),
            errors: form.errors,
            ramp_id,
            mentee: dossier.mentee().name.to_owned(),
            area: dossier.area.name.clone(),
            text: item.text.clone(),
            link: item.link.clone().unwrap_or_default(),
            // Links go stale more often than words do.
            is_link: item.link.is_some() && form.fields.get("part") != "line",
            note: form.fields.get("note").to_owned(),
            open: open
                .into_iter()
                .map(|f| (names.name(f.by_id).to_owned(), f.part.label(), f.note))
                .collect(),
            code,
        })
    })
    .await
}

pub(crate) async fn flag(
    req: HttpRequest,
    path: web::Path<(i64, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let path = path.into_inner();
    let (typed, (id, code)) = (fields.clone(), path.clone());
    submit(&req, &fields, move |c, act| {
        // A person who may not flag reads that first, before any error in the fields.
        actions::may_flag(&Dossier::lock(c, id, act.now.day())?, &act.actor)?;
        let finding = Finding::parse(&typed)?;
        actions::flag(c, act, id, &code, &finding)?;
        Ok(Done::new(
            item_line(id, &code),
            "Flagged. The area's qualifiers see it. Home shows you the outcome.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, path, form).await)
    .await
}
