//! The first thing on home: what runs now, or what the person does next, with the button that does it.

use crate::domain::drill::DrillState;
use crate::domain::notification::Kind;
use crate::domain::ramp::model::Ramp;
use crate::domain::readiness::{BoardStatus, Obstacle, ObstacleKind, TickedBy};
use crate::domain::session::plan::covering;
use crate::pages::home::build::Home;
use crate::pages::parts::links;
use crate::usecases::home::waiting::{Now, Wait};
use crate::usecases::home::{capital, step_label};

/// How something is done from home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    Link {
        href: String,
        button: &'static str,
    },
    /// A checklist item of that ramp is marked done.
    Mark {
        ramp: i64,
        code: String,
    },
}

impl Way {
    fn link(href: String, button: &'static str) -> Self {
        Self::Link { href, button }
    }
}

pub(super) struct Hero {
    pub(super) eyebrow: String,
    pub(super) what: String,
    pub(super) why: String,
    /// What its button is about, for who does not see the card.
    pub(super) about: String,
    pub(super) way: Way,
    /// The ramp whose first open line it is.
    pub(super) ramp: Option<i64>,
}

impl Home {
    /// What runs, then the next line of the person's own ramp, then what waits; that is taken out of the list.
    pub(super) fn hero(&self, waits: &mut Vec<Wait>) -> Option<Hero> {
        if let Some(n) = waits.iter().position(|wait| wait.now.is_some()) {
            return Some(waiting(waits.remove(n)));
        }
        if let Some(hero) = self.drill_under_way() {
            return Some(hero);
        }
        if let Some(step) = self.own().into_iter().find_map(|ramp| self.step(ramp)) {
            return Some(step);
        }
        let is = |kind: Kind| waits.iter().position(|wait| wait.cause.kind == kind);
        // A proposal has two answers.
        let other = |wait: &Wait| wait.cause.kind != Kind::RampProposed;
        let first = is(Kind::SessionToRecord).or_else(|| waits.iter().position(other))?;
        Some(waiting(waits.remove(first)))
    }

    /// A drill that the person has a part in and does not lead.
    fn drill_under_way(&self) -> Option<Hero> {
        let mut drills = self.drills.iter();
        let drill = drills.find(|d| !d.is_led && d.state == DrillState::Running)?;
        Some(Hero {
            eyebrow: "Runs now".into(),
            what: format!("Drill: {}", drill.title),
            why: drill.area.clone(),
            about: drill.title.clone(),
            way: Way::link(drill.href(self.now), "Open the drill"),
            ramp: None,
        })
    }

    /// The first open line of a ramp under way.
    fn step(&self, ramp: &Ramp) -> Option<Hero> {
        let obstacle = self.readiness(ramp)?.obstacles.first()?;
        if self.register.ramp_status(ramp) != BoardStatus::Ramping {
            return None;
        }
        let (covered, _) = self.covered(ramp, obstacle);
        let booked = match covered.is_empty() {
            true => String::new(),
            false => format!(" Planned for {covered}."),
        };
        Some(Hero {
            eyebrow: format!("Next step · {}", self.register.area_name(ramp.area_id)),
            what: obstacle.what.clone(),
            why: format!(
                "{}. To be ticked off by {}.{booked}",
                capital(&self.detail(ramp, obstacle)),
                self.ticked_by(ramp, obstacle)
            ),
            about: obstacle.what.clone(),
            way: self.way(ramp, obstacle),
            ramp: Some(ramp.id),
        })
    }

    /// How the mentee sees to an open line.
    fn way(&self, ramp: &Ramp, obstacle: &Obstacle) -> Way {
        if let Some(way) = self.tap(ramp, obstacle) {
            return way;
        }
        let plan = |form: &str| format!("/ramps/{}/{form}", ramp.id);
        match &obstacle.kind {
            ObstacleKind::Sessions
                if covering(&obstacle.kind, self.plans(ramp), self.now).is_none() =>
            {
                Way::link(plan("sessions/plan"), "Plan session")
            }
            ObstacleKind::Practice("shadow") => Way::link(plan("shifts/plan"), "Plan shift"),
            ObstacleKind::Practice("ledger") => {
                Way::link(plan("shifts/plan?kind=reverse_shadow"), "Plan shift")
            }
            kind => Way::link(links::of_obstacle(ramp.id, kind), step_label(obstacle)),
        }
    }

    /// What the mentee does alone, from the list itself.
    pub(super) fn tap(&self, ramp: &Ramp, obstacle: &Obstacle) -> Option<Way> {
        match &obstacle.kind {
            ObstacleKind::Item(code) if obstacle.ticked_by == TickedBy::Mentee => Some(Way::Mark {
                ramp: ramp.id,
                code: code.clone(),
            }),
            ObstacleKind::Competency(code) if !self.rated.contains(&(ramp.id, code.clone())) => {
                let standard = self.register.standards().get(&ramp.standard_id)?;
                let mut lines = standard.content.competencies.iter();
                let group = lines.find(|line| line.code == *code)?.group.word();
                let href = format!("/ramps/{}/self-assess/{group}", ramp.id);
                Some(Way::link(href, "Self-assess"))
            }
            _ => None,
        }
    }
}

/// What waits for the person, with the button that does it.
fn waiting(wait: Wait) -> Hero {
    let record = match wait.cause.kind {
        Kind::SessionToRecord => wait.cause.object.strip_prefix("session:"),
        _ => None,
    };
    let way = match record {
        Some(id) => Way::link(format!("/sessions/new?plan={id}"), "Record session"),
        None => Way::link(wait.cause.path, wait.button),
    };
    let eyebrow = match (wait.now, wait.is_late) {
        (Some(Now::Runs), _) => "Runs now",
        (Some(Now::Begins), _) => "Begins now",
        (None, true) => "Waits for you, overdue",
        (None, false) => "Waits for you",
    };
    Hero {
        eyebrow: eyebrow.into(),
        what: wait.deed,
        why: wait.note,
        about: wait.about,
        way,
        ramp: None,
    }
}
