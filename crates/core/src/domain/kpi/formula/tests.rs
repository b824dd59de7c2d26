//! Each figure on numbers that were computed by hand; docs/kpis.md shows the same ones.

use super::*;
use crate::db::types::Day;
use crate::domain::assessment::Stream;
use crate::domain::kpi::Measure;
use crate::domain::ramp::RampState;
use crate::domain::ramp::clock::Clock;
use crate::domain::standard::{Level, Strength};
use crate::sample::{at, day};
use proptest::prelude::*;

/// Compares to the second decimal of a share or ratio.
#[track_caller]
fn is(measure: Measure, value: f64, n: u32) {
    let found = measure.value.expect("a value");
    assert!((found - value).abs() < 0.0005, "{found} is not {value}");
    assert_eq!(measure.n, n);
}

#[track_caller]
fn is_nothing(measure: Measure) {
    assert_eq!(measure, Measure { value: None, n: 0 });
}

#[test]
fn a_median_is_the_middle_or_the_mean_of_two() {
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[4.0]), Some(4.0));
    assert_eq!(median(&[9.0, 1.0, 4.0]), Some(4.0));
    assert_eq!(median(&[9.0, 1.0, 4.0, 2.0]), Some(3.0));
    let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
    assert_eq!(percentile(&hundred, 80), Some(80.0));
    assert_eq!(percentile(&[7.0], 80), Some(7.0));
    assert_eq!(percentile(&[], 80), None);
}

#[test]
fn time_to_clearance() {
    let granted = |days, planned| time::Granted {
        area_id: 1,
        days,
        planned,
    };
    let all = [granted(90, 56), granted(40, 84), granted(61, 84)];
    is(time::to_clearance(&all), 61.0, 3);
    is(time::to_clearance_of_most(&all), 90.0, 3);
    is(time::planned(&all), 84.0, 3);
    is_nothing(time::to_clearance(&[]));
}

#[test]
fn logging_delay() {
    is(time::median_days(&[0.0, 8.0, 1.0]), 1.0, 3);
    is_nothing(time::median_days(&[]));
    let ended = at("2026-11-02T10:00:00Z");
    assert!((time::between(ended, at("2026-11-03T22:00:00Z")) - 1.5).abs() < 1e-9);
    assert!(time::between(ended, at("2026-11-02T09:00:00Z")).abs() < 1e-9);
}

#[test]
fn sign_off_turnaround_counts_working_days() {
    // 2 November 2026 is a Monday.
    let table = [
        ("2026-11-02", "2026-11-02", 0),
        ("2026-11-02", "2026-11-03", 1),
        ("2026-11-06", "2026-11-09", 1),
        ("2026-11-06", "2026-11-07", 0),
        ("2026-11-07", "2026-11-08", 0),
        ("2026-11-07", "2026-11-09", 1),
        ("2026-11-02", "2026-11-09", 5),
        ("2026-11-05", "2026-11-18", 9),
        ("2026-11-09", "2026-11-02", 0),
    ];
    for (from, to, days) in table {
        assert_eq!(time::working_days(day(from), day(to)), days, "{from} {to}");
    }
    let decided = |on: &str, is_returned| time::Decided {
        area_id: 1,
        requested_on: day("2026-11-02"),
        decided_on: day(on),
        is_returned,
    };
    let all = [
        decided("2026-11-03", false),
        decided("2026-11-04", true),
        decided("2026-11-06", false),
        decided("2026-11-13", false),
    ];
    is(time::turnaround(&all), 3.0, 4);
    is(time::returned(&all), 0.25, 4);
    is_nothing(time::turnaround(&[]));
}

proptest! {
    #[test]
    fn working_days_are_those_from_monday_to_friday(start in 0_i64..1000, length in 0_i64..400) {
        let from = day("2026-01-01").plus_days(start);
        let to = from.plus_days(length);
        let one_by_one = (1..=length)
            .filter(|n| from.plus_days(*n).date().weekday().to_monday_zero_offset() < 5)
            .count();
        prop_assert_eq!(time::working_days(from, to), i64::try_from(one_by_one).unwrap());
    }
}

fn open(lines: usize, met: usize, days: i64, planned: i64) -> ramps::Open {
    ramps::Open {
        ramp_id: 1,
        area_id: 1,
        lines,
        met,
        days,
        planned,
        is_running: true,
        competencies: 0,
        unseen: Vec::new(),
        waived_until: Vec::new(),
    }
}

#[test]
fn pace() {
    assert!((open(30, 9, 20, 80).pace().unwrap() - 1.2).abs() < 1e-9);
    let all = [
        open(100, 20, 20, 80),
        open(100, 25, 20, 80),
        open(100, 55, 40, 80),
        // In its first tenth, paused, and without lines or days.
        open(100, 1, 7, 80),
        ramps::Open {
            is_running: false,
            ..open(100, 0, 70, 80)
        },
        open(0, 0, 70, 80),
        open(10, 0, 5, 0),
    ];
    is(ramps::pace(&all), 1.0, 3);
    assert_eq!(open(10, 1, 8, 80).pace(), Some(1.0));
    is_nothing(ramps::pace(&[]));
}

#[test]
fn not_observed() {
    let late = |competencies, unseen: usize, days| ramps::Open {
        competencies,
        unseen: vec!["PAY-A1".to_owned(); unseen],
        ..open(30, 9, days, 80)
    };
    let all = [late(12, 3, 41), late(8, 1, 79), late(20, 20, 40)];
    is(ramps::not_observed(&all), 0.2, 20);
    is_nothing(ramps::not_observed(&all[2..]));
}

#[test]
fn waiver_load() {
    let today = day("2026-11-30");
    let waived = |lines, until: &[&str]| ramps::Open {
        waived_until: until.iter().map(|text| day(text)).collect(),
        ..open(lines, 9, 20, 80)
    };
    let all = [
        waived(40, &["2026-11-30", "2026-11-29"]),
        waived(60, &["2027-01-15"]),
    ];
    is(ramps::waiver_load(&all, today), 0.02, 100);
    is(ramps::waivers_past_end(&all, today), 1.0, 3);
    is_nothing(ramps::waiver_load(&[], today));
    assert_eq!(ramps::waivers_past_end(&[], today).value, Some(0.0));
}

fn covered(tier: i32, cleared: usize, minimum: usize) -> cover::Covered {
    cover::Covered {
        area_id: 1,
        tier,
        minimum,
        cleared,
        qualifiers: cleared / 2,
    }
}

#[test]
fn coverage_and_bus_factor() {
    let (three, one, none) = (covered(1, 3, 2), covered(1, 2, 2), covered(2, 0, 2));
    is(cover::coverage(&[three]), 1.5, 1);
    is(cover::coverage(&[three, none]), 0.0, 2);
    is(cover::below_minimum(&[three, one, none]), 1.0, 3);
    is(cover::bus_factor(&[three]), 2.0, 1);
    is(cover::bus_factor(&[three, one, none]), 1.0, 2);
    is(cover::bus_factor(&[none]), 0.0, 1);
    is_nothing(cover::coverage(&[]));
    is_nothing(cover::bus_factor(&[]));
    assert_eq!(
        (cover::asked_of(true, 2.0), cover::asked_of(false, 2.0)),
        (2.0, 1.0)
    );
}

#[test]
fn qualifier_depth() {
    let held = |person_id, area_id, is_qualifier| cover::Held {
        area_id,
        person_id,
        holds_until: day("2027-01-31"),
        end: String::new(),
        is_qualifier,
        is_practised: true,
    };
    let all = [
        held(1, 1, true),
        held(2, 1, true),
        held(3, 1, true),
        held(4, 1, false),
        held(1, 2, true),
    ];
    let areas = cover::covered_areas(&[(1, 1, 3), (2, 2, 2), (3, 2, 1)], &all);
    let numbers: Vec<_> = areas.iter().map(|a| (a.cleared, a.qualifiers)).collect();
    assert_eq!(numbers, [(4, 3), (1, 1), (0, 0)]);
    is(cover::qualifier_depth(&areas[..2]), 1.0, 2);
    is(cover::qualifier_depth(&areas), 0.0, 3);
}

#[test]
fn single_points_of_knowledge() {
    let known = |code: &str, is_critical, holders| cover::Known {
        area_id: 1,
        code: code.into(),
        is_critical,
        holders,
    };
    let all = [
        known("PAY-I1", true, 0),
        known("PAY-I2", true, 1),
        known("PAY-C1", true, 2),
        known("PAY-A1", false, 1),
    ];
    is(cover::single_points(&all, true), 1.0, 3);
    is(cover::single_points(&all, false), 2.0, 4);
    is_nothing(cover::single_points(&[], true));
}

#[test]
fn currency() {
    let today = day("2026-11-30");
    let held = |until: &str, is_practised| cover::Held {
        area_id: 1,
        person_id: 1,
        holds_until: day(until),
        end: String::new(),
        is_qualifier: false,
        is_practised,
    };
    let all = [
        held("2026-11-30", true),
        held("2026-12-29", true),
        held("2026-12-30", true),
        held("2027-06-30", false),
    ];
    is(cover::currency(&all), 0.75, 4);
    is(cover::lapsing(&all, 30, today), 2.0, 4);
    is(cover::lapsing(&all, 60, today), 3.0, 4);
    is_nothing(cover::currency(&[]));
}

#[test]
fn rota_mismatch() {
    let today = day("2026-11-30");
    let shift = |starts: &str, is_cleared| cover::Shift {
        area_id: 1,
        starts: day(starts),
        is_cleared,
    };
    let all = [
        shift("2026-11-30", true),
        shift("2026-12-07", false),
        shift("2026-12-27", true),
        // The day before, and after 28 days.
        shift("2026-11-29", false),
        shift("2026-12-28", false),
    ];
    is(cover::rota_mismatch(&all, today), 1.0, 3);
    is_nothing(cover::rota_mismatch(&[], today));
}

fn mentor(primary: u32, secondary: u32, minutes: u32, hours: Option<u32>) -> mentoring::Mentor {
    mentoring::Mentor {
        person_id: 1,
        primary,
        secondary,
        minutes,
        hours_agreed: hours,
    }
}

#[test]
fn mentor_load_and_its_spread() {
    let all = [
        mentor(1, 0, 540, Some(8)),
        mentor(1, 1, 0, None),
        mentor(3, 0, 240, Some(8)),
    ];
    is(mentoring::load(&all), 3.0, 3);
    is(mentoring::hours(&all), 1.125, 2);
    is(mentoring::spread(&all), 2.0, 3);
    is(mentoring::load(&[mentor(1, 2, 0, None)]), 2.0, 1);
    is(mentoring::spread(&[mentor(0, 1, 0, None)]), 1.0, 1);
    is_nothing(mentoring::load(&[]));
    is_nothing(mentoring::spread(&[]));
    assert_eq!(mentor(1, 0, 60, Some(0)).hours(), None);
}

fn paired(active_days: i64, interval_days: i32, last_on: &str) -> mentoring::Paired {
    mentoring::Paired {
        area_id: 1,
        ramp_id: 1,
        active_days,
        interval_days,
        is_active: true,
        last_on: day(last_on),
    }
}

#[test]
fn session_cadence() {
    let all = [
        paired(42, 7, "2026-11-30"),
        paired(56, 14, "2026-11-30"),
        paired(0, 7, "2026-11-30"),
    ];
    is(mentoring::cadence(9, &all), 0.9, 2);
    is(mentoring::cadence(0, &all), 0.0, 2);
    is_nothing(mentoring::cadence(3, &[]));
    is_nothing(mentoring::cadence(3, &all[2..]));
}

#[test]
fn a_pairing_is_active_while_it_lasts_and_the_clock_runs() {
    let steps = [
        (RampState::Active, day("2026-11-01")),
        (RampState::Paused, day("2026-11-10")),
        (RampState::Active, day("2026-11-15")),
    ];
    let clock = Clock::of(day("2026-11-01"), steps);
    let window = mentoring::Days {
        from: day("2026-11-05"),
        until: day("2026-12-01"),
    };
    let active = |since: &str, until: Option<&str>| {
        mentoring::active_days(&clock, (day(since), until.map(day)), window)
    };
    assert_eq!(active("2026-10-01", None), 21);
    assert_eq!(active("2026-11-08", Some("2026-11-20")), 7);
    assert_eq!(active("2026-11-11", Some("2026-11-14")), 0);
    assert_eq!(active("2026-10-01", Some("2026-11-05")), 0);
    assert_eq!(active("2026-12-05", None), 0);
}

#[test]
fn stale_pairings() {
    let today = day("2026-11-30");
    let all = [
        paired(42, 7, "2026-11-15"),
        paired(42, 7, "2026-11-16"),
        paired(42, 10, "2026-11-10"),
        paired(42, 1, "2026-11-20"),
        mentoring::Paired {
            is_active: false,
            ..paired(42, 7, "2026-01-01")
        },
    ];
    is(mentoring::stale(&all, today), 0.25, 4);
    is_nothing(mentoring::stale(&[], today));
}

#[test]
fn session_reliability() {
    use mentoring::Outcome::{Cancelled, Held, NoShow};
    let mut all = vec![Held; 17];
    all.extend([Cancelled, Cancelled, NoShow]);
    is(mentoring::reliability(&all), 0.85, 20);
    is_nothing(mentoring::reliability(&[]));
}

fn judged(id: i64, code: &str, stream: Stream, level: i64, on: &str) -> judged::Judged {
    judged::Judged {
        id,
        area_id: 1,
        ramp_id: 1,
        mentee_id: 1,
        code: code.into(),
        stream,
        level: Level::new(level).unwrap(),
        by_id: 2,
        at: day(on).start(),
        strength: Strength::Lab,
    }
}

#[test]
fn judgements_of_both_sides_form_pairs() {
    use Stream::{Mentor, Self_};
    let all = [
        judged(1, "A", Self_, 3, "2026-11-01"),
        judged(2, "B", Mentor, 4, "2026-11-01"),
        judged(3, "A", Mentor, 4, "2026-11-15"),
        // Of the same side: the later one waits.
        judged(4, "B", Mentor, 2, "2026-11-10"),
        judged(5, "B", Self_, 3, "2026-11-20"),
        // No other judgement is within 14 days.
        judged(6, "A", Self_, 5, "2026-11-16"),
        judged(7, "A", Mentor, 5, "2026-12-01"),
        // The one before is in a pair already.
        judged(8, "B", Mentor, 3, "2026-11-21"),
    ];
    let pairs: Vec<_> = judged::pairs(&all)
        .into_iter()
        .map(|pair| (pair.code, pair.own, pair.mentor, pair.at))
        .collect();
    assert_eq!(
        pairs,
        [
            ("A".to_owned(), 3, 4, day("2026-11-15").start()),
            ("B".to_owned(), 3, 2, day("2026-11-20").start()),
        ]
    );
}

fn pairs(levels: &[(u8, u8)]) -> Vec<judged::Pair> {
    levels
        .iter()
        .map(|(own, mentor)| judged::Pair {
            ramp_id: 1,
            mentee_id: 1,
            code: "A".into(),
            own: *own,
            mentor: *mentor,
            at: day("2026-11-01").start(),
        })
        .collect()
}

#[test]
fn agreement_of_self_and_mentor() {
    let seven = [(3, 3); 7];
    let three = [(3, 4), (4, 3), (2, 5)];
    let all = pairs(&[&seven[..], &three[..]].concat());
    is(judged::agreement(&all), 0.7, 10);
    is(
        judged::mean_gap(&pairs(&[(3, 4), (3, 3), (4, 3), (5, 4)])),
        0.25,
        4,
    );
    is_nothing(judged::agreement(&[]));
    is_nothing(judged::mean_gap(&[]));
}

#[test]
fn weighted_kappa() {
    is(
        judged::kappa(&pairs(&[(3, 3), (3, 4), (4, 4), (4, 4)])),
        0.5,
        4,
    );
    is(judged::kappa(&pairs(&[(1, 1), (5, 5)])), 1.0, 2);
    is(judged::kappa(&pairs(&[(1, 5), (5, 1)])), -1.0, 2);
    // Everyone always says 3: there is no chance to compare with.
    assert_eq!(
        judged::kappa(&pairs(&[(3, 3); 40])),
        Measure { value: None, n: 40 }
    );
    is_nothing(judged::kappa(&[]));
}

fn by(by_id: i64, mentee_id: i64, level: i64) -> judged::Judged {
    judged::Judged {
        by_id,
        mentee_id,
        ramp_id: mentee_id,
        ..judged(1, "A", Stream::Mentor, level, "2026-11-01")
    }
}

#[test]
fn assessor_strictness() {
    // Both judged person 1; person 2 only one of them; a mentee's own judgement is none of an assessor.
    let all = [
        by(7, 1, 4),
        by(7, 1, 3),
        by(8, 1, 3),
        by(8, 1, 2),
        by(8, 2, 5),
        judged(9, "A", Stream::Self_, 1, "2026-11-01"),
    ];
    let each = judged::strictness(&all);
    let seven = each.iter().find(|s| s.by_id == 7).unwrap();
    assert_eq!((seven.own, seven.others, seven.n), (3.5, 2.5, 2));
    is(judged::difference_of(&each, 7), 1.0, 2);
    is(judged::difference_of(&each, 8), -1.0, 2);
    is_nothing(judged::difference_of(&each, 9));

    let strict = |by_id, own, n| judged::Strict {
        by_id,
        own,
        others: 3.0,
        n,
    };
    let mut each = vec![strict(1, 2.8, 12), strict(2, 3.5, 10), strict(3, 4.9, 9)];
    // With two mentors that have enough it would be known who it is.
    assert_eq!(
        judged::greatest_difference(&each),
        Measure { value: None, n: 22 }
    );
    each.push(strict(4, 3.1, 10));
    is(judged::greatest_difference(&each), 0.5, 32);
}

#[test]
fn evidence_depth() {
    let backed = |strength, stream, level| judged::Judged {
        strength,
        ..judged(1, "A", stream, level, "2026-11-01")
    };
    let mut all = vec![backed(Strength::Drill, Stream::Mentor, 4); 5];
    all.extend(vec![backed(Strength::Real, Stream::Mentor, 5); 4]);
    all.extend(vec![backed(Strength::Lab, Stream::Mentor, 4); 3]);
    all.push(backed(Strength::Real, Stream::Mentor, 3));
    all.push(backed(Strength::Real, Stream::Self_, 5));
    is(judged::evidence_depth(&all), 0.75, 12);
    is_nothing(judged::evidence_depth(&[]));
}

#[test]
fn understood_ratio() {
    let alert = |is_understood| judged::Alert {
        area_id: 1,
        shift_id: 1,
        is_understood,
    };
    let mut all = vec![alert(true); 13];
    all.extend(vec![alert(false); 3]);
    is(judged::understood(&all), 0.8125, 16);
    is_nothing(judged::understood(&[]));
}

#[test]
fn postmortem_use() {
    let published = day("2026-01-01");
    let teachable = |uses: &[i64]| learned::Teachable {
        postmortem_id: 1,
        published_at: published.start(),
        used_at: uses
            .iter()
            .map(|n| published.plus_days(*n).start())
            .collect(),
    };
    let all = [
        teachable(&[190, 3]),
        teachable(&[10, 200]),
        teachable(&[40]),
        teachable(&[]),
    ];
    let since = |n: i64| published.plus_days(n).start();
    is(learned::postmortem_use(&all, since(40)), 0.75, 4);
    is(learned::postmortem_use(&all, since(41)), 0.5, 4);
    is(learned::days_to_first_use(&all), 10.0, 3);
    is_nothing(learned::postmortem_use(&[], since(0)));
    is_nothing(learned::days_to_first_use(&all[3..]));
}

#[test]
fn drill_rhythm() {
    let drill = |has_evidence| learned::Drilled {
        drill_id: 1,
        area_id: 1,
        has_evidence,
    };
    let all = [true, true, true, true, false].map(drill);
    is(learned::drill_rhythm(&all, 2), 2.5, 2);
    is(learned::drills_with_evidence(&all), 0.8, 5);
    is(learned::drill_rhythm(&[], 2), 0.0, 2);
    is_nothing(learned::drill_rhythm(&[], 0));
}

#[test]
fn checklist_freshness() {
    let section = |since: &str| learned::Section {
        area_id: 1,
        label: "Read".into(),
        since: day(since),
    };
    let mut all = vec![section("2026-06-04"); 6];
    all.extend(vec![section("2026-06-03"); 2]);
    is(learned::freshness(&all, day("2026-06-04")), 0.75, 8);
    is_nothing(learned::freshness(&[], day("2026-06-04")));
}

#[test]
fn first_solo_shifts() {
    let shifts = |pages, escalated| learned::FirstShifts { pages, escalated };
    is(
        learned::first_shifts(&[shifts(5, 2), shifts(3, 0)]),
        0.25,
        8,
    );
    is_nothing(learned::first_shifts(&[]));
}

proptest! {
    #[test]
    fn a_session_more_never_lowers_cadence_or_reliability(
        held in 0_usize..200, pairings in prop::collection::vec((0_i64..91, 1_i32..30), 0..12),
        missed in 0_usize..20,
    ) {
        let all: Vec<_> = pairings
            .iter()
            .map(|(days, interval)| paired(*days, *interval, "2026-11-30"))
            .collect();
        prop_assert!(mentoring::cadence(held + 1, &all).value >= mentoring::cadence(held, &all).value);
        let mut outcomes = vec![mentoring::Outcome::Held; held];
        outcomes.extend(vec![mentoring::Outcome::Cancelled; missed]);
        let before = mentoring::reliability(&outcomes).value;
        outcomes.push(mentoring::Outcome::Held);
        prop_assert!(mentoring::reliability(&outcomes).value >= before);
    }

    #[test]
    fn active_days_are_those_of_the_window_at_most(
        since in 0_i64..200, length in prop::option::of(0_i64..200), pause in 0_i64..200, resume in 0_i64..60,
    ) {
        let on = |n: i64| day("2026-01-01").plus_days(n);
        let steps = [
            (RampState::Active, on(20)),
            (RampState::Paused, on(20 + pause)),
            (RampState::Active, on(20 + pause + resume)),
        ];
        let clock = Clock::of(on(10), steps);
        let window = mentoring::Days { from: on(100), until: on(190) };
        let spell = (on(since), length.map(|n| on(since + n)));
        let runs = |d: &Day| *d >= on(20) && !(*d >= on(20 + pause) && *d < on(20 + pause + resume));
        let one_by_one = (100..190_i64)
            .map(on)
            .filter(|d| *d >= spell.0 && spell.1.is_none_or(|until| *d < until))
            .filter(runs)
            .count();
        let active = mentoring::active_days(&clock, spell, window);
        prop_assert_eq!(active, i64::try_from(one_by_one).unwrap());
    }

    #[test]
    fn a_share_is_between_nothing_and_all(part in 0_usize..50, more in 0_usize..50) {
        let share = Measure::share(part, part + more).value.unwrap_or_default();
        prop_assert!((0.0..=1.0).contains(&share));
    }

    #[test]
    fn kappa_is_at_most_one_and_one_only_where_all_agree(levels in prop::collection::vec((1_u8..6, 1_u8..6), 1..60)) {
        if let Some(kappa) = judged::kappa(&pairs(&levels)).value {
            prop_assert!(kappa <= 1.0 + 1e-9);
            let all_agree = levels.iter().all(|(own, mentor)| own == mentor);
            prop_assert_eq!((kappa - 1.0).abs() < 1e-9, all_agree);
        }
    }
}
