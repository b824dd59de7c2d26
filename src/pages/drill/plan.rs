//! The page on which a drill is planned.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::area;
use crate::domain::area::model::Area;
use crate::domain::auth::context::ReadContext;
use crate::domain::drill::DrillKind;
use crate::domain::drill::rules::AreaRoles;
use crate::domain::drill::template::DrillTemplate;
use crate::domain::people::Actor;
use crate::domain::postmortem;
use crate::domain::postmortem::Postmortem;
use crate::domain::standard;
use crate::domain::standard::Content;
use crate::error::{Error, Result};
use crate::pages::drill::form::{DrillForm, parse};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::text;
use crate::time::LocalTime;
use crate::usecases::drill::actions;
use crate::usecases::drill::candidates;
use crate::usecases::drill::detail;
use crate::web::{Done, Errors, Fields, Page};

/// Kinds shown before "other kinds" is opened.
const KINDS_SHOWN: usize = 4;

#[derive(Template)]
#[template(path = "drill/plan.html")]
pub(super) struct PlanPage {
    page: Page,
    errors: Errors,
    /// The drill that is changed.
    pub(super) id: Option<i64>,
    areas: Vec<Choice>,
    /// Name in URLs and name of the area; the rest of the form follows from it.
    area: Option<(String, String)>,
    find: String,
    form: DrillForm,
    kinds: Vec<Choice>,
    more_kinds: Vec<Choice>,
    game_masters: Vec<Choice>,
    primaries: Vec<Choice>,
    secondaries: Vec<Choice>,
    observers: Vec<Choice>,
    /// Code and statement of what the area's standard asks for.
    competencies: Vec<(String, String)>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, Form::asked(&req)?).await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    form.show(req, load).await
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, form: Form) -> Result<PlanPage> {
    let areas = actions::plannable(c, &context.actor)?;
    let fields = &form.fields;
    let played = match fields.trimmed("postmortem") {
        "" => None,
        slug => Some(teachable(c, &context.actor, slug)?),
    };
    let suggested = played.as_ref().and_then(|postmortem| {
        let in_it = |id: i64| areas.iter().any(|area| area.id == id);
        postmortem::played_in(postmortem, in_it).map(|area| area.slug.as_str())
    });
    let wanted = match fields.trimmed("area") {
        "" => suggested.unwrap_or_default(),
        typed => typed,
    };
    let chosen = match areas.len() {
        1 => areas.first(),
        _ => areas.iter().find(|a| a.slug == wanted),
    };
    if chosen.is_none()
        && let Some(area) = area::store::by_slug(c, wanted)?
    {
        return Err(actions::forbidden(&area));
    }
    let content = content(c, chosen.map(|area| area.id))?;
    let template = match &played {
        Some(postmortem) => replayed(postmortem, &content),
        None => expecting(&content, fields.trimmed("code")),
    };
    let values = match form.typed() {
        Some(typed) => DrillForm::typed(typed, &context.local),
        None => DrillForm::fresh(&template, fields, context),
    };
    let chosen_roles = match chosen {
        Some(area) => Some(detail::area(c, &area.slug)?.1),
        None => None,
    };
    let shown = chosen.zip(chosen_roles.as_ref());
    let shown = shown.map(|(area, roles)| (area, roles, &*content));
    let page = page.titled("practice", "Plan a drill");
    Ok(PlanPage {
        areas: areas
            .iter()
            .map(|a| Choice::new(&a.slug, &a.name, chosen.is_some_and(|c| c.id == a.id)))
            .collect(),
        ..fill(c, page, shown, values, form)?
    })
}

/// What the published standard of an area asks for; nothing where there is none.
pub(super) fn content(c: &mut Conn, area_id: Option<i64>) -> Result<Arc<Content>> {
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

/// The post-mortem of that name, if the person may read it.
fn teachable(c: &mut Conn, actor: &Actor, slug: &str) -> Result<Postmortem> {
    let found = postmortem::store::named(c, slug)?;
    if found.state == postmortem::State::Teachable && found.access().may_read(actor) {
        Ok(found)
    } else {
        Err(Error::Forbidden(
            "Only a teachable post-mortem can become a drill.".into(),
        ))
    }
}

/// The form of a drill, with the people and competencies of its area.
pub(super) fn fill(
    c: &mut Conn,
    page: Page,
    area: Option<(&Area, &AreaRoles, &Content)>,
    values: DrillForm,
    form: Form,
) -> Result<PlanPage> {
    let find = text::wanted(form.fields.get("find"));
    let (mut people, mut competencies) = (Vec::new(), Vec::new());
    if let Some((area, roles, content)) = area {
        people = candidates::all(c, area.id, roles, find, &values.chosen())?;
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
    let kind = |k: &DrillKind| Choice::new(k.word(), k.label(), k.word() == values.kind);
    let (mut kinds, mut more_kinds): (Vec<Choice>, Vec<Choice>) = (
        DrillKind::ALL.iter().take(KINDS_SHOWN).map(kind).collect(),
        DrillKind::ALL.iter().skip(KINDS_SHOWN).map(kind).collect(),
    );
    if let Some(place) = more_kinds.iter().position(|k| k.chosen) {
        kinds.push(more_kinds.remove(place));
    }
    Ok(PlanPage {
        page,
        id: None,
        areas: Vec::new(),
        area: area.map(|(a, ..)| (a.slug.clone(), a.name.clone())),
        find: find.to_owned(),
        kinds,
        more_kinds,
        game_masters: choices(&|id| id == values.game_master),
        primaries: choices(&|id| id == values.primary),
        secondaries: choices(&|id| values.secondaries.iter().any(|s| s == id)),
        observers: choices(&|id| values.observers.iter().any(|s| s == id)),
        competencies,
        form: values,
        errors: form.errors,
    })
}

pub(crate) async fn plan(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let played = match typed.trimmed("postmortem") {
            "" => None,
            slug => Some(teachable(c, &act.actor, slug)?.id),
        };
        let new = parse(&typed, &local, played)?;
        let id = actions::plan(c, act, typed.trimmed("area"), &new)?;
        let begins = local.moment(new.starts_at).text;
        Ok(Done::new(
            format!("/drills/{id}"),
            format!("The drill is planned for {begins}."),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, form).await)
    .await
}
