//! The page on which a group of competencies is assessed, by a mentor or by the mentee.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::address;
use crate::domain::assessment::blind::SEALED_DAYS;
use crate::domain::assessment::{Stream, decide};
use crate::domain::ramp::part::Part;
use crate::domain::standard::{Group, Level};
use crate::error::{Error, Result};
use crate::pages::assessment::assess_view::{Rubric, Step, rubrics, steps};
use crate::pages::assessment::form::{parse, sort};
use crate::pages::form::{Form, OrShow};
use crate::pages::request::{read, submit};
use crate::pages::status::first_name;
use crate::usecases::assessment::actions::{Assessed, assess, known, may_assess};
use crate::usecases::assessment::turn::group_for;
use crate::usecases::dossier::Dossier;
use crate::web::{Done, Errors, Fields, Page, respond};

/// What is assessed: the ramp and group of an address, and by whom.
#[derive(Debug, Clone, Copy)]
struct Place {
    ramp_id: i64,
    stream: Stream,
    group: Group,
}

type Path = web::Path<(String, String)>;

impl Place {
    fn of(path: &Path, stream: Stream) -> Result<Self> {
        let (ramp, group) = &**path;
        Ok(Self {
            ramp_id: ramp.parse().map_err(|_| Error::NotFound("ramp"))?,
            stream,
            group: Group::parse(group).ok_or(Error::NotFound("group of competencies"))?,
        })
    }
}

#[derive(Template)]
#[template(path = "assessment/assess.html")]
struct AssessPage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    /// Where the form goes.
    action: String,
    is_self: bool,
    mentee: String,
    first_name: String,
    /// When it opens by itself.
    sealed_days: i64,
    area: String,
    version: i32,
    group: &'static str,
    steps: Vec<Step>,
    open: Vec<Rubric>,
    folded: Vec<Rubric>,
    /// Label of the group after this one.
    next: Option<&'static str>,
}

/// Leads to the group where that side has something to say.
pub(crate) async fn first(
    req: HttpRequest,
    id: web::Path<i64>,
    stream: Stream,
) -> Result<HttpResponse> {
    let address = read(&req, move |c, context| {
        let dossier = Dossier::load_for(c, *id, &context.actor, context.now)?;
        may_assess(&dossier, &context.actor, stream)?;
        Ok(match group_for(&dossier, stream) {
            Some(group) => address(*id, stream, group),
            None => Part::Competencies.of(*id),
        })
    })
    .await?;
    Ok(respond::done(&req, &Done::new(address, "")))
}

pub(crate) async fn page(req: HttpRequest, path: Path, stream: Stream) -> Result<HttpResponse> {
    show(&req, Place::of(&path, stream)?, Form::default()).await
}

async fn show(req: &HttpRequest, place: Place, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, mut form| {
        let Place {
            ramp_id,
            stream,
            group,
        } = place;
        let dossier = Dossier::load_for(c, ramp_id, &context.actor, context.now)?;
        may_assess(&dossier, &context.actor, stream)?;
        let content = &dossier.standard.content;
        let groups = content.groups();
        let position = groups
            .iter()
            .position(|g| *g == group)
            .ok_or(Error::NotFound("group of competencies"))?;
        let known = known(&dossier, stream)?;
        // Every error at once: what could be read is held against the rules, even where something else could not.
        let read = form.typed().map(|typed| sort(typed).0);
        let refused = read.and_then(|entries| decide(stream, content, &known, &entries).err());
        if let Some(Error::Invalid(more)) = refused {
            for (field, sentence) in more.iter() {
                if form.errors.get(field).is_none() {
                    form.errors.add(field, sentence);
                }
            }
        }
        let rubrics = rubrics(&dossier, (stream, group), &known, form.typed(), context);
        let (folded, open) = rubrics.into_iter().partition(|r| r.folded);
        let mentee = dossier.mentee();
        let title = match stream {
            Stream::Mentor => format!("Assess {}: {}", mentee.name, group.label()),
            Stream::Self_ => format!("Assess yourself: {}", group.label()),
        };
        Ok(AssessPage {
            page: page.titled("ramps", title),
            errors: form.errors,
            ramp_id,
            action: address(ramp_id, stream, group),
            is_self: stream == Stream::Self_,
            mentee: mentee.name.to_owned(),
            first_name: first_name(mentee.name).to_owned(),
            sealed_days: SEALED_DAYS,
            area: dossier.area.name.clone(),
            version: dossier.standard.version,
            group: group.label(),
            steps: steps(&dossier, stream, group),
            open,
            folded,
            next: groups.get(position + 1).map(|g| g.label()),
        })
    })
    .await
}

pub(crate) async fn save(
    req: HttpRequest,
    path: Path,
    stream: Stream,
    fields: Fields,
) -> Result<HttpResponse> {
    let place = Place::of(&path, stream)?;
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let entries = parse(&typed)?;
        let assessed = assess(c, act, place.ramp_id, stream, &entries)?;
        let mut after = assessed.groups.iter().skip_while(|g| **g != place.group);
        let next = match after.nth(1).filter(|_| typed.get("then") != "finish") {
            Some(group) => address(place.ramp_id, stream, *group),
            None => Part::Competencies.of(place.ramp_id),
        };
        Ok(Done::new(next, said(&assessed)))
    })
    .await
    .or_show(fields, async |form| show(&req, place, form).await)
    .await
}

/// What the next page says: which levels are new.
fn said(assessed: &Assessed) -> String {
    let number = |level: Option<Level>| {
        level.map_or_else(|| "not observed".to_owned(), |l| l.number().to_string())
    };
    let lines: Vec<_> = assessed
        .changes
        .iter()
        .map(|change| match (change.from, change.to.level) {
            (Some(from), to) if to == Some(from) => {
                format!("{} still {}", change.code, from.number())
            }
            (Some(from), to) => format!("{} {} to {}", change.code, from.number(), number(to)),
            (None, to) => format!("{} {}", change.code, number(to)),
        })
        .collect();
    match lines.as_slice() {
        [] => "Nothing was new, so nothing was stored.".into(),
        [one] => format!("Saved: {one}."),
        more if more.len() <= 8 => format!("{} saved: {}.", more.len(), more.join(", ")),
        more => format!("{} assessments saved.", more.len()),
    }
}
