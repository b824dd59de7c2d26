//! The page of two versions side by side.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::version::{find, readable};
use crate::domain::area::model::Area;
use crate::domain::standard::diff::diff;
use crate::error::Result;
use crate::pages::parts::choice::Choice;
use crate::pages::parts::standard::DiffView;
use crate::pages::request::show;
use crate::web::{Fields, Page};

#[derive(Template)]
#[template(path = "standard/diff.html")]
struct DiffPage {
    page: Page,
    up: String,
    area: Area,
    from: i32,
    to: i32,
    diff: DiffView,
    froms: Vec<Choice>,
    tos: Vec<Choice>,
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    let asked = Fields::parse(req.query_string().as_bytes())?;
    show(&req, move |c, context, page| {
        let (area, versions, _) = readable(c, context, &slug)?;
        // Without numbers: what the newest version changed.
        let mut newest = versions.iter().map(|s| s.version.to_string());
        let (to, from) = (newest.next(), newest.next());
        let pick = |field: &str, default: Option<String>| match asked.trimmed(field) {
            "" => default.unwrap_or_default(),
            typed => typed.to_owned(),
        };
        let to = find(&versions, &pick("to", to.clone()))?;
        let from = find(
            &versions,
            &pick("from", from.or(Some(to.version.to_string()))),
        )?;
        let (from, to, between) = (
            from.version,
            to.version,
            DiffView::new(&diff(&from.content, &to.content)),
        );
        let choices = |chosen: i32| {
            let numbers = versions.iter().map(|s| s.version);
            numbers
                .map(|n| Choice::new(n, format!("v{n}"), n == chosen))
                .collect()
        };
        Ok(DiffPage {
            page: page.titled("areas", format!("{}, from v{from} to v{to}", area.name)),
            up: format!("/areas/{}", area.slug),
            diff: between,
            froms: choices(from),
            tos: choices(to),
            from,
            to,
            area,
        })
    })
    .await
}
