//! How a drill looks, on every page alike.

use crate::db::types::UtcTime;
use crate::domain::auth::context::ReadContext;
use crate::domain::drill::model::Drill;
use crate::domain::drill::{DrillState, Role};
use crate::pages::parts::planned::elsewhere;
use crate::pages::status;
use crate::pages::status::StatusBadge;
use crate::time::TimeText;
use crate::usecases::drill::detail::DrillDetail;

/// A person who takes part.
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
    pub(crate) badge: StatusBadge,
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
    pub(crate) fn new(detail: &DrillDetail, context: &ReadContext) -> Self {
        let (drill, local) = (&detail.drill, &context.local);
        let zones: Vec<_> = detail
            .parts
            .iter()
            .filter(|p| p.role != Role::Observer)
            .map(|p| (p.name.as_str(), p.zone.as_str()))
            .collect();
        Self {
            id: drill.id,
            title: drill.title.clone(),
            badge: status::of_drill(drill.state),
            kind: drill.kind.label(),
            area: detail.area.name.clone(),
            slug: detail.area.slug.clone(),
            starts: local.moment(began(drill)),
            elsewhere: match drill.state {
                DrillState::Planned => elsewhere(local, drill.starts_at, &zones),
                _ => String::new(),
            },
            minutes: drill.minutes,
            parts: detail
                .parts
                .iter()
                .map(|p| PartView {
                    role: match p.was_absent && detail.may_read_of(p, &context.actor) {
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
pub(crate) fn began(drill: &Drill) -> UtcTime {
    drill.begun_at.unwrap_or(drill.starts_at)
}
