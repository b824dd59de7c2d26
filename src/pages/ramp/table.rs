//! What a ramp page lists, for a spreadsheet: its sessions and its shifts.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::error::Result;
use crate::pages::parts::table::download;
use crate::usecases::dossier::Dossier;
use crate::web::table::{Cell, Table};

const SESSIONS: [&str; 8] = [
    "Begins (UTC)",
    "Minutes",
    "Kind",
    "State",
    "Undone",
    "Mentor",
    "Practised",
    "Summary",
];

pub(crate) async fn sessions(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    download(&req, move |c, context, _| {
        let d = Dossier::load_for(c, *id, &context.actor, context.now)?;
        let mut table = Table::new(format!("sessions-of-ramp-{id}"), &SESSIONS);
        let current = d.sessions.iter().filter(|s| s.superseded_at.is_none());
        table.rows.extend(current.map(|s| {
            let observed = d.observations.iter().filter(|o| o.session_id == s.id);
            let observed =
                observed.map(|o| format!("{} {}", o.competency_code, o.help_level.number()));
            vec![
                Cell::Moment(s.starts_at),
                Cell::Number(s.minutes.into()),
                Cell::text(s.kind.label()),
                Cell::text(s.state.label()),
                Cell::flag(s.undone_at.is_some()),
                Cell::text(d.person(s.mentor_id).name),
                Cell::text(observed.collect::<Vec<_>>().join(", ")),
                Cell::text(&s.summary),
            ]
        }));
        Ok(table)
    })
    .await
}

const SHIFTS: [&str; 7] = [
    "Begins (UTC)",
    "Ends (UTC)",
    "Kind",
    "State",
    "With",
    "Alerts acknowledged",
    "Of them understood",
];

pub(crate) async fn shifts(req: HttpRequest, id: web::Path<i64>) -> Result<HttpResponse> {
    download(&req, move |c, context, _| {
        let d = Dossier::load_for(c, *id, &context.actor, context.now)?;
        let mut table = Table::new(format!("shifts-of-ramp-{id}"), &SHIFTS);
        let count = |n: usize| Cell::maybe(i64::try_from(n).ok(), Cell::Number);
        table.rows.extend(d.shifts.iter().map(|s| {
            vec![
                Cell::Moment(s.starts_at),
                Cell::Moment(s.ends_at),
                Cell::text(s.kind.label()),
                Cell::text(s.state.label()),
                Cell::text(d.person(s.with_id).name),
                count(s.acknowledged),
                count(s.understood),
            ]
        }));
        Ok(table)
    })
    .await
}
