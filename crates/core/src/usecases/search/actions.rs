//! What somebody can do, as the search offers it. Only what the page behind it would let them do now.

use crate::db::Conn;
use crate::domain::people::Actor;
use crate::domain::ramp::work;
use crate::domain::{area, currency, ramp};
use crate::error::Result;
use crate::usecases::drill::detail::plannable;
use crate::usecases::ramp::own::{Own, own_ramps};

/// Something to do, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub label: String,
    pub address: String,
}

impl Action {
    fn new(label: impl Into<String>, address: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            address: address.into(),
        }
    }
}

/// Everything that the actor can do: about their ramps first, by the name of the mentee.
pub fn offered(c: &mut Conn, actor: &Actor) -> Result<Vec<Action>> {
    let me = actor.id.unwrap_or_default();
    let own = own_ramps(c, me)?;
    let drills = plannable(c, actor)?;
    let can_log = !currency::store::areas_of(c, me)?.is_empty();
    let mut all: Vec<Action> = own.iter().flat_map(|r| of_ramp(r, me, actor)).collect();
    all.extend(drills.iter().map(|area| {
        let address = format!("/drills/new?area={}", area.slug);
        Action::new(format!("Plan a drill in {}", area.name), address)
    }));
    if ramp::may_start_any(actor) {
        all.push(Action::new("Start a ramp", "/ramps/new"));
    }
    all.push(Action::new("Write a post-mortem", "/library/new"));
    all.push(Action::new("Import a post-mortem", "/library/import"));
    if can_log {
        all.push(Action::new("Log a real incident", "/incidents/new"));
    }
    if area::may_manage(actor) {
        all.push(Action::new("Add an area", "/areas/new"));
    }
    if actor.is_admin {
        all.extend([
            Action::new("Add a person", "/admin/add-person"),
            Action::new("Add several people", "/admin/add-people"),
            Action::new("Manage people", "/admin/people"),
            Action::new("Manage teams", "/admin/teams"),
            Action::new("Open the audit log", "/admin/audit"),
        ]);
    }
    all.extend(
        [
            ("Home", "/"),
            ("Board", "/board"),
            ("Ramps", "/ramps"),
            ("Areas", "/areas"),
            ("Practice", "/practice"),
            ("People", "/people"),
            ("Post-mortems", "/library"),
            ("KPIs", "/kpis"),
            ("Drills", "/drills"),
            ("Sign-offs", "/sign-offs"),
            ("Account", "/account"),
            ("Help", "/help"),
        ]
        .map(|(page, address)| Action::new(format!("Go to {page}"), address)),
    );
    Ok(all)
}

fn of_ramp(ramp: &Own, me: i64, actor: &Actor) -> Vec<Action> {
    let (id, area) = (ramp.id, &ramp.area);
    let parties = ramp.parties(me);
    let with = match parties.is_mentee(actor) {
        true => format!("in {area}"),
        false => format!("with {}, {area}", ramp.mentee),
    };
    let mut all = Vec::new();
    if work::may_record(&parties, ramp.state, actor).is_ok() {
        all.push(Action::new(
            format!("Record a session {with}"),
            format!("/sessions/new?ramp={id}"),
        ));
    }
    if work::may_plan(&parties, ramp.state, actor).is_ok() {
        all.push(Action::new(
            format!("Plan a session {with}"),
            format!("/ramps/{id}/sessions/plan"),
        ));
        all.push(Action::new(
            format!("Plan a shift {with}"),
            format!("/ramps/{id}/shifts/plan"),
        ));
    }
    all
}
