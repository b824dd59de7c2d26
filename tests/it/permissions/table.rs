//! The table of permissions. What its forms send is in [`super::fields`], what must have happened in [`super::before`].

use checkride::domain::ramp::RampState;
use checkride::domain::shift::ShiftKind;

use super::before::*;
use super::fields::*;
use super::owners;
use crate::asked;
use crate::shift;
use crate::support::Site;
use crate::support::factory::PASSWORD;

/// A line: what each role of [`Role::ALL`] is answered.
pub struct Line {
    pub method: &'static str,
    /// As it is mounted; [`address`] fills it in.
    pub path: &'static str,
    pub expected: [u16; 8],
    pub fields: fn(&Site) -> Vec<(&'static str, String)>,
    pub prepared: Option<fn(&Site)>,
}

pub fn get(path: &'static str, expected: [u16; 8]) -> Line {
    Line {
        method: "GET",
        path,
        expected,
        fields: |_| Vec::new(),
        prepared: None,
    }
}

pub fn post(path: &'static str, expected: [u16; 8]) -> Line {
    Line {
        method: "POST",
        ..get(path, expected)
    }
}

impl Line {
    /// What the form sends; it should be what is accepted, so that nothing but permission can refuse it.
    pub fn sending(self, fields: fn(&Site) -> Vec<(&'static str, String)>) -> Self {
        Self { fields, ..self }
    }

    /// What must have happened before.
    pub fn after(self, prepare: fn(&Site)) -> Self {
        Self {
            prepared: Some(prepare),
            ..self
        }
    }
}

/// The table. 303 is "done" for a form, and "sign in first" for a page; 401 is "sign in first" for a form.
#[rustfmt::skip]
pub fn table() -> Vec<Line> {
    let everybody = [200; 8];
    let whoever_is_signed_in = [303, 200, 200, 200, 200, 200, 200, 200];
    let administrators = [303, 403, 403, 403, 403, 403, 403, 200];
    let done_by_administrators = [401, 403, 403, 403, 403, 403, 403, 303];
    let done_by_whoever_is_signed_in = [401, 303, 303, 303, 303, 303, 303, 303];
    vec![
        //                              signed out, stranger, mentee, mentor, qualifier, owner lead, mentee lead, administrator
        get("/healthz", everybody),
        get("/readyz", everybody),
        get("/assets/{hash}/{name}", everybody),
        get("/_ui", everybody),
        get("/help", whoever_is_signed_in),
        get("/help/guide", whoever_is_signed_in),
        get("/search", whoever_is_signed_in),

        get("/sign-in", everybody),
        post("/sign-in", [303; 8]).sending(|site| vec![("email", site.stranger.email.clone()), ("password", PASSWORD.into())]),
        post("/sign-in/demo", [404; 8]).sending(|site| vec![("person_id", site.admin.id.to_string())]),
        // The page says that this installation sends no mail.
        get("/reset", everybody),
        post("/reset", [409; 8]).sending(|site| vec![("email", site.stranger.email.clone())]),
        post("/sign-out", [303; 8]),
        get("/account", whoever_is_signed_in),
        post("/account/time-zone", done_by_whoever_is_signed_in).sending(|_| vec![("time_zone", "Europe/Lisbon".into())]),
        post("/account/password", done_by_whoever_is_signed_in).sending(new_password),

        get("/inbox", whoever_is_signed_in),
        get("/inbox/count", whoever_is_signed_in),
        post("/inbox/read", done_by_whoever_is_signed_in).sending(|_| vec![("up_to", "2026-11-23T09:00:00Z".into())]),
        // Nobody was told anything under that number.
        get("/inbox/{id}", [303, 404, 404, 404, 404, 404, 404, 404]),
        get("/inbox/mail", whoever_is_signed_in),
        post("/inbox/mail", done_by_whoever_is_signed_in).sending(|_| vec![("kind_cleared", "never".into())]),
        // Only the secret of a mail opens it.
        get("/mail/{token}/{kind}", [404; 8]),
        post("/mail/{token}/{kind}", [404; 8]),
        // Whoever holds its address reads a calendar; who is signed in makes no difference.
        get("/calendar/{token}.ics", everybody),
        get("/me/logbook.zip", whoever_is_signed_in),
        get("/me/calendar", whoever_is_signed_in),
        post("/me/calendar/address", [401, 200, 200, 200, 200, 200, 200, 200]),
        post("/me/calendar/end", done_by_whoever_is_signed_in),
        post("/me/calendar/busy", done_by_whoever_is_signed_in).sending(|_| vec![("address", "https://calendar.example.com/me.ics".into())]),
        post("/me/calendar/busy/remove", done_by_whoever_is_signed_in),
        get("/me/availability", whoever_is_signed_in),
        post("/me/availability", done_by_whoever_is_signed_in).sending(|_| usual_hours()),
        post("/me/absences", done_by_whoever_is_signed_in).sending(|_| vec![("first_on", "2026-12-24".into())]),
        // Another person's absence is not there.
        post("/me/absences/{id}/remove", [401, 404, 303, 404, 404, 404, 404, 404]).after(the_mentee_is_away),

        // Whoever holds a link comes in by it; who is signed in already changes nothing.
        get("/invite/{token}", everybody),
        post("/invite/{token}", [303; 8]).sending(|_| first_password()),
        get("/set-up/{token}", [410; 8]),
        post("/set-up/{token}", [410; 8]).sending(|_| first_password()),

        get("/admin/people", administrators),
        get("/admin/organisation.zip", administrators),
        get("/admin/people.csv", administrators),
        get("/admin/people.xlsx", administrators),
        get("/admin/add-person", administrators),
        post("/admin/add-person", [401, 403, 403, 403, 403, 403, 403, 200]).sending(|_| a_new_person()),
        get("/admin/add-people", administrators),
        post("/admin/add-people", [401, 403, 403, 403, 403, 403, 403, 200]).sending(|_| a_list("look")),
        post("/admin/add-people", [401, 403, 403, 403, 403, 403, 403, 200]).sending(|_| a_list("add")),
        get("/admin/people/{handle}", administrators),
        post("/admin/people/{handle}/details", done_by_administrators).sending(details),
        post("/admin/people/{handle}/teams", done_by_administrators).sending(into_the_owners),
        post("/admin/people/{handle}/invite", [401, 403, 403, 403, 403, 403, 403, 200]),
        post("/admin/people/{handle}/invite", [401, 403, 403, 403, 403, 403, 403, 409]).sending(|_| vec![("by", "mail".into())]),
        post("/admin/people/{handle}/revoke-invite", done_by_administrators),
        get("/admin/messages", administrators),
        get("/admin/messages.csv", administrators),
        get("/admin/messages.xlsx", administrators),
        post("/admin/messages/{id}/retry", done_by_administrators).after(a_message),
        post("/admin/messages/{id}/cancel", done_by_administrators).after(a_message),
        get("/admin/mail", administrators),
        get("/demo/mail", [404; 8]),
        get("/admin/people/{handle}/deactivate", administrators),
        post("/admin/people/{handle}/deactivate", done_by_administrators).sending(|_| vec![("reason", "Left the company".into())]),
        // Who is here cannot come back, which only an administrator is told.
        post("/admin/people/{handle}/sign-out", [401, 403, 403, 403, 403, 403, 403, 303]),
        post("/admin/people/{handle}/reactivate", [401, 403, 403, 403, 403, 403, 403, 409]),
        get("/admin/place?team={team}&person={person}&to=lead", administrators),
        get("/admin/teams", administrators),
        post("/admin/teams", done_by_administrators).sending(|_| vec![("name", "Search".into())]),
        get("/admin/teams/{id}", administrators),
        post("/admin/teams/{id}/name", done_by_administrators).sending(|_| vec![("was_name", "Payments".into()), ("name", "Money".into())]),
        post("/admin/teams/{id}/members", done_by_administrators).sending(into_the_owners),

        get("/", whoever_is_signed_in),
        get("/board", whoever_is_signed_in),
        get("/board.csv", whoever_is_signed_in),
        get("/board.xlsx", whoever_is_signed_in),
        get("/board/screens", whoever_is_signed_in),
        post("/board/screens/address", [401, 403, 403, 403, 403, 200, 403, 200]).sending(|site| vec![("team", owners(site).to_string())]),
        post("/board/screens/end", [401, 403, 403, 403, 403, 303, 403, 303]).sending(|site| vec![("team", owners(site).to_string())]),
        // Whoever holds its address reads a wallboard; who is signed in makes no difference.
        get("/screen/{token}", everybody),
        get("/board/teams", whoever_is_signed_in),
        get("/board/teams.csv", whoever_is_signed_in),
        get("/board/teams.xlsx", whoever_is_signed_in),
        get("/areas", whoever_is_signed_in),
        get("/areas.csv", whoever_is_signed_in),
        get("/areas.xlsx", whoever_is_signed_in),
        get("/areas/{slug}", whoever_is_signed_in),
        get("/areas/{slug}/forecast", whoever_is_signed_in),
        get("/areas/{slug}/cover.svg", whoever_is_signed_in),
        get("/areas/{slug}/lapsing.svg", whoever_is_signed_in),
        get("/areas/{slug}/forecast.csv", whoever_is_signed_in),
        get("/areas/{slug}/forecast.xlsx", whoever_is_signed_in),
        get("/areas/{slug}/people.csv", whoever_is_signed_in),
        get("/areas/{slug}/people.xlsx", whoever_is_signed_in),
        get("/areas/{slug}/queue", whoever_is_signed_in),
        get("/areas/{slug}/queue.csv", whoever_is_signed_in),
        get("/areas/{slug}/queue.xlsx", whoever_is_signed_in),
        // Who ramps or is cleared there does not ask; a signed-in form that cannot be taken is a conflict.
        post("/areas/{slug}/queue", [401, 303, 409, 409, 409, 303, 303, 303]).sending(|_| vec![("why", "I carry its pager soon".into())]),
        post("/areas/{slug}/queue/{id}/withdraw", [401, 303, 404, 404, 404, 404, 404, 404]).after(the_stranger_asks_to_ramp),
        post("/areas/{slug}/queue/{id}/decline", [401, 403, 403, 403, 403, 303, 303, 303]).sending(|_| vec![("reason", "Not this quarter".into())]).after(the_stranger_asks_to_ramp),
        get("/areas/{slug}/standard/v/{n}", whoever_is_signed_in),
        get("/areas/{slug}/standard/v/{n}/lines.csv", whoever_is_signed_in),
        get("/areas/{slug}/standard/v/{n}/lines.xlsx", whoever_is_signed_in),
        get("/areas/{slug}/standard/diff", whoever_is_signed_in),
        //                                     out, stranger, mentee, mentor, qualifier, owner lead, mentee lead, administrator
        get("/areas/new",                     [303, 403, 403, 403, 403, 403, 403, 200]),
        post("/areas/new",                    [401, 403, 403, 403, 403, 403, 403, 303]).sending(|site| [area_fields(site), vec![("slug", "search".into()), ("code", "SRC".into())]].concat()),
        get("/areas/{slug}/edit",             [303, 403, 403, 403, 403, 200, 403, 200]),
        post("/areas/{slug}/edit",            [401, 403, 403, 403, 403, 303, 403, 303]).sending(area_fields),
        get("/areas/{slug}/archive",          [303, 403, 403, 403, 403, 403, 403, 200]),
        post("/areas/{slug}/archive",         [401, 403, 403, 403, 403, 403, 403, 303]).after(close_the_ramp),
        post("/areas/{slug}/restore",         [401, 403, 403, 403, 403, 403, 403, 303]).after(archive_the_area),
        get("/areas/{slug}/systems/{n}",      [303, 403, 403, 403, 403, 200, 403, 200]),
        post("/areas/{slug}/systems/{n}",     [401, 403, 403, 403, 403, 303, 403, 303]).sending(|_| vec![("name", "Gateway".into()), ("revision", "0".into())]),
        post("/areas/{slug}/systems/{n}/remove", [401, 403, 403, 403, 403, 303, 403, 303]).sending(|_| vec![("revision", "0".into()), ("reason", "Retired".into())]).after(one_system),
        get("/areas/{slug}/cleared",          [303, 403, 403, 403, 403, 200, 403, 200]),
        post("/areas/{slug}/cleared",         [401, 403, 403, 403, 403, 303, 403, 303]).sending(the_stranger_is_cleared),
        get("/areas/{slug}/qualifiers",       [303, 403, 403, 403, 403, 200, 403, 200]),
        get("/areas/{slug}/qualifiers.csv", [303, 403, 403, 403, 403, 200, 403, 200]),
        get("/areas/{slug}/qualifiers.xlsx", [303, 403, 403, 403, 403, 200, 403, 200]),
        post("/areas/{slug}/qualifiers",      [401, 403, 403, 403, 403, 303, 403, 303]).sending(|site| vec![("person", site.stranger.id.to_string())]),
        get("/areas/{slug}/qualifiers/{person}/end",  [303, 403, 403, 403, 403, 200, 403, 200]),
        post("/areas/{slug}/qualifiers/{person}/end", [401, 403, 403, 403, 403, 303, 403, 303]).sending(|_| because()),
        get("/people", whoever_is_signed_in),
        get("/people.csv", whoever_is_signed_in),
        get("/people.xlsx", whoever_is_signed_in),
        get("/people/{handle}", whoever_is_signed_in),
        // The mentee's own agreement: theirs, their lead's, the administrator's.
        get("/people/{handle}/mentoring",  [303, 403, 200, 403, 403, 403, 200, 200]),
        post("/people/{handle}/mentoring", [401, 403, 303, 403, 403, 403, 303, 303]).sending(|_| vec![("mentees", "2".into()), ("hours", "8".into())]),
        get("/people/{handle}/practice", [303, 403, 200, 403, 403, 403, 200, 200]),
        get("/people/{handle}/practice.csv", [303, 403, 200, 403, 403, 403, 200, 200]),
        get("/people/{handle}/practice.xlsx", [303, 403, 200, 403, 403, 403, 200, 200]),
        get("/incidents/new", whoever_is_signed_in),
        post("/incidents", [401, 403, 303, 303, 303, 403, 403, 403]).sending(an_incident),
        post("/activities/{id}/take-back", [401, 403, 303, 403, 403, 403, 403, 403]).sending(|_| because()).after(an_incident_of_the_mentee),
        get("/clearances/{id}", whoever_is_signed_in),
        get("/sign-offs", whoever_is_signed_in),
        get("/sign-offs.csv", whoever_is_signed_in),
        get("/sign-offs.xlsx", whoever_is_signed_in),
        get("/sessions/new", whoever_is_signed_in),

        get("/admin/audit",       [303, 403, 403, 403, 403, 403, 403, 200]),
        get("/audit/programme", [303, 403, 403, 403, 403, 200, 200, 200]),
        get("/audit/programme.csv", [303, 403, 403, 403, 403, 200, 200, 200]),
        get("/audit/programme.xlsx", [303, 403, 403, 403, 403, 200, 200, 200]),
        get("/admin/audit.csv",   [303, 403, 403, 403, 403, 403, 403, 200]),
        get("/admin/audit.xlsx",  [303, 403, 403, 403, 403, 403, 403, 200]),
        get("/admin/audit/{seq}", [303, 403, 403, 403, 403, 403, 403, 200]),

        //                                     out, stranger, mentee, mentor, qualifier, owner lead, mentee lead, administrator
        get("/ramps", whoever_is_signed_in),
        get("/ramps.csv", whoever_is_signed_in),
        get("/ramps.xlsx", whoever_is_signed_in),
        get("/plan", whoever_is_signed_in),
        get("/practice", whoever_is_signed_in),
        get("/ramps/new",                     [303, 403, 403, 403, 403, 200, 200, 200]),
        post("/ramps/new",                    [401, 403, 403, 403, 403, 303, 303, 303]).sending(ramp_for_the_stranger),
        get("/ramps/{id}",                    [303, 403, 200, 200, 200, 200, 200, 200]),
        get("/ramps/{id}/shifts.csv", [303, 403, 200, 200, 200, 200, 200, 200]),
        get("/ramps/{id}/shifts.xlsx", [303, 403, 200, 200, 200, 200, 200, 200]),
        get("/ramps/{id}/sessions.csv", [303, 403, 200, 200, 200, 200, 200, 200]),
        get("/ramps/{id}/sessions.xlsx", [303, 403, 200, 200, 200, 200, 200, 200]),
        post("/ramps/{id}/items/{code}",      [401, 403, 303, 403, 403, 403, 403, 403]).sending(|_| moving("open", "done")),
        post("/ramps/{id}/items/{code}",      [401, 403, 403, 303, 403, 403, 403, 403]).sending(|_| moving("open", "checked")),
        post("/ramps/{id}/items/{code}",      [401, 403, 403, 303, 403, 403, 403, 403]).sending(|_| moving("checked", "open")).after(|site| site.check("PAY-K1")),

        get("/ramps/{id}/accept",             [303, 403, 200, 200, 403, 403, 403, 403]).after(Site::propose_anew),
        post("/ramps/{id}/accept",            [401, 403, 303, 303, 403, 403, 403, 403]).after(Site::propose_anew),
        get("/ramps/{id}/decline",            [303, 403, 200, 200, 403, 403, 403, 403]).after(Site::propose_anew),
        post("/ramps/{id}/decline",           [401, 403, 303, 303, 403, 403, 403, 403]).sending(|_| because()).after(Site::propose_anew),
        get("/ramps/{id}/upgrade",            [303, 403, 403, 200, 403, 200, 200, 200]).after(published_anew),
        post("/ramps/{id}/upgrade",           [401, 403, 403, 303, 403, 303, 303, 303]).sending(|_| vec![("from", "1".into()), ("to", "2".into())]).after(published_anew),
        get("/ramps/{id}/pause",              [303, 403, 403, 200, 403, 200, 200, 200]),
        post("/ramps/{id}/pause",             [401, 403, 403, 303, 403, 303, 303, 303]).sending(|_| because()),
        get("/ramps/{id}/resume",             [303, 403, 403, 200, 403, 200, 200, 200]).after(|site| site.put_into(RampState::Paused)),
        post("/ramps/{id}/resume",            [401, 403, 403, 303, 403, 303, 303, 303]).sending(|_| because()).after(|site| site.put_into(RampState::Paused)),
        get("/ramps/{id}/target",             [303, 403, 403, 200, 403, 200, 200, 200]),
        post("/ramps/{id}/target",            [401, 403, 403, 303, 403, 303, 303, 303]).sending(another_target),
        get("/ramps/{id}/end",                [303, 403, 403, 200, 403, 200, 200, 200]),
        post("/ramps/{id}/end",               [401, 403, 403, 303, 403, 303, 303, 303]).sending(|_| because()),
        get("/ramps/{id}/hand-over",          [303, 403, 403, 200, 403, 200, 200, 200]),
        post("/ramps/{id}/hand-over",         [401, 403, 403, 303, 403, 303, 303, 303]).sending(handing_over),
        get("/ramps/{id}/add-mentor",         [303, 403, 403, 200, 403, 200, 200, 200]),
        post("/ramps/{id}/add-mentor",        [401, 403, 403, 303, 403, 303, 303, 303]).sending(|site| vec![("mentor", site.qualifier.id.to_string())]),
        get("/ramps/{id}/remove-mentor",      [303, 200, 403, 200, 403, 200, 200, 200]).after(Site::helped_by_the_stranger),
        post("/ramps/{id}/remove-mentor",     [401, 303, 403, 303, 403, 303, 303, 303]).sending(|site| vec![("reason", "On leave".into()), ("from", site.stranger.id.to_string())]).after(Site::helped_by_the_stranger),

        get("/sessions/new?ramp={ramp}",      [303, 403, 403, 200, 403, 403, 403, 403]),
        post("/sessions/new",                 [401, 403, 403, 303, 403, 403, 403, 403]).sending(session_this_morning),
        get("/sessions/{id}",                 [303, 404, 200, 200, 200, 200, 200, 200]).after(|site| site.hold_session(45)),

        get("/ramps/{id}/sessions/plan",      [303, 403, 200, 200, 403, 403, 403, 403]),
        post("/ramps/{id}/sessions/plan",     [401, 403, 303, 303, 403, 403, 403, 403]).sending(|_| tomorrow()),
        post("/sessions/{id}/move",           [401, 404, 303, 303, 403, 403, 403, 403]).sending(moving_to_tomorrow).after(|site| { site.plan_session(48); }),
        post("/sessions/{id}/cancel",         [401, 404, 303, 303, 403, 403, 403, 403]).sending(|_| vec![("cancel_reason", "Ill".into())]).after(|site| { site.plan_session(48); }),
        post("/sessions/{id}/no-show",        [401, 404, 303, 303, 403, 403, 403, 403]).sending(|_| vec![("absent", "both".into())]).after(|site| { site.plan_session(-2); }),
        post("/sessions/{id}/undo",           [401, 404, 403, 303, 403, 403, 403, 403]).after(|site| site.hold_session(45)),
        get("/sessions/{id}/correct",         [303, 404, 403, 200, 403, 403, 403, 403]).after(|site| site.hold_session(45)),
        post("/sessions/{id}/correct",        [401, 404, 403, 303, 403, 403, 403, 403]).sending(session_this_morning).after(|site| site.hold_session(45)),
        // Between the mentee and the mentor of the session alone.
        get("/sessions/{id}/feedback",        [303, 404, 200, 200, 403, 403, 403, 403]).after(|site| site.hold_session(45)),
        post("/sessions/{id}/feedback",       [401, 404, 303, 303, 403, 403, 403, 403]).sending(|_| vec![("first", "You let me drive".into()), ("seen", "0".into())]).after(|site| site.hold_session(45)),
        post("/ramps/{id}/next-actions/{action}", [401, 403, 303, 303, 403, 403, 403, 403]).sending(|_| vec![("to", "done".into())]).after(|site| { site.agree("Read the runbook"); }),

        // The qualifier is asked.
        get("/ramps/{id}/competencies/{code}/ask",  [303, 403, 200, 403, 403, 403, 403, 403]),
        post("/ramps/{id}/competencies/{code}/ask", [401, 403, 303, 403, 403, 403, 403, 403]).sending(asked::asking),
        get("/observations/{id}",             [303, 404, 200, 200, 200, 200, 200, 200]).after(|site| { asked::asked(site); }),
        post("/observations/{id}/answer",     [401, 404, 403, 403, 303, 403, 403, 403]).sending(|_| asked::answering()).after(|site| { asked::asked(site); }),
        post("/observations/{id}/decline",    [401, 404, 403, 403, 303, 403, 403, 403]).sending(|_| vec![("why", "Not there".into())]).after(|site| { asked::asked(site); }),

        // The qualifier is on call on the shift.
        get("/ramps/{id}/shifts/plan",        [303, 403, 200, 200, 403, 403, 403, 403]),
        post("/ramps/{id}/shifts/plan",       [401, 403, 303, 303, 403, 403, 403, 403]).sending(shift_tomorrow),
        get("/shifts/{id}",                   [303, 404, 200, 200, 200, 200, 200, 200]).after(|site| { shift::ended(site); }),
        post("/shifts/{id}/move",             [401, 404, 303, 303, 303, 403, 403, 403]).sending(moving_the_shift).after(|site| { shift::planned(site, ShiftKind::ReverseShadow, (24, 28)); }),
        post("/shifts/{id}/brief",            [401, 404, 303, 303, 303, 403, 403, 403]).sending(|_| briefing_anew()).after(|site| { shift::running(site); }),
        post("/shifts/{id}/cancel",           [401, 404, 403, 303, 303, 403, 403, 403]).sending(|_| vec![("cancel_reason", "Ill".into())]).after(|site| { shift::running(site); }),
        post("/shifts/{id}/alerts",           [401, 404, 303, 403, 303, 403, 403, 403]).sending(|_| vec![("flag", "acknowledged".into())]).after(|site| { shift::running(site); }),
        post("/shifts/{id}/alerts/{alert}/take-back", [401, 404, 303, 303, 303, 403, 403, 403]).after(a_line_in_the_ledger),
        get("/shifts/{id}/debrief",           [303, 404, 403, 200, 200, 403, 403, 403]).after(|site| { shift::ended(site); }),
        post("/shifts/{id}/debrief",          [401, 404, 403, 303, 303, 403, 403, 403]).sending(|_| shift::in_words()).after(|site| { shift::ended(site); }),
        // The mentor planned the drill and leads it, the mentee is its primary, the stranger helps, the mentee's lead looks on.
        get("/drills", whoever_is_signed_in),
        get("/drills.csv", whoever_is_signed_in),
        get("/drills.xlsx", whoever_is_signed_in),
        get("/drills?ramp={ramp}",            [303, 403, 200, 200, 200, 200, 200, 200]),
        get("/drills/new",                    [303, 403, 403, 200, 200, 200, 403, 403]),
        post("/drills/new",                   [401, 403, 403, 303, 303, 303, 403, 403]).sending(a_drill),
        get("/drills/{id}",                   whoever_is_signed_in).after(|site| { site.plan_drill(); }),
        get("/drills/{id}/edit",              [303, 403, 403, 200, 403, 200, 403, 403]).after(|site| { site.plan_drill(); }),
        post("/drills/{id}/edit",             [401, 403, 403, 303, 403, 303, 403, 403]).sending(a_drill).after(|site| { site.plan_drill(); }),
        post("/drills/{id}/cancel",           [401, 403, 403, 303, 403, 303, 403, 403]).sending(|_| vec![("cancel_reason", "A real one".into())]).after(|site| { site.plan_drill(); }),
        get("/drills/{id}/sheet",             [303, 403, 403, 200, 403, 403, 403, 403]).after(|site| { site.plan_drill(); }),
        post("/drills/{id}/begin",            [401, 403, 403, 303, 403, 403, 403, 403]).after(|site| { site.plan_drill(); }),
        post("/drills/{id}/lines/{line}",     [401, 403, 403, 303, 403, 403, 403, 403]).sending(|_| vec![("to", "given".into()), ("revision", "0".into())]).after(|site| { site.begin_drill(); }),
        post("/drills/{id}/end",              [401, 403, 403, 303, 403, 403, 403, 403]).after(|site| { site.begin_drill(); }),
        post("/drills/{id}/go-on",            [401, 403, 403, 303, 403, 403, 403, 403]).after(|site| { site.run_drill(); }),
        get("/drills/{id}/debrief",           [303, 403, 403, 200, 403, 403, 403, 403]).after(|site| { site.run_drill(); }),
        post("/drills/{id}/debrief",          [401, 403, 403, 303, 403, 403, 403, 403]).sending(|_| vec![("went_badly", "Nobody told support".into())]).after(|site| { site.run_drill(); }),

        get("/ramps/{id}/assess/{group}",       [303, 403, 403, 200, 403, 403, 403, 403]),
        post("/ramps/{id}/assess/{group}",      [401, 403, 403, 303, 403, 403, 403, 403]).sending(|_| judging("Saw it in the drill")),
        get("/ramps/{id}/self-assess/{group}",  [303, 403, 200, 403, 403, 403, 403, 403]),
        post("/ramps/{id}/self-assess/{group}", [401, 403, 303, 403, 403, 403, 403, 403]).sending(|_| judging("")),
        get("/ramps/{id}/compare",              [303, 403, 200, 200, 200, 200, 200, 200]),
        get("/ramps/{id}/competencies/{code}",  [303, 403, 200, 200, 200, 200, 200, 200]),

        get("/ramps/{id}/sign-off",           [303, 403, 200, 200, 200, 200, 200, 200]),
        post("/ramps/{id}/sign-off",          [401, 403, 303, 303, 403, 403, 403, 403]).sending(|_| vec![("note", "Ready".into())]).after(Site::make_ready),
        get("/sign-offs/{id}",                [303, 404, 200, 200, 200, 200, 200, 200]).after(Site::ask_for_signoff),
        get("/sign-offs/{id}/gates.csv", [303, 404, 200, 200, 200, 200, 200, 200]).after(Site::ask_for_signoff),
        get("/sign-offs/{id}/gates.xlsx", [303, 404, 200, 200, 200, 200, 200, 200]).after(Site::ask_for_signoff),
        get("/sign-offs/{id}/record",         [303, 404, 200, 200, 200, 200, 200, 200]).after(granted),
        post("/sign-offs/{id}/first-key",     [401, 404, 403, 303, 403, 403, 403, 403]).sending(|site| vec![("recommendation", "Steady under load".into()), ("edition", site.edition())]).after(Site::ask_for_signoff),
        post("/sign-offs/{id}/decision",      [401, 404, 403, 303, 403, 403, 403, 403]).sending(returning).after(Site::ask_for_signoff),
        post("/sign-offs/{id}/decision",      [401, 404, 403, 403, 303, 303, 403, 403]).sending(approving).after(asked_and_first_key),
        post("/sign-offs/{id}/decision",      [401, 404, 403, 403, 303, 303, 403, 403]).sending(returning).after(asked_and_first_key),

        get("/ramps/{id}/gaps/{gap}",          [303, 403, 200, 200, 200, 200, 200, 200]).after(returned_with_a_gap),
        post("/ramps/{id}/gaps/{gap}",         [401, 403, 403, 303, 403, 403, 403, 403]).sending(|_| vec![("note", "Seen at night".into())]).after(returned_with_a_gap),
        get("/ramps/{id}/interim",             [303, 403, 200, 200, 200, 200, 200, 200]),
        post("/ramps/{id}/interim",            [401, 403, 403, 403, 303, 303, 403, 403]).sending(interim_terms).after(Site::make_ready),
        get("/clearances/{id}/extend",         [303, 403, 403, 403, 200, 200, 403, 403]).after(on_interim),
        post("/clearances/{id}/extend",        [401, 403, 403, 403, 303, 303, 403, 403]).sending(extending).after(on_interim),
        // Whoever may suspend it names the supervisor, the mentor who is a qualifier among them.
        get("/clearances/{id}/supervisor",     [303, 403, 403, 200, 200, 200, 403, 403]).after(on_interim),
        post("/clearances/{id}/supervisor",    [401, 403, 403, 303, 303, 303, 403, 403]).sending(supervising).after(on_interim),
        get("/ramps/{id}/waivers",             [303, 403, 200, 200, 200, 200, 200, 200]),
        get("/ramps/{id}/waivers.csv", [303, 403, 200, 200, 200, 200, 200, 200]),
        get("/ramps/{id}/waivers.xlsx", [303, 403, 200, 200, 200, 200, 200, 200]),
        post("/ramps/{id}/waivers",            [401, 403, 303, 303, 403, 403, 403, 403]).sending(|site| waiving("gate:sessions", site)),
        // Somebody independent: administrators get nothing from being one, mentors nothing from being qualifiers.
        post("/ramps/{id}/waivers/{waiver}/decision", [401, 403, 403, 403, 303, 303, 403, 403]).sending(granting_the_waiver).after(asked_to_waive),
        post("/ramps/{id}/waivers/{waiver}/revoke",   [401, 403, 403, 403, 303, 303, 403, 403]).sending(revoking_the_waiver).after(waived),
        post("/sign-offs/{id}/withdraw",       [401, 404, 303, 303, 403, 403, 403, 403]).sending(|_| vec![("reason", "Too early".into())]).after(asked_and_first_key),
        post("/sign-offs/{id}/questions",      [401, 404, 303, 303, 303, 303, 303, 303]).sending(|_| vec![("question", "Who was on call?".into())]).after(Site::ask_for_signoff),
        post("/sign-offs/{id}/questions/{question}", [401, 404, 303, 303, 303, 303, 303, 403]).sending(answering).after(asked_a_question),

        // The clearance is the mentee's, granted on a condition; the administrator gets nothing from being one.
        get("/clearances/{id}/delta",          whoever_is_signed_in).after(granted_and_changed),
        post("/clearances/{id}/delta",         [401, 403, 403, 403, 303, 303, 403, 403]).sending(closing_the_delta).after(granted_and_changed),
        get("/clearances/{id}/suspend",        [303, 403, 403, 200, 200, 200, 403, 403]).after(granted),
        post("/clearances/{id}/suspend",       [401, 403, 403, 303, 303, 303, 403, 403]).sending(|_| of_state("valid")).after(granted),
        get("/clearances/{id}/revoke",         [303, 403, 403, 200, 200, 200, 403, 403]).after(granted),
        post("/clearances/{id}/revoke",        [401, 403, 403, 303, 303, 303, 403, 403]).sending(|_| of_state("valid")).after(granted),
        get("/clearances/{id}/reinstate",      [303, 403, 403, 403, 200, 200, 403, 403]).after(granted_and_suspended),
        post("/clearances/{id}/reinstate",     [401, 403, 403, 403, 303, 303, 403, 403]).sending(|_| of_state("suspended")).after(granted_and_suspended),
        post("/clearances/{id}/conditions/{condition}", [401, 403, 403, 403, 303, 303, 403, 403]).sending(ticking).after(granted),

        //                                                              out, stranger, mentee, mentor, qualifier, owner lead, mentee lead, administrator
        get("/areas/{slug}/standard/draft",                            [303, 403, 403, 200, 200, 200, 403, 200]),
        post("/areas/{slug}/standard/draft",                           [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| vec![("from", "published".into())]),
        post("/areas/{slug}/standard/draft/lines/{code}/order",        [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&[("to", "down")])).after(drafted),
        post("/areas/{slug}/standard/draft/lines/{code}/remove",       [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&[])).after(drafted),
        post("/areas/{slug}/standard/draft/lines/{code}/put-back",     [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&[])).after(|site| drafted_without(site, "PAY-A1")),
        get("/areas/{slug}/standard/draft/competencies/new",           [303, 403, 403, 200, 200, 200, 403, 200]).after(drafted),
        post("/areas/{slug}/standard/draft/competencies/new",          [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&COMPETENCY)).after(drafted),
        get("/areas/{slug}/standard/draft/competencies/{code}",        [303, 403, 403, 200, 200, 200, 403, 200]).after(drafted),
        post("/areas/{slug}/standard/draft/competencies/{code}",       [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&COMPETENCY)).after(drafted),
        get("/areas/{slug}/standard/draft/items/new",                  [303, 403, 403, 200, 200, 200, 403, 200]).after(drafted),
        post("/areas/{slug}/standard/draft/items/new",                 [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&ITEM)).after(drafted),
        get("/areas/{slug}/standard/draft/items/{code}",               [303, 403, 403, 200, 200, 200, 403, 200]).after(drafted),
        post("/areas/{slug}/standard/draft/items/{code}",              [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&ITEM)).after(drafted),
        get("/areas/{slug}/standard/draft/paste",                      [303, 403, 403, 200, 200, 200, 403, 200]),
        post("/areas/{slug}/standard/draft/paste",                     [401, 403, 403, 200, 200, 200, 403, 200]).sending(|_| drafting(&[("text", "- Lead the call"), ("otherwise", "items"), ("step", "look")])).after(drafted),
        post("/areas/{slug}/standard/draft/paste",                     [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&[("text", "- Lead the call"), ("otherwise", "items"), ("step", "add")])).after(drafted),
        get("/areas/{slug}/standard/draft/gates",                      [303, 403, 403, 200, 200, 200, 403, 200]).after(drafted),
        post("/areas/{slug}/standard/draft/gates",                     [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&[("gate-levels", "on")])).after(drafted),
        get("/areas/{slug}/standard/draft/publish",                    [303, 403, 403, 200, 200, 200, 403, 200]).after(drafted),
        post("/areas/{slug}/standard/draft/publish",                   [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| drafting(&[("note", "Shorter")])).after(drafted),
        get("/areas/{slug}/standard/flags",                            [303, 403, 403, 200, 200, 200, 403, 200]).after(flagged),
        get("/areas/{slug}/standard/flags.csv", [303, 403, 403, 200, 200, 200, 403, 200]).after(flagged),
        get("/areas/{slug}/standard/flags.xlsx", [303, 403, 403, 200, 200, 200, 403, 200]).after(flagged),
        post("/areas/{slug}/standard/flags/{id}/answer",               [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| vec![("answered", "yes".into())]).after(flagged),
        post("/areas/{slug}/standard/flags/{id}/close",                [401, 403, 403, 303, 303, 303, 403, 303]).sending(|_| vec![("reason", "It works".into())]).after(flagged),
        get("/ramps/{id}/items/{code}/stale",                          [303, 403, 200, 200, 403, 403, 403, 403]),
        get("/metrics", [404; 8]),
        get("/kpis",                               whoever_is_signed_in),
        get("/kpis/me",                            [303; 8]),
        get("/kpis/figures.csv",                   whoever_is_signed_in),
        get("/kpis/figures.xlsx",                  whoever_is_signed_in),
        get("/kpis/figures/{kpi}",                 whoever_is_signed_in),
        get("/kpis/figures/{kpi}/trend.svg",       whoever_is_signed_in),
        get("/kpis/figures/{kpi}/target",          administrators),
        post("/kpis/figures/{kpi}/target",         done_by_administrators).sending(a_target),
        get("/kpis/figures/{kpi}/note",            [303, 403, 403, 403, 403, 403, 403, 200]).after(of_all_is_owned),
        post("/kpis/figures/{kpi}/note",           [401, 403, 403, 403, 403, 403, 403, 303]).sending(|_| a_kpi_note()).after(of_all_is_owned),
        get("/kpis/teams/{team}",                  whoever_is_signed_in),
        get("/kpis/teams/{team}/figures.csv",      whoever_is_signed_in),
        get("/kpis/teams/{team}/figures.xlsx",     whoever_is_signed_in),
        get("/kpis/teams/{team}/{kpi}",            whoever_is_signed_in),
        get("/kpis/teams/{team}/{kpi}/trend.svg",  whoever_is_signed_in),
        get("/kpis/teams/{team}/{kpi}/target",     [303, 403, 403, 403, 403, 200, 403, 200]),
        post("/kpis/teams/{team}/{kpi}/target",    [401, 403, 403, 403, 403, 303, 403, 303]).sending(a_target),
        get("/kpis/teams/{team}/{kpi}/note",       [303, 403, 403, 403, 403, 200, 403, 403]).after(of_the_team_is_owned),
        post("/kpis/teams/{team}/{kpi}/note",      [401, 403, 403, 403, 403, 303, 403, 403]).sending(|_| a_kpi_note()).after(of_the_team_is_owned),
        post("/kpis/teams/{team}/{kpi}/pin",       [401, 403, 403, 403, 403, 303, 403, 303]),
        post("/kpis/teams/{team}/{kpi}/unpin",     [401, 403, 403, 403, 403, 303, 403, 303]).after(pinned),
        get("/kpis/areas/{area}",                  whoever_is_signed_in),
        get("/kpis/areas/{area}/figures.csv",      whoever_is_signed_in),
        get("/kpis/areas/{area}/figures.xlsx",     whoever_is_signed_in),
        get("/kpis/areas/{area}/{kpi}",            whoever_is_signed_in),
        get("/kpis/areas/{area}/{kpi}/trend.svg",  whoever_is_signed_in),
        get("/kpis/areas/{area}/{kpi}/target",     [303, 403, 403, 403, 403, 200, 403, 200]),
        post("/kpis/areas/{area}/{kpi}/target",    [401, 403, 403, 403, 403, 303, 403, 303]).sending(a_target),
        get("/kpis/areas/{area}/{kpi}/note",       [303, 403, 403, 403, 403, 200, 403, 403]).after(of_the_area_is_owned),
        post("/kpis/areas/{area}/{kpi}/note",      [401, 403, 403, 403, 403, 303, 403, 403]).sending(|_| a_kpi_note()).after(of_the_area_is_owned),
        get("/kpis/labels/{label}",                whoever_is_signed_in).after(labelled),
        get("/kpis/labels/{label}/figures.csv",    whoever_is_signed_in).after(labelled),
        get("/kpis/labels/{label}/figures.xlsx",   whoever_is_signed_in).after(labelled),
        get("/kpis/labels/{label}/{kpi}",          whoever_is_signed_in).after(labelled),
        get("/kpis/labels/{label}/{kpi}/trend.svg", whoever_is_signed_in).after(labelled),
        // A person's figures are theirs, their mentors', their leads' and administrators'.
        get("/people/{handle}/kpis",               [303, 404, 200, 200, 404, 404, 200, 404]),
        get("/people/{handle}/kpis/figures.csv",   [303, 404, 200, 200, 404, 404, 200, 404]),
        get("/people/{handle}/kpis/figures.xlsx",  [303, 404, 200, 200, 404, 404, 200, 404]),
        get("/people/{handle}/kpis/{kpi}",         [303, 404, 200, 200, 404, 404, 200, 404]),
        get("/people/{handle}/kpis/{kpi}/trend.svg", [303, 404, 200, 200, 404, 404, 200, 404]),
        get("/hooks",                              [303, 403, 403, 403, 403, 200, 200, 200]),
        get("/hooks.csv", [303, 403, 403, 403, 403, 200, 200, 200]),
        get("/hooks.xlsx", [303, 403, 403, 403, 403, 200, 200, 200]),
        get("/hooks/new",                          [303, 403, 403, 403, 403, 200, 200, 200]),
        post("/hooks/new",                         [401, 403, 403, 403, 403, 303, 403, 303]).sending(a_hook),
        get("/hooks/{id}",                         [303, 403, 403, 403, 403, 200, 403, 200]).after(hooked),
        post("/hooks/{id}/test",                   [401, 403, 403, 403, 403, 303, 403, 303]).after(hooked),
        post("/hooks/{id}/pause",                  [401, 403, 403, 403, 403, 303, 403, 303]).after(hooked),
        post("/hooks/{id}/resume",                 [401, 403, 403, 403, 403, 303, 403, 303]).after(hook_paused),
        post("/hooks/{id}/messages/{message}",     [401, 403, 403, 403, 403, 303, 403, 303]).after(hook_tried),
        get("/hooks/{id}/remove",                  [303, 403, 403, 403, 403, 200, 403, 200]).after(hooked),
        post("/hooks/{id}/remove",                 [401, 403, 403, 403, 403, 303, 403, 303]).sending(|_| vec![("reason", "The channel is closed".into())]).after(hooked),
        get("/areas/{slug}/rota",                  whoever_is_signed_in),
        get("/areas/{slug}/rota.csv",              whoever_is_signed_in),
        get("/areas/{slug}/rota.xlsx",             whoever_is_signed_in),
        get("/areas/{slug}/rota/new",              [303, 403, 403, 403, 403, 200, 403, 200]),
        post("/areas/{slug}/rota/new",             [401, 403, 403, 403, 403, 303, 403, 303]).sending(|_| a_rota()),
        get("/areas/{slug}/rota/names",            [303, 403, 403, 403, 403, 200, 403, 200]).after(with_rota),
        post("/areas/{slug}/rota/names",           [401, 403, 403, 403, 403, 303, 403, 303]).sending(|site| vec![("called", "the duty phone".into()), ("who", site.mentor.handle.clone())]).after(with_rota),
        get("/areas/{slug}/rota/finding?who=n:the+duty+phone&kind=unknown&shift=2026-11-30T09:00:00Z", [303, 403, 403, 403, 403, 200, 403, 200]).after(with_rota),
        post("/areas/{slug}/rota/finding",         [401, 403, 403, 403, 403, 303, 403, 303]).sending(|_| an_acceptance()).after(with_rota),
        get("/rotas/{id}",                         [303, 403, 403, 403, 403, 200, 403, 200]).after(with_rota),
        post("/rotas/{id}",                        [401, 403, 403, 403, 403, 303, 403, 303]).sending(|_| vec![("text", "start,end,person\n2026-12-01,2026-12-02,Bo Li\n".into())]).after(with_rota),
        get("/rotas/{id}/remove",                  [303, 403, 403, 403, 403, 200, 403, 200]).after(with_rota),
        post("/rotas/{id}/remove",                 [401, 403, 403, 403, 403, 303, 403, 303]).sending(|_| because()).after(with_rota),
        post("/ramps/{id}/items/{code}/stale",                         [401, 403, 303, 303, 403, 403, 403, 403]).sending(|_| vec![("part", "link".into()), ("note", "It moved".into())]),
    ]
}
