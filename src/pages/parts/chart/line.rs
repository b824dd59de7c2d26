//! A line through the values of a year, with the target.

use super::ticks::ticks;
use super::{Anchor, LABEL, Label, Look, Picture, Shape, apart, dot, straight, width};

const WIDTH: f64 = 340.0;
const HEIGHT: f64 = 180.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = HEIGHT - 26.0;

/// What a line shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub title: String,
    /// The heads of the table: what the points are, and what the values are.
    pub heads: (String, String),
    /// The name of each point, and its value where there is one.
    pub points: Vec<(String, Option<f64>)>,
    /// The ends of the target.
    pub goals: Vec<f64>,
}

/// Draws a line; `written` writes a value as people read it.
pub fn picture(series: &Series, written: impl Fn(f64) -> String) -> Picture {
    let values: Vec<f64> = series.points.iter().filter_map(|(_, v)| *v).collect();
    let all = values.iter().chain(&series.goals).copied();
    let high = all.clone().fold(0.0, f64::max);
    let low = all.fold(0.0, f64::min);
    let scale = ticks(low, if high > low { high } else { low + 1.0 }, 4);
    let first = scale.first().copied().unwrap_or_default();
    let last = scale.last().copied().unwrap_or(1.0);
    let names: Vec<String> = scale.iter().map(|v| written(*v)).collect();
    let longest = |texts: &[String]| texts.iter().map(|t| width(t)).fold(0.0, f64::max);
    let left = longest(&names) + 8.0;
    let ends = end_labels(series, &written);
    let texts: Vec<String> = ends.iter().map(|(_, _, text)| text.clone()).collect();
    let right = WIDTH - longest(&texts) - 10.0;
    let y = |v: f64| BOTTOM - (v - first) / (last - first) * (BOTTOM - TOP);
    let steps = f64::from(u16::try_from(series.points.len().saturating_sub(1).max(1)).unwrap_or(1));
    let x = |n: usize| {
        let n = f64::from(u16::try_from(n).unwrap_or_default());
        left + n / steps * (right - left)
    };
    let mut shapes = Vec::new();
    let mut labels = Vec::new();
    for (value, name) in scale.iter().zip(names) {
        shapes.push(Shape {
            look: Look::Scale,
            path: straight((left, y(*value)), (right, y(*value))),
        });
        let label = Label::new(Look::Quiet, (left - 6.0, y(*value)), Anchor::End, name);
        add(&mut labels, label);
    }
    for goal in &series.goals {
        shapes.push(Shape {
            look: Look::Goal,
            path: straight((left, y(*goal)), (right, y(*goal))),
        });
    }
    let placed: Vec<Option<(f64, f64)>> = series
        .points
        .iter()
        .enumerate()
        .map(|(n, (_, value))| value.map(|v| (x(n), y(v))))
        .collect();
    shapes.extend(runs(&placed));
    shapes.extend(placed.iter().flatten().map(|at| Shape {
        look: Look::Dot,
        path: dot(*at),
    }));
    let heights: Vec<f64> = ends.iter().map(|(_, value, _)| y(*value)).collect();
    let heights = apart(&heights, (TOP, BOTTOM));
    for ((look, _, text), height) in ends.into_iter().zip(heights) {
        labels.push(Label::new(look, (right + 8.0, height), Anchor::Start, text));
    }
    // The last point always has its name, the others where there is room.
    for n in (0..series.points.len()).rev() {
        if let Some((name, _)) = series.points.get(n) {
            let at = x(n).min(WIDTH - width(name) / 2.0);
            let at = at.max(width(name) / 2.0);
            let label = Label::new(
                Look::Quiet,
                (at, BOTTOM + LABEL),
                Anchor::Middle,
                name.clone(),
            );
            add(&mut labels, label);
        }
    }
    Picture {
        title: series.title.clone(),
        desc: desc(series, &written),
        width: WIDTH,
        height: HEIGHT,
        shapes,
        labels,
        heads: series.heads.clone(),
        rows: series
            .points
            .iter()
            .map(|(name, value)| (name.clone(), value.map_or_else(|| "–".into(), &written)))
            .collect(),
    }
}

/// Adds a label where it meets no other.
fn add(labels: &mut Vec<Label>, label: Label) {
    if labels.iter().all(|other| !label.meets(other)) {
        labels.push(label);
    }
}

/// What is written at the right end: the last value, and the target.
fn end_labels(series: &Series, written: impl Fn(f64) -> String) -> Vec<(Look, f64, String)> {
    let last = series.points.iter().rev().find_map(|(_, v)| *v);
    let last = last.map(|v| (Look::Strong, v, written(v)));
    let goals = series.goals.iter();
    let goals = goals.map(|v| (Look::Quiet, *v, "Target".to_owned()));
    last.into_iter().chain(goals).collect()
}

/// Lines through neighbours that both have a value.
fn runs(placed: &[Option<(f64, f64)>]) -> Vec<Shape> {
    let pairs = placed.windows(2).filter_map(|pair| match pair {
        [Some(from), Some(to)] => Some(straight(*from, *to)),
        _ => None,
    });
    let path: String = pairs.collect();
    let shape = Shape {
        look: Look::Line,
        path,
    };
    (!shape.path.is_empty())
        .then_some(shape)
        .into_iter()
        .collect()
}

fn desc(series: &Series, written: impl Fn(f64) -> String) -> String {
    let known = || {
        let points = series.points.iter();
        points.filter_map(|(name, v)| v.map(|v| (name, v)))
    };
    match (known().next(), known().next_back()) {
        (Some((from, first)), Some((to, last))) if from != to => format!(
            "From {} ({from}) to {} ({to}).",
            written(first),
            written(last)
        ),
        (Some((name, value)), _) => format!("{} ({name}); no other value yet.", written(value)),
        _ => "No value yet.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn series(values: &[Option<f64>], goals: &[f64]) -> Series {
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Today",
        ];
        Series {
            title: "Coverage".into(),
            heads: ("Month".into(), "Coverage".into()),
            points: months
                .iter()
                .zip(values)
                .map(|(m, v)| ((*m).to_owned(), *v))
                .collect(),
            goals: goals.to_vec(),
        }
    }

    fn written(v: f64) -> String {
        format!("{v:.2}")
    }

    #[test]
    fn a_line_is_drawn_only_between_neighbours_that_have_a_value() {
        let values = [Some(1.0), Some(1.2), None, Some(0.9)];
        let picture = picture(&series(&values, &[1.33]), written);
        let of = |look| picture.shapes.iter().filter(move |s| s.look == look);
        assert_eq!(of(Look::Dot).count(), 3);
        let line = of(Look::Line).next().unwrap();
        assert_eq!(line.path.matches('M').count(), 1, "{}", line.path);
        assert_eq!(picture.rows[2], ("Mar".into(), "–".into()));
        assert_eq!(picture.desc, "From 1.00 (Jan) to 0.90 (Apr).");
        assert!(picture.labels.iter().any(|l| l.text == "Target"));
    }

    #[test]
    fn nothing_yet_is_said_and_drawn_as_an_empty_scale() {
        let picture = picture(&series(&[None, None], &[]), written);
        assert_eq!(picture.desc, "No value yet.");
        assert!(picture.shapes.iter().all(|s| s.look == Look::Scale));
    }

    proptest! {
        #[test]
        fn labels_never_overlap_and_stay_inside(
            values in proptest::collection::vec(proptest::option::of(-50.0_f64..5000.0), 1..12),
            goals in proptest::collection::vec(0.0_f64..5000.0, 0..3),
        ) {
            let picture = picture(&series(&values, &goals), written);
            for (n, one) in picture.labels.iter().enumerate() {
                for other in &picture.labels[n + 1..] {
                    prop_assert!(!one.meets(other), "{one:?} {other:?}");
                }
                let ((left, right), (top, bottom)) = one.space();
                prop_assert!(left >= -0.1 && right <= WIDTH + 0.1 && top >= -0.1 && bottom <= HEIGHT, "{one:?}");
            }
        }
    }
}
