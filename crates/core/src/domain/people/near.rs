//! Names that may be meant for one another: a mistyped team, a second person of one name.

use crate::text;

/// Letters that two teams' names may share without one being meant for the other.
const SHORT: usize = 4;

/// A name as it is compared: without case, accents, spaces and signs, unless it is all signs.
pub fn folded(name: &str) -> String {
    let found = text::search_key(name);
    let letters: String = found.chars().filter(|c| c.is_alphanumeric()).collect();
    if letters.is_empty() {
        text::key(name)
    } else {
        letters
    }
}

/// Whether one [`folded`] name may be a slip of the other: a letter in five differs, or one holds all of the other.
pub fn is_near(a: &str, b: &str) -> bool {
    let lengths = [a.chars().count(), b.chars().count()];
    let (shorter, longer) = (lengths.into_iter().min(), lengths.into_iter().max());
    let (shorter, longer) = (shorter.unwrap_or_default(), longer.unwrap_or_default());
    if a == b {
        return true;
    }
    if shorter < SHORT {
        return false;
    }
    a.contains(b) || b.contains(a) || strsim::osa_distance(a, b) <= longer.div_ceil(5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mistyped_team_is_near_and_another_is_not() {
        for (a, b) in [
            ("Cekirdek SRE", "Çekirdek SRE"),
            ("Payment", "Payments"),
            ("payments-team", "Payments"),
            ("Serach", "Search"),
            ("SRE", "s.r.e."),
        ] {
            assert!(is_near(&folded(a), &folded(b)), "{a} and {b}");
        }
        for (a, b) in [
            ("SRE", "SRA"),
            ("Payments", "Platform"),
            ("Search", "Storefront"),
            ("", "Search"),
        ] {
            assert!(!is_near(&folded(a), &folded(b)), "{a} and {b}");
        }
    }

    #[test]
    fn names_are_alike_whatever_their_marks_and_signs_alone_are_not() {
        for (a, b) in [
            ("Élodie Martin", "Elodie Martin"),
            ("E\u{301}lodie Martin", "élodie martin"),
            ("İbrahim Yıldız", "Ibrahim Yildiz"),
            ("Søren O’Neil", "Soren ONeil"),
            ("Mei-Ling", "Mei Ling"),
            ("⚡", "⚡"),
        ] {
            assert_eq!(folded(a), folded(b), "{a} and {b}");
            assert!(is_near(&folded(a), &folded(b)), "{a} and {b}");
        }
        for (a, b) in [("⚡", "🔥"), ("⚡", ""), ("Ada", "Adam"), ("बिना", "बन")] {
            assert_ne!(folded(a), folded(b), "{a} and {b}");
        }
        assert!(!is_near(&folded("⚡"), &folded("🔥")));
    }

    proptest! {
        #[test]
        fn near_goes_both_ways_and_one_slip_is_near(
            name in "[a-zçé]{4,12}( [A-Z]{1,4})?",
            other in "\\PC{0,12}",
            at in 0..4_usize,
            slip in prop_oneof![Just(None), "[a-z]".prop_map(Some)],
        ) {
            prop_assert!(is_near(&folded(&name), &folded(&name)));
            prop_assert_eq!(is_near(&folded(&name), &folded(&other)), is_near(&folded(&other), &folded(&name)));
            let mut letters: Vec<char> = name.chars().collect();
            match slip {
                None if letters.len() > 4 => drop(letters.remove(at)),
                None => {}
                Some(text) => letters.insert(at, text.chars().next().unwrap()),
            }
            let slipped: String = letters.into_iter().collect();
            prop_assert!(is_near(&folded(&name), &folded(&slipped)), "{} and {}", name, slipped);
        }
    }
}
