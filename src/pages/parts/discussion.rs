//! A discussion as pages show it.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::{HttpRequest, web};

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::discussion::model::Shown;
use crate::domain::discussion::store::{self, Window};
use crate::domain::discussion::{Place, follows, mentions};
use crate::domain::picture::store::Listed;
use crate::error::{Error, Result};
use crate::pages::parts::picture::PictureView;
use crate::pages::request::app;
use crate::time::TimeText;

/// A comment, or a view of a moment of decision.
pub struct CommentView {
    pub id: i64,
    pub author: String,
    pub handle: String,
    pub when: TimeText,
    /// When it was last changed.
    pub edited: Option<TimeText>,
    pub removed: Option<TimeText>,
    pub is_own: bool,
    /// Its own address, which leads to a page that shows it.
    pub href: String,
    pub reply_href: String,
    pub parts: Vec<PartView>,
    pub pictures: Vec<PictureView>,
    /// A view that was written before the post-mortem changed.
    pub is_of_earlier: bool,
    pub replies: Vec<Self>,
}

/// A part of a comment; a view has up to three.
pub struct PartView {
    /// Empty for the one part of a comment.
    pub label: &'static str,
    text: String,
    mentioned: Arc<[String]>,
    pub html: Arc<str>,
}

/// A discussion.
pub struct ThreadView {
    /// The page of the discussion, where it is written to as well.
    pub href: String,
    pub follow_href: String,
    /// Who reads it.
    pub label: String,
    pub closed: Option<&'static str>,
    /// The oldest first.
    pub comments: Vec<CommentView>,
    /// Views of a moment, by its number from 1.
    views: BTreeMap<usize, Vec<CommentView>>,
    /// The page of the comments before these.
    pub earlier: Option<String>,
    /// None comes after these. Views of a moment are beside it then, else among the comments.
    pub is_newest: bool,
    /// The viewer follows it; `None` where nothing was said yet.
    pub follows: Option<bool>,
    query: &'static str,
}

impl ThreadView {
    /// Comments of a place that the viewer may read.
    pub fn load(
        c: &mut Conn,
        context: &ReadContext,
        place: &Place,
        window: Window,
    ) -> Result<Self> {
        let me = context.actor.id.unwrap_or_default();
        let found = store::of_place(c, (place.kind, place.id), me, window)?;
        let oldest = found.all.first().map(|shown| shown.comment.id);
        let has_any = !found.all.is_empty();
        let href = place.comments();
        let sign = if place.query().is_empty() { '?' } else { '&' };
        let mut thread = Self {
            follow_href: format!("{}/follow", place.path),
            label: place.label.clone(),
            closed: place.closed,
            comments: Vec::new(),
            views: BTreeMap::new(),
            earlier: oldest
                .filter(|_| found.has_earlier)
                .map(|id| format!("{href}{}{sign}before={id}", place.query())),
            is_newest: window == Window::Newest,
            follows: has_any.then(|| follows(found.choice, place.concerned.contains(&me))),
            query: place.query(),
            href,
        };
        for shown in found.all {
            thread.add(place, shown, context);
        }
        Ok(thread)
    }

    fn add(&mut self, place: &Place, shown: Shown, context: &ReadContext) {
        let (root, reply_to) = (shown.comment.root(), shown.comment.reply_to);
        let moment = shown.comment.moment.and_then(|n| usize::try_from(n).ok());
        let view = CommentView::of(place, shown, context);
        let siblings = match moment.filter(|n| self.is_newest && *n <= place.moments) {
            None => &mut self.comments,
            Some(moment) => self.views.entry(moment).or_default(),
        };
        match (reply_to, siblings.iter_mut().find(|v| v.id == root)) {
            (Some(_), Some(parent)) => parent.replies.push(view),
            _ => siblings.push(view),
        }
    }

    /// What people think of a moment of decision.
    pub fn views_of(&self, moment: &usize) -> &[CommentView] {
        self.views.get(moment).map_or(&[], Vec::as_slice)
    }

    /// Where a view of a moment is added.
    pub fn view_href(&self, moment: &usize) -> String {
        let sign = if self.query.is_empty() { '?' } else { '&' };
        format!("{}{}{sign}moment={moment}", self.href, self.query)
    }

    /// Where the viewer can look up whom to mention.
    pub fn page_href(&self) -> String {
        format!("{}{}", self.href, self.query)
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut PartView> {
        let views = self.views.values_mut().flatten();
        self.comments.iter_mut().chain(views).flat_map(|comment| {
            let replies = comment.replies.iter_mut().flat_map(|r| &mut r.parts);
            comment.parts.iter_mut().chain(replies)
        })
    }
}

impl CommentView {
    pub fn of(place: &Place, shown: Shown, context: &ReadContext) -> Self {
        let (comment, text) = (&shown.comment, shown.text);
        let mentioned: Arc<[String]> = shown.mentioned.into();
        let part = |label, text: String| PartView {
            label,
            text,
            mentioned: Arc::clone(&mentioned),
            html: Arc::from(""),
        };
        let mut parts = match comment.is_view() {
            true => vec![
                part("Saw", text.saw),
                part("Believed", text.believed),
                part("Would decide", text.body),
            ],
            false => vec![part("", text.body)],
        };
        parts.retain(|part| !part.text.is_empty());
        let sign = if place.query().is_empty() { '?' } else { '&' };
        Self {
            id: comment.id,
            author: shown.author,
            handle: shown.handle,
            when: context.local.moment(comment.written_at),
            edited: text
                .at
                .filter(|_| comment.number > 1)
                .map(|at| context.local.moment(at)),
            removed: comment.removed_at.map(|at| context.local.moment(at)),
            is_own: context.actor.is(comment.author_id),
            href: format!("/comments/{}", comment.id),
            reply_href: format!(
                "{}{}{sign}reply={}",
                place.comments(),
                place.query(),
                comment.id
            ),
            parts,
            pictures: pictures_of(place, comment.id, shown.pictures),
            is_of_earlier: comment.is_view() && comment.revision != Some(place.revision),
            replies: Vec::new(),
        }
    }
}

/// Pictures of a comment, for a page that shows all of its place.
pub fn pictures_of(place: &Place, id: i64, pictures: Vec<Listed>) -> Vec<PictureView> {
    let view = |picture: Listed| PictureView {
        number: picture.number,
        src: format!(
            "/comments/{id}/pictures/{}{}",
            picture.number,
            place.query()
        ),
        alt: picture.alt,
        width: picture.width,
        height: picture.height,
    };
    pictures.into_iter().map(view).collect()
}

/// Makes the texts HTML, where that holds up neither the database nor other requests.
pub async fn render(req: &HttpRequest, thread: &mut ThreadView) -> Result<()> {
    html_of(req, thread.all_mut().collect()).await
}

/// The same for one comment.
pub async fn render_one(req: &HttpRequest, comment: &mut CommentView) -> Result<()> {
    html_of(req, comment.parts.iter_mut().collect()).await
}

async fn html_of(req: &HttpRequest, mut parts: Vec<&mut PartView>) -> Result<()> {
    if parts.is_empty() {
        return Ok(());
    }
    let written = parts.iter_mut().map(|part| {
        let text = std::mem::take(&mut part.text);
        (text, Arc::clone(&part.mentioned))
    });
    let written: Vec<(String, Arc<[String]>)> = written.collect();
    let texts = app(req)?.texts.clone();
    let made = web::block(move || {
        let html = |(text, known): &(String, Arc<[String]>)| {
            texts.html(&mentions::linked(text, known), &[])
        };
        written.iter().map(html).collect::<Vec<_>>()
    });
    let made = made.await.map_err(Error::fault)?;
    for (part, html) in parts.into_iter().zip(made) {
        part.html = html;
    }
    Ok(())
}
