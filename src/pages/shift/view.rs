//! What the page of a shift shows.

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::PersonRef;
use crate::domain::shift::ShiftState;
use crate::domain::shift::lifecycle::{Step, due_on, is_overdue, step};
use crate::domain::shift::model::{Alert, Debrief, Shift};
use crate::domain::shift::store;
use crate::domain::shift::store::{Change, Observed};
use crate::domain::shift::{Hours, ShiftKind};
use crate::error::Result;
use crate::pages::form::Form;
use crate::pages::parts::planned::elsewhere;
use crate::pages::parts::shift::{Piece, hours, ledger, pieces};
use crate::pages::shift::form::BriefForm;
use crate::time::{LocalTime, MomentField, TimeText};
use crate::usecases::shift::detail::ShiftDetail;
use crate::usecases::shift::ledger::{count, may_take_back};
use crate::web::Fields;

/// A line of the ledger.
pub(crate) struct AlertLine {
    pub id: i64,
    pub when: TimeText,
    pub title: String,
    /// What is said of it, with whether it is said in its favour.
    pub flags: Vec<(&'static str, &'static str)>,
    pub by: String,
    /// Who took it back, and when.
    pub undone: Option<String>,
}

impl AlertLine {
    pub(crate) fn of(alert: &Alert, detail: &ShiftDetail, local: &LocalTime) -> Self {
        let named = [
            (
                alert.acknowledged,
                "acknowledged",
                "not acknowledged",
                "ck-checked",
            ),
            (
                alert.understood,
                "understood",
                "not understood",
                "ck-checked",
            ),
            (
                alert.actionable,
                "actionable",
                "not actionable",
                "ck-checked",
            ),
            (alert.escalated, "escalated", "", "right"),
        ];
        let flags = named.iter().filter_map(|(is_on, on, off, icon)| {
            let (word, icon) = if *is_on {
                (*on, *icon)
            } else {
                (*off, "ck-open")
            };
            (!word.is_empty()).then_some((word, icon))
        });
        let undone = alert.undone_by.zip(alert.undone_at);
        Self {
            id: alert.id,
            when: local.moment(alert.at),
            title: match alert.title.as_str() {
                "" => "Alert".into(),
                title => title.to_owned(),
            },
            flags: flags.collect(),
            by: detail.person(alert.by_id).name.to_owned(),
            undone: undone.map(|(by, at)| {
                format!(
                    "taken back by {}, {}",
                    detail.person(by).name,
                    local.moment(at).text
                )
            }),
        }
    }
}

/// A step in its life.
pub(crate) struct ChangeLine {
    pub when: TimeText,
    pub what: String,
    pub reason: String,
}

/// How much help a competency needed.
pub(crate) struct ObservedLine {
    pub code: String,
    pub statement: String,
    pub help: u8,
    pub word: &'static str,
}

/// The debrief that holds.
pub(crate) struct DebriefView {
    pub went_well: String,
    pub went_badly: String,
    pub by: String,
    pub when: TimeText,
    pub observed: Vec<ObservedLine>,
    /// Those it took the place of: what they said, who wrote them and when.
    pub before: Vec<(String, String, String)>,
}

/// The forms of a planned shift.
pub(crate) struct Forms {
    /// Its hours, as the form was loaded.
    pub from: (String, String),
    /// It stays, once the shift has begun: then what it is, in words.
    pub began: Option<String>,
    pub starts_at: MomentField,
    pub ends_at: MomentField,
    pub brief: BriefForm,
    pub move_reason: String,
    pub brief_reason: String,
    pub cancel_reason: String,
    /// Which of them came back.
    pub is_move: bool,
    pub is_brief: bool,
    pub is_cancel: bool,
    pub may_cancel: bool,
}

/// Word, label and whether it is on, of a flag of the line to be written.
pub(crate) type Flag = (&'static str, &'static str, bool);

pub(crate) struct LedgerView {
    pub ratio: String,
    pub counts: bool,
    pub lines: Vec<AlertLine>,
    /// For the two on the shift, while it takes lines.
    pub flags: Option<Vec<Flag>>,
    pub title: String,
    pub may_take_back: bool,
}

/// A shift as its page shows it.
pub(crate) struct ShiftView {
    pub id: i64,
    pub ramp_id: i64,
    /// The viewer may open the ramp.
    pub may_read_ramp: bool,
    pub kind: &'static str,
    pub mentee: (String, String),
    pub with: (String, String),
    pub area: String,
    pub area_slug: String,
    pub state: &'static str,
    pub hours: String,
    pub starts: TimeText,
    /// What the others' clocks show when it begins; may be empty.
    pub elsewhere: String,
    pub brief: Vec<(&'static str, Vec<Piece>)>,
    pub ledger: Option<LedgerView>,
    pub debrief: Option<DebriefView>,
    /// What is said of the debrief while there is none.
    pub due: Option<Due>,
    /// What the button that leads to its form says, for those who may write it.
    pub to_debrief: Option<&'static str>,
    pub planner: (String, String),
    pub planned: TimeText,
    pub changes: Vec<ChangeLine>,
    pub forms: Option<Forms>,
    /// The viewer may plan another one.
    pub may_plan: bool,
}

/// When the debrief is due, and from whom.
pub(crate) struct Due {
    pub who: String,
    pub when: TimeText,
    pub is_overdue: bool,
}

/// The rows that belong to a shift.
pub(crate) struct Rows {
    pub alerts: Vec<Alert>,
    pub changes: Vec<Change>,
    pub debriefs: Vec<(Debrief, Observed)>,
}

impl Rows {
    pub(crate) fn load(c: &mut Conn, shift_id: i64) -> Result<Self> {
        Ok(Self {
            alerts: store::alerts(c, shift_id)?,
            changes: store::changes(c, shift_id)?,
            debriefs: store::debriefs(c, shift_id)?,
        })
    }

    pub(crate) fn people(&self) -> Vec<i64> {
        let alerts = self.alerts.iter();
        let alerts = alerts.flat_map(|a| [Some(a.by_id), a.undone_by].into_iter().flatten());
        let changes = self.changes.iter().map(|change| change.by_id);
        let debriefs = self.debriefs.iter().map(|(debrief, _)| debrief.by_id);
        alerts.chain(changes).chain(debriefs).collect()
    }
}

impl ShiftView {
    pub(crate) fn of(
        s: &ShiftDetail,
        rows: &Rows,
        form: &Form,
        context: &ReadContext,
    ) -> Result<Self> {
        let (local, actor, now) = (&context.local, &context.actor, context.now);
        let shift = &s.shift;
        let may = |wanted| step(shift, wanted, now).is_ok();
        let name = |p: PersonRef<'_>| (p.name.to_owned(), p.handle.to_owned());
        let (mentee, with) = (s.mentee(), s.with());
        let may_debrief = s.may_debrief(actor).is_ok();
        Ok(Self {
            id: shift.id,
            ramp_id: shift.ramp_id,
            may_read_ramp: s.parties.may_read(actor),
            kind: shift.kind.label(),
            mentee: name(mentee),
            with: name(with),
            area: s.area.name.clone(),
            area_slug: s.area.slug.clone(),
            state: state(shift, now),
            hours: hours(local, shift.starts_at, shift.ends_at),
            starts: local.moment(shift.starts_at),
            elsewhere: elsewhere(
                local,
                shift.starts_at,
                &[(mentee.name, mentee.zone), (with.name, with.zone)],
            ),
            brief: brief(shift),
            ledger: (shift.kind == ShiftKind::ReverseShadow)
                .then(|| ledger_view(s, &rows.alerts, form, context)),
            debrief: debrief(s, rows, local),
            due: (shift.state == ShiftState::Planned).then(|| Due {
                who: with.name.to_owned(),
                when: local.day(due_on(shift.ends_at, with.zone)),
                is_overdue: is_overdue(shift.ends_at, with.zone, now),
            }),
            to_debrief: match (may_debrief, may(Step::Debrief), may(Step::Correct)) {
                (true, true, _) => Some("Debrief it"),
                (true, _, true) => Some("Correct the debrief"),
                _ => None,
            },
            planner: name(s.person(shift.planned_by)),
            planned: local.moment(shift.planned_at),
            changes: rows
                .changes
                .iter()
                .map(|one| change(s, one, local))
                .collect(),
            may_plan: shift.state != ShiftState::Planned
                && s.ramp.state.is_running()
                && (s.parties.is_mentee(actor) || s.parties.is_mentor(actor)),
            forms: (may(Step::Move) && s.may_arrange(actor).is_ok())
                .then(|| forms(s, form, context))
                .transpose()?,
        })
    }
}

/// Where a shift stands, in a word: planned has three.
pub(crate) fn state(shift: &Shift, now: UtcTime) -> &'static str {
    match shift.state {
        ShiftState::Planned if shift.ends_at <= now => "Waits for its debrief",
        ShiftState::Planned if shift.starts_at <= now => "Runs now",
        state => state.label(),
    }
}

fn brief(shift: &Shift) -> Vec<(&'static str, Vec<Piece>)> {
    vec![
        ("What may page", pieces(&shift.may_page)),
        ("Where the runbooks are", pieces(&shift.runbooks)),
        ("The mentee’s job", pieces(&shift.learner_job)),
        ("Who may touch what", pieces(&shift.who_may_touch)),
    ]
}

fn ledger_view(
    s: &ShiftDetail,
    alerts: &[Alert],
    form: &Form,
    context: &ReadContext,
) -> LedgerView {
    let counted = count(alerts);
    let is_open = step(&s.shift, Step::Line, context.now).is_ok();
    let typed = form.typed().filter(|fields| fields.has("title"));
    let on = |flag: &str, usual: bool| match typed {
        Some(fields) => fields.all("flag").any(|f| f == flag),
        None => usual,
    };
    let flags = || {
        vec![
            ("acknowledged", "Acknowledged", on("acknowledged", true)),
            // Never ticked beforehand: it is what the ledger is kept for.
            ("understood", "Understood", on("understood", false)),
            ("actionable", "Actionable", on("actionable", true)),
            ("escalated", "Escalated", on("escalated", false)),
        ]
    };
    LedgerView {
        ratio: ledger(counted),
        counts: s.shift.state == ShiftState::Debriefed,
        lines: alerts
            .iter()
            .map(|a| AlertLine::of(a, s, &context.local))
            .collect(),
        flags: (is_open && s.may_write(&context.actor).is_ok()).then(flags),
        title: form.fields.get("title").to_owned(),
        may_take_back: is_open && may_take_back(s, &context.actor).is_ok(),
    }
}

fn debrief(s: &ShiftDetail, rows: &Rows, local: &LocalTime) -> Option<DebriefView> {
    let (latest, observed) = rows.debriefs.first()?;
    let statement = |code: &str| {
        let competency = s.standard.content.competency(code);
        competency.map_or_else(|| code.to_owned(), |c| c.statement.clone())
    };
    let before = rows.debriefs.iter().skip(1).map(|(earlier, _)| {
        (
            earlier.went_well.clone(),
            earlier.went_badly.clone(),
            format!(
                "{}, {}",
                s.person(earlier.by_id).name,
                local.moment(earlier.at).text
            ),
        )
    });
    Some(DebriefView {
        went_well: latest.went_well.clone(),
        went_badly: latest.went_badly.clone(),
        by: s.person(latest.by_id).name.to_owned(),
        when: local.moment(latest.at),
        observed: observed
            .iter()
            .map(|(code, help)| ObservedLine {
                code: code.clone(),
                statement: statement(code),
                help: help.number(),
                word: help.label(),
            })
            .collect(),
        before: before.collect(),
    })
}

fn change(s: &ShiftDetail, change: &Change, local: &LocalTime) -> ChangeLine {
    ChangeLine {
        when: local.moment(change.at),
        what: format!("{} {}", s.person(change.by_id).name, change.kind.label()),
        reason: change.reason.clone(),
    }
}

fn forms(s: &ShiftDetail, form: &Form, context: &ReadContext) -> Result<Forms> {
    let shift = &s.shift;
    let local = &context.local;
    let now = (shift.starts_at, shift.ends_at);
    let text = |name: &str| form.fields.get(name).to_owned();
    let sent = |name: &str| MomentField::sent(&form.fields, name, local);
    let (is_move, is_brief) = (form.fields.has("ends_at"), form.fields.has("may_page"));
    let (starts_at, ends_at) = match is_move {
        true => (sent("starts_at"), sent("ends_at")),
        false => (MomentField::of(now.0, local), MomentField::of(now.1, local)),
    };
    Ok(Forms {
        from: (
            form.seen("from", now.0.iso_micros()),
            form.seen("until", now.1.iso_micros()),
        ),
        began: (now.0 <= context.now).then(|| local.moment(now.0).text),
        starts_at,
        ends_at,
        brief: match is_brief {
            true => form.fields.texts()?,
            false => BriefForm::of(shift),
        },
        move_reason: text("move_reason"),
        brief_reason: text("brief_reason"),
        cancel_reason: text("cancel_reason"),
        is_move,
        is_brief,
        is_cancel: form.fields.has("cancel_reason"),
        may_cancel: s.may_cancel(&context.actor, context.now).is_ok(),
    })
}

/// The hours a form was loaded with.
pub(crate) fn hours_seen(fields: &Fields) -> Option<Hours> {
    let moment = |name: &str| fields.trimmed(name).parse().map(jiff::Timestamp::into).ok();
    Hours::new(moment("from")?, moment("until")?).ok()
}
