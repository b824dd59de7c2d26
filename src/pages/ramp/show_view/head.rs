//! What every part of a ramp's page shows on top, and the one way to read a ramp for it.

use crate::db::Conn;
use crate::domain::assessment::Stream;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::Standing;
use crate::domain::drill::rules::AreaRoles;
use crate::domain::people::Actor;
use crate::domain::ramp::RampState;
use crate::domain::ramp::part::Part;
use crate::domain::readiness;
use crate::domain::readiness::BoardStatus;
use crate::error::Result;
use crate::pages::status;
use crate::pages::status::StatusBadge;
use crate::time::{LocalTime, TimeText};
use crate::usecases::assessment::turn::group_for;
use crate::usecases::dossier::Dossier;
use crate::usecases::session::planning;
use crate::usecases::shift::actions as shifts;
use crate::web::{Deed, Page};

pub(crate) struct RampHead {
    pub id: i64,
    pub title: String,
    pub mentee: String,
    pub mentee_handle: String,
    pub area: String,
    pub area_slug: String,
    pub status: StatusBadge,
    pub mentors: Vec<Mentor>,
    /// `Started`, or `Starts` while that day is ahead.
    pub start_word: &'static str,
    pub started: TimeText,
    pub target: TimeText,
    /// The clearance it renews.
    pub renews: Option<i64>,
    pub open_signoff: Option<i64>,
    pub parts: Vec<PartLink>,
    /// What the viewer may plan: words and address.
    pub plan: Vec<(&'static str, String)>,
    /// The group that the button opens.
    pub to_assess: Option<&'static str>,
    pub is_overview: bool,
    pub is_mentee: bool,
    pub is_mentor: bool,
    /// Accepted and not closed: work is recorded on it.
    pub is_open: bool,
    pub is_ready: bool,
    /// What keeps it from being ready, counted.
    pub open_words: String,
}

pub(crate) struct PartLink {
    pub label: &'static str,
    pub href: String,
    pub is_here: bool,
    /// What an old address of the one long page named, and is there now; the overview knows it.
    pub holds: &'static str,
}

impl PartLink {
    fn of(part: Part, here: Part, ramp_id: i64) -> Self {
        let holds = match part {
            _ if here != Part::Overview => "",
            Part::Overview => "",
            Part::Competencies => "checklist architecture observability incident change",
            Part::Checklist => "item",
            Part::Sessions => "planned next-actions sessions shifts",
            Part::History => "history discussion c-",
        };
        Self {
            label: part.label(),
            href: part.of(ramp_id),
            is_here: part == here,
            holds,
        }
    }
}

pub(crate) struct Mentor {
    pub name: String,
    pub handle: String,
    pub role: &'static str,
    pub past: bool,
}

/// A ramp that the viewer may read, with the page of one of its parts. `others`: rows of more people to name.
pub(crate) fn open(
    c: &mut Conn,
    context: &ReadContext,
    page: Page,
    (id, part): (i64, Part),
    others: &[i64],
) -> Result<(Page, Dossier, RampHead)> {
    let dossier = Dossier::load_with(c, id, &context.actor, others, context.now)?;
    let head = RampHead::of(&dossier, part, &context.actor, &context.local);
    let title = match part {
        Part::Overview => head.title.clone(),
        _ => format!("{}: {}", part.label(), head.title),
    };
    let mut page = page.titled("ramps", title);
    // A session of this ramp is recorded on this page, for whoever may.
    if head.is_open && head.is_mentor {
        page.deed = page.deed.map(|deed| Deed {
            href: format!("/sessions/new?ramp={id}"),
            ..deed
        });
    }
    Ok((page, dossier, head))
}

impl RampHead {
    fn of(d: &Dossier, part: Part, actor: &Actor, local: &LocalTime) -> Self {
        let id = d.ramp.id;
        let (is_mentee, is_mentor) = (d.parties.is_mentee(actor), d.parties.is_mentor(actor));
        let stream = match is_mentee {
            true => Stream::Self_,
            false => Stream::Mentor,
        };
        Self {
            id,
            title: format!("{} on {}", d.mentee().name, d.area.name),
            mentee: d.mentee().name.to_owned(),
            mentee_handle: d.mentee().handle.to_owned(),
            area: d.area.name.clone(),
            area_slug: d.area.slug.clone(),
            status: badge(d, local),
            mentors: d
                .pairings
                .iter()
                .map(|p| Mentor {
                    name: d.person(p.mentor_id).name.to_owned(),
                    handle: d.person(p.mentor_id).handle.to_owned(),
                    role: p.role.label(),
                    past: p.until.is_some(),
                })
                .collect(),
            start_word: match d.ramp.starts_on > local.now().day() {
                true => "Starts",
                false => "Started",
            },
            started: local.day(d.ramp.starts_on),
            target: local.day(d.ramp.target_on),
            renews: d.ramp.renews_id,
            open_signoff: d.open_signoff().map(|s| s.id),
            parts: Part::ALL.map(|p| PartLink::of(p, part, id)).into(),
            plan: plannable(d, actor),
            to_assess: group_for(d, stream).map(|group| group.word()),
            is_overview: part == Part::Overview,
            is_mentee,
            is_mentor,
            is_open: d.is_open(),
            is_ready: d.readiness.is_ready(),
            open_words: d.readiness.open_words(),
        }
    }
}

fn plannable(d: &Dossier, actor: &Actor) -> Vec<(&'static str, String)> {
    let id = d.ramp.id;
    let mut all = Vec::new();
    if planning::may_plan(d, actor).is_ok() {
        all.push(("Plan session", format!("/ramps/{id}/sessions/plan")));
    }
    if shifts::may_plan(d, actor).is_ok() {
        all.push(("Plan shift", format!("/ramps/{id}/shifts/plan")));
    }
    let mentors = match d.is_open() {
        true => d.parties.mentors.clone(),
        false => Vec::new(),
    };
    let roles = AreaRoles {
        owner_team_id: d.area.owner_team_id,
        qualifiers: d.parties.qualifiers.clone(),
        mentors,
    };
    if d.is_open() && roles.may_plan(actor) {
        all.push(("Plan drill", format!("/drills/new?area={}", d.area.slug)));
    }
    all
}

/// Open ramps in the board's own words; closed ones by how they ended.
fn badge(d: &Dossier, local: &LocalTime) -> StatusBadge {
    let today = local.now().day();
    let cell = readiness::cell(
        Standing::None,
        Some((d.ramp.state, d.ramp.starts_on, &d.readiness)),
        today,
    );
    let percent = d.readiness.percent();
    let detail = match cell.status {
        BoardStatus::Ramping => status::share(percent),
        BoardStatus::Planned => format!("from {}", local.day(d.ramp.starts_on).text),
        _ => String::new(),
    };
    match d.ramp.state {
        RampState::Cleared => StatusBadge::new(BoardStatus::Cleared, None, String::new()),
        RampState::Ended => StatusBadge {
            word: RampState::Ended.label(),
            ..StatusBadge::new(BoardStatus::NotPlanned, None, detail)
        },
        _ => StatusBadge::new(cell.status, Some(percent), detail),
    }
}
