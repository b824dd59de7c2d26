//! Checklist items and gates of a ramp, each with its waivers.

use crate::domain::people::Actor;
use crate::domain::ramp::{MarkKind, may_mark, next_mark};
use crate::domain::readiness::{Excused, GateResult};
use crate::domain::standard::{DoneBy, ItemGroup};
use crate::domain::waiver::model::Line;
use crate::pages::parts::links;
use crate::time::LocalTime;
use crate::usecases::dossier::Dossier;
use crate::usecases::waiver::note::{WaiverNote, waiver_notes};

pub(crate) struct ItemGroupView {
    pub label: &'static str,
    /// Left to do, or to check.
    pub rows: Vec<ItemView>,
    /// Checked or waived.
    pub over: Vec<ItemView>,
}

pub(crate) struct ItemView {
    pub code: String,
    pub text: String,
    pub link: String,
    /// A mentor does it; the mentee otherwise.
    pub by_mentor: bool,
    /// It is flagged as stale, and no version has answered that yet.
    pub is_flagged: bool,
    pub mark: MarkKind,
    /// `open`, `done`, `checked` or `waived`.
    pub state: &'static str,
    pub state_label: &'static str,
    pub detail: String,
    pub waivers: Vec<WaiverNote>,
    /// What its box does when the viewer may tick it: the mark to set, and the words.
    pub tick: Option<(MarkKind, &'static str)>,
    /// The way back.
    pub back: Option<(MarkKind, &'static str)>,
}

pub(crate) struct GateView {
    pub label: &'static str,
    /// `met`, `waived` or `open`.
    pub state: &'static str,
    pub progress: String,
    pub waivers: Vec<WaiverNote>,
    pub href: String,
}

/// The checklist, by group.
pub(crate) fn items(d: &Dossier, actor: &Actor, local: &LocalTime) -> Vec<ItemGroupView> {
    let groups = ItemGroup::ALL.iter();
    groups.filter_map(|g| group(d, *g, actor, local)).collect()
}

/// The gates, in the standard's order.
pub(crate) fn gates(d: &Dossier, local: &LocalTime) -> Vec<GateView> {
    let view = |g: &GateResult| GateView {
        label: g.gate.label(),
        state: g.word(),
        progress: g.progress.clone(),
        waivers: waiver_notes(d, &Excused::Gate(g.gate.kind().to_owned()), local),
        href: links::of_gate(d.ramp.id, g.gate.kind()),
    };
    d.readiness.gates.iter().map(view).collect()
}

/// How many waivers wait to be decided.
pub(crate) fn pending(d: &Dossier, local: &LocalTime) -> usize {
    let today = local.now().day();
    let waits = |w: &&Line| w.decided_by.is_none() && w.ends_on >= today;
    d.waivers.iter().filter(waits).count()
}

/// The words of a box that sets this mark.
pub(crate) fn tick_words(to: MarkKind) -> &'static str {
    match to {
        MarkKind::Done => "Mark done",
        _ => "Check",
    }
}

fn group(d: &Dossier, group: ItemGroup, actor: &Actor, local: &LocalTime) -> Option<ItemGroupView> {
    let all: Vec<_> = d
        .standard
        .content
        .items
        .iter()
        .filter(|i| i.group == group)
        .map(|item| {
            let mark = d.readiness.mark(&item.code);
            let last = d
                .marks
                .iter()
                .find(|m| m.item_code == item.code && m.mark != MarkKind::Open);
            let may = |(to, _): &(MarkKind, &str)| {
                d.is_open()
                    && *to != mark
                    && may_mark(&d.parties, actor, item.done_by, mark, *to).is_ok()
            };
            let onward = next_mark(&d.parties, actor, item.done_by, mark).filter(|_| d.is_open());
            let back = match mark {
                MarkKind::Checked => (MarkKind::Open, "Take the check back"),
                _ => (MarkKind::Open, "Open again"),
            };
            let is_waived = d
                .readiness
                .items
                .iter()
                .any(|i| i.code == item.code && i.waived_until.is_some());
            let (state, state_label) = if is_waived {
                ("waived", "Waived")
            } else {
                (mark.word(), mark.label())
            };
            ItemView {
                state,
                state_label,
                waivers: waiver_notes(d, &Excused::Item(item.code.clone()), local),
                code: item.code.clone(),
                text: item.text.clone(),
                link: item.link.clone().unwrap_or_default(),
                by_mentor: item.done_by == DoneBy::Mentor,
                is_flagged: d.flagged.contains(&item.code),
                mark,
                detail: last
                    .map(|m| {
                        format!(
                            "{} by {}, {}",
                            m.mark.label(),
                            d.person(m.by_id).name,
                            local.day_of(m.at).text
                        )
                    })
                    .unwrap_or_default(),
                tick: onward.map(|to| (to, tick_words(to))),
                back: Some(back).filter(may),
            }
        })
        .collect();
    let is_over = |item: &ItemView| matches!(item.state, "checked" | "waived");
    let label = group.label();
    (!all.is_empty()).then(|| {
        let (over, rows) = all.into_iter().partition(is_over);
        ItemGroupView { label, rows, over }
    })
}
