//! Cover as pictures: who is there and who is missing, and what ends in the months ahead.

use super::{Picture, bars, squares};

/// One square a person who is cleared, and an outline for each who is missing.
pub fn cover_chart(area: &str, cleared: usize, minimum: i64) -> Picture {
    let minimum = usize::try_from(minimum).unwrap_or_default();
    let words = format!("{cleared} of {minimum} cleared");
    squares::picture(&format!("Cover of {area}"), (cleared, minimum), &words)
}

/// A bar for the clearances that end within so many days.
pub fn lapsing_chart(steps: &[(i64, usize)]) -> Picture {
    let bar = |(days, n): &(i64, usize)| {
        let n = f64::from(u16::try_from(*n).unwrap_or(u16::MAX));
        (format!("Within {days} days"), n)
    };
    let bars: Vec<(String, f64)> = steps.iter().map(bar).collect();
    let heads = ("Days ahead", "Clearances");
    let title = "Clearances that end if nothing changes";
    bars::picture(title, heads, &bars, None, |n| format!("{n:.0}"))
}
