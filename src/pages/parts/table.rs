//! The table of a page as a file: the same rows, filters and permission as the page.

use actix_web::{HttpRequest, HttpResponse};

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::error::Result;
use crate::pages::request::read_at;
use crate::web::table::{Format, Table, file};
use crate::web::{Fields, Past};

/// Reads the rows and answers with the file that the address asks for.
pub async fn download<F>(req: &HttpRequest, f: F) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &ReadContext, &Fields) -> Result<Table> + Send + 'static,
{
    let query = Fields::parse(req.query_string().as_bytes())?;
    download_at(req, query, &Past::default(), f).await
}

/// The same of what was known at the end of a past day, where one is asked for.
pub async fn download_at<F>(
    req: &HttpRequest,
    query: Fields,
    past: &Past,
    f: F,
) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &ReadContext, &Fields) -> Result<Table> + Send + 'static,
{
    past.errors.clone().or(())?;
    let format = Format::asked(req.path(), &query);
    let (day, table) = read_at(req, past, move |c, context| {
        Ok((context.now.day(), f(c, context, &query)?))
    })
    .await?;
    file(format, table, day).await
}
