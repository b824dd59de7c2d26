//! The frozen record of a decided sign-off, to print or to keep: what was known, by which rules, and the two names.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::signoff::record::{Attestation, Record};
use crate::domain::signoff::{SignoffState, store};
use crate::error::{Error, Result};
use crate::pages::request::show;
use crate::pages::signoff::view::{RecordView, badge};
use crate::pages::status::StatusBadge;
use crate::time::LocalTime;
use crate::usecases::dossier::Dossier;
use crate::usecases::signoff::signatories::Signatories;
use crate::web::{Fields, Page};

/// Someone who signed, or asked.
struct Signed {
    what: &'static str,
    name: String,
    when: String,
    note: String,
}

impl Signed {
    fn of(what: &'static str, by: &Attestation, local: &LocalTime) -> Self {
        Self {
            what,
            name: by.who.name.clone(),
            when: local.moment(by.at.0).text,
            note: by.note.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "signoff/record.html")]
struct RecordPage {
    page: Page,
    id: i64,
    badge: StatusBadge,
    record: RecordView,
    signed: Vec<Signed>,
    /// Until when it granted the clearance.
    ends_on: Option<String>,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, move |c, context, page| load(c, context, page, *id)).await
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, id: i64) -> Result<RecordPage> {
    let (signoff, local) = (store::by_id(c, id)?, &context.local);
    let signatories = Signatories::load(c, &[signoff.ramp_id], &[], context.now.day())?;
    let (ramp, _, parties) = signatories.ramp(signoff.ramp_id)?;
    if !parties.may_read(&context.actor) {
        return Err(Error::NotFound("sign-off"));
    }
    let json = signoff.record.as_deref();
    let mut record = Record::thaw(json.ok_or(Error::NotFound("record of this sign-off"))?)?;
    if signoff.state == SignoffState::Withdrawn {
        // Nobody decided on it: what one side cannot see yet on the ramp does not show here either.
        let dossier = Dossier::load_for(c, ramp.id, &context.actor, context.now)?;
        for sealed in dossier.sealed_from(&context.actor) {
            record.seal(&sealed.code, sealed.stream);
        }
    }
    let decision = match signoff.state {
        SignoffState::Granted => "Second key",
        SignoffState::Returned => "Returned by",
        _ => "Withdrawn by",
    };
    let mut signed = vec![Signed::of("Asked for by", &record.request, local)];
    signed.extend(
        record
            .first_key
            .as_ref()
            .map(|by| Signed::of("First key", by, local)),
    );
    let verdict = record.verdict.as_ref();
    signed.extend(verdict.map(|v| Signed::of(decision, &v.attestation, local)));
    let ends_on = verdict
        .and_then(|v| v.ends_on)
        .map(|day| local.until(day.0));
    Ok(RecordPage {
        page: page.titled(
            "home",
            format!("Record: {}, {}", record.mentee.name, record.area),
        ),
        id,
        badge: badge(signoff.state),
        record: RecordView::of(&record, Vec::new(), false, local, &Fields::default()),
        signed,
        ends_on,
    })
}
