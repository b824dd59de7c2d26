//! Pages of the audit log.

pub mod export;
pub mod sentence;
pub mod view;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::area;
use crate::domain::audit::filter::Asked;
use crate::domain::audit::known::Kind;
use crate::domain::audit::store::Row;
use crate::domain::auth::context::ReadContext;
use crate::error::Result;
use crate::pages::audit::export::export;
use crate::pages::audit::view::{Line, Named, OnDay, by_day, line};
use crate::pages::parts::choice::Choice;
use crate::pages::request::old_read;
use crate::usecases::audit::actions;
use crate::usecases::audit::actions::{Meant, Understood};
use crate::web::time::TimeText;
use crate::web::{Errors, Fields, Page, form_status, html, html_with};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/admin/audit", web::get().to(list_page))
        .route("/admin/audit.csv", web::get().to(export))
        .route("/admin/audit/{seq}", web::get().to(entry_page));
}

/// Entries of a page.
const PAGE: usize = 50;
/// People offered when the words fit several.
const OFFERED: usize = 12;

/// Somebody the words may mean, and the same request for them alone.
struct Offer {
    name: String,
    email: String,
    href: String,
}

#[derive(Template)]
#[template(path = "audit/list.html")]
struct ListPage {
    page: Page,
    asked: Asked,
    errors: Errors,
    areas: Vec<Choice>,
    kinds: Vec<Choice>,
    /// Whose entries are shown, when somebody's are.
    whose: Option<String>,
    offers: Vec<Offer>,
    offers_left: usize,
    is_clear: bool,
    days: Vec<OnDay>,
    shown: usize,
    newest: Option<String>,
    older: Option<String>,
    export: String,
}

async fn list_page(req: HttpRequest) -> Result<HttpResponse> {
    let query = Fields::parse(req.query_string().as_bytes())?;
    let (asked, before) = (Asked::of(&query), query.id("before"));
    let (page, view) = old_read(&req, move |c, context| list(c, context, asked, before)).await?;
    let status = form_status(&view.errors);
    let page = Page {
        has_errors: !view.errors.is_empty(),
        ..page.titled("", "Audit log")
    };
    html_with(status, &ListPage { page, ..view })
}

fn list(
    c: &mut Conn,
    context: &ReadContext,
    asked: Asked,
    before: Option<i64>,
) -> Result<ListPage> {
    let understood = actions::understand(c, &context.actor, &context.local, &asked)?;
    let (rows, last) = if understood.is_clear() {
        actions::page(c, &context.actor, &understood.filter, before, PAGE)?
    } else {
        (Vec::new(), None)
    };
    let named = Named::look_up(c, &rows, &understood.areas)?;
    let (offers, offers_left) = offers(&understood, &asked);
    Ok(ListPage {
        page: Page::signed_out(""),
        areas: understood
            .areas
            .iter()
            .map(|a| choice(&a.slug, &a.name, &asked.area))
            .collect(),
        kinds: Kind::ALL
            .iter()
            .map(|k| choice(k.word(), k.label(), &asked.kind))
            .collect(),
        whose: match &understood.meant {
            Meant::One(person) => Some(person.name.clone()),
            Meant::Operator => Some("the command line".into()),
            Meant::Everybody | Meant::Several(_) | Meant::Nobody => None,
        },
        offers,
        offers_left,
        is_clear: understood.is_clear(),
        days: by_day(&rows, &named, &context.local),
        shown: rows.len(),
        newest: before.map(|_| address("/admin/audit", &asked, None)),
        older: last.map(|seq| address("/admin/audit", &asked, Some(seq))),
        export: address("/admin/audit.csv", &asked, None),
        errors: understood.errors,
        asked,
    })
}

fn choice(value: &str, label: &str, chosen: &str) -> Choice {
    Choice::new(value, label, value == chosen)
}

fn address(path: &str, asked: &Asked, before: Option<i64>) -> String {
    let query = asked.query(before);
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

fn offers(understood: &Understood, asked: &Asked) -> (Vec<Offer>, usize) {
    let Meant::Several(people) = &understood.meant else {
        return (Vec::new(), 0);
    };
    let offered = people.iter().take(OFFERED).map(|person| Offer {
        name: person.name.clone(),
        email: person.email.clone(),
        href: address("/admin/audit", &asked.about(&person.handle), None),
    });
    (offered.collect(), people.len().saturating_sub(OFFERED))
}

#[derive(Template)]
#[template(path = "audit/entry.html")]
struct EntryPage {
    page: Page,
    line: Line,
    when: TimeText,
    previous_hash: String,
    hash: String,
}

async fn entry_page(req: HttpRequest, seq: web::Path<i64>) -> Result<HttpResponse> {
    let seq = seq.into_inner();
    let (page, view) = old_read(&req, move |c, context| {
        let row = actions::entry(c, &context.actor, seq)?;
        let areas = area::store::all_with_archived(c)?;
        let named = Named::look_up(c, std::slice::from_ref(&row), &areas)?;
        let line = line(&row, &named, &context.local, false);
        let when = context.local.moment(row.at);
        let Row {
            previous_hash,
            hash,
            ..
        } = row;
        Ok(EntryPage {
            page: Page::signed_out(""),
            line,
            when,
            previous_hash,
            hash,
        })
    })
    .await?;
    let page = page.titled("", format!("Entry {seq}"));
    html(&EntryPage { page, ..view })
}
