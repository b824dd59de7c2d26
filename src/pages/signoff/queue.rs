//! The page of all sign-offs: those whose key is yours, others that wait, and those decided lately.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::store;
use crate::domain::signoff::store::Decided;
use crate::domain::signoff::{Key, SignoffState, Turn};
use crate::error::Result;
use crate::pages::parts::table::download;
use crate::pages::request::show;
use crate::pages::signoff::key_panel::key_word;
use crate::pages::signoff::view::badge;
use crate::pages::status::StatusBadge;
use crate::time::TimeText;
use crate::usecases::signoff::queue;
use crate::usecases::signoff::signatories::Signatories;
use crate::web::table::{Cell, Files, Table};
use crate::web::{Fields, Page};

/// Open sign-offs on a page, and of those that wait for the viewer.
const PAGE: usize = 100;

/// Decided sign-offs that the queue shows.
const DECIDED_SHOWN: i64 = 20;

/// Sign-offs that a file reads at a time.
const BATCH: usize = 500;

/// An open sign-off in the queue.
struct OpenLine {
    id: i64,
    title: String,
    badge: StatusBadge,
    requested_by: String,
    requested: TimeText,
    due: &'static str,
    holders: String,
}

/// A decided sign-off in the queue.
struct DecidedLine {
    id: i64,
    title: String,
    badge: StatusBadge,
    by: String,
    at: Option<TimeText>,
    /// `until 12 Nov 2027`.
    until: Option<String>,
}

#[derive(Template)]
#[template(path = "signoff/queue.html")]
struct QueuePage {
    page: Page,
    /// The oldest of those that wait for the viewer.
    yours: Vec<OpenLine>,
    waits_for_you: usize,
    /// Those of this page that wait for others.
    others: Vec<OpenLine>,
    decided: Vec<DecidedLine>,
    files: Files,
    is_first: bool,
    next_href: Option<String>,
}

impl QueuePage {
    fn is_whole(&self) -> bool {
        self.is_first && self.next_href.is_none()
    }
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    show(&req, move |c, context, page| load(c, context, page, &query)).await
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, query: &Fields) -> Result<QueuePage> {
    let after = query.id("after").unwrap_or_default();
    let answers_for = queue::answers_for(c, &context.actor)?;
    let reader = (&context.actor, answers_for.as_slice());
    let answered_for = queue::open_in(c, &answers_for)?;
    let mut open = queue::open(c, reader, (after, PAGE), false)?;
    let has_more = open.len() > PAGE;
    open.truncate(PAGE);
    let decided = queue::decided_lately(c, reader, DECIDED_SHOWN)?;
    let signatories = signatories(c, context, answered_for.iter().chain(&open), &decided)?;
    let mut yours = Vec::new();
    for signoff in &answered_for {
        if let Turn::Yours(_) = signatories.turn(signoff, &context.actor)? {
            yours.push(signoff);
        }
    }
    let others = open.iter().filter(|s| !yours.contains(s));
    let lines = |signoffs: Vec<&Signoff>| {
        let lines = signoffs.into_iter();
        let lines = lines.map(|s| open_line(&signatories, s, context));
        lines.collect::<Result<_>>()
    };
    let decisions = decided.iter();
    let decisions = decisions.map(|s| decided_line(&signatories, s, context));
    Ok(QueuePage {
        page: page.titled("ramps", "Sign-offs"),
        others: lines(others.collect())?,
        waits_for_you: yours.len(),
        yours: lines(yours.iter().copied().take(PAGE).collect())?,
        decided: decisions.collect::<Result<_>>()?,
        is_first: after == 0,
        next_href: open
            .last()
            .filter(|_| has_more)
            .map(|last| format!("/sign-offs?after={}", last.id)),
        files: Files::of("/sign-offs", &Fields::default()),
    })
}

/// Who has to do with those sign-offs.
fn signatories<'a>(
    c: &mut Conn,
    context: &ReadContext,
    open: impl Iterator<Item = &'a Signoff>,
    decided: &[Decided],
) -> Result<Signatories> {
    let of_decided = decided.iter().map(|s| (s.ramp_id, s.by));
    let of_both = open.map(|s| (s.ramp_id, Some(s.requested_by)));
    let (mut ramps, people): (Vec<i64>, Vec<Option<i64>>) = of_both.chain(of_decided).unzip();
    ramps.sort_unstable();
    ramps.dedup();
    let people: Vec<i64> = people.into_iter().flatten().collect();
    Signatories::load(c, &ramps, &people, context.now.day())
}

const HEADER: [&str; 8] = [
    "Sign-off",
    "Person",
    "Area",
    "State",
    "Requested (UTC)",
    "Decided (UTC)",
    "Decided by",
    "Cleared until",
];

/// Every sign-off that the viewer may read.
pub(crate) async fn table(req: HttpRequest) -> Result<HttpResponse> {
    download(&req, |c, context, _| {
        let mut table = Table::new("sign-offs", &HEADER);
        let mut after = 0;
        let answers_for = queue::answers_for(c, &context.actor)?;
        let reader = (&context.actor, answers_for.as_slice());
        loop {
            let mut open = queue::open(c, reader, (after, BATCH), true)?;
            let has_more = open.len() > BATCH;
            open.truncate(BATCH);
            let of_open = signatories(c, context, open.iter(), &[])?;
            for s in &open {
                let at = Cell::Moment(s.requested_at);
                let rest = [at, Cell::Empty, Cell::Empty, Cell::Empty];
                let who = (&of_open, context);
                table
                    .rows
                    .extend(row(who, s.ramp_id, (s.id, s.state), rest)?);
            }
            match open.last().filter(|_| has_more) {
                Some(last) => after = last.id,
                None => break,
            }
        }
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let mut last = None;
        loop {
            let mut decided = store::decided(c, last.as_ref(), limit)?;
            let of_decided = signatories(c, context, [].iter(), &decided)?;
            for s in &decided {
                let rest = [
                    Cell::Empty,
                    Cell::maybe(s.at, Cell::Moment),
                    Cell::maybe(s.by, |id| Cell::text(of_decided.name(id))),
                    Cell::maybe(s.ends_on, Cell::Day),
                ];
                let who = (&of_decided, context);
                table
                    .rows
                    .extend(row(who, s.ramp_id, (s.id, s.state), rest)?);
            }
            match decided.len() == BATCH {
                true => last = decided.pop(),
                false => return Ok(table),
            }
        }
    })
    .await
}

/// The line of a sign-off, where the viewer may read it.
fn row(
    (signatories, context): (&Signatories, &ReadContext),
    ramp_id: i64,
    (id, state): (i64, SignoffState),
    rest: [Cell; 4],
) -> Result<Option<Vec<Cell>>> {
    let (ramp, area, parties) = signatories.ramp(ramp_id)?;
    if !parties.may_read(&context.actor) {
        return Ok(None);
    }
    let who = signatories.name(ramp.mentee_id);
    let mut row = vec![
        Cell::Number(id),
        Cell::text(who),
        Cell::text(&area.name),
        Cell::text(state.label()),
    ];
    row.extend(rest);
    Ok(Some(row))
}

fn open_line(
    signatories: &Signatories,
    signoff: &Signoff,
    context: &ReadContext,
) -> Result<OpenLine> {
    let key = signoff.due(context.now.day()).unwrap_or(Key::Second);
    let holders = signatories.key_holders(signoff.ramp_id, key, signoff.first_key_by)?;
    let names: Vec<&str> = holders.iter().map(|p| p.name.as_str()).collect();
    Ok(OpenLine {
        id: signoff.id,
        title: title(signatories, signoff.ramp_id)?,
        badge: badge(signoff.state),
        requested_by: signatories.name(signoff.requested_by).to_owned(),
        requested: context.local.moment(signoff.requested_at),
        due: key_word(key),
        holders: if names.is_empty() {
            "nobody now".into()
        } else {
            names.join(", ")
        },
    })
}

fn decided_line(
    signatories: &Signatories,
    signoff: &Decided,
    context: &ReadContext,
) -> Result<DecidedLine> {
    Ok(DecidedLine {
        id: signoff.id,
        title: title(signatories, signoff.ramp_id)?,
        badge: badge(signoff.state),
        by: signoff
            .by
            .map_or("someone", |id| signatories.name(id))
            .to_owned(),
        at: signoff.at.map(|at| context.local.moment(at)),
        until: signoff.ends_on.map(|day| context.local.until(day)),
    })
}

fn title(signatories: &Signatories, ramp_id: i64) -> Result<String> {
    let (ramp, area, _) = signatories.ramp(ramp_id)?;
    Ok(format!(
        "{}, {}",
        signatories.name(ramp.mentee_id),
        area.name
    ))
}
