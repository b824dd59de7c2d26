//! The small pages on which something is arranged about a ramp: what it does, a reason, and a button.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::transition::{Head, reason, take};
use crate::domain::ramp::PairingRole;
use crate::domain::ramp::arrange::Transition;
use crate::domain::ramp::clock::Clock;
use crate::domain::ramp::store::changes;
use crate::domain::ramp::store::changes::Change;
use crate::error::Result;
use crate::pages::form::Form;
use crate::time::LocalTime;
use crate::usecases::dossier::Dossier;
use crate::usecases::ramp::actions;
use crate::usecases::ramp::actions::arrange::MoveTarget;
use crate::usecases::ramp::actions::{accept, arrange};
use crate::web::{Errors, Fields, Page};

#[derive(Template)]
#[template(path = "ramp/arrange.html")]
struct ArrangePage {
    page: Page,
    errors: Errors,
    head: Head,
    /// What it does, in sentences.
    what: Vec<String>,
    /// Where the target moves: the one that is stored, and the new one.
    target: Option<(String, String)>,
    /// `None` where no reason is asked for.
    reason: Option<String>,
}

/// The sentences under the heading.
fn what(
    transition: Transition,
    dossier: &Dossier,
    history: &[Change],
    local: &LocalTime,
) -> Vec<String> {
    let mentee = dossier.mentee().name;
    match transition {
        Transition::Accept => vec![
            format!(
                "You agree to {mentee}’s ramp in {}, with its mentors and its target of {}.",
                dossier.area.name,
                local.day(dossier.ramp.target_on).text
            ),
            "It becomes active after the mentee and the primary mentor both accept it."
                .into(),
        ],
        Transition::Decline => vec![
            "The ramp ends before it began. Your reason stays on its page.".into(),
            "A lead can propose it again, in another way or at another time.".into(),
        ],
        Transition::Pause => vec![
            "The clock stops. Paused days do not count, and nobody can ask for a sign-off. Levels and checks stay as they \
             are."
                .into(),
            "After a resume, the target moves by the paused days.".into(),
        ],
        Transition::Resume => {
            let lost = Clock::of(dossier.ramp.starts_on, history.iter().map(Change::step)).current_pause_days(local.now().day());
            let target = local.day(dossier.ramp.target_on.plus_days(lost)).text;
            let days = if lost == 1 { "day" } else { "days" };
            vec![format!(
                "The clock runs again. It was stopped for {lost} {days}, so the target is {target}."
            )]
        }
        Transition::Target => vec![format!(
            "The ramp should be done by {}. Its pace is measured against the target.",
            local.day(dossier.ramp.target_on).text
        )],
        Transition::End => vec![
            "The ramp ends without a clearance. What was recorded stays readable, and nothing more is recorded on it."
                .into(),
            format!("A new ramp of {mentee} in {} can be proposed later.", dossier.area.name),
        ],
        Transition::HandOver | Transition::AddMentor | Transition::RemoveMentor => Vec::new(),
    }
}

pub(crate) async fn show(
    req: &HttpRequest,
    id: i64,
    transition: Transition,
    form: Form,
) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let dossier = Dossier::load_for(c, id, &context.actor, context.now)?;
        let who = (&context.actor, context.now);
        actions::open_to(c, who, &dossier, transition, PairingRole::Primary)?;
        let history = match transition {
            Transition::Resume => changes::of_ramps(c, &[id])?,
            _ => Vec::new(),
        };
        let seen = form.seen("from", dossier.ramp.target_on);
        let target = match form.fields.get("target_on") {
            "" => dossier.ramp.target_on.to_string(),
            typed => typed.to_owned(),
        };
        let head = Head::new(&dossier, transition);
        Ok(ArrangePage {
            page: page.titled("ramps", head.title()),
            head,
            what: what(transition, &dossier, &history, &context.local),
            target: (transition == Transition::Target).then_some((seen, target)),
            reason: (transition != Transition::Accept)
                .then(|| form.fields.get("reason").to_owned()),
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn accept(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    take(req, id, Transition::Accept, fields, |c, by, id, _| {
        Ok(match accept::accept(c, by, id)? {
            None => "You accepted the ramp. It is active now.".into(),
            Some(who) => format!("You accepted the ramp. It waits for {who} now."),
        })
    })
    .await
}

pub(crate) async fn decline(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    take(req, id, Transition::Decline, fields, |c, by, id, typed| {
        accept::decline(c, by, id, &reason(typed)?)?;
        Ok("You declined the ramp. It has ended.".into())
    })
    .await
}

pub(crate) async fn pause(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    take(req, id, Transition::Pause, fields, |c, by, id, typed| {
        arrange::pause(c, by, id, &reason(typed)?)?;
        Ok("The ramp is paused. Its clock is stopped.".into())
    })
    .await
}

pub(crate) async fn resume(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    take(req, id, Transition::Resume, fields, |c, by, id, typed| {
        let target = arrange::resume(c, by, id, &reason(typed)?)?;
        let target = LocalTime::new(&by.actor.time_zone, by.now).day(target).text;
        Ok(format!("The ramp is resumed. Its target is {target}."))
    })
    .await
}

pub(crate) async fn target(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    take(req, id, Transition::Target, fields, |c, by, id, typed| {
        let input = MoveTarget::parse(typed, by.now.day())?;
        arrange::set_target(c, by, id, &input)?;
        let target = LocalTime::new(&by.actor.time_zone, by.now)
            .day(input.to)
            .text;
        Ok(format!("The target is {target} now."))
    })
    .await
}

pub(crate) async fn end(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    take(req, id, Transition::End, fields, |c, by, id, typed| {
        arrange::end(c, by, id, &reason(typed)?)?;
        Ok("The ramp has ended.".into())
    })
    .await
}
