//! The page of a ramp's waivers, with a form to ask for one, and the forms of each.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::audit::Act;
use crate::domain::auth::context::ReadContext;
use crate::domain::readiness::Excused;
use crate::domain::signoff::Note;
use crate::domain::signoff::independent::Exception;
use crate::domain::waiver::{
    MAX_DAYS, WaiverState, label, parse_excused, state, store, waivable, word,
};
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow, errors_of_row};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::pages::waiver::list_view::WaiverView;
use crate::usecases::dossier::Dossier;
use crate::usecases::signoff::actions::permit_independent;
use crate::usecases::waiver::actions;
use crate::usecases::waiver::actions::{Decision, WaiverRequest};
use crate::web::table::Files;
use crate::web::{Done, Errors, Fields, Page};

struct AskForm {
    items: Vec<Choice>,
    gates: Vec<Choice>,
    ends_on: String,
    latest: String,
    reason: String,
}

impl AskForm {
    fn has_choices(&self) -> bool {
        !self.items.is_empty() || !self.gates.is_empty()
    }
}

#[derive(Template)]
#[template(path = "waiver/list.html")]
struct ListPage {
    page: Page,
    errors: Errors,
    ramp_id: i64,
    files: Files,
    mentee: String,
    area: String,
    owner_team: String,
    pending: Vec<WaiverView>,
    active: Vec<WaiverView>,
    over: Vec<WaiverView>,
    /// For those who may ask, while waivers move.
    form: Option<AskForm>,
    /// Why the viewer does not ask.
    not_yours: String,
    /// Why waivers do not move now; empty when they do.
    blocked: String,
    /// What was typed into a form that the page no longer has.
    written: Vec<String>,
}

/// The waivers of a ramp; a link may say what is to be waived.
pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let asked = Form::asked(&req)?.fields;
    let subject = Fields::of(&[("subject", asked.get("subject"))]);
    show(&req, *id, None, Form::filled(subject)).await
}

pub(crate) async fn ask(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, typed) = (*id, fields.clone());
    submit(&req, &fields, move |c, act| {
        let asked = WaiverRequest::parse(&typed, act.now.day())?;
        let waiver = actions::ask(c, act, id, &asked)?;
        Ok(Done::new(
            format!("/ramps/{id}/waivers#waiver-{waiver}"),
            "The waiver is asked for. Nothing is excused until someone independent grants it.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, None, form).await)
    .await
}

pub(crate) async fn decide(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    change(req, path, fields, |c, act, (id, waiver), typed| {
        let decision = Decision::parse(typed, act.now.day())?;
        Ok(match actions::decide(c, act, id, waiver, &decision)? {
            WaiverState::Refused => "The waiver is refused. It stays on record.",
            _ => "The waiver is granted.",
        })
    })
    .await
}

pub(crate) async fn revoke(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    change(req, path, fields, |c, act, (id, waiver), typed| {
        let missing = "Say why. It stays on record with the waiver.";
        let reason = Note::required(typed.get("reason"), missing);
        let reason = reason.map_err(|sentence| Error::field("reason", sentence))?;
        actions::revoke(c, act, id, waiver, &reason)?;
        Ok("The waiver is revoked: what it excused is asked for again.")
    })
    .await
}

/// Does something with one waiver of the ramp; or shows its form again.
async fn change<F>(
    req: HttpRequest,
    path: web::Path<(i64, i64)>,
    fields: Fields,
    f: F,
) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &Act, (i64, i64), &Fields) -> Result<&'static str> + Send + 'static,
{
    let (id, waiver) = path.into_inner();
    let typed = of_row(&fields, waiver);
    let sent = typed.clone();
    submit(&req, &fields, move |c, act| {
        let said = f(c, act, (id, waiver), &sent)?;
        Ok(Done::new(
            format!("/ramps/{id}/waivers#waiver-{waiver}"),
            said,
        ))
    })
    .await
    .or_show(typed, async |form| show(&req, id, Some(waiver), form).await)
    .await
}

/// What the form of one waiver among many says: its fields end with the waiver's row.
fn of_row(fields: &Fields, row: i64) -> Fields {
    let end = format!("-{row}");
    let own = fields
        .with_prefix("")
        .filter_map(|(name, value)| Some((name.strip_suffix(&end)?, value)));
    Fields::of(&own.collect::<Vec<_>>())
}

/// Shows the page with the form of one waiver, or the one that asks for another.
async fn show(
    req: &HttpRequest,
    ramp_id: i64,
    of: Option<i64>,
    form: Form,
) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        load(c, context, page, ramp_id, (of, form))
    })
    .await
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    ramp_id: i64,
    (of, form): (Option<i64>, Form),
) -> Result<ListPage> {
    let all = store::of_ramp(c, ramp_id)?;
    let named: Vec<i64> = all
        .iter()
        .flat_map(|w| [Some(w.asked_by), w.decided_by, w.revoked_by])
        .flatten()
        .collect();
    let d = Dossier::load_with(c, ramp_id, &context.actor, &named, context.now)?;
    let (mentee, area, today) = (d.mentee().name, &d.area, context.now.day());
    let decides = permit_independent(c, (&context.actor, today), &d, Exception::Waiver);
    let asks = actions::may_ask(&d, &context.actor);
    // A form that cannot be accepted comes back only to those who may send it.
    if form.typed().is_some() && !form.is_overtaken() {
        match of {
            None => asks.as_ref().map(|_| ()).map_err(said_again)?,
            Some(_) => decides.as_ref().map(|_| ()).map_err(said_again)?,
        }
    }
    let blocked = actions::movable(&d).err().map(|e| e.to_string());
    let moves = blocked.is_none();
    let may = moves && decides.is_ok();
    let (mut pending, mut active, mut over) = (Vec::new(), Vec::new(), Vec::new());
    for waiver in &all {
        let typed = match of == Some(waiver.id) {
            true => form.fields.clone(),
            false => Fields::default(),
        };
        let view = WaiverView::of(waiver, &d, &context.local, may, typed);
        match state(waiver, today) {
            WaiverState::Pending => pending.push(view),
            WaiverState::Active => active.push(view),
            WaiverState::Expired | WaiverState::Revoked | WaiverState::Refused => over.push(view),
        }
    }
    let asking = match of {
        None => form.fields.clone(),
        Some(_) => Fields::default(),
    };
    let ask_form = (moves && asks.is_ok()).then(|| ask_form(&d, context, &asking));
    let has_form = match of {
        None => ask_form.as_ref().is_some_and(AskForm::has_choices),
        Some(id) => pending.iter().chain(&active).any(|w| {
            w.id == id
                && if form.fields.has("decision") {
                    w.may_decide
                } else {
                    w.may_revoke
                }
        }),
    };
    let lost = form.typed().filter(|_| !has_form);
    let written = ["reason", "note"].map(|name| lost.map_or("", |fields| fields.get(name)));
    Ok(ListPage {
        page: page.titled("ramps", format!("Waivers: {mentee}, {}", area.name)),
        ramp_id,
        files: Files::of(&format!("/ramps/{ramp_id}/waivers"), &Fields::default()),
        mentee: mentee.to_owned(),
        area: area.name.clone(),
        owner_team: area.owner_team.clone(),
        written: written
            .into_iter()
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
            .collect(),
        pending,
        active,
        over,
        form: ask_form,
        not_yours: asks.err().map(|e| e.to_string()).unwrap_or_default(),
        blocked: blocked.unwrap_or_default(),
        errors: errors_of_row(&form.errors, of),
    })
}

/// A refusal that was asked for before it was needed.
fn said_again(refusal: &Error) -> Error {
    match refusal {
        Error::SignedOut => Error::SignedOut,
        other => Error::Forbidden(other.to_string()),
    }
}

fn ask_form(d: &Dossier, context: &ReadContext, typed: &Fields) -> AskForm {
    let chosen = parse_excused(typed.get("subject"));
    let content = &d.standard.content;
    let choice = |excused: &Excused| {
        let is_chosen = chosen.as_ref() == Some(excused);
        Choice::new(word(excused), label(excused, content), is_chosen)
    };
    let (gates, items): (Vec<_>, Vec<_>) =
        waivable(content, &d.readiness, (&d.waivers, context.now.day()))
            .into_iter()
            .partition(|excused| matches!(excused, Excused::Gate(_)));
    let latest = context.now.day().plus_days(MAX_DAYS);
    AskForm {
        items: items.iter().map(choice).collect(),
        gates: gates.iter().map(choice).collect(),
        ends_on: typed.get("ends_on").to_owned(),
        latest: context.local.day(latest).text,
        reason: typed.get("reason").to_owned(),
    }
}
