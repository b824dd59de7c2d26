//! Raw HTML inside Markdown: comments are left out, a few harmless tags are kept, everything else is text.

/// A tag that a text may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Br,
    Details,
    Kbd,
    Sub,
    Summary,
    Sup,
}

impl Tag {
    const ALL: [Self; 6] = [
        Self::Br,
        Self::Details,
        Self::Kbd,
        Self::Sub,
        Self::Summary,
        Self::Sup,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Br => "br",
            Self::Details => "details",
            Self::Kbd => "kbd",
            Self::Sub => "sub",
            Self::Summary => "summary",
            Self::Sup => "sup",
        }
    }

    /// Whether it can stand inside a line.
    pub(super) fn is_inline(self) -> bool {
        !matches!(self, Self::Details | Self::Summary)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    Comment,
    Start(Tag, &'t str),
    End(Tag, &'t str),
}

/// The pieces of raw HTML. A comment without an end is text: as a comment it would hide all that follows.
pub(super) fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut text, mut rest) = (html, html);
    // Looked for once: a search from every `<!--` would read the rest of the text each time.
    let last_end = html.rfind("-->").map(|at| html.len() - at);
    while let Some(at) = rest.find('<') {
        let (_, here) = rest.split_at(at);
        let found = comment(here, last_end).or_else(|| tag(here));
        let Some((piece, length)) = found else {
            rest = here.get(1..).unwrap_or_default();
            continue;
        };
        let before = text.len() - here.len();
        pieces.extend(
            text.get(..before)
                .filter(|t| !t.is_empty())
                .map(Piece::Text),
        );
        pieces.push(piece);
        rest = here.get(length..).unwrap_or_default();
        text = rest;
    }
    pieces.extend(Some(text).filter(|t| !t.is_empty()).map(Piece::Text));
    pieces
}

/// A comment at the start, and its length. `last_end` says how many bytes before the end the last `-->` begins.
fn comment(html: &str, last_end: Option<usize>) -> Option<(Piece<'_>, usize)> {
    const START: &str = "<!--";
    if !html.starts_with(START) || last_end? > html.len() {
        return None;
    }
    // `<!-->` is a comment too.
    let inside = html.get(2..)?;
    let end = inside.find("-->")?;
    Some((Piece::Comment, 2 + end + 3))
}

fn tag(html: &str) -> Option<(Piece<'_>, usize)> {
    const LONGEST: usize = "</details >".len() + 4;
    let end = html.bytes().take(LONGEST).position(|b| b == b'>')? + 1;
    let whole = html.get(..end)?;
    let inside = whole.get(1..end - 1)?;
    let (is_end, name) = match inside.strip_prefix('/') {
        Some(name) => (true, name),
        None => (false, inside.trim_end_matches('/')),
    };
    let name = name.trim_end().to_ascii_lowercase();
    // An opened block shows more, and runs nothing.
    let name = name
        .strip_suffix(" open")
        .filter(|n| *n == "details")
        .unwrap_or(&name);
    let tag = Tag::ALL.into_iter().find(|tag| tag.name() == name)?;
    let piece = match is_end {
        true => Piece::End(tag, whole),
        false => Piece::Start(tag, whole),
    };
    Some((piece, end))
}

/// Whether raw HTML holds nothing but comments.
pub(super) fn is_only_comments(html: &str) -> bool {
    pieces(html).into_iter().all(|piece| match piece {
        Piece::Text(text) => text.trim().is_empty(),
        Piece::Comment => true,
        Piece::Start(..) | Piece::End(..) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn comments_and_harmless_tags_are_found_and_nothing_else() {
        use Piece::{Comment, End, Start, Text};
        for (html, expected) in [
            ("<!-- a > b -->", vec![Comment]),
            ("<!-->a", vec![Comment, Text("a")]),
            ("a<!-- b", vec![Text("a<!-- b")]),
            ("<BR/>", vec![Start(Tag::Br, "<BR/>")]),
            ("<br />", vec![Start(Tag::Br, "<br />")]),
            ("</kbd >", vec![End(Tag::Kbd, "</kbd >")]),
            (
                "<details open>",
                vec![Start(Tag::Details, "<details open>")],
            ),
            ("<kbd onclick=x>", vec![Text("<kbd onclick=x>")]),
            ("<script>", vec![Text("<script>")]),
            ("<kbd<kbd>", vec![Text("<kbd"), Start(Tag::Kbd, "<kbd>")]),
        ] {
            assert_eq!(pieces(html), expected, "{html}");
        }
        assert!(is_only_comments(" <!-- a -->\n<!-- b -->\n"));
        assert!(!is_only_comments("<!-- a --> b"));
    }

    proptest! {
        #[test]
        fn no_text_is_lost(html in "(<!--|-->|<br>|</?kbd>|<details>|[<>/a-z é-]){0,12}") {
            let shown = |piece: &Piece<'_>| match piece {
                Piece::Text(t) | Piece::Start(_, t) | Piece::End(_, t) => (*t).to_owned(),
                Piece::Comment => String::new(),
            };
            let pieces = pieces(&html);
            let kept: String = pieces.iter().map(shown).collect();
            if pieces.contains(&Piece::Comment) {
                prop_assert!(html.contains("-->") && kept.len() < html.len());
            } else {
                prop_assert_eq!(kept, html);
            }
        }
    }
}
