//! The page of who may sign for an area, now and before.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::area::model::Area;
use crate::domain::area::store;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance;
use crate::domain::clearance::standing;
use crate::domain::clearance::store::{Among, covering_people};
use crate::domain::people::Names;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::table::download;
use crate::pages::request::submit;
use crate::text;
use crate::time::TimeText;
use crate::usecases::area::actions;
use crate::usecases::people::find;
use crate::web::table::{Cell, Files, Table};
use crate::web::{Done, Errors, Fields, Page};

struct Line {
    id: i64,
    name: String,
    handle: String,
    from: UtcTime,
    since: TimeText,
    to: Option<UtcTime>,
    until: Option<TimeText>,
    by: String,
    ended_by: String,
    /// Why they cannot sign now; empty when they can.
    but: &'static str,
}

#[derive(Template)]
#[template(path = "area/qualifiers.html")]
struct QualifiersPage {
    page: Page,
    errors: Errors,
    area: Area,
    now: Vec<Line>,
    before: Vec<Line>,
    /// Cleared, but not designated.
    candidates: Vec<(i64, String)>,
    /// More are cleared than a list is good for: the candidates are the first of the owner team.
    is_cut: bool,
    who: String,
    chosen: i64,
    files: Files,
}

impl QualifiersPage {
    fn legend(&self) -> String {
        match self.is_cut {
            true => format!("Cleared in the area, of {}", self.area.owner_team),
            false => "Cleared in the area".to_owned(),
        }
    }

    fn anyone(&self) -> &'static str {
        match self.is_cut {
            true => {
                "Too many are cleared for one list. Who is cleared can sign at once, others from the day they are cleared."
            }
            false => "They can sign from the day they are cleared.",
        }
    }

    fn nobody(&self) -> String {
        let nobody = match self.is_cut {
            true => format!(
                "Nobody else of {} is cleared, but people of other teams are. They can sign at once, others",
                self.area.owner_team
            ),
            false => "Nobody else is cleared here. People you designate can sign".to_owned(),
        };
        format!("{nobody} once they are cleared.")
    }
}

async fn show(req: &HttpRequest, slug: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        load(c, context, page, &slug, form)
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    slug: &str,
    form: Form,
) -> Result<QualifiersPage> {
    let area = actions::area_to_change(c, &context.actor, slug)?;
    let today = context.now.day();
    let designations = store::designations(c, area.id)?;
    let designated: Vec<i64> = designations.iter().map(|d| d.person_id).collect();
    let held = clearance::store::latest_among(c, &[area.id], &designated)?;
    let covers = |id: i64| {
        let held = held.iter().find(|held| held.person_id == id);
        standing(held, today).is_cover()
    };
    let ids = designations.iter().flat_map(|d| {
        [Some(d.person_id), d.designated_by, d.ended_by]
            .into_iter()
            .flatten()
    });
    let names = Names::load(c, ids)?;
    let by = |id: Option<i64>| {
        id.map_or("the command line", |id| names.name(id))
            .to_owned()
    };
    let (now, before): (Vec<_>, Vec<_>) = designations.iter().partition(|d| d.until.is_none());
    let line = |d: &store::Designation| Line {
        id: d.person_id,
        name: names.name(d.person_id).to_owned(),
        handle: names.person(d.person_id).handle.to_owned(),
        from: d.since,
        since: context.local.day_of(d.since),
        to: d.until,
        until: d.until.map(|at| context.local.day_of(at)),
        by: by(d.designated_by),
        ended_by: by(d.ended_by),
        but: match (names.is_active(d.person_id), covers(d.person_id)) {
            (false, _) => "has left",
            (true, true) => "",
            (true, false) => "not cleared now, so cannot sign",
        },
    };
    let mut out = actions::own_mentors(c, &context.actor, area.id)?;
    out.extend(now.iter().map(|d| d.person_id));
    let (candidates, is_cut) = candidates(c, &area, today, &out)?;
    Ok(QualifiersPage {
        page: page.titled("areas", format!("Qualifiers of {}", area.name)),
        files: Files::of(&format!("/areas/{slug}/qualifiers"), &Fields::default()),
        now: now.into_iter().map(line).collect(),
        before: before.into_iter().map(line).collect(),
        candidates,
        is_cut,
        who: form.fields.trimmed("who").to_owned(),
        chosen: form.fields.id("person").unwrap_or_default(),
        errors: form.errors,
        area,
    })
}

/// More people than these are no list to choose from.
const CANDIDATES: usize = 50;

/// Who is cleared and not `out`, by name; where those are too many, the first of the owner team, and true.
fn candidates(
    c: &mut Conn,
    area: &Area,
    today: Day,
    out: &[i64],
) -> Result<(Vec<(i64, String)>, bool)> {
    let is_in = |(id, _): &(i64, String)| !out.contains(id);
    let first = Among::Any(CANDIDATES + out.len() + 1);
    let mut found = covering_people(c, area.id, today, first)?;
    found.retain(is_in);
    let is_cut = found.len() > CANDIDATES;
    if is_cut {
        found = covering_people(c, area.id, today, Among::Team(area.owner_team_id))?;
        found.retain(is_in);
    }
    found.sort_by_cached_key(|(id, name)| (text::sort_key(name), *id));
    found.truncate(CANDIDATES);
    Ok((found, is_cut))
}

/// Who may sign, and the form to designate somebody.
pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::default()).await
}

const HEADER: [&str; 7] = [
    "Person",
    "Handle",
    "Since (UTC)",
    "Until (UTC)",
    "Designated by",
    "Ended by",
    "Cannot sign because",
];

/// Who may sign, now and before.
pub(crate) async fn table(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    download(&req, move |c, context, _| {
        let form = Form::default();
        let shown = load(c, context, Page::signed_out(""), &slug, form)?;
        let mut table = Table::new(format!("qualifiers-of-{}", *slug), &HEADER);
        let all = shown.now.into_iter().chain(shown.before);
        table.rows.extend(all.map(|line| {
            vec![
                Cell::text(line.name),
                Cell::text(line.handle),
                Cell::Moment(line.from),
                Cell::maybe(line.to, Cell::Moment),
                Cell::text(line.by),
                Cell::maybe(line.to, |_| Cell::text(line.ended_by)),
                Cell::text(line.but),
            ]
        }));
        Ok(table)
    })
    .await
}

/// Designates one of those who are cleared, or the person with that e-mail.
pub(crate) async fn designate(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let (typed, name) = (fields.clone(), slug.clone());
    submit(&req, &fields, move |c, act| {
        let person_id = match (typed.trimmed("who"), typed.id("person")) {
            ("", None) => {
                let sentence = "Choose someone, or enter a name.";
                return Err(Error::field("person", sentence));
            }
            ("", Some(id)) => id,
            (name, _) => {
                let found = find::called(c, name)?;
                found.map_err(|sentence| Error::field("who", sentence))?.id
            }
        };
        let who = actions::designate(c, act, &name, person_id)?;
        Ok(Done::new(
            format!("/areas/{name}/qualifiers"),
            format!("{who} is designated."),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, form).await)
    .await
}
