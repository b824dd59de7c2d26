//! The page on which a finding is accepted.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::change;
use crate::db::types::UtcTime;
use crate::domain::area::model::Area;
use crate::domain::people::store::name_of;
use crate::domain::rota::finding::{Identity, Kind, Who};
use crate::domain::rota::form::{MOST_DAYS, acceptance};
use crate::error::{Error, Result};
use crate::pages::form::Form;
use crate::time::TimeText;
use crate::usecases::area::actions::area_to_change;
use crate::usecases::rota::actions;
use crate::web::{Errors, Fields, Page};

#[derive(Template)]
#[template(path = "rota/finding.html")]
struct FindingPage {
    page: Page,
    errors: Errors,
    area: Area,
    who: String,
    kind: &'static str,
    shift: String,
    name: String,
    word: &'static str,
    sentence: String,
    when: Option<(TimeText, TimeText)>,
    /// By whom, until when and why it is accepted.
    accepted: Option<(String, TimeText, String)>,
    reason: String,
    until_on: String,
    latest: String,
}

/// Which finding the address or the form names.
fn identity(fields: &Fields) -> Result<Identity> {
    let read = || {
        let at = fields.get("shift").parse::<jiff::Timestamp>().ok()?;
        Some(Identity {
            at: UtcTime::from(at),
            who: Who::parse(fields.get("who"))?,
            kind: Kind::parse(fields.get("kind"))?,
        })
    };
    read().ok_or(Error::NotFound("finding"))
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    let form = Form::asked(&req)?;
    show(&req, slug.into_inner(), form).await
}

async fn show(req: &HttpRequest, slug: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let (now, local) = (context.now, &context.local);
        area_to_change(c, &context.actor, &slug)?;
        let of = identity(&form.fields)?;
        let who = (&context.actor, now);
        let (area, (finding, accepted)) = actions::finding(c, who, &slug, &of)?;
        let accepted = match accepted {
            Some(one) => {
                let by = name_of(c, Some(one.by_id))?;
                Some((by, local.day(one.until_on), one.reason))
            }
            None => None,
        };
        let when = finding.ends_at;
        Ok(FindingPage {
            page: page.titled("areas", format!("Accept a finding in {}", area.name)),
            who: of.who.word(),
            kind: of.kind.word(),
            shift: of.at.iso_micros(),
            word: of.kind.label(),
            sentence: finding.sentence(),
            name: finding.name,
            when: when.map(|to| (local.moment(of.at), local.moment(to))),
            accepted,
            reason: form.fields.get("reason").to_owned(),
            until_on: form.fields.get("until_on").to_owned(),
            latest: local.day(now.day().plus_days(MOST_DAYS)).text,
            errors: form.errors,
            area,
        })
    })
    .await
}

pub(crate) async fn accept(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let show = async |slug, form| show(&req, slug, form).await;
    change(
        &req,
        (slug.into_inner(), fields),
        show,
        |c, act, slug, typed| {
            area_to_change(c, &act.actor, slug)?;
            let of = identity(typed)?;
            let (reason, until_on) = acceptance(typed, act.now.day())?;
            actions::accept(c, act, slug, &of, (&reason, until_on))?;
            Ok("The finding is accepted. It stays on this page.".into())
        },
    )
    .await
}
