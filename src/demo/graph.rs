//! A small graph, drawn: the pictures of the demo.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use crate::domain::picture::read::prepared;
use crate::domain::picture::{Alt, New};
use crate::error::{Error, Result};

const BAR: u32 = 24;
const HEIGHT: u32 = 200;

/// Bars of these heights, of 100, with the words for those who cannot see them.
pub(super) fn bars(heights: &[u32], alt: &str) -> Result<New> {
    let paper = Rgb([250, 250, 247]);
    let width = BAR * u32::try_from(heights.len()).map_err(Error::fault)?;
    let graph = RgbImage::from_fn(width, HEIGHT, |x, y| {
        let nth = usize::try_from(x / BAR).unwrap_or_default();
        let bar = heights.get(nth).copied().unwrap_or_default();
        let (above, is_between) = (HEIGHT - y, x % BAR >= BAR - 4);
        match above {
            ..=2 => Rgb([60, 60, 60]),
            _ if !is_between && above <= bar * (HEIGHT - 10) / 100 => match bar {
                ..70 => Rgb([70, 110, 160]),
                _ => Rgb([190, 70, 50]),
            },
            _ if above % 50 == 0 => Rgb([220, 220, 214]),
            _ => paper,
        }
    });
    let mut file = Cursor::new(Vec::new());
    graph
        .write_to(&mut file, ImageFormat::Png)
        .map_err(Error::fault)?;
    let picture = prepared(file.get_ref()).map_err(|why| Error::fault(why.sentence()))?;
    let alt = Alt::parse(alt).map_err(Error::fault)?;
    Ok(New { picture, alt })
}
