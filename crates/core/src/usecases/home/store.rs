//! SQL of home: everything but the ramps, in one statement.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::schema::{areas, people, stale_flags};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::domain::kpi;
use crate::domain::kpi::store::Owned;
use crate::domain::stale::model::Flag;
use crate::error::Result;
use crate::usecases::asked::waiting;
use crate::usecases::asked::waiting::OpenAsk;
use crate::usecases::drill;
use crate::usecases::drill::waiting::LedDrill;
use crate::usecases::postmortem::anniversary;
use crate::usecases::postmortem::anniversary::Anniversary;
use crate::usecases::postmortem::club;
use crate::usecases::postmortem::club::waiting::Joined;
use crate::usecases::queue::waiting as queue;
use crate::usecases::queue::waiting::Applicant;
use crate::usecases::register::cover::signers;
use crate::usecases::rota;
use crate::usecases::rota::waiting::OpenRota;
use crate::usecases::shift;
use crate::usecases::shift::lists::PlannedShift;

#[derive(Debug, Default)]
pub struct Concerns {
    /// Stale flags with slug and name of their area: the person who set one may have no other access to the area.
    pub flags: Vec<(Flag, String, String)>,
    /// Planned shifts they take part in, the first to end first.
    pub shifts: Vec<PlannedShift>,
    /// Open drills they lead, the earliest first.
    pub drills: Vec<LedDrill>,
    /// Open reading clubs they are in, the earliest first.
    pub clubs: Vec<Joined>,
    /// Observations they were asked for, the first to expire first.
    pub asked: Vec<OpenAsk>,
    /// Areas they lead whose rotas have open findings, by name.
    pub rotas: Vec<OpenRota>,
    /// People who ask to ramp and whom the person answers, who waits longest first.
    pub applicants: Vec<Applicant>,
    /// Post-mortems with an anniversary about today, of any area.
    pub anniversaries: Vec<Anniversary>,
    /// Targets of key figures that they own.
    pub owned: Vec<Owned>,
    /// What they rated themselves on their open ramps: the ramp, and the code of the competency.
    pub rated: BTreeSet<(i64, String)>,
    /// How many qualifiers may sign, in each area that a team they lead owns.
    pub signers: HashMap<i64, i64>,
    /// Whose first steps they have put away.
    pub welcomed: String,
}

/// Open flags of those areas that no draft answers yet, and this person's flags that were closed since then; their
/// planned shifts, the drills they lead, their reading clubs, what they were asked for, the anniversaries of `today`,
/// and the targets they own. The lists come with the
/// person's own row, so that they cost no statement of their own.
pub fn concerns(
    c: &mut Conn,
    area_ids: &[i64],
    person_id: i64,
    (since, today, now): (UtcTime, Day, UtcTime),
) -> Result<Concerns> {
    let waits = stale_flags::closed_at
        .is_null()
        .and(stale_flags::answered_in.is_null())
        .and(id_in(stale_flags::area_id, area_ids));
    let own = stale_flags::by_id
        .eq(person_id)
        .and(stale_flags::closed_at.ge(since).assume_not_null());
    type Lists = (List, List, List, List, List, List, List, List, List, List);
    type Row = (Option<Flag>, Option<String>, Option<String>, String, Lists);
    let rows: Vec<Row> = people::table
        .left_join(stale_flags::table.on(waits.or(own)))
        .left_join(areas::table.on(areas::id.eq(stale_flags::area_id)))
        .filter(people::id.eq(person_id))
        .order(stale_flags::id)
        .select((
            Option::<Flag>::as_select(),
            areas::slug.nullable(),
            areas::name.nullable(),
            people::welcomed,
            (
                shift::lists::of_person(),
                drill::waiting::of_person(),
                club::waiting::of_people(),
                anniversary::on(today),
                waiting::of_person(),
                kpi::store::owned(),
                rota::waiting::of_person(),
                queue::of_lead(),
                rated(),
                led_areas(today),
            ),
        ))
        .load(c)?;
    let mut concerns = Concerns::default();
    for (n, (flag, slug, name, welcomed, lists)) in rows.into_iter().enumerate() {
        // The lists come with every flag.
        if n == 0 {
            let (taken, led, joined, past, asked, owned, found, queued, said, signing) = lists;
            concerns.welcomed = welcomed;
            concerns.rated = entries(said, |parts| {
                let [ramp, code] = parts else { return None };
                Some((ramp.parse().ok()?, (*code).to_owned()))
            })?
            .into_iter()
            .collect();
            concerns.signers = entries(signing, |parts| {
                let [area, count] = parts else { return None };
                Some((area.parse().ok()?, count.parse().ok()?))
            })?
            .into_iter()
            .collect();
            concerns.shifts = shift::lists::planned_shifts(taken)?;
            concerns.drills = drill::waiting::led(led)?;
            concerns.clubs = club::waiting::joined(joined)?;
            concerns.anniversaries = anniversary::anniversaries(past)?;
            concerns.applicants = queue::applicants(queued)?;
            concerns.asked = waiting::open(asked, now)?;
            concerns.owned = kpi::store::read_owned(owned)?;
            concerns.rotas = rota::waiting::open(found)?;
        }
        if let (Some(flag), Some(slug), Some(name)) = (flag, slug, name) {
            concerns.flags.push((flag, slug, name));
        }
    }
    Ok(concerns)
}

/// How many may sign in each area that a team they lead owns.
fn led_areas(today: Day) -> Listed {
    let signing = signers(today, "a.id");
    listed(
        &["CAST(a.id AS TEXT)", &format!("CAST({signing} AS TEXT)")],
        // A cross join is made in its order: from the lead to the areas.
        "memberships l CROSS JOIN areas a WHERE l.person_id = people.id AND l.is_lead \
         AND a.owner_team_id = l.team_id AND a.archived_at IS NULL",
    )
}

/// What each row of `people` said of their own level on their open ramps.
fn rated() -> Listed {
    listed(
        &["b.ramp_id", &plain("b.competency_code")],
        "(SELECT DISTINCT s.ramp_id, s.competency_code FROM ramps o JOIN assessments s ON s.ramp_id = o.id \
         AND s.stream = 'self' WHERE o.mentee_id = people.id AND o.closed_at IS NULL) AS b",
    )
}
