//! The page of a discussion: all of it, with the form that writes there and the people it can mention.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::discussion;
use crate::domain::discussion::model::Shown;
use crate::domain::discussion::store::Window;
use crate::domain::discussion::{Draft, Place, PlaceKind, follows, mentions, store};
use crate::domain::people;
use crate::domain::picture::{New, OwnerKind, store as pictures};
use crate::domain::postmortem;
use crate::domain::postmortem::Point;
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::parts::discussion::{CommentView, ThreadView, render, render_one};
use crate::pages::parts::picture::{Received, again, received};
use crate::pages::request::submit;
use crate::usecases::discussion::actions::{self, About};
use crate::usecases::discussion::place::{Key, address, open};
use crate::usecases::discussion::readers::readers;
use crate::web::upload::Sent;
use crate::web::{Done, Errors, Fields, Page, html_with};

/// The moment of decision that a view is about.
struct Moment {
    number: usize,
    point: Point,
    revision: i32,
}

#[derive(Template)]
#[template(path = "discussion/thread.html")]
struct ThreadPage {
    page: Page,
    errors: Errors,
    /// The page above it.
    root: (&'static str, &'static str),
    title: String,
    kind: &'static str,
    path: String,
    thread: ThreadView,
    follows: bool,
    /// The comment that is answered.
    answered: Option<CommentView>,
    moment: Option<Moment>,
    body: String,
    saw: String,
    believed: String,
    alt: String,
    people: Vec<Choice>,
}

pub(crate) async fn page(
    req: HttpRequest,
    name: web::Path<String>,
    kind: PlaceKind,
) -> Result<HttpResponse> {
    let form = Form::asked(&req)?;
    let is_straight = form.fields.get("show") == "all";
    show(&req, key(name, kind), form, is_straight).await
}

fn key(name: web::Path<String>, kind: PlaceKind) -> Key {
    Key {
        kind,
        name: name.into_inner(),
    }
}

/// `is_straight`: a reader from whom a post-mortem is kept back wants to see it all.
async fn show(req: &HttpRequest, key: Key, form: Form, is_straight: bool) -> Result<HttpResponse> {
    let status = form.status();
    let read = form.read(req, move |c, context, page, form| {
        let (place, is_kept_back) = open(c, context, &key)?;
        if is_kept_back && !is_straight {
            return Ok(Err(place.path));
        }
        load(c, context, page, &place, form).map(Ok)
    });
    let mut page = match read.await? {
        Ok(page) => page,
        Err(path) => {
            let mut response = HttpResponse::SeeOther();
            return Ok(response.insert_header((header::LOCATION, path)).finish());
        }
    };
    render(req, &mut page.thread).await?;
    if let Some(answered) = &mut page.answered {
        render_one(req, answered).await?;
    }
    html_with(status, &page)
}

fn load(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    place: &Place,
    form: Form,
) -> Result<ThreadPage> {
    let me = context.actor.id.unwrap_or_default();
    let fields = &form.fields;
    let thread = ThreadView::load(c, context, place, window(fields))?;
    let choice = store::choice_of(c, (place.kind, place.id), me)?;
    let answered = match fields.id("reply") {
        Some(id) => answered(c, context, place, id)?,
        None => None,
    };
    let moment = moment(c, place, &form)?;
    let typed = |name: &str| fields.get(name).to_owned();
    let (saw, believed, mut body) = (typed("saw"), typed("believed"), typed("body"));
    let alt = typed("alt");
    if moment.is_none() {
        // A moment that is gone takes no words with it.
        let parts = [&saw, &believed, &body].map(|part| part.trim());
        let all: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if all.len() > 1 {
            body = all.join("\n\n");
        }
    }
    let people = readers(c, place)?;
    let chosen = fields.get("mention");
    Ok(ThreadPage {
        page: page.titled(section(place.kind), format!("Discussion: {}", place.title)),
        root: root(place.kind),
        title: place.title.clone(),
        kind: place.kind.label(),
        path: place.path.clone(),
        follows: follows(choice, place.concerned.contains(&me)),
        thread,
        answered,
        moment,
        body,
        saw,
        believed,
        alt,
        people: people
            .into_iter()
            .filter(|(handle, _)| *handle != context.actor.handle)
            .map(|(handle, name)| {
                let is_chosen = handle == chosen;
                Choice::new(&handle, format!("{name} (@{handle})"), is_chosen)
            })
            .collect(),
        errors: form.errors,
    })
}

fn window(fields: &Fields) -> Window {
    match (fields.id("before"), fields.id("through")) {
        (Some(id), _) => Window::Before(id),
        (None, Some(id)) => Window::Through(id),
        (None, None) => Window::Newest,
    }
}

/// The menu entry of the page that a discussion is on.
pub(super) fn section(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Ramp | PlaceKind::SignOff => "ramps",
        PlaceKind::Postmortem => "library",
        PlaceKind::Drill => "practice",
    }
}

/// The page of the menu above what is discussed: its name, and its address.
pub(super) fn root(kind: PlaceKind) -> (&'static str, &'static str) {
    match kind {
        PlaceKind::Ramp => ("Ramps", "/ramps"),
        PlaceKind::SignOff => ("Sign-offs", "/sign-offs"),
        PlaceKind::Postmortem => ("Post-mortems", "/library"),
        PlaceKind::Drill => ("Drills", "/drills"),
    }
}

fn answered(
    c: &mut Conn,
    context: &ReadContext,
    place: &Place,
    id: i64,
) -> Result<Option<CommentView>> {
    let found = store::by_id(c, id)?
        .filter(|f| (f.place_kind, f.place_id) == (place.kind, place.id))
        .filter(|f| f.removed_at.is_none());
    let Some(comment) = found else {
        return Ok(None);
    };
    let text = store::latest(c, id)?.unwrap_or_default();
    let author = people::store::by_id(c, comment.author_id)?;
    let (author, handle) = author.map_or_else(Default::default, |p| (p.name, p.handle));
    let shown = Shown {
        comment,
        author,
        handle,
        text,
        mentioned: Vec::new(),
        pictures: pictures::of(c, OwnerKind::Comment, &[id])?,
    };
    Ok(Some(CommentView::of(place, shown, context)))
}

fn moment(c: &mut Conn, place: &Place, form: &Form) -> Result<Option<Moment>> {
    let asked: Option<usize> = form.fields.trimmed("moment").parse().ok();
    let Some(number) = asked.filter(|n| (1..=place.moments).contains(n)) else {
        return Ok(None);
    };
    let found = postmortem::store::named(c, &place.id.to_string())?;
    let revision = form.seen("revision", found.revision).parse();
    let point = found.document.points.into_iter().nth(number - 1);
    Ok(point.map(|point| Moment {
        number,
        point,
        revision: revision.unwrap_or(found.revision),
    }))
}

/// Writes a comment; or shows the form again with somebody mentioned, or to choose whom.
pub(crate) async fn write(
    req: HttpRequest,
    name: web::Path<String>,
    kind: PlaceKind,
    sent: Sent,
) -> Result<HttpResponse> {
    let key = key(name, kind);
    let Received {
        fields,
        chosen: picture,
    } = received(&req, sent).await?;
    let chosen = fields.trimmed("mention").to_owned();
    let body = match chosen.is_empty() {
        true => fields.get("body").to_owned(),
        false => mentions::inserted(fields.get("body"), &chosen),
    };
    match fields.get("do") {
        "insert" if chosen.is_empty() => {
            let missing = Err(Error::field("mention", "Choose someone to mention."));
            return missing
                .or_show(fields, async |form| {
                    show(&req, key, again(form), true).await
                })
                .await;
        }
        "insert" | "pick" | "picture" => {
            let kept = fields
                .iter()
                .filter(|(name, _)| !["body", "mention"].contains(name));
            let kept: Vec<(&str, &str)> = kept.chain([("body", body.as_str())]).collect();
            return show(&req, key, again(Form::filled(Fields::of(&kept))), true).await;
        }
        _ => {}
    }
    let (to, typed) = (key.clone(), fields.clone());
    submit(&req, &fields, move |c, act| {
        let number = typed.trimmed("moment").parse().ok();
        let revision = typed.trimmed("revision").parse().unwrap_or(-1);
        let about = match (typed.id("reply"), number) {
            (Some(id), _) => About::Comment(id),
            (None, Some(number)) => About::Moment(number, revision),
            (None, None) => About::Place,
        };
        // Who may not read it learns that, whatever they typed.
        let is_view = matches!(about, About::Moment(..));
        let draft = Draft::parse(is_view, typed.get("saw"), typed.get("believed"), &body);
        let draft = Draft::with(draft, New::parse(picture, typed.get("alt")));
        let written = actions::write(c, act, &to, about, draft)?;
        let flash = match about {
            About::Moment(..) => "Your view is on the page.",
            About::Place | About::Comment(_) => "Your comment is on the page.",
        };
        let to = address(c, &written.place, written.id)?;
        Ok(Done::new(to, flash))
    })
    .await
    .or_show(fields, async |form| {
        show(&req, key, again(form), true).await
    })
    .await
}

pub(crate) async fn follow(
    req: HttpRequest,
    name: web::Path<String>,
    kind: PlaceKind,
    fields: Fields,
) -> Result<HttpResponse> {
    let key = key(name, kind);
    let choice = discussion::Choice::parse(fields.get("choice"))
        .ok_or_else(|| Error::field("choice", "Choose to follow or to mute."))?;
    submit(&req, &fields, move |c, act| {
        let place = actions::choose(c, act, &key, choice)?;
        let said = match choice {
            discussion::Choice::Follow => "You follow this discussion.",
            discussion::Choice::Mute => "You hear only of mentions and answers here.",
        };
        Ok(Done::new(format!("{}#discussion", place.shown()), said))
    })
    .await
}
