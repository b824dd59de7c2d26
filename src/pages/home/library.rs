//! Post-mortems on home: reading clubs to go to, and what happened about this day in another year.

use crate::pages::home::build::Home;
use crate::pages::home::{ClubView, RememberedView};
use crate::usecases::postmortem::anniversary::years_since;

/// Anniversaries that home shows; the library has all.
const REMEMBERED: usize = 3;

impl Home {
    /// Clubs of the next days.
    pub(super) fn clubs_ahead(&self) -> Vec<ClubView> {
        let near = self.clubs.iter().filter(|c| c.is_near(self.now));
        near.map(|club| ClubView {
            id: club.id,
            title: club.title.clone(),
            starts: self.local.moment(club.starts_at),
            leader: match self.actor.is(club.led_by) {
                true => "you".into(),
                false => club.leader.clone(),
            },
        })
        .collect()
    }

    /// What happened about this day in another year, in the areas that concern the person; the latest first.
    pub(super) fn remembered(&self) -> Vec<RememberedView> {
        let (local, register) = (&self.local, &self.register);
        let own = self.own_areas();
        let views = self.anniversaries.iter().filter_map(|a| {
            let areas: Vec<&str> = a
                .areas
                .iter()
                .filter(|id| own.contains(id))
                .map(|id| register.area_name(*id))
                .collect();
            let years = years_since(a.occurred_at.day(), local.today())?;
            (!areas.is_empty()).then(|| RememberedView {
                slug: a.slug.clone(),
                title: a.title.clone(),
                ago: match years {
                    1 => "One year ago".into(),
                    n => format!("{n} years ago"),
                },
                day: local.day_of(a.occurred_at),
                areas: areas.join(", "),
            })
        });
        views.take(REMEMBERED).collect()
    }

    /// Areas that the person ramps or mentors in, is cleared for, signs for or leads.
    fn own_areas(&self) -> Vec<i64> {
        let (register, actor) = (&self.register, &self.actor);
        let me = actor.id.unwrap_or_default();
        let ramps = self.shown.iter().filter(|ramp| {
            let parties = register.parties(ramp);
            parties.is_mentee(actor) || parties.is_mentor(actor)
        });
        let ramps = ramps.map(|ramp| ramp.area_id);
        let areas = register.areas().iter().filter(|area| {
            actor.leads(area.owner_team_id)
                || register.qualifiers(area.id).contains(&me)
                || register.clearance(me, area.id).is_some()
        });
        ramps.chain(areas.map(|area| area.id)).collect()
    }
}
