//! The page of one's own calendar: its secret address, made anew and ended.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::calendar::store;
use crate::error::{Error, Result};
use crate::pages::request::{Once, own_address, show, submit, submit_once};
use crate::time::TimeText;
use crate::usecases::calendar::feed;
use crate::web::{Done, Fields, Page, html};

#[derive(Template)]
#[template(path = "calendar/own.html")]
struct CalendarPage {
    page: Page,
    /// The address, on the answer of the form that made it.
    link: Option<String>,
    feed: Option<FeedView>,
}

/// An address that works.
struct FeedView {
    since: TimeText,
    /// When a calendar program read it last.
    read: Option<TimeText>,
}

fn view(c: &mut Conn, context: &ReadContext) -> Result<Option<FeedView>> {
    let id = context.actor.id.ok_or(Error::SignedOut)?;
    Ok(store::feed_of(c, id)?.map(|feed| FeedView {
        since: context.local.moment(feed.created_at),
        read: feed.read_at.map(|at| context.local.moment(at)),
    }))
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, |c, context, page| {
        Ok(CalendarPage {
            page: page.titled("", "Calendar"),
            link: None,
            feed: view(c, context)?,
        })
    })
    .await
}

pub(crate) async fn make(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let made = submit_once(&req, &fields, |c, act| {
        let token = feed::make(c, act)?;
        let said = "The address was shown once. If you lost it, make a new one.";
        Ok((Done::new("/me/calendar", said), token))
    })
    .await?;
    match made {
        Once::Before(response) => Ok(response),
        Once::Now(page, token) => html(&CalendarPage {
            page: page.titled("", "Calendar"),
            link: Some(token.calendar_address(&own_address(&req)?)),
            feed: None,
        }),
    }
}

pub(crate) async fn end(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    submit(&req, &fields, |c, act| {
        let said = match feed::end(c, act)? {
            true => "The address no longer works.",
            false => "There was no address that worked.",
        };
        Ok(Done::new("/me/calendar", said))
    })
    .await
}
