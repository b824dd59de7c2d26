//! The form that closes a shift, or corrects how it was closed.

use std::collections::HashMap;

use crate::domain::auth::context::ReadContext;
use crate::domain::shift::model::Alert;
use crate::domain::shift::{ShiftState, Verdict};
use crate::pages::parts::choice::Choice;
use crate::pages::parts::practised::Practised;
use crate::pages::parts::shift::{hours, ledger};
use crate::pages::shift::show_view::{AlertLine, Rows};
use crate::usecases::shift::detail::ShiftDetail;
use crate::usecases::shift::ledger::count;
use crate::web::Fields;

/// A line of the ledger that is looked at.
pub(crate) struct LineView {
    pub line: AlertLine,
    /// Name of the field, and what can be said of the line.
    pub name: String,
    pub verdicts: Vec<Choice>,
}

/// The form as the page shows it.
pub(crate) struct DebriefForm {
    pub id: i64,
    pub ramp_id: i64,
    pub may_read_ramp: bool,
    pub kind: &'static str,
    pub mentee: String,
    pub with: String,
    pub area: String,
    pub hours: String,
    /// The debrief that is corrected.
    pub corrects: Option<i64>,
    pub went_well: String,
    pub went_badly: String,
    pub groups: Vec<(&'static str, Vec<Practised>)>,
    /// Nothing on a shadow shift.
    pub lines: Vec<LineView>,
    pub ratio: String,
    pub has_ledger: bool,
}

impl DebriefForm {
    /// Filled in with what was typed, or with the debrief that holds.
    pub(crate) fn of(
        s: &ShiftDetail,
        rows: &Rows,
        typed: Option<&Fields>,
        context: &ReadContext,
    ) -> Self {
        let is_correction = s.shift.state == ShiftState::Debriefed;
        let holds = rows.debriefs.first().filter(|_| is_correction);
        let text = |name: &str, held: Option<&String>| match typed {
            Some(fields) => fields.get(name).to_owned(),
            None => held.cloned().unwrap_or_default(),
        };
        let help: HashMap<String, String> = match (typed, holds) {
            (Some(fields), _) => fields
                .with_prefix("help-")
                .map(|(code, help)| (code.to_owned(), help.to_owned()))
                .collect(),
            (None, Some((_, observed))) => observed
                .iter()
                .map(|(code, help)| (code.clone(), help.number().to_string()))
                .collect(),
            (None, None) => HashMap::new(),
        };
        let content = &s.standard.content;
        let groups = content.groups().into_iter().map(|group| {
            let of_group = content.competencies.iter().filter(|c| c.group == group);
            let practised = of_group.map(|c| {
                let help = help.get(&c.code).map_or("", String::as_str);
                // How far somebody is stays between them, their mentors and leads: whoever was on call need not know.
                Practised::of(c, None, help)
            });
            (group.label(), practised.collect())
        });
        let standing = rows.alerts.iter().filter(|a| a.undone_at.is_none());
        Self {
            id: s.shift.id,
            ramp_id: s.shift.ramp_id,
            may_read_ramp: s.parties.may_read(&context.actor),
            kind: s.shift.kind.label(),
            mentee: s.mentee().0.to_owned(),
            with: s.with().0.to_owned(),
            area: s.area.name.clone(),
            hours: hours(&context.local, s.shift.starts_at, s.shift.ends_at),
            corrects: holds.map(|(debrief, _)| debrief.id),
            went_well: text("went_well", holds.map(|(d, _)| &d.went_well)),
            went_badly: text("went_badly", holds.map(|(d, _)| &d.went_badly)),
            groups: groups.collect(),
            lines: standing.map(|a| line(a, s, typed, context)).collect(),
            ratio: ledger(count(&rows.alerts)),
            has_ledger: s.shift.kind == crate::domain::shift::ShiftKind::ReverseShadow,
        }
    }
}

/// A line with what was said of it; that it was so, until then.
fn line(alert: &Alert, s: &ShiftDetail, typed: Option<&Fields>, context: &ReadContext) -> LineView {
    let name = format!("line-{}", alert.id);
    let said = typed.and_then(|fields| Verdict::parse(fields.get(&name)));
    let said = said.unwrap_or(Verdict::Stands);
    let sayable = Verdict::ALL
        .iter()
        .filter(|v| **v != Verdict::NotUnderstood || (alert.acknowledged && alert.understood));
    LineView {
        verdicts: sayable
            .map(|v| Choice::new(v.word(), v.label(), *v == said))
            .collect(),
        line: AlertLine::of(alert, s, &context.local),
        name,
    }
}
