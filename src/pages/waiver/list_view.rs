//! A waiver on the page of a ramp's waivers.

use crate::domain::ramp::part::{Part, item_line};
use crate::domain::readiness::Excused;
use crate::domain::waiver::model::Waiver;
use crate::domain::waiver::{WaiverState, label, state};
use crate::time::{LocalTime, TimeText};
use crate::usecases::dossier::Dossier;
use crate::web::Fields;

/// What a person said, and when.
pub(crate) struct Said {
    pub who: String,
    pub when: TimeText,
    pub words: String,
}

pub(crate) struct WaiverView {
    pub id: i64,
    pub what: String,
    /// The item or gate on the ramp page.
    pub href: String,
    pub css: &'static str,
    pub icon: &'static str,
    pub word: &'static str,
    pub until: TimeText,
    /// The day that was asked for, where it ends sooner.
    pub asked_until: Option<TimeText>,
    pub asked: Said,
    pub decided: Option<Said>,
    pub revoked: Option<Said>,
    pub may_decide: bool,
    pub may_revoke: bool,
    /// The last day in the form of a decision.
    pub ends_on: String,
    /// What was typed into its form.
    pub typed: Fields,
}

impl WaiverView {
    pub(crate) fn of(w: &Waiver, d: &Dossier, local: &LocalTime, may: bool, typed: Fields) -> Self {
        let state = state(w, local.now().day());
        let (css, icon) = badge(state);
        let said = |by: Option<i64>, at, words: &str| {
            Some(Said {
                who: d.person(by?).name.to_owned(),
                when: local.moment(at?),
                words: words.to_owned(),
            })
        };
        let excused = w.excused();
        Self {
            id: w.id,
            what: label(&excused, &d.standard.content),
            href: match &excused {
                Excused::Item(code) => item_line(d.ramp.id, code),
                Excused::Gate(_) => Part::Overview.at(d.ramp.id, "gates"),
            },
            css,
            icon,
            word: state.label(),
            until: local.day(w.ends_on),
            asked_until: (w.asked_until != w.ends_on).then(|| local.day(w.asked_until)),
            asked: Said {
                who: d.person(w.asked_by).name.to_owned(),
                when: local.moment(w.asked_at),
                words: w.reason.clone(),
            },
            decided: said(w.decided_by, w.decided_at, &w.decision_note),
            revoked: said(w.revoked_by, w.revoked_at, &w.revoke_reason),
            may_decide: may && state == WaiverState::Pending,
            may_revoke: may && state == WaiverState::Active,
            ends_on: match typed.has("ends_on") {
                true => typed.get("ends_on").to_owned(),
                false => w.ends_on.to_string(),
            },
            typed,
        }
    }

    /// It was granted, even if it is over by now.
    pub(crate) fn was_granted(&self) -> bool {
        self.decided.is_some() && self.word != WaiverState::Refused.label()
    }
}

/// Colour and shape of a state.
fn badge(state: WaiverState) -> (&'static str, &'static str) {
    match state {
        WaiverState::Pending => ("wait", "st-await"),
        WaiverState::Active => ("soon", "st-waived"),
        WaiverState::Expired => ("idle", "st-none"),
        WaiverState::Revoked => ("bad", "st-revoked"),
        WaiverState::Refused => ("idle", "undo"),
    }
}
