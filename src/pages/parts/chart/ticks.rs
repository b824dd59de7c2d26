//! Round numbers for a scale.

/// Round numbers from one at most `low` to one at least `high`, about `most` of them.
pub fn ticks(low: f64, high: f64, most: u32) -> Vec<f64> {
    let span = (high - low)
        .max(f64::MIN_POSITIVE.max(low.abs() * 1e-9))
        .max(1e-6);
    let step = step(span / f64::from(most.max(1)));
    let first = (low / step).floor();
    let last = (high / step).ceil().max(first + 1.0);
    let mut all = Vec::new();
    let mut at = first;
    while at <= last {
        all.push(at * step);
        at += 1.0;
    }
    all
}

/// The next larger of 1, 2, 5, 10, … times a power of ten.
fn step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let part = least / power;
    let factor = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|f| part <= *f + 1e-9)
        .unwrap_or(10.0);
    factor * power
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(low: f64, high: f64) -> Vec<String> {
        let all = ticks(low, high, 4);
        all.iter().map(|n| format!("{n:.2}")).collect()
    }

    #[test]
    fn a_scale_has_round_numbers() {
        assert_eq!(
            shown(0.0, 0.93),
            ["0.00", "0.50", "1.00"],
            "a step of a quarter is no round one"
        );
        assert_eq!(shown(0.0, 4.0), ["0.00", "1.00", "2.00", "3.00", "4.00"]);
        assert_eq!(shown(3.0, 3.0).len(), 2);
    }

    proptest! {
        #[test]
        fn a_scale_holds_both_ends_in_few_steps(low in -1e6_f64..1e6, span in 0.0_f64..1e6, most in 2_u32..8) {
            let all = ticks(low, low + span, most);
            let (first, last) = (all[0], all[all.len() - 1]);
            prop_assert!(first <= low + 1e-6 && last >= low + span - 1e-6);
            prop_assert!(all.len() >= 2 && all.len() <= most as usize + 3, "{all:?}");
        }
    }
}
