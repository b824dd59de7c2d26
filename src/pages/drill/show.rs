//! The page of a drill: who takes part, its debrief, and for those who may see it the sheet.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::discussion::store::Window;
use crate::domain::drill::lifecycle::{Step, step};
use crate::domain::drill::model::Line;
use crate::domain::drill::rules::Authority;
use crate::domain::drill::store;
use crate::domain::drill::{DrillState, LineKind, Note, Reply, Role};
use crate::domain::people::Names;
use crate::error::{Error, Result};
use crate::pages::drill::row_of;
use crate::pages::drill::view::Head;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::discussion::{ThreadView, render};
use crate::pages::request::submit;
use crate::time::TimeText;
use crate::usecases::discussion::place::of_drill;
use crate::usecases::drill::actions;
use crate::usecases::drill::detail::{DrillDetail, Part};
use crate::web::{Done, Errors, Fields, Page, html_with};

/// A line of the sheet, as far as the viewer may read what came of it.
struct LineView {
    body: String,
    code: String,
    /// `Given 09:04:10, understood`; nothing where it did not happen, or is not theirs to read.
    came: String,
    note: String,
}

/// What was observed of a person.
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
    /// It was run, so only that nobody came is left to say.
    was_run: bool,
    reason: String,
    typed_reason: String,
    is_cancelling: bool,
    is_debriefed: bool,
    went_well: String,
    went_badly: String,
    debriefed: Option<(String, TimeText)>,
    observed: Vec<ObservedView>,
    /// Scenario, injects, expected observations; `None` while they are a surprise.
    sheet: Option<(String, Vec<LineView>, Vec<LineView>)>,
    thread: ThreadView,
}

pub(crate) async fn page(req: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    show(&req, row_of(&path)?, Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    let status = form.status();
    let page = form.read(req, move |c, context, page, form| {
        load(c, context, page, id, form)
    });
    let mut page = page.await?;
    render(req, &mut page.thread).await?;
    html_with(status, &page)
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, id: i64, form: Form) -> Result<ShowPage> {
    let detail = DrillDetail::load(c, id)?;
    let (drill, actor, local) = (&detail.drill, &context.actor, &context.local);
    let authority = detail.authority(actor);
    let is_debriefed = drill.state == DrillState::Debriefed;
    let observed = match is_debriefed {
        true => store::observations(c, id)?,
        false => Vec::new(),
    };
    let names = Names::load(
        c,
        std::iter::once(drill.planned_by).chain(drill.debriefed_by),
    )?;
    let reads = |part: &Part| !part.was_absent && detail.may_read_of(part, actor);
    let of = |part: &Part| ObservedView {
        name: part.name.clone(),
        handle: part.handle.clone(),
        lines: observed
            .iter()
            .filter(|o| o.person_id == part.about.person_id)
            .map(|o| {
                let help = o.help_level;
                (o.competency_code.clone(), help.number(), help.label())
            })
            .collect(),
    };
    let lines = |kind: LineKind| -> Vec<LineView> {
        let lines = detail.lines.iter().filter(|l| l.kind == kind);
        lines.map(|l| line(&detail, l, &reads, context)).collect()
    };
    let thread = ThreadView::load(c, context, &of_drill(&detail), Window::Newest)?;
    let may = |wanted| step(drill.state, wanted).is_some();
    Ok(ShowPage {
        page: page.titled("practice", &drill.title),
        thread,
        d: Head::new(&detail, context),
        planned: names.name(drill.planned_by).to_owned(),
        next: next(&detail, authority),
        may_change: authority.may_arrange() && may(Step::Change),
        was_run: drill.state == DrillState::Run,
        may_cancel: authority.may_arrange() && may(Step::Cancel),
        reason: drill.cancel_reason.clone(),
        is_cancelling: form.fields.has("cancel_reason"),
        typed_reason: form.fields.get("cancel_reason").to_owned(),
        errors: form.errors,
        is_debriefed,
        went_well: drill.went_well.clone(),
        went_badly: drill.went_badly.clone(),
        debriefed: drill
            .debriefed_by
            .zip(drill.debriefed_at)
            .map(|(by, at)| (names.name(by).to_owned(), local.moment(at))),
        observed: match is_debriefed {
            true => detail.players().filter(|p| reads(p)).map(of).collect(),
            false => Vec::new(),
        },
        sheet: authority.sees_sheet(drill.state).then(|| {
            (
                drill.scenario.clone(),
                lines(LineKind::Inject),
                lines(LineKind::Expected),
            )
        }),
    })
}

/// The next step of a person who runs it.
fn next(detail: &DrillDetail, authority: Authority) -> Option<(&'static str, String)> {
    let id = detail.drill.id;
    let words = match detail.drill.state {
        _ if !authority.may_run() => return None,
        DrillState::Planned | DrillState::Running => "Open the sheet",
        DrillState::Run => return Some(("Write the debrief", format!("/drills/{id}/debrief"))),
        DrillState::Debriefed | DrillState::Cancelled => return None,
    };
    Some((words, format!("/drills/{id}/sheet")))
}

fn line(
    detail: &DrillDetail,
    l: &Line,
    reads: &impl Fn(&Part) -> bool,
    context: &ReadContext,
) -> LineView {
    let whose = match l.kind {
        LineKind::Inject => detail.first(Role::Primary),
        LineKind::Expected => l.person_id.and_then(|id| detail.part(id)),
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
                help.label().to_lowercase()
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
    submit(&req, &fields, move |c, act| {
        let reason = Note::parse(typed.get("cancel_reason"));
        let reason = reason.map_err(|sentence| Error::field("cancel_reason", sentence))?;
        actions::cancel(c, act, id, &reason)?;
        Ok(Done::new(
            format!("/drills/{id}"),
            "The drill is cancelled.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}
