//! The list of areas, with how each is covered.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::{CoverView, label_link};
use crate::domain::area::labels;
use crate::domain::area::model::Area;
use crate::domain::area::{Cover, may_manage, number_word};
use crate::error::Result;
use crate::pages::parts::table::download;
use crate::pages::request::show;
use crate::text;
use crate::usecases::kpi::subject::Whose;
use crate::usecases::register;
use crate::usecases::register::{AreaCover, Count};
use crate::web::table::{Cell, Files, Table};
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
    files: Files,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let only_short = query.get("show") == "short";
    show(&req, move |c, context, page| {
        let all = register::cover::covers(c, context.now.day())?;
        let known = labels::distinct(all.iter().map(|(area, _)| area.labels.as_str()));
        let label = labelled(&known, &query);
        let areas = wanted(&all, only_short, label.as_deref())
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
            files: Files::of("/areas", &query),
            areas,
            labels: known.iter().map(|l| label_link(l)).collect(),
            label: label.map(|l| (Whose::Label(l.clone()).address(), l)),
        })
    })
    .await
}

/// The label that is asked for, where an area has it.
fn labelled(known: &[String], query: &Fields) -> Option<String> {
    let wanted = text::key(query.trimmed("label"));
    known.iter().find(|l| text::key(l) == wanted).cloned()
}

/// Those that are shown, with their cover.
fn wanted<'a>(
    all: &'a [(Area, Count)],
    only_short: bool,
    label: Option<&'a str>,
) -> impl Iterator<Item = (&'a Area, AreaCover)> {
    let lines = all
        .iter()
        .filter(move |(area, _)| label.is_none_or(|l| labels::has(&area.labels, l)))
        .map(|(area, count)| (area, AreaCover::of(area, *count)));
    lines.filter(move |(_, cover)| !only_short || matches!(cover.cover, Cover::ShortBy(_)))
}

const HEADER: [&str; 10] = [
    "Area",
    "Code",
    "Tier",
    "Owner team",
    "Cover",
    "Cleared",
    "Minimum cover",
    "Ramping",
    "Validity",
    "Practice",
];

pub(crate) async fn table(req: HttpRequest) -> Result<HttpResponse> {
    download(&req, |c, context, query| {
        let all = register::cover::covers(c, context.now.day())?;
        let known = labels::distinct(all.iter().map(|(area, _)| area.labels.as_str()));
        let label = labelled(&known, query);
        let mut table = Table::new("areas", &HEADER);
        for (area, cover) in wanted(&all, query.get("show") == "short", label.as_deref()) {
            table.rows.push(vec![
                Cell::text(&area.name),
                Cell::text(&area.code),
                Cell::Number(area.tier.into()),
                Cell::text(&area.owner_team),
                Cell::text(cover.cover.label()),
                Cell::Number(cover.cleared),
                Cell::Number(area.minimum_cover.into()),
                Cell::Number(cover.ramping),
                Cell::text(area.validity().words()),
                Cell::text(area.rule().words()),
            ]);
        }
        Ok(table)
    })
    .await
}
