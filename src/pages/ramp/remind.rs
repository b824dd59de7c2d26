//! The page on which a lead reminds the mentors of ramps.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::ramp::model::Ramp;
use crate::domain::ramp::work::may_remind;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::usecases::home::mine::Mine;
use crate::usecases::ramp::remind::{MOST, Nudge, permit_any, remind};
use crate::usecases::register::store::HOME_LIMIT;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "ramp/remind.html")]
struct RemindPage {
    page: Page,
    errors: Errors,
    ramps: Vec<Choice>,
    words: String,
}

/// The ramp of one line: whose, who mentors it, and what is wrong with it.
fn label(mine: &Mine, ramp: &Ramp, is_late: bool, is_stale: bool) -> String {
    let names = mine.register.mentor_names(ramp.id).join(", ");
    let mut label = format!("{}: {names}", mine.title(ramp));
    if is_late {
        label.push_str("; target is past");
    }
    if is_stale {
        label.push_str("; stale pairing");
    }
    label
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, form: Form) -> Result<RemindPage> {
    permit_any(&context.actor)?;
    let mine = Mine::load(c, context, HOME_LIMIT.into())?;
    let was_sent = form.fields.has("form_key");
    let chosen: Vec<i64> = chosen(&form.fields);
    // No more are chosen than may be sent.
    let mut proposed = 0;
    let led = mine.led().into_iter().filter(|ramp| {
        let parties = mine.register.parties(ramp);
        may_remind(&parties, ramp.state, &context.actor).is_ok()
    });
    Ok(RemindPage {
        ramps: led
            .map(|ramp| {
                let is_late = ramp.is_late(mine.register.today());
                let is_stale = mine.stale_since(ramp).is_some();
                let is_chosen = match was_sent {
                    true => chosen.contains(&ramp.id),
                    false => (is_late || is_stale) && proposed < MOST,
                };
                proposed += usize::from(is_chosen);
                let label = label(&mine, ramp, is_late, is_stale);
                Choice::new(ramp.id, label, is_chosen)
            })
            .collect(),
        page: page.titled("ramps", "Remind mentors"),
        words: form.fields.get("words").to_owned(),
        errors: form.errors,
    })
}

fn chosen(fields: &Fields) -> Vec<i64> {
    fields
        .all("ramp")
        .filter_map(|id| id.parse().ok())
        .collect()
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    Form::asked(&req)?.show(&req, load).await
}

pub(crate) async fn send(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let words = Nudge::parse(typed.get("words")).map_err(|why| Error::field("words", why))?;
        let flash = match remind(c, act, &chosen(&typed), &words)? {
            1 => "The mentors of 1 ramp are reminded.".to_owned(),
            n => format!("The mentors of {n} ramps are reminded."),
        };
        Ok(Done::new("/", flash))
    })
    .await
    .or_show(fields, async |form| form.show(&req, load).await)
    .await
}
