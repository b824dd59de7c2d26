//! The list of drills: of an area, in a state, or those that count for a ramp.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::drill::rules::{may_read_of, runs};
use crate::domain::drill::{DrillState, Role};
use crate::domain::ramp::Parties;
use crate::error::{Error, Result};
use crate::pages::parts::choice::Choice;
use crate::pages::parts::filters::Filters;
use crate::pages::parts::table::download;
use crate::pages::request::show;
use crate::pages::status;
use crate::pages::status::StatusBadge;
use crate::time::TimeText;
use crate::usecases::dossier::refusal;
use crate::usecases::dossier::store as ramps;
use crate::usecases::drill::detail;
use crate::usecases::drill::lists::{Line, SHOWN, Taker, Wanted, lines};
use crate::web::table::{Cell, Files, Table};
use crate::web::{Fields, Page, query_string};

/// A drill in the list.
struct LineView {
    id: i64,
    title: String,
    badge: StatusBadge,
    kind: &'static str,
    area: String,
    begins: TimeText,
    master: String,
    players: String,
}

/// The ramp for which the list was asked.
struct OfRamp {
    id: i64,
    mentee: String,
    mentee_id: i64,
    slug: String,
    area: String,
}

#[derive(Template)]
#[template(path = "drill/list.html")]
struct ListPage {
    page: Page,
    of_ramp: Option<OfRamp>,
    areas: Vec<Choice>,
    states: Vec<Choice>,
    is_filtered: bool,
    drills: Vec<LineView>,
    files: Files,
    filters: Filters,
    /// Where the drills before these are.
    older: Option<String>,
    /// Where the viewer plans one, if they may anywhere.
    plan: Option<String>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    show(&req, move |c, context, page| load(c, context, page, &query)).await
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, query: &Fields) -> Result<ListPage> {
    let all = detail::areas(c, &context.actor)?;
    let of_ramp = match query.has("ramp") {
        true => Some(ramp(c, context, query)?),
        false => None,
    };
    let wanted = wanted(of_ramp.as_ref(), query);
    let (slug, state) = (wanted.area.unwrap_or_default(), wanted.state);
    let rows = lines(c, wanted)?;
    let older = (rows.len() > SHOWN).then(|| {
        let last = rows.get(SHOWN - 1).map(|r| r.id.to_string());
        let last = last.unwrap_or_default();
        let state = state.map_or("", DrillState::word);
        let ramp = of_ramp.as_ref().map(|r| r.id.to_string());
        let ramp = ramp.unwrap_or_default();
        let pairs = [
            ("area", query.trimmed("area")),
            ("state", state),
            ("ramp", &ramp),
            ("before", &last),
        ];
        let given = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        format!("/drills{}", query_string(given))
    });
    let plannable: Vec<_> = all.iter().filter(|(_, may)| *may).collect();
    let here = plannable.iter().any(|(a, _)| a.slug == slug);
    let plan = match &of_ramp {
        Some(ramp) if here => Some(format!(
            "/drills/new?area={}&primary={}",
            ramp.slug, ramp.mentee_id
        )),
        Some(_) => None,
        None if here => Some(format!("/drills/new?area={slug}")),
        None => (!plannable.is_empty() && slug.is_empty()).then(|| "/drills/new".into()),
    };
    let title = match &of_ramp {
        Some(ramp) => format!("Drills of {} in {}", ramp.mentee, ramp.area),
        None => "Drills".into(),
    };
    Ok(ListPage {
        page: page.titled("practice", title),
        is_filtered: !slug.is_empty() || state.is_some() || query.has("before"),
        areas: all
            .iter()
            .map(|(a, _)| Choice::new(&a.slug, &a.name, a.slug == slug))
            .collect(),
        states: DrillState::ALL
            .iter()
            .map(|s| Choice::new(s.word(), s.label(), state == Some(*s)))
            .collect(),
        drills: rows
            .into_iter()
            .take(SHOWN)
            .map(|line| view(line, context))
            .collect(),
        files: Files::of("/drills", query),
        filters: Filters::of("/drills", query),
        of_ramp,
        older,
        plan,
    })
}

/// What the list is asked for: of the area of the ramp, where it is about one.
fn wanted<'a>(of_ramp: Option<&'a OfRamp>, query: &'a Fields) -> Wanted<'a> {
    let slug = of_ramp.map_or_else(|| query.trimmed("area"), |ramp| ramp.slug.as_str());
    Wanted {
        area: Some(slug).filter(|slug| !slug.is_empty()),
        state: DrillState::parse(query.get("state")),
        person_id: of_ramp.map(|r| r.mentee_id),
        before: query.id("before"),
    }
}

const HEADER: [&str; 7] = [
    "Drill",
    "State",
    "Kind",
    "Area",
    "Begins (UTC)",
    "Game master",
    "Players",
];

pub(crate) async fn table(req: HttpRequest) -> Result<HttpResponse> {
    download(&req, |c, context, query| {
        let of_ramp = match query.has("ramp") {
            true => Some(ramp(c, context, query)?),
            false => None,
        };
        let mut wanted = wanted(of_ramp.as_ref(), query);
        wanted.before = None;
        let mut table = Table::new("drills", &HEADER);
        loop {
            let rows = lines(c, wanted)?;
            let has_more = rows.len() > SHOWN;
            for line in rows.into_iter().take(SHOWN) {
                wanted.before = Some(line.id);
                let (state, begins) = (line.state, line.begins_at);
                let view = view(line, context);
                table.rows.push(vec![
                    Cell::text(view.title),
                    Cell::text(state.label()),
                    Cell::text(view.kind),
                    Cell::text(view.area),
                    Cell::Moment(begins),
                    Cell::text(view.master),
                    Cell::text(view.players),
                ]);
            }
            if !has_more {
                return Ok(table);
            }
        }
    })
    .await
}

/// The ramp asked for, if the viewer may read it.
fn ramp(c: &mut Conn, context: &ReadContext, query: &Fields) -> Result<OfRamp> {
    let id = query.id("ramp").ok_or(Error::NotFound("ramp"))?;
    let head = ramps::head(c, id)?;
    let parties = Parties::of(
        head.ramp.mentee_id,
        &head.pairings,
        head.mentee_teams,
        head.area.owner_team_id,
        head.qualifiers,
    );
    let mentee = crate::domain::people::store::by_id(c, head.ramp.mentee_id)?;
    let mentee = mentee.map(|p| p.name).unwrap_or_default();
    if !parties.may_read(&context.actor) {
        return Err(refusal(&mentee, &head.area));
    }
    Ok(OfRamp {
        id,
        mentee,
        mentee_id: head.ramp.mentee_id,
        slug: head.area.slug,
        area: head.area.name,
    })
}

fn view(line: Line, context: &ReadContext) -> LineView {
    let me = |p: &&Taker| context.actor.is(p.about.person_id);
    let mine = line.people.iter().find(me).map(|p| p.role);
    let runs = runs(context.actor.is(line.planned_by), mine);
    let of = |plays: bool| -> String {
        let named = line.people.iter().filter(|p| match plays {
            true => p.role.plays(),
            false => p.role == Role::GameMaster,
        });
        let names = named.map(|p| {
            match p.was_absent && may_read_of(&p.about, line.owner_team_id, runs, &context.actor) {
                true => format!("{} (was not there)", p.name),
                false => p.name.clone(),
            }
        });
        names.collect::<Vec<_>>().join(", ")
    };
    LineView {
        id: line.id,
        badge: status::of_drill(line.state),
        kind: line.kind.label(),
        begins: context.local.moment(line.begins_at),
        master: of(false),
        players: of(true),
        title: line.title,
        area: line.area,
    }
}
