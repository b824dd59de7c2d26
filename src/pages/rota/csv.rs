//! The shifts of an area for a spreadsheet: one line a finding of a shift, and one for each shift without.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::error::Result;
use crate::pages::request::{past_day, read_at};
use crate::usecases::rota::{Judged, OfArea, of_area};
use crate::web::{Fields, csv};

const HEADER: [&str; 8] = [
    "Starts",
    "Ends",
    "Person",
    "Handle",
    "Duty",
    "Finding",
    "Why",
    "Accepted until",
];

pub(crate) async fn download(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let past = past_day(&req, &query)?;
    past.errors.clone().or(())?;
    let name = slug.clone();
    let (today, file) = read_at(&req, &past, move |c, context| {
        let found = of_area(c, &slug, context.now)?;
        Ok((
            context.now.day(),
            csv::table(&HEADER, lines(&found).into_iter())?,
        ))
    })
    .await?;
    Ok(csv::attachment(&format!("rota-{name}-{today}.csv"), file))
}

fn lines(found: &OfArea) -> Vec<[String; 8]> {
    let checked = &found.checked;
    let people = &checked.facts.people;
    let why = |judged: Option<&Judged>| match judged {
        None => [String::new(), String::new(), String::new()],
        Some((finding, accepted)) => [
            finding.identity.kind.label().to_owned(),
            finding.sentence(),
            accepted
                .as_ref()
                .map_or_else(String::new, |a| a.until_on.to_string()),
        ],
    };
    let mut lines = Vec::new();
    for shift in &checked.shifts {
        let entry = &shift.entry;
        let (name, handle) = match shift.person {
            Some(id) => (
                people.name(id).to_owned(),
                people.person(id).handle.to_owned(),
            ),
            None => (entry.name.clone(), String::new()),
        };
        let mut found: Vec<Option<&Judged>> = checked.of_shift(shift).map(Some).collect();
        if found.is_empty() {
            found.push(None);
        }
        for judged in found {
            let [word, sentence, until] = why(judged);
            lines.push([
                entry.starts_at.iso(),
                entry.ends_at.iso(),
                name.clone(),
                handle.clone(),
                entry.duty.label().to_owned(),
                word,
                sentence,
                until,
            ]);
        }
    }
    let without_shift = checked.findings.iter().filter(|(f, _)| f.ends_at.is_none());
    for judged in without_shift {
        let [word, sentence, until] = why(Some(judged));
        let handle = judged
            .0
            .identity
            .who
            .person()
            .map(|id| people.person(id).handle);
        lines.push([
            String::new(),
            String::new(),
            judged.0.name.clone(),
            handle.unwrap_or_default().to_owned(),
            String::new(),
            word,
            sentence,
            until,
        ]);
    }
    lines
}
