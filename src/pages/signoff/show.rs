//! The page of a sign-off: what it rests on, whose key is due, what it would change, what is asked and answered.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::area::validity::Validity;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance;
use crate::domain::clearance::ClearanceKind;
use crate::domain::clearance::effect::EffectView;
use crate::domain::discussion::Place;
use crate::domain::discussion::store::Window;
use crate::domain::signoff::edition::Edition;
use crate::domain::signoff::point::PointKind;
use crate::domain::signoff::record::Record;
use crate::domain::signoff::store;
use crate::domain::signoff::{SignoffState, may_request, point};
use crate::error::{Error, Result};
use crate::pages::form::Form;
use crate::pages::parts::discussion::{ThreadView, render};
use crate::pages::parts::point::Said;
use crate::pages::signoff::key_panel::{KeyPanel, granting};
use crate::pages::signoff::view::{PointView, RecordView, badge};
use crate::pages::status::StatusBadge;
use crate::time::TimeText;
use crate::usecases::dossier::Dossier;
use crate::usecases::signoff::record::Discussion;
use crate::usecases::signoff::signatories::Signatories;
use crate::web::table::Files;
use crate::web::{Errors, Fields, Page, html_with};

/// Which form of the page was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SentForm {
    /// A key, or the return instead of one.
    Key,
    Withdraw,
    Question,
    Answer,
}

/// What was typed into the forms of the page.
#[derive(Default, Deserialize)]
#[serde(default)]
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

/// What the viewer may do beside the keys.
struct May {
    withdraw: bool,
    ask: bool,
    answer: bool,
}

#[derive(Template)]
#[template(path = "signoff/show.html")]
pub(super) struct ShowPage {
    page: Page,
    errors: Errors,
    typed: Typed,
    /// What was typed into a form that the page has no more.
    written: Vec<(&'static str, String)>,
    id: i64,
    ramp_id: i64,
    badge: StatusBadge,
    is_open: bool,
    /// What the forms of the keys say that they were sent from.
    edition: String,
    is_frozen: bool,
    pub(super) record: RecordView,
    panel: Option<KeyPanel>,
    /// Who turned the first key and lost the right to it since.
    void_key: Option<String>,
    /// Who turned a key here, or may, and was cleared by the mentee within a year; when; whether they turned one.
    mutual: Vec<(String, TimeText, bool)>,
    may: May,
    /// What granting would do to the cover; only while it is open.
    effect: Option<EffectView>,
    is_cleared_now: bool,
    cleared_before: bool,
    clearance_id: Option<i64>,
    /// Conditions of the clearance, as they stand now.
    conditions: Vec<PointView>,
    conditions_open: usize,
    end_hint: String,
    /// `until 29 Nov 2027`: the day in the field, as the page was made.
    until: String,
    files: Files,
    thread: ThreadView,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, id.into_inner(), SentForm::Key, Form::default()).await
}

/// The page with what was typed into one of its forms.
pub(crate) async fn show(
    req: &HttpRequest,
    id: i64,
    sent: SentForm,
    form: Form,
) -> Result<HttpResponse> {
    let status = form.status();
    let page = form.read(req, move |c, context, page, form| {
        load(c, context, page, (id, sent), form)
    });
    let mut page = page.await?;
    render(req, &mut page.thread).await?;
    html_with(status, &page)
}

pub(super) fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    (id, sent): (i64, SentForm),
    form: Form,
) -> Result<ShowPage> {
    let signoff = store::by_id(c, id)?;
    let (today, actor) = (context.now.day(), &context.actor);
    let conditions = match signoff.state {
        SignoffState::Granted => point::store::of_signoffs(c, PointKind::Condition, &[id])?,
        _ => Vec::new(),
    };
    let closers = conditions.iter().filter_map(|p| p.closed_by);
    let replaced = store::void_keys(c, id)?;
    let named: Vec<i64> = closers
        .chain(signoff.decided_by)
        .chain(replaced.iter().map(|key| key.by_id))
        .collect();
    let signatories = Signatories::load(c, &[signoff.ramp_id], &named, today)?;
    let (ramp, area, parties) = signatories.ramp(signoff.ramp_id)?;
    if !parties.may_read(actor) {
        return Err(Error::NotFound("sign-off"));
    }
    let mut record = match &signoff.record {
        Some(json) => Record::thaw(json)?,
        None => {
            let dossier = Dossier::load_for(c, ramp.id, actor, context.now)?;
            Record::build(&dossier, &signoff, &Discussion::load(c, id)?, |_| None)?
        }
    };
    if signoff.state == SignoffState::Withdrawn {
        // Nobody decided on it: what one side cannot see yet on the ramp does not show here either.
        let dossier = Dossier::load_for(c, ramp.id, actor, context.now)?;
        for sealed in dossier.sealed_from(actor) {
            record.seal(&sealed.code, sealed.stream);
        }
    }
    let place = Place::of_signoff(id, &record.mentee.name, (area.id, &area.name), parties);
    let thread = ThreadView::load(c, context, &place, Window::Newest)?;
    let is_first_key_void = signoff.is_first_key_void(today);
    let panel = KeyPanel::of(&signatories, &signoff, actor)?;
    let is_open = signoff.state.is_open();
    let may = May {
        withdraw: is_open && may_request(parties, actor),
        ask: is_open,
        answer: is_open && parties.concerns(actor),
    };
    refuse_others(sent, &form, panel.as_ref(), &may)?;
    let decided_by = signoff
        .decided_by
        .filter(|_| signoff.state != SignoffState::Withdrawn);
    let signed: Vec<i64> = [signoff.first_key_by, decided_by]
        .into_iter()
        .flatten()
        .collect();
    let mut signers = signed.clone();
    if let Some(key) = signoff.due(today) {
        let holders = signatories.key_holders(ramp.id, key, signoff.first_key_by)?;
        signers.extend(holders.iter().map(|p| p.id));
    }
    let until = signoff.decided_at.unwrap_or(context.now);
    let mutual = store::cleared_by(c, ramp.mentee_id, &signers, until)?
        .into_iter()
        .map(|(person, at)| {
            (
                signatories.name(person).to_owned(),
                context.local.day_of(at),
                signed.contains(&person),
            )
        });
    let mut held = clearance::store::of_person(c, ramp.mentee_id)?;
    held.retain(|clearance| clearance.area_id == area.id);
    let heading = format!("{}, {}", record.mentee.name, record.area);
    let mut typed: Typed = form.fields.texts()?;
    if !form.fields.has("ends_on") {
        let usual = area.validity().usual_end(today);
        typed.ends_on = match usual == Day::NEVER {
            true => String::new(),
            false => usual.to_string(),
        };
    }
    Ok(ShowPage {
        page: page.titled("ramps", heading),
        thread,
        written: written(&form.fields, panel.as_ref(), &may),
        id,
        ramp_id: ramp.id,
        badge: badge(signoff.state),
        is_open,
        edition: form.seen("edition", Edition::of(&record)?),
        is_frozen: signoff.record.is_some(),
        until: context
            .local
            .until(Day::parse(&typed.ends_on).unwrap_or(Day::NEVER)),
        record: RecordView::of(
            &record,
            replaced
                .into_iter()
                .map(|key| Said {
                    name: signatories.name(key.by_id).to_owned(),
                    when: context.local.moment(key.at),
                    note: key.note,
                })
                .collect(),
            is_first_key_void,
            &context.local,
            &form.fields,
        ),
        files: Files::of(&format!("/sign-offs/{id}/gates"), &Fields::default()),
        void_key: signoff
            .first_key_by
            .filter(|_| is_first_key_void)
            .map(|id| signatories.name(id).to_owned()),
        mutual: mutual.collect(),
        panel,
        may,
        effect: if is_open {
            Some(granting(c, &signatories, &signoff, &context.local)?)
        } else {
            None
        },
        is_cleared_now: signatories.is_cleared(ramp.mentee_id, area.id),
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
            .map(|p| PointView::of(p, |id| signatories.name(id), &context.local))
            .collect(),
        end_hint: match area.validity() {
            Validity::Never => "For an approval. Leave it empty for no end date.".into(),
            validity => format!(
                "For an approval. The area gives {}; the latest day is {}.",
                validity.words(),
                context.local.day(validity.latest_end(today)).text
            ),
        },
        errors: form.errors,
        typed,
    })
}

/// A form that cannot be accepted comes back only to a person who may send it. One who was overtaken might have.
fn refuse_others(sent: SentForm, form: &Form, panel: Option<&KeyPanel>, may: &May) -> Result<()> {
    let refusal = match (sent, panel) {
        _ if form.typed().is_none() || form.is_overtaken() => return Ok(()),
        (SentForm::Key, Some(panel)) => panel.why_not.as_str(),
        (SentForm::Withdraw, Some(_)) if !may.withdraw => {
            "Only the mentee or a mentor of the ramp can withdraw a sign-off."
        }
        (SentForm::Answer, Some(_)) if !may.answer => {
            "Only the mentee, their mentors and leads, and the area's qualifiers can answer questions."
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
fn written(fields: &Fields, panel: Option<&KeyPanel>, may: &May) -> Vec<(&'static str, String)> {
    let (first, second) = panel.map_or((false, false), |panel| (panel.first, panel.second));
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
