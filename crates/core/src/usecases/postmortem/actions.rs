//! Writing a post-mortem, and moving it through its states.

use serde_json::json;

use crate::db::locks::Order;
use crate::db::{Conn, exactly_one, locks};
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::people;
use crate::domain::postmortem::lifecycle::{leads_to, who_may};
use crate::domain::postmortem::store;
use crate::domain::postmortem::store::Written;
use crate::domain::postmortem::{Document, OfArea, Postmortem, State, Transition};
use crate::domain::standard::store as standards;
use crate::error::{Error, FieldErrors, Result};
use crate::text;
use crate::words::Words;

/// A note for a change of state; may be empty.
pub type Note = Words<500>;

/// Creates a draft; returns its slug. Every member may.
///
/// Errors: [`Error::Invalid`] when areas or codes are not known, or when the actor wrote the same already and does not say
/// that this is `another` one.
pub fn add(c: &mut Conn, act: &Act, document: &Document, another: bool) -> Result<String> {
    let (document, areas) = matched_to_areas(c, document)?;
    // Two of the same title at once would get the same slug.
    one_at_a_time(c)?;
    if !another && let Some(slug) = store::same_of(c, act.actor.id, &document)? {
        return Err(Error::field(
            "another",
            format!(
                "You wrote “{}” with this start already, at /library/{slug}. Open it, or save another.",
                document.title
            ),
        ));
    }
    let slug = free_slug(c, &document)?;
    insert(c, act, &slug, &document, &areas)?;
    Ok(slug)
}

/// Creates a draft under that slug, from a file.
///
/// Errors: [`Error::Forbidden`] unless the actor is an administrator; [`Error::Conflict`] when the slug is taken,
/// [`Error::Invalid`] when areas or codes are not known.
pub fn add_file(c: &mut Conn, act: &Act, slug: &str, document: &Document) -> Result<()> {
    require_importer(act)?;
    let (document, areas) = matched_to_areas(c, document)?;
    one_at_a_time(c)?;
    if store::slugs_like(c, slug)?
        .iter()
        .any(|taken| taken == slug)
    {
        return Err(Error::Conflict(format!(
            "Someone wrote a post-mortem {slug} at the same moment; import again."
        )));
    }
    insert(c, act, slug, &document, &areas)
}

/// Replaces the text of a draft from a file.
///
/// Errors: [`Error::Forbidden`] unless the actor is an administrator; [`Error::Conflict`] when it is no longer a draft,
/// [`Error::Invalid`] when areas or codes are not known.
pub fn rewrite(c: &mut Conn, act: &Act, slug: &str, document: &Document) -> Result<()> {
    require_importer(act)?;
    let was = store::lock(c, slug)?;
    if was.state != State::Draft {
        return Err(Error::Conflict(format!(
            "The post-mortem {slug} is no longer a draft. Import again."
        )));
    }
    write(c, act, &was, document)
}

/// No one else gives a post-mortem its slug until this transaction ends.
pub fn one_at_a_time(c: &mut Conn) -> Result<()> {
    locks::one_at_a_time(c, Order::Slugs, "")
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

/// Changes the post-mortem that the form showed at `revision`; returns its slug.
///
/// Errors: [`Error::Forbidden`] unless the actor is its author or a lead, [`Error::Conflict`] when someone changed it
/// since or it is no longer a draft, [`Error::Invalid`] when areas or codes are not known.
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

/// Stores a document as the next version of the locked post-mortem.
fn write(c: &mut Conn, act: &Act, was: &Postmortem, document: &Document) -> Result<()> {
    let (document, areas) = matched_to_areas(c, document)?;
    if was.state == State::InReview {
        require_complete(&document)?;
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

/// Only people who may edit it, while it is a draft.
///
/// Errors: [`Error::Forbidden`], [`Error::Conflict`] when it is no longer a draft.
pub fn require_edit(postmortem: &Postmortem, act: &Act) -> Result<()> {
    may_edit(postmortem, &act.actor)
}

/// The same for a page.
pub fn may_edit(postmortem: &Postmortem, actor: &people::Actor) -> Result<()> {
    let access = postmortem.access();
    if access.may_edit(actor) {
        return Ok(());
    }
    let as_draft = crate::domain::postmortem::Access {
        state: State::Draft,
        ..access
    };
    if as_draft.may_edit(actor) {
        let word = postmortem.state.label().to_lowercase();
        return Err(Error::Conflict(format!(
            "This post-mortem is {word}. Open it as a draft before you change it."
        )));
    }
    Err(Error::Forbidden(
        "Only its author and the leads of its areas can write a draft.".into(),
    ))
}

/// Moves it on from the state and text that the form showed at `revision`.
///
/// Errors: [`Error::Forbidden`] unless [`crate::domain::postmortem::Access::may`]; [`Error::Conflict`] when someone was
/// faster or its state does not allow it; [`Error::Invalid`] when it lacks what a teachable one needs, or a step back
/// has no reason.
pub fn make_transition(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    (transition, revision): (Transition, i32),
    note: &Note,
) -> Result<State> {
    let was = store::lock(c, slug)?;
    let access = was.access();
    if !access.may_read(&act.actor) {
        return Err(Error::Forbidden(not_open().into()));
    }
    unchanged(c, act, &was, revision)?;
    let state = leads_to(was.state, transition).ok_or_else(|| {
        let word = was.state.label().to_lowercase();
        Error::Conflict(format!(
            "This post-mortem is {word}: that cannot be done now."
        ))
    })?;
    if !access.may(&act.actor, transition) {
        return Err(Error::Forbidden(who_may(transition).into()));
    }
    if matches!(transition, Transition::Submit | Transition::Approve) {
        require_complete(&was.document)?;
    }
    if matches!(transition, Transition::Return | Transition::Retire) && note.is_empty() {
        return Err(Error::field("note", "Say why, in a few words."));
    }
    exactly_one(store::set_state(c, &was, state, act.actor.id, act.now)?)?;
    let action = match transition {
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

/// Why someone cannot see a post-mortem that is not open.
pub fn not_open() -> &'static str {
    "This post-mortem is not open yet. Only the author, and the leads and qualifiers of its areas, can read a draft."
}

/// Problems that keep it from being teachable.
fn require_complete(document: &Document) -> Result<()> {
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

/// Why a decision point cannot teach a code.
pub fn unknown_code(code: &str) -> String {
    format!("{code} is not a competency of the published standards of the areas chosen.")
}

/// The document with the current areas: systems as their areas name them, and only codes of published standards.
fn matched_to_areas(c: &mut Conn, document: &Document) -> Result<(Document, Vec<OfArea>)> {
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
            errors.add(format!("teaches-{n}"), unknown_code(code));
        }
    }
    errors.or(())?;
    let known = store::systems_of(c, &ids)?;
    let named = |typed: &String| {
        let same = known
            .iter()
            .find(|known| text::key(known) == text::key(typed));
        same.unwrap_or(typed).clone()
    };
    let matched_to_areas = Document {
        areas: areas.iter().map(|a| a.slug.clone()).collect(),
        systems: document.systems.iter().map(named).collect(),
        ..document.clone()
    };
    Ok((matched_to_areas, areas))
}

/// The slug of its title, with the next number when it is taken.
fn free_slug(c: &mut Conn, document: &Document) -> Result<String> {
    let wanted = document.slug();
    let taken = store::slugs_like(c, &wanted)?;
    let numbered = (2..).map(|n| format!("{wanted}-{n}"));
    let mut all = std::iter::once(wanted.clone()).chain(numbered);
    all.find(|slug| !taken.contains(slug))
        .ok_or_else(|| Error::fault("no name is free"))
}

/// Two people who change it at once notice each other.
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

/// An audit entry about a post-mortem; about an area too, if it has exactly one.
pub(super) fn entry(action: &'static str, id: i64, areas: &[OfArea]) -> Entry {
    let entry = Entry::new(action, format!("postmortem:{id}"));
    match areas {
        [one] => entry.area(one.id),
        _ => entry,
    }
}
