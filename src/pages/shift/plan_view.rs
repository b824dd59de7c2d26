//! The form that plans a shift: what is filled in beforehand, and what was typed.

use crate::db::Conn;
use crate::domain::area::systems;
use crate::domain::area::systems::System;
use crate::domain::auth::context::ReadContext;
use crate::domain::shift::model::Shift;
use crate::domain::shift::store;
use crate::domain::shift::{ShiftKind, ShiftState};
use crate::error::Result;
use crate::pages::parts::choice::Choice;
use crate::usecases::dossier::Dossier;
use crate::usecases::shift::actions::on_call;
use crate::web::Fields;

/// So many people are chips; more are a list.
const CHIPS: usize = 8;
/// An afternoon, as the form is filled in: from and to, in hours of the day.
const AFTERNOON: (i8, i8) = (13, 17);

/// The form as the page shows it.
pub struct PlanView {
    pub kinds: Vec<Choice>,
    pub with: Vec<Choice>,
    /// Too many for chips.
    pub is_list: bool,
    pub starts_at: String,
    pub ends_at: String,
    pub brief: BriefView,
}

/// The fields of a brief.
#[derive(Debug, Clone, Default)]
pub struct BriefView {
    pub may_page: String,
    pub runbooks: String,
    pub learner_job: String,
    pub who_may_touch: String,
}

impl BriefView {
    /// As it was agreed.
    pub fn of(shift: &Shift) -> Self {
        Self {
            may_page: shift.may_page.clone(),
            runbooks: shift.runbooks.clone(),
            learner_job: shift.learner_job.clone(),
            who_may_touch: shift.who_may_touch.clone(),
        }
    }

    /// As it was sent.
    pub fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).to_owned();
        Self {
            may_page: text("may_page"),
            runbooks: text("runbooks"),
            learner_job: text("learner_job"),
            who_may_touch: text("who_may_touch"),
        }
    }

    /// Filled in from the last shift of that kind; else from the last one of the other, which asks another job of the
    /// mentee; else from the links of the area's systems.
    fn fresh(before: &[Shift], kind: ShiftKind, systems: &[System]) -> Self {
        let last = before.iter().find(|s| s.kind == kind);
        if let Some(last) = last {
            return Self::of(last);
        }
        match before.first() {
            Some(other) => Self {
                learner_job: String::new(),
                who_may_touch: String::new(),
                ..Self::of(other)
            },
            None => Self {
                runbooks: links(systems),
                ..Self::default()
            },
        }
    }
}

/// A line for each link: its system, title and address.
fn links(systems: &[System]) -> String {
    let lines = systems.iter().flat_map(|system| {
        let of_system = system.links.iter();
        of_system.map(|(title, url)| format!("{}, {title}: {url}", system.name))
    });
    let mut text = String::new();
    for line in lines {
        // What does not fit into the field is found on the page of the area.
        if text.chars().count() + line.chars().count() > 1900 {
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

impl PlanView {
    /// Filled in by habit, or with what was typed; `query` may name kind and person.
    pub fn load(
        c: &mut Conn,
        d: &Dossier,
        fields: &Fields,
        is_typed: bool,
        context: &ReadContext,
    ) -> Result<Self> {
        let people = on_call(c, d.area.id, d.ramp.mentee_id, context.now.day())?;
        let so_far = |id: i64| {
            let counted = d.shifts.iter().filter(|s| {
                let counts = s.state == ShiftState::Debriefed && s.kind == ShiftKind::Shadow;
                counts && s.with_id == id
            });
            counted.count()
        };
        let kind = ShiftKind::parse(fields.get("kind"));
        let least = people
            .iter()
            .map(|p| (so_far(p.id), p.id))
            .min_by_key(|p| p.0);
        let chosen = match is_typed || fields.has("with") {
            true => fields.id("with"),
            // Different people show different ways.
            false => least.map(|(_, id)| id),
        };
        let (brief, (starts_at, ends_at)) = if is_typed {
            let text = |name: &str| fields.get(name).to_owned();
            (
                BriefView::typed(fields),
                (text("starts_at"), text("ends_at")),
            )
        } else {
            let before = store::of_ramp(c, d.ramp.id)?;
            let systems = match before.is_empty() {
                true => systems::of_area(c, d.area.id)?,
                false => Vec::new(),
            };
            let kind = kind.unwrap_or(ShiftKind::Shadow);
            (
                BriefView::fresh(&before, kind, &systems),
                afternoon(context),
            )
        };
        let kind = kind.or((!is_typed).then_some(ShiftKind::Shadow));
        Ok(Self {
            kinds: ShiftKind::ALL
                .iter()
                .map(|k| Choice::new(k.word(), k.label(), kind == Some(*k)))
                .collect(),
            is_list: people.len() > CHIPS,
            with: people
                .iter()
                .map(|p| {
                    Choice::new(
                        p.id,
                        match so_far(p.id) {
                            0 => p.name.clone(),
                            1 => format!("{}, 1 shadow shift so far", p.name),
                            n => format!("{}, {n} shadow shifts so far", p.name),
                        },
                        chosen == Some(p.id),
                    )
                })
                .collect(),
            starts_at,
            ends_at,
            brief,
        })
    }
}

/// The afternoon of the next working day, as the inputs hold it.
fn afternoon(context: &ReadContext) -> (String, String) {
    use jiff::civil::Weekday::{Saturday, Sunday};
    let mut day = context.local.today().plus_days(1);
    while matches!(day.date().weekday(), Saturday | Sunday) {
        day = day.plus_days(1);
    }
    let at = |hour| {
        let time = day.date().at(hour, 0, 0, 0);
        time.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    (at(AFTERNOON.0), at(AFTERNOON.1))
}
