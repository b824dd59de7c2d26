//! The hooks that somebody may manage.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::domain::people::Names;
use crate::error::Result;
use crate::pages::parts::table::download;
use crate::pages::request::show;
use crate::time::TimeText;
use crate::usecases::hook::actions::Managed;
use crate::usecases::hook::detail;
use crate::web::table::{Cell, Files, Table};
use crate::web::{Fields, Page};

struct HookLine {
    id: i64,
    name: String,
    of: String,
    reader: &'static str,
    leads_to: String,
    made_by: String,
    made_at: TimeText,
    is_paused: bool,
}

#[derive(Template)]
#[template(path = "hook/list.html")]
struct ListPage {
    page: Page,
    hooks: Vec<HookLine>,
    files: Files,
}

const HEADER: [&str; 7] = [
    "Name",
    "Of",
    "Chat",
    "Leads to",
    "Added by",
    "Added (UTC)",
    "Paused (UTC)",
];

/// The same hooks, with as little of their addresses.
pub(crate) async fn table(req: HttpRequest) -> Result<HttpResponse> {
    download(&req, |c, context, _| {
        let hooks = detail::all(c, &context.actor)?;
        let names = Names::load(c, hooks.iter().filter_map(|found| found.hook.made_by))?;
        let mut table = Table::new("chat-hooks", &HEADER);
        table.rows.extend(hooks.iter().map(|found| {
            vec![
                Cell::text(&found.hook.name),
                Cell::text(&found.of),
                Cell::text(found.hook.dialect.label()),
                Cell::text(found.hook.shown()),
                Cell::maybe(found.hook.made_by, |id| Cell::text(names.name(id))),
                Cell::Moment(found.hook.made_at),
                Cell::maybe(found.hook.paused_at, Cell::Moment),
            ]
        }));
        Ok(table)
    })
    .await
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    show(&req, |c, context, page| {
        let hooks = detail::all(c, &context.actor)?;
        let names = Names::load(c, hooks.iter().filter_map(|found| found.hook.made_by))?;
        let made_by = |id: Option<i64>| id.map_or("the command line", |id| names.name(id));
        let line = |found: Managed| HookLine {
            id: found.hook.id,
            reader: found.hook.dialect.label(),
            leads_to: found.hook.shown(),
            made_by: made_by(found.hook.made_by).to_owned(),
            made_at: context.local.moment(found.hook.made_at),
            is_paused: found.hook.paused_at.is_some(),
            name: found.hook.name,
            of: found.of,
        };
        Ok(ListPage {
            page: page.titled("", "Chat hooks"),
            files: Files::of("/hooks", &Fields::default()),
            hooks: hooks.into_iter().map(line).collect(),
        })
    })
    .await
}
