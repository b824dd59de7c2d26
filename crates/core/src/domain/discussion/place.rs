//! Where a discussion is, and who reads it: exactly who reads the page it is on.

use super::PlaceKind;
use crate::domain::drill::DrillState;
use crate::domain::drill::model::Drill;
use crate::domain::people::Actor;
use crate::domain::postmortem::{Access, Postmortem};
use crate::domain::ramp::Parties;
use crate::domain::ramp::part::Part;

/// The rule that opens the page of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readers {
    /// Everyone with an account.
    Everyone,
    /// Whom a ramp concerns.
    Ramp(Parties),
    Postmortem(Access),
}

impl Readers {
    pub fn may_read(&self, actor: &Actor) -> bool {
        match self {
            Self::Everyone => true,
            Self::Ramp(parties) => parties.may_read(actor),
            Self::Postmortem(access) => access.may_read(actor),
        }
    }

    pub fn is_everyone(&self) -> bool {
        match self {
            Self::Everyone => true,
            Self::Ramp(_) => false,
            Self::Postmortem(access) => access.is_open(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub kind: PlaceKind,
    pub id: i64,
    /// The address of its page.
    pub path: String,
    pub title: String,
    /// The mentee and the area of a ramp.
    pub about: Option<(i64, i64)>,
    pub readers: Readers,
    /// Who reads it, in a sentence.
    pub label: String,
    /// Who follows it unless they chose otherwise.
    pub concerned: Vec<i64>,
    /// Why nothing can be written here.
    pub closed: Option<&'static str>,
    /// Its moments of decision.
    pub moments: usize,
    /// The revision of a post-mortem.
    pub revision: i32,
}

impl Place {
    pub fn of_ramp(id: i64, mentee: &str, area: (i64, &str), parties: &Parties) -> Self {
        Self::of_parties(
            (PlaceKind::Ramp, id, format!("/ramps/{id}")),
            (mentee, area),
            parties,
        )
    }

    pub fn of_signoff(id: i64, mentee: &str, area: (i64, &str), parties: &Parties) -> Self {
        Self::of_parties(
            (PlaceKind::SignOff, id, format!("/sign-offs/{id}")),
            (mentee, area),
            parties,
        )
    }

    fn of_parties(
        (kind, id, path): (PlaceKind, i64, String),
        (mentee, (area_id, area)): (&str, (i64, &str)),
        parties: &Parties,
    ) -> Self {
        let mentors = parties.mentors.iter().copied();
        Self {
            kind,
            id,
            path,
            title: format!("{mentee} on {area}"),
            about: Some((parties.mentee_id, area_id)),
            label: format!(
                "Only {mentee}, the mentors, leads and qualifiers, and administrators read this."
            ),
            concerned: mentors.chain([parties.mentee_id]).collect(),
            readers: Readers::Ramp(parties.clone()),
            closed: None,
            moments: 0,
            revision: 0,
        }
    }

    pub fn of_postmortem(found: &Postmortem) -> Self {
        let access = found.access();
        let label = match access.is_open() {
            true => EVERYONE,
            false => {
                "Its author, and leads and qualifiers of its areas, read this. Once it is teachable, everyone does."
            }
        };
        Self {
            kind: PlaceKind::Postmortem,
            id: found.id,
            path: format!("/library/{}", found.slug),
            title: found.document.title.clone(),
            about: None,
            readers: Readers::Postmortem(access),
            label: label.to_owned(),
            concerned: found.created_by.into_iter().collect(),
            closed: None,
            moments: found.document.points.len(),
            revision: found.revision,
        }
    }

    /// `cast`: everyone with a role in it.
    pub fn of_drill(drill: &Drill, cast: impl Iterator<Item = i64>) -> Self {
        Self {
            kind: PlaceKind::Drill,
            id: drill.id,
            path: format!("/drills/{}", drill.id),
            title: drill.title.clone(),
            about: None,
            readers: Readers::Everyone,
            label: EVERYONE.to_owned(),
            concerned: cast.chain([drill.planned_by]).collect(),
            // Everyone reads this page, and until then the sheet is a surprise.
            closed: (drill.state != DrillState::Debriefed).then_some(
                "The discussion opens after the debrief, so that nothing is given away.",
            ),
            moments: 0,
            revision: 0,
        }
    }

    /// As the audit log names it: `kind:id`.
    pub fn object(&self) -> String {
        format!("{}:{}", self.kind.word(), self.id)
    }

    /// The page of its discussion.
    pub fn comments(&self) -> String {
        format!("{}/comments", self.path)
    }

    /// Where its discussion is shown with what it is about.
    pub fn shown(&self) -> String {
        match self.kind {
            PlaceKind::Ramp => Part::History.of(self.id),
            _ => format!("{}{}", self.path, self.query()),
        }
    }

    /// The same, at a comment.
    pub fn at(&self, comment_id: i64) -> String {
        format!("{}#c-{comment_id}", self.shown())
    }

    /// The page of its discussion that ends with a comment.
    pub fn through(&self, comment_id: i64) -> String {
        let query = self.query();
        let sign = if query.is_empty() { '?' } else { '&' };
        format!(
            "{}{query}{sign}through={comment_id}#c-{comment_id}",
            self.comments()
        )
    }

    /// What opens the whole page to somebody who just wrote on it: a post-mortem keeps some back from its readers.
    pub fn query(&self) -> &'static str {
        match self.kind {
            PlaceKind::Postmortem => "?show=all",
            PlaceKind::Ramp | PlaceKind::SignOff | PlaceKind::Drill => "",
        }
    }
}

const EVERYONE: &str = "Everyone with an account reads this.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::postmortem::State;
    use proptest::prelude::*;

    #[test]
    fn a_label_is_about_as_long_as_a_hint() {
        let place = Place::of_ramp(12, "Amara Obi", (5, "Payments"), &Parties::default());
        let words = place.label.split_whitespace().count();
        assert!(words <= 15, "{}", place.label);
        assert_eq!(place.object(), "ramp:12");
        assert_eq!(place.at(71), "/ramps/12/history#c-71");
    }

    fn few() -> impl Strategy<Value = Vec<i64>> {
        prop::collection::vec(1..6_i64, 0..4)
    }

    prop_compose! {
        fn somebody()(id in 1..6_i64, is_admin in any::<bool>(), leads in few()) -> Actor {
            Actor { id: Some(id), is_admin, leads, ..Actor::operator() }
        }
    }

    proptest! {
        #[test]
        fn whoever_reads_the_page_reads_what_is_said_there(
            actor in somebody(),
            (mentee_id, mentors_ever, qualifiers) in (1..6_i64, few(), few()),
            (mentee_teams, owner_team_id) in (few(), 1..6_i64),
            (state, was_open) in (prop::sample::select(State::ALL), any::<bool>()),
        ) {
            let parties = Parties {
                mentee_id,
                mentors: mentors_ever.iter().take(1).copied().collect(),
                mentors_ever,
                mentee_teams,
                owner_team_id,
                qualifiers: qualifiers.clone(),
                ..Parties::default()
            };
            for place in [
                Place::of_ramp(1, "A", (5, "B"), &parties),
                Place::of_signoff(1, "A", (5, "B"), &parties),
            ] {
                prop_assert_eq!(place.readers.may_read(&actor), parties.may_read(&actor));
                // Nobody hears of what they may not read, so whom it concerns by itself reads it.
                for id in place.concerned {
                    let concerned = Actor { id: Some(id), is_admin: false, leads: Vec::new(), ..actor.clone() };
                    prop_assert!(parties.may_read(&concerned));
                }
            }
            let access = Access {
                author: Some(mentee_id),
                owner_teams: vec![owner_team_id],
                qualifiers,
                writers: Vec::new(),
                state,
                was_open,
            };
            let readers = Readers::Postmortem(access.clone());
            prop_assert_eq!(readers.may_read(&actor), access.may_read(&actor));
            prop_assert!(!readers.is_everyone() || readers.may_read(&actor));
        }
    }
}
