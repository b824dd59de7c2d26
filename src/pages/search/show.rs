//! The search: what fits the words, and what can be done. The palette of every page shows the same.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::domain::postmortem::markdown;
use crate::domain::search::{Kind, Part, Sought, marked, snippet};
use crate::error::Result;
use crate::pages::parts::choice::Choice;
use crate::pages::request::show;
use crate::text;
use crate::usecases::search::actions::offered;
use crate::usecases::search::{Hit, Wanted, find};
use crate::web::{Fields, Page, query_string};

/// Hits on one page.
const PAGE: i64 = 20;
/// The last page: whoever has looked at so many needs other words.
const PAGES: i64 = 10;
/// Most actions that are offered for words, and most while nothing is typed.
const ACTIONS: usize = 6;

struct Line {
    kind: &'static str,
    title: Vec<Part>,
    address: String,
    context: String,
    when: Option<crate::time::TimeText>,
    snippet: Vec<Part>,
}

struct ActionLine {
    label: Vec<Part>,
    address: String,
}

#[derive(Template)]
#[template(path = "search/show.html")]
struct ShowPage {
    page: Page,
    q: String,
    kinds: Vec<Choice>,
    /// Something was typed that can be looked for.
    is_asked: bool,
    actions: Vec<ActionLine>,
    found: Vec<Line>,
    first_href: Option<String>,
    next_href: Option<String>,
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    // What cannot be read finds nothing, like any other text that nothing has.
    let query = Fields::parse(req.query_string().as_bytes()).unwrap_or_default();
    show(&req, move |c, context, page| load(c, context, page, &query)).await
}

fn load(c: &mut Conn, context: &ReadContext, page: Page, query: &Fields) -> Result<ShowPage> {
    let q = text::wanted(query.get("q")).to_owned();
    let sought = Sought::parse(&q);
    let kind = Kind::parse(query.get("kind"));
    let at = query.id("page").unwrap_or(1).clamp(1, PAGES);
    let mut found = match &sought {
        None => Vec::new(),
        Some(sought) => {
            let wanted = Wanted {
                sought: sought.clone(),
                kind,
                after: (at - 1) * PAGE,
                limit: PAGE + 1,
            };
            find(c, &context.actor, &wanted)?
        }
    };
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let has_more = found.len() > shown && at < PAGES;
    found.truncate(shown);
    let href = |page: i64| {
        let number = page.to_string();
        let said = [
            ("q", q.as_str()),
            ("kind", kind.map_or("", Kind::word)),
            ("page", if page == 1 { "" } else { number.as_str() }),
        ];
        let said = said.into_iter().filter(|(_, value)| !value.is_empty());
        format!("/search{}", query_string(said))
    };
    let actions = match (kind, at) {
        (None, 1) => actions(c, context, &q, sought.as_ref())?,
        _ => Vec::new(),
    };
    let lines = sought.as_ref().map(|sought| {
        let lines = found.iter().map(|hit| line(hit, sought, context));
        lines.collect::<Vec<_>>()
    });
    Ok(ShowPage {
        page: page.titled(
            "",
            match q.is_empty() {
                true => "Search".to_owned(),
                false => format!("Search: {q}"),
            },
        ),
        kinds: Kind::ALL
            .iter()
            .map(|k| Choice::new(k.word(), k.label(), kind == Some(*k)))
            .collect(),
        is_asked: sought.is_some(),
        actions,
        found: lines.unwrap_or_default(),
        first_href: (at > 1).then(|| href(1)),
        next_href: has_more.then(|| href(at + 1)),
        q,
    })
}

/// Actions whose words fit; while nothing is typed, the first ones.
fn actions(
    c: &mut Conn,
    context: &ReadContext,
    q: &str,
    sought: Option<&Sought>,
) -> Result<Vec<ActionLine>> {
    if sought.is_none() && !q.is_empty() {
        return Ok(Vec::new());
    }
    let all = offered(c, &context.actor)?;
    let fitting = all
        .into_iter()
        .filter(|action| sought.is_none_or(|s| s.fits(&action.label)));
    let line = |action: crate::usecases::search::actions::Action| ActionLine {
        label: match sought {
            Some(sought) => marked(&action.label, sought),
            None => vec![Part {
                text: action.label.clone(),
                is_found: false,
            }],
        },
        address: action.address,
    };
    Ok(fitting.take(ACTIONS).map(line).collect())
}

fn line(hit: &Hit, sought: &Sought, context: &ReadContext) -> Line {
    // Comments are Markdown. What was found in an address is shown as it was written.
    let said = (hit.kind == Kind::Comment).then(|| snippet(&markdown::words(&hit.body), sought));
    let said = said.filter(|parts| parts.iter().any(|part| part.is_found));
    Line {
        kind: hit.kind.label(),
        title: marked(&hit.title, sought),
        address: hit.address.clone(),
        context: hit.context.clone(),
        when: hit.at.map(|at| context.local.day_of(at)),
        snippet: said.unwrap_or_else(|| snippet(&hit.body, sought)),
    }
}
