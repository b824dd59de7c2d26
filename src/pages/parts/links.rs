//! Where on a ramp's pages something is seen to.

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
    let anchor = match kind {
        "levels" => "checklist",
        "checklist" => "items",
        "sessions" => "sessions",
        "shadow" | "ledger" => "shifts",
        _ => "gates",
    };
    format!("/ramps/{ramp_id}#{anchor}")
}

/// Where what stands in the way is found.
pub fn of_obstacle(ramp_id: i64, kind: &ObstacleKind) -> String {
    match kind {
        ObstacleKind::Competency(code) => format!("/ramps/{ramp_id}/competencies/{code}"),
        ObstacleKind::Item(code) => format!("/ramps/{ramp_id}#item-{code}"),
        ObstacleKind::Sessions => of_gate(ramp_id, "sessions"),
        ObstacleKind::Practice(gate) => of_gate(ramp_id, gate),
        ObstacleKind::Gap { id, .. } => format!("/ramps/{ramp_id}/gaps/{id}"),
    }
}
