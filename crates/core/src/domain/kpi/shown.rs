//! How numbers of figures are written and read.

use super::{Goal, Measure, Unit};

/// A number without its unit, as a form shows it and [`read`] reads it.
pub fn typed(value: f64, unit: Unit) -> String {
    let (value, decimals) = match unit {
        Unit::Share => (value * 100.0, 1),
        Unit::Count | Unit::Days | Unit::WorkingDays => (value, 1),
        Unit::Ratio => (value, 2),
    };
    let text = format!("{value:.decimals$}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    match short {
        "-0" | "" => "0".into(),
        short => short.to_owned(),
    }
}

/// Why a number is left out.
pub const TOO_FEW: &str = "Not shown of fewer than 3 people";

/// The number, or a dash where there is none.
pub fn measure(measure: Measure, unit: Unit) -> String {
    measure
        .value
        .map_or_else(|| "–".into(), |v| unit.written(v))
}

/// `at least 85 %`, `at most 2`, `0.90 to 1.20`.
pub fn goal(goal: Goal, unit: Unit) -> String {
    match goal {
        Goal::AtLeast(low) => format!("at least {}", unit.written(low)),
        Goal::AtMost(high) => format!("at most {}", unit.written(high)),
        Goal::Between(low, high) => format!("{} to {}", unit.written(low), unit.written(high)),
    }
}

/// Which way is better.
pub fn direction(goal: Option<Goal>) -> &'static str {
    match goal {
        Some(Goal::AtLeast(_)) => "Higher is better",
        Some(Goal::AtMost(_)) => "Lower is better",
        Some(Goal::Between(..)) => "Best between the two ends",
        None => "Shown for context, without a target",
    }
}

/// A number as it was typed, with a point or a comma; per cent for a share. None for an empty field.
///
/// Errors: A sentence for the field.
pub fn read(text: &str, unit: Unit) -> Result<Option<f64>, String> {
    let text = text.trim().trim_end_matches('%').trim_end();
    if text.is_empty() {
        return Ok(None);
    }
    let most = match unit {
        Unit::Share => 100.0,
        _ => 100_000.0,
    };
    // A ratio may be a difference.
    let least = if unit == Unit::Ratio { -most } else { 0.0 };
    let number = text.replacen(',', ".", 1).parse::<f64>().ok();
    let number = number.filter(|n| (least..=most).contains(n));
    let number =
        number.ok_or_else(|| format!("Enter a number from {least} to {most}, like 2.5."))?;
    Ok(Some(match unit {
        Unit::Share => number / 100.0,
        _ => number,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn goals_are_written_with_their_unit() {
        assert_eq!(goal(Goal::Between(0.9, 1.2), Unit::Ratio), "0.90 to 1.20");
        assert_eq!(goal(Goal::AtLeast(0.8), Unit::Share), "at least 80 %");
        let none = Measure { value: None, n: 0 };
        assert_eq!(measure(none, Unit::Days), "–");
    }

    #[test]
    fn numbers_are_read_with_a_point_or_a_comma() {
        assert_eq!(read("0,9", Unit::Ratio), Ok(Some(0.9)));
        assert_eq!(read(" 85 % ", Unit::Share), Ok(Some(0.85)));
        assert_eq!(read("  ", Unit::Days), Ok(None));
        for bad in ["-1", "many", "NaN", "inf", "1e9", "100001"] {
            assert!(read(bad, Unit::Days).is_err(), "{bad}");
        }
        assert!(read("101", Unit::Share).is_err());
    }

    proptest! {
        #[test]
        fn what_a_form_shows_is_read_as_the_same_number(tenths in 0_i32..=1000) {
            for unit in [Unit::Share, Unit::Count, Unit::Days, Unit::Ratio] {
                let shown = typed(f64::from(tenths) / 1000.0, unit);
                let again = read(&shown, unit).unwrap().unwrap();
                prop_assert_eq!(typed(again, unit), shown);
            }
        }
    }
}
