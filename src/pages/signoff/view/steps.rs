//! The way of a sign-off, step by step.

use super::{Said, badge};
use crate::domain::signoff::SignoffState;
use crate::domain::signoff::record::{Attestation, Record};
use crate::time::LocalTime;

/// A step of the way: asked for, first key, decision.
pub(crate) struct Step {
    pub css: &'static str,
    pub icon: &'static str,
    pub title: String,
    pub said: Option<Said>,
    /// A first key that counts no longer.
    pub is_void: bool,
}

impl Step {
    /// A first key whose holder lost the right to it.
    pub(crate) fn void(said: Said) -> Self {
        Self {
            css: "soon",
            icon: "st-lapsed",
            title: "First key turned, void now".to_owned(),
            said: Some(said),
            is_void: true,
        }
    }
}

/// What was done, and what is due. `replaced` are void first keys in whose place another one was turned; one that is void
/// now is due again.
pub(crate) fn steps(
    r: &Record,
    replaced: Vec<Said>,
    is_first_key_void: bool,
    local: &LocalTime,
) -> Vec<Step> {
    let done = |title: &str, by: &Attestation| Step {
        css: "ok",
        icon: "st-cleared",
        title: title.to_owned(),
        said: Some(Said::of(by, local)),
        is_void: false,
    };
    let due = |title: &str| Step {
        css: "wait",
        icon: "st-await",
        title: title.to_owned(),
        said: None,
        is_void: false,
    };
    let later = |title: &str| Step {
        css: "idle",
        icon: "lock",
        title: title.to_owned(),
        said: None,
        is_void: false,
    };
    let mut steps = vec![done("Requested", &r.request)];
    steps.extend(replaced.into_iter().map(Step::void));
    match (&r.first_key, &r.verdict) {
        (Some(by), _) if is_first_key_void => {
            steps.push(Step::void(Said::of(by, local)));
            steps.push(due("First key due again"));
        }
        (Some(by), _) => steps.push(done("First key turned", by)),
        (None, Some(_)) => {}
        (None, None) => steps.push(due("First key due")),
    }
    match &r.verdict {
        Some(verdict) => {
            let state = SignoffState::parse(&verdict.state).unwrap_or(SignoffState::Withdrawn);
            let badge = badge(state);
            let title = match verdict.ends_on {
                Some(end) => format!("{} {}", state.label(), local.until(end.0)),
                None => state.label().to_owned(),
            };
            steps.push(Step {
                css: badge.css,
                icon: badge.icon,
                title,
                said: Some(Said::of(&verdict.attestation, local)),
                is_void: false,
            });
        }
        None if r.first_key.is_some() && !is_first_key_void => steps.push(due("Second key due")),
        None => steps.push(later("Second key, later")),
    }
    steps
}
