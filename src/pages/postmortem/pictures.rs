//! The pictures of a post-mortem: the page on which they are added, and each of them.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::picture::store::{Listed, of};
use crate::domain::picture::{New, OwnerKind, most};
use crate::domain::postmortem::markdown::Figure;
use crate::domain::postmortem::store;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::picture::{PictureView, Received, again, received, served};
use crate::pages::request::{read, submit};
use crate::usecases::postmortem::{actions, pictures};
use crate::web::upload::Sent;
use crate::web::{Done, Errors, Fields, Page};

#[derive(Template)]
#[template(path = "postmortem/pictures.html")]
struct PicturesPage {
    page: Page,
    errors: Errors,
    slug: String,
    title: String,
    alt: String,
    pictures: Vec<PictureView>,
    most: usize,
}

impl PicturesPage {
    /// What shows a picture in the full text.
    fn line(&self, picture: &&PictureView) -> String {
        format!("![{}]({})", escaped(&picture.alt), picture.number)
    }
}

/// A description as it is written in Markdown.
fn escaped(alt: &str) -> String {
    let sign = |c: char| match matches!(
        c,
        '\\' | '[' | ']' | '*' | '_' | '~' | '`' | '<' | '&' | '!'
    ) {
        true => format!("\\{c}"),
        false => c.to_string(),
    };
    alt.chars().map(sign).collect()
}

/// The address of a picture, for a page that shows all of its post-mortem.
fn address(slug: &str, number: i32) -> String {
    format!("/library/{slug}/pictures/{number}?show=all")
}

/// Pictures as the full text shows them.
pub(super) fn figures(slug: &str, pictures: Vec<Listed>) -> Vec<Figure> {
    let figure = |picture: Listed| Figure {
        number: picture.number,
        src: address(slug, picture.number),
        alt: picture.alt,
        width: picture.width,
        height: picture.height,
    };
    pictures.into_iter().map(figure).collect()
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::default()).await
}

async fn show(req: &HttpRequest, slug: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let stored = store::named(c, &slug)?;
        actions::may_edit(&stored, &context.actor)?;
        let view = |picture: Listed| PictureView {
            number: picture.number,
            src: address(&stored.slug, picture.number),
            alt: picture.alt,
            width: picture.width,
            height: picture.height,
        };
        let all = of(c, OwnerKind::Postmortem, &[stored.id])?;
        Ok(PicturesPage {
            pictures: all.into_iter().map(view).collect(),
            page: page.titled("library", format!("Pictures of {}", stored.document.title)),
            title: stored.document.title,
            slug: stored.slug,
            alt: form.fields.get("alt").to_owned(),
            most: most(OwnerKind::Postmortem),
            errors: form.errors,
        })
    })
    .await
}

pub(crate) async fn add(
    req: HttpRequest,
    slug: web::Path<String>,
    sent: Sent,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let Received { fields, chosen } = received(&req, sent).await?;
    let (typed, name) = (fields.clone(), slug.clone());
    submit(&req, &fields, move |c, act| {
        let new = New::parse(chosen, typed.get("alt"));
        let number = pictures::add(c, act, &name, new)?;
        Ok(Done::new(
            pictures_of(&name),
            format!("Picture {number} is added. Copy its line into the full text."),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, again(form)).await)
    .await
}

pub(crate) async fn remove(
    req: HttpRequest,
    path: web::Path<(String, i32)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (slug, number) = path.into_inner();
    let name = slug.clone();
    submit(&req, &fields, move |c, act| {
        pictures::remove(c, act, &name, number)?;
        Ok(Done::new(
            pictures_of(&name),
            format!("Picture {number} is removed."),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, form).await)
    .await
}

fn pictures_of(slug: &str) -> String {
    format!("/library/{slug}/pictures")
}

/// A picture itself.
pub(crate) async fn serve(
    req: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse> {
    let (slug, number) = path.into_inner();
    let number = number.parse().map_err(|_| Error::NotFound("picture"))?;
    let is_straight = Form::asked(&req)?.fields.get("show") == "all";
    let found = read(&req, move |c, context| {
        pictures::read(c, context, (&slug, number), is_straight)
    });
    Ok(served(found.await?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::postmortem::markdown::html;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_line_of_a_picture_shows_it_with_its_words(alt in "[ -~]{1,40}") {
            let alt = alt.trim().to_owned();
            prop_assume!(!alt.is_empty());
            let listed = Listed { owner_id: 1, number: 3, alt: alt.clone(), width: 4, height: 2 };
            let figures = figures("a", vec![listed]);
            let line = format!("![{}](3)", escaped(&alt));
            prop_assert_eq!(html(&line, &figures), html("![](3)", &figures));
        }
    }
}
