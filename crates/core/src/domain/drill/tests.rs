//! The types of a drill, and how its lines are read.

use proptest::prelude::*;

use super::*;
use crate::sample::{at, content};

#[test]
fn an_expected_observation_may_begin_with_a_competency() {
    let read = |text: &str| expected(text, &content(), "PAY");
    let of_i1 = Ok((Some("PAY-I1".to_owned()), "switches over".to_owned()));
    assert_eq!(read("PAY-I1 switches over"), of_i1);
    assert_eq!(read("pay-i1:  switches over"), of_i1);
    assert_eq!(read("Calls finance"), Ok((None, "Calls finance".into())));
    assert!(read("PAY-I1").unwrap_err().contains("Say what you expect"));
    assert!(
        read("PAY-I9 switches")
            .unwrap_err()
            .contains("is not a competency")
    );
    assert_eq!(
        read("ORD-I1 is told").unwrap().0,
        None,
        "a code of another area is a word"
    );
}

#[test]
fn a_start_is_in_the_future_or_at_most_an_hour_ago() {
    let now = at("2026-11-12T10:00:00Z");
    assert!(check_start(now.plus_hours(-1), now).is_ok());
    assert!(check_start(now.plus_hours(-1).plus_seconds(-1), now).is_err());
    assert!(check_start(now.plus_hours(24 * 366), now).is_ok());
    assert!(check_start(now.plus_hours(24 * 366 + 1), now).is_err());
}

proptest! {
    #[test]
    fn nobody_takes_part_twice_and_there_is_one_game_master_and_one_primary(
        gm in 1_i64..9, primary in 1_i64..9,
        secondaries in prop::collection::vec(1_i64..9, 0..5), observers in prop::collection::vec(1_i64..9, 0..5),
    ) {
        let all: Vec<i64> = [gm, primary].into_iter().chain(secondaries.clone()).chain(observers.clone()).collect();
        let mut once = all.clone();
        once.sort_unstable();
        once.dedup();
        let participants = Participants::new(gm, primary, &secondaries, &observers);
        prop_assert_eq!(participants.is_ok(), once.len() == all.len());
        if let Ok(participants) = participants {
            let of = |role| participants.parts().iter().filter(|(_, r)| *r == role).count();
            prop_assert_eq!((of(Role::GameMaster), of(Role::Primary)), (1, 1));
            prop_assert_eq!(participants.parts().len(), all.len());
            prop_assert_eq!(participants.role(gm), Some(Role::GameMaster));
        }
    }

    #[test]
    fn whatever_is_written_is_read_or_refused_and_nothing_is_lost(text in "(PAY-I[0-9]|pay-i1|[A-Z]{3})?[: ,]{0,2}\\PC{0,40}") {
        let words = LineWords::parse(&text).unwrap();
        if let Ok((code, body)) = expected(words.as_str(), &content(), "PAY") {
            prop_assert!(words.as_str().ends_with(body.as_str()));
            prop_assert!(code.is_none() || !body.is_empty());
        }
    }
}
