//! Calendars of others (RFC 5545) to the spans in which somebody is busy. They come from outside, so everything is bounded
//! before the library sees it: it recurses, and some rules never end.

mod series;

use std::collections::BTreeMap;

use ical::component::{IcalComponent, IcalComponentKind, IcalComponentName};
use ical::ical::Ical;
use ical::prop::{IcalPropKind as K, IcalPropName};
use ical::tree::cst::IcalCst;
use ical::value::IcalValue;
use jiff::tz::TimeZone;
use windows_timezones::WindowsTimezone;

use crate::db::types::UtcTime;
use crate::domain::availability::free::Span;

/// Largest file.
pub const MOST_BYTES: usize = 5 << 20;
const MOST_LINES: usize = 100_000;
/// A calendar, an event, an alarm; no program nests deeper.
const DEEPEST: usize = 6;
const MOST_EVENTS: usize = 20_000;
/// Most spans of a reading, and most steps of all rules together.
const MOST_SPANS: usize = 4_000;
const MOST_STEPS: usize = 2_000_000;

/// Why a calendar cannot be read, in a sentence for the person who named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    Large,
    NoCalendar,
    TooMany,
    /// A rule nobody makes by hand.
    Rule(String),
    Zone(String),
}

impl Refused {
    pub fn sentence(&self) -> String {
        match self {
            Self::Large => "This calendar is too large or in too many layers to be read.".into(),
            Self::NoCalendar => {
                "This is no calendar. Copy the address that ends in .ics from your calendar’s settings.".into()
            }
            Self::TooMany => "This calendar has too many events.".into(),
            Self::Rule(rule) => format!("This calendar repeats an event in a way that cannot be read: {rule}."),
            Self::Zone(zone) => format!("This calendar names an unknown time zone: {zone}."),
        }
    }
}

/// When the events of a calendar keep somebody busy between two moments: in order, and apart from each other. Times without
/// a zone are in `zone`.
pub fn busy(raw: &[u8], zone: &TimeZone, window: (UtcTime, UtcTime)) -> Result<Vec<Span>, Refused> {
    let plain = unfolded(raw)?;
    let recovered = IcalCst::parse_recovering(&plain);
    let calendars: Vec<Ical<'_>> = recovered.calendars.iter().map(|c| c.decode()).collect();
    let mut spans = Vec::new();
    let (mut events, mut is_calendar, mut steps) = (0, false, MOST_STEPS);
    for calendar in &calendars {
        let named = calendar
            .props
            .iter()
            .find(|p| p.name.eq_ignore_ascii_case("X-WR-TIMEZONE"));
        let own = named.and_then(|p| text(&p.value));
        let zones = Zones {
            floating: own
                .and_then(|name| known(&name))
                .unwrap_or_else(|| zone.clone()),
            calendar,
        };
        let mut by_uid: BTreeMap<String, Vec<&IcalComponent<'_>>> = BTreeMap::new();
        for (n, component) in calendar.components.iter().enumerate() {
            is_calendar = true;
            if component.name != IcalComponentName::Kind(IcalComponentKind::VEvent) {
                continue;
            }
            events += 1;
            if events > MOST_EVENTS {
                return Err(Refused::TooMany);
            }
            // Some programs leave it out: then it is an event of its own.
            let uid = value(component, K::Uid)
                .and_then(text)
                .unwrap_or_else(|| format!("\0{n}"));
            by_uid.entry(uid).or_default().push(component);
        }
        for versions in by_uid.values() {
            series::spans(versions, &zones, window, &mut steps, &mut spans)?;
            if spans.len() > MOST_EVENTS {
                return Err(Refused::TooMany);
            }
        }
        is_calendar |= value_of(&calendar.props, K::ProdId).is_some();
    }
    match is_calendar {
        true => merged(spans, window),
        false => Err(Refused::NoCalendar),
    }
}

/// What the library is shown: lines in one piece, each ending in one character. So the check below and the library see the
/// same lines, and nothing can nest behind its back.
fn unfolded(raw: &[u8]) -> Result<Vec<u8>, Refused> {
    if raw.len() > MOST_BYTES {
        return Err(Refused::Large);
    }
    let mut plain: Vec<u8> = Vec::with_capacity(raw.len());
    for byte in raw.iter().copied().filter(|b| !matches!(b, b'\r' | 0)) {
        match (byte, plain.last()) {
            (b' ' | b'\t', Some(b'\n')) => _ = plain.pop(),
            _ => plain.push(byte),
        }
    }
    check(&plain)?;
    Ok(plain)
}

/// Whether the library may see it: it calls itself for each component in a component.
fn check(plain: &[u8]) -> Result<(), Refused> {
    let mut open: Vec<&[u8]> = Vec::new();
    for (n, line) in plain.split(|b| *b == b'\n').enumerate() {
        let name = line
            .split(|b| matches!(b, b':' | b';'))
            .next()
            .unwrap_or_default()
            .trim_ascii();
        let of = line.splitn(2, |b| *b == b':').nth(1).unwrap_or_default();
        let ends = |word: &[u8]| {
            let from = name.len().saturating_sub(word.len());
            name.get(from..)
                .is_some_and(|end| end.eq_ignore_ascii_case(word))
        };
        if ends(b"BEGIN") {
            open.push(of);
        } else if name.eq_ignore_ascii_case(b"END")
            && open
                .last()
                .is_some_and(|last| last.eq_ignore_ascii_case(of))
        {
            open.pop();
        }
        // A line of the old format continues in the next one, and hides an end from the library.
        let continues = line.ends_with(b"=") && contains(line, b"QUOTED-PRINTABLE");
        if open.len() > DEEPEST || n > MOST_LINES || continues {
            return Err(Refused::Large);
        }
    }
    Ok(())
}

fn contains(line: &[u8], word: &[u8]) -> bool {
    line.windows(word.len())
        .any(|part| part.eq_ignore_ascii_case(word))
}

/// The zones of a calendar.
struct Zones<'a> {
    floating: TimeZone,
    calendar: &'a Ical<'a>,
}

impl Zones<'_> {
    /// A zone as a calendar names it: as IANA does, as Windows does, by a path that ends so, or by what it says beside its
    /// own rules.
    fn named(&self, name: &str) -> Result<TimeZone, Refused> {
        let own = || {
            let zones = self.calendar.components.iter().filter(|c| {
                c.name == IcalComponentName::Kind(IcalComponentKind::VTimezone)
                    && value(c, K::TzId).and_then(text).as_deref() == Some(name)
            });
            let mut said = zones.flat_map(|c| &c.props);
            let location = said.find(|p| p.name.eq_ignore_ascii_case("X-LIC-LOCATION"))?;
            known(&text(&location.value)?)
        };
        known(name)
            .or_else(own)
            .ok_or_else(|| Refused::Zone(name.chars().take(80).collect()))
    }
}

fn known(name: &str) -> Option<TimeZone> {
    let name = name.trim().trim_matches('"');
    let iana = |name: &str| {
        let plain = name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b));
        plain.then(|| TimeZone::get(name).ok()).flatten()
    };
    let windows = || iana(name.parse::<WindowsTimezone>().ok()?.tzdb_id());
    let last_two = || {
        let (rest, city) = name.rsplit_once('/')?;
        let (_, area) = rest.rsplit_once('/')?;
        iana(&format!("{area}/{city}"))
    };
    iana(name).or_else(windows).or_else(last_two)
}

fn value_of<'a>(props: &'a [ical::prop::IcalProp<'a>], kind: K) -> Option<&'a IcalValue<'a>> {
    let found = props.iter().find(|p| p.name == IcalPropName::Kind(kind));
    found.map(|p| &p.value)
}

fn value<'a>(component: &'a IcalComponent<'a>, kind: K) -> Option<&'a IcalValue<'a>> {
    value_of(&component.props, kind)
}

/// The text of a value that is one text.
fn text(value: &IcalValue<'_>) -> Option<String> {
    let text = match value {
        IcalValue::Text(text) => text.0.to_string(),
        IcalValue::Uri(uri) => uri.0.to_string(),
        IcalValue::Unknown(unknown) => {
            let mut parts = unknown.components.iter().flatten();
            parts.next()?.to_string()
        }
        _ => return None,
    };
    Some(text)
}

/// Within the window, in order, none next to or over another.
fn merged(mut spans: Vec<Span>, (from, until): (UtcTime, UtcTime)) -> Result<Vec<Span>, Refused> {
    spans.retain_mut(|span| {
        *span = Span {
            from: span.from.max(from),
            to: span.to.min(until),
        };
        span.from < span.to
    });
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => merged.push(span),
        }
    }
    match merged.len() {
        ..=MOST_SPANS => Ok(merged),
        _ => Err(Refused::TooMany),
    }
}

#[cfg(test)]
mod tests;
