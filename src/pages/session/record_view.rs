//! The form that records or corrects a session as its pages show it, next to what is known of the ramp.

use crate::domain::auth::context::ReadContext;
use crate::domain::readiness::ObstacleKind;
use crate::domain::session::model::Session;
use crate::domain::session::plan::{code_of, suggested};
use crate::domain::session::{SessionKind, open_first};
use crate::domain::standard::Competency;
use crate::error::FieldErrors;
use crate::pages::parts::choice::Choice;
use crate::pages::parts::practised::Practised;
use crate::pages::session::record_form::{CHIPS, RecordForm};
use crate::pages::status::first_name;
use crate::time::{MomentField, TimeText};
use crate::usecases::dossier::Dossier;
use crate::usecases::session::discussed;

/// Kinds shown before "other kinds" is opened.
const KINDS_SHOWN: usize = 5;

pub struct Last {
    pub id: i64,
    pub when: TimeText,
    pub summary: String,
}

/// A next action that is open.
pub struct Carried {
    pub id: i64,
    pub body: String,
    pub since: TimeText,
    pub chosen: bool,
}

/// The plan that is recorded.
pub struct Planned {
    pub id: i64,
    pub when: TimeText,
    pub agenda: String,
    /// Checklist items it was to cover. Its competencies are the first ones among what was practised.
    pub items: Vec<String>,
}

/// What the form is for.
#[derive(Clone, Copy)]
pub enum Purpose<'a> {
    /// To record a session, by its plan if there is one.
    Record(Option<&'a Session>),
    /// To put another record in the place of that one.
    Correct(&'a Session),
}

/// The form as the page shows it.
pub struct RecordView {
    pub ramp_id: i64,
    /// The session that is corrected.
    pub corrects: Option<i64>,
    pub action: String,
    pub plan: Option<Planned>,
    pub mentee: String,
    pub first_name: String,
    pub area: String,
    pub summary: String,
    pub next_actions: String,
    pub reason: String,
    pub carried: Vec<Carried>,
    pub kinds: Vec<Choice>,
    pub more_kinds: Vec<Choice>,
    /// Post-mortems that it may have discussed; whether one is chosen, or wrong.
    pub postmortems: Vec<Choice>,
    pub names_postmortem: bool,
    pub minutes: Vec<Choice>,
    pub minutes_other: String,
    pub starts_at: MomentField,
    pub offered_at: String,
    pub offered_minutes: String,
    pub more_is_open: bool,
    /// What is most likely to have been practised: one tap away.
    pub front: Vec<Practised>,
    pub open: Vec<Practised>,
    pub open_is_open: bool,
    pub met: Vec<Practised>,
    pub met_is_open: bool,
    pub last: Option<Last>,
    /// It is said to be another session than those of the same time.
    pub another: bool,
    /// Those that the reader may read: address and moment.
    pub same_time: Vec<(String, TimeText)>,
    /// Post-mortems that the mentee answered lately: address, title, when.
    pub answered: Vec<(String, String, TimeText)>,
    pub still_open: Vec<String>,
}

impl RecordView {
    pub fn new(
        dossier: &Dossier,
        purpose: Purpose<'_>,
        form: RecordForm,
        context: &ReadContext,
        (errors, offered, others): (&FieldErrors, &[discussed::Topic], &[Session]),
    ) -> Self {
        let readiness = &dossier.readiness;
        let is_met = |code: &str| readiness.competency(code).is_some_and(|s| s.met);
        let front = front(dossier, purpose, context);
        let (open, met) = open_first(&dossier.standard.content.competencies, is_met);
        let practised = |c: &Competency| {
            let help = form.help.get(&c.code).map_or("", String::as_str);
            practised(c, dossier, help)
        };
        let is_front = |c: &&Competency| front.contains(&c.code);
        let mut in_front: Vec<&Competency> =
            open.iter().chain(&met).copied().filter(is_front).collect();
        in_front.sort_by_key(|c| front.iter().position(|code| *code == c.code));
        let behind = |all: Vec<&Competency>| -> Vec<Practised> {
            let rest = all.into_iter().filter(|c| !is_front(c));
            rest.map(practised).collect()
        };
        let (open, met) = (behind(open), behind(met));
        let (kinds, more_kinds) = kinds(&form.kind);
        let corrects = match purpose {
            Purpose::Correct(session) => Some(session.id),
            Purpose::Record(_) => None,
        };
        Self {
            ramp_id: dossier.ramp.id,
            corrects,
            action: match corrects {
                Some(id) => format!("/sessions/{id}/correct"),
                None => "/sessions/new".into(),
            },
            plan: match purpose {
                Purpose::Record(Some(plan)) => Some(planned(dossier, plan, context)),
                _ => None,
            },
            mentee: dossier.mentee().name.to_owned(),
            first_name: first_name(dossier.mentee().name).to_owned(),
            area: dossier.area.name.clone(),
            carried: match corrects {
                Some(_) => Vec::new(),
                None => carried(dossier, &form, context),
            },
            kinds,
            more_kinds,
            postmortems: postmortems(offered, &form.postmortem),
            names_postmortem: !form.postmortem.is_empty() || errors.get("postmortem").is_some(),
            minutes: lengths(&form.minutes),
            more_is_open: errors.get("starts_at").is_some() || corrects.is_some(),
            front: in_front.into_iter().map(practised).collect(),
            open_is_open: open.iter().any(|c| c.chosen),
            open,
            met_is_open: met.iter().any(|c| c.chosen),
            met,
            last: last(dossier, context).filter(|_| corrects.is_none()),
            another: form.another,
            same_time: others.iter().map(|s| same_time(s, context)).collect(),
            answered: Vec::new(),
            still_open: still_open(dossier),
            summary: form.summary,
            next_actions: form.next_actions,
            reason: form.reason,
            minutes_other: form.minutes_other,
            starts_at: form.starts_at,
            offered_at: form.offered_at,
            offered_minutes: form.offered_minutes,
        }
    }
}

pub fn postmortems(offered: &[discussed::Topic], chosen: &str) -> Vec<Choice> {
    let choice = |t: &discussed::Topic| Choice::new(t.id, &t.title, t.id.to_string() == chosen);
    offered.iter().map(choice).collect()
}

/// Codes of the competencies shown first: those marked before, those planned, else the first ones open.
fn front(dossier: &Dossier, purpose: Purpose<'_>, context: &ReadContext) -> Vec<String> {
    let content = &dossier.standard.content;
    let marked = |id: i64| {
        let of = dossier
            .observations
            .iter()
            .filter(move |o| o.session_id == id);
        of.map(|o| o.competency_code.clone())
    };
    let planned = |id: i64| {
        let topics = dossier.plans.iter().filter(move |p| p.id == id);
        topics.flat_map(|p| p.topics.clone())
    };
    let wanted: Vec<String> = match purpose {
        Purpose::Correct(session) => marked(session.id).collect(),
        Purpose::Record(Some(plan)) => planned(plan.id).collect(),
        Purpose::Record(None) => Vec::new(),
    };
    let is_competency = |code: &String| content.competency(code).is_some();
    let wanted: Vec<String> = wanted.into_iter().filter(is_competency).collect();
    if !wanted.is_empty() || matches!(purpose, Purpose::Correct(_)) {
        return wanted;
    }
    // Also one that is at its level, where a review named a gap in it.
    let competencies: Vec<_> = dossier
        .readiness
        .obstacles
        .iter()
        .filter(|o| code_of(&o.kind).is_some_and(|code| content.competency(code).is_some()))
        .cloned()
        .collect();
    let first = suggested(&competencies, &[], context.now);
    first.into_iter().map(str::to_owned).collect()
}

fn planned(dossier: &Dossier, plan: &Session, context: &ReadContext) -> Planned {
    let topics = dossier.plans.iter().filter(|p| p.id == plan.id);
    let items = topics.flat_map(|p| &p.topics);
    let items = items.filter_map(|code| dossier.standard.content.item(code));
    Planned {
        id: plan.id,
        when: context.local.moment(plan.starts_at),
        agenda: plan.agenda.clone(),
        items: items.map(|i| i.text.clone()).collect(),
    }
}

fn carried(dossier: &Dossier, form: &RecordForm, context: &ReadContext) -> Vec<Carried> {
    let open = dossier.next_actions.iter();
    open.map(|a| Carried {
        id: a.id,
        body: a.body.clone(),
        since: context.local.day_of(a.at),
        chosen: form.done.contains(&a.id.to_string()),
    })
    .collect()
}

fn same_time(session: &Session, context: &ReadContext) -> (String, TimeText) {
    let when = context.local.moment(session.starts_at);
    (format!("/sessions/{}", session.id), when)
}

/// The lengths to choose from.
pub(crate) fn lengths(chosen: &str) -> Vec<Choice> {
    let length = |value: &str| {
        let label = match value {
            "other" => "Other".into(),
            minutes => format!("{minutes} min"),
        };
        Choice::new(value, label, value == chosen)
    };
    CHIPS.iter().copied().chain(["other"]).map(length).collect()
}

/// The first few kinds and the chosen one; the rest.
pub(crate) fn kinds(chosen: &str) -> (Vec<Choice>, Vec<Choice>) {
    let choice = |kind: &SessionKind| Choice::new(kind.word(), kind.label(), kind.word() == chosen);
    let all = SessionKind::ALL.iter().map(choice).enumerate();
    let (shown, more): (Vec<_>, Vec<_>) =
        all.partition(|(place, kind)| *place < KINDS_SHOWN || kind.chosen);
    (
        shown.into_iter().map(|(_, k)| k).collect(),
        more.into_iter().map(|(_, k)| k).collect(),
    )
}

fn practised(competency: &Competency, dossier: &Dossier, help: &str) -> Practised {
    let state = dossier.readiness.competency(&competency.code);
    Practised::of(competency, state.and_then(|s| s.mentor_level), help)
}

fn last(dossier: &Dossier, context: &ReadContext) -> Option<Last> {
    let session = dossier.sessions.iter().find(|s| s.counts())?;
    Some(Last {
        id: session.id,
        when: context.local.day_of(session.starts_at),
        summary: session.summary.clone(),
    })
}

/// What the engine still asks for, counted.
fn still_open(dossier: &Dossier) -> Vec<String> {
    let (mut levels, mut critical, mut items, mut lines) = (0, 0, 0, Vec::new());
    for obstacle in &dossier.readiness.obstacles {
        match &obstacle.kind {
            ObstacleKind::Competency(code) => {
                levels += 1;
                let competency = dossier.standard.content.competency(code);
                critical += u32::from(competency.is_some_and(|c| c.critical));
            }
            ObstacleKind::Item(_) => items += 1,
            ObstacleKind::Sessions => lines.push(format!("Working sessions: {}", obstacle.detail)),
            ObstacleKind::Practice(_) => {
                lines.push(format!("{}: {}", obstacle.what, obstacle.detail));
            }
            ObstacleKind::Gap { .. } => lines.push(format!("Gap of the review: {}", obstacle.what)),
        }
    }
    if items > 0 {
        let what = if items == 1 { "item" } else { "items" };
        lines.insert(0, format!("{items} checklist {what} not checked"));
    }
    if levels > 0 {
        let what = match levels {
            1 => "competency below its level",
            _ => "competencies below their level",
        };
        let critical = match critical {
            0 => String::new(),
            _ => format!(", {critical} critical"),
        };
        lines.insert(0, format!("{levels} {what}{critical}"));
    }
    lines
}
