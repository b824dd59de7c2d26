//! A person's calendar as calendar programs read it, by its secret address alone.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, ETAG, EntityTag, Header, IfNoneMatch,
};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::auth::token_hash;
use crate::error::Result;
use crate::pages::request::{app, in_passing, own_address};
use crate::usecases::calendar::feed;

pub(crate) async fn read(req: HttpRequest, token: web::Path<String>) -> Result<HttpResponse> {
    let app = app(&req)?;
    let (base, now) = (own_address(&req)?, app.clock.now());
    let read = app
        .db
        .read(move |c| feed::read(c, &token, &base, now))
        .await?;
    if read.is_due(now) {
        let id = read.reader.feed_id;
        let note = move |c: &mut _| feed::note_read(c, id, now);
        in_passing(&app, "when a calendar was last read", note).await;
    }
    let tag = EntityTag::new_strong(token_hash(&read.ics));
    let mut answer = match is_known(&req, &tag) {
        true => HttpResponse::NotModified(),
        false => HttpResponse::Ok(),
    };
    answer
        .insert_header((ETAG, tag.to_string()))
        .insert_header((CACHE_CONTROL, "private, no-cache"));
    if is_known(&req, &tag) {
        return Ok(answer.finish());
    }
    Ok(answer
        .content_type("text/calendar; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "inline; filename=\"checkride.ics\""))
        .body(read.ics))
}

fn is_known(req: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(req) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}
