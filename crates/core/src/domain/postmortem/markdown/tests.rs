//! What people paste, as our pages show it.

use super::writer::MAX_LEVELS;
use super::*;
use proptest::prelude::*;

/// As the page of a post-mortem with a picture shows it.
fn shown(markdown: &str) -> String {
    let figure = Figure {
        number: 7,
        src: "/library/the-queue-was-full/pictures/7?show=all".into(),
        alt: "A \"queue\"".into(),
        width: 40,
        height: 20,
    };
    html(markdown, &[figure])
}

/// Every tag with its attributes, as a browser sees it: a `<` in a text is written `&lt;`.
fn tags(html: &str) -> Vec<&str> {
    let opened = html.split('<').skip(1);
    opened.map(|rest| rest.split('>').next().unwrap()).collect()
}

fn is_safe(tag: &str) -> bool {
    let name = tag.trim_start_matches('/');
    let (name, rest) = name.split_once(' ').unwrap_or((name, ""));
    let number = |start: &str| {
        let rest = rest.strip_prefix(start).and_then(|r| r.strip_suffix('"'));
        rest.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    let link = || {
        let rest = rest.strip_suffix("rel=\"noopener noreferrer nofollow\"");
        let href = rest.and_then(|r| r.trim_end().strip_prefix("href=\""));
        match href.map(str::to_lowercase) {
            None => rest == Some(""),
            Some(href) if href.starts_with('#') => href
                .strip_prefix("#note-")
                .and_then(|r| r.strip_suffix('"'))
                .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())),
            Some(href) if href.starts_with('/') => href
                .strip_prefix("/people/")
                .and_then(|r| r.strip_suffix('"'))
                .is_some_and(|n| n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')),
            Some(href) => {
                let schemes = ["http://", "https://", "mailto:"];
                schemes.iter().any(|s| href.starts_with(s)) && href.matches('"').count() == 1
            }
        }
    };
    TAGS.contains(&name)
        && match name {
            _ if rest.is_empty() => true,
            "a" => link(),
            "img" => {
                rest.starts_with("src=\"/library/the-queue-was-full/pictures/7?show=all\" alt=\"")
                    && rest.ends_with("\" width=\"40\" height=\"20\"")
                    && rest.matches('"').count() == 8
            }
            "ol" => number("start=\""),
            "li" => number("id=\"note-"),
            "td" | "th" => ["class=\"right\"", "class=\"center\""].contains(&rest),
            "span" => ["Done", "Not done"].iter().any(|is| {
                rest.contains(&format!("aria-label=\"{is}\"")) && rest.contains("role=\"img\"")
            }),
            _ => false,
        }
}

/// How deep the tags go into each other; a tag that does not fit fails.
fn depth(html: &str) -> usize {
    let (mut open, mut deepest) = (Vec::new(), 0);
    for tag in tags(html) {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{html}"),
            None => {
                let name = tag.split(' ').next().unwrap();
                if !["br", "hr", "img"].contains(&name) {
                    open.push(name);
                }
            }
        }
        deepest = deepest.max(open.len());
    }
    assert_eq!(open, [""; 0], "{html}");
    deepest
}

#[test]
fn common_markdown_is_rendered() {
    let page = shown(
        "# What\n\nA *slow* **origin** and `purge`.\n\n| at | what |\n|---|---|\n| 19:42 | page |\n",
    );
    for part in [
        "<h3>What</h3>",
        "<em>slow</em>",
        "<strong>origin</strong>",
        "<code>purge</code>",
        "<td>19:42</td>",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert_eq!(
        shown("[wiki](https://wiki.example/a?b=c&d)"),
        "<p><a href=\"https://wiki.example/a?b=c&amp;d\" rel=\"noopener noreferrer nofollow\">wiki</a></p>\n"
    );
}

#[test]
fn nothing_that_is_pasted_runs_or_is_fetched() {
    for hostile in [
        "<script>alert(1)</script>",
        "a <script src=//evil.example/x.js></script> b",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/pixel.png)",
        "![x](javascript:alert(1))",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        "[x](//evil.example)",
        "[x](/sign-out)",
        "<javascript:alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
        "[x](https://ok.example \"onmouseover=alert(1)\")",
        "<a href=\"https://ok.example\" onclick=\"alert(1)\">x</a>",
        "<svg/onload=alert(1)>",
        "<iframe src=https://evil.example></iframe>",
        "<form action=/sign-out method=post><button>x",
        "<style>body{display:none}</style>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "# <img src=x>\n<details open ontoggle=alert(1)>",
        "```\n</code></pre><script>alert(1)</script>\n```",
        "`</code><script>alert(1)</script>`",
        "<!-- --><script>alert(1)</script>",
        "<p style=\"position:fixed\" id=main class=btn>",
        "5. five\n6. six",
    ] {
        let page = shown(hostile);
        for tag in tags(&page) {
            assert!(is_safe(tag), "<{tag}> came of {hostile:?}: {page}");
        }
    }
    assert!(shown("<script>alert(1)</script>").contains("&lt;script&gt;"));
    assert!(shown("![a graph](https://wiki.example/g.png)").contains(">a graph</a>"));
}

#[test]
fn each_line_renders_as_its_writer_meant_it() {
    let rel = "rel=\"noopener noreferrer nofollow\"";
    for (markdown, expected) in [
        // Comments are for writers.
        ("a <!-- b --> c", "<p>a  c</p>".to_owned()),
        ("<!-- a\n\nb -->\n\nc", "<p>c</p>".into()),
        ("`<!-- a -->`", "<p><code>&lt;!-- a --&gt;</code></p>".into()),
        ("<!-- a\n\nb", "<p>&lt;!-- a\n\nb</p>".into()),
        // Task lists.
        (
            "- [x] a\n- [ ] b",
            "<ul>\n<li><span role=\"img\" aria-label=\"Done\">☑</span> a</li>\n\
             <li><span role=\"img\" aria-label=\"Not done\">☐</span> b</li>\n</ul>"
                .into(),
        ),
        // Bare addresses.
        (
            "at https://a.example/x_y?a=1&b=2, then",
            format!("<p>at <a href=\"https://a.example/x_y?a=1&amp;b=2\" {rel}>https://a.example/x_y?a=1&amp;b=2</a>, then</p>"),
        ),
        ("`https://a.example`", "<p><code>https://a.example</code></p>".into()),
        ("    https://a.example", "<pre><code>https://a.example</code></pre>".into()),
        (
            "[see https://a.example](https://b.example)",
            format!("<p><a href=\"https://b.example\" {rel}>see https://a.example</a></p>"),
        ),
        ("<https://a.example>", format!("<p><a href=\"https://a.example\" {rel}>https://a.example</a></p>")),
        ("<a@b.example>", format!("<p><a href=\"mailto:a@b.example\" {rel}>a@b.example</a></p>")),
        // What cannot be followed from here.
        ("[the other one](../2026/other.md)", "<p>the other one (../2026/other.md)</p>".into()),
        ("![graph](./img/g.png)", "<p>graph (./img/g.png)</p>".into()),
        ("![](./img/g.png)", "<p>./img/g.png</p>".into()),
        ("[g.md](g.md) [x]()", "<p>g.md x</p>".into()),
        (
            "![](https://a.example/g.png)",
            format!("<p><a href=\"https://a.example/g.png\" {rel}>https://a.example/g.png</a></p>"),
        ),
        (
            "[![graph](g.png)](https://a.example)",
            format!("<p><a href=\"https://a.example\" {rel}>graph (g.png)</a></p>"),
        ),
        // Columns.
        (
            "|a|b|c|\n|:--|:-:|--:|\n|1|2|3|\n|4|",
            "<table><thead><tr><th>a</th><th class=\"center\">b</th><th class=\"right\">c</th></tr></thead>\n\
             <tbody>\n<tr><td>1</td><td class=\"center\">2</td><td class=\"right\">3</td></tr>\n\
             <tr><td>4</td></tr>\n</tbody></table>"
                .into(),
        ),
        // Footnotes, in the order the text names them.
        (
            "a[^x] b[^y] c[^x]\n\n[^y]: Y\n\n[^x]: X",
            format!(
                "<p>a<sup><a href=\"#note-1\" {rel}>1</a></sup> b<sup><a href=\"#note-2\" {rel}>2</a></sup> \
                 c<sup><a href=\"#note-1\" {rel}>1</a></sup></p>\n\
                 <ol>\n<li id=\"note-1\"><p>X</p>\n</li>\n<li id=\"note-2\"><p>Y</p>\n</li>\n</ol>"
            ),
        ),
        // Harmless tags, whoever forgets to end them.
        ("press <kbd>Ctrl</kbd><br>H<sub>2</sub>O<SUP>2</SUP>", "<p>press <kbd>Ctrl</kbd><br>H<sub>2</sub>O<sup>2</sup></p>".into()),
        ("<kbd>a *b</kbd> c*", "<p><kbd>a <em>b&lt;/kbd&gt; c</em></kbd></p>".into()),
        (
            "<details>\n<summary>Log of <kbd>a</kbd></summary>\n\n**b**\n\n</details>\n\nc",
            "<details>\n<summary>Log of <kbd>a</kbd></summary>\n<p><strong>b</strong></p>\n</details>\n<p>c</p>".into(),
        ),
        (
            "> <details><summary>a</summary>b\n\nc",
            "<blockquote>\n<details><summary>a</summary><p>b\n</p>\n</details></blockquote>\n<p>c</p>".into(),
        ),
        ("<summary>a</summary>", "<p>&lt;summary&gt;a&lt;/summary&gt;</p>".into()),
        ("<div>a</div>", "<p>&lt;div&gt;a&lt;/div&gt;</p>".into()),
        ("a </details> b", "<p>a &lt;/details&gt; b</p>".into()),
    ] {
        assert_eq!(shown(markdown).trim(), expected, "{markdown}");
    }
}

/// Texts that grow by a part, each of which once made the parser or the cleaner work more than its length.
fn bombs() -> Vec<(&'static str, String, &'static str)> {
    let grown = [
        ("", ">", ""),
        ("", "> ", ""),
        ("", "> - ", ""),
        ("", ">1. ", ""),
        ("", "- ", "a"),
        ("", "1. ", "a"),
        ("", "*", "a"),
        ("", "*a **a ", ""),
        ("", "*a_b~~", ""),
        ("", "_a *b ", "_"),
        ("", "[", ""),
        ("", "![", ""),
        ("", "[a](", ""),
        ("", "![a](b", ")"),
        ("", "[a](b)", ""),
        ("", "![", "](b)"),
        ("", "![a](7)", ""),
        ("", "![", "](7)"),
        ("", "[^a]", "\n\n[^a]: b"),
        ("", "[^a]: > ", ""),
        ("", "<", ""),
        ("", "<!--", ""),
        ("", "<!-- -->", ""),
        ("", "<details>", ""),
        ("", "<details>\n\n", ""),
        ("", "<details><summary>", ""),
        ("a ", "<kbd>", ""),
        ("a ", "<sub>*", ""),
        ("a ", "</kbd>", ""),
        ("", "https://a.b ", ""),
        ("", "https://", ""),
        ("https://a.b/", ")", ""),
        ("", "`", "a"),
        ("", "`a``", ""),
        ("", "&", ""),
        ("", "&#38;", ""),
        ("", "\\[", ""),
        ("", "|a", "|\n|-|"),
        ("|a|\n|-|\n", "|b|\n", ""),
        ("", "a\n", "==="),
        ("", "# a\n", ""),
        ("", "***\n", ""),
        (
            "[a]: https://long.example/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n\n",
            "[a]",
            "",
        ),
    ];
    let mut all: Vec<_> = grown.map(|(a, b, c)| (a, b.to_owned(), c)).into();
    all.extend([">", "- ", "*", "[", "<sub>"].map(|part| ("", format!("{part}\n"), "")));
    all
}

fn grown((before, part, after): &(&str, String, &str), length: usize) -> String {
    let times = length.saturating_sub(before.len() + after.len()) / part.len();
    format!("{before}{}{after}", part.repeat(times))
}

/// What a text of that length may become: the longest is a footnote's link.
fn longest(length: usize) -> usize {
    32 * length + 1_000
}

#[test]
fn no_text_becomes_deep_or_much_longer_than_it_is() {
    for bomb in bombs() {
        for length in [100, 2_000, 20_000] {
            let text = grown(&bomb, length);
            let page = shown(&text);
            // A level is at most a list and its item; a table goes four elements deep.
            let deepest = 2 * MAX_LEVELS + 6;
            assert!(depth(&page) <= deepest, "{bomb:?}: {} deep", depth(&page));
            assert!(
                page.len() <= longest(text.len()),
                "{bomb:?}: {} long",
                page.len()
            );
        }
    }
    // Lists by their indents, and a table that is wide and long.
    let lists: String = (0..270)
        .map(|n| format!("{}- a\n", " ".repeat(n)))
        .collect();
    let table = format!(
        "{}|\n{}|\n{}",
        "|a".repeat(5_000),
        "|-".repeat(5_000),
        "|b\n".repeat(5_000)
    );
    for text in [lists, table] {
        let page = shown(&text);
        assert!(depth(&page) <= 2 * MAX_LEVELS + 6);
        assert!(page.len() <= longest(text.len()), "{} long", page.len());
    }
}

#[test]
fn what_is_too_deep_is_shown_as_it_was_typed() {
    let page = shown(&format!("{} end", ">".repeat(MAX_LEVELS + 3)));
    assert_eq!(page.matches("<blockquote>").count(), MAX_LEVELS);
    assert!(page.contains("<p>&gt;&gt;&gt; end</p>"), "{page}");
}

#[test]
fn a_picture_of_the_text_is_shown_once_with_its_words_and_no_other_is() {
    let own = |alt: &str| {
        format!(
            "<p><img src=\"/library/the-queue-was-full/pictures/7?show=all\" alt=\"{alt}\" width=\"40\" height=\"20\"></p>\n"
        )
    };
    assert_eq!(
        shown("![The *queue*, \"full\" & <b>growing</b>](7)"),
        own("The queue, &quot;full&quot; &amp; &lt;b&gt;growing&lt;/b&gt;")
    );
    assert_eq!(shown("![](7)"), own("A &quot;queue&quot;"));
    assert_eq!(shown("![a](7) ![b](7)").matches("<img").count(), 1);
    assert!(shown("[![The queue](7)](https://a.example)").contains("<img"));
    for other in [
        "8",
        "07",
        "+7",
        "7?x",
        "7/../8",
        "/library/the-queue-was-full/pictures/7",
        "//evil.example/library/a/pictures/7",
        "https://evil.example/library/a/pictures/7",
        "/sign-out",
        "data:image/png;base64,AAAA",
    ] {
        let page = shown(&format!("![The queue]({other})"));
        assert!(!page.contains("<img"), "{other}: {page}");
        assert!(page.contains("The queue"), "{page}");
    }
    for raw in [
        "<img src=7 alt=x onerror=alert(1)>",
        "<img src=\"/library/a/pictures/7\">",
    ] {
        assert!(!shown(raw).contains("<img"), "{raw}");
    }
}

proptest! {
    #[test]
    fn any_text_becomes_balanced_html_of_listed_tags(
        parts in prop::collection::vec(
            prop_oneof![
                any::<String>(),
                "[<>/a-z=\"'`!\\[\\]()#*|:&; \n-]{0,30}",
                Just("<script>".to_owned()),
                Just("](javascript:".to_owned()),
                Just("<img src=x onerror=".to_owned()),
                Just("\n\n<svg onload=".to_owned()),
                Just("![a <b> & \"c\"](7)".to_owned()),
                Just("](7)".to_owned()),
                Just("```\n".to_owned()),
                Just("\n\n<details><summary>".to_owned()),
                Just("</summary>\n\n".to_owned()),
                Just("</details>\n\n".to_owned()),
                Just("<kbd>".to_owned()),
                Just("</kbd>".to_owned()),
                Just("<!--".to_owned()),
                Just("-->".to_owned()),
                Just("[^a]".to_owned()),
                Just("\n\n[^a]: ".to_owned()),
                Just("\n\n|a|b|\n|:-:|--:|\n|".to_owned()),
                Just("\n- [x] ".to_owned()),
                Just("> - ".to_owned()),
                Just("https://a.example/".to_owned()),
                Just("![a](../b.png)".to_owned()),
            ],
            0..12,
        )
    ) {
        let page = shown(&parts.concat());
            prop_assert!(depth(&page) <= 2 * MAX_LEVELS + 6);
        for tag in tags(&page) {
            prop_assert!(is_safe(tag), "<{}> in {}", tag, page);
        }
    }
}
