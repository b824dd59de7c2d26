//! Pins a key figure as a goal of its team, and takes it off again.

use actix_web::{HttpRequest, HttpResponse};

use super::named_figure;
use crate::error::Result;
use crate::pages::request::submit;
use crate::usecases::kpi::actions;
use crate::web::{Done, Fields};

pub(crate) async fn pin(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let (whose, kpi) = named_figure(&req)?;
    submit(&req, &fields, move |c, act| {
        actions::pin(c, act, (&whose, kpi))?;
        let said = format!("{} is a goal of the team. It shows on Home.", kpi.label());
        let here = whose.figure(kpi);
        Ok(Done::new(here.as_str(), said).undoable(&format!("{here}/unpin")))
    })
    .await
}

pub(crate) async fn unpin(req: HttpRequest, fields: Fields) -> Result<HttpResponse> {
    let (whose, kpi) = named_figure(&req)?;
    submit(&req, &fields, move |c, act| {
        actions::unpin(c, act, (&whose, kpi))?;
        let said = format!("{} is no longer a goal of the team.", kpi.label());
        let here = whose.figure(kpi);
        Ok(Done::new(here.as_str(), said).undoable(&format!("{here}/pin")))
    })
    .await
}
