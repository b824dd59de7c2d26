//! Where on a ramp's pages something is seen to.

use crate::domain::ramp::part::{Part, item_line};
use crate::domain::readiness::ObstacleKind;

/// Where what a gate counts is found.
pub fn of_gate(ramp_id: i64, kind: &str) -> String {
    if kind == "drills" {
        return format!("/drills?ramp={ramp_id}");
    }
    if kind == "postmortems" {
        // There those are found that the mentee has still to talk about.
        return format!("/library?ramp={ramp_id}");
    }
    match kind {
        "levels" => Part::Competencies.of(ramp_id),
        "checklist" => Part::Checklist.of(ramp_id),
        "sessions" => Part::Sessions.at(ramp_id, "sessions"),
        "shadow" | "ledger" => Part::Sessions.at(ramp_id, "shifts"),
        _ => Part::Overview.at(ramp_id, "gates"),
    }
}

/// Where what stands in the way is found.
pub fn of_obstacle(ramp_id: i64, kind: &ObstacleKind) -> String {
    match kind {
        ObstacleKind::Competency(code) => format!("/ramps/{ramp_id}/competencies/{code}"),
        ObstacleKind::Item(code) => item_line(ramp_id, code),
        ObstacleKind::Sessions => of_gate(ramp_id, "sessions"),
        ObstacleKind::Practice(gate) => of_gate(ramp_id, gate),
        ObstacleKind::Gap { id, .. } => format!("/ramps/{ramp_id}/gaps/{id}"),
    }
}
