//! Use cases of the library: writing a post-mortem, and leading it through its life.

use serde_json::json;

use crate::db::conn::transaction_lock;
use crate::db::{Conn, exactly_one};
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::people;
use crate::domain::postmortem::lifecycle::{leads_to, who_may};
use crate::domain::postmortem::store;
use crate::domain::postmortem::store::Written;
use crate::domain::postmortem::{Document, OfArea, Postmortem, State, Transition};
use crate::domain::standard::store as standards;
use crate::error::{Error, FieldErrors, Result};
use crate::words::Words;

/// Words with which somebody leads it on; may be empty.
pub type Note = Words<500>;

/// Writes a new draft; gives back its name in URLs. Every member may.
///
/// Errors: [`Error::Invalid`] when areas or codes are not known.
pub fn add(c: &mut Conn, act: &Act, document: &Document) -> Result<String> {
    let (document, areas) = fitted(c, document)?;
    // Two of the same title at once would find the same name free.
    transaction_lock(c, "postmortem slug")?;
    let slug = free_slug(c, &document)?;
    insert(c, act, &slug, &document, &areas)?;
    Ok(slug)
}

/// Writes a new draft under that name in URLs, from a file.
///
/// Errors: [`Error::Forbidden`] unless an administrator imports; [`Error::Conflict`] when something has the name,
/// [`Error::Invalid`] when areas or codes are not known.
pub fn add_file(c: &mut Conn, act: &Act, slug: &str, document: &Document) -> Result<()> {
    require_importer(act)?;
    let (document, areas) = fitted(c, document)?;
    transaction_lock(c, "postmortem slug")?;
    if store::slugs_like(c, slug)?
        .iter()
        .any(|taken| taken == slug)
    {
        return Err(Error::Conflict(format!(
            "Somebody wrote a post-mortem {slug} at the same moment; import again."
        )));
    }
    insert(c, act, slug, &document, &areas)
}

/// Writes what a file says over a draft.
///
/// Errors: [`Error::Forbidden`] unless an administrator imports; [`Error::Conflict`] when it is no draft any more,
/// [`Error::Invalid`] when areas or codes are not known.
pub fn rewrite(c: &mut Conn, act: &Act, slug: &str, document: &Document) -> Result<()> {
    require_importer(act)?;
    let was = store::lock(c, slug)?;
    if was.state != State::Draft {
        return Err(Error::Conflict(format!(
            "The post-mortem {slug} is no draft any more; import again."
        )));
    }
    write(c, act, &was, document)
}

fn require_importer(act: &Act) -> Result<()> {
    if act.actor.is_admin {
        return Ok(());
    }
    let sentence = "Only an administrator may import post-mortems from files.";
    Err(Error::Forbidden(sentence.into()))
}

fn insert(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    document: &Document,
    areas: &[OfArea],
) -> Result<()> {
    let ids: Vec<i64> = areas.iter().map(|a| a.id).collect();
    let written = Written {
        document,
        areas: &ids,
        by: act.actor.id,
        at: act.now,
    };
    let id = store::insert(c, slug, written)?;
    let details = json!({ "title": document.title, "slug": slug, "document": document });
    audit::record(
        c,
        act,
        entry("postmortem.added", id, areas).details(details),
    )
}

/// Changes one that the form showed at `revision`; gives back its name in URLs.
///
/// Errors: [`Error::Forbidden`] unless its author or a lead asks, [`Error::Conflict`] when somebody changed it since or
/// it is no draft any more, [`Error::Invalid`] when areas or codes are not known.
pub fn edit(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    revision: i32,
    document: &Document,
) -> Result<String> {
    let was = store::lock(c, slug)?;
    require_edit(&was, act)?;
    unchanged(c, act, &was, revision)?;
    write(c, act, &was, document)?;
    Ok(was.slug)
}

/// Writes a document over the one that is locked, as its next version.
fn write(c: &mut Conn, act: &Act, was: &Postmortem, document: &Document) -> Result<()> {
    let (document, areas) = fitted(c, document)?;
    if was.state == State::InReview {
        require_whole(&document)?;
    }
    if document == was.document {
        return Ok(());
    }
    let ids: Vec<i64> = areas.iter().map(|a| a.id).collect();
    let written = Written {
        document: &document,
        areas: &ids,
        by: act.actor.id,
        at: act.now,
    };
    exactly_one(store::update(c, was, written)?)?;
    let details = json!({
        "title": document.title, "revision": was.revision + 1, "from": was.document, "to": document,
    });
    audit::record(
        c,
        act,
        entry("postmortem.edited", was.id, &areas).details(details),
    )
}

/// Lets those pass who may write in it; says what stands in the way.
///
/// Errors: [`Error::Forbidden`], [`Error::Conflict`] when it is no draft any more.
pub fn require_edit(postmortem: &Postmortem, act: &Act) -> Result<()> {
    may_edit(postmortem, &act.actor)
}

/// The same for a page.
pub fn may_edit(postmortem: &Postmortem, actor: &people::Actor) -> Result<()> {
    let circle = postmortem.access();
    if circle.may_edit(actor) {
        return Ok(());
    }
    let as_draft = crate::domain::postmortem::Access {
        state: State::Draft,
        ..circle
    };
    if as_draft.may_edit(actor) {
        let word = postmortem.state.label().to_lowercase();
        return Err(Error::Conflict(format!(
            "This post-mortem is {word}. It is opened as a draft before it is changed."
        )));
    }
    Err(Error::Forbidden(
        "A draft is written by its author and the leads of its areas.".into(),
    ))
}

/// Leads it on from the state and text that were seen at `revision`.
///
/// Errors: [`Error::Forbidden`] unless [`crate::domain::postmortem::Access::may`]; [`Error::Conflict`] when somebody was faster or it makes
/// no sense where it stands; [`Error::Invalid`] when it lacks what a teachable one has, or going back has no reason.
pub fn lead_on(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    (deed, revision): (Transition, i32),
    note: &Note,
) -> Result<State> {
    let was = store::lock(c, slug)?;
    let circle = was.access();
    if !circle.may_read(&act.actor) {
        return Err(Error::Forbidden(unread().into()));
    }
    unchanged(c, act, &was, revision)?;
    let state = leads_to(was.state, deed).ok_or_else(|| {
        let word = was.state.label().to_lowercase();
        Error::Conflict(format!(
            "This post-mortem is {word}: that cannot be done now."
        ))
    })?;
    if !circle.may(&act.actor, deed) {
        return Err(Error::Forbidden(who_may(deed).into()));
    }
    if matches!(deed, Transition::Submit | Transition::Approve) {
        require_whole(&was.document)?;
    }
    if matches!(deed, Transition::Return | Transition::Retire) && note.is_empty() {
        return Err(Error::field("note", "Say why, in a few words."));
    }
    exactly_one(store::set_state(c, &was, state, act.actor.id, act.now)?)?;
    let action = match deed {
        Transition::Submit => "postmortem.submitted",
        Transition::Return => "postmortem.returned",
        Transition::Approve => "postmortem.approved",
        Transition::Retire => "postmortem.retired",
        Transition::Reopen => "postmortem.reopened",
    };
    let details = json!({
        "title": was.document.title, "from": was.state, "to": state, "note": note.as_str(),
        "revision": was.revision + 1,
    });
    audit::record(c, act, entry(action, was.id, &was.areas).details(details))?;
    Ok(state)
}

/// Why somebody does not see one that is not open.
pub(crate) fn unread() -> &'static str {
    "This post-mortem is not open yet. Drafts are read by their author and by the leads and qualifiers of their areas."
}

/// Teachable ones can be learnt from.
fn require_whole(document: &Document) -> Result<()> {
    let missing = document.missing();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::field(
        "",
        format!(
            "It cannot be taught yet. Still missing: {}.",
            missing.join("; ")
        ),
    ))
}

/// Why a point cannot teach a code.
pub fn untaught(code: &str) -> String {
    format!("{code} is no competency of the published standards of the areas chosen.")
}

/// The document as it fits the areas there are: systems as their areas call them, codes of published standards alone.
fn fitted(c: &mut Conn, document: &Document) -> Result<(Document, Vec<OfArea>)> {
    let areas = store::areas_named(c, &document.areas)?;
    let ids: Vec<i64> = areas.iter().map(|a| a.id).collect();
    let mut errors = FieldErrors::default();
    if areas.len() < document.areas.len() {
        errors.add("area", "One of these areas does not exist.");
    }
    let published = standards::published(c, &ids)?;
    let is_known = |code: &String| {
        published
            .iter()
            .any(|s| s.content.competency(code).is_some())
    };
    for (n, point) in (1..).zip(&document.points) {
        if let Some(code) = point.teaches.iter().find(|code| !is_known(code)) {
            errors.add(format!("teaches-{n}"), untaught(code));
        }
    }
    errors.or(())?;
    let known = store::systems_of(c, &ids)?;
    let named = |typed: &String| {
        let same = known
            .iter()
            .find(|k| k.to_lowercase() == typed.to_lowercase());
        same.unwrap_or(typed).clone()
    };
    let fitted = Document {
        areas: areas.iter().map(|a| a.slug.clone()).collect(),
        systems: document.systems.iter().map(named).collect(),
        ..document.clone()
    };
    Ok((fitted, areas))
}

/// The name its title suggests, or that with the next number behind it.
fn free_slug(c: &mut Conn, document: &Document) -> Result<String> {
    let wanted = document.slug();
    let taken = store::slugs_like(c, &wanted)?;
    let numbered = (2..).map(|n| format!("{wanted}-{n}"));
    let mut all = std::iter::once(wanted.clone()).chain(numbered);
    all.find(|slug| !taken.contains(slug))
        .ok_or_else(|| Error::fault("no name is free"))
}

/// Two who change it at once notice each other.
fn unchanged(c: &mut Conn, act: &Act, was: &Postmortem, revision: i32) -> Result<()> {
    if was.revision == revision {
        return Ok(());
    }
    let who = people::store::name_of(c, was.edited_by)?;
    Err(Error::Conflict(format!(
        "{who} changed this post-mortem {}, after you opened it.",
        act.moment(was.edited_at)
    )))
}

/// An entry of the audit about a post-mortem; about an area too, where it has one alone.
fn entry(action: &'static str, id: i64, areas: &[OfArea]) -> Entry {
    let entry = Entry::new(action, format!("postmortem:{id}"));
    match areas {
        [one] => entry.area(one.id),
        _ => entry,
    }
}
