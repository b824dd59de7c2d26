//! Where pages and forms are, said once. The table of permissions spells its addresses: there they are the point.

use std::fmt::Display;

pub const ABSENCES: &str = "/me/absences";
pub const ADD_PEOPLE: &str = "/admin/add-people";
pub const ADD_PERSON: &str = "/admin/add-person";
pub const AUDIT_LOG: &str = "/admin/audit";
pub const AVAILABILITY: &str = "/me/availability";
pub const BOARD_CSV: &str = "/board.csv";
pub const CALENDAR: &str = "/me/calendar";
pub const INCIDENTS: &str = "/incidents";
pub const NEW_DRILL: &str = "/drills/new";
pub const PASSWORD_FORM: &str = "/account/password";
pub const SEARCH: &str = "/search";
pub const TIME_ZONE: &str = "/account/time-zone";
pub const NEW_RAMP: &str = "/ramps/new";
pub const NEW_SESSION: &str = "/sessions/new";

/// The form of a new ramp in that area, by its slug or row.
pub fn new_ramp(area: impl Display) -> String {
    format!("{NEW_RAMP}?area={area}")
}

pub fn ramp(id: i64) -> String {
    format!("/ramps/{id}")
}

pub fn competencies(ramp_id: i64) -> String {
    ramp_form(ramp_id, "competencies")
}

pub fn checklist(ramp_id: i64) -> String {
    ramp_form(ramp_id, "checklist")
}

/// The sessions and shifts of a ramp.
pub fn sessions(ramp_id: i64) -> String {
    ramp_form(ramp_id, "sessions")
}

/// The discussion of a ramp, its sign-offs, and who arranged what.
pub fn history(ramp_id: i64) -> String {
    ramp_form(ramp_id, "history")
}

/// The form of a ramp by that name: `accept`, `pause`, `waivers` ...
pub fn ramp_form(id: i64, form: &str) -> String {
    format!("/ramps/{id}/{form}")
}

/// Where a sign-off is asked for.
pub fn ask(ramp_id: i64) -> String {
    ramp_form(ramp_id, "sign-off")
}

/// Where a mentor judges the competencies of a group.
pub fn assess(ramp_id: i64, group: &str) -> String {
    format!("/ramps/{ramp_id}/assess/{group}")
}

pub fn self_assess(ramp_id: i64, group: &str) -> String {
    format!("/ramps/{ramp_id}/self-assess/{group}")
}

/// What a competency was judged on.
pub fn competency(ramp_id: i64, code: &str) -> String {
    format!("/ramps/{ramp_id}/competencies/{code}")
}

/// The form with which a mentee asks what someone saw.
pub fn ask_for_observation(ramp_id: i64, code: &str) -> String {
    format!("{}/ask", competency(ramp_id, code))
}

/// What someone was asked to say they saw.
pub fn observation(id: i64) -> String {
    format!("/observations/{id}")
}

pub fn item(ramp_id: i64, code: &str) -> String {
    format!("/ramps/{ramp_id}/items/{code}")
}

/// The line of an item on the checklist.
pub fn item_line(ramp_id: i64, code: &str) -> String {
    format!("/ramps/{ramp_id}/checklist#item-{code}")
}

pub fn gap(ramp_id: i64, id: i64) -> String {
    format!("/ramps/{ramp_id}/gaps/{id}")
}

/// The form that records a session of that ramp.
pub fn new_session(ramp_id: i64) -> String {
    format!("/sessions/new?ramp={ramp_id}")
}

pub fn plan_session(ramp_id: i64) -> String {
    ramp_form(ramp_id, "sessions/plan")
}

pub fn plan_shift(ramp_id: i64) -> String {
    ramp_form(ramp_id, "shifts/plan")
}

pub fn session(id: i64) -> String {
    format!("/sessions/{id}")
}

pub fn session_form(id: i64, form: &str) -> String {
    format!("/sessions/{id}/{form}")
}

pub fn shift(id: i64) -> String {
    format!("/shifts/{id}")
}

pub fn shift_form(id: i64, form: &str) -> String {
    format!("/shifts/{id}/{form}")
}

pub fn drill(id: i64) -> String {
    format!("/drills/{id}")
}

pub fn drill_form(id: i64, form: &str) -> String {
    format!("/drills/{id}/{form}")
}

pub fn signoff(id: i64) -> String {
    format!("/sign-offs/{id}")
}

pub fn first_key(id: i64) -> String {
    format!("/sign-offs/{id}/first-key")
}

pub fn decision(id: i64) -> String {
    format!("/sign-offs/{id}/decision")
}

pub fn clearance(id: i64) -> String {
    format!("/clearances/{id}")
}

/// The form of a clearance by that name: `suspend`, `extend`, `delta` ...
pub fn clearance_form(id: i64, form: &str) -> String {
    format!("/clearances/{id}/{form}")
}

pub fn person(handle: &str) -> String {
    format!("/people/{handle}")
}
