//! The page on which an area is taken out of use, and the way back.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::area::model::Area;
use crate::domain::{area, clearance, ramp};
use crate::error::{Error, Result};
use crate::pages::request::{show, submit};
use crate::usecases::area::actions;
use crate::web::{Done, Fields, Page};

#[derive(Template)]
#[template(path = "area/archive.html")]
struct ArchivePage {
    page: Page,
    area: Area,
    /// People whose clearance holds, and ramps under way.
    cleared: usize,
    ramps: i64,
}

/// What archiving an area means, before it is done.
pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, move |c, context, page| {
        actions::permit_archive(&context.actor)?;
        let area = area::store::by_slug(c, &slug)?.ok_or(Error::NotFound("area"))?;
        let today = context.now.day();
        let held = clearance::store::latest_in_area(c, area.id)?;
        Ok(ArchivePage {
            page: page.titled("areas", format!("Archive {}", area.name)),
            cleared: held
                .iter()
                .filter(|held| clearance::standing(Some(held), today).is_cover())
                .count(),
            ramps: ramp::store::open_in(c, area.id)?,
            area,
        })
    })
    .await
}

/// Takes the area out of use.
pub(crate) async fn archive(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    submit(&req, &fields, move |c, act| {
        actions::archive(c, act, &slug, true)?;
        let said = "The area is archived. Everything recorded in it stays.";
        Ok(Done::new(format!("/areas/{slug}"), said))
    })
    .await
}

/// Brings the area back.
pub(crate) async fn restore(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    submit(&req, &fields, move |c, act| {
        actions::archive(c, act, &slug, false)?;
        Ok(Done::new(
            format!("/areas/{slug}"),
            "The area is in use again.",
        ))
    })
    .await
}
