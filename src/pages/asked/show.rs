//! One request for an observation: its form for the person who was asked, its answer for everyone who reads the ramp.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::asked::{Answer, Seen, State};
use crate::domain::auth::context::ReadContext;
use crate::domain::standard::Level;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::time::TimeText;
use crate::usecases::asked::actions;
use crate::usecases::asked::detail::AskedDetail;
use crate::web::{Done, Errors, Fields, Page};
use crate::words::Words;

/// What was said.
struct Said {
    seen: &'static str,
    strength: &'static str,
    help: u8,
    word: &'static str,
}

#[derive(Template)]
#[template(path = "asked/show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    id: i64,
    mentee: String,
    area: String,
    code: String,
    statement: String,
    /// The ramp, for those who may read it.
    ramp_id: Option<i64>,
    who: String,
    state: &'static str,
    is_open: bool,
    worked_on: TimeText,
    work: String,
    asked_at: TimeText,
    expires_at: TimeText,
    closed_at: Option<TimeText>,
    said: Option<Said>,
    /// What they saw, or why they declined.
    words: String,
    /// The viewer may answer.
    may_answer: bool,
    /// Why the person who was asked cannot answer an open one.
    why_not: String,
    seen: Vec<Choice>,
    help: Vec<Choice>,
    /// What was typed, also when it cannot be sent any more.
    typed: String,
    typed_why: String,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show(&req, row_of(&path)?, Form::default()).await
}

fn row_of(path: &str) -> Result<i64> {
    path.parse().map_err(|_| Error::NotFound("observation"))
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let detail = AskedDetail::load_for(c, id, &context.actor, context.now)?;
        Ok(view(&detail, context, page, form))
    })
    .await
}

fn view(detail: &AskedDetail, context: &ReadContext, page: Page, form: Form) -> ShowPage {
    let (asked, dossier, local) = (&detail.asked, &detail.dossier, &context.local);
    let may = detail.may_answer(&context.actor, context.now);
    let is_open = detail.state(context.now) == State::Open;
    let fields = &form.fields;
    let code = asked.competency_code.clone();
    let said = asked.seen.zip(asked.help_level).map(|(seen, help)| Said {
        seen: match seen {
            Seen::There => "Was there and saw it",
            Seen::Told => "Was told about it afterwards",
        },
        strength: seen.strength().label(),
        help: help.number(),
        word: help.label(),
    });
    ShowPage {
        page: page.titled("ramps", format!("Observation of {code}")),
        id: asked.id,
        mentee: dossier.mentee().name.to_owned(),
        area: dossier.area.name.clone(),
        statement: detail
            .competency()
            .map_or_else(|| code.clone(), |competency| competency.statement.clone()),
        ramp_id: dossier
            .parties
            .may_read(&context.actor)
            .then_some(dossier.ramp.id),
        who: dossier.person(asked.asked_id).name.to_owned(),
        state: detail.state(context.now).label(),
        is_open,
        worked_on: local.day(asked.worked_on),
        work: asked.work.clone(),
        asked_at: local.moment(asked.asked_at),
        expires_at: local.moment(asked.expires_at),
        closed_at: asked.closed_at.map(|at| local.moment(at)),
        said,
        words: asked.words.clone(),
        may_answer: may.is_ok(),
        why_not: match may {
            Err(Error::Forbidden(why) | Error::Conflict(why))
                if is_open && context.actor.is(asked.asked_id) =>
            {
                why
            }
            _ => String::new(),
        },
        seen: Seen::ALL
            .iter()
            .map(|s| Choice::new(s.word(), s.label(), fields.get("seen") == s.word()))
            .collect(),
        help: Level::ALL
            .iter()
            .map(|level| {
                let number = level.number();
                Choice::new(
                    number,
                    level.label(),
                    fields.get("help") == number.to_string(),
                )
            })
            .collect(),
        typed: fields.get("words").to_owned(),
        typed_why: fields.get("why").to_owned(),
        errors: form.errors,
        code,
    }
}

pub(crate) async fn answer(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, typed) = (row_of(&path)?, fields.clone());
    submit(&req, &fields, move |c, act| {
        actions::answer(c, act, id, parse(&typed))?;
        Ok(Done::new(
            format!("/observations/{id}"),
            "Thank you. Your observation can back an assessment now.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}

pub(crate) async fn decline(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, typed) = (row_of(&path)?, fields.clone());
    submit(&req, &fields, move |c, act| {
        let why = Words::required(typed.get("why"), "Say in a few words why you decline.")
            .map_err(|sentence| Error::field("why", sentence));
        actions::decline(c, act, id, why)?;
        Ok(Done::new(
            format!("/observations/{id}"),
            "Declined. The mentee reads why.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}

fn parse(fields: &Fields) -> Result<Answer> {
    let mut errors = FieldErrors::default();
    let seen = Seen::parse(fields.get("seen"));
    if seen.is_none() {
        errors.add("seen", "Say how you know of it.");
    }
    let help = fields.trimmed("help").parse().ok().and_then(Level::new);
    if help.is_none() {
        errors.add("help", "Choose how much help it needed.");
    }
    let words = Words::required(fields.get("words"), "Say in a sentence what you saw.")
        .map_err(|sentence| errors.add("words", sentence));
    match (seen, help, words) {
        (Some(seen), Some(help), Ok(words)) => Ok(Answer { seen, help, words }),
        _ => Err(Error::Invalid(errors)),
    }
}
