//! What a person is reminded of: pure, from what concerns them now.

use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceKind, End, Standing, standing};
use crate::domain::notification::Kind;
use crate::domain::notification::model::Cause;
use crate::domain::ramp::model::Ramp;
use crate::domain::readiness::BoardStatus;
use crate::usecases::home::mine::Mine;
use crate::usecases::home::waiting::is_old;

/// Days before the last day on which a clearance's end is told, the latest first.
const BEFORE_LAST_DAY: [i64; 2] = [7, 30];
/// Days before a clearance lapses without practice.
const BEFORE_PRACTICE: i64 = 14;
/// What lapsed longer ago than that many days is not news.
const LAPSED_DAYS: i64 = 14;

impl Mine {
    /// Each cause is told once, however often it is found.
    pub(super) fn reminders(&self) -> Vec<Cause> {
        let mut causes = self.endings();
        causes.extend(self.old_signoffs());
        causes.extend(self.stale_pairings());
        causes.extend(self.promises());
        causes
    }

    /// Clearances of the person that end, and those that end within a week in the areas they lead.
    fn endings(&self) -> Vec<Cause> {
        let register = &self.register;
        let held = register.areas().iter().flat_map(|area| {
            let leads = self.actor.leads(area.owner_team_id);
            register.active().iter().filter_map(move |person| {
                let is_own = self.actor.is(person.id);
                let held = register.clearance(person.id, area.id);
                held.filter(|_| is_own || leads)
            })
        });
        held.filter_map(|held| ending(held, self.actor.is(held.person_id), register.today()))
            .collect()
    }

    /// Sign-offs whose key the person can turn, and those of ramps they lead.
    fn old_signoffs(&self) -> Vec<Cause> {
        let register = &self.register;
        let today = register.today();
        let due = crate::usecases::register::keys::due(register, &self.actor);
        let led = self.led().into_iter();
        let led = led.filter_map(|ramp| Some((register.signoff(ramp.id)?, ramp)));
        due.into_iter()
            .chain(led)
            .filter(|(signoff, ramp)| is_old(signoff, today) && !self.actor.is(ramp.mentee_id))
            .map(|(signoff, ramp)| {
                let since = signoff.first_key_at.unwrap_or(signoff.requested_at);
                let object = format!("signoff:{}", signoff.id);
                Cause::new(
                    Kind::SignoffOld,
                    object,
                    format!("/sign-offs/{}", signoff.id),
                )
                .of_ramp(ramp.id, ramp.mentee_id, ramp.area_id)
                .at(signoff.requested_at)
                .apart_by(since.day())
            })
            .collect()
    }

    /// The person's own ramps and those they mentor: what both of a pairing agreed.
    fn shared(&self) -> Vec<&Ramp> {
        self.own().into_iter().chain(self.mentored()).collect()
    }

    /// Pairings of the person, on either side, without a session for too long.
    fn stale_pairings(&self) -> Vec<Cause> {
        self.shared()
            .into_iter()
            .filter_map(|ramp| {
                let since = self.stale_since(ramp)?;
                let path = format!("/ramps/{}/sessions/plan", ramp.id);
                let cause = Cause::new(Kind::StalePairing, format!("ramp:{}", ramp.id), path);
                Some(
                    cause
                        .of_ramp(ramp.id, ramp.mentee_id, ramp.area_id)
                        .at(since)
                        .apart_by(since.day()),
                )
            })
            .collect()
    }

    /// Next actions that are open after the time in which the next session was agreed. They are agreed by both, so both are
    /// reminded.
    fn promises(&self) -> Vec<Cause> {
        let register = &self.register;
        let mut causes = Vec::new();
        for ramp in self.shared() {
            if register.ramp_status(ramp) != BoardStatus::Ramping {
                continue;
            }
            let mentors = register.mentors(ramp.id);
            let Some(interval) = mentors.first().map(|p| p.interval_days) else {
                continue;
            };
            for action in self.ahead.actions(ramp.id) {
                let due_on = action.at.day().plus_days(interval.into());
                if due_on < register.today() {
                    let path = format!("/ramps/{}#next-actions", ramp.id);
                    let cause = Cause::new(Kind::PromiseDue, format!("ramp:{}", ramp.id), path);
                    causes.push(
                        cause
                            .of_ramp(ramp.id, ramp.mentee_id, ramp.area_id)
                            .titled(&action.body)
                            .at(action.at)
                            .due_on(due_on)
                            .apart_by(action.id),
                    );
                }
            }
        }
        causes
    }
}

/// What is told about the end of a clearance today, if anything. Leads are told in the last week and after it.
fn ending(held: &Clearance, is_own: bool, today: crate::db::types::Day) -> Option<Cause> {
    if held.kind == ClearanceKind::Interim && !is_own {
        return None;
    }
    let end = End::of(held);
    let left = end.day().days_since(today);
    let (kind, apart) = match standing(Some(held), today) {
        Standing::Lapsed if left >= -LAPSED_DAYS => (Kind::Lapsed, String::new()),
        Standing::Cleared | Standing::Expiring | Standing::Interim => match end {
            End::LastDay(_) => {
                let near = BEFORE_LAST_DAY.into_iter().find(|days| left <= *days)?;
                if !is_own && near > BEFORE_LAST_DAY[0] {
                    return None;
                }
                (Kind::Expiring, format!(" {near}"))
            }
            End::Practice(_) if is_own && left <= BEFORE_PRACTICE => {
                (Kind::PracticeDue, String::new())
            }
            End::Practice(_) => return None,
        },
        _ => return None,
    };
    let object = format!("clearance:{}", held.id);
    let cause = Cause::new(kind, object, format!("/clearances/{}", held.id))
        .about(held.person_id)
        .area(held.area_id)
        .due_on(end.day())
        .apart_by(format!("{}{apart}", end.day()));
    Some(cause)
}
