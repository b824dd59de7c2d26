//! The page of the audit log: its entries, filtered, the newest first.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::view::{Named, OnDay, by_day};
use crate::domain::audit::filter::FilterForm;
use crate::domain::audit::sentences::Kind;
use crate::error::Result;
use crate::pages::form::{Form, OrShow};
use crate::pages::parts::choice::Choice;
use crate::pages::parts::filters::Filters;
use crate::usecases::audit::actions;
use crate::usecases::audit::actions::{PersonMatch, Search};
use crate::web::table::Files;
use crate::web::{Errors, Fields, Page};

/// Entries of a page.
const PAGE: usize = 50;
/// People offered when the words fit several.
const OFFERED: usize = 12;

/// A person whom the words may mean, and the same request for them alone.
struct Offer {
    name: String,
    email: String,
    href: String,
}

#[derive(Template)]
#[template(path = "audit/list.html")]
struct ListPage {
    page: Page,
    asked: FilterForm,
    errors: Errors,
    areas: Vec<Choice>,
    kinds: Vec<Choice>,
    /// Whose entries are shown, when only one person's are.
    whose: Option<String>,
    offers: Vec<Offer>,
    offers_left: usize,
    is_clear: bool,
    days: Vec<OnDay>,
    shown: usize,
    newest: Option<String>,
    older: Option<String>,
    files: Files,
    filters: Filters,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let form = Form::asked(&req)?;
    let fields = form.fields.clone();
    show(&req, form)
        .await
        .or_show(fields, async |form| show(&req, form).await)
        .await
}

async fn show(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    form.show(req, |c, context, page, form| {
        let asked = FilterForm::of(&form.fields);
        let before = form.fields.id("before");
        let search = actions::parse_search(c, &context.actor, &context.local, &asked)?;
        if form.typed().is_none() {
            search.errors.clone().or(())?;
        }
        let (rows, last) = if search.is_understood() {
            actions::page(c, &context.actor, &search.filter, before, PAGE)?
        } else {
            (Vec::new(), None)
        };
        let named = Named::look_up(c, &rows, &search.areas, &context.actor)?;
        let (offers, offers_left) = offers(&search, &asked);
        let query = Fields::parse(asked.query(None).as_bytes())?;
        Ok(ListPage {
            page: page.titled("", "Audit log"),
            areas: search
                .areas
                .iter()
                .map(|a| choice(&a.slug, &a.name, &asked.area))
                .collect(),
            kinds: Kind::ALL
                .iter()
                .map(|k| choice(k.word(), k.label(), &asked.kind))
                .collect(),
            whose: match &search.person {
                PersonMatch::One(person) => Some(person.name.clone()),
                PersonMatch::Operator => Some("the command line".into()),
                PersonMatch::Everyone | PersonMatch::Several(_) | PersonMatch::NoMatch => None,
            },
            offers,
            offers_left,
            is_clear: search.is_understood(),
            days: by_day(&rows, &named, &context.local),
            shown: rows.len(),
            newest: before.map(|_| address("/admin/audit", &asked, None)),
            older: last.map(|seq| address("/admin/audit", &asked, Some(seq))),
            files: Files::of("/admin/audit", &query),
            filters: Filters::of("/admin/audit", &query),
            errors: search.errors,
            asked,
        })
    })
    .await
}

fn choice(value: &str, label: &str, chosen: &str) -> Choice {
    Choice::new(value, label, value == chosen)
}

fn address(path: &str, asked: &FilterForm, before: Option<i64>) -> String {
    let query = asked.query(before);
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

fn offers(search: &Search, asked: &FilterForm) -> (Vec<Offer>, usize) {
    let PersonMatch::Several(people) = &search.person else {
        return (Vec::new(), 0);
    };
    let offered = people.iter().take(OFFERED).map(|person| Offer {
        name: person.name.clone(),
        email: person.email.clone(),
        href: address("/admin/audit", &asked.about(&person.handle), None),
    });
    (offered.collect(), people.len().saturating_sub(OFFERED))
}
