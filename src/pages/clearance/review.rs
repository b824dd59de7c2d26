//! The pages where a clearance is suspended, revoked or reinstated: what it does to cover, and why it is done.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance;
use crate::domain::clearance::effect::{Effect, EffectView, effect};
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::oversight::Transition;
use crate::domain::clearance::{ClearanceKind, ClearanceState};
use crate::domain::signoff::Note;
use crate::error::{Error, Result};
use crate::pages::clearance::show::status;
use crate::pages::form::{Form, OrShow};
use crate::pages::request::submit;
use crate::usecases::clearance::actions;
use crate::usecases::clearance::detail::ClearanceDetail;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "clearance/review.html")]
struct ReviewPage {
    page: Page,
    errors: Errors,
    reason: String,
    id: i64,
    transition: Transition,
    person: String,
    handle: String,
    area: String,
    status: (&'static str, &'static str, &'static str),
    from: String,
    /// Why it leads nowhere now; empty when it does.
    blocker: String,
    effect: Option<EffectView>,
    is_designated: bool,
    is_interim: bool,
}

/// What the address says is to be done.
fn transition(req: &HttpRequest) -> Result<Transition> {
    let word = req.path().rsplit('/').next().unwrap_or_default();
    let found = Transition::ALL.into_iter().find(|t| t.word() == word);
    found.ok_or(Error::NotFound("page"))
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, *id, Form::default()).await
}

pub(crate) async fn change(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, transition) = (*id, transition(&req)?);
    let reason = Note::required(
        fields.get("reason"),
        "Say why. It stays on record with the clearance.",
    );
    let from = ClearanceState::parse(fields.get("from"));
    submit(&req, &fields, move |c, act| {
        let reason = reason.map_err(|sentence| Error::field("reason", sentence))?;
        let from = from.ok_or_else(Error::incomplete)?;
        let to = actions::change(c, act, id, (transition, from), &reason)?;
        Ok(Done::new(
            format!("/clearances/{id}"),
            format!("The clearance is {}.", Transition::done(to)),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    let transition = transition(req)?;
    form.show(req, move |c, context, page, form| {
        load(c, context, page, (id, transition), form)
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    (id, transition): (i64, Transition),
    form: Form,
) -> Result<ReviewPage> {
    let detail = ClearanceDetail::load(c, id)?;
    let today = context.now.day();
    detail.permit_transition(transition, &context.actor, today)?;
    let led = transition.of(&detail.held);
    let blocker = match (detail.later(), led) {
        (Some(_), _) => {
            "A later clearance of the same person and area holds now; this one is history."
        }
        (None, Err(sentence)) => sentence,
        (None, Ok(_)) => "",
    };
    let person = detail.holder()?;
    let effect = match led.ok().filter(|_| blocker.is_empty()) {
        None => None,
        Some(state) => {
            let changed = Clearance {
                state,
                ..detail.held.clone()
            };
            let now = clearance::store::coverage(c, detail.area.id, today)?;
            let effect = match person.deactivated_at {
                Some(_) => Effect::none(now),
                None => {
                    let changed = (&changed, person.name.as_str());
                    effect(now, Some(&detail.held), changed, today)
                }
            };
            Some(EffectView::of(&effect, &detail.area, &context.local))
        }
    };
    Ok(ReviewPage {
        page: page.titled(
            "people",
            format!(
                "{}: {}, {}",
                transition.label(),
                person.name,
                detail.area.name
            ),
        ),
        id,
        transition,
        person: person.name.clone(),
        handle: person.handle.clone(),
        area: detail.area.name.clone(),
        status: status(detail.standing(today)),
        from: form.seen("from", detail.held.state.word()),
        blocker: blocker.to_owned(),
        effect,
        is_designated: detail.is_holder_designated(),
        is_interim: detail.held.kind == ClearanceKind::Interim,
        reason: form.fields.get("reason").to_owned(),
        errors: form.errors,
    })
}
