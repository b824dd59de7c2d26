//! Every action that was ever recorded: its kind, and its sentence for people.

crate::text_enum! {
    /// Groups of actions that entries can be filtered by.
    pub enum Kind {
        /// Signing in, leaving, and passwords.
        SignIn = "sign-in" / "Signing in",
        People = "people" / "People and teams",
        /// Areas, their systems and their qualifiers.
        Area = "area" / "Areas and qualifiers",
        Standard = "standard" / "Standards",
        /// Ramps and their checklists.
        Ramp = "ramp" / "Ramps",
        Session = "session" / "Working sessions",
        /// On-call shifts and their ledgers.
        Shift = "shift" / "On-call shifts",
        /// Drills, from plan to debrief.
        Drill = "drill" / "Drills",
        /// Judgements, in both streams.
        Assessment = "assessment" / "Assessments",
        /// Sign-offs up to the decision.
        SignOff = "sign-off" / "Sign-offs",
        /// Post-mortems and reading clubs.
        Library = "library" / "Post-mortems",
        /// Comments, and who follows them.
        Discussion = "discussion" / "Discussion",
        /// What sign-offs lead to.
        Clearance = "clearance" / "Clearances",
        /// Chat hooks and what they sent.
        Hook = "hook" / "Chat hooks",
        /// Targets, notes and goals.
        Kpi = "kpi" / "Key figures",
        /// Rotas, and what of them is accepted.
        Rota = "rota" / "Rotas",
    }
}

/// Every action, its kind, and the words after the name of the person who did it.
///
/// `{person}` is the person it concerns, `{whose}` the same as owner ("their own" when they acted on themselves),
/// `{area}` the area, and any other word the detail with that name. A line stays when its action is no longer recorded,
/// because its entries stay too.
#[rustfmt::skip]
const SENTENCES: &[(&str, Kind, &str)] = &[
    ("session.signed_in",             Kind::SignIn,     "signed in"),
    ("session.signed_out",            Kind::SignIn,     "signed out"),
    ("session.signed_out_everywhere", Kind::SignIn,     "signed out everywhere"),
    ("session.ended",                 Kind::SignIn,     "signed out {person} everywhere"),
    ("person.password_set",           Kind::SignIn,     "set a new password for {person}"),
    ("invite.issued",                 Kind::SignIn,     "made an invitation link for {person}"),
    ("invite.revoked",                Kind::SignIn,     "took back {whose} invitation link"),
    ("invite.used",                   Kind::SignIn,     "joined with an invitation link"),
    ("reset.sent",                    Kind::SignIn,     "mailed {person} a link that sets a new password"),
    ("reset.used",                    Kind::SignIn,     "came in with a mailed link"),
    ("setup.offered",                 Kind::SignIn,     "was given a link that makes the first administrator"),
    ("calendar.address_made",         Kind::SignIn,     "made a secret address for {whose} calendar"),
    ("calendar.address_ended",        Kind::SignIn,     "ended the secret address of {whose} calendar"),
    ("screen.made",                   Kind::SignIn,     "made a secret address for the screen of {team}"),
    ("screen.ended",                  Kind::SignIn,     "ended the secret address of the screen of {team}"),

    ("person.added",                  Kind::People,     "added {person}"),
    ("person.renamed",                Kind::People,     "renamed {person} from {from} to {to}"),
    ("person.changed",                Kind::People,     "changed {whose} name, e-mail, time zone or role"),
    ("person.deactivated",            Kind::People,     "deactivated {person}"),
    ("person.reactivated",            Kind::People,     "reactivated {person}"),
    ("person.erased",                 Kind::People,     "erased who {person} is"),
    ("person.time_zone_changed",      Kind::People,     "changed {whose} time zone from {from} to {to}"),
    ("person.mentoring_agreed",       Kind::People,     "recorded how much mentoring {person} agreed to"),
    ("person.hours_changed",          Kind::People,     "changed {whose} weekly hours"),
    ("person.absence_added",          Kind::People,     "added {whose} absence"),
    ("person.absence_removed",        Kind::People,     "removed {whose} absence"),
    ("person.calendar_named",         Kind::People,     "named {whose} busy calendar"),
    ("person.calendar_forgotten",     Kind::People,     "removed {whose} busy calendar"),
    ("team.added",                    Kind::People,     "added the team {name}"),
    ("team.renamed",                  Kind::People,     "renamed the team {from} to {to}"),
    ("membership.changed",            Kind::People,     "changed {whose} place in {team} from {from} to {to}"),
    ("message.retried",               Kind::People,     "sent message {number} again"),
    ("message.cancelled",             Kind::People,     "cancelled message {number}"),
    ("area.added",                    Kind::Area,       "added the area {area}"),
    ("area.changed",                  Kind::Area,       "changed the area {area}"),
    ("area.systems_changed",          Kind::Area,       "changed the systems of {area}"),
    ("area.archived",                 Kind::Area,       "archived the area {area}"),
    ("area.restored",                 Kind::Area,       "restored the area {area}"),
    ("qualifier.designated",          Kind::Area,       "designated {person} as a qualifier of {area}"),
    ("qualifier.ended",               Kind::Area,       "ended {whose} designation as a qualifier of {area}"),
    ("draft.started",                 Kind::Standard,   "started a draft of the next standard of {area}"),
    ("draft.edited",                  Kind::Standard,   "edited the draft of the next standard of {area}"),
    ("standard.drafted",              Kind::Standard,   "drafted version {version} of the standard of {area}"),
    ("standard.published",            Kind::Standard,   "published version {version} of the standard of {area}"),
    ("stale.flagged",                 Kind::Standard,   "flagged checklist line {item} of {area} as stale"),
    ("stale.answered",                Kind::Standard,   "answered {whose} stale flag in the next version of {area}"),
    ("stale.closed",                  Kind::Standard,   "closed {whose} stale flag in {area}"),
    ("item.marked",                   Kind::Ramp,       "moved checklist item {item} of {whose} ramp in {area} from {from} to {to}"),
    ("ramp_request.asked",            Kind::Ramp,       "asked to ramp in {area}"),
    ("ramp_request.withdrawn",        Kind::Ramp,       "no longer asks to ramp in {area}"),
    ("ramp_request.declined",         Kind::Ramp,       "declined that {person} ramps in {area}"),
    ("ramp.proposed",                 Kind::Ramp,       "proposed {whose} ramp in {area}"),
    ("ramp.accepted",                 Kind::Ramp,       "accepted {whose} ramp in {area}"),
    ("ramp.declined",                 Kind::Ramp,       "declined {whose} ramp in {area}"),
    ("ramp.reminded",                 Kind::Ramp,       "reminded the mentors of {whose} ramp in {area}"),
    ("ramp.paused",                   Kind::Ramp,       "paused {whose} ramp in {area}"),
    ("ramp.resumed",                  Kind::Ramp,       "resumed {whose} ramp in {area}"),
    ("ramp.target_changed",           Kind::Ramp,       "moved the target of {whose} ramp in {area} from {from:day} to {to:day}"),
    ("ramp.mentor_added",             Kind::Ramp,       "added a mentor to {whose} ramp in {area}"),
    ("ramp.mentor_removed",           Kind::Ramp,       "removed a mentor from {whose} ramp in {area}"),
    ("ramp.handed_over",              Kind::Ramp,       "handed {whose} ramp in {area} over to another mentor"),
    ("ramp.ended",                    Kind::Ramp,       "ended {whose} ramp in {area}"),
    ("ramp.note_kept",                Kind::Ramp,       "kept a private note on {whose} ramp in {area}"),
    ("waiver.asked",                  Kind::Ramp,       "asked to waive “{what}” until {ends_on:day} on {whose} ramp in {area}"),
    ("waiver.granted",                Kind::Ramp,       "granted a waiver of “{what}” until {ends_on:day} on {whose} ramp in {area}"),
    ("waiver.refused",                Kind::Ramp,       "refused a waiver of “{what}” on {whose} ramp in {area}"),
    ("waiver.revoked",                Kind::Ramp,       "revoked the waiver of “{what}” on {whose} ramp in {area}"),
    ("ramp.upgraded",                 Kind::Ramp,       "moved {whose} ramp in {area} from version {from} to {to} of the standard"),
    ("gap.closed",                    Kind::Ramp,       "closed a gap of {whose} ramp in {area}"),
    ("session.recorded",              Kind::Session,    "recorded a session with {person} in {area}"),
    ("session.planned",               Kind::Session,    "planned a session on {whose} ramp in {area}"),
    ("session.moved",                 Kind::Session,    "moved a session on {whose} ramp in {area}"),
    ("session.cancelled",             Kind::Session,    "cancelled a session on {whose} ramp in {area}"),
    ("session.no_show",               Kind::Session,    "recorded a no-show for a session on {whose} ramp in {area}"),
    ("session.feedback_given",        Kind::Session,    "gave feedback on a session of {whose} ramp in {area}"),
    ("session.corrected",             Kind::Session,    "corrected a session on {whose} ramp in {area}"),
    ("next_action.done",              Kind::Session,    "ticked off a next action on {whose} ramp in {area}"),
    ("next_action.reopened",          Kind::Session,    "opened a next action on {whose} ramp in {area} again"),
    ("session.undone",                Kind::Session,    "undid a session on {whose} ramp in {area}"),
    ("shift.planned",                 Kind::Shift,      "planned an on-call shift on {whose} ramp in {area}"),
    ("shift.moved",                   Kind::Shift,      "moved an on-call shift on {whose} ramp in {area}"),
    ("shift.rebriefed",               Kind::Shift,      "changed the brief of an on-call shift on {whose} ramp in {area}"),
    ("shift.cancelled",               Kind::Shift,      "cancelled an on-call shift on {whose} ramp in {area}"),
    ("shift.alert_added",             Kind::Shift,      "added an alert to {whose} ledger in {area}"),
    ("shift.alert_undone",            Kind::Shift,      "took back an alert of {whose} ledger in {area}"),
    ("shift.debriefed",               Kind::Shift,      "debriefed an on-call shift on {whose} ramp in {area}"),
    ("shift.corrected",               Kind::Shift,      "corrected the debrief of an on-call shift on {whose} ramp in {area}"),
    ("drill.planned",                 Kind::Drill,      "planned a drill in {area}"),
    ("drill.changed",                 Kind::Drill,      "changed a drill in {area}"),
    ("drill.cancelled",               Kind::Drill,      "cancelled a drill in {area}"),
    ("drill.begun",                   Kind::Drill,      "began a drill in {area}"),
    ("drill.ticked",                  Kind::Drill,      "ticked a line of a drill in {area}"),
    ("drill.unticked",                Kind::Drill,      "took back the tick of a line of a drill in {area}"),
    ("drill.ended",                   Kind::Drill,      "ended a drill in {area}"),
    ("drill.resumed",                 Kind::Drill,      "resumed a drill in {area}"),
    ("drill.debriefed",               Kind::Drill,      "debriefed a drill in {area}"),
    ("observation.asked",             Kind::Assessment, "asked for an observation of {code} on {whose} ramp in {area}"),
    ("observation.answered",          Kind::Assessment, "said what they saw of {code} on {whose} ramp in {area}"),
    ("observation.declined",          Kind::Assessment, "declined to say what they saw of {code} on {whose} ramp in {area}"),
    ("assessment.recorded",           Kind::Assessment, "recorded assessments on {whose} ramp in {area}"),
    ("signoff.requested",             Kind::SignOff,    "asked for {whose} sign-off in {area}"),
    ("signoff.first_key",             Kind::SignOff,    "turned the first key of {whose} sign-off in {area}"),
    ("signoff.granted",               Kind::SignOff,    "approved {whose} sign-off in {area}"),
    ("signoff.returned",              Kind::SignOff,    "returned {whose} sign-off in {area}"),
    ("signoff.withdrawn",             Kind::SignOff,    "withdrew {whose} sign-off in {area}"),
    ("signoff.asked",                 Kind::SignOff,    "asked a question on {whose} sign-off in {area}"),
    ("signoff.answered",              Kind::SignOff,    "answered a question on {whose} sign-off in {area}"),
    ("postmortem.added",              Kind::Library,    "wrote the post-mortem “{title}”"),
    ("postmortem.edited",             Kind::Library,    "changed the post-mortem “{title}”"),
    ("postmortem.picture_added",      Kind::Library,    "added a picture to the post-mortem “{title}”"),
    ("postmortem.picture_removed",    Kind::Library,    "removed a picture from the post-mortem “{title}”"),
    ("postmortem.submitted",          Kind::Library,    "asked for a review of the post-mortem “{title}”"),
    ("postmortem.returned",           Kind::Library,    "sent the post-mortem “{title}” back to the draft"),
    ("postmortem.approved",           Kind::Library,    "made the post-mortem “{title}” teachable"),
    ("postmortem.answered",           Kind::Library,    "answered a question of the post-mortem “{title}”"),
    ("postmortem.retired",            Kind::Library,    "retired the post-mortem “{title}”"),
    ("postmortem.reopened",           Kind::Library,    "opened the post-mortem “{title}” as a draft"),
    ("club.planned",                  Kind::Library,    "planned a reading club on “{title}”"),
    ("club.held",                     Kind::Library,    "recorded who was in a reading club on “{title}”"),
    ("club.cancelled",                Kind::Library,    "cancelled a reading club on “{title}”"),
    ("comment.written",               Kind::Discussion, "wrote a comment on “{title}”"),
    ("comment.edited",                Kind::Discussion, "edited a comment on “{title}”"),
    ("comment.removed",               Kind::Discussion, "removed a comment on “{title}”"),
    ("discussion.followed",           Kind::Discussion, "followed the discussion on “{title}”"),
    ("discussion.muted",              Kind::Discussion, "muted the discussion on “{title}”"),
    ("clearance.granted",             Kind::Clearance,  "cleared {person} for {area} to {ends_on:day}"),
    ("clearance.interim_granted",     Kind::Clearance,  "gave {person} an interim clearance for {area} to {ends_on:day}, supervised by {supervisor}"),
    ("clearance.extended",            Kind::Clearance,  "extended {whose} interim clearance in {area} from {from:day} to {ends_on:day}"),
    ("clearance.supervisor_named",    Kind::Clearance,  "named {supervisor} as supervisor of {whose} interim clearance in {area}"),
    ("clearance.taken_over",          Kind::Clearance,  "took over {whose} clearance in {area} to {ends_on:day}"),
    ("clearance.suspended",           Kind::Clearance,  "suspended {whose} clearance in {area}"),
    ("clearance.revoked",             Kind::Clearance,  "revoked {whose} clearance in {area}"),
    ("clearance.reinstated",          Kind::Clearance,  "reinstated {whose} clearance in {area}"),
    ("clearance.delta_reviewed",      Kind::Clearance,  "closed the delta review of {whose} clearance in {area}, to version {to}"),
    ("activity.logged",               Kind::Clearance,  "logged a real incident in {area} on {day:day}"),
    ("activity.taken_back",           Kind::Clearance,  "took back a real incident in {area} of {day:day}"),
    ("clearance.condition_met",       Kind::Clearance,  "ticked off a condition of {whose} clearance in {area}"),
    ("kpi.target_set",                Kind::Kpi,        "set the target of {figure} in {of} to {goal}, owned by {person}"),
    ("kpi.note_written",              Kind::Kpi,        "wrote a note on {figure} of {of}"),
    ("kpi.pinned",                    Kind::Kpi,        "pinned {figure} as a goal of {of}"),
    ("kpi.unpinned",                  Kind::Kpi,        "ended the goal {figure} of {of}"),

    ("hook.added",                    Kind::Hook,       "added the chat hook {name} of {of}"),
    ("hook.tested",                   Kind::Hook,       "sent a test by the chat hook {name} of {of}"),
    ("hook.paused",                   Kind::Hook,       "paused the chat hook {name} of {of}"),
    ("hook.resumed",                  Kind::Hook,       "resumed the chat hook {name} of {of}"),
    ("hook.sent_again",               Kind::Hook,       "sent “{message}” again by the chat hook {name} of {of}"),
    ("hook.removed",                  Kind::Hook,       "removed the chat hook {name} of {of}"),
    ("rota.added",                    Kind::Rota,       "added the rota {name} to {area}"),
    ("rota.replaced",                 Kind::Rota,       "replaced the rota {name} of {area}"),
    ("rota.removed",                  Kind::Rota,       "removed the rota {name} of {area}"),
    ("rota.name_said",                Kind::Rota,       "said that {called} in the rotas of {area} is {person}"),
    ("rota.accepted",                 Kind::Rota,       "accepted a finding in the rotas of {area} about {about}: {finding}"),
];

impl Kind {
    pub fn actions(self) -> Vec<&'static str> {
        let of_kind = SENTENCES.iter().filter(|(_, kind, _)| *kind == self);
        of_kind.map(|(action, ..)| *action).collect()
    }

    /// The kind of an action; `None` when its line is missing.
    pub fn of(action: &str) -> Option<Self> {
        let known = SENTENCES.iter().find(|(known, ..)| *known == action);
        known.map(|(_, kind, _)| *kind)
    }
}

/// The words after the name of the person who did it, with placeholders; `None` when the line is missing.
pub fn template(action: &str) -> Option<&'static str> {
    let known = SENTENCES.iter().find(|(known, ..)| *known == action);
    known.map(|(.., template)| *template)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::domain::audit::object::Object;

    #[test]
    fn every_kind_has_actions_and_no_action_two_lines() {
        for kind in Kind::ALL {
            assert!(!kind.actions().is_empty(), "{kind:?}");
        }
        let once: BTreeSet<_> = SENTENCES.iter().map(|(action, ..)| action).collect();
        assert_eq!(once.len(), SENTENCES.len());
    }

    /// Actions and kinds of objects that the source records.
    #[derive(Default)]
    struct Recorded {
        actions: BTreeSet<String>,
        objects: BTreeSet<String>,
    }

    fn recorded(folder: &Path, found: &mut Recorded) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                recorded(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs")
                && !skipped().iter().any(|file| path.ends_with(file))
            {
                read(&std::fs::read_to_string(path).unwrap(), found);
            }
        }
    }

    /// This file, and the one where the words of hooks look the same.
    fn skipped() -> [&'static str; 2] {
        ["domain/audit/sentences.rs", "domain/hook/mod.rs"]
    }

    fn read(source: &str, found: &mut Recorded) {
        // An action may be chosen far from where it is recorded; its first word tells it apart from other text.
        let texts = source.split('"').filter(|text| is_action(text));
        found.actions.extend(texts.map(str::to_owned));
        for call in source.split("Entry::new(").skip(1) {
            if let Some(literal) = call.trim_start().strip_prefix('"') {
                let action = literal.split('"').next().unwrap();
                found.actions.insert(action.to_owned());
            }
            let object = call.split("format!(\"").nth(1).unwrap_or_default();
            if let Some((kind, _)) = object.split('"').next().unwrap().split_once(":{") {
                found.objects.insert(kind.to_owned());
            }
        }
    }

    fn is_action(text: &str) -> bool {
        let word =
            |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let of_a_kind = |kind: &str| {
            let mut known = SENTENCES
                .iter()
                .filter_map(|(action, ..)| action.split_once('.'));
            known.any(|(first, _)| first == kind)
        };
        text.split_once('.')
            .is_some_and(|(kind, verb)| word(kind) && word(verb) && of_a_kind(kind))
    }

    #[test]
    fn every_action_that_is_recorded_has_a_sentence_and_every_object_a_page_or_a_word() {
        let mut found = Recorded::default();
        let core = Path::new(env!("CARGO_MANIFEST_DIR"));
        for folder in [core.join("src"), core.join("../../src")] {
            recorded(&folder, &mut found);
        }
        assert!(found.actions.len() > 20 && found.objects.len() > 5);
        let silent: Vec<_> = found
            .actions
            .iter()
            .filter(|action| Kind::of(action).is_none())
            .collect();
        assert!(
            silent.is_empty(),
            "give these actions a sentence in crates/core/src/domain/audit/sentences.rs: {silent:?}"
        );
        let unknown: Vec<_> = found
            .objects
            .iter()
            .filter(|kind| matches!(Object::parse(&format!("{kind}:1")), Object::Other(_)))
            .collect();
        assert!(
            unknown.is_empty(),
            "say in crates/core/src/domain/audit/object.rs where these objects have their page: {unknown:?}"
        );
    }
}
