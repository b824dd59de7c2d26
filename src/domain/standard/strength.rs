//! How strong a piece of evidence is.

use crate::text_enum;

text_enum! {
    /// What backs a judgement, weakest first: the order of declaration is the order of strength.
    pub enum Strength {
        /// Explained, or written down.
        TalkedThrough = "talked_through" / "Talked through",
        /// Done in a lab.
        Lab = "lab" / "Lab",
        /// Done in a drill.
        Drill = "drill" / "Drill",
        /// Done on the real thing with somebody beside.
        Shadowed = "shadowed" / "Shadowed",
        /// Done on the real thing, first in line.
        Real = "real" / "Real",
    }
}
