//! The page of a draft: every line in order, each with what it changes; and what its buttons do.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::area::model::Area;
use crate::domain::audit::Act;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::Names;
use crate::domain::people::store::name_of;
use crate::domain::stale::model::Flag;
use crate::domain::stale::store as flags;
use crate::domain::standard::diff::{Diff, LineChange};
use crate::domain::standard::draft::Step;
use crate::domain::standard::{DoneBy, Group, ItemGroup, Standard, StandardState, check};
use crate::error::{Error, Result};
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::standard::LineView;
use crate::pages::request::submit;
use crate::time::TimeText;
use crate::usecases::standard::actions;
use crate::usecases::standard::draft_editor::{DraftEditor, Seen, frozen};
use crate::usecases::standard::input;
use crate::web::{Done, Errors, Fields, Page};

/// Lines of one group.
struct GroupView {
    /// `competencies` or `items`: what its lines are, in URLs.
    kind: &'static str,
    word: &'static str,
    label: &'static str,
    rows: Vec<Row>,
}

/// A line of the draft.
struct Row {
    code: String,
    text: String,
    /// Number and word of the required level; 0 for a checklist item.
    level: (u8, &'static str),
    critical: bool,
    by_mentor: bool,
    link: String,
    flags: usize,
    /// What it changes, where it does.
    change: Option<LineView>,
    /// Where its buttons move it: `up`, or `to the end of Observability`; empty where it cannot go.
    up: String,
    down: String,
    /// Which of its buttons was just pressed.
    pressed: &'static str,
}

struct FlagView {
    code: String,
    part: &'static str,
    note: String,
    by: String,
    answered: bool,
}

/// What the page shows while there is a draft.
struct DraftView {
    version: i32,
    from: Option<i32>,
    revision: String,
    is_edited: bool,
    edited: (String, TimeText),
    competencies: Vec<GroupView>,
    items: Vec<GroupView>,
    gates: Vec<(&'static str, String, Option<LineView>)>,
    removed: Vec<LineView>,
    changes: usize,
    problems: Vec<String>,
    flags: Vec<FlagView>,
}

#[derive(Template)]
#[template(path = "standard/draft.html")]
struct DraftPage {
    page: Page,
    errors: Errors,
    area: Area,
    up: String,
    /// Why nothing can be changed; no button is shown then.
    frozen: Option<String>,
    published: Option<i32>,
    draft: Option<DraftView>,
}

pub(crate) async fn page(req: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse> {
    show(&req, slug.into_inner(), Form::asked(&req)?).await
}

async fn show(req: &HttpRequest, slug: String, form: Form) -> Result<HttpResponse> {
    form.show(req, move |c, context, page, form| {
        let (area, published, draft) = match DraftEditor::read(c, &context.actor, &slug)? {
            Ok(editor) => {
                let draft = draft_view(c, context, &editor, &form.fields)?;
                let published = editor.published().map(|p| p.version);
                (editor.area, published, Some(draft))
            }
            Err((area, versions)) => {
                let is_published = |s: &&Standard| s.state == StandardState::Published;
                let published = versions.iter().find(is_published).map(|p| p.version);
                (area, published, None)
            }
        };
        Ok(DraftPage {
            page: page.titled("areas", format!("{}, draft of the standard", area.name)),
            errors: form.errors,
            up: format!("/areas/{}", area.slug),
            frozen: frozen(&area),
            area,
            published,
            draft,
        })
    })
    .await
}

fn draft_view(
    c: &mut Conn,
    context: &ReadContext,
    editor: &DraftEditor,
    asked: &Fields,
) -> Result<DraftView> {
    let draft = &editor.draft;
    let diff = editor.diff();
    let open = flags::open_of_area(c, editor.area.id)?;
    let names = Names::load(c, open.iter().map(|f| f.by_id))?;
    let who = name_of(c, draft.edited_by)?;
    let at = draft.edited_at.unwrap_or(draft.created_at);
    let rows = Rows {
        editor,
        diff: &diff,
        open: &open,
        asked,
    };
    Ok(DraftView {
        version: draft.version,
        from: editor.published().map(|p| p.version),
        revision: draft.seen().to_string(),
        is_edited: draft.revision > 0,
        edited: (who, context.local.moment(at)),
        competencies: with_ends(Group::ALL.iter().map(|g| rows.competencies(*g)).collect()),
        items: with_ends(ItemGroup::ALL.iter().map(|g| rows.items(*g)).collect()),
        gates: draft
            .content
            .gates
            .iter()
            .map(|g| (g.label(), g.numbers(), rows.change(g.kind())))
            .collect(),
        removed: diff
            .competencies
            .iter()
            .chain(&diff.items)
            .filter(|l| l.change == LineChange::Removed)
            .map(|l| LineView::new(l, false))
            .collect(),
        changes: diff.changes().count(),
        problems: check::problems(&draft.content, &editor.area.code),
        flags: open
            .iter()
            .map(|f| FlagView {
                code: f.item_code.clone(),
                part: f.part.label(),
                note: f.note.clone(),
                by: names.name(f.by_id).to_owned(),
                answered: f.answered_in == Some(draft.id),
            })
            .collect(),
    })
}

struct Rows<'a> {
    editor: &'a DraftEditor,
    diff: &'a Diff,
    open: &'a [Flag],
    asked: &'a Fields,
}

impl Rows<'_> {
    fn change(&self, code: &str) -> Option<LineView> {
        let line = self
            .diff
            .line(code)
            .filter(|l| l.change != LineChange::Kept)?;
        Some(LineView::new(line, false))
    }

    fn row(&self, code: &str, text: &str) -> Row {
        Row {
            code: code.to_owned(),
            text: text.to_owned(),
            level: (0, ""),
            critical: false,
            by_mentor: false,
            link: String::new(),
            flags: self.open.iter().filter(|f| f.item_code == code).count(),
            change: self.change(code),
            up: "up".to_owned(),
            down: "down".to_owned(),
            pressed: match self.asked.get("by") {
                "up" if self.asked.get("moved") == code => "up",
                "down" if self.asked.get("moved") == code => "down",
                _ => "",
            },
        }
    }

    fn competencies(&self, group: Group) -> GroupView {
        let lines = &self.editor.draft.content.competencies;
        let of_group = lines.iter().filter(|c| c.group == group);
        let rows = of_group.map(|c| Row {
            level: (c.required_level.number(), c.required_level.label()),
            critical: c.critical,
            ..self.row(&c.code, &c.statement)
        });
        GroupView {
            kind: "competencies",
            word: group.word(),
            label: group.label(),
            rows: rows.collect(),
        }
    }

    fn items(&self, group: ItemGroup) -> GroupView {
        let lines = &self.editor.draft.content.items;
        let of_group = lines.iter().filter(|i| i.group == group);
        let rows = of_group.map(|i| Row {
            by_mentor: i.done_by == DoneBy::Mentor,
            link: i.link.clone().unwrap_or_default(),
            ..self.row(&i.code, &i.text)
        });
        GroupView {
            kind: "items",
            word: group.word(),
            label: group.label(),
            rows: rows.collect(),
        }
    }
}

/// The first line of a group goes up to the end of the group before, the last one down to the start of the next. A
/// button that was pressed until there was no further is gone: the other one has the focus then.
fn with_ends(mut groups: Vec<GroupView>) -> Vec<GroupView> {
    let labels: Vec<_> = groups.iter().map(|g| g.label).collect();
    let mut before = "";
    for (group, after) in groups
        .iter_mut()
        .zip(labels.into_iter().skip(1).chain([""]))
    {
        if let Some(first) = group.rows.first_mut() {
            first.up = across("end", before);
        }
        if let Some(last) = group.rows.last_mut() {
            last.down = across("start", after);
        }
        for row in &mut group.rows {
            row.pressed = match row.pressed {
                "up" if row.up.is_empty() => "down",
                "down" if row.down.is_empty() => "up",
                pressed => pressed,
            };
        }
        before = group.label;
    }
    groups
}

fn across(place: &str, group: &str) -> String {
    if group.is_empty() {
        String::new()
    } else {
        format!("to the {place} of {group}")
    }
}

pub(crate) async fn start(
    req: HttpRequest,
    slug: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let slug = slug.into_inner();
    let from_published = fields.get("from") != "nothing";
    let to = slug.clone();
    submit(&req, &fields, move |c, act| {
        let version = actions::start(c, act, &to, from_published)?;
        Ok(Done::new(
            format!("/areas/{to}/standard/draft"),
            format!("The draft of v{version} is open. Nobody ramps on it until it is published."),
        ))
    })
    .await
    .or_show(fields, async |form| show(&req, slug, form).await)
    .await
}

/// What a button at a line asks for.
struct AtLine {
    slug: String,
    code: String,
    seen: Seen,
    fields: Fields,
}

async fn change<F>(
    req: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
    f: F,
) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &Act, &AtLine) -> Result<Done> + Send + 'static,
{
    let (slug, code) = path.into_inner();
    let (to, typed) = (slug.clone(), fields.clone());
    submit(&req, &fields, move |c, act| {
        let line = AtLine {
            slug: to,
            code,
            seen: input::seen(&typed)?,
            fields: typed,
        };
        f(c, act, &line)
    })
    .await
    .or_show(fields, async |form| show(&req, slug, form).await)
    .await
}

pub(crate) async fn order(
    req: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    change(req, path, fields, |c, act, line| {
        let step = Step::parse(line.fields.get("to"))
            .ok_or_else(|| Error::field("", "Say where the line goes."))?;
        let code = &line.code;
        let group = actions::shift(c, act, &line.slug, line.seen, code, &step)?;
        let page = format!("/areas/{}/standard/draft", line.slug);
        // The button that was pressed gets the focus again, and brings its line into view; browsers ignore that where
        // the address names a place of the page.
        let page = match step {
            Step::Up => format!("{page}?moved={code}&by=up"),
            Step::Down => format!("{page}?moved={code}&by=down"),
            Step::Before(_) | Step::EndOf(_) => format!("{page}#line-{code}"),
        };
        let said = match group {
            Some(group) => format!("{code} moved to {group}."),
            None => format!("{code} moved."),
        };
        Ok(Done::new(page, said))
    })
    .await
}

pub(crate) async fn remove(
    req: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    change(req, path, fields, |c, act, line| {
        let (slug, code) = (&line.slug, &line.code);
        actions::remove(c, act, slug, line.seen, code)?;
        Ok(Done::new(
            format!("/areas/{slug}/standard/draft"),
            format!("{code} is out of the draft."),
        ))
    })
    .await
}

pub(crate) async fn put_back(
    req: HttpRequest,
    path: web::Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse> {
    change(req, path, fields, |c, act, line| {
        let (slug, code) = (&line.slug, &line.code);
        actions::put_back(c, act, slug, line.seen, code)?;
        Ok(Done::new(
            format!("/areas/{slug}/standard/draft#line-{code}"),
            format!("{code} is back in the draft."),
        ))
    })
    .await
}
