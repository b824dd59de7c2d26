//! The list of people: found by name or team, a page at a time.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::model::Person;
use crate::domain::people::store;
use crate::domain::people::store::Search;
use crate::domain::readiness::BoardStatus;
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::filters::Filters;
use crate::pages::parts::table::download;
use crate::pages::parts::team;
use crate::pages::parts::team::TeamField;
use crate::text;
use crate::usecases::kpi::subject::Whose;
use crate::usecases::register::{Register, Scope};
use crate::web::table::{Cell, Files, Table};
use crate::web::{Errors, Page, query_string};

/// People on one page.
const PAGE: usize = 50;

struct PersonLine {
    name: String,
    handle: String,
    teams: Vec<(String, bool)>,
    cleared: Vec<(String, String)>,
    ramping: usize,
}

#[derive(Template)]
#[template(path = "people/list.html")]
struct ListPage {
    page: Page,
    q: String,
    /// The page of the figures of the team that is shown.
    kpis: String,
    errors: Errors,
    teams: TeamField,
    is_filtered: bool,
    is_first: bool,
    first_href: String,
    next_href: Option<String>,
    people: Vec<PersonLine>,
    files: Files,
    filters: Filters,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let form = Form::asked(&req)?;
    let fields = form.fields.clone();
    list(&req, form)
        .await
        .or_show(fields, async |form| list(&req, form).await)
        .await
}

async fn list(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    form.show(req, load).await
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, form: Form) -> Result<ListPage> {
    let teams = TeamField::asked(c, &form, &context.actor.teams)?;
    let query = &teams.taken(&form.fields);
    let team = teams.team.as_ref().map(|t| t.id);
    let (q, after) = (text::wanted(query.get("q")), query.trimmed("after"));
    let search = Search { q, team, after };
    let mut found = store::page(c, &search, PAGE)?;
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let ids: Vec<i64> = found.iter().map(|p| p.id).collect();
    let (scope, today) = (Scope::People(&ids), context.now.day());
    let register = Register::load(c, &scope, &context.actor, today)?;
    let word = teams.word();
    let href = |after: &str| {
        let said = [("team", word.as_str()), ("q", q), ("after", after)];
        format!(
            "/people{}",
            query_string(said.into_iter().filter(|(_, value)| !value.is_empty()))
        )
    };
    Ok(ListPage {
        page: page.titled("people", "People"),
        q: q.to_owned(),
        kpis: match word.is_empty() {
            true => String::new(),
            false => Whose::Team(word.clone()).address(),
        },
        files: Files::of("/people", query),
        filters: Filters::of("/people", query),
        teams,
        is_filtered: team.is_some() || !q.is_empty(),
        is_first: after.is_empty(),
        first_href: href(""),
        next_href: found
            .last()
            .filter(|_| has_more)
            .map(|last| href(&last.handle)),
        people: found.iter().map(|p| line(&register, p)).collect(),
        errors: form.errors,
    })
}

fn line(register: &Register, person: &Person) -> PersonLine {
    let cleared = register
        .areas()
        .iter()
        .filter(|a| register.standing(person.id, a.id).is_cover());
    let of = register.teams_of(person.id);
    PersonLine {
        name: person.name.clone(),
        handle: person.handle.clone(),
        teams: register
            .teams()
            .iter()
            .filter(|t| of.contains(&t.id))
            .map(|t| (t.name.clone(), register.is_lead(person.id, t.id)))
            .collect(),
        cleared: cleared.map(|a| (a.slug.clone(), a.name.clone())).collect(),
        ramping: register
            .ramps()
            .iter()
            .filter(|r| r.mentee_id == person.id)
            .filter(|r| register.ramp_status(r) == BoardStatus::Ramping)
            .count(),
    }
}

/// People that are read at a time for a file.
const BATCH: usize = 500;

const HEADER: [&str; 6] = ["Person", "Handle", "Teams", "Leads", "Cleared for", "Ramps"];

pub(crate) async fn table(req: HttpRequest) -> Result<HttpResponse> {
    download(&req, |c, context, query| {
        let team = team::named(c, "team", query.trimmed("team"))?.map(|t| t.id);
        let mut table = Table::new("people", &HEADER);
        let mut after = String::new();
        loop {
            let search = Search {
                q: text::wanted(query.get("q")),
                team,
                after: &after,
            };
            let mut found = store::page(c, &search, BATCH)?;
            let has_more = found.len() > BATCH;
            found.truncate(BATCH);
            let ids: Vec<i64> = found.iter().map(|p| p.id).collect();
            let scope = Scope::People(&ids);
            let register = Register::load(c, &scope, &context.actor, context.now.day())?;
            let lines = found.iter().map(|p| row(line(&register, p)));
            table.rows.extend(lines);
            match found.last().filter(|_| has_more) {
                Some(last) => after.clone_from(&last.handle),
                None => return Ok(table),
            }
        }
    })
    .await
}

fn row(line: PersonLine) -> Vec<Cell> {
    let joined = |names: Vec<String>| Cell::text(names.join(", "));
    let leads = line.teams.iter().filter(|(_, leads)| *leads);
    let leads = leads.map(|(team, _)| team.clone()).collect();
    vec![
        Cell::text(line.name),
        Cell::text(line.handle),
        joined(line.teams.into_iter().map(|(team, _)| team).collect()),
        joined(leads),
        joined(line.cleared.into_iter().map(|(_, area)| area).collect()),
        Cell::maybe(i64::try_from(line.ramping).ok(), Cell::Number),
    ]
}
