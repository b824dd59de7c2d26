//! E-mail addresses as they are pasted, and what is an address.

use icu_properties::props::GeneralCategory;

use super::hidden::{category, is_mark};
use super::{key, normal, without_hidden};

/// Most characters of an address.
const CHARS: usize = 254;
/// Most characters of an address with what is around it. Each step takes a part away and reads the rest again, which a
/// longer text would turn into work.
const PASTED: usize = 600;

/// The bare address of what was pasted: `<a@b>`, `Name (a@b)`, `mailto:a@b?subject=…`, `«a@b»`, `a@b;`. Invisible signs are
/// taken out, and letters are in normal form C. It need not be an address.
pub fn unwrapped(pasted: &str) -> String {
    let clean = without_hidden(pasted);
    let clean = normal(&clean);
    let mut rest = clean.trim();
    if is_longer(rest, PASTED) {
        return rest.to_owned();
    }
    loop {
        let shorter = without_one(rest);
        if shorter.len() == rest.len() {
            return rest.to_owned();
        }
        rest = shorter;
    }
}

/// The text without one thing that may be around an address.
fn without_one(text: &str) -> &str {
    let tidy = text.trim_matches(is_around);
    if tidy.len() < text.len() {
        return tidy;
    }
    if let Some(address) = without_scheme(text) {
        return address.split('?').next().unwrap_or_default();
    }
    // No address ends with a bracket or a sign of markup.
    if is_in_brackets(text) || (text.starts_with(is_markup) && text.ends_with(is_markup)) {
        return inside(text);
    }
    match text.rfind(is_open) {
        Some(at) if text.ends_with(is_close) => of_name_and_address(text, at),
        _ => text,
    }
}

/// Whether the first bracket closes at the end.
fn is_in_brackets(text: &str) -> bool {
    let mut open = 0_usize;
    let mut signs = text.chars();
    for c in signs.by_ref() {
        if is_open(c) {
            open += 1;
        } else if is_close(c) {
            open = open.saturating_sub(1);
        }
        if open == 0 {
            break;
        }
    }
    open == 0 && text.starts_with(is_open) && signs.as_str().is_empty()
}

/// The address of `Name <address>` or `address (Name)`, where `at` is the bracket. Two addresses are not one.
fn of_name_and_address(text: &str, at: usize) -> &str {
    let (before, bracketed) = text.split_at(at);
    let within = inside(bracketed);
    match (before.contains('@'), within.contains('@')) {
        (false, _) => within,
        (true, false) if before.ends_with(char::is_whitespace) => before,
        (true, true) if key(bare(before)) == key(bare(within)) => within,
        _ => text,
    }
}

/// Without brackets, quotes and `mailto:`.
fn bare(text: &str) -> &str {
    let is_sign = |c: char| is_around(c) || is_open(c) || is_close(c);
    let text = text.trim_matches(is_sign);
    without_scheme(text).unwrap_or(text)
}

fn without_scheme(text: &str) -> Option<&str> {
    let (scheme, address) = text.split_at_checked(7)?;
    scheme.eq_ignore_ascii_case("mailto:").then_some(address)
}

/// The text without its first and last sign.
fn inside(text: &str) -> &str {
    let mut signs = text.chars();
    signs.next();
    signs.next_back();
    signs.as_str()
}

/// A space, or a sign that separates or quotes: it can stand at neither end of an address.
fn is_around(c: char) -> bool {
    c.is_whitespace()
        || is_quote(c)
        || matches!(c, ',' | ';' | '，' | '；' | '、' | '､' | '،' | '؛')
}

fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '`' | '´' | '′' | '″' | '＂' | '＇' | '｀' | '„' | '‚' | '〝' | '〞' | '〟'
    ) || (!c.is_ascii()
        && matches!(
            category(c),
            GeneralCategory::InitialPunctuation | GeneralCategory::FinalPunctuation
        ))
}

fn is_open(c: char) -> bool {
    matches!(c, '<' | '＜') || category(c) == GeneralCategory::OpenPunctuation
}

fn is_close(c: char) -> bool {
    matches!(c, '>' | '＞') || category(c) == GeneralCategory::ClosePunctuation
}

/// A sign that makes the words between two of it bold, slanted, struck out or a cell.
fn is_markup(c: char) -> bool {
    matches!(c, '*' | '_' | '~' | '|')
}

fn is_longer(text: &str, most: usize) -> bool {
    text.chars().nth(most).is_some()
}

/// Whether it is one address: one `@`, no empty part between dots, no signs that need quotes; the domain has letters, digits
/// and hyphens.
pub fn is_address(text: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || is_mark(c);
    let is_whole = |text: &str, has: &dyn Fn(char) -> bool| {
        text.split('.')
            .all(|part| !part.is_empty() && part.chars().all(has))
    };
    let is_local = |local: &str| {
        is_whole(local, &|c| {
            is_letter(c) || "!#$%&'*+-/=?^_`{|}~".contains(c)
        }) && !local.starts_with(is_quote)
            && !local.ends_with(is_quote)
    };
    let is_domain = |domain: &str| {
        is_whole(domain, &|c| is_letter(c) || c == '-')
            && !domain
                .split('.')
                .any(|part| part.starts_with('-') || part.ends_with('-'))
    };
    !is_longer(text, CHARS)
        && text
            .split_once('@')
            .is_some_and(|(local, domain)| is_local(local) && is_domain(domain))
}

/// Whether it can be the key of an account. Older versions took more than [`is_address`].
pub fn may_sign_in(key: &str) -> bool {
    key.contains('@') && !is_longer(key, CHARS)
}

/// The same for two spellings of one address, also as it is typed to sign in. Browsers send a domain of other letters as
/// `xn--…`.
pub fn email_key(typed: &str) -> String {
    let address = unwrapped(typed);
    match address.rsplit_once('@') {
        Some((local, domain)) if !is_longer(&address, CHARS) => {
            let (read, result) = idna::domain_to_unicode(domain);
            let domain = result.map_or_else(|_| key(domain), |()| key(&read));
            format!("{}@{domain}", key(local))
        }
        _ => key(&address),
    }
}
