//! What a notification says: the same words in the inbox, in mail and in chat.

use super::Kind;
use crate::domain::clearance::end::practice_words;

/// The actor, to themselves.
pub const YOU: &str = "You";

/// What is known about a notification, in the words and the zone of its reader.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// Who did it: [`YOU`] where that is the reader; empty where it came with time.
    pub actor: &'a str,
    /// Whom it is about.
    pub subject: &'a str,
    /// The reader is whom it is about.
    pub is_own: bool,
    pub area: &'a str,
    pub title: &'a str,
    pub at: &'a str,
    pub due: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it is about: `Amara Okafor, Payments`.
    pub title: String,
    pub note: String,
    pub button: &'static str,
}

pub fn told(kind: Kind, f: &Facts<'_>) -> Told {
    let (note, button) = note(kind, f);
    Told {
        title: title(kind, f),
        note,
        button,
    }
}

fn title(kind: Kind, f: &Facts<'_>) -> String {
    let what = match kind {
        Kind::Weekly => return "Your week".into(),
        Kind::Mentioned | Kind::Answered | Kind::Commented if !f.title.is_empty() => {
            return f.title.to_owned();
        }
        Kind::DrillWaits
        | Kind::DrillPlanned
        | Kind::DrillChanged
        | Kind::DrillLeft
        | Kind::DrillCancelled => f.title,
        Kind::ClubToClose | Kind::ClubPlanned | Kind::ClubCancelled if f.title.is_empty() => {
            return "Reading club".into();
        }
        Kind::ClubToClose | Kind::ClubPlanned | Kind::ClubCancelled => {
            return format!("Reading club, {}", f.title);
        }
        Kind::FlagsOpen => return format!("{}, standard", f.area),
        Kind::KpiNote | Kind::KpiMissed | Kind::KpiMet => return f.title.to_owned(),
        Kind::RotaFindings => return format!("{}, rota", f.area),
        _ if !f.is_own => f.subject,
        Kind::Cleared
        | Kind::ClearanceChanged
        | Kind::InterimDecided
        | Kind::DeltaAsked
        | Kind::Expiring
        | Kind::PracticeDue
        | Kind::Lapsed => "Your clearance",
        _ => "Your ramp",
    };
    match (what.is_empty(), f.area.is_empty()) {
        (false, false) => format!("{what}, {}", f.area),
        (false, true) => what.to_owned(),
        (true, _) => f.area.to_owned(),
    }
}

fn note(kind: Kind, f: &Facts<'_>) -> (String, &'static str) {
    let Facts {
        actor,
        subject,
        is_own,
        title,
        at,
        due,
        ..
    } = *f;
    let [actor, subject] = [actor, subject].map(|name| match name {
        "" => "Someone",
        known => known,
    });
    match kind {
        Kind::RampAsked => (
            format!("{subject} asks to ramp: start the ramp, or decline"),
            "Answer",
        ),
        Kind::RampDeclined => (
            format!("{actor} declined your request to ramp and says why"),
            "Read why",
        ),
        Kind::RampProposed if is_own => (
            format!("{actor} proposed a ramp for you: accept or decline it"),
            "See the proposal",
        ),
        Kind::RampProposed => (
            format!("{actor} asks you to mentor this ramp: accept or decline it"),
            "See the proposal",
        ),
        Kind::MentorNamed => (
            format!("{actor} named you mentor of this ramp"),
            "See the ramp",
        ),
        Kind::SignoffWaits => (format!("The {title} of the sign-off is due"), "Review"),
        Kind::WaiverAsked => (
            "A waiver is asked for, to be granted or refused".into(),
            "Decide",
        ),
        Kind::Unsupervised => (
            "Interim clearance without supervisor: nobody who is cleared answers for them".into(),
            "Name a supervisor",
        ),
        Kind::SignoffPossible => (
            "Every gate is met. Ask for the sign-off".into(),
            "Ask for sign-off",
        ),
        Kind::SessionToRecord => (
            format!("The session of {at} was not recorded yet"),
            "Record or cancel",
        ),
        Kind::ShiftRuns => (format!("The shift runs until {at}"), "Open the shift"),
        Kind::DebriefDue => (
            format!("The debrief of the shift is due by {due}"),
            "Debrief",
        ),
        Kind::DrillWaits => (format!("The drill of {at} waits for you"), "Open the drill"),
        Kind::ClubToClose => (
            format!("It was on {at}: say who was there, so that it counts for them"),
            "Close it",
        ),
        Kind::ObservationAsked => (
            format!("{subject} asks what you saw of {title}. Answer by {at}"),
            "Answer",
        ),
        Kind::ObservationAnswered => (
            format!("{actor} answered what they saw of {title}"),
            "See the ramp",
        ),
        Kind::GapsOpen => (
            "Gaps that a review named wait for a mentor to close them".into(),
            "See the gaps",
        ),
        Kind::ItemsToCheck => (
            "Checklist items are done and wait for a mentor to check them".into(),
            "Check",
        ),
        Kind::FlagsOpen => ("Checklist lines are flagged as stale".into(), "Look"),
        Kind::KpiNote => (
            "Say why the number is as it is, and what comes next".into(),
            "Write a note",
        ),
        Kind::KpiMissed => (format!("It missed its target on {due}"), "See the figure"),
        Kind::KpiMet => (
            format!("It met its target again on {due}"),
            "See the figure",
        ),
        Kind::RotaFindings => (
            format!("{title} in the rota. Change the rota, or accept them"),
            "See the rota",
        ),
        Kind::SignoffOld => (
            format!("The sign-off was asked for on {at} and still waits for a key"),
            "Review",
        ),
        Kind::SessionPlanned => (
            format!("{actor} planned a session for {at}"),
            "See the session",
        ),
        Kind::SessionMoved => (
            format!("{actor} moved the session to {at}"),
            "See the session",
        ),
        Kind::SessionHandedOver if actor == YOU && title == "you" => (
            format!("You took over the session of {at}"),
            "See the session",
        ),
        Kind::SessionHandedOver => (
            format!("{actor} handed the session of {at} over to {title}"),
            "See the session",
        ),
        Kind::SessionCancelled => (
            format!("{actor} cancelled the session of {at}"),
            "See the session",
        ),
        Kind::SessionRecorded if is_own => (
            format!("{actor} recorded your session of {at}"),
            "See the session",
        ),
        Kind::SessionRecorded => (
            format!("{actor} recorded the session of {at} with {subject}"),
            "See the session",
        ),
        Kind::FeedbackGiven => (
            format!(
                "{actor} gave feedback on the session of {at}. Give yours, then you can read both"
            ),
            "See the session",
        ),
        Kind::ShiftPlanned => (arranged(actor, title, "shift", at), "See the shift"),
        Kind::DrillPlanned => (
            format!("{actor} planned the drill for {at}"),
            "See the drill",
        ),
        Kind::DrillChanged => (
            format!("{actor} changed the drill. It is planned for {at}"),
            "See the drill",
        ),
        Kind::DrillLeft if actor == YOU => (
            format!("You took yourself out of the drill of {at}"),
            "See the drill",
        ),
        Kind::DrillLeft => (
            format!("{actor} took you out of the drill of {at}"),
            "See the drill",
        ),
        Kind::ClubPlanned => (
            format!("{actor} planned the reading club for {at}"),
            "See the club",
        ),
        Kind::DrillCancelled => (
            format!("{actor} cancelled the drill of {at}"),
            "See the drill",
        ),
        Kind::ClubCancelled => (
            format!("{actor} cancelled the reading club of {at}"),
            "See the club",
        ),
        Kind::Assessed if is_own => (
            format!("{actor} assessed {title}. Assess yourself, then both views open"),
            "Assess yourself",
        ),
        Kind::Assessed => (
            format!("{subject} assessed {title}. Add your view, then both open"),
            "Assess",
        ),
        Kind::Mentioned => (format!("{actor} mentioned you"), "Read it"),
        Kind::Answered => (format!("{actor} answered you"), "Read it"),
        Kind::Commented => (format!("{actor} wrote in the discussion"), "Read it"),
        Kind::SignoffReturned => (
            format!("{actor} returned the sign-off and says why"),
            "Read why",
        ),
        Kind::Cleared => {
            let who = match is_own {
                true => "You are".to_owned(),
                false => format!("{subject} is"),
            };
            let sentence = match title {
                _ if due.is_empty() => format!("{who} cleared, with no end date"),
                "" | "until" => format!("{who} cleared until {due}"),
                words => format!("{who} cleared: {words} {due}"),
            };
            (sentence, "See the clearance")
        }
        Kind::ClearanceChanged => (
            format!("{actor} {title} the clearance and says why"),
            "See the clearance",
        ),
        Kind::InterimDecided => (
            format!("{actor} {title} the interim clearance: interim until {due}"),
            "See the clearance",
        ),
        Kind::WaiverDecided => (format!("{actor} {title} the waiver"), "See the waiver"),
        Kind::DeltaAsked => (
            format!("The standard has changed: a delta review is due by {due}"),
            "See what changed",
        ),
        Kind::Expiring => (
            format!(
                "It ends soon: {} {due}",
                if title.is_empty() {
                    "cleared until"
                } else {
                    title
                }
            ),
            "See the clearance",
        ),
        Kind::PracticeDue => (
            format!(
                "Without practice it lapses: {} {due}",
                practice_words(title)
            ),
            "See the clearance",
        ),
        Kind::Lapsed => (format!("It lapsed on {due}"), "See the clearance"),
        Kind::StalePairing => (format!("No session since {at}"), "Plan a session"),
        Kind::RampReminder if title.is_empty() => {
            (format!("{actor} reminds you of this ramp"), "See the ramp")
        }
        Kind::RampReminder => (format!("{actor} reminds you: {title}"), "See the ramp"),
        Kind::PromiseDue => (
            format!(
                "Still to do: {} (agreed on {at})",
                title.trim_end_matches('.')
            ),
            "See the ramp",
        ),
        Kind::Weekly => ("What your week brings".into(), "Open home"),
    }
}

/// `title` says how: planned, moved, cancelled.
fn arranged(actor: &str, title: &str, what: &str, at: &str) -> String {
    match title {
        "moved" => format!("{actor} moved the {what} to {at}"),
        "cancelled" => format!("{actor} cancelled the {what} of {at}"),
        _ => format!("{actor} planned a {what} for {at}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_says_something_to_both_sides() {
        for kind in Kind::ALL {
            for is_own in [true, false] {
                let facts = Facts {
                    actor: "Ines Duarte",
                    subject: "Amara Okafor",
                    is_own,
                    area: "Payments",
                    title: "first key",
                    at: "Thu 12 Nov, 09:00",
                    due: "12 Nov",
                };
                let told = told(*kind, &facts);
                assert!(!told.title.is_empty() && !told.button.is_empty());
                assert!(told.note.len() > 10, "{kind:?}: {}", told.note);
                assert!(!told.note.ends_with('.'), "{kind:?}");
                if is_own {
                    assert!(!told.title.contains("Amara"), "{kind:?}");
                }
            }
        }
    }

    #[test]
    fn who_did_it_themselves_reads_so() {
        let note = |kind, title| {
            let facts = Facts {
                actor: YOU,
                title,
                at: "Thu 12 Nov, 09:00",
                ..Facts::default()
            };
            told(kind, &facts).note
        };
        for (kind, title, words) in [
            (Kind::SessionMoved, "", "You moved the session to"),
            (Kind::SessionCancelled, "", "You cancelled the session of"),
            (
                Kind::SessionHandedOver,
                "you",
                "You took over the session of",
            ),
            (Kind::ShiftPlanned, "moved", "You moved the shift to"),
            (
                Kind::DrillChanged,
                "",
                "You changed the drill. It is planned for",
            ),
            (Kind::DrillLeft, "", "You took yourself out of the drill of"),
            (Kind::ClubCancelled, "", "You cancelled the reading club of"),
        ] {
            assert_eq!(note(kind, title), format!("{words} Thu 12 Nov, 09:00"));
        }
    }

    #[test]
    fn a_deed_of_nobody_known_still_reads_well() {
        let facts = Facts {
            at: "Thu 12 Nov, 09:00",
            ..Facts::default()
        };
        let told = told(Kind::SessionMoved, &facts);
        assert_eq!(told.note, "Someone moved the session to Thu 12 Nov, 09:00");
    }
}
