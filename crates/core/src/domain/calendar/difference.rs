//! What a change of something planned is for each person. Pure.

/// What is told to someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// They take part from now on.
    Joined,
    /// What they take part in is not what it was.
    Changed,
    /// They take no part any longer.
    Left,
}

/// Who is told what. Each person stands beside what they see of it; who sees the same as before is told nothing.
pub fn news<Seen: PartialEq>(was: &[(i64, Seen)], is: &[(i64, Seen)]) -> Vec<(i64, News)> {
    let of = |all: &[(i64, Seen)], id: i64| all.iter().position(|(other, _)| *other == id);
    let now = is.iter().filter_map(|(id, seen)| {
        let before = of(was, *id).and_then(|place| was.get(place));
        match before {
            None => Some((*id, News::Joined)),
            Some((_, before)) => (before != seen).then_some((*id, News::Changed)),
        }
    });
    let left = was.iter().filter(|(id, _)| of(is, *id).is_none());
    now.chain(left.map(|(id, _)| (*id, News::Left))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_is_told_what_it_is_for_them() {
        let was = [
            (1, "10:00, leads"),
            (2, "10:00, plays"),
            (3, "10:00, watches"),
        ];
        let told = |is: &[(i64, &'static str)]| news(&was, is);
        assert_eq!(told(&was), []);
        assert_eq!(
            told(&[
                (1, "11:00, leads"),
                (2, "11:00, plays"),
                (3, "11:00, watches")
            ]),
            [1, 2, 3].map(|id| (id, News::Changed))
        );
        // One is replaced, and another has another part.
        assert_eq!(
            told(&[
                (1, "10:00, leads"),
                (3, "10:00, plays"),
                (4, "10:00, watches")
            ]),
            [(3, News::Changed), (4, News::Joined), (2, News::Left)]
        );
        assert_eq!(told(&[]), [1, 2, 3].map(|id| (id, News::Left)));
    }

    proptest! {
        #[test]
        fn nobody_is_told_twice_and_a_change_back_undoes_it(
            was in prop::collection::btree_map(0_i64..9, 0_u8..3, 0..7),
            is in prop::collection::btree_map(0_i64..9, 0_u8..3, 0..7),
        ) {
            let (was, is): (Vec<_>, Vec<_>) = (was.into_iter().collect(), is.into_iter().collect());
            let mut there = news(&was, &is);
            let mut back = news(&is, &was);
            there.sort_by_key(|(id, _)| *id);
            back.sort_by_key(|(id, _)| *id);
            let ids: Vec<i64> = there.iter().map(|(id, _)| *id).collect();
            let mut once = ids.clone();
            once.dedup();
            prop_assert_eq!(&ids, &once);
            for (id, what) in &there {
                let of = |all: &[(i64, u8)]| all.iter().any(|(other, _)| other == id);
                prop_assert_eq!(of(&is), *what != News::Left);
                prop_assert_eq!(of(&was), *what != News::Joined);
            }
            let undone: Vec<_> = back
                .into_iter()
                .map(|(id, what)| (id, match what {
                    News::Joined => News::Left,
                    News::Left => News::Joined,
                    News::Changed => News::Changed,
                }))
                .collect();
            prop_assert_eq!(there, undone);
        }
    }
}
