//! What the forms of the table send: what is accepted, so that nothing but permission can refuse it.

use checkride::domain::availability::{WEEKDAYS, Week};

use super::address::{condition_of, question_of, waiver_of};
use crate::support::Site;
use crate::support::factory::PASSWORD;

pub const COMPETENCY: [(&str, &str); 3] = [
    ("statement", "Leads the call"),
    ("group", "incident"),
    ("required_level", "3"),
];

pub const ITEM: [(&str, &str); 3] = [
    ("text", "Lead the call"),
    ("group", "do"),
    ("done_by", "mentor"),
];

/// What a form sends that was opened on the draft as [`drafted`] left it.
pub fn drafting(fields: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let typed = fields
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    std::iter::once(("revision", "2.1".to_owned()))
        .chain(typed)
        .collect()
}

pub fn of_state(from: &str) -> Vec<(&'static str, String)> {
    vec![
        ("from", from.into()),
        ("reason", "Seen twice this week".into()),
    ]
}

pub fn ticking(site: &Site) -> Vec<(&'static str, String)> {
    let field = format!("note-{}", condition_of(site));
    vec![(field.leak(), "Did so on Sunday".into())]
}

pub fn answering(site: &Site) -> Vec<(&'static str, String)> {
    // One site, one question: the name of the field is known for as long as the test runs.
    let field = format!("answer-{}", question_of(site));
    vec![(field.leak(), "Marcus was".into())]
}

pub fn new_password(_: &Site) -> Vec<(&'static str, String)> {
    let new = "eight loud magpies";
    vec![
        ("current_password", PASSWORD.into()),
        ("new_password", new.into()),
        ("repeat_password", new.into()),
    ]
}

pub fn area_fields(site: &Site) -> Vec<(&'static str, String)> {
    let area = site
        .app
        .db(|c| checkride::domain::area::store::by_id(c, site.area_id));
    vec![
        ("name", "Payments and refunds".into()),
        ("summary", "Takes the money, and gives it back.".into()),
        ("owner_team", area.owner_team),
        ("tier", "1".into()),
        ("minimum_cover", "2".into()),
        ("target_weeks", "12".into()),
        ("validity_months", "12".into()),
        ("recency_days", "90".into()),
        ("ends", "months".into()),
        ("practice_amount", "1".into()),
        ("revision", area.revision.to_string()),
    ]
}

pub fn the_stranger_is_cleared(site: &Site) -> Vec<(&'static str, String)> {
    let (id, today) = (site.stranger.id, site.app.now().day());
    // One site, one stranger: the names of the fields are known for as long as the test runs.
    let field = |name: &str| -> &'static str { format!("{name}-{id}").leak() };
    vec![
        (field("who"), "yes".into()),
        (field("since"), today.plus_days(-100).to_string()),
        (field("until"), today.plus_days(100).to_string()),
        ("rests_on", "On the rota since the summer".into()),
    ]
}

pub fn first_password() -> Vec<(&'static str, String)> {
    let new = "eight loud magpies";
    vec![
        ("name", "Somebody New".into()),
        ("email", "somebody.new@example.com".into()),
        ("time_zone", "UTC".into()),
        ("password", new.into()),
        ("repeat_password", new.into()),
    ]
}

pub fn a_new_person() -> Vec<(&'static str, String)> {
    vec![
        ("name", "Somebody New".into()),
        ("email", "somebody.new@example.com".into()),
        ("time_zone", "UTC".into()),
        ("team", String::new()),
    ]
}

pub fn a_list(step: &str) -> Vec<(&'static str, String)> {
    vec![
        ("list", "Somebody New, somebody.new@example.com".into()),
        ("time_zone", "UTC".into()),
        ("step", step.into()),
    ]
}

pub fn details(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("was_name", site.mentee.name.clone()),
        ("was_email", site.mentee.email.clone()),
        ("was_zone", "Africa/Tunis".into()),
        ("name", "Leila H. Haddad".into()),
        ("email", site.mentee.email.clone()),
        ("time_zone", "Africa/Tunis".into()),
    ]
}

/// The mentee, who is in the other team.
pub fn into_the_owners(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("person", site.mentee.handle.clone()),
        ("team", "Payments".into()),
        ("from", "outside".into()),
        ("to", "member".into()),
    ]
}

pub fn ramp_for_the_stranger(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("area", site.area_id.to_string()),
        ("mentee", site.stranger.id.to_string()),
        ("primary", site.qualifier.id.to_string()),
        ("starts_on", site.app.now().day().to_string()),
        ("interval_days", "7".into()),
    ]
}

pub fn moving(from: &str, to: &str) -> Vec<(&'static str, String)> {
    vec![("from", from.into()), ("to", to.into())]
}

pub fn moving_several(from: &str, to: &str) -> Vec<(&'static str, String)> {
    vec![
        ("item", "PAY-K1".into()),
        ("from-PAY-K1", from.into()),
        ("to", to.into()),
    ]
}

pub fn session_this_morning(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("ramp", site.ramp_id.to_string()),
        ("kind", "pairing".into()),
        ("minutes", "30".into()),
        ("starts_at", "2026-11-23T08:00".into()),
        ("summary", "Walked through a failover".into()),
    ]
}

pub fn tomorrow() -> Vec<(&'static str, String)> {
    vec![
        ("kind", "lab".into()),
        ("minutes", "45".into()),
        ("starts_at", "2026-11-24T15:00".into()),
    ]
}

pub fn moving_to_tomorrow(site: &Site) -> Vec<(&'static str, String)> {
    let planned = site.dossier().plans[0].starts_at;
    let mut fields = tomorrow();
    fields.push(("from", planned.iso_micros()));
    fields
}

pub fn shift_tomorrow(site: &Site) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("kind", "shadow".into()),
        ("with", site.qualifier.id.to_string()),
        ("starts_at", "2026-11-24T13:00".into()),
        ("ends_at", "2026-11-24T17:00".into()),
    ];
    fields.extend(briefing_anew());
    fields
}

pub fn briefing_anew() -> Vec<(&'static str, String)> {
    let fields = [
        "may_page",
        "runbooks",
        "learner_job",
        "who_may_touch",
        "brief_reason",
    ];
    fields.map(|field| (field, "As agreed".into())).into()
}

pub fn moving_the_shift(site: &Site) -> Vec<(&'static str, String)> {
    let shift = site.dossier().shifts.remove(0);
    vec![
        ("from", shift.starts_at.iso_micros()),
        ("until", shift.ends_at.iso_micros()),
        ("starts_at", "2026-11-26T13:00".into()),
        ("ends_at", "2026-11-26T17:00".into()),
        ("move_reason", "Later".into()),
    ]
}

pub fn judging(evidence: &str) -> Vec<(&'static str, String)> {
    vec![
        ("level-PAY-A1", "3".into()),
        ("note-PAY-A1", evidence.into()),
    ]
}

pub fn because() -> Vec<(&'static str, String)> {
    vec![("reason", "The peak season comes first".into())]
}

pub fn another_target(site: &Site) -> Vec<(&'static str, String)> {
    let today = site.app.now().day();
    let [from, to] = [84, 120].map(|days| today.plus_days(days).to_string());
    vec![
        ("from", from),
        ("target_on", to),
        ("reason", "Later".into()),
    ]
}

pub fn handing_over(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("from", site.mentor.id.to_string()),
        ("mentor", site.qualifier.id.to_string()),
        ("reason", "Moves to another team".into()),
    ]
}

pub fn waiving(subject: &str, site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("subject", subject.into()),
        ("reason", "Nobody can grant the access before March".into()),
        ("ends_on", site.app.now().day().plus_days(30).to_string()),
    ]
}

pub fn interim_terms(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("supervisor", site.mentor.id.to_string()),
        ("ends_on", site.app.now().day().plus_days(40).to_string()),
        ("reason", "Nights are short of people".into()),
    ]
}

pub fn extending(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("ends_on", site.app.now().day().plus_days(80).to_string()),
        ("reason", "The last drill is in spring".into()),
    ]
}

pub fn supervising(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("from", site.mentor.id.to_string()),
        ("supervisor", site.qualifier.id.to_string()),
        ("reason", "Marcus is away".into()),
    ]
}

/// A field of the form of one waiver; one site, one waiver.
fn of_the_waiver(site: &Site, name: &str) -> &'static str {
    format!("{name}-{}", waiver_of(site)).leak()
}

pub fn granting_the_waiver(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        (of_the_waiver(site, "decision"), "grant".into()),
        (
            of_the_waiver(site, "ends_on"),
            site.app.now().day().plus_days(20).to_string(),
        ),
        (
            of_the_waiver(site, "note"),
            "Until the access is there".into(),
        ),
    ]
}

pub fn revoking_the_waiver(site: &Site) -> Vec<(&'static str, String)> {
    vec![(of_the_waiver(site, "reason"), "It can be done now".into())]
}

pub fn returning(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("decision", "return".into()),
        ("note", "One more drill first".into()),
        ("edition", site.edition()),
    ]
}

pub fn approving(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("decision", "approve".into()),
        ("ends_on", site.app.now().day().plus_days(180).to_string()),
        ("edition", site.edition()),
    ]
}

pub fn an_incident(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("area", site.area_id.to_string()),
        ("day", site.app.now().day().to_string()),
        ("link", "https://incidents.example.com/88".into()),
    ]
}

/// The delta review of the mentee's clearance.
pub fn closing_the_delta(site: &Site) -> Vec<(&'static str, String)> {
    use checkride::domain::clearance::store;
    use checkride::usecases::clearance::delta;
    let delta = site.app.db(|c| {
        let held = store::of_person(c, site.mentee.id)?;
        delta::of_clearance(c, held[0].id)
    });
    vec![
        ("delta", delta.unwrap().id.to_string()),
        ("note", "Told me what went and why".into()),
    ]
}

pub fn a_drill(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("area", site.area_slug.clone()),
        ("revision", "0".into()),
        ("kind", "tabletop".into()),
        ("title", "Tuesday evening".into()),
        ("scenario", "The queue is stuck.".into()),
        ("starts_at", "2026-11-25T15:00".into()),
        ("minutes", "45".into()),
        ("game_master", site.qualifier.id.to_string()),
        ("primary", site.mentee.id.to_string()),
        ("expected", "PAY-I1 Looks at the queue".into()),
    ]
}

/// The hours that hold until somebody sets their own.
pub fn usual_hours() -> Vec<(&'static str, String)> {
    let week = Week::usual();
    let days = (1..).zip(WEEKDAYS).map(|(n, day)| (day, week.text(n)));
    std::iter::once(("was_hours", week.line()))
        .chain(days)
        .collect()
}

/// A hook of the area, of a chat.
pub fn a_hook(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("owner", format!("area-{}", site.area_id)),
        ("name", "#payments".into()),
        ("dialect", "mattermost".into()),
        ("address", "https://chat.example.com/hooks/x".into()),
        ("kinds", "clearance.granted".into()),
    ]
}

/// A target that the lead of the owner team owns; that of the organisation, the administrator.
pub fn a_target(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("low", "1".into()),
        ("high", String::new()),
        ("owner", site.admin.id.to_string()),
        ("seen", "0".into()),
    ]
}

pub fn a_kpi_note() -> Vec<(&'static str, String)> {
    vec![
        ("why", "Two clearances ended".into()),
        ("next", "Pair one more".into()),
    ]
}

pub fn a_rota() -> Vec<(&'static str, String)> {
    let text = "start,end,person\n2026-11-30T09:00:00Z,2026-12-01T09:00:00Z,The duty phone\n";
    vec![("name", "Primary".into()), ("text", text.into())]
}

/// Of the finding of [`a_rota`].
pub fn an_acceptance() -> Vec<(&'static str, String)> {
    vec![
        ("who", "n:the duty phone".into()),
        ("kind", "unknown".into()),
        ("shift", "2026-11-30T09:00:00Z".into()),
        ("reason", "A phone of the office".into()),
        ("until_on", "2026-12-31".into()),
    ]
}
