use super::*;
use crate::sample::day;
use proptest::prelude::*;

fn rule(need: &str, days: i32) -> Rule {
    Rule {
        need: need.parse().unwrap(),
        days,
    }
}

fn on(text: &str, kind: ActivityKind, minutes: i32) -> Practised {
    Practised {
        day: day(text),
        kind,
        minutes: Some(minutes),
    }
}

#[test]
fn a_rule_says_itself_in_words() {
    for (need, days, words) in [
        ("1 practices", 90, "1 practice in 90 days"),
        (
            "3 practices shift incident",
            90,
            "3 practices in 90 days, of on-call shifts and real incidents",
        ),
        (
            "600 minutes drill",
            30,
            "600 minutes of practice in 30 days, of drills",
        ),
        (
            "2 practices shift drill drill_led",
            1,
            "2 practices in 1 day, of on-call shifts, drills and drills led",
        ),
    ] {
        assert_eq!(rule(need, days).words(), words);
    }
    assert_eq!(
        rule("3 practices", 9).need.missing_words(2),
        "1 more practice"
    );
}

#[test]
fn a_practice_that_does_not_count_says_why() {
    use ActivityKind::{Drill, Incident, Shift};
    let why = |need: &str, kind, minutes| {
        rule(need, 90)
            .need
            .why_not(kind, minutes)
            .unwrap_or_default()
    };
    assert_eq!(why("1 practices", Incident, None), "");
    assert_eq!(
        why("2 practices shift drill", Incident, None),
        "only on-call shifts and drills count"
    );
    assert_eq!(
        why("60 minutes drill", Shift, Some(60)),
        "only drills count"
    );
    assert_eq!(
        why("60 minutes drill", Drill, None),
        "minutes count, and it has none"
    );
    assert_eq!(why("60 minutes drill", Drill, Some(1)), "");
}

#[test]
fn who_lacks_more_is_reminded_earlier() {
    for (need, days, left, notice) in [
        ("1 practices", 90, 0, 14),
        ("3 practices", 90, 2, 15),
        ("3 practices", 90, 1, 30),
        ("3 practices", 90, 0, 45),
        ("600 minutes", 60, 300, 15),
        ("600 minutes", 60, 0, 30),
        ("10 practices", 90, 9, 14),
    ] {
        assert_eq!(rule(need, days).notice_days(left), notice, "{need} {left}");
    }
}

#[test]
fn a_changed_rule_ends_nothing_at_once_and_gives_no_day_more() {
    use ActivityKind::Shift;
    let (from, today) = (day("2026-01-01"), day("2026-06-20"));
    // The last practice was 80 days ago: the rule of 90 days held for ten more.
    let log = [on("2026-03-01", Shift, 60), on("2026-04-01", Shift, 60)];
    let until = day("2026-06-30");
    for (need, days, ends) in [
        ("1 practices", 60, "2026-06-30"),
        ("1 practices", 5, "2026-06-25"),
        ("3 practices", 90, "2026-06-30"),
        // What was practised is enough for longer.
        ("1 practices", 120, "2026-07-30"),
    ] {
        let rule = rule(need, days);
        let from = rule.taken_on((from, until), &log, today);
        assert_eq!(rule.kept(from, &log).until, day(ends), "{need} in {days}");
    }
}

#[test]
fn the_second_last_practice_opens_the_window_of_two() {
    use ActivityKind::{Drill, Shift};
    let from = day("2026-01-01");
    let two = rule("2 practices", 90);
    let kept = |log: &[Practised]| {
        let kept = two.kept(from, log);
        (kept.until.to_string(), kept.left)
    };
    // The grant counts as both, so nobody lapses at once.
    assert_eq!(kept(&[]), ("2026-04-01".into(), 0));
    // With one more, one of the two is from the grant.
    let one = on("2026-03-01", Shift, 60);
    assert_eq!(kept(&[one]), ("2026-04-01".into(), 1));
    let both = [one, on("2026-03-20", Drill, 60)];
    assert_eq!(kept(&both), ("2026-05-30".into(), 1));
    // Two on one day are two.
    assert_eq!(kept(&[one, one]), ("2026-05-30".into(), 0));
    // The day after it fell below is too late.
    let late = [one, on("2026-04-02", Drill, 60)];
    assert_eq!(kept(&late), ("2026-04-01".into(), 1));
    assert_eq!(two.kept(from, &late).practised_on, one.day);
}

#[test]
fn only_the_chosen_kinds_count_and_minutes_add_up() {
    use ActivityKind::{Drill, Shift};
    let from = day("2026-01-01");
    let log = [on("2026-02-01", Shift, 90), on("2026-03-01", Drill, 45)];
    let until = |need: &str| rule(need, 90).kept(from, &log).until.to_string();
    assert_eq!(until("1 practices"), "2026-05-30");
    assert_eq!(until("1 practices shift"), "2026-05-02");
    assert_eq!(until("1 practices incident"), "2026-04-01");
    assert_eq!(until("45 minutes"), "2026-05-30");
    assert_eq!(until("135 minutes"), "2026-05-02");
    assert_eq!(until("136 minutes"), "2026-04-01");
    assert_eq!(rule("136 minutes", 90).kept(from, &log).left, 135);
    let unknown = Practised {
        minutes: None,
        ..on("2026-02-01", Shift, 0)
    };
    let kept = rule("1 minutes", 90).kept(from, &[unknown]);
    assert_eq!((kept.practised_on, kept.left), (from, 0));
}

#[test]
fn a_clearance_holds_through_exactly_n_days_without_practice() {
    // practised on, window, holds until: over a leap day, and not
    for (from, days, until) in [
        ("2026-11-23", 90, "2027-02-21"),
        ("2028-02-28", 2, "2028-03-01"),
        ("2027-02-28", 2, "2027-03-02"),
    ] {
        let kept = rule("1 practices", days).kept(day(from), &[]);
        assert_eq!(kept.until, day(until), "{from} and {days} days");
    }
    let last = |log: &[&str]| {
        let log: Vec<_> = log.iter().map(|d| on(d, ActivityKind::Shift, 1)).collect();
        rule("1 practices", 90)
            .kept(day("2026-01-01"), &log)
            .practised_on
            .to_string()
    };
    assert_eq!(last(&["2026-04-01"]), "2026-04-01");
    assert_eq!(last(&["2026-04-02"]), "2026-01-01");
    assert_eq!(last(&["2026-06-20", "2026-03-31"]), "2026-06-20");
}

/// The rule as it was before amounts: the last practice that kept a clearance alive.
fn last_practice(from: Day, days: i32, log: &[Practised]) -> Day {
    let mut all: Vec<Day> = log.iter().map(|p| p.day).collect();
    all.sort_unstable();
    all.into_iter().fold(from, |last, day| {
        if day > last && day <= last.plus_days(days.into()) {
            day
        } else {
            last
        }
    })
}

fn log() -> impl Strategy<Value = Vec<Practised>> {
    let one = (-50..800_i64, 0..4_usize, prop::option::of(1..600_i32));
    prop::collection::vec(one, 0..20).prop_map(|all| {
        let each = all.into_iter().map(|(offset, kind, minutes)| Practised {
            day: day("2026-01-01").plus_days(offset),
            kind: ActivityKind::ALL[kind],
            minutes,
        });
        each.collect()
    })
}

fn need() -> impl Strategy<Value = Need> {
    let kinds = prop::collection::vec(0..4_usize, 0..4);
    (1..6_i32, any::<bool>(), kinds).prop_map(|(n, minutes, kinds)| {
        let kinds: Vec<_> = kinds.iter().map(|k| ActivityKind::ALL[*k]).collect();
        match minutes {
            true => Need::new(n * 100, Unit::Minutes, &kinds).unwrap(),
            false => Need::new(n, Unit::Practices, &kinds).unwrap(),
        }
    })
}

proptest! {
    #[test]
    fn one_practice_of_any_kind_is_the_rule_of_before(log in log(), days in 1..200_i32) {
        let from = day("2026-01-01");
        let kept = Rule { need: Need::ONE, days }.kept(from, &log);
        let last = last_practice(from, days, &log);
        prop_assert_eq!(kept, Kept { practised_on: last, until: last.plus_days(days.into()), left: 0 });
    }

    #[test]
    fn a_need_reads_back_as_it_is_stored(need in need()) {
        prop_assert_eq!(need.to_string().parse(), Ok(need));
    }

    #[test]
    fn the_rule_holds_through_its_last_day_and_is_broken_after(need in need(), log in log(), days in 1..200_i32) {
        let from = day("2026-01-01");
        let rule = Rule { need, days };
        let kept = rule.kept(from, &log);
        // Counted anew for a day: the grant is the whole need, and what is in the window adds to it.
        let amount = |on: Day| {
            let in_window = |day: Day| day <= on && on.days_since(day) <= i64::from(days);
            let own = log.iter().filter(|p| p.day > from && in_window(p.day) && rule.need.counts(p.kind));
            let sum: i64 = own.map(|p| rule.weight(p)).sum();
            sum + if in_window(from) { i64::from(rule.need.amount()) } else { 0 }
        };
        let need = i64::from(rule.need.amount());
        let mut on = from;
        while on <= kept.until {
            prop_assert!(amount(on) >= need, "{on}");
            on = on.plus_days(1);
        }
        // What is practised on the day after comes too late.
        let after = kept.until.plus_days(1);
        let late = log.iter().filter(|p| p.day == after && rule.need.counts(p.kind));
        let late: i64 = late.map(|p| rule.weight(p)).sum();
        prop_assert_eq!(amount(after) - late, i64::from(kept.left));
        prop_assert!(i64::from(kept.left) < need);
    }

    #[test]
    fn a_changed_rule_holds_for_a_window_or_as_long_as_before(
        before in need(), after in need(), log in log(), days in 1..200_i32, changed in 1..200_i32, later in 0..200_i64,
    ) {
        let from = day("2026-01-01");
        let until = Rule { need: before, days }.kept(from, &log).until;
        let today = until.plus_days(-later).max(from);
        let rule = Rule { need: after, days: changed };
        let log: Vec<Practised> = log.into_iter().filter(|p| p.day <= today).collect();
        let taken = rule.taken_on((from, until), &log, today);
        prop_assert!(taken <= today && taken >= today.plus_days(-i64::from(changed)).min(from));
        let kept = rule.kept(taken, &log).until;
        prop_assert!(kept >= until.min(today.plus_days(changed.into())));
        prop_assert!(kept <= until || rule.kept(taken, &log).practised_on > taken);
    }

    #[test]
    fn more_practice_never_ends_a_clearance_earlier(need in need(), log in log(), days in 1..200_i32) {
        let from = day("2026-01-01");
        let rule = Rule { need, days };
        let fewer = log.split_last().map_or(&[][..], |(_, rest)| rest);
        prop_assert!(rule.kept(from, &log).until >= rule.kept(from, fewer).until);
    }
}
