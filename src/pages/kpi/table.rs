//! The figures of a scope for a spreadsheet: one line a figure, numbers as they are.

use actix_web::{HttpRequest, HttpResponse};

use super::{HealthView, asked, file_word, named};
use crate::domain::kpi::store;
use crate::domain::kpi::target::{current, ends};
use crate::domain::people::Names;
use crate::error::Result;
use crate::pages::parts::table::download_at;
use crate::usecases::kpi::cache::unit_word;
use crate::usecases::kpi::subject::find;
use crate::usecases::kpi::trend;
use crate::web::Fields;
use crate::web::table::{Cell, Table};

const HEADER: [&str; 14] = [
    "Figure",
    "Name",
    "Of",
    "Day",
    "Value",
    "Unit",
    "Sample size",
    "Health",
    "Why unknown",
    "At least",
    "At most",
    "Owner",
    "Earlier day",
    "Earlier value",
];

pub(crate) async fn download(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let (whose, _) = named(&req)?;
    let asked = asked(&req, &whose, trend::days_of_all, None).await?;
    let past = asked.past.clone();
    download_at(&req, query, &past, move |c, context, _| {
        let subject = find(c, context, &whose)?;
        let targets = match subject.place() {
            Some(place) => store::targets(c, &place.word())?,
            None => Vec::new(),
        };
        let names = Names::load(c, targets.iter().map(|t| t.owner_id))?;
        let number = |v: Option<f64>| Cell::maybe(v, Cell::Decimal);
        let mut table = Table::new(format!("kpis-{}", file_word(&subject)), &HEADER);
        for figure in asked.now().into_iter().flat_map(|k| &k.figures) {
            let kpi = figure.kpi;
            let before = trend::earlier(asked.day, kpi);
            let own = current(&targets, kpi);
            let goal = own.map(|t| t.goal).or(figure.proposed());
            let health = HealthView::new(figure, goal);
            let (low, high) = goal.map_or((None, None), ends);
            table.rows.push(vec![
                Cell::text(kpi.word()),
                Cell::text(kpi.label()),
                Cell::text(&subject.name),
                Cell::Day(asked.shown),
                number(figure.main.value),
                Cell::text(unit_word(kpi.unit())),
                Cell::Number(figure.main.n.into()),
                Cell::text(health.word),
                Cell::text(health.why),
                number(low),
                number(high),
                Cell::maybe(own, |t| Cell::text(names.name(t.owner_id))),
                Cell::Day(before),
                number(asked.measure(before, kpi).and_then(|m| m.value)),
            ]);
        }
        Ok(table)
    })
    .await
}
