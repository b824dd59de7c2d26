//! What the page of a session shows.

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::ramp::part::item_line;
use crate::domain::session::difference::differences;
use crate::domain::session::lifecycle::{Step, step};
use crate::domain::session::model::Session;
use crate::domain::session::next::store::of_sessions;
use crate::domain::session::plan::{Absent, holder};
use crate::domain::session::{SessionState, store};
use crate::domain::standard::Level;
use crate::error::Result;
use crate::pages::form::Form;
use crate::pages::parts::choice::Choice;
use crate::pages::parts::planned::elsewhere;
use crate::pages::session::show_steps::{
    ChangeLine, DifferenceLine, Other, corrections, difference_line, state, steps,
};
use crate::time::{MomentField, TimeText};
use crate::usecases::dossier::Dossier;
use crate::usecases::session::amend::{
    assessment_resting_on, may_correct, may_undo, required_by_assessments, snapshot,
};
use crate::usecases::session::feedback::{Feedback, side_of};
use crate::usecases::session::next::may_tick;
use crate::usecases::session::planning::may_arrange;
use crate::usecases::session::{actions, discussed};
use crate::web::Fields;

/// How much help a competency needed.
pub(crate) struct Observed {
    pub code: String,
    pub statement: String,
    pub help: u8,
    pub word: &'static str,
}

/// A judgement that rests on the session.
pub(crate) struct Judged {
    pub code: String,
    pub statement: String,
    pub level: u8,
    pub word: &'static str,
    pub whose: String,
}

/// Something the session is to cover.
pub(crate) struct TopicLine {
    pub code: String,
    pub what: String,
    pub href: String,
}

/// Something that was agreed in it.
pub(crate) struct ActionLine {
    pub id: i64,
    pub body: String,
    /// Who ticked it off, and when; nothing while it is open.
    pub done: Option<String>,
}

/// The forms of a plan.
pub(crate) struct PlanForms {
    /// When it is planned for, as the form was loaded.
    pub from: String,
    pub starts_at: MomentField,
    /// What was typed.
    pub fields: Fields,
    /// It has begun: a party may have stayed away.
    pub begun: bool,
    pub absent: Vec<Choice>,
}

/// A session as its page shows it.
pub(crate) struct SessionView {
    pub id: i64,
    pub ramp_id: i64,
    pub mentee: String,
    pub mentee_handle: String,
    pub area: String,
    pub kind: &'static str,
    /// Nothing for one that was held and counts.
    pub state: Option<&'static str>,
    pub is_planned: bool,
    pub is_held: bool,
    pub starts: TimeText,
    /// What the others' clocks show then; may be empty.
    pub elsewhere: String,
    pub minutes: i32,
    pub summary: String,
    pub agenda: String,
    /// The post-mortem it talked about, or is to: name in URLs, title.
    pub postmortem: Option<(String, String)>,
    pub mentor: String,
    pub mentor_handle: String,
    pub recorder: String,
    pub recorder_handle: String,
    pub recorded: TimeText,
    pub topics: Vec<TopicLine>,
    pub actions: Vec<ActionLine>,
    pub may_tick: bool,
    pub observed: Vec<Observed>,
    pub judged: Vec<Judged>,
    pub changes: Vec<ChangeLine>,
    /// What took its place.
    pub later: Option<Other>,
    /// What it took the place of.
    pub earlier: Option<Other>,
    pub differences: Vec<DifferenceLine>,
    /// For a mentor of an open ramp: where assessing begins.
    pub assess: Option<String>,
    /// For a mentor: the plan can be recorded.
    pub may_record: bool,
    pub may_correct: bool,
    /// So many minutes it can still be undone, by the viewer.
    pub undo_minutes: Option<i64>,
    pub forms: Option<PlanForms>,
    /// For its two people: how far feedback is, and the words on the link there.
    pub feedback: Option<(&'static str, &'static str)>,
}

impl SessionView {
    pub(crate) fn load(
        c: &mut Conn,
        d: &Dossier,
        s: &Session,
        form: &Form,
        context: &ReadContext,
    ) -> Result<Self> {
        let (local, actor) = (&context.local, &context.actor);
        let later = d
            .sessions
            .iter()
            .find(|l| l.supersedes_id == Some(s.id) && l.undone_at.is_none());
        let pair = corrections(d, s, later);
        let mut rows = vec![s.id];
        rows.extend(pair.iter().flat_map(|(a, b)| [a.id, b.id]));
        let next = of_sessions(c, &rows)?;
        let mut discussed_in = Vec::new();
        if let Some((a, b)) = pair {
            for id in [a.postmortem_id, b.postmortem_id].into_iter().flatten() {
                discussed_in.extend(discussed::by_id(c, id)?);
            }
        }
        let differences = pair.map_or_else(Vec::new, |(a, b)| {
            let all = differences(&snapshot(d, a, &next), &snapshot(d, b, &next));
            all.into_iter()
                .map(|one| difference_line(one, local, &discussed_in))
                .collect()
        });
        let topics = store::topics(c, &[s.id])?;
        let mentor = match s.state {
            SessionState::Planned => d.person(holder(s.mentor_id, &d.parties.mentors)),
            _ => d.person(s.mentor_id),
        };
        let (mentee, recorder) = (d.mentee(), d.person(s.recorder()));
        let may = |wanted| step(s, wanted, context.now).is_ok();
        let can_undo = may(Step::Undo)
            && may_undo(d, s, actor).is_ok()
            && assessment_resting_on(d, s.id).is_none();
        let is_mentor = actions::may_record(d, actor).is_ok();
        Ok(Self {
            id: s.id,
            ramp_id: d.ramp.id,
            mentee: mentee.name.to_owned(),
            mentee_handle: mentee.handle.to_owned(),
            area: d.area.name.clone(),
            kind: s.kind.label(),
            state: state(s),
            is_planned: s.is_plan(),
            is_held: s.state == SessionState::Held,
            starts: local.moment(s.starts_at),
            elsewhere: elsewhere(
                local,
                s.starts_at,
                &[(mentee.name, mentee.zone), (mentor.name, mentor.zone)],
            ),
            minutes: s.minutes,
            summary: s.summary.clone(),
            agenda: s.agenda.clone(),
            postmortem: match s.postmortem_id {
                Some(id) => discussed::by_id(c, id)?.map(|t| (t.slug, t.title)),
                None => None,
            },
            mentor: mentor.name.to_owned(),
            mentor_handle: mentor.handle.to_owned(),
            recorder: recorder.name.to_owned(),
            recorder_handle: recorder.handle.to_owned(),
            recorded: local.moment(s.recorded_at),
            topics: topics.iter().map(|t| topic(d, &t.code)).collect(),
            actions: next
                .iter()
                .filter(|a| a.session_id == s.id)
                .map(|a| ActionLine {
                    id: a.id,
                    body: a.body.clone(),
                    done: a.done_at.map(|at| {
                        let day = local.day_of(at).text;
                        match a.done_by {
                            Some(by) => format!("Done, says {}, {day}", d.person(by).name),
                            None => format!("Done before {day}"),
                        }
                    }),
                })
                .collect(),
            may_tick: s.counts() && may_tick(d, actor).is_ok(),
            observed: observed(d, s),
            judged: judged(d, s),
            changes: steps(c, d, s, local)?,
            later: later.map(|l| Other::later(d, s, l, local)),
            earlier: Other::earlier(d, s, local),
            differences,
            assess: assess(d, s).filter(|_| is_mentor && s.counts()),
            may_record: is_mentor && s.is_plan(),
            may_correct: may(Step::Correct) && may_correct(d, s, actor).is_ok(),
            undo_minutes: can_undo
                .then(|| (s.undo_until().seconds_since(context.now) + 59) / 60)
                .map(|n| n.max(1)),
            feedback: match side_of(d, s, actor) {
                Ok(_) => Some(feedback_words(&Feedback::load(c, d, s, actor)?)),
                Err(_) => None,
            },
            forms: (s.is_plan() && may_arrange(d, actor).is_ok())
                .then(|| forms(d, s, form, context)),
        })
    }
}

fn topic(d: &Dossier, code: &str) -> TopicLine {
    let (content, ramp) = (&d.standard.content, d.ramp.id);
    let (what, href) = match (content.competency(code), content.item(code)) {
        (Some(c), _) => (
            c.statement.clone(),
            format!("/ramps/{ramp}/competencies/{code}"),
        ),
        (None, Some(i)) => (i.text.clone(), item_line(ramp, code)),
        (None, None) => (code.to_owned(), format!("/ramps/{ramp}")),
    };
    TopicLine {
        code: code.to_owned(),
        what,
        href,
    }
}

fn statement(d: &Dossier, code: &str) -> String {
    let competency = d.standard.content.competency(code);
    competency.map_or_else(|| code.to_owned(), |c| c.statement.clone())
}

fn observed(d: &Dossier, s: &Session) -> Vec<Observed> {
    let of = d.observations.iter().filter(|o| o.session_id == s.id);
    of.map(|o| Observed {
        code: o.competency_code.clone(),
        statement: statement(d, &o.competency_code),
        help: o.help_level.number(),
        word: o.help_level.label(),
    })
    .collect()
}

/// Judgements that name this row, and those that rest on it since it was corrected.
fn judged(d: &Dossier, s: &Session) -> Vec<Judged> {
    let kept: Vec<String> = required_by_assessments(d, s)
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    let rests = |a: &&crate::domain::assessment::model::Assessment| {
        a.evidence_session_id.is_some_and(|id| {
            id == s.id
                || (kept.contains(&a.competency_code)
                    && crate::domain::session::lifecycle::standing(&d.sessions, id)
                        .is_some_and(|now| now.id == s.id))
        })
    };
    let all = d.assessments.iter().filter(rests);
    all.map(|a| Judged {
        code: a.competency_code.clone(),
        statement: statement(d, &a.competency_code),
        level: a.level.map_or(0, Level::number),
        word: a.level.map_or("Not observed", Level::label),
        whose: format!("{} by {}", a.stream.label(), d.person(a.by_id).name),
    })
    .collect()
}

fn assess(d: &Dossier, s: &Session) -> Option<String> {
    let content = &d.standard.content;
    let seen = |code: &str| {
        let mut of = d.observations.iter().filter(|o| o.session_id == s.id);
        of.any(|o| o.competency_code == code)
    };
    let first = content.competencies.iter().find(|c| seen(&c.code));
    let group = first
        .map(|c| c.group)
        .or(content.groups().first().copied())?;
    Some(format!("/ramps/{}/assess/{}", d.ramp.id, group.word()))
}

fn forms(d: &Dossier, s: &Session, form: &Form, context: &ReadContext) -> PlanForms {
    let typed = &form.fields;
    let mentor = d.person(holder(s.mentor_id, &d.parties.mentors)).name;
    let choice = |absent: &Absent| {
        let who = match absent {
            Absent::Mentee => d.mentee().name,
            Absent::Mentor => mentor,
            Absent::Both => "Both of them",
        };
        Choice::new(absent.word(), who, absent.word() == typed.get("absent"))
    };
    PlanForms {
        from: form.seen("from", s.starts_at.iso_micros()),
        starts_at: match typed.has("starts_at") {
            true => MomentField::sent(typed, "starts_at", &context.local),
            false => MomentField::of(s.starts_at, &context.local),
        },
        begun: step(s, Step::NoShow, context.now).is_ok(),
        absent: Absent::ALL.iter().map(choice).collect(),
        fields: typed.clone(),
    }
}

/// How far feedback is for one of the two, and the words on the link.
fn feedback_words(feedback: &Feedback) -> (&'static str, &'static str) {
    match (&feedback.own, feedback.is_open, feedback.other_is_in) {
        (None, _, true) => (
            "The other side has answered. It opens with yours.",
            "Give feedback",
        ),
        (None, _, false) => (
            "Two short questions, between the two of you.",
            "Give feedback",
        ),
        (Some(_), true, true) => ("Both have answered.", "Read feedback"),
        (Some(_), ..) => (
            "You have answered. The other side has not yet.",
            "See your feedback",
        ),
    }
}
