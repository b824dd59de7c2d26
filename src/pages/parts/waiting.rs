//! What waits for a person, as home and the inbox show it.

use crate::domain::notification::Kind;
use crate::usecases::home::waiting::Wait;

/// One thing that waits for the person.
pub struct Waiting {
    pub css: &'static str,
    pub icon: &'static str,
    pub href: String,
    /// What is to be done, in words.
    pub deed: String,
    /// Whom or what it is about.
    pub about: String,
    pub note: String,
    pub button: &'static str,
    pub is_late: bool,
    /// The ramp whose proposal is accepted from the list.
    pub proposal: Option<i64>,
    /// New since the person last looked.
    pub is_new: bool,
}

impl Waiting {
    /// `unread` are the causes that were told and not read.
    pub fn of(wait: Wait, unread: &[String]) -> Self {
        let kind = wait.cause.kind;
        let (css, icon) = look(kind, wait.is_late);
        let ramp = wait.cause.object.strip_prefix("ramp:");
        Self {
            css,
            icon,
            proposal: ramp
                .filter(|_| kind == Kind::RampProposed)
                .and_then(|id| id.parse().ok()),
            is_new: unread.contains(&wait.cause.key()),
            href: wait.cause.path,
            deed: wait.deed,
            about: wait.about,
            note: wait.note,
            button: wait.button,
            is_late: wait.is_late,
        }
    }
}

/// The colour and shape of a kind.
pub fn look(kind: Kind, is_late: bool) -> (&'static str, &'static str) {
    if is_late {
        return ("bad", "warn");
    }
    match kind {
        Kind::RampAsked => ("wait", "person"),
        Kind::RampReminder => ("soon", "bell"),
        Kind::RampDeclined => ("idle", "undo"),
        Kind::RampProposed => ("wait", "st-todo"),
        Kind::SignoffWaits | Kind::SignoffOld => ("wait", "st-await"),
        Kind::WaiverAsked | Kind::WaiverDecided => ("wait", "st-waived"),
        Kind::Unsupervised | Kind::InterimDecided => ("soon", "st-interim"),
        Kind::SignoffPossible => ("ok", "key"),
        Kind::ShiftRuns
        | Kind::SessionPlanned
        | Kind::SessionMoved
        | Kind::SessionHandedOver
        | Kind::SessionRecorded => ("wait", "cal"),
        Kind::SessionToRecord | Kind::DebriefDue | Kind::ShiftPlanned => ("soon", "cal"),
        Kind::DrillWaits
        | Kind::DrillPlanned
        | Kind::DrillChanged
        | Kind::DrillLeft
        | Kind::DrillCancelled => ("soon", "list"),
        Kind::ClubToClose | Kind::ClubPlanned | Kind::ClubCancelled => ("soon", "book"),
        Kind::GapsOpen | Kind::SignoffReturned => ("soon", "undo"),
        Kind::ItemsToCheck => ("wait", "ck-done"),
        Kind::RotaFindings => ("soon", "st-interim"),
        Kind::FlagsOpen | Kind::StalePairing | Kind::PromiseDue => ("soon", "warn"),
        Kind::SessionCancelled => ("idle", "cal"),
        Kind::Assessed => ("wait", "st-await"),
        Kind::Cleared => ("ok", "st-cleared"),
        Kind::ClearanceChanged | Kind::Lapsed => ("bad", "warn"),
        Kind::Expiring | Kind::PracticeDue | Kind::DeltaAsked => ("soon", "warn"),
        Kind::Mentioned | Kind::Answered | Kind::Commented => ("wait", "chat"),
        Kind::FeedbackGiven | Kind::ObservationAsked | Kind::ObservationAnswered => {
            ("wait", "chat")
        }
        Kind::MentorNamed => ("wait", "person"),
        Kind::KpiNote => ("wait", "chat"),
        Kind::KpiMissed => ("soon", "warn"),
        Kind::KpiMet => ("ok", "st-cleared"),
        Kind::Weekly => ("idle", "cal"),
    }
}
