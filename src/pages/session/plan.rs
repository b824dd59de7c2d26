//! The page that plans a session.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::session::store;
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::planned::elsewhere;
use crate::pages::request::submit;
use crate::pages::session::plan_form;
use crate::pages::session::plan_form::PlanView;
use crate::time::LocalTime;
use crate::usecases::availability;
use crate::usecases::dossier::Dossier;
use crate::usecases::session::{discussed, planning};
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "session/plan.html")]
struct PlanPage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    mentee: String,
    area: String,
    plan: PlanView,
    /// `Amara Okafor reads times in Africa/Lagos`, for each party in another zone.
    zones: Vec<String>,
    /// `Amara Okafor: away 1 Dec to 4 Dec.`
    away: Vec<String>,
}

/// The form of a plan; the query may name topics and an agenda.
pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, *id, Form::asked(&req)?).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let dossier = Dossier::load_for(c, id, &context.actor, context.now)?;
        planning::may_plan(&dossier, &context.actor)?;
        let offered = discussed::choices(c, dossier.ramp.area_id, None)?;
        let parties = std::iter::once(dossier.mentee())
            .chain(dossier.parties.mentors.iter().map(|m| dossier.person(*m)));
        let others = parties.filter(|p| p.zone != context.actor.time_zone);
        let mut plan = match form.typed() {
            Some(typed) => PlanView::typed(&dossier, typed, &context.local, &offered)?,
            None => PlanView::fresh(&dossier, &form.fields, context, &offered),
        };
        plan.offer(c, &dossier, form.typed(), &context.local)?;
        let mentee_id = dossier.ramp.mentee_id;
        let ids: Vec<i64> = std::iter::once(mentee_id)
            .chain(dossier.parties.mentors.iter().copied())
            .collect();
        let away = availability::named(c, &ids, &context.local)?;
        let away = ids.iter().filter_map(|id| {
            let words = away.get(id)?;
            Some(format!("{}: {words}.", dossier.person(*id).name))
        });
        Ok(PlanPage {
            page: page.titled("ramps", "Plan a session"),
            ramp_id: id,
            mentee: dossier.mentee().name.to_owned(),
            area: dossier.area.name.clone(),
            away: away.collect(),
            plan,
            zones: others
                .map(|p| format!("{} reads times in {}.", p.name, p.zone))
                .collect(),
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn save(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, typed) = (*id, fields.clone());
    submit(&req, &fields, move |c, act| {
        let local = LocalTime::new(&act.actor.time_zone, act.now);
        let new = plan_form::parse(&typed, &local)?;
        let session_id = planning::plan(c, act, id, &new)?;
        let mentor_id = store::by_id(c, session_id)?.mentor_id;
        let dossier = Dossier::lock(c, id, act.now.day())?;
        let (mentee, mentor) = (dossier.mentee(), dossier.person(mentor_id));
        let people = [(mentee.name, mentee.zone), (mentor.name, mentor.zone)];
        let there = match elsewhere(&local, new.starts_at, &people) {
            words if words.is_empty() => words,
            words => format!(": {words}"),
        };
        let when = local.moment(new.starts_at).text;
        Ok(Done::new(
            format!("/sessions/{session_id}"),
            format!("The session is planned for {when}{there}."),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}
