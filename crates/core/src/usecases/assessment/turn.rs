//! The group of competencies to open for somebody.

use crate::domain::assessment::turn::{Said, group_to_assess};
use crate::domain::assessment::{Stream, counting};
use crate::domain::standard::{Competency, Group};
use crate::usecases::dossier::Dossier;

/// Where that side has something to say.
pub fn group_for(d: &Dossier, stream: Stream) -> Option<Group> {
    let competencies = &d.standard.content.competencies;
    let groups = Group::ALL.iter();
    let in_order = groups.flat_map(|g| competencies.iter().filter(move |c| c.group == *g));
    let all: Vec<Said> = in_order.map(|c| said(d, c, stream)).collect();
    group_to_assess(&all)
}

fn said(d: &Dossier, competency: &Competency, stream: Stream) -> Said {
    let last = counting(&d.assessments, &competency.code, stream);
    let is_outgrown = last.is_some_and(|last| {
        let mut since = d.evidence.iter().filter(|e| e.at > last.at);
        since.any(|e| e.help(&competency.code) > last.level)
    });
    Said {
        group: competency.group,
        level: last.and_then(|a| a.level),
        required: competency.required_level,
        is_outgrown,
    }
}
