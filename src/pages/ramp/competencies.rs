//! The competencies of a ramp, by group: those at level are folded.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::ramp::part::Part;
use crate::domain::standard::Group;
use crate::error::Result;
use crate::pages::ramp::asked;
use crate::pages::ramp::asked::AskedView;
use crate::pages::ramp::levels::{GroupView, group};
use crate::pages::ramp::show_view::head::{RampHead, open};
use crate::pages::request::show;
use crate::web::Page;

#[derive(Template)]
#[template(path = "ramp/competencies.html")]
struct CompetenciesPage {
    page: Page,
    ramp: RampHead,
    version: i32,
    groups: Vec<GroupView>,
    at_level: usize,
    competencies: usize,
    /// Open requests for observations.
    asked: Vec<AskedView>,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, move |c, context, page| {
        let (page, d, ramp) = open(c, context, page, (*id, Part::Competencies), &[])?;
        let groups = Group::ALL.iter();
        let (actor, local) = (&context.actor, &context.local);
        let groups: Vec<_> = groups.filter_map(|g| group(&d, *g, actor, local)).collect();
        Ok(CompetenciesPage {
            page,
            ramp,
            version: d.standard.version,
            at_level: groups.iter().map(|g| g.met).sum(),
            competencies: groups.iter().map(|g| g.rows.len()).sum(),
            groups,
            asked: asked::views(&d, local),
        })
    })
    .await
}
