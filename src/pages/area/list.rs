//! The list of areas, with how each is covered.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{CoverView, label_link};
use crate::domain::area::labels;
use crate::domain::area::model::Area;
use crate::domain::area::{Cover, may_manage, number_word};
use crate::error::Result;
use crate::pages::request::show;
use crate::text;
use crate::usecases::kpi::subject::Whose;
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
    /// Each with the list of its areas.
    labels: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "area/list.html")]
struct ListPage {
    page: Page,
    only_short: bool,
    may_manage: bool,
    total: usize,
    areas: Vec<AreaLine>,
    /// The page of its KPIs, and the label whose areas are shown alone.
    label: Option<(String, String)>,
    /// All labels, to choose one.
    labels: Vec<(String, String)>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let only_short = query.get("show") == "short";
    show(&req, move |c, context, page| {
        let all = register::cover::covers(c, context.now.day())?;
        let known = labels::distinct(all.iter().map(|(area, _)| area.labels.as_str()));
        let wanted = text::key(query.trimmed("label"));
        let label = known.iter().find(|l| text::key(l) == wanted).cloned();
        let has = |area: &Area| label.as_ref().is_none_or(|l| labels::has(&area.labels, l));
        let lines = all
            .iter()
            .filter(|(area, _)| has(area))
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
                labels: labels::all(&area.labels).map(label_link).collect(),
                cover: CoverView::new(cover),
            })
            .collect();
        Ok(ListPage {
            page: page.titled("areas", "Areas"),
            only_short,
            may_manage: may_manage(&context.actor),
            total: all.len(),
            areas,
            labels: known.iter().map(|l| label_link(l)).collect(),
            label: label.map(|l| (Whose::Label(l.clone()).address(), l)),
        })
    })
    .await
}
