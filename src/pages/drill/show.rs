//! The page of a drill: who takes part, its debrief, and for those who may see it the sheet.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::drill::lifecycle::{Step, step};
use crate::domain::drill::model::Line;
use crate::domain::drill::rules::Authority;
use crate::domain::drill::store;
use crate::domain::drill::{DrillState, LineKind, Note, Reply, Role};
use crate::domain::people;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::drill::row_of;
use crate::pages::drill::view::Head;
use crate::pages::request::{old_read, submit};
use crate::usecases::drill::actions;
use crate::usecases::drill::detail::{DrillDetail, Part};
use crate::web::time::TimeText;
use crate::web::{Done, Errors, Fields, Page, form_status, html_with};

/// A line of the sheet, as far as the viewer may read what came of it.
struct LineView {
    body: String,
    code: String,
    /// `Given 09:04:10, understood`; nothing where it did not happen, or is not theirs to read.
    came: String,
    note: String,
}

/// What was observed of somebody.
struct ObservedView {
    name: String,
    handle: String,
    lines: Vec<(String, u8, &'static str)>,
}

#[derive(Template)]
#[template(path = "drill/show.html")]
struct ShowPage {
    page: Page,
    errors: Errors,
    d: Head,
    planned: String,
    /// What the viewer can do next.
    next: Option<(&'static str, String)>,
    may_change: bool,
    may_cancel: bool,
    reason: String,
    typed_reason: String,
    is_debriefed: bool,
    went_well: String,
    went_badly: String,
    debriefed: Option<(String, TimeText)>,
    observed: Vec<ObservedView>,
    /// Scenario, injects, expected observations; `None` while they are a surprise.
    sheet: Option<(String, Vec<LineView>, Vec<LineView>)>,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show(&req, row_of(&path)?, String::new(), FieldErrors::default()).await
}

async fn show(
    req: &HttpRequest,
    id: i64,
    typed_reason: String,
    errors: FieldErrors,
) -> Result<HttpResponse> {
    let status = form_status(&errors);
    let (page, shown) = old_read(req, move |c, context| {
        load(c, context, id, typed_reason, errors)
    })
    .await?;
    let title = shown.d.title.clone();
    let page = Page {
        has_errors: !shown.errors.is_empty(),
        ..page.titled("areas", title)
    };
    html_with(status, &ShowPage { page, ..shown })
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    id: i64,
    typed_reason: String,
    errors: FieldErrors,
) -> Result<ShowPage> {
    let file = DrillDetail::load(c, id)?;
    let (drill, actor, local) = (&file.drill, &context.actor, &context.local);
    let hand = file.hand(actor);
    let is_debriefed = drill.state == DrillState::Debriefed;
    let observed = match is_debriefed {
        true => store::observations(c, id)?,
        false => Vec::new(),
    };
    let ids: Vec<i64> = std::iter::once(drill.planned_by)
        .chain(drill.debriefed_by)
        .collect();
    let named = people::store::by_ids(c, &ids)?;
    let name = |id: i64| {
        let found = named.iter().find(|p| p.id == id);
        found.map_or_else(String::new, |p| p.name.clone())
    };
    let reads = |part: &Part| !part.was_absent && file.may_read_of(part, actor);
    let of = |part: &Part| ObservedView {
        name: part.name.clone(),
        handle: part.handle.clone(),
        lines: observed
            .iter()
            .filter(|o| o.person_id == part.about.person_id)
            .map(|o| {
                let help = o.help_level;
                (o.competency_code.clone(), help.number(), help.help_label())
            })
            .collect(),
    };
    let lines = |kind: LineKind| -> Vec<LineView> {
        let lines = file.lines.iter().filter(|l| l.kind == kind);
        lines.map(|l| line(&file, l, &reads, context)).collect()
    };
    let may = |wanted| step(drill.state, wanted).is_some();
    Ok(ShowPage {
        page: Page::signed_out(""),
        errors,
        d: Head::new(&file, context),
        planned: name(drill.planned_by),
        next: next(&file, hand),
        may_change: hand.may_arrange() && may(Step::Change),
        may_cancel: hand.may_arrange() && may(Step::Cancel),
        reason: drill.cancel_reason.clone(),
        typed_reason,
        is_debriefed,
        went_well: drill.went_well.clone(),
        went_badly: drill.went_badly.clone(),
        debriefed: drill
            .debriefed_by
            .zip(drill.debriefed_at)
            .map(|(by, at)| (name(by), local.moment(at))),
        observed: match is_debriefed {
            true => file.players().filter(|p| reads(p)).map(of).collect(),
            false => Vec::new(),
        },
        sheet: hand.sees_sheet(drill.state).then(|| {
            (
                drill.scenario.clone(),
                lines(LineKind::Inject),
                lines(LineKind::Expected),
            )
        }),
    })
}

/// Where somebody who runs it goes on.
fn next(file: &DrillDetail, hand: Authority) -> Option<(&'static str, String)> {
    let id = file.drill.id;
    let words = match file.drill.state {
        _ if !hand.may_run() => return None,
        DrillState::Planned => "Open the sheet",
        DrillState::Running => "Go on with the sheet",
        DrillState::Run => return Some(("Write the debrief", format!("/drills/{id}/debrief"))),
        DrillState::Debriefed | DrillState::Cancelled => return None,
    };
    Some((words, format!("/drills/{id}/sheet")))
}

fn line(
    file: &DrillDetail,
    l: &Line,
    reads: &impl Fn(&Part) -> bool,
    context: &ReadContext,
) -> LineView {
    let whose = match l.kind {
        LineKind::Inject => file.first(Role::Primary),
        LineKind::Expected => l.person_id.and_then(|id| file.part(id)),
    };
    let seen = whose.filter(|part| reads(part)).zip(l.happened_at);
    let came = seen.map(|(part, at)| {
        let at = context.local.clock(at);
        match (l.kind, l.reply, l.help_level) {
            (LineKind::Inject, Reply::None, _) => format!("Given {at}, not acknowledged"),
            (LineKind::Inject, Reply::Acknowledged, _) => {
                format!("Given {at}, acknowledged but not understood")
            }
            (LineKind::Inject, Reply::Understood, _) => format!("Given {at}, understood"),
            (LineKind::Expected, _, Some(help)) => format!(
                "Seen {at} of {}: {}",
                part.name,
                help.help_label().to_lowercase()
            ),
            (LineKind::Expected, _, None) => format!("Seen {at} of {}", part.name),
        }
    });
    LineView {
        body: l.body.clone(),
        code: l.competency_code.clone().unwrap_or_default(),
        note: match came {
            Some(_) => l.note.clone(),
            None => String::new(),
        },
        came: came.unwrap_or_default(),
    }
}

pub(crate) async fn cancel(
    req: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = row_of(&path)?;
    let typed = fields.clone();
    let answer = submit(&req, &fields, move |c, act| {
        let reason = Note::parse(typed.get("cancel_reason"));
        let reason = reason.map_err(|sentence| Error::field("cancel_reason", sentence))?;
        actions::cancel(c, act, id, &reason)?;
        Ok(Done::new(
            format!("/drills/{id}"),
            "The drill is cancelled.",
        ))
    })
    .await;
    match answer {
        Err(Error::Invalid(errors)) => {
            show(&req, id, fields.get("cancel_reason").to_owned(), errors).await
        }
        other => other,
    }
}
