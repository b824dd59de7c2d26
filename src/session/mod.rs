//! Working sessions, and what was observed in them.

pub mod store;

use crate::text_enum;

text_enum! {
    /// What kind of session it was.
    pub enum SessionKind {
        /// Pairing on real work.
        Pairing = "pairing" / "Pairing on real work",
        /// Knowledge transfer.
        Transfer = "transfer" / "Knowledge transfer",
        /// Whiteboard walk-through: explain it back.
        Walkthrough = "walkthrough" / "Walk-through",
        /// Guided lab.
        Lab = "lab" / "Guided lab",
        /// Post-mortem discussion.
        PostMortem = "post_mortem" / "Post-mortem discussion",
        /// Reading club.
        ReadingClub = "reading_club" / "Reading club",
        /// Shadow debrief.
        ShadowDebrief = "shadow_debrief" / "Shadow debrief",
        /// Reverse-shadow debrief.
        ReverseShadowDebrief = "reverse_shadow_debrief" / "Reverse-shadow debrief",
        /// Assessment talk.
        AssessmentTalk = "assessment_talk" / "Assessment talk",
        /// Pairing check-in.
        CheckIn = "check_in" / "Check-in",
    }
}

text_enum! {
    /// Where a session stands.
    pub enum SessionState {
        /// Agreed for a later time.
        Planned = "planned" / "Planned",
        /// It took place.
        Held = "held" / "Held",
        /// Called off.
        Cancelled = "cancelled" / "Cancelled",
        /// Somebody did not come.
        NoShow = "no_show" / "No-show",
    }
}
