//! The page on which a reading club is planned.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::postmortem::club::form::parse;
use crate::domain::postmortem::club::store;
use crate::domain::postmortem::store as postmortems;
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::time::{LocalTime, MomentField};
use crate::usecases::postmortem::club::actions;
use crate::usecases::postmortem::club::actions::{People, may_plan};
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "postmortem/plan_club.html")]
struct PlanPage {
    page: Page,
    errors: Errors,
    slug: String,
    title: String,
    starts_at: MomentField,
    minutes: String,
    note: String,
    others: String,
    ramping: Vec<Choice>,
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::default()).await
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
) -> Result<PlanPage> {
    let typed = form.typed();
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
    let full_hour = in_a_week.rounded_down(3600);
    Ok(PlanPage {
        page: page.titled("library", "Plan a reading club"),
        slug: found.slug,
        title: found.document.title,
        starts_at: match typed {
            Some(fields) => MomentField::sent(fields, "starts_at", &context.local),
            None => MomentField::of(full_hour, &context.local),
        },
        minutes: text("minutes", "60"),
        note: text("note", ""),
        others: text("others", ""),
        ramping,
        errors: form.errors,
    })
}

pub(crate) async fn plan(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let (name, typed) = (slug.clone(), fields.clone());
    submit(&req, &fields, move |c, act| {
        // A person who may not plan reads that, whatever they typed.
        let found = postmortems::named(c, &name)?;
        let (part, _) = store::part_of(c, &found, &act.actor, act.now.day())?;
        may_plan(&found, &act.actor, part)?;
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let new = parse(&typed, &local)?;
        let id = actions::plan(c, act, &name, &new)?;
        let begins = local.moment(new.starts_at).text;
        Ok(Done::new(
            format!("/clubs/{id}"),
            format!("The reading club is planned for {begins}."),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, form).await)
    .await
}
