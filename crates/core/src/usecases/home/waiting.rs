//! What waits for a person: one list, for home and for the inbox. The rounds tell what is new in it.

use crate::db::types::{Day, UtcTime};
use crate::domain::drill::DrillState;
use crate::domain::notification::Kind;
use crate::domain::notification::model::Cause;
use crate::domain::notification::moment::working_days;
use crate::domain::ramp::RampState;
use crate::domain::ramp::arrange::awaited;
use crate::domain::ramp::model::{Pairing, Ramp};
use crate::domain::ramp::part::Part;
use crate::domain::shift::ShiftKind;
use crate::domain::shift::lifecycle::{due_on, is_overdue};
use crate::domain::signoff::independent::may_decide;
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::{Key, can_request};
use crate::domain::waiver;
use crate::usecases::asked::waiting::OpenAsk;
use crate::usecases::home::mine::Mine;
use crate::usecases::home::{gaps_note, items_note, to_check};
use crate::usecases::kpi;
use crate::usecases::queue::waiting::Applicant;
use crate::usecases::register::keys;
use crate::usecases::rota::waiting::OpenRota;
use crate::usecases::shift::lists::PlannedShift;

/// A sign-off that waits for longer than that many working days is late.
pub const SIGNOFF_DAYS: i64 = 5;

/// One thing that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    pub cause: Cause,
    /// What is to be done, in words.
    pub deed: String,
    /// Whom or what it is about: `Amara Okafor, Payments`.
    pub about: String,
    pub note: String,
    pub button: &'static str,
    pub is_late: bool,
    /// It is under way now.
    pub runs: bool,
}

impl Wait {
    fn new(
        cause: Cause,
        (deed, about): (String, String),
        note: String,
        button: &'static str,
    ) -> Self {
        Self {
            cause,
            deed,
            about,
            note,
            button,
            is_late: false,
            runs: false,
        }
    }
}

/// The cause of a key that is due, the same for the request that makes it due and for the list.
pub fn key_waits(signoff_id: i64, ramp: &Ramp, key: Key) -> Cause {
    let words = match key {
        Key::First => "first key",
        Key::Second => "second key",
    };
    let (object, path) = (
        format!("signoff:{signoff_id}"),
        format!("/sign-offs/{signoff_id}"),
    );
    Cause::new(Kind::SignoffWaits, object, path)
        .of_ramp(ramp.id, ramp.mentee_id, ramp.area_id)
        .titled(words)
        .apart_by(words)
}

/// The cause of waivers that somebody asked for on a ramp.
pub fn waiver_waits(ramp: &Ramp) -> Cause {
    let path = format!("/ramps/{}/waivers", ramp.id);
    on_ramp(Kind::WaiverAsked, ramp, path)
}

/// The cause of a ramp that waits for being accepted.
pub fn proposal_waits(ramp: &Ramp) -> Cause {
    on_ramp(Kind::RampProposed, ramp, format!("/ramps/{}", ramp.id))
}

/// The cause of somebody who asks to ramp in an area.
pub fn ramp_asked(id: i64, (person_id, area_id): (i64, i64), slug: &str) -> Cause {
    let path = format!("/areas/{slug}/queue");
    Cause::new(Kind::RampAsked, format!("ramp_request:{id}"), path)
        .about(person_id)
        .area(area_id)
}

/// The cause of lines of a standard that are flagged as stale.
pub fn flags_wait(area_id: i64, slug: &str) -> Cause {
    let path = format!("/areas/{slug}/standard/flags");
    Cause::new(Kind::FlagsOpen, format!("area:{area_id}"), path).area(area_id)
}

/// The cause of an observation that somebody was asked for.
pub fn asked_waits(id: i64, code: &str, until: UtcTime) -> Cause {
    Cause::new(
        Kind::ObservationAsked,
        format!("asked:{id}"),
        format!("/observations/{id}"),
    )
    .titled(code)
    .at(until)
}

fn on_ramp(kind: Kind, ramp: &Ramp, path: String) -> Cause {
    Cause::new(kind, format!("ramp:{}", ramp.id), path).of_ramp(
        ramp.id,
        ramp.mentee_id,
        ramp.area_id,
    )
}

/// Whether a sign-off has waited for its key for too long.
pub fn is_old(signoff: &Signoff, today: Day) -> bool {
    let since = signoff.first_key_at.unwrap_or(signoff.requested_at);
    working_days(since.day(), today) > SIGNOFF_DAYS
}

impl Mine {
    /// All of it: what is late first, then keys and other decisions, then what the person does themselves.
    pub fn waiting(&self) -> Vec<Wait> {
        let mut waits = self.proposals();
        waits.extend(self.keys());
        waits.extend(self.unsupervised());
        waits.extend(self.applicants());
        waits.extend(self.to_waive());
        waits.extend(self.shifts.iter().filter_map(|s| self.shift(s)));
        waits.extend(self.to_answer());
        waits.extend(self.to_lead());
        waits.extend(self.clubs_to_close());
        waits.extend(self.to_record());
        waits.extend(self.to_request());
        waits.extend(self.gaps_and_items());
        waits.extend(self.flagged());
        waits.extend(self.notes_due());
        waits.extend(self.rotas.iter().map(rota));
        waits.sort_by_key(|wait| !wait.is_late);
        waits
    }

    fn proposals(&self) -> Vec<Wait> {
        let register = &self.register;
        let waits = |ramp: &&Ramp| {
            let pairings: Vec<Pairing> = register.mentors(ramp.id).into_iter().cloned().collect();
            let accepted = self.progress.accepted.get(&ramp.id);
            let accepted = accepted.map_or(&[][..], Vec::as_slice);
            ramp.state == RampState::Proposed
                && awaited(ramp.mentee_id, &pairings, accepted).contains(&self.me())
        };
        let wait = |ramp: &Ramp| {
            let (begins, ends) = (
                self.local.day(ramp.starts_on).text,
                self.local.day(ramp.target_on).text,
            );
            let mentors = register.mentor_names(ramp.id);
            let area = register.area_name(ramp.area_id);
            let (deed, note) = match ramp.mentee_id == self.me() {
                true => (
                    format!("Accept your ramp in {area}"),
                    format!(
                        "Proposed from {begins} to {ends}, mentored by {}",
                        mentors.join(" and ")
                    ),
                ),
                false => (
                    format!("Mentor {} in {area}", register.name(ramp.mentee_id)),
                    format!("You are asked to mentor this ramp, proposed from {begins} to {ends}"),
                ),
            };
            Wait::new(
                proposal_waits(ramp),
                (deed, self.own_title(ramp)),
                note,
                "See the proposal",
            )
        };
        self.shown.iter().filter(waits).map(wait).collect()
    }

    /// A deed about somebody's ramp, and whose it is.
    fn deed(&self, verb: &str, ramp: &Ramp) -> (String, String) {
        let title = self.title(ramp);
        (format!("{verb} {title}"), title)
    }

    fn own_title(&self, ramp: &Ramp) -> String {
        match ramp.mentee_id == self.me() {
            true => format!("Your ramp, {}", self.register.area_name(ramp.area_id)),
            false => self.title(ramp),
        }
    }

    fn keys(&self) -> Vec<Wait> {
        let register = &self.register;
        let due = keys::due(register, &self.actor).into_iter();
        due.map(|(signoff, ramp)| {
            let key = signoff.due(register.today());
            let note = match (key, signoff.first_key_by, signoff.first_key_at) {
                (Some(Key::Second), Some(by), Some(at)) => format!(
                    "{} turned the first key {}; the second is due",
                    register.name(by),
                    self.local.day_of(at).relative
                ),
                _ => format!(
                    "{} asked for the sign-off {}; the first key is due",
                    register.name(signoff.requested_by),
                    self.local.day_of(signoff.requested_at).relative
                ),
            };
            let cause = key_waits(signoff.id, ramp, key.unwrap_or(Key::First));
            Wait {
                is_late: is_old(signoff, register.today()),
                ..Wait::new(
                    cause,
                    self.deed("Review the sign-off of", ramp),
                    note,
                    "Review",
                )
            }
        })
        .collect()
    }

    /// Interim clearances without a supervisor, in the areas the person leads.
    fn unsupervised(&self) -> Vec<Wait> {
        let register = &self.register;
        let led = register
            .areas()
            .iter()
            .filter(|a| a.archived_at.is_none() && self.actor.leads(a.owner_team_id));
        led.flat_map(|area| register.interim(area.id))
            .filter(|held| !register.is_supervised(held))
            .map(|held| {
                let cause = Cause::new(
                    Kind::Unsupervised,
                    format!("clearance:{}", held.id),
                    format!("/clearances/{}", held.id),
                );
                let title = format!(
                    "{}, {}",
                    register.name(held.person_id),
                    register.area_name(held.area_id)
                );
                let note =
                    "Interim clearance without supervisor: nobody who is cleared answers for them";
                Wait::new(
                    cause.about(held.person_id).area(held.area_id),
                    (format!("Name a supervisor for {title}"), title),
                    note.into(),
                    "Name a supervisor",
                )
            })
            .collect()
    }

    /// People who ask to ramp, for the leads who can start it.
    fn applicants(&self) -> Vec<Wait> {
        let wait = |a: &Applicant| {
            Wait::new(
                ramp_asked(a.id, (a.person_id, a.area_id), &a.slug),
                (
                    format!("Answer {}, who wants to ramp in {}", a.name, a.area),
                    format!("{}, {}", a.name, a.area),
                ),
                format!("Asked to ramp {}", self.local.day_of(a.asked_at).relative),
                "Answer",
            )
        };
        self.applicants.iter().map(wait).collect()
    }

    /// A line a ramp on which waivers wait that the person may decide.
    fn to_waive(&self) -> Vec<Wait> {
        let (register, actor) = (&self.register, &self.actor);
        let today = register.today();
        let theirs = |ramp: &&Ramp| {
            let is_cleared = register.standing(self.me(), ramp.area_id).is_cover();
            may_decide(&register.parties(ramp), actor, is_cleared).is_ok()
        };
        let ramps = register.ramps().iter().filter(theirs);
        let counted = ramps.map(|ramp| {
            let asked = register.asked_waivers(ramp.id).iter();
            (ramp, asked.filter(|w| w.ends_on >= today).count())
        });
        counted
            .filter(|(ramp, count)| *count > 0 && waiver::moves(ramp.state))
            .map(|(ramp, count)| {
                let note = match count {
                    1 => "1 waiver is asked for, to be granted or refused".into(),
                    n => format!("{n} waivers are asked for, to be granted or refused"),
                };
                let deed = self.deed("Decide on waivers of", ramp);
                Wait::new(waiver_waits(ramp), deed, note, "Decide")
            })
            .collect()
    }

    /// A shift that runs, or one that waits for its debrief.
    fn shift(&self, s: &PlannedShift) -> Option<Wait> {
        if s.starts_at > self.now {
            return None;
        }
        match s.ends_at > self.now {
            true => self.running(s),
            false => self.to_debrief(s),
        }
    }

    /// For the two who are on it.
    fn running(&self, s: &PlannedShift) -> Option<Wait> {
        let (path, deed, button) = match s.kind {
            ShiftKind::ReverseShadow => (
                format!("/shifts/{}#ledger", s.id),
                "Keep the ledger of",
                "Open the ledger",
            ),
            ShiftKind::Shadow => (format!("/shifts/{}", s.id), "Follow", "See the brief"),
        };
        let until = self.local.moment(s.ends_at).text;
        let is_on_it = self.actor.is(s.mentee_id) || self.actor.is(s.with_id);
        is_on_it.then(|| Wait {
            runs: true,
            ..Wait::new(
                of_shift(Kind::ShiftRuns, s, path).at(s.ends_at),
                (format!("{deed} {}", self.named(s)), self.shift_title(s)),
                format!("{} with {}, runs until {until}", s.kind.label(), s.with),
                button,
            )
        })
    }

    /// For the person who was on call; once it is late, for the mentors of the ramp too.
    fn to_debrief(&self, s: &PlannedShift) -> Option<Wait> {
        let is_late = is_overdue(s.ends_at, &s.zone, self.now);
        let is_asked = self.actor.is(s.with_id) || (is_late && !self.actor.is(s.mentee_id));
        let day = due_on(s.ends_at, &s.zone);
        let due = self.local.day(day).text;
        let (when, note) = match is_late {
            true => ("it was due", format!("{}, with {}", s.area, s.with)),
            false => ("due", s.area.clone()),
        };
        let deed = format!("Debrief {}, {when} {due}", self.named(s));
        is_asked.then(|| {
            let path = format!("/shifts/{}/debrief", s.id);
            let cause = of_shift(Kind::DebriefDue, s, path).due_on(day);
            Wait {
                is_late,
                ..Wait::new(cause, (deed, self.shift_title(s)), note, "Debrief")
            }
        })
    }

    /// `Rafael Costa's shadow shift`
    fn named(&self, s: &PlannedShift) -> String {
        let kind = s.kind.label().to_lowercase();
        match self.actor.is(s.mentee_id) {
            true => format!("your {kind}"),
            false => format!("{}'s {kind}", s.mentee),
        }
    }

    fn shift_title(&self, s: &PlannedShift) -> String {
        match self.actor.is(s.mentee_id) {
            true => format!("Your ramp, {}", s.area),
            false => format!("{}, {}", s.mentee, s.area),
        }
    }

    /// Observations the person was asked for.
    fn to_answer(&self) -> Vec<Wait> {
        let wait = |ask: &OpenAsk| {
            let until = self.local.moment(ask.expires_at).text;
            let cause = asked_waits(ask.id, &ask.code, ask.expires_at);
            Wait::new(
                cause,
                (
                    format!("Tell {} what you saw", ask.mentee),
                    format!("{}, {}", ask.mentee, ask.area),
                ),
                format!("Asks what you saw of {}. Answer by {until}", ask.code),
                "Answer",
            )
        };
        self.asked.iter().map(wait).collect()
    }

    /// Drills that wait for the person who leads them.
    fn to_lead(&self) -> Vec<Wait> {
        let led = self.drills.iter().filter(|drill| drill.is_led);
        let waits = led.filter_map(|drill| {
            let (deed, note, button) = drill.waits_for(self.now)?;
            let when = self.local.moment(drill.starts_at).text;
            let cause = Cause::new(
                Kind::DrillWaits,
                format!("drill:{}", drill.id),
                drill.href(),
            )
            .titled(&drill.title)
            .at(drill.starts_at);
            let title = format!("{}, {}", drill.title, drill.area);
            Some(Wait {
                runs: drill.state == DrillState::Running,
                ..Wait::new(
                    cause,
                    (format!("{deed} the drill {title}"), title),
                    format!("{note}; planned for {when}"),
                    button,
                )
            })
        });
        waits.collect()
    }

    /// Clubs that the person led, for whom they have not said who was there.
    fn clubs_to_close(&self) -> Vec<Wait> {
        let led = self
            .clubs
            .iter()
            .filter(|club| self.actor.is(club.led_by) && club.is_over(self.now));
        led.map(|club| {
            let cause = Cause::new(
                Kind::ClubToClose,
                format!("club:{}", club.id),
                format!("/clubs/{}", club.id),
            );
            Wait::new(
                cause.titled(&club.title).at(club.starts_at),
                (
                    format!("Close the reading club on {}", club.title),
                    format!("Reading club, {}", club.title),
                ),
                format!(
                    "It was on {}: say who was there, so that it counts for them",
                    self.local.moment(club.starts_at).text
                ),
                "Close it",
            )
        })
        .collect()
    }

    /// Sessions that are over and that nobody recorded or cancelled: each waits for its mentor.
    fn to_record(&self) -> Vec<Wait> {
        let mut waits = Vec::new();
        for ramp in self.mentored() {
            let due = self
                .plans(ramp)
                .iter()
                .filter(|p| p.is_due(self.now) && self.actor.is(self.holder(ramp, p)));
            waits.extend(due.map(|plan| {
                let cause = Cause::new(
                    Kind::SessionToRecord,
                    format!("session:{}", plan.id),
                    format!("/sessions/{}", plan.id),
                )
                .of_ramp(ramp.id, ramp.mentee_id, ramp.area_id)
                .at(plan.starts_at);
                let note = format!(
                    "The session of {} was not recorded yet",
                    self.local.moment(plan.starts_at).text
                );
                let deed = self.deed("Record or cancel the session with", ramp);
                Wait::new(cause, deed, note, "Record or cancel")
            }));
        }
        waits
    }

    /// Ramps of the person, or that they mentor, on which a sign-off may be asked for.
    fn to_request(&self) -> Vec<Wait> {
        let today = self.register.today();
        let may_ask = |ramp: &&Ramp| {
            self.readiness(ramp)
                .is_some_and(|r| can_request(ramp.state, ramp.starts_on, today, r).is_ok())
        };
        let ramps = self.own().into_iter().chain(self.mentored());
        ramps
            .filter(may_ask)
            .map(|ramp| {
                let path = format!("/ramps/{}/sign-off", ramp.id);
                let whose = self.own_title(ramp);
                let deed = match ramp.mentee_id == self.me() {
                    true => format!(
                        "Ask for your sign-off in {}",
                        self.register.area_name(ramp.area_id)
                    ),
                    false => format!("Ask for the sign-off of {whose}"),
                };
                Wait::new(
                    on_ramp(Kind::SignoffPossible, ramp, path),
                    (deed, whose),
                    "Every gate is met: a sign-off may be asked for".into(),
                    "Ask for sign-off",
                )
            })
            .collect()
    }

    /// What mentees have done, and what a review left open, for their mentors.
    fn gaps_and_items(&self) -> Vec<Wait> {
        let mut waits = Vec::new();
        for ramp in self.mentored() {
            let (gaps, items) = self
                .readiness(ramp)
                .map_or((0, 0), |r| (r.gaps_open, to_check(r)));
            let open = [
                (
                    Kind::GapsOpen,
                    gaps,
                    Part::Overview.at(ramp.id, "gaps"),
                    "Close gaps of",
                    gaps_note(gaps),
                    "See the gaps",
                ),
                (
                    Kind::ItemsToCheck,
                    items,
                    Part::Checklist.of(ramp.id),
                    "Check items of",
                    items_note(items),
                    "Check",
                ),
            ];
            let open = open.into_iter().filter(|(_, count, ..)| *count > 0);
            waits.extend(open.map(|(kind, _, path, deed, note, button)| {
                Wait::new(
                    on_ramp(kind, ramp, path),
                    self.deed(deed, ramp),
                    note,
                    button,
                )
            }));
        }
        waits
    }

    /// Notes on key figures whose target the person owns.
    fn notes_due(&self) -> Vec<Wait> {
        let due = kpi::waiting::due(&self.owned, self.register.today());
        due.into_iter()
            .map(|note| {
                let last = note.last.map(|day| self.local.day(day).text);
                let said = match last {
                    Some(day) => {
                        format!("Your last note is of {day}. Say why, and what comes next")
                    }
                    None => "You own its target. Say why it is so, and what comes next".into(),
                };
                let deed = format!("Write a note on {}", note.title);
                Wait::new(note.cause, (deed, note.title), said, "Write a note")
            })
            .collect()
    }

    /// A line an area whose stale flags nobody has answered yet, for its qualifiers.
    fn flagged(&self) -> Vec<Wait> {
        let open = |area_id: i64| {
            let of_area = self.flags.iter().filter(|(f, ..)| f.area_id == area_id);
            of_area.filter(|(f, ..)| f.closed_at.is_none()).count()
        };
        let areas = self.register.areas().iter().map(|a| (a, open(a.id)));
        areas
            .filter(|(_, count)| *count > 0)
            .map(|(area, count)| {
                Wait::new(
                    flags_wait(area.id, &area.slug),
                    (
                        format!("Look at flagged lines of {}", area.name),
                        format!("{}, standard", area.name),
                    ),
                    format!(
                        "{count} checklist {} flagged as stale",
                        if count == 1 { "line" } else { "lines" }
                    ),
                    "Look",
                )
            })
            .collect()
    }
}

/// A line an area whose rotas do not agree with the clearances, for its leads. A new finding is told again.
fn rota(open: &OpenRota) -> Wait {
    let count = match open.count {
        1 => "1 finding".to_owned(),
        n => format!("{n} findings"),
    };
    let (object, path) = (
        format!("area:{}", open.area_id),
        format!("/areas/{}/rota", open.slug),
    );
    let cause = Cause::new(Kind::RotaFindings, object, path)
        .area(open.area_id)
        .titled(count.clone())
        .apart_by(open.newest);
    let note = format!("{count} in the rota. Change the rota, or accept them");
    let deed = format!("Settle the rota of {}", open.area);
    Wait::new(
        cause,
        (deed, format!("{}, rota", open.area)),
        note,
        "See the rota",
    )
}

fn of_shift(kind: Kind, s: &PlannedShift, path: String) -> Cause {
    Cause::new(kind, format!("shift:{}", s.id), path).about(s.mentee_id)
}
