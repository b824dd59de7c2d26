//! Everything that the viewer may plan: sessions and shifts of their ramps, and drills.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::ramp::work::may_plan;
use crate::error::{Error, Result};
use crate::pages::request::show;
use crate::usecases::drill::detail::plannable;
use crate::usecases::ramp::own::own_ramps;
use crate::web::Page;

/// A ramp whose sessions and shifts the viewer may plan.
struct Plannable {
    id: i64,
    /// Whose, or which where it is their own.
    title: String,
}

#[derive(Template)]
#[template(path = "ramp/plan.html")]
struct PlanPage {
    page: Page,
    ramps: Vec<Plannable>,
    /// Areas in which the viewer plans drills: slug and name.
    drills: Vec<(String, String)>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, load).await
}

fn load(c: &mut Conn, context: &ReadContext, page: Page) -> Result<PlanPage> {
    let me = context.actor.id.ok_or(Error::SignedOut)?;
    let own = own_ramps(c, me)?.into_iter();
    let drills = plannable(c, &context.actor)?.into_iter();
    Ok(PlanPage {
        page: page.titled("practice", "Plan"),
        ramps: own
            .filter(|r| may_plan(&r.parties(me), r.state, &context.actor).is_ok())
            .map(|r| Plannable {
                id: r.id,
                title: match r.mentee_id == me {
                    true => format!("Your ramp, {}", r.area),
                    false => format!("{}, {}", r.mentee, r.area),
                },
            })
            .collect(),
        drills: drills.map(|area| (area.slug, area.name)).collect(),
    })
}
