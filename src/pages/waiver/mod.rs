//! The page of a ramp's waivers, with its forms.

pub mod view;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::readiness::Excused;
use crate::domain::signoff::Note;
use crate::domain::signoff::independent::Exception;
use crate::domain::waiver::{MOST_DAYS, WaiverState, label, parse_excused, store, waivable, word};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::parts::choice::Choice;
use crate::pages::request::{old_read, submit};
use crate::pages::waiver::view::WaiverView;
use crate::usecases::dossier::Dossier;
use crate::usecases::signoff::actions::permit_independent;
use crate::usecases::waiver::actions;
use crate::usecases::waiver::actions::{Asked, Decision};
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/ramps/{id}/waivers", web::get().to(page))
        .route("/ramps/{id}/waivers", web::post().to(ask))
        .route(
            "/ramps/{id}/waivers/{waiver}/decision",
            web::post().to(decide),
        )
        .route(
            "/ramps/{id}/waivers/{waiver}/revoke",
            web::post().to(revoke),
        );
}

struct AskForm {
    items: Vec<Choice>,
    gates: Vec<Choice>,
    ends_on: String,
    latest: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "waiver/list.html")]
struct ListPage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    mentee: String,
    area: String,
    owner_team: String,
    pending: Vec<WaiverView>,
    active: Vec<WaiverView>,
    over: Vec<WaiverView>,
    /// For whoever may ask, while waivers move.
    form: Option<AskForm>,
    /// Why the viewer does not ask.
    not_yours: String,
    /// Why waivers do not move now; empty when they do.
    stands: String,
    /// What was typed into a form that the page has no more.
    written: Vec<String>,
}

/// A form that came back: of which waiver (`None` asks for one), what it said, and why.
struct Returned {
    of: Option<i64>,
    fields: Fields,
    errors: FieldErrors,
    overtaken: bool,
}

/// A link to the page may say what is to be waived.
async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let fresh = Returned {
        of: None,
        fields: Fields::default().and("subject", query.get("subject")),
        errors: FieldErrors::default(),
        overtaken: false,
    };
    show(&req, id.into_inner(), fresh).await
}

async fn ask(req: HttpRequest, id: web::Path<i64>, fields: Fields) -> Result<HttpResponse> {
    let id = id.into_inner();
    let typed = fields.clone();
    let answer = submit(&req, &fields, move |c, act| {
        let asked = Asked::parse(&typed, act.now.day())?;
        let waiver = actions::ask(c, act, id, &asked)?;
        Ok(Done::new(
            format!("/ramps/{id}/waivers#waiver-{waiver}"),
            "The waiver is asked for. Nothing is excused until somebody independent grants it.",
        ))
    })
    .await;
    again(&req, id, (None, fields), answer).await
}

async fn decide(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, waiver) = path.into_inner();
    let typed = of_one(&fields, waiver);
    let sent = typed.clone();
    let answer = submit(&req, &fields, move |c, act| {
        let decision = Decision::parse(&sent, act.now.day())?;
        let state = actions::decide(c, act, id, waiver, &decision)?;
        let words = match state {
            WaiverState::Refused => "The waiver is refused. It stays on record.",
            _ => "The waiver is granted.",
        };
        Ok(Done::new(
            format!("/ramps/{id}/waivers#waiver-{waiver}"),
            words,
        ))
    })
    .await;
    again(&req, id, (Some(waiver), typed), answer).await
}

async fn revoke(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, waiver) = path.into_inner();
    let typed = of_one(&fields, waiver);
    let reason = Note::required(
        typed.get("reason"),
        "Say why. It stays on record beside the waiver.",
    );
    let answer = submit(&req, &fields, move |c, act| {
        let reason = reason.map_err(|sentence| Error::field("reason", sentence))?;
        actions::revoke(c, act, id, waiver, &reason)?;
        Ok(Done::new(
            format!("/ramps/{id}/waivers#waiver-{waiver}"),
            "The waiver is revoked: what it excused is asked for again.",
        ))
    })
    .await;
    again(&req, id, (Some(waiver), typed), answer).await
}

/// What the form of one waiver among many says: its fields end with the waiver's row.
fn of_one(fields: &Fields, id: i64) -> Fields {
    let end = format!("-{id}");
    let own = fields
        .with_prefix("")
        .filter_map(|(name, value)| Some((name.strip_suffix(&end)?, value)));
    Fields::of(&own.collect::<Vec<_>>())
}

async fn again(
    req: &HttpRequest,
    ramp_id: i64,
    (of, fields): (Option<i64>, Fields),
    answer: Result<HttpResponse>,
) -> Result<HttpResponse> {
    let (errors, overtaken) = match answer {
        Err(Error::Invalid(errors)) => (errors, false),
        Err(Error::Conflict(sentence)) => (FieldErrors::one("", sentence), true),
        other => return other,
    };
    let returned = Returned {
        of,
        fields,
        errors,
        overtaken,
    };
    show(req, ramp_id, returned).await
}

async fn show(req: &HttpRequest, ramp_id: i64, returned: Returned) -> Result<HttpResponse> {
    let status = if returned.overtaken {
        StatusCode::CONFLICT
    } else {
        form_status(&returned.errors)
    };
    let (page, template) =
        old_read(req, move |c, context| load(c, context, ramp_id, &returned)).await?;
    let heading = format!("Waivers: {}, {}", template.mentee, template.area);
    let page = Page {
        has_errors: !template.errors.is_empty(),
        ..page.titled("people", heading)
    };
    html_with(status, &ListPage { page, ..template })
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    ramp_id: i64,
    returned: &Returned,
) -> Result<ListPage> {
    let all = store::of_ramp(c, ramp_id)?;
    let named: Vec<i64> = all
        .iter()
        .flat_map(|w| [Some(w.asked_by), w.decided_by, w.revoked_by])
        .flatten()
        .collect();
    let d = Dossier::load_with(c, ramp_id, &context.actor, &named, context.now)?;
    let who = (&context.actor, context.now.day());
    let decides = permit_independent(c, who, &d, Exception::Waiver);
    let asks = actions::may_ask(&d, &context.actor);
    // A form that cannot be accepted comes back only to whoever may send it.
    if !returned.errors.is_empty() && !returned.overtaken {
        match returned.of {
            None => asks.as_ref().map(|_| ()).map_err(said_again)?,
            Some(_) => decides.as_ref().map(|_| ()).map_err(said_again)?,
        }
    }
    let stands = actions::movable(&d).err().map(|e| e.to_string());
    let moves = stands.is_none();
    let (mut pending, mut active, mut over) = (Vec::new(), Vec::new(), Vec::new());
    for waiver in &all {
        let typed = (returned.of == Some(waiver.id)).then_some(&returned.fields);
        let may = moves && decides.is_ok();
        let view = WaiverView::of(waiver, &d, &context.local, may, typed);
        match crate::domain::waiver::state(waiver, context.now.day()) {
            WaiverState::Pending => pending.push(view),
            WaiverState::Active => active.push(view),
            WaiverState::Expired | WaiverState::Revoked | WaiverState::Refused => over.push(view),
        }
    }
    let form = (moves && asks.is_ok()).then(|| ask_form(&d, context, returned));
    let has_form = match returned.of {
        None => form.is_some(),
        Some(id) => pending
            .iter()
            .chain(&active)
            .any(|w| w.id == id && (w.may_decide || w.may_revoke)),
    };
    Ok(ListPage {
        page: Page::signed_out(""),
        ramp_id,
        mentee: d.mentee().name.to_owned(),
        area: d.area.name.clone(),
        owner_team: d.area.owner_team.clone(),
        written: ["reason", "note"]
            .map(|name| returned.fields.get(name).to_owned())
            .into_iter()
            .filter(|text| !has_form && !text.trim().is_empty())
            .collect(),
        pending,
        active,
        over,
        form,
        not_yours: asks.err().map(|e| e.to_string()).unwrap_or_default(),
        stands: stands.unwrap_or_default(),
        errors: errors_of(&returned.errors, returned.of),
    })
}

/// A refusal that was asked for before it was needed.
fn said_again(refusal: &Error) -> Error {
    match refusal {
        Error::SignedOut => Error::SignedOut,
        other => Error::Forbidden(other.to_string()),
    }
}

fn ask_form(d: &Dossier, context: &ReadContext, returned: &Returned) -> AskForm {
    let (fields, today) = (&returned.fields, context.now.day());
    let typed = |name: &str| match returned.of {
        None => fields.get(name).to_owned(),
        Some(_) => String::new(),
    };
    let chosen = parse_excused(&typed("subject"));
    let content = &d.standard.content;
    let choice = |excused: &Excused| {
        Choice::new(
            word(excused),
            label(excused, content),
            chosen.as_ref() == Some(excused),
        )
    };
    let (gates, items): (Vec<_>, Vec<_>) = waivable(content, &d.readiness)
        .into_iter()
        .partition(|excused| matches!(excused, Excused::Gate(_)));
    AskForm {
        items: items.iter().map(choice).collect(),
        gates: gates.iter().map(choice).collect(),
        ends_on: typed("ends_on"),
        latest: context.local.day(today.plus_days(MOST_DAYS)).text,
        reason: typed("reason"),
    }
}

/// The sentences at the fields of one waiver among many.
fn errors_of(errors: &FieldErrors, id: Option<i64>) -> Errors {
    let mut named = Errors::default();
    for (field, sentence) in errors.iter() {
        match id {
            Some(id) if !field.is_empty() => named.add(format!("{field}-{id}"), sentence),
            _ => named.add(field, sentence),
        }
    }
    named
}
