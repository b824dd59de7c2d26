//! Where someone has something to say about a ramp.

use crate::domain::standard::{Group, Level};

/// A competency as one side left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub group: Group,
    pub level: Option<Level>,
    pub required: Level,
    /// Since then more was seen than they said.
    pub is_outgrown: bool,
}

/// The group to open: the first with a competency that waits for a word, else with one below its level, else the first.
pub fn group_to_assess(all: &[Said]) -> Option<Group> {
    let first = |is_so: &dyn Fn(&Said) -> bool| all.iter().find(|said| is_so(said));
    first(&|said| said.level.is_none() || said.is_outgrown)
        .or_else(|| first(&|said| said.level < Some(said.required)))
        .or(all.first())
        .map(|said| said.group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::standard::Group::{Architecture, Change, Incident};

    #[test]
    fn the_button_opens_the_group_where_something_is_to_be_said() {
        let said = |group, level, is_outgrown| Said {
            group,
            level: Level::new(level),
            required: Level::new(3).unwrap(),
            is_outgrown,
        };
        let opens = |levels: [i64; 3], outgrown: [bool; 3]| {
            let groups = [Architecture, Incident, Change].into_iter();
            let all: Vec<Said> = groups
                .zip(levels.into_iter().zip(outgrown))
                .map(|(group, (level, is_outgrown))| said(group, level, is_outgrown))
                .collect();
            group_to_assess(&all).unwrap()
        };
        let none = [false; 3];
        assert_eq!(opens([4, 2, 0], none), Change, "nothing said");
        assert_eq!(opens([4, 2, 3], none), Incident, "below its level");
        assert_eq!(opens([4, 3, 3], none), Architecture, "all said");
        assert_eq!(
            opens([4, 2, 3], [false, false, true]),
            Change,
            "more was seen"
        );
        assert_eq!(group_to_assess(&[]), None);
    }
}
