//! The administrators' list of people.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::administrators_only;
use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::auth::context::ReadContext;
use crate::domain::invite;
use crate::domain::people::admin::{Show, store};
use crate::error::Result;
use crate::pages::parts::choice::Choice;
use crate::pages::parts::filters::Filters;
use crate::pages::parts::table::download;
use crate::pages::request::show;
use crate::text;
use crate::time::TimeText;
use crate::web::table::{Cell, Files, Table};
use crate::web::{Fields, Page, query_string};

/// People on one page.
const PAGE: usize = 50;

struct LineView {
    handle: String,
    name: String,
    email: String,
    is_admin: bool,
    teams: String,
    left: Option<TimeText>,
    waits: bool,
    invited: Option<TimeText>,
}

#[derive(Template)]
#[template(path = "people/admin/list.html")]
struct ListPage {
    page: Page,
    q: String,
    shows: Vec<Choice>,
    is_filtered: bool,
    is_first: bool,
    people: Vec<LineView>,
    files: Files,
    filters: Filters,
    /// The query of the first and the next page.
    first: String,
    next: Option<String>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    show(&req, move |c, context, page| load(c, context, page, &query)).await
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, query: &Fields) -> Result<ListPage> {
    administrators_only(context)?;
    let (q, show) = (text::wanted(query.get("q")), Show::parse(query.get("show")));
    let after = query.id("after");
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut lines = store::page(c, q, show, after, most)?;
    let has_more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let ids: Vec<i64> = lines.iter().map(|l| l.person.id).collect();
    let teams = store::teams_of(c, &ids)?;
    let invited: HashMap<Option<i64>, UtcTime> = invite::store::open_of(c, &ids, context.now)?
        .into_iter()
        .collect();
    let address = |after: Option<i64>| {
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let pairs = [("q", q), ("show", show.word()), ("after", &after)];
        let said = pairs.into_iter().filter(|(_, v)| !v.is_empty());
        format!("/admin/people{}", query_string(said))
    };
    let last = lines.last().map(|l| l.person.id);
    let people = lines.into_iter().map(|line| {
        let (person, local) = (line.person, &context.local);
        LineView {
            teams: teams_of(person.id, &teams),
            left: person.deactivated_at.map(|at| local.day_of(at)),
            waits: !line.has_password,
            invited: invited.get(&Some(person.id)).map(|at| local.day_of(*at)),
            handle: person.handle,
            name: person.name,
            email: person.email,
            is_admin: person.is_admin,
        }
    });
    Ok(ListPage {
        page: page.titled("admin", "Administer people"),
        people: people.collect(),
        files: Files::of("/admin/people", query),
        filters: Filters::of("/admin/people", query),
        q: q.to_owned(),
        shows: Show::ALL
            .into_iter()
            .map(|s| Choice::new(s.word(), s.label(), s == show))
            .collect(),
        is_filtered: !q.is_empty() || show != Show::Here,
        is_first: after.is_none(),
        first: address(None),
        next: last.filter(|_| has_more).map(|id| address(Some(id))),
    })
}

/// Names of a person's teams.
fn teams_of(person_id: i64, teams: &[(i64, i64, String, bool)]) -> String {
    let own = teams.iter().filter(|(id, ..)| *id == person_id);
    let own: Vec<String> = own
        .map(|(_, _, name, leads)| match leads {
            true => format!("{name} (lead)"),
            false => name.clone(),
        })
        .collect();
    own.join(", ")
}

/// People that are read at a time for a file.
const BATCH: i64 = 500;

const HEADER: [&str; 7] = [
    "Person",
    "Handle",
    "E-mail",
    "Teams",
    "Administrator",
    "Has a password",
    "Left (UTC)",
];

pub(crate) async fn table(req: HttpRequest) -> Result<HttpResponse> {
    download(&req, |c, context, query| {
        administrators_only(context)?;
        let (q, show) = (text::wanted(query.get("q")), Show::parse(query.get("show")));
        let (mut table, mut after) = (Table::new("administered-people", &HEADER), None);
        loop {
            let lines = store::page(c, q, show, after, BATCH)?;
            let ids: Vec<i64> = lines.iter().map(|l| l.person.id).collect();
            let teams = store::teams_of(c, &ids)?;
            let Some(last) = ids.last() else {
                return Ok(table);
            };
            after = Some(*last);
            table.rows.extend(lines.into_iter().map(|line| {
                vec![
                    Cell::text(line.person.name),
                    Cell::text(line.person.handle),
                    Cell::text(line.person.email),
                    Cell::text(teams_of(line.person.id, &teams)),
                    Cell::flag(line.person.is_admin),
                    Cell::flag(line.has_password),
                    Cell::maybe(line.person.deactivated_at, Cell::Moment),
                ]
            }));
        }
    })
    .await
}
