//! The figures of a scope for a spreadsheet: one line a figure, numbers as they are.

use actix_web::{HttpRequest, HttpResponse};

use super::{asked, file_word, named};
use crate::domain::kpi::target::{current, ends};
use crate::domain::kpi::{Measure, store};
use crate::domain::people::Names;
use crate::error::Result;
use crate::pages::request::read_at;
use crate::usecases::kpi::cache::unit_word;
use crate::usecases::kpi::subject::find;
use crate::usecases::kpi::trend;
use crate::web::csv;

const HEADER: [&str; 13] = [
    "Figure",
    "Name",
    "Of",
    "Day",
    "Value",
    "Unit",
    "Sample size",
    "Health",
    "At least",
    "At most",
    "Owner",
    "Earlier day",
    "Earlier value",
];

pub(crate) async fn download(req: HttpRequest) -> Result<HttpResponse> {
    let (whose, _) = named(&req)?;
    let asked = asked(&req, &whose, |day| vec![trend::earlier(day), day]).await?;
    let past = asked.past.clone();
    past.errors.clone().or(())?;
    let (name, file) = read_at(&req, &past, move |c, context| {
        let subject = find(c, context, &whose)?;
        let targets = match subject.place() {
            Some(place) => store::targets(c, &place.word())?,
            None => Vec::new(),
        };
        let names = Names::load(c, targets.iter().map(|t| t.owner_id))?;
        let before = trend::earlier(asked.day);
        let number = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
        let value = |m: Option<Measure>| number(m.and_then(|m| m.value));
        let figures = asked.on(asked.day).into_iter().flat_map(|k| &k.figures);
        let rows = figures.map(|figure| {
            let kpi = figure.kpi;
            let own = current(&targets, kpi);
            let goal = own.map(|t| t.goal).or(figure.proposed());
            let (low, high) = goal.map_or((None, None), ends);
            let health = kpi.health(figure.main, goal);
            [
                kpi.word().to_owned(),
                kpi.label().to_owned(),
                subject.name.clone(),
                asked.day.to_string(),
                number(figure.main.value),
                unit_word(kpi.unit()).to_owned(),
                figure.main.n.to_string(),
                health.label().to_owned(),
                number(low),
                number(high),
                own.map_or("", |t| names.name(t.owner_id)).to_owned(),
                before.to_string(),
                value(asked.measure(before, kpi)),
            ]
        });
        let file = csv::table(&HEADER, rows)?;
        Ok((
            format!("kpis-{}-{}.csv", file_word(&subject), asked.day),
            file,
        ))
    })
    .await?;
    Ok(csv::attachment(&name, file))
}
