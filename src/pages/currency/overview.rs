//! The page of all practice: shifts and drills to come, incidents, and what keeps a clearance.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::currency;
use crate::error::{Error, Result};
use crate::pages::request::show;
use crate::pages::status;
use crate::pages::status::StatusBadge;
use crate::time::TimeText;
use crate::usecases::drill::lists::to_come;
use crate::usecases::shift::lists::planned_of;
use crate::web::Page;

/// Shifts and drills shown of each; their own pages have all.
const SHOWN: usize = 10;

struct ShiftLine {
    id: i64,
    what: String,
    begins: TimeText,
    /// It goes on now, or its debrief is due.
    now: &'static str,
}

struct DrillLine {
    id: i64,
    title: String,
    area: String,
    begins: TimeText,
    badge: StatusBadge,
}

#[derive(Template)]
#[template(path = "currency/overview.html")]
struct OverviewPage {
    page: Page,
    handle: String,
    shifts: Vec<ShiftLine>,
    drills: Vec<DrillLine>,
    /// They are cleared or ramp somewhere, so that they may log a real incident there.
    can_log: bool,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, load).await
}

fn load(c: &mut Conn, context: &ReadContext, page: Page) -> Result<OverviewPage> {
    let me = context.actor.id.ok_or(Error::SignedOut)?;
    let (now, local) = (context.now, &context.local);
    let shifts = planned_of(c, me)?.into_iter().take(SHOWN);
    let drills = to_come(c, i64::try_from(SHOWN).unwrap_or(i64::MAX))?;
    Ok(OverviewPage {
        page: page.titled("practice", "Practice"),
        handle: context.actor.handle.clone(),
        shifts: shifts
            .map(|s| ShiftLine {
                id: s.id,
                what: format!(
                    "{}: {} with {}, {}",
                    s.kind.label(),
                    s.mentee,
                    s.with,
                    s.area
                ),
                begins: local.moment(s.starts_at),
                now: match (s.starts_at <= now, s.ends_at <= now) {
                    (_, true) => "debrief due",
                    (true, false) => "running now",
                    (false, false) => "",
                },
            })
            .collect(),
        drills: drills
            .into_iter()
            .map(|d| DrillLine {
                id: d.id,
                badge: status::of_drill(d.state),
                begins: local.moment(d.begins_at),
                title: d.title,
                area: d.area,
            })
            .collect(),
        can_log: !currency::store::areas_of(c, me)?.is_empty(),
    })
}
