//! What the forms of a line show.

use askama::Template;

use super::{Asked, Kind};
use crate::db::Conn;
use crate::domain::area::model::Area;
use crate::domain::auth::context::ReadContext;
use crate::domain::people;
use crate::domain::stale::{Ticks, store as flags};
use crate::domain::standard::diff::fields_of;
use crate::domain::standard::draft::{Line, stood_for};
use crate::domain::standard::{DoneBy, Group, ItemGroup, Level};
use crate::error::{Error, Result};
use crate::pages::parts::choice::Choice;
use crate::pages::standard::back;
use crate::usecases::standard::draft_editor::DraftEditor;
use crate::web::{Errors, Fields, Page};

/// What a level looks like, as it was typed.
struct Behaviour {
    name: String,
    label: String,
    text: String,
}

/// An open flag that the line may answer.
struct FlagView {
    id: i64,
    part: &'static str,
    note: String,
    by: String,
    /// The draft answers it, somebody said.
    answered: bool,
    ticked: bool,
}

/// What both forms share.
struct Form {
    area: Area,
    draft: String,
    action: String,
    revision: String,
    version: i32,
    /// False where saving begins the draft.
    is_begun: bool,
    /// Of the line that is edited; empty for a new one.
    code: String,
    typed_code: String,
    next_code: String,
    /// The code belonged to a line of this kind in an earlier version.
    may_be_back: bool,
    is_back: bool,
    groups: Vec<Choice>,
    /// What the published version says, where it has the line.
    published: Vec<(String, String)>,
    /// What the draft says now, when somebody else edited it in the meantime.
    now: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "standard/competency.html")]
pub(crate) struct CompetencyPage {
    page: Page,
    errors: Errors,
    form: Form,
    statement: String,
    levels: Vec<Choice>,
    critical: bool,
    behaviours: Vec<Behaviour>,
}

#[derive(Template)]
#[template(path = "standard/item.html")]
pub(crate) struct ItemPage {
    page: Page,
    errors: Errors,
    form: Form,
    text: String,
    link: String,
    done_by: Vec<Choice>,
    flags: Vec<FlagView>,
}

impl CompetencyPage {
    /// The page as it is sent.
    pub(crate) fn in_shell(self, page: Page) -> Self {
        Self { page, ..self }
    }
}

impl ItemPage {
    /// The page as it is sent.
    pub(crate) fn in_shell(self, page: Page) -> Self {
        Self { page, ..self }
    }
}

/// A line as its form would send it.
fn typed(line: &Line) -> Fields {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: &str| all.push((name.to_owned(), value.to_owned()));
    match line {
        Line::Competency(c) => {
            add("group", c.group.word());
            add("statement", &c.statement);
            add("required_level", &c.required_level.number().to_string());
            if c.critical {
                add("critical", "on");
            }
            for (n, text) in (1..).zip(&c.behaviours) {
                add(&format!("level_{n}"), text);
            }
        }
        Line::Item(i) => {
            add("group", i.group.word());
            add("text", &i.text);
            add("link", i.link.as_deref().unwrap_or_default());
            add("done_by", i.done_by.word());
        }
    }
    let pairs: Vec<(&str, &str)> = all.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    Fields::of(&pairs)
}

/// The draft, and the fields to show: what was typed, or what the draft says.
fn open(c: &mut Conn, context: &ReadContext, asked: &mut Asked) -> Result<(DraftEditor, Fields)> {
    let desk = back::desk(c, &context.actor, &asked.slug, &asked.errors)?;
    let came_back = !asked.errors.is_empty();
    let mut fields = asked.fields.clone();
    let mut advice = String::from("Save it again.");
    if let Some(code) = &asked.code {
        let is_kind =
            |l: &Line| matches!(l, Line::Competency(_)) == (asked.kind == Kind::Competency);
        match desk.draft.content.line(code) {
            Some(line) if is_kind(&line) => {
                advice = "Compare it with what the draft says now, then save again.".into();
                if !came_back {
                    fields = typed(&line);
                }
            }
            None if came_back => {
                advice = format!("{code} was taken out of the draft; saving adds it again.");
                fields = fields.and("code", code).and("is_back", "on");
                asked.code = None;
            }
            _ => return Err(Error::NotFound("line of the draft")),
        }
    }
    asked.errors = back::advise(&desk, std::mem::take(&mut asked.errors), &advice);
    Ok((desk, fields))
}

fn form(desk: &DraftEditor, asked: &Asked, fields: &Fields, groups: Vec<Choice>) -> Form {
    let draft = format!("/areas/{}/standard/draft", desk.area.slug);
    let code = asked.code.clone().unwrap_or_default();
    let words = |line: Option<Line>| line.as_ref().map(fields_of).unwrap_or_default();
    let typed_code = fields.trimmed("code").to_uppercase();
    let group = match asked.kind {
        Kind::Competency => Some(Group::parse(fields.get("group")).unwrap_or(Group::Architecture)),
        Kind::Item => None,
    };
    let stood = stood_for(&desk.earlier, &typed_code);
    Form {
        action: match &asked.code {
            Some(code) => format!("{draft}/{}/{code}", asked.kind.word()),
            None => format!("{draft}/{}/new", asked.kind.word()),
        },
        revision: back::seen(desk, Some(fields), &asked.errors),
        version: desk.draft.version,
        is_begun: desk.is_begun,
        next_code: desk
            .draft
            .content
            .next_code(group, &desk.area.code, &desk.earlier),
        may_be_back: code.is_empty()
            && stood.is_some_and(|s| s.is_competency == (asked.kind == Kind::Competency))
            && desk.draft.content.line(&typed_code).is_none(),
        typed_code,
        is_back: fields.has("is_back"),
        groups,
        published: words(desk.published().and_then(|p| p.content.line(&code))),
        now: if desk.is_begun && back::is_overtaken(&asked.errors) {
            words(desk.draft.content.line(&code))
        } else {
            Vec::new()
        },
        area: desk.area.clone(),
        code,
        draft,
    }
}

fn choice(
    fields: &Fields,
    name: &str,
    value: &str,
    label: impl Into<String>,
    default: bool,
) -> Choice {
    Choice::new(
        value,
        label,
        if fields.has(name) {
            fields.get(name) == value
        } else {
            default
        },
    )
}

pub(crate) fn competency_page(
    c: &mut Conn,
    context: &ReadContext,
    mut asked: Asked,
) -> Result<CompetencyPage> {
    let (desk, fields) = open(c, context, &mut asked)?;
    let group = |g: &Group| {
        choice(
            &fields,
            "group",
            g.word(),
            g.label(),
            *g == Group::Architecture,
        )
    };
    let groups = Group::ALL.iter().map(group).collect();
    let level = |l: &Level| {
        let number = l.number().to_string();
        let label = format!("{number} {}", l.label());
        choice(&fields, "required_level", &number, label, l.number() == 3)
    };
    let behaviour = |l: &Level| {
        let name = format!("level_{}", l.number());
        Behaviour {
            text: fields.get(&name).to_owned(),
            label: format!("Level {}, {}", l.number(), l.label().to_lowercase()),
            name,
        }
    };
    Ok(CompetencyPage {
        page: Page::signed_out(""),
        form: form(&desk, &asked, &fields, groups),
        statement: fields.get("statement").to_owned(),
        levels: Level::ALL.iter().map(level).collect(),
        critical: fields.has("critical"),
        behaviours: Level::ALL.iter().map(behaviour).collect(),
        errors: asked.errors,
    })
}

pub(crate) fn item_page(c: &mut Conn, context: &ReadContext, mut asked: Asked) -> Result<ItemPage> {
    let (desk, fields) = open(c, context, &mut asked)?;
    let group =
        |g: &ItemGroup| choice(&fields, "group", g.word(), g.label(), *g == ItemGroup::Read);
    let groups = ItemGroup::ALL.iter().map(group).collect();
    let done_by = |d: &DoneBy| {
        let label = match d {
            DoneBy::Mentee => "The mentee, and a mentor checks it",
            DoneBy::Mentor => "A mentor, in one step",
        };
        choice(&fields, "done_by", d.word(), label, *d == DoneBy::Mentee)
    };
    let mut open_flags = flags::open_of_area(c, desk.area.id)?;
    open_flags.retain(|f| Some(&f.item_code) == asked.code.as_ref());
    let ids: Vec<i64> = open_flags.iter().map(|f| f.by_id).collect();
    let people = people::store::by_ids(c, &ids)?;
    // What was ticked on a form that comes back; on a fresh one nothing was.
    let ticks = Ticks::parse(&fields);
    let is_answered = |f: &crate::domain::stale::model::Flag| f.answered_in == Some(desk.draft.id);
    let flag = |f: &crate::domain::stale::model::Flag| FlagView {
        id: f.id,
        part: f.part.label(),
        note: f.note.clone(),
        by: people
            .iter()
            .find(|p| p.id == f.by_id)
            .map(|p| p.name.clone())
            .unwrap_or_default(),
        answered: is_answered(f),
        ticked: ticks.leaves(f.id, is_answered(f)),
    };
    Ok(ItemPage {
        page: Page::signed_out(""),
        form: form(&desk, &asked, &fields, groups),
        text: fields.get("text").to_owned(),
        link: fields.get("link").to_owned(),
        done_by: DoneBy::ALL.iter().map(done_by).collect(),
        flags: open_flags.iter().map(flag).collect(),
        errors: asked.errors,
    })
}
