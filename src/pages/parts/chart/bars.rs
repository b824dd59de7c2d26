//! Bars below each other: the same figure of several areas.

use super::{Anchor, Label, Look, Picture, Shape, rectangle, straight, width};
use crate::words::clipped;

const WIDTH: f64 = 340.0;
const ROW: f64 = 26.0;
const BAR: f64 = 14.0;
/// Letters of a name beside its bar; the table has all of it.
const LETTERS: usize = 16;

/// Draws a bar for each name and value. `goal` is a line through all of them.
pub fn picture(
    title: &str,
    heads: (&str, &str),
    bars: &[(String, f64)],
    goal: Option<f64>,
    written: impl Fn(f64) -> String,
) -> Picture {
    let names: Vec<String> = bars.iter().map(|(n, _)| clipped(n, LETTERS)).collect();
    let values: Vec<String> = bars.iter().map(|(_, v)| written(*v)).collect();
    let longest = |texts: &[String]| texts.iter().map(|t| width(t)).fold(0.0, f64::max);
    let (left, right) = (longest(&names) + 8.0, WIDTH - longest(&values) - 10.0);
    let all = bars.iter().map(|(_, v)| *v).chain(goal);
    let high = all.fold(0.0, f64::max).max(1e-9);
    let x = |v: f64| left + v.max(0.0) / high * (right - left);
    let count = f64::from(u16::try_from(bars.len()).unwrap_or(u16::MAX));
    let height = count * ROW + 8.0;
    let mut shapes = vec![Shape {
        look: Look::Scale,
        path: straight((left, 4.0), (left, height - 4.0)),
    }];
    let mut labels = Vec::new();
    let rows = bars.iter().zip(names).zip(values.iter().cloned());
    let mut middle = 4.0 + ROW / 2.0;
    for (((_, value), name), text) in rows {
        shapes.push(Shape {
            look: Look::Full,
            path: rectangle((left, middle - BAR / 2.0), (x(*value) - left, BAR)),
        });
        labels.push(Label::new(
            Look::Quiet,
            (left - 6.0, middle),
            Anchor::End,
            name,
        ));
        labels.push(Label::new(
            Look::Strong,
            (x(*value) + 6.0, middle),
            Anchor::Start,
            text,
        ));
        middle += ROW;
    }
    if let Some(goal) = goal {
        shapes.push(Shape {
            look: Look::Goal,
            path: straight((x(goal), 4.0), (x(goal), height - 4.0)),
        });
    }
    let least = bars.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    let most = bars.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let desc = match least.zip(most) {
        None => "Nothing yet.".into(),
        Some((least, most)) => format!(
            "From {} ({}) to {} ({}).",
            written(least.1),
            least.0,
            written(most.1),
            most.0
        ),
    };
    Picture {
        title: title.to_owned(),
        desc,
        width: WIDTH,
        height,
        shapes,
        labels,
        heads: (heads.0.to_owned(), heads.1.to_owned()),
        rows: bars.iter().map(|(n, _)| n.clone()).zip(values).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn labels_never_overlap_and_stay_inside(
            bars in proptest::collection::vec(("[a-zA-Z ]{1,40}", 0.0_f64..5000.0), 0..12),
            goal in proptest::option::of(0.0_f64..5000.0),
        ) {
            let picture = picture("Coverage", ("Area", "Coverage"), &bars, goal, |v| format!("{v:.1}"));
            for (n, one) in picture.labels.iter().enumerate() {
                for other in &picture.labels[n + 1..] {
                    prop_assert!(!one.meets(other), "{one:?} {other:?}");
                }
                let ((left, right), (top, bottom)) = one.space();
                prop_assert!(left >= -0.1 && right <= WIDTH + 0.1 && top >= 0.0 && bottom <= picture.height, "{one:?}");
            }
            prop_assert_eq!(picture.rows.len(), bars.len());
        }
    }
}
