//! The hooks that somebody may manage.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::error::Result;
use crate::pages::request::show;
use crate::usecases::hook::actions::Managed;
use crate::usecases::hook::detail;
use crate::web::Page;

struct HookLine {
    id: i64,
    name: String,
    of: String,
    reader: &'static str,
    leads_to: String,
    is_paused: bool,
}

#[derive(Template)]
#[template(path = "hook/list.html")]
struct ListPage {
    page: Page,
    hooks: Vec<HookLine>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, |c, context, page| {
        let hooks = detail::all(c, &context.actor)?;
        let line = |found: Managed| HookLine {
            id: found.hook.id,
            reader: found.hook.dialect.label(),
            leads_to: found.hook.shown(),
            is_paused: found.hook.paused_at.is_some(),
            name: found.hook.name,
            of: found.of,
        };
        Ok(ListPage {
            page: page.titled("", "Chat hooks"),
            hooks: hooks.into_iter().map(line).collect(),
        })
    })
    .await
}
