//! The page of a sign-off: what it rests on, whose key is due, what it would change, what is asked and answered.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance;
use crate::domain::clearance::ClearanceKind;
use crate::domain::clearance::effect::EffectView;
use crate::domain::signoff::edition::Edition;
use crate::domain::signoff::point::PointKind;
use crate::domain::signoff::record::Record;
use crate::domain::signoff::store;
use crate::domain::signoff::{SignoffState, latest_end, may_request, point, usual_end};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::request::old_read;
use crate::pages::signoff::key_panel::{KeyPanel, granting};
pub(crate) use crate::pages::signoff::view::{Chip, PointView, RecordView};
use crate::usecases::dossier::Dossier;
use crate::usecases::signoff::record::Discussion;
use crate::usecases::signoff::signatories::Signatories;
use crate::web::{Errors, Fields, Page, form_status, html_with};

/// Which form of the page was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A key, or the return instead of one.
    Key,
    Withdraw,
    Question,
    Answer,
}

/// A form that came back, and why: it cannot be accepted, or somebody else was first.
pub(crate) struct Returned {
    pub form: Form,
    pub fields: Fields,
    pub errors: FieldErrors,
    pub overtaken: bool,
}

/// What was typed into the forms of the page.
struct Typed {
    recommendation: String,
    decision: String,
    note: String,
    gaps: String,
    conditions: String,
    ends_on: String,
    reason: String,
    question: String,
}

impl Typed {
    fn of(fields: &Fields, usual_end: String) -> Self {
        let typed = |name: &str| fields.get(name).to_owned();
        Self {
            recommendation: typed("recommendation"),
            decision: typed("decision"),
            note: typed("note"),
            gaps: typed("gaps"),
            conditions: typed("conditions"),
            ends_on: if fields.has("ends_on") {
                typed("ends_on")
            } else {
                usual_end
            },
            reason: typed("reason"),
            question: typed("question"),
        }
    }
}

/// What the viewer may do beside the keys.
struct May {
    withdraw: bool,
    ask: bool,
    answer: bool,
}

#[derive(Template)]
#[template(path = "signoff/show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    typed: Typed,
    /// What was typed into a form that the page has no more.
    written: Vec<(&'static str, String)>,
    id: i64,
    ramp_id: i64,
    chip: Chip,
    is_open: bool,
    /// What the forms of the keys say that they were sent from.
    edition: String,
    is_frozen: bool,
    record: RecordView,
    desk: Option<KeyPanel>,
    may: May,
    /// What granting would do to the cover; only while it is open.
    effect: Option<EffectView>,
    is_cleared_now: bool,
    cleared_before: bool,
    clearance_id: Option<i64>,
    /// Conditions of the clearance, as they stand now.
    conditions: Vec<PointView>,
    conditions_open: usize,
    latest_end: String,
    validity: String,
}

pub(crate) async fn show(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let fresh = Returned {
        form: Form::Key,
        fields: Fields::default(),
        errors: FieldErrors::default(),
        overtaken: false,
    };
    show_with(&req, id.into_inner(), fresh).await
}

/// The page with what was typed into one of its forms.
pub(crate) async fn show_with(
    req: &HttpRequest,
    id: i64,
    returned: Returned,
) -> Result<HttpResponse> {
    let status = if returned.overtaken {
        StatusCode::CONFLICT
    } else {
        form_status(&returned.errors)
    };
    let (page, template) =
        old_read(req, move |c, context| load_show(c, context, id, returned)).await?;
    let heading = format!("{}, {}", template.record.mentee, template.record.area);
    let page = Page {
        has_errors: !template.errors.is_empty(),
        ..page.titled("home", heading)
    };
    html_with(status, &ShowPage { page, ..template })
}

fn load_show(c: &mut Conn, context: &ReadContext, id: i64, returned: Returned) -> Result<ShowPage> {
    let signoff = store::by_id(c, id)?;
    let (today, actor) = (context.now.day(), &context.actor);
    let conditions = match signoff.state {
        SignoffState::Granted => point::store::of_signoffs(c, PointKind::Condition, &[id])?,
        _ => Vec::new(),
    };
    let closers: Vec<i64> = conditions.iter().filter_map(|p| p.closed_by).collect();
    let circle = Signatories::load(c, &[signoff.ramp_id], &closers, today)?;
    let (ramp, area, parties) = circle.ramp(signoff.ramp_id)?;
    if !parties.may_read(actor) {
        return Err(Error::Forbidden(format!(
            "This sign-off is open to {}, their mentors and leads, and the qualifiers of {}.",
            circle.name(ramp.mentee_id),
            area.name
        )));
    }
    let mut record = match &signoff.record {
        Some(json) => Record::thaw(json)?,
        None => {
            let dossier = Dossier::load_for(c, ramp.id, actor, context.now)?;
            Record::draw(&dossier, &signoff, &Discussion::load(c, id)?, |_| None)?
        }
    };
    if signoff.state == SignoffState::Withdrawn {
        // Nobody decided on it: what one side cannot see yet on the ramp does not show here either.
        let dossier = Dossier::load_for(c, ramp.id, actor, context.now)?;
        for sealed in dossier.sealed_from(actor) {
            record.seal(&sealed.code, sealed.stream);
        }
    }
    let desk = KeyPanel::of(&circle, &signoff, actor)?;
    let is_open = signoff.state.due().is_some();
    let may = May {
        withdraw: is_open && may_request(parties, actor),
        ask: is_open,
        answer: is_open && parties.concerns(actor),
    };
    refuse_others(&returned, desk.as_ref(), &may)?;
    let mut held = clearance::store::of_person(c, ramp.mentee_id)?;
    held.retain(|clearance| clearance.area_id == area.id);
    let Returned { fields, errors, .. } = returned;
    Ok(ShowPage {
        page: Page::signed_out(""),
        written: written(&fields, desk.as_ref(), &may),
        typed: Typed::of(&fields, usual_end(today, area.validity_months).to_string()),
        id,
        ramp_id: ramp.id,
        chip: Chip::of(signoff.state),
        is_open,
        edition: Edition::of(&record)?.to_string(),
        is_frozen: signoff.record.is_some(),
        record: RecordView::of(&record, &context.local, &fields),
        desk,
        may,
        effect: if is_open {
            Some(granting(&circle, &signoff, &context.local)?)
        } else {
            None
        },
        is_cleared_now: circle.is_cleared(ramp.mentee_id, area.id),
        cleared_before: held
            .iter()
            .filter(|clearance| clearance.kind == ClearanceKind::Full)
            .any(|clearance| clearance.granted_at < signoff.requested_at),
        clearance_id: held
            .iter()
            .find(|clearance| clearance.signoff_id == Some(id))
            .map(|clearance| clearance.id),
        conditions_open: conditions.iter().filter(|p| p.is_open()).count(),
        conditions: conditions
            .iter()
            .map(|p| PointView::of(p, |id| circle.name(id), &context.local))
            .collect(),
        latest_end: context
            .local
            .day(latest_end(today, area.validity_months))
            .text,
        validity: match area.validity_months {
            1 => "1 month".into(),
            n => format!("{n} months"),
        },
        errors,
    })
}

/// A form that cannot be accepted comes back only to whoever may send it. Whoever was overtaken might have.
fn refuse_others(returned: &Returned, desk: Option<&KeyPanel>, may: &May) -> Result<()> {
    let refusal = match (returned.form, desk) {
        _ if returned.errors.is_empty() || returned.overtaken => return Ok(()),
        (Form::Key, Some(desk)) => desk.why_not.as_str(),
        (Form::Withdraw, Some(_)) if !may.withdraw => {
            "A sign-off is withdrawn by those who ask for it: the mentee or a mentor of the ramp."
        }
        (Form::Answer, Some(_)) if !may.answer => {
            "Questions are answered by those whom the ramp concerns."
        }
        _ => "",
    };
    if refusal.is_empty() {
        Ok(())
    } else {
        Err(Error::Forbidden(refusal.to_owned()))
    }
}

/// What was typed into a form that the page has no more.
fn written(fields: &Fields, desk: Option<&KeyPanel>, may: &May) -> Vec<(&'static str, String)> {
    let (first, second) = desk.map_or((false, false), |desk| (desk.first, desk.second));
    let forms = [
        ("Your recommendation", "recommendation", first),
        ("Your reasons, or note", "note", first || second),
        ("Your gaps", "gaps", first || second),
        ("Your conditions", "conditions", second),
        ("Your reason", "reason", may.withdraw),
        ("Your question", "question", may.ask),
    ];
    let lost = forms
        .into_iter()
        .filter(|(_, _, has_form)| !has_form)
        .map(|(label, name, _)| (label, fields.get(name)));
    let answers = fields
        .with_prefix("answer-")
        .filter(|_| !may.answer)
        .map(|(_, text)| ("Your answer", text));
    lost.chain(answers)
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(label, text)| (label, text.to_owned()))
        .collect()
}
