//! The form that plans a session: what is filled in beforehand, what was typed, and how it is read.

use std::collections::BTreeSet;

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::auth::context::ReadContext;
use crate::domain::ramp::MarkKind;
use crate::domain::readiness::ObstacleKind;
use crate::domain::session::plan::{NewPlan, suggested, usual_slot};
use crate::domain::session::{Minutes, SessionKind};
use crate::error::{Error, FieldErrors, Result};
use crate::pages::parts::choice::Choice;
use crate::pages::parts::planned::elsewhere;
use crate::pages::session::record_form::{RecordForm, minutes_typed, row};
use crate::pages::session::record_view::{kinds, lengths, postmortems};
use crate::time::{LocalTime, MomentField};
use crate::usecases::availability::free_times;
use crate::usecases::dossier::Dossier;
use crate::usecases::session::discussed;
use crate::web::Fields;
use crate::words::Words;

/// Times offered at which both are free.
const OFFERED: usize = 6;

/// Reads the form, all errors at once.
pub fn parse(fields: &Fields, local: &LocalTime) -> Result<NewPlan> {
    let mut errors = FieldErrors::default();
    let mut keep = |field: &str, sentence: String| errors.add(field, sentence);
    // A time that was offered is chosen instead of typing one.
    let starts_at = match fields.get("free") {
        "" => MomentField::sent(fields, "starts_at", local)
            .read("Enter the day and time it is to begin.")
            .map_err(|s| keep("starts_at", s))
            .ok(),
        offered => moment(offered)
            .ok_or_else(|| keep("free", "Choose one of these times, or another time.".into()))
            .ok(),
    };
    let minutes = Minutes::parse(minutes_typed(fields))
        .map_err(|s| keep("minutes", s))
        .ok();
    let kind = SessionKind::parse(fields.get("kind"));
    if kind.is_none() {
        keep("kind", "Choose how you will work.".into());
    }
    let agenda = Words::parse(fields.get("agenda"))
        .map_err(|s| keep("agenda", s))
        .ok();
    match (starts_at, minutes, kind, agenda) {
        (Some(starts_at), Some(minutes), Some(kind), Some(agenda)) => errors.or(NewPlan {
            starts_at,
            minutes,
            kind,
            mentor_id: fields.id("mentor"),
            agenda,
            topics: topics(fields),
            postmortem_id: fields.id("postmortem"),
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// A moment as the radio of an offered time sends it.
fn moment(sent: &str) -> Option<UtcTime> {
    let moment: jiff::Timestamp = sent.parse().ok()?;
    Some(moment.into())
}

fn topics(fields: &Fields) -> BTreeSet<String> {
    fields.all("topic").map(str::to_owned).collect()
}

/// Something a session can cover.
pub struct TopicView {
    pub code: String,
    pub what: String,
    /// How far it is: `at 2, needs 3`.
    pub detail: String,
    pub chosen: bool,
}

/// The form as the page shows it.
pub struct PlanView {
    /// The next times at which both are free; the last one is another time.
    pub free: Vec<Choice>,
    pub starts_at: MomentField,
    pub minutes: Vec<Choice>,
    pub minutes_other: String,
    pub offered_minutes: String,
    pub kinds: Vec<Choice>,
    pub more_kinds: Vec<Choice>,
    /// Nothing to choose where there is one mentor.
    pub mentors: Vec<Choice>,
    pub agenda: String,
    /// Post-mortems it may discuss.
    pub postmortems: Vec<Choice>,
    pub competencies: Vec<TopicView>,
    pub items: Vec<TopicView>,
    /// What no gate asks for: a review named a gap in it, or it was chosen anyway.
    pub met: Vec<TopicView>,
}

impl PlanView {
    /// Filled in by habit: the time of day and length of the last session, and the first things open; `query` may
    /// name topics and an agenda instead.
    pub fn fresh(
        dossier: &Dossier,
        query: &Fields,
        context: &ReadContext,
        offered: &[discussed::Topic],
    ) -> Self {
        let last = dossier.sessions.iter().find(|s| s.counts());
        let interval = dossier.pairings.iter().find(|p| p.until.is_none());
        let slot = usual_slot(
            last.map(|s| context.local.civil(s.starts_at)),
            interval.map_or(7, |p| p.interval_days),
            context.local.civil(context.now),
        );
        let minutes = last.map_or(Minutes::USUAL.number(), |s| s.minutes);
        let named = offered.iter().find(|t| t.slug == query.get("postmortem"));
        let kind = match named {
            Some(_) => SessionKind::PostMortem,
            None => last.map_or(SessionKind::Pairing, |s| s.kind),
        };
        let form = RecordForm {
            kind: kind.word().into(),
            postmortem: row(named.map(|t| t.id)),
            starts_at: MomentField::on_clock(slot, &context.local),
            ..RecordForm::lasting(minutes)
        };
        let chosen = match query.has("topic") {
            true => topics(query),
            false => {
                let obstacles = &dossier.readiness.obstacles;
                let first = suggested(obstacles, &dossier.plans, context.now);
                first.into_iter().map(str::to_owned).collect()
            }
        };
        let mentor = context
            .actor
            .id
            .filter(|id| dossier.parties.mentors.contains(id));
        let mentor = mentor.or(dossier.parties.mentors.first().copied());
        let mentor = mentor.map_or_else(String::new, |id| id.to_string());
        Self::new(
            dossier,
            &form,
            query.get("agenda"),
            &mentor,
            &chosen,
            offered,
        )
    }

    /// As it was sent.
    pub fn typed(
        dossier: &Dossier,
        fields: &Fields,
        local: &LocalTime,
        offered: &[discussed::Topic],
    ) -> Result<Self> {
        let form = RecordForm::sent(fields, local)?;
        let (agenda, mentor) = (fields.get("agenda"), fields.get("mentor"));
        let chosen = topics(fields);
        Ok(Self::new(dossier, &form, agenda, mentor, &chosen, offered))
    }

    /// Offers times at which mentee and mentor are free for as long as the form says; `typed` is what was sent.
    pub fn offer(
        &mut self,
        c: &mut Conn,
        dossier: &Dossier,
        typed: Option<&Fields>,
        local: &LocalTime,
    ) -> Result<()> {
        let mentors = &dossier.parties.mentors;
        let chosen = typed.and_then(|fields| fields.id("mentor"));
        let marked = self.mentors.iter().find(|m| m.chosen);
        let mentor = chosen
            .or(marked.and_then(|m| m.value.parse().ok()))
            .filter(|id| mentors.contains(id))
            .or(mentors.first().copied());
        let Some(mentor) = mentor else {
            return Ok(());
        };
        let typed_minutes = typed.and_then(|f| Minutes::parse(minutes_typed(f)).ok());
        let marked = self.minutes.iter().find(|m| m.chosen);
        let minutes = typed_minutes
            .or(marked.and_then(|m| Minutes::parse(&m.value).ok()))
            .unwrap_or(Minutes::USUAL);
        let people = [
            (dossier.ramp.mentee_id, dossier.mentee()),
            (mentor, dossier.person(mentor)),
        ];
        let guests = people.map(|(id, person)| (id, person.zone.to_owned()));
        let mut times = free_times(c, &guests, minutes.number(), local.now(), OFFERED)?;
        let sent = typed.map_or("", |fields| fields.get("free"));
        if let Some(sent) = moment(sent).filter(|at| !times.contains(at)) {
            times.insert(0, sent);
        }
        let clocks = people.map(|(_, person)| (person.name, person.zone));
        self.free = times
            .into_iter()
            .map(|at| {
                let label = match elsewhere(local, at, &clocks) {
                    there if there.is_empty() => local.moment(at).text,
                    there => format!("{}: {there}", local.moment(at).text),
                };
                Choice::new(at.iso(), label, moment(sent) == Some(at))
            })
            .collect();
        if !self.free.is_empty() {
            let other = moment(sent).is_none();
            self.free.push(Choice::new("", "Another time", other));
        }
        Ok(())
    }

    fn new(
        dossier: &Dossier,
        form: &RecordForm,
        agenda: &str,
        mentor: &str,
        chosen: &BTreeSet<String>,
        offered: &[discussed::Topic],
    ) -> Self {
        let (kinds, more_kinds) = kinds(&form.kind);
        let content = &dossier.standard.content;
        let of = |is_item: bool| {
            let open = dossier
                .readiness
                .obstacles
                .iter()
                .filter_map(move |o| match &o.kind {
                    ObstacleKind::Competency(code) if !is_item => Some((code, o)),
                    ObstacleKind::Item(code) if is_item => Some((code, o)),
                    _ => None,
                });
            let view = open.map(|(code, o)| TopicView {
                code: code.clone(),
                what: o.what.clone(),
                detail: o.detail.clone(),
                chosen: chosen.contains(code),
            });
            view.collect::<Vec<_>>()
        };
        let (competencies, items) = (of(false), of(true));
        let shown = |code: &str| {
            let mut all = competencies.iter().chain(&items);
            all.any(|t| t.code == code)
        };
        let gap = |code: &str| {
            let mut open = dossier.gaps.iter().filter(|g| g.is_open());
            open.find(|g| g.code.as_deref() == Some(code))
        };
        let named = dossier.gaps.iter().filter(|g| g.is_open());
        let mut more: BTreeSet<&String> = named.filter_map(|g| g.code.as_ref()).collect();
        more.extend(chosen);
        more.retain(|code| !shown(code));
        let met = more.into_iter().filter_map(|code| {
            let (what, state) = match (content.competency(code), content.item(code)) {
                (Some(competency), _) => {
                    let competence = dossier.readiness.competency(code);
                    let word = match competence.is_some_and(|s| s.met) {
                        true => "at its level already",
                        false => "no gate asks for it",
                    };
                    (&competency.statement, word)
                }
                (None, Some(item)) => {
                    let word = match dossier.readiness.mark(code) {
                        MarkKind::Checked => "checked already",
                        _ => "no gate asks for it",
                    };
                    (&item.text, word)
                }
                (None, None) => return None,
            };
            Some(TopicView {
                code: code.clone(),
                what: what.clone(),
                detail: gap(code).map_or_else(
                    || state.to_owned(),
                    |gap| format!("{state}; a review named: {}", gap.body),
                ),
                chosen: chosen.contains(code),
            })
        });
        let met = met.collect();
        let mentors = &dossier.parties.mentors;
        let choice = |id: &i64| Choice::new(id, dossier.person(*id).name, id.to_string() == mentor);
        Self {
            free: Vec::new(),
            starts_at: form.starts_at.clone(),
            minutes: lengths(&form.minutes),
            minutes_other: form.minutes_other.clone(),
            offered_minutes: form.offered_minutes.clone(),
            kinds,
            more_kinds,
            mentors: match mentors.len() {
                0 | 1 => Vec::new(),
                _ => mentors.iter().map(choice).collect(),
            },
            agenda: agenda.to_owned(),
            postmortems: postmortems(offered, &form.postmortem),
            competencies,
            items,
            met,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::local;
    use proptest::prelude::*;

    #[test]
    fn a_plan_is_read_in_the_zone_of_the_planner() {
        let fields = Fields::of(&[
            ("starts_at", "2026-11-19T09:00"),
            ("minutes", "45"),
            ("kind", "lab"),
            ("topic", "PAY-I2"),
            ("topic", "PAY-K1"),
        ]);
        let plan = parse(&fields, &local()).unwrap();
        assert_eq!(plan.starts_at.iso(), "2026-11-19T01:00:00Z");
        let topics: Vec<&str> = plan.topics.iter().map(String::as_str).collect();
        assert_eq!(topics, ["PAY-I2", "PAY-K1"]);
        assert_eq!((plan.kind, plan.mentor_id), (SessionKind::Lab, None));
    }

    #[test]
    fn a_time_that_was_offered_is_taken_for_what_stands_in_the_field() {
        let read = |free: &str| {
            let fields = Fields::of(&[
                ("free", free),
                ("starts_at", "2026-11-19T09:00"),
                ("minutes", "45"),
                ("kind", "lab"),
            ]);
            parse(&fields, &local()).map(|plan| plan.starts_at.iso())
        };
        assert_eq!(
            read("2026-11-20T10:15:00Z").unwrap(),
            "2026-11-20T10:15:00Z"
        );
        assert_eq!(read("").unwrap(), "2026-11-19T01:00:00Z");
        let Err(Error::Invalid(errors)) = read("soon") else {
            panic!("it was taken")
        };
        assert!(errors.get("free").is_some());
    }

    #[test]
    fn every_field_says_what_is_wrong_at_once() {
        let long = "x".repeat(2001);
        let fields = Fields::of(&[("starts_at", "soon"), ("agenda", &long)]);
        let Err(Error::Invalid(errors)) = parse(&fields, &local()) else {
            panic!("it was taken")
        };
        let wrong: Vec<_> = errors.iter().map(|(field, _)| field).collect();
        assert_eq!(wrong, ["starts_at", "minutes", "kind", "agenda"]);
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused(
            pairs in prop::collection::vec(
                ("(kind|minutes|minutes_other|starts_at|agenda|mentor|topic|\\PC{0,9})",
                 "(lab|-?[0-9]{1,20}|other|9999-12-31T23:59|-9999-01-01T00:00|.{0,40})"),
                0..10,
            ),
        ) {
            let pairs: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            if let Ok(plan) = parse(&Fields::of(&pairs), &local()) {
                prop_assert!((1..=720).contains(&plan.minutes.number()));
            }
        }
    }
}
