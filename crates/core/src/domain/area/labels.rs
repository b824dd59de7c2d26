//! Free labels of an area, such as a project or a customer. They are kept as one text with commas between.

use crate::text;

/// Labels of one area.
pub const MOST: usize = 10;
const MOST_LETTERS: usize = 40;

/// The labels of the stored text, or of what somebody typed.
pub fn all(stored: &str) -> impl Iterator<Item = &str> {
    stored.split(',').map(str::trim).filter(|l| !l.is_empty())
}

/// Whether one of the stored labels is that one; case and spaces make no difference.
pub fn has(stored: &str, label: &str) -> bool {
    let wanted = text::key(label);
    all(stored).any(|l| text::key(l) == wanted)
}

/// The text to be stored, of what was typed with commas between.
///
/// Errors: A sentence for the field.
pub fn parse(typed: &str) -> Result<String, String> {
    joined(all(typed).map(parse_one).collect::<Result<_, _>>()?)
}

/// Errors: A sentence about a label that cannot be one.
pub fn parse_one(typed: &str) -> Result<String, String> {
    let label = text::line(typed, "A label")?;
    match label.chars().count() {
        _ if label.contains(',') => Err("A label has no comma.".into()),
        0 => Err("Write a label, or leave it out.".into()),
        1..=MOST_LETTERS => Ok(label),
        n => Err(format!(
            "A label has {n} characters. The limit is {MOST_LETTERS}."
        )),
    }
}

/// The text of labels that were read: each once, in the order of names, so that two who write the same store the same.
///
/// Errors: A sentence when there are too many.
pub fn joined(mut labels: Vec<String>) -> Result<String, String> {
    labels.sort_by_cached_key(|l| (text::sort_key(l), l.clone()));
    labels.dedup_by_key(|l| text::key(l));
    match labels.len() {
        n if n > MOST => Err(format!("These are {n} labels. The limit is {MOST}.")),
        _ => Ok(labels.join(", ")),
    }
}

/// Every label of these texts once, in the order of names.
pub fn distinct<'a>(stored: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut labels: Vec<String> = stored
        .into_iter()
        .flat_map(all)
        .map(str::to_owned)
        .collect();
    labels.sort_by_cached_key(|l| (text::sort_key(l), l.clone()));
    labels.dedup_by_key(|l| text::key(l));
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn labels_are_kept_once_in_one_order() {
        assert_eq!(
            parse(" Nordic shop,checkout , CHECKOUT,").unwrap(),
            "CHECKOUT, Nordic shop"
        );
        assert_eq!(parse("  ").unwrap(), "");
        assert!(has("checkout, Nordic shop", "NORDIC  shop"));
        assert!(!has("checkout, Nordic shop", "shop"));
        assert_eq!(
            distinct(["b, a", "A, c"]),
            ["A", "b", "c"],
            "one spelling is enough"
        );
    }

    #[test]
    fn what_is_no_label_is_refused_with_a_sentence() {
        assert!(parse(&"x".repeat(41)).is_err());
        assert!(parse("a\u{202e}b").is_err());
        assert!(parse_one("a, b").is_err() && parse_one(" ").is_err());
        let many: Vec<String> = (0..11).map(|n| format!("label {n}")).collect();
        assert!(parse(&many.join(",")).unwrap_err().contains("11 labels"));
    }

    proptest! {
        #[test]
        fn what_was_read_is_read_the_same_again(typed in "[a-cA-C ,]{0,30}") {
            let once = parse(&typed).unwrap();
            prop_assert_eq!(parse(&once).unwrap(), once);
        }
    }
}
