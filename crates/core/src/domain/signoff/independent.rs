//! What someone independent decides besides the second key: waivers and interim clearances. The rule is that of the
//! second key; the sentences are their own.

use super::{Authority, Denied, Key, may_turn};
use crate::domain::area::model::Area;
use crate::domain::clearance::oversight::not_cleared;
use crate::domain::people::Actor;
use crate::domain::ramp::Parties;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exception {
    /// A waiver of the ramp: granted, refused or revoked.
    Waiver,
    /// An interim clearance of its mentee: granted, or extended.
    Interim,
}

/// May the actor decide such an exception? Never the mentee, nor who ever mentored them in this area; a cleared qualifier of the
/// area or a lead of its owner team. Returns their row.
pub fn may_decide(parties: &Parties, actor: &Actor, actor_is_cleared: bool) -> Result<i64, Denied> {
    let authority = Authority::of(actor, parties, actor_is_cleared).ok_or(Denied::Outside)?;
    may_turn(Key::Second, parties, None, authority).map(|()| authority.person_id)
}

impl Exception {
    /// Why the actor may not decide it, in words.
    pub fn sentence(self, denied: Denied, area: &Area) -> String {
        let (what, verbs) = match self {
            Self::Waiver => ("A waiver", "granted, refused and revoked"),
            Self::Interim => ("An interim clearance", "granted and extended"),
        };
        let (name, team) = (&area.name, &area.owner_team);
        let who = format!(
            "{what} can be {verbs} only by a cleared qualifier of {name} or a lead of {team} who never mentored this person in this area."
        );
        let why = match denied {
            Denied::Mentee => "This is your own ramp: nobody decides for themselves.".into(),
            Denied::Mentor => {
                "You mentored this person in this area, so you cannot decide this.".into()
            }
            Denied::NotCleared => not_cleared(name),
            Denied::NotMentor | Denied::NotDesignated | Denied::Outside => return who,
        };
        format!("{why} {who}")
    }
}
