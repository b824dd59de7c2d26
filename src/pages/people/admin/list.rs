//! The administrators' list of people, and adding one.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::auth::context::ReadContext;
use crate::domain::invite;
use crate::domain::people::admin::{Show, store};
use crate::domain::people::model::Team;
use crate::domain::people::store::teams;
use crate::domain::people::{Email, Name, NewPerson, Place, ZoneName};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::parts::choice::Choice;
use crate::pages::people::admin::administrators_only;
use crate::pages::people::admin::links;
use crate::pages::request::{Once, old_read, submit_once};
use crate::usecases::people::admin as actions;
use crate::web::time::TimeText;
use crate::web::{Done, Errors, Fields, Page, form_status, html, html_with};

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
    /// The query of the first and the next page.
    first: String,
    next: Option<String>,
}

pub(crate) async fn list_page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let (page, view) = old_read(&req, move |c, context| list(c, context, &query)).await?;
    html(&ListPage {
        page: page.titled("admin", "Administer people"),
        ..view
    })
}

fn list(c: &mut Conn, context: &ReadContext, query: &Fields) -> Result<ListPage> {
    administrators_only(context)?;
    let (q, show) = (query.trimmed("q"), Show::parse(query.get("show")));
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
        let said: Vec<_> = pairs.into_iter().filter(|(_, v)| !v.is_empty()).collect();
        let query = serde_html_form::to_string(said).unwrap_or_default();
        format!("/admin/people?{query}")
    };
    let last = lines.last().map(|l| l.person.id);
    let people = lines.into_iter().map(|line| {
        let (person, local) = (line.person, &context.local);
        let own = teams.iter().filter(|(id, ..)| *id == person.id);
        let own: Vec<String> = own
            .map(|(_, _, name, leads)| match leads {
                true => format!("{name} (lead)"),
                false => name.clone(),
            })
            .collect();
        LineView {
            teams: own.join(", "),
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
        page: Page::signed_out(""),
        people: people.collect(),
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

/// What was typed about a person to be added.
struct Typed {
    name: String,
    email: String,
    time_zone: String,
    team: String,
    leads: bool,
}

#[derive(Template)]
#[template(path = "people/admin/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    typed: Typed,
    teams: Vec<Choice>,
}

pub(crate) async fn new_page(req: HttpRequest) -> Result<HttpResponse> {
    show_new(&req, None, FieldErrors::default()).await
}

async fn show_new(
    req: &HttpRequest,
    typed: Option<&Fields>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let (page, teams) = old_read(req, |c, context| {
        administrators_only(context)?;
        teams(c)
    })
    .await?;
    let get = |name: &str| typed.map(|f| f.get(name).to_owned()).unwrap_or_default();
    let typed = Typed {
        name: get("name"),
        email: get("email"),
        time_zone: typed.map_or_else(|| page.zone.clone(), |f| f.get("time_zone").to_owned()),
        team: get("team"),
        leads: typed.is_some_and(|f| f.has("lead")),
    };
    let status = form_status(&errors);
    let page = NewPage {
        page: Page {
            has_errors: !errors.is_empty(),
            ..page.titled("admin", "Add a person")
        },
        errors,
        teams: choices(teams, &typed.team),
        typed,
    };
    html_with(status, &page)
}

fn choices(teams: Vec<Team>, chosen: &str) -> Vec<Choice> {
    let choice = |team: Team| {
        let value = team.id.to_string();
        Choice::new(&value, team.name, value == chosen)
    };
    teams.into_iter().map(choice).collect()
}

fn parse(fields: &Fields) -> Result<(NewPerson, Option<(i64, Place)>)> {
    let mut errors = FieldErrors::default();
    let name = Name::parse(fields.get("name")).map_err(|e| errors.add("name", e));
    let email = Email::parse(fields.get("email")).map_err(|e| errors.add("email", e));
    let zone = ZoneName::parse(fields.get("time_zone")).map_err(|e| errors.add("time_zone", e));
    let place = if fields.has("lead") {
        Place::Lead
    } else {
        Place::Member
    };
    let team = fields.id("team").map(|id| (id, place));
    if team.is_none() && !fields.trimmed("team").is_empty() {
        errors.add("team", "Choose a team of the list.");
    } else if team.is_none() && place == Place::Lead {
        errors.add("team", "Choose the team that this person leads.");
    }
    match (name, email, zone) {
        (Ok(name), Ok(email), Ok(time_zone)) if errors.is_empty() => {
            let new = NewPerson {
                name,
                email,
                time_zone,
            };
            Ok((new, team))
        }
        _ => Err(Error::Invalid(errors)),
    }
}

pub(crate) async fn add(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let (new, team) = match parse(&fields) {
        Ok(parsed) => parsed,
        Err(Error::Invalid(errors)) => return show_new(&req, Some(&fields), errors).await,
        Err(e) => return Err(e),
    };
    let added = submit_once(&req, &fields, move |c, act| {
        let made = actions::add_to_team(c, act, &new, team)?;
        let done = Done::new(
            format!("/admin/people/{}", made.0.handle),
            format!(
                "{} was added. The link was shown once; make a new one if it is lost.",
                made.0.name
            ),
        );
        Ok((done, made))
    })
    .await;
    match added {
        Ok(Once::Now(page, made)) => links::show(&req, *page, vec![made]),
        Ok(Once::Before(response)) => Ok(response),
        Err(Error::Invalid(errors)) => show_new(&req, Some(&fields), errors).await,
        Err(e) => Err(e),
    }
}
