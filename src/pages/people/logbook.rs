//! One's own logbook, to take along.

use actix_web::{HttpRequest, HttpResponse};

use crate::error::Result;
use crate::pages::request::read;
use crate::usecases::people::logbook::taken::Taken;
use crate::web::folder;

pub(crate) async fn download(req: HttpRequest) -> Result<HttpResponse> {
    let (name, taken) = read(&req, |c, context| {
        let name = format!("logbook-{}-{}", context.actor.handle, context.now.day());
        Ok((name, Taken::load(c, context)?))
    })
    .await?;
    folder::sent(&name, move || taken.files()).await
}
