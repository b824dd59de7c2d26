//! The forecast of an area as files: the days ahead as a table, and its pictures.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{covering, gone, names};
use crate::domain::clearance::model::Clearance;
use crate::domain::forecast;
use crate::error::Result;
use crate::pages::parts::chart::Picture;
use crate::pages::parts::chart::cover::{cover_chart, lapsing_chart};
use crate::pages::parts::table::download;
use crate::pages::request::read;
use crate::usecases::forecast::Forecast;
use crate::web::table::{Cell, Table};

const HEADER: [&str; 8] = [
    "Day",
    "Cleared",
    "Minimum",
    "Without",
    "Cleared without them",
    "Ends before",
    "Ends by",
    "Last day",
];

/// The days ahead as a file: a line for each clearance that ends before one, or one line without.
pub(crate) async fn table(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    download(&req, move |c, context, query| {
        let found = Forecast::load(c, context, &slug)?;
        let (today, minimum) = (found.register.today(), i64::from(found.area.minimum_cover));
        let gone = gone(query);
        let names = names(&covering(&found), &gone);
        let all = forecast::outlook(&found.held, today);
        let left = forecast::outlook(&forecast::without(&found.held, &gone), today);
        let mut table = Table::new(format!("forecast-of-{}", found.area.slug), &HEADER);
        for (step, without) in all.iter().zip(left) {
            let without = Some(without.cleared).filter(|_| !names.is_empty());
            let row = |ended: Option<&Clearance>| {
                vec![
                    Cell::Day(step.day),
                    Cell::Number(step.cleared),
                    Cell::Number(minimum),
                    Cell::text(&names),
                    Cell::maybe(without, Cell::Number),
                    Cell::maybe(ended, |held| {
                        Cell::text(found.register.name(held.person_id))
                    }),
                    Cell::maybe(ended, |held| Cell::text(held.end_words())),
                    Cell::maybe(ended, |held| Cell::Day(held.holds_until)),
                ]
            };
            match step.ended.is_empty() {
                true => table.rows.push(row(None)),
                false => table
                    .rows
                    .extend(step.ended.iter().map(|held| row(Some(held)))),
            }
        }
        Ok(table)
    })
    .await
}

/// The picture of the cover now.
pub(crate) async fn cover(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    picture(&req, &slug, "cover", |found| {
        let minimum = found.area.minimum_cover.into();
        cover_chart(&found.area.name, covering(found).len(), minimum)
    })
    .await
}

/// The picture of what ends in the months ahead.
pub(crate) async fn lapsing(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    picture(&req, &slug, "lapsing", |found| {
        lapsing_chart(&forecast::lapsing(&found.held, found.register.today()))
    })
    .await
}

async fn picture(
    req: &HttpRequest,
    slug: &str,
    word: &str,
    draw: fn(&Forecast) -> Picture,
) -> Result<HttpResponse> {
    let slug = slug.to_owned();
    let (area, day, picture) = read(req, move |c, context| {
        let found = Forecast::load(c, context, &slug)?;
        Ok((
            found.area.slug.clone(),
            found.register.today(),
            draw(&found),
        ))
    })
    .await?;
    picture.saved_as(&format!("{word}-of-{area}-{day}.svg"))
}
