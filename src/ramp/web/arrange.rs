//! The small pages on which something is arranged about a ramp: what it does, a reason, and a button.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::audit::Act;
use crate::auth::request::{read, submit};
use crate::db::Conn;
use crate::error::{Error, FieldErrors, Result};
use crate::ramp::PairingRole;
use crate::ramp::actions::arrange::MoveTarget;
use crate::ramp::actions::{self, Reason, accept, arrange};
use crate::ramp::arrange::Deed;
use crate::ramp::clock::Clock;
use crate::ramp::dossier::Dossier;
use crate::ramp::store::changes::{self, Change};
use crate::web::time::Dial;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

/// Mounts the routes.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/accept", web::get().to(show_accept))
        .route("/ramps/{id}/accept", web::post().to(do_accept))
        .route("/ramps/{id}/decline", web::get().to(show_decline))
        .route("/ramps/{id}/decline", web::post().to(do_decline))
        .route("/ramps/{id}/pause", web::get().to(show_pause))
        .route("/ramps/{id}/pause", web::post().to(do_pause))
        .route("/ramps/{id}/resume", web::get().to(show_resume))
        .route("/ramps/{id}/resume", web::post().to(do_resume))
        .route("/ramps/{id}/target", web::get().to(show_target))
        .route("/ramps/{id}/target", web::post().to(do_target))
        .route("/ramps/{id}/end", web::get().to(show_end))
        .route("/ramps/{id}/end", web::post().to(do_end));
}

#[derive(Template)]
#[template(path = "ramp/arrange.html")]
struct ArrangePage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    ramp: String,
    mentee: String,
    mentee_handle: String,
    deed: Deed,
    /// What it does, in sentences.
    what: Vec<String>,
    /// The target that is seen, and what was typed; where it is to be moved.
    target: Option<(String, String)>,
    /// What was typed; `None` where no reason is asked for.
    reason: Option<String>,
}

/// The sentences under the heading.
fn what(deed: Deed, dossier: &Dossier, history: &[Change], dial: &Dial) -> Vec<String> {
    let mentee = dossier.mentee().name;
    match deed {
        Deed::Accept => vec![
            format!(
                "You agree to {mentee}’s way through {}, with its mentors and its target of {}.",
                dossier.area.name,
                dial.day(dossier.ramp.target_on).text
            ),
            "It becomes active when the mentee and the primary mentor have both accepted it."
                .into(),
        ],
        Deed::Decline => vec![
            "The ramp ends without having begun. Your reason stays on its page.".into(),
            "A lead can propose it again, in another way or at another time.".into(),
        ],
        Deed::Pause => vec![
            "The clock stops: its days do not count, and a sign-off cannot be asked for. Levels and checks stay as they \
             are."
                .into(),
            "When it goes on, the target moves by the days it stood still.".into(),
        ],
        Deed::Resume => {
            let lost = Clock::of(dossier.ramp.starts_on, history.iter().map(Change::step)).standing(dial.now().day());
            let target = dial.day(dossier.ramp.target_on.plus_days(lost)).text;
            let days = if lost == 1 { "day" } else { "days" };
            vec![format!(
                "The clock goes on. It stood still for {lost} {days}, so the target is {target}."
            )]
        }
        Deed::Target => vec![format!(
            "The ramp should be done by {}. Its pace is reckoned against the target.",
            dial.day(dossier.ramp.target_on).text
        )],
        Deed::End => vec![
            "The ramp ends without a clearance. What was recorded stays readable, and nothing is written on it any \
             more."
                .into(),
            format!("A new ramp of {mentee} in {} can be proposed later.", dossier.area.name),
        ],
        Deed::HandOver | Deed::AddMentor | Deed::RemoveMentor => Vec::new(),
    }
}

async fn show(
    req: &HttpRequest,
    id: i64,
    deed: Deed,
    fields: Fields,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, shown) = read(req, move |c, asking| {
        let dossier = Dossier::load_for(c, id, &asking.actor, asking.now)?;
        let who = (&asking.actor, asking.now);
        actions::open_to(c, who, &dossier, deed, PairingRole::Primary)?;
        let history = match deed {
            Deed::Resume => changes::of_ramps(c, &[id])?,
            _ => Vec::new(),
        };
        let seen = dossier.ramp.target_on.to_string();
        let typed = match fields.get("target_on") {
            "" => seen.clone(),
            typed => typed.to_owned(),
        };
        Ok(ArrangePage {
            page: Page::signed_out(""),
            ramp_id: id,
            ramp: format!("{} on {}", dossier.mentee().name, dossier.area.name),
            mentee: dossier.mentee().name.to_owned(),
            mentee_handle: dossier.mentee().handle.to_owned(),
            deed,
            what: what(deed, &dossier, &history, &asking.dial),
            target: (deed == Deed::Target).then_some((seen, typed)),
            reason: (deed != Deed::Accept).then(|| fields.get("reason").to_owned()),
            errors,
        })
    })
    .await?;
    let page = Page {
        has_errors: !shown.errors.is_empty(),
        ..page.titled("people", format!("{}: {}", deed.label(), shown.ramp))
    };
    html_with(status, &ArrangePage { page, ..shown })
}

async fn fresh(req: HttpRequest, id: web::Path<i64>, deed: Deed) -> Result<HttpResponse> {
    let (fields, errors) = (Fields::default(), FieldErrors::default());
    show(&req, id.into_inner(), deed, fields, errors).await
}

/// Does the deed and says what came of it; or shows its form again.
async fn act<F>(
    req: HttpRequest,
    id: web::Path<i64>,
    deed: Deed,
    fields: Fields,
    f: F,
) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &Act, i64, &Fields) -> Result<String> + Send + 'static,
{
    let (id, typed) = (id.into_inner(), fields.clone());
    let answer = submit(&req, &fields, move |c, act| {
        let said = f(c, act, id, &typed)?;
        Ok(Done::new(format!("/ramps/{id}"), said))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => show(&req, id, deed, fields, errors).await,
        other => other,
    }
}

fn reason(fields: &Fields) -> Result<Reason> {
    Reason::parse(fields.get("reason")).map_err(|sentence| Error::field("reason", sentence))
}

async fn show_accept(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    fresh(req, id, Deed::Accept).await
}

async fn do_accept(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    act(req, id, Deed::Accept, fields, |c, by, id, _| {
        Ok(match accept::accept(c, by, id)? {
            None => "You accepted the ramp. It is active now.".into(),
            Some(who) => format!("You accepted the ramp. It waits for {who} now."),
        })
    })
    .await
}

async fn show_decline(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    fresh(req, id, Deed::Decline).await
}

async fn do_decline(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    act(req, id, Deed::Decline, fields, |c, by, id, typed| {
        accept::decline(c, by, id, &reason(typed)?)?;
        Ok("You declined the ramp. It has ended.".into())
    })
    .await
}

async fn show_pause(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    fresh(req, id, Deed::Pause).await
}

async fn do_pause(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    act(req, id, Deed::Pause, fields, |c, by, id, typed| {
        arrange::pause(c, by, id, &reason(typed)?)?;
        Ok("The ramp is paused. Its clock stands still.".into())
    })
    .await
}

async fn show_resume(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    fresh(req, id, Deed::Resume).await
}

async fn do_resume(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    act(req, id, Deed::Resume, fields, |c, by, id, typed| {
        let target = arrange::resume(c, by, id, &reason(typed)?)?;
        let target = Dial::new(&by.actor.time_zone, by.now).day(target).text;
        Ok(format!("The ramp goes on. Its target is {target}."))
    })
    .await
}

async fn show_target(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    fresh(req, id, Deed::Target).await
}

async fn do_target(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    act(req, id, Deed::Target, fields, |c, by, id, typed| {
        let input = MoveTarget::parse(typed, by.now.day())?;
        arrange::set_target(c, by, id, &input)?;
        let target = Dial::new(&by.actor.time_zone, by.now).day(input.to).text;
        Ok(format!("The target is {target} now."))
    })
    .await
}

async fn show_end(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    fresh(req, id, Deed::End).await
}

async fn do_end(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    act(req, id, Deed::End, fields, |c, by, id, typed| {
        arrange::end(c, by, id, &reason(typed)?)?;
        Ok("The ramp has ended.".into())
    })
    .await
}
