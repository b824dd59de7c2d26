//! The organisation as the folder that an import reads, for administrators.

use actix_web::{HttpRequest, HttpResponse};

use super::administrators_only;
use crate::error::Result;
use crate::import::export;
use crate::pages::request::read;
use crate::web::folder;

pub(crate) async fn download(req: HttpRequest) -> Result<HttpResponse> {
    let (day, files) = read(&req, |c, context| {
        administrators_only(context)?;
        Ok((context.now.day(), export::files(c)?))
    })
    .await?;
    folder::sent(&format!("organisation-{day}"), move || Ok(files)).await
}
