//! The list of drills: of an area, in a state, or those that count for a ramp.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use diesel::prelude::*;

use crate::db::Conn;
use crate::db::fixed::fixed;
use crate::db::list::{List, entries, listed, plain};
use crate::db::schema::{areas, drill_roles, drills};
use crate::db::types::UtcTime;
use crate::domain::auth::context::ReadContext;
use crate::domain::drill::rules::{About, may_read_of, runs};
use crate::domain::drill::{DrillKind, DrillState, Role};
use crate::domain::ramp::Parties;
use crate::error::{Error, Result};
use crate::pages::drill::view::badge;
use crate::pages::parts::choice::Choice;
use crate::pages::request::show;
use crate::pages::status::StatusBadge;
use crate::usecases::dossier::store as ramps;
use crate::usecases::drill::detail;
use crate::web::time::TimeText;
use crate::web::{Fields, Page, query_string};

/// Drills on a page.
const SHOWN: usize = 50;

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
    let all = detail::areas(c)?;
    let of_ramp = match query.has("ramp") {
        true => Some(ramp(c, context, query)?),
        false => None,
    };
    let slug = match &of_ramp {
        Some(ramp) => ramp.slug.as_str(),
        None => query.trimmed("area"),
    };
    let state = DrillState::parse(query.get("state"));
    let rows = rows(c, slug, state, of_ramp.as_ref(), query.id("before"))?;
    let older = (rows.len() > SHOWN).then(|| {
        let last = rows.get(SHOWN - 1).map(|r| r.0.to_string());
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
    let plannable: Vec<_> = all
        .iter()
        .filter(|(_, roles)| roles.may_plan(&context.actor))
        .collect();
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
        page: page.titled("areas", title),
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
            .map(|row| line(row, context))
            .collect::<Result<_>>()?,
        of_ramp,
        older,
        plan,
    })
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
        return Err(Error::Forbidden(format!(
            "This ramp is open to {mentee}, their mentors and leads, and the qualifiers of {}.",
            head.area.name
        )));
    }
    Ok(OfRamp {
        id,
        mentee,
        mentee_id: head.ramp.mentee_id,
        slug: head.area.slug,
        area: head.area.name,
    })
}

type Row = (
    i64,
    String,
    DrillState,
    DrillKind,
    (String, i64),
    (UtcTime, Option<UtcTime>),
    i64,
    List,
);

/// A person who takes part in a drill of the list.
struct Taker {
    role: Role,
    name: String,
    was_absent: bool,
    /// Who they are; who else may read that they were not there, if they were not.
    about: About,
}

fn rows(
    c: &mut Conn,
    slug: &str,
    state: Option<DrillState>,
    of_ramp: Option<&OfRamp>,
    before: Option<i64>,
) -> Result<Vec<Row>> {
    // Who may read of a person matters only where there is something to hide.
    let of_absent = |column: &str, rows: &str| {
        format!(
            "CASE WHEN p.was_absent THEN COALESCE((SELECT string_agg(CAST({column} AS TEXT), ',') FROM {rows}), '') \
             ELSE '' END"
        )
    };
    let mentors = of_absent(
        "g.mentor_id",
        "pairings g JOIN ramps r ON r.id = g.ramp_id WHERE r.mentee_id = p.person_id AND r.area_id = drills.area_id",
    );
    let teams = of_absent("m.team_id", "memberships m WHERE m.person_id = p.person_id");
    let people = listed(
        &[
            "CAST(p.person_id AS TEXT)",
            "p.role",
            "CASE WHEN p.was_absent THEN '1' ELSE '' END",
            &mentors,
            &teams,
            &plain("x.name"),
        ],
        "drill_roles p JOIN people x ON x.id = p.person_id WHERE p.drill_id = drills.id",
    );
    let mut all = drills::table
        .inner_join(areas::table)
        .order((drills::starts_at.desc(), drills::id.desc()))
        .limit(i64::try_from(SHOWN + 1).unwrap_or(i64::MAX))
        .select((
            drills::id,
            drills::title,
            drills::state,
            drills::kind,
            (areas::name, areas::owner_team_id),
            (drills::starts_at, drills::begun_at),
            drills::planned_by,
            people,
        ))
        .into_boxed();
    if !slug.is_empty() {
        all = all.filter(areas::slug.eq(slug.to_owned()));
    }
    if let Some(state) = state {
        all = all.filter(drills::state.eq(state));
    }
    if let Some(ramp) = of_ramp {
        let theirs = drill_roles::table
            .filter(drill_roles::person_id.eq(ramp.mentee_id))
            .select(drill_roles::drill_id);
        all = all.filter(drills::id.eq_any(theirs));
    }
    if let Some(before) = before {
        // A number that was parsed.
        let earlier = fixed::<diesel::sql_types::Bool>(format!(
            "(drills.starts_at, drills.id) < (SELECT b.starts_at, b.id FROM drills b WHERE b.id = {before})"
        ));
        all = all.filter(earlier);
    }
    Ok(all.load(c)?)
}

fn taker(parts: &[&str]) -> Option<Taker> {
    let [id, role, was_absent, mentors, teams, name] = parts else {
        return None;
    };
    let ids = |list: &str| -> Option<Vec<i64>> {
        let ids = list.split(',').filter(|id| !id.is_empty());
        ids.map(|id| id.parse().ok()).collect()
    };
    Some(Taker {
        role: Role::parse(role)?,
        name: (*name).to_owned(),
        was_absent: !was_absent.is_empty(),
        about: About {
            person_id: id.parse().ok()?,
            mentors: ids(mentors)?,
            teams: ids(teams)?,
        },
    })
}

fn line(row: Row, context: &ReadContext) -> Result<LineView> {
    let (id, title, state, kind, (area, owners), (starts_at, begun_at), planned_by, people) = row;
    let mut people = entries(people, taker)?;
    people.sort_by(|a, b| (a.role, &a.name).cmp(&(b.role, &b.name)));
    let mine = people.iter().find(|p| context.actor.is(p.about.person_id));
    let runs = runs(context.actor.is(planned_by), mine.map(|p| p.role));
    let of = |plays: bool| -> String {
        let named = people.iter().filter(|p| match plays {
            true => p.role.plays(),
            false => p.role == Role::GameMaster,
        });
        let names = named.map(|p| {
            match p.was_absent && may_read_of(&p.about, owners, runs, &context.actor) {
                true => format!("{} (was not there)", p.name),
                false => p.name.clone(),
            }
        });
        names.collect::<Vec<_>>().join(", ")
    };
    Ok(LineView {
        id,
        title,
        badge: badge(state),
        kind: kind.label(),
        area,
        begins: context.local.moment(begun_at.unwrap_or(starts_at)),
        master: of(false),
        players: of(true),
    })
}
