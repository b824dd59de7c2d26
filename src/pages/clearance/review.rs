//! The pages where a clearance is suspended, revoked or reinstated: what it does to cover, and why it is done.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::effect::{EffectView, effect};
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::oversight::Transition;
use crate::domain::clearance::{ClearanceKind, ClearanceState};
use crate::domain::signoff::Note;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::clearance::show::status;
use crate::pages::request::{old_read, submit};
use crate::usecases::clearance::actions;
use crate::usecases::clearance::detail::ClearanceDetail;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

#[derive(Template)]
#[template(path = "clearance/review.html")]
struct ReviewPage {
    page: Page,
    errors: Errors,
    reason: String,
    id: i64,
    deed: Transition,
    person: String,
    handle: String,
    area: String,
    status: (&'static str, &'static str, &'static str),
    from: &'static str,
    /// Why it leads nowhere now; empty when it does.
    hindrance: String,
    effect: Option<EffectView>,
    is_designated: bool,
    is_interim: bool,
}

pub(crate) async fn page(req: HttpRequest, id: i64, deed: Transition) -> Result<HttpResponse> {
    show(
        &req,
        (id, deed),
        String::new(),
        FieldErrors::default(),
        false,
    )
    .await
}

pub(crate) async fn send(
    req: HttpRequest,
    id: i64,
    deed: Transition,
    fields: Fields,
) -> Result<HttpResponse> {
    let reason = Note::required(
        fields.get("reason"),
        "Say why. It stays on record beside the clearance.",
    );
    let from = ClearanceState::parse(fields.get("from"));
    let answer = submit(&req, &fields, move |c, act| {
        let reason = reason.map_err(|sentence| Error::field("reason", sentence))?;
        let from = from.ok_or_else(|| {
            Error::field(
                "",
                "The form was incomplete. Load the page again, then send it.",
            )
        })?;
        let to = actions::change(c, act, id, (deed, from), &reason)?;
        Ok(Done::new(
            format!("/clearances/{id}"),
            format!("The clearance is {}.", Transition::done(to)),
        ))
    })
    .await;
    let reason = fields.get("reason").to_owned();
    match answer {
        Err(Error::Invalid(errors)) => show(&req, (id, deed), reason, errors, false).await,
        Err(Error::Conflict(sentence)) => {
            let errors = FieldErrors::one("", sentence);
            show(&req, (id, deed), reason, errors, true).await
        }
        other => other,
    }
}

async fn show(
    req: &HttpRequest,
    (id, deed): (i64, Transition),
    reason: String,
    errors: FieldErrors,
    overtaken: bool,
) -> Result<HttpResponse> {
    let status = if overtaken {
        StatusCode::CONFLICT
    } else {
        form_status(&errors)
    };
    let (page, template) = old_read(req, move |c, context| {
        load(c, context, (id, deed), reason, errors)
    })
    .await?;
    let heading = format!("{}: {}, {}", deed.label(), template.person, template.area);
    let page = Page {
        has_errors: !template.errors.is_empty(),
        ..page.titled("people", heading)
    };
    html_with(status, &ReviewPage { page, ..template })
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    (id, deed): (i64, Transition),
    reason: String,
    errors: FieldErrors,
) -> Result<ReviewPage> {
    let case = ClearanceDetail::load(c, id)?;
    let today = context.now.day();
    case.permit(&context.actor, today)?;
    let led = deed.of(&case.held);
    let hindrance = match (case.later(), led) {
        (Some(_), _) => {
            "A later clearance of the same person and area holds now; this one is history."
        }
        (None, Err(sentence)) => sentence,
        (None, Ok(_)) => "",
    };
    let effect = led.ok().filter(|_| hindrance.is_empty()).map(|state| {
        let changed = Clearance {
            state,
            ..case.held.clone()
        };
        let effect = effect(&case.of_present(), &changed, today);
        EffectView::of(&effect, &case.area, |id| case.name(id), &context.local)
    });
    let person = case.holder()?;
    Ok(ReviewPage {
        page: Page::signed_out(""),
        id,
        deed,
        person: person.name.clone(),
        handle: person.handle.clone(),
        area: case.area.name.clone(),
        status: status(case.standing(today)),
        from: case.held.state.word(),
        hindrance: hindrance.to_owned(),
        effect,
        is_designated: case.is_holder_designated(),
        is_interim: case.held.kind == ClearanceKind::Interim,
        reason,
        errors,
    })
}
