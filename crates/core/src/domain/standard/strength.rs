//! How strong evidence is.

use crate::text_enum;

text_enum! {
    /// Weakest first: the order of declaration is the order of strength.
    pub enum Strength {
        /// Explained, or recorded.
        TalkedThrough = "talked_through" / "Talked through",
        /// Done in a lab.
        Lab = "lab" / "Lab",
        /// Done in a drill.
        Drill = "drill" / "Drill",
        /// Done on the real system with someone present.
        Shadowed = "shadowed" / "Shadowed",
        /// Done on the real system, first in line.
        Real = "real" / "Real",
    }
}
