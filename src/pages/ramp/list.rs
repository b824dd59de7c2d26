//! The open ramps that the viewer may read, as a table.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::area;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::model::Team;
use crate::domain::ramp::{RampState, may_start_any};
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::parts::filters::Filters;
use crate::pages::parts::table::download;
use crate::pages::parts::team;
use crate::pages::parts::team::TeamField;
use crate::pages::status::{StatusBadge, share};
use crate::text;
use crate::time::TimeText;
use crate::usecases::ramp::list::{Line, Wanted, lines};
use crate::web::table::{Cell, Files, Table};
use crate::web::{Errors, Fields, Page, query_string};

/// Ramps on a page.
const PAGE: usize = 50;

/// Ramps that are read at a time for a file.
const BATCH: usize = 500;

/// The states a ramp can be in while it is open.
const STATES: [RampState; 4] = [
    RampState::Proposed,
    RampState::Active,
    RampState::Paused,
    RampState::InReview,
];

struct RampLine {
    id: i64,
    mentee: String,
    handle: String,
    area: String,
    badge: StatusBadge,
    /// Its word, its shape, and its number.
    pace: Option<(&'static str, &'static str, String)>,
    target: TimeText,
    is_late: bool,
    mentors: String,
    last: Option<TimeText>,
    is_stale: bool,
}

#[derive(Template)]
#[template(path = "ramp/list.html")]
struct ListPage {
    page: Page,
    q: String,
    areas: Vec<Choice>,
    errors: Errors,
    teams: TeamField,
    states: Vec<Choice>,
    is_filtered: bool,
    may_start: bool,
    ramps: Vec<RampLine>,
    files: Files,
    filters: Filters,
    first_href: Option<String>,
    next_href: Option<String>,
}

/// What the address asks for, in words that last as long as it.
struct Asked {
    area: String,
    team: Option<i64>,
    state: Option<RampState>,
    q: String,
    after: Option<(Day, i64)>,
}

impl Asked {
    fn of(query: &Fields, team: Option<&Team>) -> Self {
        let after = query.trimmed("after").split_once('_');
        Self {
            area: query.trimmed("area").to_owned(),
            team: team.map(|t| t.id),
            state: RampState::parse(query.get("state")).filter(|s| STATES.contains(s)),
            q: text::wanted(query.get("q")).to_owned(),
            after: after.and_then(|(day, id)| Some((Day::parse(day)?, id.parse().ok()?))),
        }
    }

    fn wanted(&self, most: usize) -> Wanted<'_> {
        Wanted {
            most,
            area: Some(self.area.as_str()).filter(|slug| !slug.is_empty()),
            team: self.team,
            state: self.state,
            q: &self.q,
            after: self.after,
        }
    }
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
    let areas = area::store::all(c)?;
    let asked = Asked::of(query, teams.team.as_ref());
    let mut found = lines(c, context, asked.wanted(PAGE))?;
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| has_more);
    let word = teams.word();
    let href = |after: &str| {
        let said = [
            ("q", asked.q.as_str()),
            ("area", &asked.area),
            ("team", &word),
            ("state", asked.state.map_or("", RampState::word)),
            ("after", after),
        ];
        let said = said.into_iter().filter(|(_, value)| !value.is_empty());
        format!("/ramps{}", query_string(said))
    };
    // Where the head of every page starts one, this one does not do it again.
    let is_in_head = page
        .deed
        .as_ref()
        .is_some_and(|deed| deed.href == "/ramps/new");
    let may_start = may_start_any(&context.actor) && !is_in_head;
    Ok(ListPage {
        page: page.titled("ramps", "Ramps"),
        is_filtered: !asked.q.is_empty()
            || !asked.area.is_empty()
            || asked.team.is_some()
            || asked.state.is_some(),
        may_start,
        first_href: asked.after.map(|_| href("")),
        next_href: last.map(|l| href(&format!("{}_{}", l.ramp.target_on, l.ramp.id))),
        areas: areas
            .iter()
            .map(|a| Choice::new(&a.slug, &a.name, a.slug == asked.area))
            .collect(),
        teams,
        states: STATES
            .iter()
            .map(|s| Choice::new(s.word(), s.label(), asked.state == Some(*s)))
            .collect(),
        ramps: found.into_iter().map(|l| view(l, context)).collect(),
        files: Files::of("/ramps", query),
        filters: Filters::of("/ramps", query),
        q: asked.q,
        errors: form.errors,
    })
}

fn view(line: Line, context: &ReadContext) -> RampLine {
    let (ramp, today) = (&line.ramp, context.now.day());
    let cell = line.cell;
    let detail = cell.percent.map(share).unwrap_or_default();
    RampLine {
        id: ramp.id,
        badge: StatusBadge::new(cell.status, cell.percent, detail),
        pace: line.pace.map(|report| {
            let (css, icon) = report.pace.badge();
            (
                css,
                icon,
                format!("{} {}", report.pace.label(), report.number()),
            )
        }),
        target: context.local.day(ramp.target_on),
        is_late: ramp.is_late(today),
        mentors: line.mentors.join(", "),
        last: line.last_held.map(|at| context.local.day_of(at)),
        is_stale: line.is_stale,
        mentee: line.mentee,
        handle: line.handle,
        area: line.area,
    }
}

const HEADER: [&str; 8] = [
    "Person",
    "Handle",
    "Area",
    "State",
    "Pace",
    "Target",
    "Mentors",
    "Last session (UTC)",
];

pub(crate) async fn table(req: HttpRequest) -> Result<HttpResponse> {
    download(&req, |c, context, query| {
        let team = team::named(c, "team", query.trimmed("team"))?;
        let mut asked = Asked::of(query, team.as_ref());
        asked.after = None;
        let mut table = Table::new("ramps", &HEADER);
        loop {
            let found = lines(c, context, asked.wanted(BATCH))?;
            let has_more = found.len() > BATCH;
            for line in found.into_iter().take(BATCH) {
                let (target, state, last) = (line.ramp.target_on, line.ramp.state, line.last_held);
                asked.after = Some((target, line.ramp.id));
                let view = view(line, context);
                table.rows.push(vec![
                    Cell::text(view.mentee),
                    Cell::text(view.handle),
                    Cell::text(view.area),
                    Cell::text(state.label()),
                    Cell::text(view.pace.map(|(.., words)| words).unwrap_or_default()),
                    Cell::Day(target),
                    Cell::text(view.mentors),
                    Cell::maybe(last, Cell::Moment),
                ]);
            }
            if !has_more {
                return Ok(table);
            }
        }
    })
    .await
}
