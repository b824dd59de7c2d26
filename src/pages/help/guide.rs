//! The guide of this version, and what it says of privacy, as pages.

use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::domain::postmortem::markdown;
use crate::error::Result;
use crate::pages::request::show;
use crate::web::Page;

/// A part of the guide, with its address on the page.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    anchor: String,
    title: String,
    html: String,
}

/// Rendered once: it is the same for everyone.
static GUIDE: LazyLock<Vec<Part>> = LazyLock::new(|| parts(include_str!("../../../docs/guide.md")));
static PRIVACY: LazyLock<Vec<Part>> =
    LazyLock::new(|| parts(include_str!("../../../docs/privacy.md")));

#[derive(Template)]
#[template(path = "help/guide.html")]
struct GuidePage {
    page: Page,
    parts: &'static [Part],
}

pub(crate) async fn page(req: HttpRequest) -> Result<HttpResponse> {
    shown(&req, "Guide", &GUIDE).await
}

pub(crate) async fn privacy(req: HttpRequest) -> Result<HttpResponse> {
    shown(&req, "Privacy", &PRIVACY).await
}

async fn shown(
    req: &HttpRequest,
    title: &'static str,
    parts: &'static [Part],
) -> Result<HttpResponse> {
    show(req, move |_, _, page| {
        Ok(GuidePage {
            page: page.titled("", title),
            parts,
        })
    })
    .await
}

/// The parts of a guide in Markdown, cut at its headings of the second level. Pictures are left out, since the pages
/// themselves are at hand, and of links to other files only their words stay.
fn parts(guide: &str) -> Vec<Part> {
    guide
        .split("\n## ")
        .skip(1)
        .map(|part| {
            let (title, text) = part.split_once('\n').unwrap_or((part, ""));
            let lines = text.lines().filter(|line| !line.starts_with("!["));
            Part {
                anchor: anchor(title),
                title: title.to_owned(),
                html: markdown::html(&unlinked(&lines.collect::<Vec<_>>().join("\n")), &[]),
            }
        })
        .collect()
}

/// Markdown with the words of its links, and without their addresses.
fn unlinked(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        let (ahead, words) = before.rsplit_once('[').unwrap_or((before, ""));
        kept.extend([ahead, words]);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    kept + rest
}

/// `For a mentee: work down the list` as `for-a-mentee-work-down-the-list`, as readers of the file know it.
fn anchor(title: &str) -> String {
    let kept = title.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        letter if letter.is_alphanumeric() || letter == '-' => Some(letter),
        _ => None,
    });
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_its_part_with_numbered_steps() {
        for role in ["mentee", "mentor", "lead", "administrator"] {
            let begins = format!("for-a-{role}").replace("a-administrator", "an-administrator");
            let part = GUIDE.iter().find(|p| p.anchor.starts_with(&begins));
            assert!(part.is_some_and(|p| p.html.contains("<ol>")), "{role}");
        }
        let all: String = GUIDE
            .iter()
            .chain(PRIVACY.iter())
            .map(|p| p.html.as_str())
            .collect();
        assert!(all.contains("Rotas lists what is read"));
        assert!(all.contains("<td>everyone signed in</td>"));
        assert!(!all.contains("<img") && !all.contains(".md"));
    }
}
