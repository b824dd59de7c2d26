//! The programme audit: where clearances rest on less than they seem to, and what to do about it.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::domain::programme::Check;
use crate::error::Result;
use crate::pages::parts::table::download;
use crate::pages::request::show;
use crate::usecases::programme::{Row, Wanted, findings};
use crate::web::table::{Cell, Files, Table};
use crate::web::{Fields, Page};

/// Parts of a row that are listed on the page of all checks.
const PARTS: usize = 20;

/// A check with what it found.
struct Finding {
    anchor: &'static str,
    label: &'static str,
    clean: &'static str,
    rule: String,
    advice: &'static str,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "audit/programme.html")]
struct ProgrammePage {
    page: Page,
    is_admin: bool,
    /// One check alone, with everything it rests on.
    is_one: bool,
    found: Vec<Finding>,
    clean: Vec<Finding>,
    files: Files,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    show(&req, move |c, context, page| {
        let check = Check::parse(query.get("finding"));
        let parts = check.map_or(PARTS, |_| usize::MAX);
        let all = findings(c, &context.actor, Wanted { check, parts }, context.now)?;
        let all = all.into_values().map(|(check, rows)| Finding {
            anchor: check.word(),
            label: check.label(),
            clean: check.clean(),
            rule: check.rule(),
            advice: check.advice(),
            rows,
        });
        let (found, clean) = all.partition(|finding| !finding.rows.is_empty());
        Ok(ProgrammePage {
            page: page.titled("home", "Programme audit"),
            is_admin: context.actor.is_admin,
            is_one: check.is_some(),
            found,
            clean,
            files: Files::of("/audit/programme", &Fields::default()),
        })
    })
    .await
}

const HEADER: [&str; 7] = [
    "Finding",
    "What",
    "Detail",
    "Rests on",
    "Detail of it",
    "Page",
    "What to do",
];

pub(crate) async fn table(req: HttpRequest) -> Result<HttpResponse> {
    download(&req, |c, context, _| {
        let mut table = Table::new("programme-audit", &HEADER);
        let wanted = Wanted {
            check: None,
            parts: usize::MAX,
        };
        for (check, rows) in findings(c, &context.actor, wanted, context.now)?.into_values() {
            for row in rows {
                let line = |(title, detail, href): (String, String, String)| {
                    vec![
                        Cell::text(check.label()),
                        Cell::text(&row.title),
                        Cell::text(&row.detail),
                        Cell::text(title),
                        Cell::text(detail),
                        Cell::text(href),
                        Cell::text(check.advice()),
                    ]
                };
                match row.parts.is_empty() {
                    true => table
                        .rows
                        .push(line((String::new(), String::new(), row.href.clone()))),
                    false => table.rows.extend(
                        row.parts
                            .iter()
                            .cloned()
                            .map(|part| line((part.title, part.detail, part.href))),
                    ),
                }
            }
        }
        Ok(table)
    })
    .await
}
