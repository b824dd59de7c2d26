//! How a drill looks, on every page alike.

use super::file::File;
use super::store::Drill;
use super::{DrillState, Role};
use crate::auth::request::Asking;
use crate::register::look::Mark;
use crate::session::words::elsewhere;
use crate::web::time::When;

/// The word of a state with shape and colour.
pub(super) fn mark(state: DrillState) -> Mark {
    let (css, icon, detail) = match state {
        DrillState::Planned => ("todo", "st-todo", ""),
        DrillState::Running => ("ramp", "st-ramp2", ""),
        DrillState::Run => ("wait", "st-await", "debrief due"),
        DrillState::Debriefed => ("ok", "st-cleared", ""),
        DrillState::Cancelled => ("idle", "st-none", ""),
    };
    Mark {
        css,
        icon,
        word: state.label(),
        detail: detail.into(),
    }
}

/// Somebody who takes part.
pub(super) struct PartView {
    /// `Primary`; `Primary, was not there`, to those who may read it of them.
    pub(super) role: String,
    pub(super) name: String,
    pub(super) handle: String,
}

/// What stands above every page of a drill.
pub(super) struct Head {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) mark: Mark,
    pub(super) kind: &'static str,
    pub(super) area: String,
    pub(super) slug: String,
    pub(super) starts: When,
    /// What the others' clocks show then; may be empty.
    pub(super) elsewhere: String,
    pub(super) minutes: i32,
    pub(super) parts: Vec<PartView>,
}

impl Head {
    pub(super) fn new(file: &File, asking: &Asking) -> Self {
        let (drill, dial) = (&file.drill, &asking.dial);
        let zones: Vec<_> = file
            .parts
            .iter()
            .filter(|p| p.role != Role::Observer)
            .map(|p| (p.name.as_str(), p.zone.as_str()))
            .collect();
        Self {
            id: drill.id,
            title: drill.title.clone(),
            mark: mark(drill.state),
            kind: drill.kind.label(),
            area: file.area.name.clone(),
            slug: file.area.slug.clone(),
            starts: dial.moment(began(drill)),
            elsewhere: match drill.state {
                DrillState::Planned => elsewhere(dial, drill.starts_at, &zones),
                _ => String::new(),
            },
            minutes: drill.minutes,
            parts: file
                .parts
                .iter()
                .map(|p| PartView {
                    role: match p.was_absent && file.may_read_of(p, &asking.actor) {
                        true => format!("{}, was not there", p.role.label()),
                        false => p.role.label().to_owned(),
                    },
                    name: p.name.clone(),
                    handle: p.handle.clone(),
                })
                .collect(),
        }
    }
}

/// When it began, or is to begin.
pub(super) fn began(drill: &Drill) -> crate::db::types::UtcTime {
    drill.begun_at.unwrap_or(drill.starts_at)
}
