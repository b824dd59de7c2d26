//! The list of areas, with how each is covered.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::CoverView;
use crate::domain::area::{Cover, may_manage, number_word};
use crate::error::Result;
use crate::pages::request::show;
use crate::usecases::register;
use crate::usecases::register::AreaCover;
use crate::web::{Fields, Page};

struct AreaLine {
    name: String,
    slug: String,
    tier: i32,
    owner: String,
    cover: CoverView,
    ramping: String,
}

#[derive(Template)]
#[template(path = "area/list.html")]
struct ListPage {
    page: Page,
    only_short: bool,
    may_manage: bool,
    total: usize,
    areas: Vec<AreaLine>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let only_short = Fields::parse(req.query_string().as_bytes())?.get("show") == "short";
    show(&req, move |c, context, page| {
        let all = register::cover::covers(c, context.now.day())?;
        let lines = all
            .iter()
            .map(|(area, count)| (area, AreaCover::of(area, *count)));
        let shown =
            lines.filter(|(_, cover)| !only_short || matches!(cover.cover, Cover::ShortBy(_)));
        let areas = shown
            .map(|(area, cover)| AreaLine {
                name: area.name.clone(),
                slug: area.slug.clone(),
                tier: area.tier,
                owner: area.owner_team.clone(),
                ramping: number_word(cover.ramping),
                cover: CoverView::new(cover),
            })
            .collect();
        Ok(ListPage {
            page: page.titled("areas", "Areas"),
            only_short,
            may_manage: may_manage(&context.actor),
            total: all.len(),
            areas,
        })
    })
    .await
}
