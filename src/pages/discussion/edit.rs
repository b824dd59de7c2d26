//! One's own comment: editing and removing it. Its address leads anybody who may read it to its place.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::thread::{root, section};
use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::discussion::{Draft, store};
use crate::domain::picture::{New, OwnerKind, most, store as pictures};
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::discussion::pictures_of;
use crate::pages::parts::picture::{PictureView, Received, again, received, served};
use crate::pages::request::{read, submit};
use crate::time::TimeText;
use crate::usecases::discussion;
use crate::usecases::discussion::actions;
use crate::usecases::discussion::place::{Key, address, open};
use crate::web::upload::Sent;
use crate::web::{Done, Errors, Fields, Page};

/// What a version said.
struct VersionView {
    when: Option<TimeText>,
    saw: String,
    believed: String,
    body: String,
}

/// A picture of the comment, and whether it is to go.
struct EditedPicture {
    view: PictureView,
    is_without: bool,
}

#[derive(Template)]
#[template(path = "discussion/edit.html")]
struct EditPage {
    page: Page,
    errors: Errors,
    id: i64,
    /// The page above it.
    root: (&'static str, &'static str),
    title: String,
    path: String,
    /// Who reads it, in a sentence.
    readers: String,
    comments: String,
    is_view: bool,
    number: String,
    saw: String,
    believed: String,
    body: String,
    alt: String,
    pictures: Vec<EditedPicture>,
    most: usize,
    /// It changed while it was edited: what it says now.
    stored: Option<VersionView>,
    /// The newest first, without the one in the form.
    earlier: Vec<VersionView>,
}

/// Leads to the comment on the page of its place.
pub(crate) async fn find(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    let id = id.into_inner();
    let to = read(&req, move |c, context| {
        let comment = store::by_id(c, id)?.ok_or(Error::NotFound("comment"))?;
        let (place, is_kept_back) =
            open(c, context, &Key::of(&comment)).map_err(|e| e.hidden("comment"))?;
        match is_kept_back {
            true => Ok(format!("{}#c-{id}", place.path)),
            false => address(c, &place, id),
        }
    });
    let to = to.await?;
    let mut response = HttpResponse::SeeOther();
    Ok(response.insert_header((header::LOCATION, to)).finish())
}

pub(crate) async fn page(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    show(&req, id.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, id: i64, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        load(c, context, page, id, form)
    })
    .await
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, id: i64, form: Form) -> Result<EditPage> {
    let comment = store::by_id(c, id)?.ok_or(Error::NotFound("comment"))?;
    let (place, _) = open(c, context, &Key::of(&comment)).map_err(|e| e.hidden("comment"))?;
    actions::require_author(&comment, &context.actor)?;
    if comment.removed_at.is_some() {
        return Err(Error::Conflict("You removed this comment.".into()));
    }
    let mut versions = store::versions(c, id)?.into_iter().map(|text| VersionView {
        when: text.at.map(|at| context.local.moment(at)),
        saw: text.saw,
        believed: text.believed,
        body: text.body,
    });
    let latest = versions.next().ok_or(Error::NotFound("comment"))?;
    let without = numbers(&form.fields);
    let listed = pictures::of(c, OwnerKind::Comment, &[id])?;
    let drawn = pictures_of(&place, id, listed).into_iter();
    let drawn = drawn.map(|view| EditedPicture {
        is_without: without.contains(&view.number),
        view,
    });
    let typed = |name: &str, stored: &String| match form.typed() {
        Some(fields) => fields.get(name).to_owned(),
        None => stored.clone(),
    };
    Ok(EditPage {
        page: page.titled(section(place.kind), "Edit your comment"),
        root: root(place.kind),
        id,
        title: place.title.clone(),
        comments: format!("{}{}", place.comments(), place.query()),
        path: format!("/comments/{id}"),
        readers: place.label,
        is_view: comment.is_view(),
        number: form.seen("number", comment.number),
        saw: typed("saw", &latest.saw),
        believed: typed("believed", &latest.believed),
        body: typed("body", &latest.body),
        alt: form.fields.get("alt").to_owned(),
        pictures: drawn.collect(),
        most: most(OwnerKind::Comment),
        earlier: versions.collect(),
        stored: form.is_overtaken().then_some(latest),
        errors: form.errors,
    })
}

pub(crate) async fn save(req: HttpRequest, id: web::Path<i64>, sent: Sent) -> Result<HttpResponse> {
    let id = id.into_inner();
    let Received { fields, chosen } = received(&req, sent).await?;
    let typed = fields.clone();
    submit(&req, &fields, move |c, act| {
        let part = |name: &str| typed.get(name);
        let draft = |is_view| {
            let words = Draft::parse(is_view, part("saw"), part("believed"), part("body"));
            let draft = Draft::with(words, New::parse(chosen, part("alt")))?;
            let without = numbers(&typed);
            Ok(Draft { without, ..draft })
        };
        let written = actions::edit(c, act, (id, number(&typed)), draft)?;
        let to = address(c, &written.place, id)?;
        Ok(Done::new(to, "Your comment is saved."))
    })
    .await
    .or_show(fields, async |form| show(&req, id, again(form)).await)
    .await
}

/// Pictures that are ticked to go.
fn numbers(fields: &Fields) -> Vec<i32> {
    let ticked = fields.all("without");
    ticked.filter_map(|number| number.parse().ok()).collect()
}

/// A picture itself.
pub(crate) async fn picture(req: HttpRequest, path: web::Path<(i64, i32)>) -> Result<HttpResponse> {
    let of = path.into_inner();
    let is_straight = Form::asked(&req)?.fields.get("show") == "all";
    let found = read(&req, move |c, context| {
        discussion::pictures::read(c, context, of, is_straight)
    });
    Ok(served(found.await?))
}

pub(crate) async fn remove(
    req: HttpRequest,
    id: web::Path<i64>,
    fields: Fields,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let seen = number(&fields);
    submit(&req, &fields, move |c, act| {
        let place = actions::remove(c, act, (id, seen))?;
        let to = address(c, &place, id)?;
        Ok(Done::new(to, "Your comment is removed."))
    })
    .await
    .or_show(fields, async |form| show(&req, id, form).await)
    .await
}

/// The version that the form was opened on.
fn number(fields: &Fields) -> i32 {
    fields.trimmed("number").parse().unwrap_or(-1)
}
