//! Assessments: who sees what of the other side, and what a level rests on.

mod blind;
mod evidence;
