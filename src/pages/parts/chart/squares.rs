//! One square a person: filled for everyone who is there, an outline for everyone who is missing.

use super::{Anchor, Label, Look, Picture, Shape, rectangle};

const WIDTH: f64 = 340.0;
const SIDE: f64 = 22.0;
const STEP: f64 = 30.0;
const A_ROW: usize = 11;
/// More squares say nothing that the words do not.
const MOST: usize = 55;

/// Draws those who are there and those who are wanted; `words` says it below: `2 of 3 cleared`.
pub fn picture(title: &str, (there, wanted): (usize, usize), words: &str) -> Picture {
    let all = there.max(wanted).min(MOST);
    let number = |n: usize| f64::from(u16::try_from(n).unwrap_or(u16::MAX));
    let shapes = (0..all).map(|n| {
        let is_there = n < there;
        let at = (
            4.0 + number(n % A_ROW) * STEP,
            4.0 + number(n / A_ROW) * STEP,
        );
        Shape {
            look: if is_there { Look::Full } else { Look::Empty },
            path: rectangle(at, (SIDE, SIDE)),
        }
    });
    let below = 4.0 + number(all.div_ceil(A_ROW)) * STEP;
    let missing = wanted.saturating_sub(there);
    Picture {
        title: title.to_owned(),
        desc: words.to_owned(),
        width: WIDTH,
        height: below + 24.0,
        shapes: shapes.collect(),
        labels: vec![Label::new(
            Look::Strong,
            (4.0, below + 10.0),
            Anchor::Start,
            words,
        )],
        heads: ("People".into(), "Number".into()),
        rows: vec![
            ("There".into(), there.to_string()),
            ("Wanted".into(), wanted.to_string()),
            ("Missing".into(), missing.to_string()),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn there_is_a_square_for_everyone_there_and_an_outline_for_everyone_missing(there in 0_usize..40, wanted in 0_usize..40) {
            let picture = picture("Cover", (there, wanted), "words");
            let of = |look| picture.shapes.iter().filter(|s| s.look == look).count();
            prop_assert_eq!(of(Look::Full), there);
            prop_assert_eq!(of(Look::Empty), wanted.saturating_sub(there));
        }
    }
}
