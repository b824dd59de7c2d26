//! An event with its repetitions and the changes of single ones, as instances in a window of time.

use std::collections::BTreeMap;

use ical::component::IcalComponent;
use ical::param::IcalParam;
use ical::prop::{IcalProp, IcalPropKind as K, IcalPropName};
use ical::recur::set::{IcalRecurOverride, IcalRecurSet, IcalRecurZone};
use ical::recur::{IcalRecurDateTime, IcalRecurFreq, IcalRecurRule};
use ical::value::IcalValue;
use jiff::civil;
use jiff::tz::TimeZone;

use super::{Refused, Zones, text, value};
use crate::db::types::UtcTime;
use crate::domain::availability::free::Span;

/// Most rules of one event.
const MOST_RULES: usize = 4;
/// Occurrences of one series that were changed.
const MOST_CHANGES: usize = 500;
/// Longest event, in seconds. One that is longer is a mistake.
const LONGEST: i64 = 366 * 86_400;

/// A time as it is written: on a clock, or a whole day.
#[derive(Debug, Clone)]
struct Told {
    local: IcalRecurDateTime,
    zone: TimeZone,
    is_day: bool,
}

impl Told {
    fn moment(&self) -> Option<UtcTime> {
        moment(self.local, &self.zone)
    }

    /// The same moment on another clock; a day stays that day.
    fn on(&self, clock: &Self) -> IcalRecurDateTime {
        if clock.is_day {
            let day = self.local;
            return IcalRecurDateTime::date(day.year, day.month, day.day);
        }
        if self.is_day || self.zone == clock.zone {
            return self.local;
        }
        let Some(at) = self.moment() else {
            return self.local;
        };
        let there = clock.zone.to_datetime(at.timestamp());
        let number = |n: i8| u8::try_from(n).unwrap_or_default();
        IcalRecurDateTime {
            year: there.year().into(),
            month: number(there.month()),
            day: number(there.day()),
            hour: number(there.hour()),
            minute: number(there.minute()),
            second: number(there.second()),
        }
    }
}

/// A time that the change to summer time skips is the moment after it; of one that comes twice, the first (RFC 5545, 3.3.5).
fn moment(local: IcalRecurDateTime, zone: &TimeZone) -> Option<UtcTime> {
    let number = |n: u8| i8::try_from(n).ok();
    let civil = civil::DateTime::new(
        i16::try_from(local.year).ok()?,
        number(local.month)?,
        number(local.day)?,
        number(local.hour)?,
        number(local.minute)?,
        number(local.second.min(59))?,
        0,
    )
    .ok()?;
    let at = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
    Some(at.into())
}

/// One occurrence of an event.
#[derive(Debug, Clone, Copy)]
pub struct Instance<'a> {
    pub span: Span,
    /// The version that says what it is: the change of this one, or the series.
    pub event: &'a IcalComponent<'a>,
    pub is_day: bool,
    /// Of a series: when it begins by the rule.
    pub id: Option<IcalRecurDateTime>,
}

/// As a calendar writes it.
pub fn written(at: IcalRecurDateTime) -> String {
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}",
        at.year, at.month, at.day, at.hour, at.minute, at.second
    )
}

/// The instances that were found, and what they have to meet.
#[derive(Debug)]
pub struct Found<'a> {
    window: (UtcTime, UtcTime),
    pub all: Vec<Instance<'a>>,
}

impl<'a> Found<'a> {
    pub fn within(window: (UtcTime, UtcTime)) -> Self {
        Self {
            window,
            all: Vec::new(),
        }
    }

    fn push(
        &mut self,
        event: &'a IcalComponent<'a>,
        (local, id): (IcalRecurDateTime, Option<IcalRecurDateTime>),
        clock: &Told,
        long: Long,
    ) {
        let Some(from) = moment(local, &clock.zone) else {
            return;
        };
        let to = match long {
            Long::Seconds(seconds) => Some(from.plus_seconds(seconds)),
            // A day has the hours that it has in that zone.
            Long::Days(days) => {
                let end = IcalRecurDateTime::from_seconds(local.seconds() + days * 86_400);
                moment(end, &clock.zone)
            }
        };
        let meets = |to: &UtcTime| from < *to && self.window.0 < *to && from < self.window.1;
        self.all.extend(to.filter(meets).map(|to| Instance {
            span: Span { from, to },
            event,
            is_day: clock.is_day,
            id,
        }));
    }
}

/// Adds the instances of all versions of one event that are not cancelled; `steps` are left for rules.
pub fn instances<'a>(
    versions: &[&'a IcalComponent<'a>],
    zones: &Zones<'_>,
    steps: &mut usize,
    into: &mut Found<'a>,
) -> Result<(), Refused> {
    let window = into.window;
    // Of several versions of the same, the one with the highest number stands; of equal ones the last.
    let mut master: Option<&'a IcalComponent<'a>> = None;
    let mut changes: BTreeMap<String, &'a IcalComponent<'a>> = BTreeMap::new();
    for &version in versions {
        match prop(version, K::RecurrenceId).and_then(raw) {
            None if master.is_none_or(|m| number(m) <= number(version)) => master = Some(version),
            None => {}
            Some(id) => {
                let stands = changes
                    .get(&id)
                    .is_none_or(|c| number(c) <= number(version));
                if stands {
                    changes.insert(id, version);
                }
            }
        }
    }
    let Some(master) = master else {
        // Only single ones of a series are in this calendar.
        for change in changes.values() {
            let id = told(prop(change, K::RecurrenceId), zones)?;
            one(change, id.map(|id| id.local), zones, into)?;
        }
        return Ok(());
    };
    if has(master, K::ExRule) {
        return Err(Refused::Rule("EXRULE".into()));
    }
    let Some(start) = told(prop(master, K::DtStart), zones)? else {
        return Ok(());
    };
    let mut rules = rules(master, zones, &start)?;
    if rules.is_empty() && changes.is_empty() && !has(master, K::RDate) {
        return one(master, None, zones, into);
    }
    if changes.len() > MOST_CHANGES {
        return Err(Refused::TooMany);
    }
    let mut set = IcalRecurSet {
        zone: IcalRecurZone::Floating,
        start: Some(start.local),
        rules: Vec::new(),
        dates: dates(master, K::RDate, zones, &start)?,
        exrules: Vec::new(),
        exdates: dates(master, K::ExDate, zones, &start)?,
        overrides: Vec::new(),
    };
    let mut changed: BTreeMap<IcalRecurDateTime, &'a IcalComponent<'a>> = BTreeMap::new();
    for change in changes.values() {
        let Some(id) = told(prop(change, K::RecurrenceId), zones)? else {
            continue;
        };
        let id = id.on(&start);
        if is_over(change) {
            set.exdates.push(id);
            continue;
        }
        let begins = told(prop(change, K::DtStart), zones)?;
        let this_and_future = prop(change, K::RecurrenceId).is_some_and(|p| {
            p.params.iter().any(|param| {
                matches!(param, IcalParam::Range(range) if range.eq_ignore_ascii_case("THISANDFUTURE"))
            })
        });
        set.overrides.push(IcalRecurOverride {
            id,
            start: begins.map_or(id, |b| b.on(&start)),
            this_and_future,
        });
        changed.insert(id, change);
    }
    let last = last_wanted(&start, &set.overrides, window.1);
    for rule in &mut rules {
        rule.until = Some(rule.until.map_or(last, |until| until.min(last)));
        // A rule that yields nothing is walked too, so what it can cost is counted before.
        let periods = periods(rule.freq, last.seconds() - start.local.seconds());
        *steps = steps.checked_sub(periods).ok_or(Refused::TooMany)?;
    }
    set.rules = rules;
    set.overrides.sort_unstable_by_key(|over| over.id);
    set.exdates.sort_unstable();
    set.exdates.dedup();
    if is_over(master) && changed.is_empty() {
        return Ok(());
    }
    let usual = length(master, zones, &start)?;
    for occurrence in set.expand() {
        *steps = steps.checked_sub(1).ok_or(Refused::TooMany)?;
        let past = moment(occurrence.id, &start.zone).is_none_or(|at| at >= window.1);
        let over = occurrence.over.and_then(|n| set.overrides.get(n));
        let change = over.and_then(|over| changed.get(&over.id));
        match change {
            Some(change) if over.is_some_and(|o| o.id == occurrence.id) => {
                one(change, Some(occurrence.id), zones, into)?
            }
            // One moved from the far future is still read above.
            _ if past => break,
            _ if is_over(master) => {}
            _ => {
                let long = match change {
                    Some(change) => length(change, zones, &start)?,
                    None => usual,
                };
                into.push(
                    change.copied().unwrap_or(master),
                    (occurrence.start, Some(occurrence.id)),
                    &start,
                    long,
                );
            }
        }
    }
    Ok(())
}

/// Nothing after it is of interest: the end of the window, or an occurrence that was moved, perhaps into it.
fn last_wanted(start: &Told, moved: &[IcalRecurOverride], end: UtcTime) -> IcalRecurDateTime {
    let begins = moment(start.local, &start.zone);
    let ahead = begins.map_or(0, |at| end.seconds_since(at)).max(0);
    let last = IcalRecurDateTime::from_seconds(start.local.seconds() + ahead + 2 * 86_400);
    moved.iter().map(|over| over.id).fold(last, Ord::max)
}

/// How many days, weeks, months or years a rule walks in that time.
fn periods(freq: IcalRecurFreq, seconds: i64) -> usize {
    let days = match freq {
        IcalRecurFreq::Weekly => 7,
        IcalRecurFreq::Monthly => 28,
        IcalRecurFreq::Yearly => 365,
        _ => 1,
    };
    usize::try_from(seconds / 86_400 / days).unwrap_or_default() + 1
}

/// How long an event is.
#[derive(Debug, Clone, Copy)]
enum Long {
    Days(i64),
    Seconds(i64),
}

/// Adds an event that is alone.
fn one<'a>(
    component: &'a IcalComponent<'a>,
    id: Option<IcalRecurDateTime>,
    zones: &Zones<'_>,
    into: &mut Found<'a>,
) -> Result<(), Refused> {
    if is_over(component) {
        return Ok(());
    }
    if let Some(start) = told(prop(component, K::DtStart), zones)? {
        let long = length(component, zones, &start)?;
        into.push(component, (start.local, id), &start, long);
    }
    Ok(())
}

fn length(component: &IcalComponent<'_>, zones: &Zones<'_>, start: &Told) -> Result<Long, Refused> {
    let end = told(prop(component, K::DtEnd), zones)?;
    // A change has a start of its own.
    let start = told(prop(component, K::DtStart), zones)?.unwrap_or_else(|| start.clone());
    let stated = match value(component, K::Duration) {
        Some(IcalValue::Duration(duration)) => duration.seconds(),
        _ => None,
    };
    let bounded = |seconds: i64| seconds.clamp(0, LONGEST);
    Ok(match (end, stated) {
        (Some(end), _) if start.is_day => {
            Long::Days(bounded(end.local.seconds() - start.local.seconds()) / 86_400)
        }
        (Some(end), _) => Long::Seconds(match (start.moment(), end.moment()) {
            (Some(from), Some(to)) => bounded(to.seconds_since(from)),
            _ => 0,
        }),
        (None, Some(seconds)) if start.is_day => Long::Days(bounded(seconds) / 86_400),
        (None, Some(seconds)) => Long::Seconds(bounded(seconds)),
        (None, None) if start.is_day => Long::Days(1),
        (None, None) => Long::Seconds(0),
    })
}

fn rules(
    master: &IcalComponent<'_>,
    zones: &Zones<'_>,
    start: &Told,
) -> Result<Vec<IcalRecurRule>, Refused> {
    let mut rules = Vec::new();
    for prop in master
        .props
        .iter()
        .filter(|p| p.name == IcalPropName::Kind(K::RRule))
    {
        let Some(written) = raw(prop) else { continue };
        let refuse = || Refused::Rule(written.chars().take(80).collect());
        let mut rule = IcalRecurRule::parse(&written).map_err(|_| refuse())?;
        let is_daily = !matches!(
            rule.freq,
            IcalRecurFreq::Secondly | IcalRecurFreq::Minutely | IcalRecurFreq::Hourly
        );
        if !is_daily || rules.len() == MOST_RULES {
            return Err(refuse());
        }
        let until = written.split(';').find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("UNTIL")
                .then(|| value.trim().to_owned())
        });
        if let Some(until) = until {
            let parsed = parsed(&until, None, zones)?.ok_or_else(refuse)?;
            let last = parsed.on(start);
            rule.until = Some(match parsed.is_day && !start.is_day {
                // A day is meant to its end.
                true => IcalRecurDateTime::from_seconds(last.seconds() + 86_399),
                false => last,
            });
        }
        rules.push(rule);
    }
    Ok(rules)
}

fn dates(
    component: &IcalComponent<'_>,
    kind: K,
    zones: &Zones<'_>,
    clock: &Told,
) -> Result<Vec<IcalRecurDateTime>, Refused> {
    let mut dates = Vec::new();
    for prop in component
        .props
        .iter()
        .filter(|p| p.name == IcalPropName::Kind(kind))
    {
        let written = match &prop.value {
            IcalValue::DateTimeList(list) => list.0.iter().map(|d| d.to_string()).collect(),
            _ => raw(prop).into_iter().collect::<Vec<_>>(),
        };
        for item in written {
            let start = item.split('/').next().unwrap_or_default();
            if let Some(told) = parsed(start, zone_of(prop), zones)? {
                dates.push(told.on(clock));
            }
        }
    }
    dates.sort_unstable();
    dates.dedup();
    Ok(dates)
}

fn told(prop: Option<&IcalProp<'_>>, zones: &Zones<'_>) -> Result<Option<Told>, Refused> {
    let Some(prop) = prop else { return Ok(None) };
    match raw(prop) {
        Some(written) => parsed(&written, zone_of(prop), zones),
        None => Ok(None),
    }
}

fn parsed(written: &str, zone: Option<&str>, zones: &Zones<'_>) -> Result<Option<Told>, Refused> {
    let written = written.trim();
    let Ok(local) = IcalRecurDateTime::parse(written) else {
        return Ok(None);
    };
    let is_day = !written.contains(['T', 't']);
    let zone = match zone {
        _ if written.ends_with(['Z', 'z']) => TimeZone::UTC,
        Some(name) if !is_day => zones.named(name)?,
        _ => zones.floating.clone(),
    };
    Ok(Some(Told {
        local,
        zone,
        is_day,
    }))
}

fn zone_of<'a>(prop: &'a IcalProp<'_>) -> Option<&'a str> {
    prop.params.iter().find_map(|param| match param {
        IcalParam::TzId(zone) => Some(zone.as_ref()),
        _ => None,
    })
}

/// A value as it is written.
fn raw(prop: &IcalProp<'_>) -> Option<String> {
    match &prop.value {
        IcalValue::DateTime(at) => Some(at.0.to_string()),
        IcalValue::Date(day) => Some(day.0.to_string()),
        IcalValue::Recur(rule) => Some(rule.0.to_string()),
        other => text(other),
    }
}

fn prop<'a>(component: &'a IcalComponent<'a>, kind: K) -> Option<&'a IcalProp<'a>> {
    component
        .props
        .iter()
        .find(|p| p.name == IcalPropName::Kind(kind))
}

fn has(component: &IcalComponent<'_>, kind: K) -> bool {
    prop(component, kind).is_some()
}

fn number(component: &IcalComponent<'_>) -> i64 {
    match value(component, K::Sequence) {
        Some(IcalValue::Integer(n)) => n.get().unwrap_or_default(),
        _ => 0,
    }
}

fn is_over(component: &IcalComponent<'_>) -> bool {
    let status = value(component, K::Status).and_then(text);
    status.is_some_and(|s| s.eq_ignore_ascii_case("CANCELLED"))
}

/// Whether it says that the time is taken; it does unless it says otherwise.
pub fn is_busy(component: &IcalComponent<'_>) -> bool {
    let says = |word: &str, name: &str| {
        let mut props = component
            .props
            .iter()
            .filter(|p| p.name.eq_ignore_ascii_case(name));
        props.any(|p| text(&p.value).is_some_and(|t| t.trim().eq_ignore_ascii_case(word)))
    };
    !says("TRANSPARENT", "TRANSP") && !says("FREE", "X-MICROSOFT-CDO-BUSYSTATUS")
}
