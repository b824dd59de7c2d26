//! The parts of the guide of this version, and of what it says of privacy.

use std::sync::LazyLock;

use crate::domain::postmortem::markdown;

/// A part of a text, with the last word of its address.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) anchor: String,
    pub(super) title: String,
    pub(super) html: String,
}

/// Rendered once: it is the same for everyone.
pub(super) static GUIDE: LazyLock<Vec<Part>> =
    LazyLock::new(|| parts(include_str!("../../../docs/guide.md")));
pub(super) static PRIVACY: LazyLock<Vec<Part>> =
    LazyLock::new(|| parts(include_str!("../../../docs/privacy.md")));

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
