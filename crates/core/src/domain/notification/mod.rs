//! What people are told, and how: each kind once, with what it asks of them. Inbox, mail, digest and chat tell it.

mod ends;
pub mod model;
pub mod moment;
pub mod store;
pub mod words;

use crate::text_enum;

pub use ends::Ends;

text_enum! {
    /// Why someone is told something. The label is the line of the preferences.
    pub enum Kind {
        RampAsked = "ramp_asked" / "Someone asks to ramp",
        RampProposed = "ramp_proposed" / "A ramp waits for you to accept it",
        SignoffWaits = "signoff_waits" / "A sign-off waits for your key",
        WaiverAsked = "waiver_asked" / "A waiver waits for your decision",
        Unsupervised = "unsupervised" / "An interim clearance has no supervisor",
        SignoffPossible = "signoff_possible" / "Every gate is met: a sign-off may be asked for",
        SessionToRecord = "session_to_record" / "A session is over and not recorded",
        ShiftRuns = "shift_runs" / "A shift of yours runs",
        DebriefDue = "debrief_due" / "A shift waits for its debrief",
        DrillWaits = "drill_waits" / "A drill that you lead waits for you",
        ClubToClose = "club_to_close" / "A reading club is over: who was there",
        ObservationAsked = "observation_asked" / "Someone asks what you saw of their work",
        GapsOpen = "gaps_open" / "Gaps wait to be closed",
        ItemsToCheck = "items_to_check" / "Checklist items wait to be checked",
        FlagsOpen = "flags_open" / "Lines of a standard are flagged as stale",
        KpiNote = "kpi_note" / "A key figure waits for your note",
        RotaFindings = "rota_findings" / "A rota does not agree with the clearances",
        SignoffOld = "signoff_old" / "A sign-off waits for more than five working days",
        MentorNamed = "mentor_named" / "You are named mentor of a ramp",
        RampReminder = "ramp_reminder" / "A lead reminds you of a ramp",
        RampDeclined = "ramp_declined" / "Your request to ramp is declined",
        SessionPlanned = "session_planned" / "A session is planned with you",
        SessionMoved = "session_moved" / "A session of yours is moved",
        SessionHandedOver = "session_handed_over" / "A session of yours has another mentor",
        SessionCancelled = "session_cancelled" / "A session of yours is cancelled",
        SessionRecorded = "session_recorded" / "A session with you is recorded",
        FeedbackGiven = "feedback_given" / "Feedback about a session waits for yours, or is open",
        ShiftPlanned = "shift_planned" / "A shift with you is planned, moved or cancelled",
        DrillPlanned = "drill_planned" / "A drill with you is planned",
        DrillChanged = "drill_changed" / "A drill with you is moved or changed",
        DrillLeft = "drill_left" / "You have no part in a drill any longer",
        DrillCancelled = "drill_cancelled" / "A drill with you is cancelled",
        ClubPlanned = "club_planned" / "A reading club with you is planned",
        ClubCancelled = "club_cancelled" / "A reading club with you is cancelled",
        Assessed = "assessed" / "An assessment waits for your view",
        ObservationAnswered = "observation_answered" / "An observation that was asked for is answered",
        Mentioned = "mentioned" / "Someone mentions you",
        Answered = "answered" / "Someone answers you",
        Commented = "commented" / "Someone writes where you follow the discussion",
        SignoffReturned = "signoff_returned" / "A sign-off is returned",
        Cleared = "cleared" / "Someone is cleared",
        ClearanceChanged = "clearance_changed" / "A clearance is suspended, revoked or reinstated",
        InterimDecided = "interim_decided" / "An interim clearance is granted or changed",
        WaiverDecided = "waiver_decided" / "A waiver is granted, refused or revoked",
        DeltaAsked = "delta_asked" / "A delta review is asked of you",
        KpiMissed = "kpi_missed" / "A key figure misses its target",
        KpiMet = "kpi_met" / "A key figure meets its target again",
        Expiring = "expiring" / "A clearance ends in 30 or in 7 days",
        PracticeDue = "practice_due" / "A clearance ends soon without practice",
        Lapsed = "lapsed" / "A clearance has lapsed",
        StalePairing = "stale_pairing" / "A pairing had no session for too long",
        PromiseDue = "promise_due" / "A next action is past its day",
        Weekly = "weekly" / "Your week, on Monday morning",
    }
}

text_enum! {
    /// How mail tells a kind to a person.
    pub enum Choice {
        AtOnce = "at_once" / "At once",
        Daily = "daily" / "In a daily mail",
        Never = "never" / "Never",
    }
}

impl Kind {
    /// A deed of the person ends it, and "Waits for you" lists it until then.
    pub fn waits(self) -> bool {
        matches!(
            self,
            Self::RampAsked
                | Self::RampProposed
                | Self::SignoffWaits
                | Self::WaiverAsked
                | Self::Unsupervised
                | Self::SignoffPossible
                | Self::SessionToRecord
                | Self::ShiftRuns
                | Self::DebriefDue
                | Self::DrillWaits
                | Self::ClubToClose
                | Self::ObservationAsked
                | Self::GapsOpen
                | Self::ItemsToCheck
                | Self::FlagsOpen
                | Self::KpiNote
                | Self::RotaFindings
        )
    }

    /// Others wait for the person's decision: they can be told later, but not never.
    pub fn must_be_told(self) -> bool {
        matches!(
            self,
            Self::RampAsked
                | Self::RampProposed
                | Self::SignoffWaits
                | Self::WaiverAsked
                | Self::Unsupervised
                | Self::ObservationAsked
                | Self::DeltaAsked
                | Self::SignoffOld
        )
    }

    /// Nobody did it: it came with time. Quiet hours and days of absence hold it back.
    pub fn is_reminder(self) -> bool {
        matches!(
            self,
            Self::SignoffOld
                | Self::SessionToRecord
                | Self::DebriefDue
                | Self::DrillWaits
                | Self::ClubToClose
                | Self::KpiNote
                | Self::Expiring
                | Self::PracticeDue
                | Self::Lapsed
                | Self::StalePairing
                | Self::PromiseDue
                | Self::Weekly
        )
    }

    /// The mail brings the calendar entry, or ends it.
    pub fn is_invitation(self) -> bool {
        matches!(
            self,
            Self::SessionPlanned
                | Self::SessionMoved
                | Self::SessionHandedOver
                | Self::SessionCancelled
                | Self::ShiftPlanned
                | Self::DrillPlanned
                | Self::DrillChanged
                | Self::DrillLeft
                | Self::DrillCancelled
                | Self::ClubPlanned
                | Self::ClubCancelled
        )
    }

    /// How mail tells it to someone who chose nothing.
    pub fn usual(self) -> Choice {
        match self {
            // Who is on the shift knows; the inbox is the way to its ledger.
            Self::ShiftRuns => Choice::Never,
            Self::GapsOpen
            | Self::KpiNote
            | Self::KpiMissed
            | Self::KpiMet
            | Self::ItemsToCheck
            | Self::FlagsOpen
            | Self::SessionRecorded
            | Self::FeedbackGiven
            | Self::Commented
            | Self::Assessed
            | Self::StalePairing
            | Self::PromiseDue
            | Self::SignoffPossible => Choice::Daily,
            _ => Choice::AtOnce,
        }
    }

    /// The choices that the preferences offer.
    pub fn choices(self) -> &'static [Choice] {
        match self {
            Self::Weekly => &[Choice::AtOnce, Choice::Never],
            // A calendar entry that comes tomorrow may come too late.
            kind if kind.is_invitation() => &[Choice::AtOnce, Choice::Never],
            kind if kind.must_be_told() => &[Choice::AtOnce, Choice::Daily],
            _ => Choice::ALL,
        }
    }

    /// Mail need not tell it.
    pub fn may_end(self) -> bool {
        self.choices().contains(&Choice::Never)
    }

    /// How mail tells it to someone with these choices.
    pub fn chosen(self, all: &[(Self, Choice)]) -> Choice {
        let own = all.iter().find(|(kind, _)| *kind == self);
        self.choice(own.map(|(_, choice)| *choice))
    }

    /// How mail tells it to someone who chose that; a choice that is not offered counts as none.
    pub fn choice(self, chosen: Option<Choice>) -> Choice {
        chosen
            .filter(|choice| self.choices().contains(choice))
            .unwrap_or_else(|| self.usual())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wait_for_is_never_silent() {
        for kind in Kind::ALL {
            let silent = kind.choice(Some(Choice::Never)) == Choice::Never;
            assert!(!(kind.must_be_told() && silent), "{kind:?}");
            assert!(kind.choices().contains(&kind.usual()), "{kind:?}");
            assert!(kind.choices().contains(&kind.choice(None)), "{kind:?}");
        }
        assert_eq!(
            Kind::SignoffWaits.choice(Some(Choice::Never)),
            Choice::AtOnce
        );
        assert_eq!(
            Kind::SignoffWaits.choice(Some(Choice::Daily)),
            Choice::Daily
        );
        assert_eq!(Kind::Cleared.choice(Some(Choice::Never)), Choice::Never);
    }
}
