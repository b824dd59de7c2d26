//! E-mail addresses as they are pasted, and what is an address.

use super::{is_hidden, key, normal, without_hidden};

/// Most characters of an address.
const CHARS: usize = 254;

/// The bare address of what was pasted: `<a@b>`, `Name <a@b>`, `mailto:a@b?subject=…`, `a@b;`. Invisible signs are taken
/// out, and letters are in normal form C. It need not be an address.
pub fn unwrapped(pasted: &str) -> String {
    let clean = without_hidden(pasted);
    let clean = normal(&clean);
    let mut rest = clean.trim();
    loop {
        let shorter = unwrapped_once(rest);
        if shorter == rest {
            return rest.to_owned();
        }
        rest = shorter;
    }
}

fn unwrapped_once(text: &str) -> &str {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    for (begin, end) in [('<', '>'), ('\'', '\''), ('"', '"'), ('“', '”'), ('‘', '’')] {
        let inner = text.strip_prefix(begin);
        if let Some(inner) = inner.and_then(|t| t.strip_suffix(end)) {
            return inner;
        }
    }
    if let Some((name, address)) = text.strip_suffix('>').and_then(|t| t.rsplit_once('<')) {
        // Two addresses are not one.
        let is_name = !name.contains(['@', '<', '>']) || unwrapped(name) == address;
        return if is_name { address } else { text };
    }
    match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => {
            let address = text.get(7..).unwrap_or_default();
            address.split('?').next().unwrap_or_default()
        }
        _ => text,
    }
}

/// Whether it is one address: one `@`, no empty part between dots, no signs that need quotes.
pub fn is_address(text: &str) -> bool {
    let is_sign = |c: char| {
        let is_special = matches!(
            c,
            '<' | '>' | ',' | ';' | ':' | '"' | '(' | ')' | '[' | ']' | '\\' | '@'
        );
        !is_special && !c.is_whitespace() && !is_hidden(c)
    };
    let is_whole = |part: &str| {
        part.split('.')
            .all(|p| !p.is_empty() && p.chars().all(is_sign))
    };
    let names_a_host = |domain: &str| {
        is_whole(domain)
            && !domain
                .split('.')
                .any(|p| p.starts_with('-') || p.ends_with('-'))
    };
    text.chars().count() <= CHARS
        && text
            .split_once('@')
            .is_some_and(|(local, domain)| is_whole(local) && names_a_host(domain))
}

/// Whether it can be the key of an account. Older versions took more than [`is_address`].
pub fn may_sign_in(key: &str) -> bool {
    key.contains('@') && key.chars().count() <= CHARS
}

/// The same for two spellings of one address, also as it is typed to sign in.
pub fn email_key(typed: &str) -> String {
    key(&unwrapped(typed))
}
