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
}

/// What was done, and what is due. A void first key is due again.
pub(crate) fn steps(r: &Record, is_first_key_void: bool, local: &LocalTime) -> Vec<Step> {
    let done = |title: &str, by: &Attestation| Step {
        css: "ok",
        icon: "st-cleared",
        title: title.to_owned(),
        said: Some(Said::of(by, local)),
    };
    let due = |title: &str| Step {
        css: "wait",
        icon: "st-await",
        title: title.to_owned(),
        said: None,
    };
    let later = |title: &str| Step {
        css: "idle",
        icon: "lock",
        title: title.to_owned(),
        said: None,
    };
    let mut steps = vec![done("Requested", &r.request)];
    match (&r.first_key, &r.verdict) {
        (Some(by), _) if is_first_key_void => {
            steps.push(Step {
                css: "soon",
                icon: "st-lapsed",
                ..done("First key turned, void now", by)
            });
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
                Some(end) => format!("{} until {}", state.label(), local.day(end.0).text),
                None => state.label().to_owned(),
            };
            steps.push(Step {
                css: badge.css,
                icon: badge.icon,
                title,
                said: Some(Said::of(&verdict.attestation, local)),
            });
        }
        None if r.first_key.is_some() && !is_first_key_void => steps.push(due("Second key due")),
        None => steps.push(later("Second key, later")),
    }
    steps
}
