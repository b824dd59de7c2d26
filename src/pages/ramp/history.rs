//! What was said about a ramp, how its sign-offs ended, and who arranged what.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::discussion::note::may_keep;
use crate::domain::discussion::store::Window;
use crate::domain::ramp::part::Part;
use crate::error::Result;
use crate::pages::form::Form;
use crate::pages::parts::discussion::{ThreadView, render};
use crate::pages::ramp::show_view::head::{RampHead, open};
use crate::pages::ramp::show_view::history::{History, Line};
use crate::time::{LocalTime, TimeText};
use crate::usecases::discussion::place::of_ramp;
use crate::usecases::dossier::Dossier;
use crate::web::{Page, html};

/// Lines shown at once; the earlier ones fold away.
const SHOWN: usize = 6;

#[derive(Template)]
#[template(path = "ramp/history.html")]
struct HistoryPage {
    page: Page,
    ramp: RampHead,
    signoffs: Vec<SignoffView>,
    lines: Vec<Line>,
    earlier: Vec<Line>,
    thread: ThreadView,
    keeps_notes: bool,
}

struct SignoffView {
    id: i64,
    state: &'static str,
    when: TimeText,
    note: String,
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let load = move |c: &mut Conn, context: &ReadContext, page, _| load(c, context, page, *id);
    let mut page = Form::default().read(&req, load).await?;
    render(&req, &mut page.thread).await?;
    html(&page)
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, id: i64) -> Result<HistoryPage> {
    let history = History::load(c, id)?;
    let (page, dossier, ramp) = open(c, context, page, (id, Part::History), &history.people())?;
    let mut lines = history.lines(&dossier, &context.local);
    let earlier = lines.split_off(lines.len().min(SHOWN));
    Ok(HistoryPage {
        thread: ThreadView::load(c, context, &of_ramp(&dossier), Window::Newest)?,
        keeps_notes: may_keep(&dossier.parties, &context.actor),
        signoffs: signoffs(&dossier, &context.local),
        page,
        ramp,
        lines,
        earlier,
    })
}

fn signoffs(d: &Dossier, local: &LocalTime) -> Vec<SignoffView> {
    let all = d.signoffs.iter();
    all.map(|s| SignoffView {
        id: s.id,
        state: s.state.label(),
        when: local.day_of(s.decided_at.unwrap_or(s.requested_at)),
        note: s.decision_note.clone().unwrap_or_default(),
    })
    .collect()
}
