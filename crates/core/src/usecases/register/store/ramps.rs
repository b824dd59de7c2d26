//! SQL of the ramps of a page.

use crate::domain::area;
use diesel::prelude::*;

use crate::db::fixed::fixed;
use crate::db::list::{List, entries, row_id};
use crate::db::schema::{
    areas, memberships, pairings, people, qualifiers, ramps, signoffs, waivers,
};
use crate::db::types::Day;
use crate::db::{Conn, found_by, id_in};
use crate::domain::people::Actor;
use crate::domain::people::store::is_here;
use crate::domain::ramp::model::{Pairing, Ramp};
use crate::domain::ramp::store::pairs::mentored_before;
use crate::domain::signoff::SignoffState;
use crate::domain::signoff::model::Signoff;
use crate::domain::waiver;
use crate::error::Result;
use crate::usecases::register::{Rows, Scope};

/// A sign-off or a waiver of the ramp waits for somebody independent.
const DECIDED_SOON: &str = "ramps.state = 'in_review' \
     OR EXISTS (SELECT 1 FROM waivers w WHERE w.ramp_id = ramps.id AND w.decided_at IS NULL)";

/// Open ramps of the scope, with pairings and the open sign-off; closed ramps too in the scope of a person.
pub fn open_ramps(
    c: &mut Conn,
    (scope, actor, today): (&Scope<'_>, &Actor, Day),
    members: &[i64],
    rows: &mut Rows,
) -> Result<()> {
    let waits = signoffs::ramp_id
        .eq(ramps::id)
        .and(signoffs::decided_at.is_null());
    let (asked_waivers, before) = match scope {
        Scope::Mine { .. } => (
            waiver::store::listed_pending(),
            mentored_before(DECIDED_SOON),
        ),
        _ => (
            fixed("CAST(NULL AS TEXT)"),
            mentored_before("ramps.state = 'in_review'"),
        ),
    };
    let all = ramps::table
        .left_join(pairings::table)
        .left_join(signoffs::table.on(waits))
        .select((
            Ramp::as_select(),
            Option::<Pairing>::as_select(),
            Option::<Signoff>::as_select(),
            asked_waivers,
            before,
        ))
        .order((ramps::id, pairings::role, pairings::since))
        .into_boxed();
    let is_open = ramps::closed_at.is_null();
    let paired = diesel::alias!(pairings as paired);
    let scoped = match scope {
        Scope::Everyone | Scope::Team { .. } | Scope::People(_) => {
            all.filter(is_open.and(id_in(ramps::mentee_id, members)))
        }
        Scope::Area { slug, people } => {
            let area = areas::table.filter(areas::slug.eq(*slug)).select(areas::id);
            let here = all.filter(is_open.and(ramps::area_id.eq_any(area)));
            match people {
                Some(ids) => here.filter(id_in(ramps::mentee_id, ids)),
                None => here,
            }
        }
        Scope::Person(handle) => {
            let person = people::table
                .filter(people::handle.eq(*handle))
                .select(people::id);
            let mentored = paired
                .filter(paired.field(pairings::mentor_id).eq_any(person))
                .select(paired.field(pairings::ramp_id));
            all.filter(found_by(ramps::mentee_id, person).or(found_by(ramps::id, mentored)))
        }
        Scope::Mine { most } => {
            let me = actor.id.unwrap_or_default();
            let lasts = paired.field(pairings::until).is_null();
            let mentored = paired
                .filter(paired.field(pairings::mentor_id).eq(me).and(lasts))
                .select(paired.field(pairings::ramp_id));
            let led_people = memberships::table
                .filter(id_in(memberships::team_id, &actor.leads))
                .select(memberships::person_id);
            let led_areas = areas::table
                .filter(id_in(areas::owner_team_id, &actor.leads))
                .select(areas::id);
            let led = diesel::alias!(ramps as led);
            let first_led = led
                .filter(led.field(ramps::closed_at).is_null())
                .filter(is_here("led.mentee_id"))
                .filter(
                    led.field(ramps::mentee_id)
                        .eq_any(led_people)
                        .or(led.field(ramps::area_id).eq_any(led_areas)),
                )
                .order((led.field(ramps::target_on), led.field(ramps::id)))
                .limit(*most)
                .select(led.field(ramps::id));
            let signed_for = areas::table
                .left_join(qualifiers::table)
                .filter(
                    id_in(areas::owner_team_id, &actor.leads).or(qualifiers::person_id
                        .eq(me)
                        .and(area::store::is_designated())
                        .assume_not_null()),
                )
                .select(areas::id);
            // Second keys only: a mentor turns the first key, and no mentor, past or present, turns a second one. Those of
            // an earlier ramp are sorted out by the rule.
            let once = diesel::alias!(pairings as once);
            let once_mentored = once
                .filter(once.field(pairings::mentor_id).eq(me))
                .select(once.field(pairings::ramp_id));
            let (asked, signed) = diesel::alias!(signoffs as asked, ramps as signed);
            let first_asked = asked
                .inner_join(signed.on(signed.field(ramps::id).eq(asked.field(signoffs::ramp_id))))
                .filter(asked.field(signoffs::state).eq(SignoffState::FirstKey))
                .filter(asked.field(signoffs::decided_at).is_null())
                .filter(signed.field(ramps::closed_at).is_null())
                .filter(signed.field(ramps::area_id).eq_any(signed_for.clone()))
                .filter(is_here("signed.mentee_id"))
                .filter(signed.field(ramps::mentee_id).ne(me))
                .filter(signed.field(ramps::id).ne_all(once_mentored))
                .order(asked.field(signoffs::id))
                .limit(*most)
                .select(asked.field(signoffs::ramp_id));
            // The same for pending waivers.
            let (waited, excusing) = diesel::alias!(waivers as waited, ramps as excusing);
            let first_waived = waited
                .inner_join(
                    excusing.on(excusing.field(ramps::id).eq(waited.field(waivers::ramp_id))),
                )
                .filter(waited.field(waivers::decided_at).is_null())
                .filter(waited.field(waivers::ends_on).ge(today))
                .filter(excusing.field(ramps::closed_at).is_null())
                .filter(excusing.field(ramps::area_id).eq_any(signed_for))
                .filter(is_here("excusing.mentee_id"))
                .filter(excusing.field(ramps::mentee_id).ne(me))
                .filter(excusing.field(ramps::id).ne_all(once_mentored))
                .order(waited.field(waivers::id))
                .limit(*most)
                .select(waited.field(waivers::ramp_id));
            let concerns = ramps::mentee_id
                .eq(me)
                .or(found_by(ramps::id, mentored))
                .or(found_by(ramps::id, first_led))
                .or(found_by(ramps::id, first_asked))
                .or(found_by(ramps::id, first_waived));
            all.filter(is_open.and(concerns))
        }
    };
    type Row = (Ramp, Option<Pairing>, Option<Signoff>, List, List);
    let found: Vec<Row> = scoped.load(c)?;
    for (ramp, pairing, signoff, asked, before) in found {
        rows.pairings.extend(pairing);
        if rows.ramps.last().is_none_or(|last| last.id != ramp.id) {
            rows.signoffs.extend(signoff);
            let asked = waiver::store::lines(asked)?;
            if !asked.is_empty() {
                rows.asked_waivers.insert(ramp.id, asked);
            }
            let before = entries(before, row_id)?;
            if !before.is_empty() {
                rows.mentored_before.insert(ramp.id, before);
            }
            rows.ramps.push(ramp);
        }
    }
    Ok(())
}
