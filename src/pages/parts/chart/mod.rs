//! Charts as inline SVG: shapes with classes, so that the stylesheet gives colours for light, dark and paper. The same
//! shapes are a file of their own, with colours that are readable on white. Pure: numbers in, shapes out.

pub mod bars;
pub mod cover;
pub mod line;
pub mod squares;
mod ticks;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Bytes;
use askama::Template;

use crate::error::{Error, Result};

/// What a letter of a label takes at most, in the units of the picture.
const LETTER: f64 = 7.0;
/// The height of a label.
const LABEL: f64 = 15.0;
/// Labels that are rounded to a tenth may touch.
const TOUCH: f64 = 0.2;

/// How a part of a picture looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A line of the scale.
    Scale,
    /// The target.
    Goal,
    /// A line through values.
    Line,
    /// A value as a dot.
    Dot,
    /// A value as a bar, or one that is there.
    Full,
    /// One that is missing.
    Empty,
    /// A quiet label of the scale.
    Quiet,
    /// A label of a value.
    Strong,
}

impl Look {
    /// Its class in the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Scale => "ch-scale",
            Self::Goal => "ch-goal",
            Self::Line => "ch-line",
            Self::Dot => "ch-dot",
            Self::Full => "ch-full",
            Self::Empty => "ch-empty",
            Self::Quiet => "ch-quiet",
            Self::Strong => "ch-strong",
        }
    }

    /// Fill and stroke in a file, on white.
    pub fn colours(self) -> (&'static str, &'static str) {
        match self {
            Self::Scale => ("none", "#c9cbc2"),
            Self::Goal => ("none", "#7d4c05"),
            Self::Line => ("none", "#0b5a75"),
            Self::Dot | Self::Full => ("#0b5a75", "#0b5a75"),
            Self::Empty => ("#ffffff", "#5d686e"),
            Self::Quiet => ("#48535a", "none"),
            Self::Strong => ("#1a2226", "none"),
        }
    }

    /// Where its line is broken, in a file.
    pub fn dashes(self) -> &'static str {
        match self {
            Self::Goal => "6 4",
            Self::Empty => "3 2",
            _ => "none",
        }
    }
}

/// A shape as the data of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    pub look: Look,
    pub path: String,
}

/// Where a label's text is held at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A label; `y` is its middle.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    pub look: Look,
    pub x: f64,
    pub y: f64,
    pub anchor: Anchor,
    pub text: String,
}

impl Label {
    fn new(look: Look, (x, y): (f64, f64), anchor: Anchor, text: impl Into<String>) -> Self {
        Self {
            look,
            x: rounded(x),
            y: rounded(y),
            anchor,
            text: text.into(),
        }
    }

    /// Left and right end, and upper and lower.
    fn space(&self) -> ((f64, f64), (f64, f64)) {
        let width = width(&self.text);
        let left = match self.anchor {
            Anchor::Start => self.x,
            Anchor::Middle => self.x - width / 2.0,
            Anchor::End => self.x - width,
        };
        let half = LABEL / 2.0;
        ((left, left + width), (self.y - half, self.y + half))
    }

    /// Whether two labels would be drawn over each other.
    fn meets(&self, other: &Self) -> bool {
        let ((left, right), (top, bottom)) = self.space();
        let ((l, r), (t, b)) = other.space();
        let over = |from: f64, to: f64| to - from > TOUCH;
        over(left, r) && over(l, right) && over(top, b) && over(t, bottom)
    }
}

/// A chart: what it is, what it says, its shapes, and the same numbers as rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub title: String,
    /// In a sentence what somebody sees.
    pub desc: String,
    pub width: f64,
    pub height: f64,
    pub shapes: Vec<Shape>,
    pub labels: Vec<Label>,
    /// The heads of the two columns.
    pub heads: (String, String),
    pub rows: Vec<(String, String)>,
}

/// A picture as a file of its own.
#[derive(Template)]
#[template(path = "kpi/chart.svg")]
struct File<'a> {
    picture: &'a Picture,
}

impl Picture {
    /// What it says stands in it as a label already.
    pub fn is_labelled(&self) -> bool {
        self.labels.iter().any(|label| label.text == self.desc)
    }

    /// The picture as an SVG file: it needs no stylesheet, and its colours are readable on white.
    pub fn file(&self) -> Result<String> {
        File { picture: self }.render().map_err(Error::fault)
    }

    /// An answer that the browser stores under that name.
    pub fn saved_as(&self, name: &str) -> Result<HttpResponse> {
        Ok(HttpResponse::Ok()
            .content_type("image/svg+xml; charset=utf-8")
            .insert_header((
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{name}\""),
            ))
            .body(Bytes::from(self.file()?)))
    }
}

/// Room for the title of a file.
pub const HEAD: f64 = 28.0;

fn width(text: &str) -> f64 {
    f64::from(u16::try_from(text.chars().count()).unwrap_or(u16::MAX)) * LETTER
}

fn rounded(n: f64) -> f64 {
    (n * 10.0).round() / 10.0
}

/// The data of a straight line.
fn straight((x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> String {
    format!(
        "M{} {}L{} {}",
        rounded(x1),
        rounded(y1),
        rounded(x2),
        rounded(y2)
    )
}

fn rectangle((x, y): (f64, f64), (w, h): (f64, f64)) -> String {
    let (x, y, w, h) = (rounded(x), rounded(y), rounded(w), rounded(h));
    format!("M{x} {y}h{w}v{h}h-{w}z")
}

fn dot((x, y): (f64, f64)) -> String {
    const R: f64 = 3.0;
    let (x, y) = (rounded(x - R), rounded(y));
    format!("M{x} {y}a{R} {R} 0 1 0 6 0a{R} {R} 0 1 0 -6 0z")
}

/// Moves heights apart until each is at least a label from the next, inside of `top` and `bottom`, and keeps their order.
fn apart(heights: &[f64], (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    let height = |at: usize| heights.get(at).copied().unwrap_or_default();
    order.sort_by(|a, b| height(*a).total_cmp(&height(*b)).then(a.cmp(b)));
    let mut placed = vec![0.0; heights.len()];
    let mut above = top - LABEL;
    for at in &order {
        above = height(*at).max(above + LABEL);
        if let Some(place) = placed.get_mut(*at) {
            *place = above;
        }
    }
    // What is pushed over the lower end pushes back.
    let mut below = bottom + LABEL;
    for at in order.iter().rev() {
        if let Some(place) = placed.get_mut(*at) {
            *place = place.min(below - LABEL);
            below = *place;
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn heights_that_were_moved_apart_are_a_label_apart_and_in_their_order(
            heights in proptest::collection::vec(0.0_f64..150.0, 1..8),
        ) {
            let placed = apart(&heights, (0.0, 150.0));
            let mut both: Vec<(f64, f64)> = heights.into_iter().zip(placed).collect();
            both.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            for pair in both.windows(2) {
                prop_assert!(pair[1].1 - pair[0].1 >= LABEL - 1e-9, "{both:?}");
            }
        }
    }

    #[test]
    fn a_file_needs_no_stylesheet_and_texts_stay_texts() {
        let picture = squares::picture("Cover of A & B", (1, 2), "<script>");
        let file = picture.file().unwrap();
        assert!(
            file.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""),
            "{file}"
        );
        for wrong in ["class=", "style=", "<script>", "href", "A & B"] {
            assert!(!file.contains(wrong), "{wrong} in {file}");
        }
        assert!(file.contains("fill=\"#0b5a75\"") && file.contains("<title>"));
    }
}
