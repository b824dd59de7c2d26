//! The inbox: what waits for a person, and what they were told.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::types::UtcTime;
use crate::domain::notification::model::Notification;
use crate::domain::notification::store;
use crate::domain::notification::store::Which;
use crate::error::{Error, Result};
use crate::pages::parts::waiting::{Waiting, look};
use crate::pages::request::{app, glance, read, show, submit};
use crate::time::TimeText;
use crate::usecases::home::mine::Mine;
use crate::usecases::notify::rounds;
use crate::usecases::register::store::HOME_LIMIT;
use crate::web::respond::not_kept;
use crate::web::{Done, Fields, Page, query_string};

/// Notifications of a page.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "home/inbox.html")]
struct InboxPage {
    page: Page,
    waiting: Vec<Waiting>,
    groups: Vec<Group>,
    unread: usize,
    /// Everything up to then is marked as read.
    up_to: String,
    /// The address of the older ones.
    older: Option<String>,
    is_first: bool,
}

/// What was told about one thing.
struct Group {
    title: String,
    lines: Vec<Line>,
}

struct Line {
    id: i64,
    css: &'static str,
    icon: &'static str,
    note: String,
    at: TimeText,
    is_read: bool,
    is_done: bool,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let after = after(query.get("after"));
    show(&req, move |c, context, page| {
        let me = context.actor.id.ok_or(Error::SignedOut)?;
        let mut told = store::page(c, me, after, SHOWN + 1)?;
        let has_older = told.len() > SHOWN;
        told.truncate(SHOWN);
        let older = told.last().filter(|_| has_older).map(|n| {
            let place = format!("{} {}", n.created_at.iso_micros(), n.id);
            format!(
                "/inbox{}",
                query_string([("after", place.as_str())].into_iter())
            )
        });
        let unread: Vec<String> = told
            .iter()
            .filter(|n| is_unread(n))
            .map(|n| n.cause.clone())
            .collect();
        let mut waiting = Mine::load(c, context, HOME_LIMIT.into())?.waiting();
        let listed: Vec<String> = waiting.iter().map(|wait| wait.cause.key()).collect();
        if after.is_some() {
            waiting.clear();
        }
        let waiting: Vec<Waiting> = waiting
            .into_iter()
            .map(|wait| Waiting::of(wait, &unread))
            .collect();
        // What the list of the first page has room for is not said twice.
        let news: Vec<Notification> = told
            .iter()
            .filter(|n| !n.kind.waits() || n.done_at.is_some() || !listed.contains(&n.cause))
            .cloned()
            .collect();
        let rows = rounds::rows(c, &news, me, &context.local)?;
        Ok(InboxPage {
            page: page.titled("inbox", "Inbox"),
            waiting,
            groups: grouped(&news, rows, |at| context.local.moment(at)),
            unread: unread.len(),
            up_to: context.now.iso_micros(),
            older,
            is_first: after.is_none(),
        })
    })
    .await
}

fn is_unread(n: &Notification) -> bool {
    n.read_at.is_none() && n.done_at.is_none()
}

/// A place in the list, as the address of the next page names it.
fn after(typed: &str) -> Option<store::After> {
    let (at, id) = typed.split_once(' ')?;
    Some((moment(at)?, id.parse().ok()?))
}

fn moment(typed: &str) -> Option<UtcTime> {
    typed.parse::<jiff::Timestamp>().ok().map(UtcTime::from)
}

/// By what it is about; what was told last comes first.
fn grouped(
    news: &[Notification],
    rows: Vec<(i64, crate::domain::outbox::letter::Row)>,
    moment: impl Fn(UtcTime) -> TimeText,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (n, (_, row)) in news.iter().zip(rows) {
        let (css, icon) = look(n.kind, false);
        let line = Line {
            id: n.id,
            css,
            icon,
            note: row.note,
            at: moment(n.created_at),
            is_read: n.read_at.is_some(),
            is_done: n.done_at.is_some(),
        };
        match groups.iter_mut().find(|group| group.title == row.title) {
            Some(group) => group.lines.push(line),
            None => groups.push(Group {
                title: row.title,
                lines: vec![line],
            }),
        }
    }
    groups
}

/// Leads to what a notification is about, and marks it as read.
pub(crate) async fn open(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let id = id.into_inner();
    let (me, path, is_read) = read(&req, move |c, context| {
        let me = context.actor.id.ok_or(Error::SignedOut)?;
        let found = store::by_id(c, me, id)?.ok_or(Error::NotFound("notification"))?;
        Ok((me, found.path, found.read_at.is_some()))
    })
    .await?;
    let app = app(&req)?;
    let now = app.clock.now();
    if !is_read {
        let read = move |c: &mut _| store::read(c, me, Which::One(id), now);
        app.db.write(read).await?;
    }
    Ok(HttpResponse::SeeOther()
        .insert_header((actix_web::http::header::LOCATION, path))
        .finish())
}

/// Marks everything as read that was there when the page was shown.
pub(crate) async fn read_all(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let up_to = moment(fields.get("up_to"));
    submit(&req, &fields, move |c, act| {
        let me = act.actor.id.ok_or(Error::SignedOut)?;
        let up_to = up_to.ok_or_else(Error::incomplete)?;
        let count = store::read(c, me, Which::UpTo(up_to), act.now)?;
        let flash = match count {
            0 => "Everything was read already.".to_owned(),
            1 => "1 notification is marked as read.".to_owned(),
            n => format!("{n} notifications are marked as read."),
        };
        Ok(Done::new("/inbox", flash))
    })
    .await
}

/// How many are unread, for a page that stays open.
pub(crate) async fn count(req: HttpRequest) -> Result<HttpResponse> {
    let unread = glance(&req, |c, context| {
        store::unread(c, context.actor.id.ok_or(Error::SignedOut)?)
    })
    .await?;
    Ok(not_kept(HttpResponse::Ok().json(unread)))
}
