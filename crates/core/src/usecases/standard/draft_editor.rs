//! A draft as someone works on it: permission, the version it will replace, and the revision check that makes two
//! editors notice each other.

use std::fmt;

use crate::db::Conn;
use crate::domain::area;
use crate::domain::area::model::Area;
use crate::domain::audit::Act;
use crate::domain::people::Actor;
use crate::domain::people::store::name_of;
use crate::domain::standard::diff::{Diff, diff};
use crate::domain::standard::{Content, Standard, StandardState, may_draft, store};
use crate::error::{Error, Result};

/// What a form was opened on. It names the version, because every draft counts its revisions from the start: a revision
/// alone could match a later draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The draft of a version, at a revision.
    Draft { version: i32, revision: i32 },
    /// No draft: saving begins one.
    Nothing,
}

impl Seen {
    /// Parses `3.12`, or `none`.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "none" {
            return Some(Self::Nothing);
        }
        let (version, revision) = text.split_once('.')?;
        Some(Self::Draft {
            version: version.parse().ok()?,
            revision: revision.parse().ok()?,
        })
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft { version, revision } => write!(f, "{version}.{revision}"),
            Self::Nothing => f.write_str("none"),
        }
    }
}

impl Standard {
    /// The current draft, for forms opened on it.
    pub fn seen(&self) -> Seen {
        Seen::Draft {
            version: self.version,
            revision: self.revision,
        }
    }
}

/// An area's draft with everything needed to change it.
#[derive(Debug, Clone)]
pub struct DraftEditor {
    pub area: Area,
    pub draft: Standard,
    /// Newest first.
    pub earlier: Vec<Standard>,
    /// False until someone begins the draft: then it is the published version under the next number.
    pub is_begun: bool,
}

impl DraftEditor {
    /// The area, for someone who may edit its standard.
    pub fn area(c: &mut Conn, actor: &Actor, slug: &str) -> Result<Area> {
        let area = area::store::by_slug(c, slug)?.ok_or(Error::NotFound("area"))?;
        let qualifiers: Vec<i64> = area::store::qualifiers_of(c, area.id)?
            .into_iter()
            .map(|q| q.person_id)
            .collect();
        if may_draft(actor, area.owner_team_id, &qualifiers) {
            Ok(area)
        } else {
            Err(Error::Forbidden(format!(
                "The standard of {} can be edited only by its qualifiers, the leads of {} and administrators.",
                area.name, area.owner_team
            )))
        }
    }

    /// The same, for a change.
    ///
    /// Errors: As [`DraftEditor::area`]; [`Error::Conflict`] when the area is archived.
    pub fn area_in_use(c: &mut Conn, actor: &Actor, slug: &str) -> Result<Area> {
        let area = Self::area(c, actor, slug)?;
        frozen(&area).map_or(Ok(area), |why| Err(Error::Conflict(why)))
    }

    /// Area and draft for a page; `Err` has the area and its versions when there is no draft.
    pub fn read(
        c: &mut Conn,
        actor: &Actor,
        slug: &str,
    ) -> Result<std::result::Result<Self, (Area, Vec<Standard>)>> {
        let area = Self::area(c, actor, slug)?;
        let mut earlier = store::of_area(c, area.id)?;
        let place = earlier.iter().position(|s| s.state == StandardState::Draft);
        Ok(match place {
            Some(n) => Ok(Self {
                draft: earlier.remove(n),
                area,
                earlier,
                is_begun: true,
            }),
            None => Err((area, earlier)),
        })
    }

    /// The same for a form, which needs a draft that may change.
    ///
    /// Errors: [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] when the area is archived.
    pub fn read_draft(c: &mut Conn, actor: &Actor, slug: &str) -> Result<Self> {
        let editor = Self::read(c, actor, slug)?.map_err(|_| Error::NotFound("draft"))?;
        frozen(&editor.area).map_or(Ok(editor), |why| Err(Error::Conflict(why)))
    }

    /// The same for a form that comes back: if someone published its draft meanwhile, it continues in the next one.
    pub fn read_or_next(c: &mut Conn, actor: &Actor, slug: &str) -> Result<Self> {
        let (area, earlier) = match Self::read(c, actor, slug)? {
            Ok(editor) => return Ok(editor),
            Err(without) => without,
        };
        let newest = earlier.first().cloned().ok_or(Error::NotFound("draft"))?;
        let content = earlier
            .iter()
            .find(|s| s.state == StandardState::Published)
            .map(|p| p.content.clone());
        let draft = Standard {
            // No row has it.
            id: 0,
            version: newest.version.saturating_add(1),
            state: StandardState::Draft,
            content: content.unwrap_or_default(),
            note: String::new(),
            material: false,
            ..newest
        };
        Ok(Self {
            area,
            draft,
            earlier,
            is_begun: false,
        })
    }

    /// What a form here is opened on.
    pub fn seen(&self) -> Seen {
        if self.is_begun {
            self.draft.seen()
        } else {
            Seen::Nothing
        }
    }

    /// Locks area and draft, so that nobody archives or edits them meanwhile, then loads them: for use cases that
    /// write.
    ///
    /// Errors: [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] when there is no draft, or no longer one.
    pub fn lock(c: &mut Conn, act: &Act, slug: &str) -> Result<Self> {
        area::store::lock_by_slug(c, slug)?;
        let area = Self::area_in_use(c, &act.actor, slug)?;
        let draft = store::lock_draft(c, area.id)?;
        let mut earlier = store::of_area(c, area.id)?;
        earlier.retain(|s| s.state != StandardState::Draft);
        match draft {
            Some(draft) => Ok(Self {
                area,
                draft,
                earlier,
                is_begun: true,
            }),
            None => Err(Error::Conflict(no_draft(c, act, &earlier)?)),
        }
    }

    /// The published version.
    pub fn published(&self) -> Option<&Standard> {
        let mut all = self.earlier.iter();
        all.find(|s| s.state == StandardState::Published)
    }

    pub fn diff(&self) -> Diff {
        diff_from(self.published(), &self.draft.content)
    }

    /// Who changed what the form was opened on, and when; `None` when no one did.
    pub fn overtaken(&self, c: &mut Conn, act: &Act, seen: Seen) -> Result<Option<String>> {
        if self.draft.seen() == seen {
            return Ok(None);
        }
        if let Seen::Draft { version, .. } = seen
            && let Some(opened) = self.earlier.iter().find(|s| s.version == version)
            && let Some(at) = opened.published_at
        {
            return Ok(Some(format!(
                "{} published v{version} on {}, after you opened its draft. There is a draft of v{} now.",
                name_of(c, opened.published_by)?,
                act.moment(at),
                self.draft.version
            )));
        }
        let (who, at) = last_edit(c, act, &self.draft)?;
        Ok(Some(format!(
            "{who} edited this draft on {at}, after you opened it."
        )))
    }
}

/// Why the standard of an area cannot change; `None` when it can.
pub fn frozen(area: &Area) -> Option<String> {
    area.archived_at.map(|_| {
        format!(
            "{} is archived. An administrator can bring it back.",
            area.name
        )
    })
}

/// What `after` changes in the version before it; everything, when there is none.
pub fn diff_from(before: Option<&Standard>, after: &Content) -> Diff {
    match before {
        Some(before) => diff(&before.content, after),
        None => diff(&Content::default(), after),
    }
}

/// The last editor of a draft, and when they saved.
pub fn last_edit(c: &mut Conn, act: &Act, draft: &Standard) -> Result<(String, String)> {
    let at = draft.edited_at.unwrap_or(draft.created_at);
    Ok((name_of(c, draft.edited_by)?, act.moment(at)))
}

fn no_draft(c: &mut Conn, act: &Act, versions: &[Standard]) -> Result<String> {
    let published = versions
        .iter()
        .find(|s| s.state == StandardState::Published);
    let Some((version, at)) = published.and_then(|s| Some((s, s.published_at?))) else {
        return Ok("There is no draft of this standard. Start one first.".into());
    };
    let who = name_of(c, version.published_by)?;
    Ok(format!(
        "The draft is gone: {who} published v{} on {}. Your change was not saved.",
        version.version,
        act.moment(at)
    ))
}
