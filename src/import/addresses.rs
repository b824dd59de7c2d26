//! A line of addresses as mail programs copy them: `Ada King <ada@example.com>; "Li, Bo" <bo@example.com>`.

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Name and e-mail, and what follows a line's only address: team, lead, time zone.
    Fields(Vec<String>),
    /// Text that belongs to no address, or an address without a name.
    Loose(String),
}

const SEPARATORS: [char; 3] = [';', ',', '\t'];

/// The addresses of a line, in order; `None` when it is no address list: a name stands right before an address there.
pub(super) fn pieces(line: &str) -> Option<Vec<Piece>> {
    let (groups, after) = groups(line);
    let names_one = |before: &str| {
        let before = before.trim();
        !before.is_empty() && !before.ends_with(SEPARATORS)
    };
    let is_list = groups.len() > 1 || groups.iter().any(|(before, _)| names_one(before));
    if !is_list {
        return None;
    }
    let mut pieces = Vec::new();
    for (before, email) in &groups {
        let mut parts = parts(before);
        let name = parts.pop().unwrap_or_default();
        pieces.extend(parts.into_iter().map(Piece::Loose));
        pieces.push(match name.as_str() {
            "" => Piece::Loose((*email).to_owned()),
            _ => Piece::Fields(vec![name, (*email).to_owned()]),
        });
    }
    let after = after.trim();
    match (pieces.as_mut_slice(), after.chars().next()) {
        (_, None) => {}
        ([Piece::Fields(fields)], Some(separator)) if SEPARATORS.contains(&separator) => {
            let more = after.split(separator).skip(1);
            fields.extend(more.map(|field| field.trim().to_owned()));
            while fields.last().is_some_and(String::is_empty) {
                fields.pop();
            }
        }
        _ => {
            let loose = after.trim_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(&c));
            if !loose.is_empty() {
                pieces.push(Piece::Loose(loose.to_owned()));
            }
        }
    }
    Some(pieces)
}

/// Every `<address>` with the text before it, and the text after the last one. What stands in quotes is text.
fn groups(line: &str) -> (Vec<(&str, &str)>, &str) {
    let mut groups = Vec::new();
    let (mut rest, mut from, mut is_quoted) = (line, 0, false);
    while let Some(sign) = rest.get(from..).and_then(|text| text.find(['"', '<'])) {
        let at = from + sign;
        let (before, found) = rest.split_at(at);
        if found.starts_with('"') {
            is_quoted = !is_quoted;
            from = at + 1;
            continue;
        }
        let inside = found
            .get(1..)
            .and_then(|text| text.split_at_checked(text.find(['<', '>'])?))
            .and_then(|(inside, end)| Some((inside, end.strip_prefix('>')?)))
            .filter(|(inside, _)| !is_quoted && inside.contains('@'));
        match inside {
            Some((email, after)) => {
                groups.push((before, email));
                (rest, from) = (after, 0);
            }
            None => from = at + 1,
        }
    }
    (groups, rest)
}

/// The text before an address: what belongs to none, and last its name. A comma in a name does not part it.
fn parts(before: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut name = String::new();
    let mut is_quoted = false;
    for sign in before.chars() {
        match sign {
            '"' => {
                is_quoted = !is_quoted;
                name.push(sign);
            }
            ';' | '\t' if !is_quoted => parts.push(std::mem::take(&mut name)),
            ',' if !is_quoted && (name.contains('@') || name.trim().is_empty()) => {
                parts.push(std::mem::take(&mut name));
            }
            _ => name.push(sign),
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts.push(name);
    parts.iter().map(|part| unquoted(part)).collect()
}

fn unquoted(text: &str) -> String {
    let text = text.trim();
    let within = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    within('"')
        .or_else(|| within('\''))
        .unwrap_or(text)
        .trim()
        .replace("\\\"", "\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields(fields: &[&str]) -> Piece {
        Piece::Fields(fields.iter().map(|f| (*f).to_owned()).collect())
    }

    fn loose(text: &str) -> Piece {
        Piece::Loose(text.into())
    }

    #[test]
    fn addresses_are_read_as_mail_programs_write_them() {
        let (ada, bo) = (["Ada King", "ada@x.org"], ["Bo Li", "bo@x.org"]);
        for line in [
            "Ada King <ada@x.org>; Bo Li <bo@x.org>",
            "Ada King <ada@x.org>, Bo Li <bo@x.org>;",
            "\"Ada King\" <ada@x.org>,'Bo Li' <bo@x.org>",
            "Ada King<ada@x.org>\tBo Li<bo@x.org>",
            "; Ada King <ada@x.org> Bo Li <bo@x.org> ,",
        ] {
            assert_eq!(pieces(line).unwrap(), [fields(&ada), fields(&bo)], "{line}");
        }
        for (line, expected) in [
            (
                "King, Ada <ada@x.org>; Li, Bo <bo@x.org>",
                vec![
                    fields(&["King, Ada", "ada@x.org"]),
                    fields(&["Li, Bo", "bo@x.org"]),
                ],
            ),
            (
                "\"King; Ada <a>\" <ada@x.org>",
                vec![fields(&["King; Ada <a>", "ada@x.org"])],
            ),
            (
                "Ada King <ada@x.org>, Search, lead",
                vec![fields(&["Ada King", "ada@x.org", "Search", "lead"])],
            ),
            (
                "Ada King <ada@x.org>; bo@x.org; Cy <cy@x.org>",
                vec![fields(&ada), loose("bo@x.org"), fields(&["Cy", "cy@x.org"])],
            ),
            (
                "Ada King <ada@x.org>, bo@x.org, Cy <cy@x.org>",
                vec![fields(&ada), loose("bo@x.org"), fields(&["Cy", "cy@x.org"])],
            ),
            (
                "Ada King <ada@x.org>; <bo@x.org>",
                vec![fields(&ada), loose("bo@x.org")],
            ),
            (
                "Ada King <ada@x.org>; Bo Li <bo@x.org>; and others",
                vec![fields(&ada), fields(&bo), loose("and others")],
            ),
        ] {
            assert_eq!(pieces(line).unwrap(), expected, "{line}");
        }
        for line in [
            "",
            "Ada King, ada@x.org",
            "Ada Lind,<ada@x.org>,UTC,Payments,yes",
            "a < b",
            "Ada <ada>",
            "\"Ada <ada@x.org>",
        ] {
            assert_eq!(pieces(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn every_letter_of_an_address_list_is_in_a_piece(line in "[a-z<>@\",;\\t ']{0,40}") {
            if let Some(pieces) = pieces(&line) {
                let told: String = pieces
                    .into_iter()
                    .map(|piece| match piece {
                        Piece::Fields(fields) => fields.concat(),
                        Piece::Loose(text) => text,
                    })
                    .collect();
                let letters = |text: &str| text.chars().filter(char::is_ascii_lowercase).collect::<String>();
                prop_assert_eq!(letters(&told), letters(&line));
            }
        }
    }
}
