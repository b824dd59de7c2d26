//! How a drill looks, on every page alike.

use crate::domain::auth::context::ReadContext;
use crate::domain::drill::model::Drill;
use crate::domain::drill::{DrillState, Role};
use crate::pages::parts::planned::elsewhere;
use crate::pages::status::StatusBadge;
use crate::usecases::drill::detail::DrillDetail;
use crate::web::time::TimeText;

/// The word of a state with shape and colour.
pub(crate) fn mark(state: DrillState) -> StatusBadge {
    let (css, icon, detail) = match state {
        DrillState::Planned => ("todo", "st-todo", ""),
        DrillState::Running => ("ramp", "st-ramp2", ""),
        DrillState::Run => ("wait", "st-await", "debrief due"),
        DrillState::Debriefed => ("ok", "st-cleared", ""),
        DrillState::Cancelled => ("idle", "st-none", ""),
    };
    StatusBadge {
        css,
        icon,
        word: state.label(),
        detail: detail.into(),
    }
}

/// Somebody who takes part.
pub(crate) struct PartView {
    /// `Primary`; `Primary, was not there`, to those who may read it of them.
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) handle: String,
}

/// What stands above every page of a drill.
pub(crate) struct Head {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) mark: StatusBadge,
    pub(crate) kind: &'static str,
    pub(crate) area: String,
    pub(crate) slug: String,
    pub(crate) starts: TimeText,
    /// What the others' clocks show then; may be empty.
    pub(crate) elsewhere: String,
    pub(crate) minutes: i32,
    pub(crate) parts: Vec<PartView>,
}

impl Head {
    pub(crate) fn new(file: &DrillDetail, context: &ReadContext) -> Self {
        let (drill, local) = (&file.drill, &context.local);
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
            starts: local.moment(began(drill)),
            elsewhere: match drill.state {
                DrillState::Planned => elsewhere(local, drill.starts_at, &zones),
                _ => String::new(),
            },
            minutes: drill.minutes,
            parts: file
                .parts
                .iter()
                .map(|p| PartView {
                    role: match p.was_absent && file.may_read_of(p, &context.actor) {
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
pub(crate) fn began(drill: &Drill) -> crate::db::types::UtcTime {
    drill.begun_at.unwrap_or(drill.starts_at)
}
