//! What needs a look in the standard of an area, for those who shape it: its sections by age and open flags, the flags to
//! answer or close, and the people to thank for those that were answered.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::area::model::Area;
use crate::domain::people::Names;
use crate::domain::stale::model::Flag;
use crate::domain::stale::{is_answered, store};
use crate::domain::standard::sections;
use crate::domain::standard::sections::SectionAge;
use crate::domain::standard::{StandardState, store as standards};
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow, errors_of_row};
use crate::pages::parts::table::download;
use crate::pages::request::submit;
use crate::time::{LocalTime, TimeText};
use crate::usecases::stale::actions;
use crate::usecases::stale::actions::required_text;
use crate::usecases::standard::draft_editor::DraftEditor;
use crate::web::table::{Cell, Files, Table};
use crate::web::{Done, Errors, Fields, Page};

/// Answered flags that are named, the latest.
const THANKED: i64 = 20;

struct SectionView {
    label: String,
    /// Where its lines are changed; where they are read while there is no draft.
    href: String,
    /// `14 months`
    age: String,
    version: i32,
    since: TimeText,
    lines: usize,
    flagged: usize,
    flags: usize,
}

impl SectionView {
    /// `base` leads to the standard, `current` is the version that holds.
    fn new(
        age: &SectionAge,
        base: &str,
        (has_draft, current): (bool, i32),
        local: &LocalTime,
    ) -> Self {
        Self {
            label: age.section.label(),
            href: match has_draft {
                true => format!("{base}/draft#g-{}", age.section.word()),
                false => format!("{base}/v/{current}"),
            },
            age: local.age(age.since),
            version: age.version,
            since: local.day_of(age.since),
            lines: age.lines,
            flagged: age.flagged,
            flags: age.flags,
        }
    }
}

/// A flag that a version answered.
struct AnsweredView {
    code: String,
    note: String,
    version: i32,
    when: Option<TimeText>,
    by: String,
    handle: String,
}

struct FlagView {
    id: i64,
    code: String,
    /// The words of the line: of the version that holds, else of the one it was flagged in.
    text: String,
    part: &'static str,
    note: String,
    by: String,
    handle: String,
    when: TimeText,
    /// Where the draft says what the line asks for; empty without a draft or the line in it.
    edit: String,
    /// The draft changes the line.
    is_changed: bool,
    /// It is said that the draft answers it.
    is_answered: bool,
    /// Why it is closed, as it was typed.
    reason: String,
}

#[derive(Template)]
#[template(path = "stale/list.html")]
struct ListPage {
    page: Page,
    errors: Errors,
    area: Area,
    up: String,
    has_draft: bool,
    sections: Vec<SectionView>,
    flags: Vec<FlagView>,
    answered: Vec<AnsweredView>,
    files: Files,
}

const HEADER: [&str; 7] = [
    "Line",
    "Out of date",
    "Note",
    "Flagged by",
    "Flagged (UTC)",
    "Closed (UTC)",
    "Answered in version",
];

/// The flags of the page: those that are open, and those that were answered lately.
pub(crate) async fn table(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    download(&req, move |c, context, _| {
        let area = DraftEditor::area(c, &context.actor, &slug)?;
        let versions = standards::of_area(c, area.id)?;
        let mut flags = store::open_of_area(c, area.id)?;
        flags.extend(store::answered_lately(c, area.id, THANKED)?);
        let names = Names::load(c, flags.iter().map(|f| f.by_id))?;
        let mut table = Table::new(format!("flags-of-{}", *slug), &HEADER);
        table.rows.extend(flags.iter().map(|f| {
            let answered = versions.iter().find(|s| Some(s.id) == f.answered_in);
            vec![
                Cell::text(&f.item_code),
                Cell::text(f.part.label()),
                Cell::text(&f.note),
                Cell::text(names.name(f.by_id)),
                Cell::Moment(f.at),
                Cell::maybe(f.closed_at, Cell::Moment),
                Cell::maybe(answered, |s| Cell::Number(s.version.into())),
            ]
        }));
        Ok(table)
    })
    .await
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), None, Form::default()).await
}

/// Shows the page; a form that came back is the one of that flag.
async fn show(
    req: &HttpRequest,
    slug: String,
    of: Option<i64>,
    form: Form,
) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let area = DraftEditor::area(c, &context.actor, &slug)?;
        let versions = standards::of_area(c, area.id)?;
        let open = store::open_of_area(c, area.id)?;
        let answered = store::answered_lately(c, area.id, THANKED)?;
        let names = Names::load(c, open.iter().chain(&answered).map(|f| f.by_id))?;
        let in_state = |state| versions.iter().find(|s| s.state == state);
        let (draft, published) = (
            in_state(StandardState::Draft),
            in_state(StandardState::Published),
        );
        let view = |f: &Flag| {
            let seen_in = versions.iter().find(|s| s.id == f.standard_id);
            let item = published
                .into_iter()
                .chain(seen_in)
                .find_map(|s| s.content.item(&f.item_code));
            let by = names.person(f.by_id);
            let before = published.map(|p| &*p.content);
            FlagView {
                id: f.id,
                code: f.item_code.clone(),
                text: item.map(|i| i.text.clone()).unwrap_or_default(),
                part: f.part.label(),
                note: f.note.clone(),
                by: by.name.to_owned(),
                handle: by.handle.to_owned(),
                when: context.local.day_of(f.at),
                edit: draft
                    .filter(|d| d.content.item(&f.item_code).is_some())
                    .map(|_| format!("/areas/{slug}/standard/draft/items/{}", f.item_code))
                    .unwrap_or_default(),
                is_changed: draft.is_some_and(|d| is_answered(before, &d.content, &f.item_code)),
                is_answered: draft.is_some_and(|d| f.answered_in == Some(d.id)),
                reason: match of == Some(f.id) {
                    true => form.fields.get("reason").to_owned(),
                    false => String::new(),
                },
            }
        };
        let thanks = |f: &Flag| {
            let by = names.person(f.by_id);
            let version = versions.iter().find(|s| Some(s.id) == f.answered_in)?;
            Some(AnsweredView {
                code: f.item_code.clone(),
                note: f.note.clone(),
                version: version.version,
                when: f.closed_at.map(|at| context.local.day_of(at)),
                by: by.name.to_owned(),
                handle: by.handle.to_owned(),
            })
        };
        let codes: Vec<&str> = open.iter().map(|f| f.item_code.as_str()).collect();
        let base = format!("/areas/{slug}/standard");
        let state = (draft.is_some(), published.map_or(0, |p| p.version));
        let section = |s: &SectionAge| SectionView::new(s, &base, state, &context.local);
        Ok(ListPage {
            page: page.titled("areas", format!("{}, what needs a look", area.name)),
            up: format!("/areas/{slug}"),
            has_draft: draft.is_some(),
            sections: sections::ranked(&versions, &codes)
                .iter()
                .map(section)
                .collect(),
            flags: open.iter().map(view).collect(),
            files: Files::of(&format!("{base}/flags"), &Fields::default()),
            answered: answered.iter().filter_map(thanks).collect(),
            errors: errors_of_row(&form.errors, of),
            area,
        })
    })
    .await
}

/// Says that the draft answers a flag, or that it does not.
pub(crate) async fn answer(
    req: HttpRequest,
    path: web::Path<(String, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (slug, id) = path.into_inner();
    let is_so = fields.get("answered") == "yes";
    submit(&req, &fields, move |c, act| {
        actions::answer(c, act, &slug, id, is_so)?;
        let words = if is_so {
            "The draft answers it: publishing closes the flag."
        } else {
            "The flag waits for an answer again."
        };
        Ok(Done::new(format!("/areas/{slug}/standard/flags"), words))
    })
    .await
}

/// Closes a flag without a change.
pub(crate) async fn close(
    req: HttpRequest,
    path: web::Path<(String, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (slug, id) = path.into_inner();
    let (typed, name) = (fields.clone(), slug.clone());
    submit(&req, &fields, move |c, act| {
        // A person who may not close reads that first, before any error in the fields.
        DraftEditor::area(c, &act.actor, &name)?;
        let missing = "Say why the line stays as it is. The person who flagged it reads it.";
        let reason =
            required_text(typed.get("reason"), missing).map_err(|e| Error::field("reason", e))?;
        actions::close(c, act, &name, id, &reason)?;
        Ok(Done::new(
            format!("/areas/{name}/standard/flags"),
            "The flag is closed. The person who set it reads your reason on home.",
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, Some(id), form).await)
    .await
}
