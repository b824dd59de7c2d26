//! What a person is reminded of: pure, from what concerns them now.

use crate::db::types::Day;
use crate::domain::availability::{Absence, is_absent};
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceKind, End, Standing, standing};
use crate::domain::notification::Kind;
use crate::domain::notification::model::Cause;
use crate::domain::ramp::model::Ramp;
use crate::domain::ramp::part::Part;
use crate::domain::readiness::BoardStatus;
use crate::usecases::home::mine::Mine;
use crate::usecases::home::waiting::is_old;

/// Days before the last day on which a clearance's end is told, the latest first.
const BEFORE_LAST_DAY: [i64; 2] = [7, 30];
/// What lapsed longer ago than that many days is not news; days on which the person was away are not counted.
const LAPSED_DAYS: usize = 14;
/// What lapsed longer ago than that is not news to anyone. What was told is kept for longer.
pub(super) const MOST_DAYS: i64 = 365;

impl Mine {
    /// Each cause is told once, however often it is found. `absences` are those of the person.
    pub(super) fn reminders(&self, absences: &[Absence]) -> Vec<Cause> {
        let mut causes = self.endings(absences);
        causes.extend(self.old_signoffs());
        causes.extend(self.stale_pairings());
        causes.extend(self.promises());
        causes
    }

    /// Clearances of the person that end, and those that end within a week in the areas they lead.
    fn endings(&self, absences: &[Absence]) -> Vec<Cause> {
        let register = &self.register;
        let held = register.areas().iter().flat_map(|area| {
            let leads = self.actor.leads(area.owner_team_id);
            register.active().iter().filter_map(move |person| {
                let is_own = self.actor.is(person.id);
                let held = register.clearance(person.id, area.id);
                held.filter(|_| is_own || leads)
            })
        });
        let of = |held: &Clearance| {
            let is_own = self.actor.is(held.person_id);
            ending(held, is_own, (register.today(), absences))
        };
        held.filter_map(of).collect()
    }

    /// Those of the person's own clearances, whether they are there to be told or not.
    pub(super) fn own_endings(&self) -> Vec<Cause> {
        let mut causes = self.endings(&[]);
        causes.retain(|cause| cause.subject_id == self.actor.id);
        causes
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
                    let path = Part::Sessions.at(ramp.id, "next-actions");
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
fn ending(held: &Clearance, is_own: bool, (today, absences): (Day, &[Absence])) -> Option<Cause> {
    if held.kind == ClearanceKind::Interim && !is_own {
        return None;
    }
    let end = End::of(held);
    let left = end.day().days_since(today);
    let (kind, apart) = match standing(Some(held), today) {
        Standing::Lapsed if is_news(end.day(), (today, absences)) => (Kind::Lapsed, String::new()),
        Standing::Cleared | Standing::Expiring | Standing::Interim => match end {
            End::LastDay(_) => {
                let near = BEFORE_LAST_DAY.into_iter().find(|days| left <= *days)?;
                if !is_own && near > BEFORE_LAST_DAY[0] {
                    return None;
                }
                (Kind::Expiring, format!(" {near}"))
            }
            End::Practice(_) if is_own && left <= held.rule().notice_days(held.practice_left) => {
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
    Some(cause.titled(match kind {
        // What is left of an amount is said with the day on which it falls below.
        Kind::PracticeDue => held.missing_words().unwrap_or_default(),
        _ => held.end_words(),
    }))
}

/// Whether a lapse is still to be told to somebody with these absences, who may have been away since.
fn is_news(end: Day, (today, absences): (Day, &[Absence])) -> bool {
    let since = today.days_since(end);
    let was_there = |n: &i64| !is_absent(absences, end.plus_days(*n));
    since <= MOST_DAYS && (1..=since).filter(was_there).count() <= LAPSED_DAYS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::day;

    #[test]
    fn a_lapse_is_news_for_two_weeks_in_which_the_person_was_there() {
        let away = |first_on: &str, last_on: &str| Absence {
            first_on: day(first_on),
            last_on: day(last_on),
        };
        let leave = [away("2026-11-20", "2027-02-28")];
        let two = [
            away("2026-12-01", "2026-12-10"),
            away("2026-12-20", "2026-12-31"),
        ];
        let long = [away("2026-11-01", "2028-12-31")];
        for (absences, today, news) in [
            (&[][..], "2026-12-14", true),
            (&[], "2026-12-15", false),
            (&leave, "2027-03-14", true),
            (&leave, "2027-03-15", false),
            (&two, "2027-01-05", true),
            (&two, "2027-01-06", false),
            (&long, "2027-11-30", true),
            (&long, "2027-12-01", false),
        ] {
            let found = is_news(day("2026-11-30"), (day(today), absences));
            assert_eq!(found, news, "{absences:?} on {today}");
        }
    }
}
