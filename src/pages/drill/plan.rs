//! The page on which a drill is planned, or planned anew.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::area;
use crate::domain::area::model::Area;
use crate::domain::auth::context::ReadContext;
use crate::domain::drill::lifecycle::Step;
use crate::domain::drill::rules::AreaRoles;
use crate::domain::drill::template::DrillTemplate;
use crate::domain::drill::{DrillKind, lifecycle as life};
use crate::domain::people::Actor;
use crate::domain::postmortem;
use crate::domain::postmortem::Postmortem;
use crate::domain::standard;
use crate::domain::standard::Content;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::drill::candidates;
use crate::pages::drill::form;
use crate::pages::drill::form::Form;
use crate::pages::drill::row_of;
use crate::pages::parts::choice::Choice;
use crate::pages::request::{old_read, submit};
use crate::usecases::drill::actions;
use crate::usecases::drill::detail as file;
use crate::usecases::drill::detail::DrillDetail;
use crate::web::time::LocalTime;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

/// Kinds shown before "other kinds" is opened.
const KINDS_SHOWN: usize = 4;
/// Under this field stands what the form was opened on, and why that does not hold any more.
const SEEN: &str = "revision";

#[derive(Template)]
#[template(path = "drill/plan.html")]
struct PlanPage {
    page: Page,
    errors: Errors,
    /// The drill that is planned anew.
    id: Option<i64>,
    action: String,
    areas: Vec<Choice>,
    /// Name in URLs and name of the area; the rest of the form follows from it.
    area: Option<(String, String)>,
    find: String,
    form: Form,
    kinds: Vec<Choice>,
    more_kinds: Vec<Choice>,
    game_masters: Vec<Choice>,
    primaries: Vec<Choice>,
    secondaries: Vec<Choice>,
    observers: Vec<Choice>,
    /// Code and statement of what the area's standard asks for.
    competencies: Vec<(String, String)>,
}

/// What the page is asked for.
enum Wanted {
    New,
    Again(i64),
}

pub(crate) async fn new(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    show(&req, Wanted::New, query, false, FieldErrors::default()).await
}

pub(crate) async fn edit(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    let wanted = Wanted::Again(row_of(&path)?);
    let query = Fields::parse(req.query_string().as_bytes())?;
    show(&req, wanted, query, false, FieldErrors::default()).await
}

async fn show(
    req: &HttpRequest,
    wanted: Wanted,
    fields: Fields,
    is_typed: bool,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = match errors.get(SEEN) {
        Some(_) => StatusCode::CONFLICT,
        None => form_status(&errors),
    };
    let (page, shown) = old_read(req, move |c, context| match wanted {
        Wanted::New => load_new(c, context, &fields, is_typed, errors),
        Wanted::Again(id) => load_again(c, context, id, &fields, is_typed, errors),
    })
    .await?;
    let title = match shown.id {
        Some(_) => "Change a drill",
        None => "Plan a drill",
    };
    let page = Page {
        has_errors: !shown.errors.is_empty(),
        ..page.titled("areas", title)
    };
    html_with(status, &PlanPage { page, ..shown })
}

fn load_new(
    c: &mut Conn,
    context: &ReadContext,
    fields: &Fields,
    is_typed: bool,
    errors: FieldErrors,
) -> Result<PlanPage> {
    let areas = file::plannable(c, &context.actor)?;
    if areas.is_empty() {
        return Err(Error::Forbidden(
            "Drills are planned by those who mentor in an area, by its qualifiers and by leads of the team that owns it."
                .into(),
        ));
    }
    let played = match fields.trimmed("postmortem") {
        "" => None,
        slug => Some(teachable(c, &context.actor, slug)?),
    };
    let suggested = played.as_ref().and_then(|postmortem| {
        let in_it = |id: i64| areas.iter().any(|(area, _)| area.id == id);
        postmortem::played_in(postmortem, in_it).map(|area| area.slug.as_str())
    });
    let wanted = match fields.trimmed("area") {
        "" => suggested.unwrap_or_default(),
        typed => typed,
    };
    let chosen = match areas.len() {
        1 => areas.first(),
        _ => areas.iter().find(|(a, _)| a.slug == wanted),
    };
    if chosen.is_none()
        && let Some(area) = area::store::by_slug(c, wanted)?
    {
        return Err(actions::refusal(&area));
    }
    let content = content(c, chosen.map(|(area, _)| area.id))?;
    let sketch = match &played {
        Some(postmortem) => replayed(postmortem, &content),
        None => expecting(&content, fields.trimmed("code")),
    };
    let form = match is_typed {
        true => Form::typed(fields),
        false => Form::fresh(&sketch, fields, context),
    };
    let shown = chosen.map(|(area, circle)| (area, circle, &*content));
    let page = fill(c, shown, form, fields.trimmed("find"), errors)?;
    Ok(PlanPage {
        areas: areas
            .iter()
            .map(|(a, _)| Choice::new(&a.slug, &a.name, chosen.is_some_and(|(c, _)| c.id == a.id)))
            .collect(),
        action: "/drills/new".into(),
        ..page
    })
}

/// What the published standard of an area asks for; nothing where there is none.
fn content(c: &mut Conn, area_id: Option<i64>) -> Result<Arc<Content>> {
    let published = match area_id {
        Some(id) => standard::store::published_id(c, id)?,
        None => None,
    };
    match published {
        Some(id) => Ok(standard::store::load_one(c, id)?.content),
        None => Ok(Arc::default()),
    }
}

/// A post-mortem to be played again where that is asked for: what a line teaches of another area is not looked for.
fn replayed(postmortem: &Postmortem, content: &Content) -> DrillTemplate {
    let replay = postmortem::as_drill(postmortem);
    let known = |code: &String| content.competency(code).is_some();
    DrillTemplate {
        kind: Some(DrillKind::Replay),
        // Its own title would give it away to those who play.
        title: String::new(),
        scenario: replay.scenario,
        injects: replay.injects,
        expected: replay
            .expected
            .into_iter()
            .map(|line| (line.teaches.into_iter().find(known), line.what))
            .collect(),
        postmortem: Some(postmortem.slug.clone()),
    }
}

/// A drill that expects one competency; nothing where there is none of that code.
fn expecting(content: &Content, code: &str) -> DrillTemplate {
    let expected = content.competency(code);
    DrillTemplate {
        expected: expected
            .map(|k| (Some(k.code.clone()), k.statement.clone()))
            .into_iter()
            .collect(),
        ..DrillTemplate::default()
    }
}

/// The post-mortem of that name, for whoever may read it.
fn teachable(c: &mut Conn, actor: &Actor, slug: &str) -> Result<Postmortem> {
    let found = postmortem::store::named(c, slug)?;
    if found.state == postmortem::State::Teachable && found.circle().may_read(actor) {
        Ok(found)
    } else {
        Err(Error::Forbidden(
            "A drill is made from a post-mortem that is teachable.".into(),
        ))
    }
}

fn load_again(
    c: &mut Conn,
    context: &ReadContext,
    id: i64,
    fields: &Fields,
    is_typed: bool,
    mut errors: FieldErrors,
) -> Result<PlanPage> {
    let file = DrillDetail::load(c, id)?;
    actions::require_arranger(&file, &context.actor)?;
    if life::step(file.drill.state, Step::Change).is_none() {
        return Err(Error::Conflict(format!(
            "Only a drill that is planned is changed; this one is {}.",
            file.drill.state.label().to_lowercase()
        )));
    }
    let mut form = match is_typed {
        true => Form::typed(fields),
        false => Form::of(&file, &context.local),
    };
    if let Some(sentence) = errors.get(SEEN) {
        let sentence = format!(
            "{sentence} What you typed is still here: compare it with the drill’s page, then save it once more."
        );
        errors = FieldErrors::one(SEEN, sentence);
        form.revision = file.drill.revision.to_string();
    }
    let content = content(c, Some(file.area.id))?;
    let shown = Some((&file.area, &file.circle, &*content));
    let page = fill(c, shown, form, fields.trimmed("find"), errors)?;
    Ok(PlanPage {
        id: Some(id),
        action: format!("/drills/{id}/edit"),
        ..page
    })
}

fn fill(
    c: &mut Conn,
    area: Option<(&Area, &AreaRoles, &Content)>,
    form: Form,
    find: &str,
    errors: FieldErrors,
) -> Result<PlanPage> {
    let (mut people, mut competencies) = (Vec::new(), Vec::new());
    if let Some((area, circle, content)) = area {
        people = candidates::all(c, area.id, circle, find, &form.chosen())?;
        let all = content.competencies.iter();
        competencies = all.map(|k| (k.code.clone(), k.statement.clone())).collect();
    }
    let choices = |chosen: &dyn Fn(&str) -> bool| -> Vec<Choice> {
        let choice = |p: &candidates::Candidate| {
            Choice::new(
                p.id,
                match p.ramps {
                    true => format!("{}, ramps here", p.name),
                    false => p.name.clone(),
                },
                chosen(&p.id.to_string()),
            )
        };
        people.iter().map(choice).collect()
    };
    let kind = |k: &DrillKind| Choice::new(k.word(), k.label(), k.word() == form.kind);
    let (mut kinds, mut more_kinds): (Vec<Choice>, Vec<Choice>) = (
        DrillKind::ALL.iter().take(KINDS_SHOWN).map(kind).collect(),
        DrillKind::ALL.iter().skip(KINDS_SHOWN).map(kind).collect(),
    );
    if let Some(place) = more_kinds.iter().position(|k| k.chosen) {
        kinds.push(more_kinds.remove(place));
    }
    Ok(PlanPage {
        page: Page::signed_out(""),
        errors,
        id: None,
        action: String::new(),
        areas: Vec::new(),
        area: area.map(|(a, ..)| (a.slug.clone(), a.name.clone())),
        find: find.to_owned(),
        kinds,
        more_kinds,
        game_masters: choices(&|id| id == form.game_master),
        primaries: choices(&|id| id == form.primary),
        secondaries: choices(&|id| form.secondaries.iter().any(|s| s == id)),
        observers: choices(&|id| form.observers.iter().any(|s| s == id)),
        competencies,
        form,
    })
}

pub(crate) async fn plan(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    let answer = submit(&req, &fields, move |c, act| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let played = match typed.trimmed("postmortem") {
            "" => None,
            slug => Some(teachable(c, &act.actor, slug)?.id),
        };
        let new = form::parse(&typed, &local, played)?;
        let id = actions::plan(c, act, typed.trimmed("area"), &new)?;
        let when = local.moment(new.starts_at).text;
        Ok(Done::new(
            format!("/drills/{id}"),
            format!("The drill is planned for {when}."),
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show(&req, Wanted::New, fields, true, errors).await,
        other => other,
    }
}

pub(crate) async fn change(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = row_of(&path)?;
    let typed = fields.clone();
    let answer = submit(&req, &fields, move |c, act| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let revision = typed.trimmed(SEEN).parse().map_err(|_| {
            Error::field(
                "",
                "The form was incomplete. Load the page again, then send it.",
            )
        })?;
        let new = form::parse(&typed, &local, None)?;
        actions::change(c, act, id, revision, &new)?;
        Ok(Done::new(
            format!("/drills/{id}"),
            "The drill is changed. Tell those who take part what is different.",
        ))
    })
    .await;
    let errors = match answer {
        Err(Error::Invalid(errors)) => errors,
        Err(Error::Conflict(sentence)) => FieldErrors::one(SEEN, sentence),
        other => return other,
    };
    show(&req, Wanted::Again(id), fields, true, errors).await
}
