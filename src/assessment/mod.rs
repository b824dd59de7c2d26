//! Assessments: considered judgements of one competency, by the mentee and by mentors, in two streams never merged.

pub mod store;

use crate::text_enum;

text_enum! {
    /// Whose judgement it is.
    pub enum Stream {
        /// The mentee's own; it never counts toward a gate.
        Self_ = "self" / "Self",
        /// A mentor's.
        Mentor = "mentor" / "Mentor",
    }
}
