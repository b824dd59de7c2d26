//! Pages of reading clubs.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::people;
use crate::domain::postmortem::club::store;
use crate::domain::postmortem::club::store::Member;
use crate::domain::postmortem::club::{ClubState, Reason, form};
use crate::domain::postmortem::store as postmortems;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::parts::choice::Choice;
use crate::pages::request::{old_read, submit};
use crate::usecases::postmortem::actions::unread;
use crate::usecases::postmortem::club::actions;
use crate::usecases::postmortem::club::actions::{People, may_close, may_plan};
use crate::web::time::{LocalTime, TimeText};
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

#[derive(Template)]
#[template(path = "library/plan_club.html")]
struct PlanPage {
    page: Page,
    errors: Errors,
    slug: String,
    title: String,
    starts_at: String,
    minutes: String,
    note: String,
    others: String,
    ramping: Vec<Choice>,
}

/// `GET /library/{slug}/clubs/new`
pub async fn plan_page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show_plan(&req, slug.into_inner(), None, FieldErrors::default()).await
}

async fn show_plan(
    req: &HttpRequest,
    slug: String,
    typed: Option<Fields>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, view) = old_read(req, move |c, context| {
        Ok(PlanPage {
            errors,
            ..load_plan(c, context, &slug, typed.as_ref())?
        })
    })
    .await?;
    let page = Page {
        has_errors: !view.errors.is_empty(),
        ..page.titled("library", "Plan a reading club")
    };
    html_with(status, &PlanPage { page, ..view })
}

fn load_plan(
    c: &mut Conn,
    context: &ReadContext,
    slug: &str,
    typed: Option<&Fields>,
) -> Result<PlanPage> {
    let found = postmortems::named(c, slug)?;
    let (part, _) = store::part_of(c, &found, &context.actor, context.now.day())?;
    may_plan(&found, &context.actor, part)?;
    let chosen = typed.map(|fields| People::parse(fields).unwrap_or_default().chosen);
    let mut ramping: Vec<Choice> = Vec::new();
    // Who ramps where is open to all members; who has discussed what is not, so nothing is ticked by it.
    for one in store::ramping(c, &found)? {
        let is_me = context.actor.is(one.person_id);
        if !is_me && ramping.iter().all(|r| r.value != one.person_id.to_string()) {
            ramping.push(Choice::new(
                one.person_id,
                one.name,
                chosen
                    .as_ref()
                    .is_some_and(|ids| ids.contains(&one.person_id)),
            ));
        }
    }
    let text = |name: &str, usual: &str| {
        typed.map_or_else(|| usual.to_owned(), |fields| fields.get(name).to_owned())
    };
    // A week from now at the same full hour.
    let in_a_week = context.now.plus_hours(24 * 7);
    let full_hour = in_a_week.plus_seconds(-in_a_week.timestamp().as_second().rem_euclid(3600));
    Ok(PlanPage {
        page: Page::signed_out(""),
        errors: FieldErrors::default(),
        slug: found.slug,
        title: found.document.title,
        starts_at: text("starts_at", &context.local.input(full_hour)),
        minutes: text("minutes", "60"),
        note: text("note", ""),
        others: text("others", ""),
        ramping,
    })
}

pub async fn plan(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let (name, typed) = (slug.clone(), fields.clone());
    let answer = submit(&req, &fields, move |c, act| {
        // Who may not is told so, whatever they typed.
        let found = postmortems::named(c, &name)?;
        let (part, _) = store::part_of(c, &found, &act.actor, act.now.day())?;
        may_plan(&found, &act.actor, part)?;
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let new = form::parse(&typed, &local)?;
        let id = actions::plan(c, act, &name, &new)?;
        let when = local.moment(new.starts_at).text;
        Ok(Done::new(
            format!("/clubs/{id}"),
            format!("The reading club is planned for {when}."),
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show_plan(&req, slug, Some(fields), errors).await,
        other => other,
    }
}

#[derive(Template)]
#[template(path = "library/club.html")]
struct ClubPage {
    page: Page,
    errors: Errors,
    id: i64,
    slug: String,
    title: String,
    state: ClubState,
    when: TimeText,
    minutes: i32,
    note: String,
    leader: (String, String),
    members: Vec<Member>,
    /// The viewer sees of everybody whether they were there; of some, and of themselves, they may without.
    sees_all: bool,
    closed: Option<(String, TimeText)>,
    /// The viewer may call it off; and say who was there, once it has begun.
    may_close: bool,
    has_begun: bool,
    chosen: Vec<i64>,
    others: String,
    reason: String,
}

impl ClubPage {
    fn is_chosen(&self, member: &Member) -> bool {
        self.chosen.contains(&member.person_id)
    }
}

/// `GET /clubs/{id}`
pub async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, *id, None, FieldErrors::default()).await
}

async fn show(
    req: &HttpRequest,
    id: i64,
    typed: Option<Fields>,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, view) = old_read(req, move |c, context| {
        Ok(ClubPage {
            errors,
            ..load(c, context, id, typed.as_ref())?
        })
    })
    .await?;
    let page = Page {
        has_errors: !view.errors.is_empty(),
        ..page.titled("library", "Reading club")
    };
    html_with(status, &ClubPage { page, ..view })
}

fn load(c: &mut Conn, context: &ReadContext, id: i64, typed: Option<&Fields>) -> Result<ClubPage> {
    let club = store::by_id(c, id)?;
    let found = postmortems::named(c, &club.postmortem_id.to_string())?;
    let mut members = store::members(c, id)?;
    let is_in_it = members.iter().any(|m| context.actor.is(m.person_id));
    if !is_in_it && !found.circle().may_read(&context.actor) {
        return Err(Error::Forbidden(unread().into()));
    }
    let led_or_closed = [Some(club.led_by), club.closed_by];
    let sees_all = led_or_closed
        .into_iter()
        .flatten()
        .any(|id| context.actor.is(id));
    for member in &mut members {
        // Who came is person-level (rule 9).
        let may_see = sees_all || member.concerned.may_see(&context.actor);
        member.was_there = member.was_there.filter(|_| may_see);
    }
    let ids: Vec<i64> = led_or_closed.into_iter().flatten().collect();
    let named = people::store::by_ids(c, &ids)?;
    let person = |id: i64| named.iter().find(|p| p.id == id);
    let closed_by = club.closed_by.and_then(person).map(|p| p.name.clone());
    let chosen = match typed.map(People::parse) {
        Some(typed) => typed.unwrap_or_default().chosen.into_iter().collect(),
        None => members.iter().map(|m| m.person_id).collect(),
    };
    let text = |name: &str| typed.map_or("", |fields| fields.get(name)).to_owned();
    Ok(ClubPage {
        page: Page::signed_out(""),
        errors: FieldErrors::default(),
        id,
        slug: found.slug.clone(),
        title: found.document.title.clone(),
        state: club.state,
        when: context.local.moment(club.starts_at),
        minutes: club.minutes,
        leader: person(club.led_by)
            .map(|p| (p.handle.clone(), p.name.clone()))
            .unwrap_or_default(),
        closed: closed_by.zip(club.closed_at.map(|at| context.local.day_of(at))),
        may_close: club.state == ClubState::Planned
            && may_close(&club, &found, &context.actor).is_ok(),
        has_begun: club.starts_at <= context.now,
        note: club.note,
        members,
        sees_all,
        chosen,
        others: text("others"),
        reason: text("reason"),
    })
}

/// Says who was there.
pub async fn held(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    let (id, typed) = (*id, fields.clone());
    let answer = submit(&req, &fields, move |c, act| {
        let came = People::parse(&typed).map_err(|s| Error::field("others", s))?;
        actions::held(c, act, id, &came)?;
        Ok(Done::new(
            format!("/clubs/{id}"),
            "Written down. It counts for everybody who was there.",
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show(&req, id, Some(fields), errors).await,
        other => other,
    }
}

pub async fn cancel(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    let (id, typed) = (*id, fields.clone());
    let answer = submit(&req, &fields, move |c, act| {
        let reason = Reason::parse(typed.get("reason")).map_err(|s| Error::field("reason", s))?;
        actions::cancel(c, act, id, &reason)?;
        Ok(Done::new(
            format!("/clubs/{id}"),
            "The reading club is called off.",
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => {
            // Who was there is not asked by this form: it stays as it was planned.
            let reason = Fields::of(&[("reason", fields.get("reason"))]);
            show(&req, id, Some(reason), errors).await
        }
        other => other,
    }
}
