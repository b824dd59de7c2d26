//! What the forms of one line of a draft share: of a competency, and of a checklist item.

use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::{advise, editor};
use crate::db::Conn;
use crate::domain::area::model::Area;
use crate::domain::auth::context::ReadContext;
use crate::domain::standard::Group;
use crate::domain::standard::diff::fields_of;
use crate::domain::standard::draft::{Line, last_use_of};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::Form;
use crate::pages::parts::choice::Choice;
use crate::pages::request::submit;
use crate::usecases::standard::actions;
use crate::usecases::standard::actions::Target;
use crate::usecases::standard::draft_editor::DraftEditor;
use crate::usecases::standard::input;
use crate::usecases::standard::input::LineInput;
use crate::web::{Done, Fields};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Competency,
    Item,
}

impl Kind {
    /// The word in URLs.
    fn folder(self) -> &'static str {
        match self {
            Self::Competency => "competencies",
            Self::Item => "items",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Competency => "competency",
            Self::Item => "checklist item",
        }
    }
}

/// Which line a form is about.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct LinePath {
    slug: String,
    /// `None` for a new line.
    code: Option<String>,
}

/// What both forms show.
pub(super) struct LineForm {
    pub area: Area,
    pub draft: String,
    pub action: String,
    pub revision: String,
    pub version: i32,
    /// False where saving begins the draft.
    pub is_begun: bool,
    /// Of the line that is edited; empty for a new one.
    pub code: String,
    pub typed_code: String,
    pub next_code: String,
    /// The code belonged to a line of this kind in an earlier version.
    pub may_be_back: bool,
    pub is_back: bool,
    /// What the published version says, where it has the line.
    pub published: Vec<(String, String)>,
    /// What the draft says now, when someone else edited it in the meantime.
    pub now: Vec<(String, String)>,
}

/// A form with all that it shows.
pub(super) struct Opened {
    pub title: String,
    pub form: LineForm,
    /// What was typed, or what the draft says.
    pub fields: Fields,
    pub errors: FieldErrors,
    pub draft_id: i64,
}

pub(super) fn open(
    c: &mut Conn,
    context: &ReadContext,
    kind: Kind,
    path: LinePath,
    form: Form,
) -> Result<Opened> {
    let editor = editor(c, &context.actor, &path.slug, &form)?;
    let content = &editor.draft.content;
    let came_back = form.typed().is_some();
    let mut fields = form.fields.clone();
    let mut code = path.code.unwrap_or_default();
    let mut advice = String::from("Save it again.");
    if !code.is_empty() {
        match content.line(&code) {
            Some(line) if is_of(kind, &line) => {
                advice = "Compare it with what the draft says now, then save again.".into();
                if !came_back {
                    fields = typed(&line);
                }
            }
            None if came_back => {
                advice = format!("{code} was taken out of the draft; saving adds it again.");
                fields = fields.and("code", &code).and("is_back", "on");
                code.clear();
            }
            _ => return Err(Error::NotFound("line of the draft")),
        }
    }
    let draft = format!("/areas/{}/standard/draft", editor.area.slug);
    let words = |line: Option<Line>| line.as_ref().map(fields_of).unwrap_or_default();
    let typed_code = fields.trimmed("code").to_uppercase();
    let group = match kind {
        Kind::Competency => Some(Group::parse(fields.get("group")).unwrap_or(Group::Architecture)),
        Kind::Item => None,
    };
    let former = last_use_of(&editor.earlier, &typed_code);
    let place = match code.as_str() {
        "" => "new",
        code => code,
    };
    let shown = LineForm {
        action: format!("{draft}/{}/{place}", kind.folder()),
        revision: form.seen("revision", editor.seen()),
        version: editor.draft.version,
        is_begun: editor.is_begun,
        next_code: content.next_code(group, &editor.area.code, &editor.earlier),
        may_be_back: code.is_empty()
            && former.is_some_and(|s| s.is_competency == (kind == Kind::Competency))
            && content.line(&typed_code).is_none(),
        typed_code,
        is_back: fields.has("is_back"),
        published: words(editor.published().and_then(|p| p.content.line(&code))),
        now: match editor.is_begun && form.is_overtaken() {
            true => words(content.line(&code)),
            false => Vec::new(),
        },
        area: editor.area.clone(),
        code,
        draft,
    };
    Ok(Opened {
        title: match shown.code.as_str() {
            "" => format!("A new {}", kind.word()),
            code => format!("Edit {code}"),
        },
        form: shown,
        fields,
        errors: advise(&editor, form, &advice),
        draft_id: editor.draft.id,
    })
}

fn is_of(kind: Kind, line: &Line) -> bool {
    matches!(line, Line::Competency(_)) == (kind == Kind::Competency)
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

/// A choice of the form: chosen as it was typed, or else by default.
pub(super) fn choice(
    fields: &Fields,
    name: &str,
    value: &str,
    label: impl Into<String>,
    default: bool,
) -> Choice {
    let chosen = match fields.has(name) {
        true => fields.get(name) == value,
        false => default,
    };
    Choice::new(value, label, chosen)
}

/// Writes the line that `read` makes of the form.
pub(super) async fn save(
    req: &HttpRequest,
    path: LinePath,
    fields: &Fields,
    read: fn(&Fields) -> Result<LineInput>,
) -> Result<HttpResponse> {
    let typed = fields.clone();
    submit(req, fields, move |c, act| {
        let slug = &path.slug;
        // A person who may not edit is told so before any mistake.
        DraftEditor::area(c, &act.actor, slug)?;
        let target = path
            .code
            .map_or_else(|| input::new_line(&typed), Target::Existing);
        let (seen, line) = (input::seen(&typed)?, read(&typed)?);
        let code = actions::save_line(c, act, slug, seen, &target, &line)?;
        let verb = match target {
            Target::Existing(_) => "saved",
            Target::New { .. } => "added",
        };
        Ok(Done::new(
            format!("/areas/{slug}/standard/draft#line-{code}"),
            format!("{code} is {verb} in the draft."),
        ))
    })
    .await
}
