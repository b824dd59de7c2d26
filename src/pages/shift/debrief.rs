//! The page on which a shift is debriefed, or its debrief is corrected.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::shift::lifecycle::Step;
use crate::domain::shift::model::Alert;
use crate::domain::shift::store;
use crate::domain::shift::{ShiftKind, ShiftState, Verdict};
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::parts::practised::Practised;
use crate::pages::parts::shift::{hours, ledger};
use crate::pages::request::submit;
use crate::pages::shift::view::{AlertLine, Rows};
use crate::pages::shift::{form, row_of};
use crate::usecases::shift::detail::ShiftDetail;
use crate::usecases::shift::ledger::count;
use crate::usecases::shift::{actions, debrief};
use crate::web::{Done, Errors, Fields, Page};

/// A line of the ledger that is looked at.
struct LineView {
    line: AlertLine,
    /// Name of the field, and what can be said of the line.
    name: String,
    verdicts: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "shift/debrief.html")]
struct DebriefPage {
    page: Page,
    errors: Errors,
    id: i64,
    ramp_id: i64,
    may_read_ramp: bool,
    kind: &'static str,
    mentee: String,
    with: String,
    area: String,
    hours: String,
    /// The debrief that is corrected.
    /// The debrief that it corrects, by row; empty for the first one.
    corrects: String,
    /// What another person wrote meanwhile: who and when, what went well, what went badly.
    meanwhile: Option<(String, String, String)>,
    is_correction: bool,
    went_well: String,
    went_badly: String,
    groups: Vec<(&'static str, Vec<Practised>)>,
    /// Nothing on a shadow shift.
    lines: Vec<LineView>,
    ratio: String,
    has_ledger: bool,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show(&req, row_of(&path)?, Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        load(c, context, page, id, form)
    })
    .await
}

/// Filled in with what was typed, or with the debrief that holds.
fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    id: i64,
    form: Form,
) -> Result<DebriefPage> {
    let rows = Rows::load(c, id)?;
    let detail = ShiftDetail::load_for(c, id, &context.actor, &rows.people())?;
    detail.may_debrief(&context.actor)?;
    let wanted = match rows.debriefs.is_empty() {
        true => Step::Debrief,
        false => Step::Correct,
    };
    actions::allow(c, (&context.actor, context.now), &detail, wanted)?;
    let is_correction = detail.shift.state == ShiftState::Debriefed;
    let holds = rows.debriefs.first().filter(|_| is_correction);
    let typed = form.typed();
    let text = |name: &str, held: Option<&String>| match typed {
        Some(fields) => fields.get(name).to_owned(),
        None => held.cloned().unwrap_or_default(),
    };
    let help: HashMap<String, String> = match (typed, holds) {
        (Some(fields), _) => fields
            .with_prefix("help-")
            .map(|(code, help)| (code.to_owned(), help.to_owned()))
            .collect(),
        (None, Some((_, observed))) => observed
            .iter()
            .map(|(code, help)| (code.clone(), help.number().to_string()))
            .collect(),
        (None, None) => HashMap::new(),
    };
    let content = &detail.standard.content;
    let groups = content.groups().into_iter().map(|group| {
        let of_group = content.competencies.iter().filter(|c| c.group == group);
        let practised = of_group.map(|c| {
            let help = help.get(&c.code).map_or("", String::as_str);
            // How far a mentee is stays between them, their mentors and leads: the person on call need not know.
            Practised::of(c, None, help)
        });
        (group.label(), practised.collect())
    });
    let standing = rows.alerts.iter().filter(|a| a.undone_at.is_none());
    let title = match is_correction {
        true => "Correct a debrief",
        false => "Debrief a shift",
    };
    Ok(DebriefPage {
        page: page.titled("ramps", title),
        id: detail.shift.id,
        ramp_id: detail.shift.ramp_id,
        may_read_ramp: detail.parties.may_read(&context.actor),
        kind: detail.shift.kind.label(),
        mentee: detail.mentee().name.to_owned(),
        with: detail.with().name.to_owned(),
        area: detail.area.name.clone(),
        hours: hours(&context.local, detail.shift.starts_at, detail.shift.ends_at),
        corrects: form.seen(
            "corrects",
            holds.map_or(String::new(), |(d, _)| d.id.to_string()),
        ),
        meanwhile: holds.filter(|_| form.is_overtaken()).map(|(d, _)| {
            let when = context.local.moment(d.at).text;
            let who = format!("{}, {when}", detail.person(d.by_id).name);
            (who, d.went_well.clone(), d.went_badly.clone())
        }),
        is_correction,
        went_well: text("went_well", holds.map(|(d, _)| &d.went_well)),
        went_badly: text("went_badly", holds.map(|(d, _)| &d.went_badly)),
        groups: groups.collect(),
        lines: standing.map(|a| line(a, &detail, typed, context)).collect(),
        ratio: ledger(count(&rows.alerts)),
        has_ledger: detail.shift.kind == ShiftKind::ReverseShadow,
        errors: form.errors,
    })
}

/// A line with what was said of it; that it was so, until then.
fn line(alert: &Alert, s: &ShiftDetail, typed: Option<&Fields>, context: &ReadContext) -> LineView {
    let name = format!("line-{}", alert.id);
    let said = typed.and_then(|fields| Verdict::parse(fields.get(&name)));
    let said = said.unwrap_or(Verdict::Stands);
    let sayable = Verdict::ALL
        .iter()
        .filter(|v| **v != Verdict::NotUnderstood || (alert.acknowledged && alert.understood));
    LineView {
        verdicts: sayable
            .map(|v| Choice::new(v.word(), v.label(), *v == said))
            .collect(),
        line: AlertLine::of(alert, s, &context.local),
        name,
    }
}

/// Closes the shift, or corrects how it was closed.
pub(crate) async fn save(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, typed) = (row_of(&path)?, fields.clone());
    submit(&req, &fields, move |c, act| {
        let new = form::debrief(&typed)?;
        debrief::write(c, act, id, &new)?;
        let shift = store::by_id(c, id)?;
        let said = match new.corrects {
            Some(_) => "The debrief is corrected. The old one stays readable.".into(),
            None => format!(
                "The {} is debriefed: it counts from now on.",
                shift.kind.label().to_lowercase()
            ),
        };
        Ok(Done::new(format!("/shifts/{id}"), said))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}
