//! The first steps of each part, shown on home until they are done or put away.

use crate::text_enum;

text_enum! {
    /// Whose first steps they are. The label is their heading.
    pub enum Part {
        Mentee = "mentee" / "Your first ramp",
        Mentor = "mentor" / "Your first mentee",
        Lead = "lead" / "Your team and its areas",
        Administrator = "administrator" / "Your installation",
    }
}

/// The parts that a person has put away, as stored; words that this version does not know are left out.
pub fn parts(stored: &str) -> Vec<Part> {
    stored.split_whitespace().filter_map(Part::parse).collect()
}

/// What is stored once they have put away one more; `None` where they had.
pub fn with(stored: &str, part: Part) -> Option<String> {
    if parts(stored).contains(&part) {
        return None;
    }
    let mut words: Vec<&str> = stored.split_whitespace().collect();
    words.push(part.word());
    Some(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_put_away_once_and_for_good() {
        let mut stored = String::new();
        for (n, part) in Part::ALL.iter().enumerate() {
            stored = with(&stored, *part).unwrap();
            assert_eq!(parts(&stored), Part::ALL[..=n]);
            assert_eq!(with(&stored, *part), None);
        }
        assert_eq!(parts("mentee of a later version"), [Part::Mentee]);
    }
}
