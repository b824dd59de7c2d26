//! Figures about the cover of an area.

/// How many people can leave until the cover of an area is broken, the last of them included; 0 when it is broken now.
pub fn bus_factor(cleared: usize, minimum: usize) -> usize {
    (cleared + 1).saturating_sub(minimum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bus_factor_is_the_number_of_leavers_that_breaks_cover() {
        for (cleared, minimum, factor) in [(4, 3, 2), (3, 3, 1), (2, 3, 0), (0, 3, 0), (1, 0, 2)] {
            assert_eq!(
                bus_factor(cleared, minimum),
                factor,
                "{cleared} of {minimum}"
            );
        }
    }
}
