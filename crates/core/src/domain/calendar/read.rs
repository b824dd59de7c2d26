//! Calendars of others (RFC 5545) to the spans in which somebody is busy, or to what happens in them. They come from outside, so everything is bounded
//! before the library sees it: it recurses, and some rules never end.

mod series;

use std::collections::BTreeMap;

use ical::component::{IcalComponent, IcalComponentKind, IcalComponentName};
use ical::ical::Ical;
use ical::param::IcalParam;
use ical::prop::{IcalProp, IcalPropKind as K, IcalPropName};
use ical::tree::cst::IcalCst;
use ical::value::IcalValue;
use jiff::tz::TimeZone;
use windows_timezones::WindowsTimezone;

use super::Party;
use crate::db::types::UtcTime;
use crate::domain::availability::free::Span;
use series::{Found, Instance};

/// Largest file.
pub const MOST_BYTES: usize = 5 << 20;
/// The last line of a calendar.
const END: &[u8] = b"END:VCALENDAR";
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
    /// Its end is missing.
    CutOff,
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
            Self::CutOff => "This calendar is cut off: its last line, END:VCALENDAR, is missing.".into(),
            Self::TooMany => "This calendar has too many events.".into(),
            Self::Rule(rule) => format!("This calendar repeats an event in a way that cannot be read: {rule}."),
            Self::Zone(zone) => format!("This calendar names an unknown time zone: {zone}."),
        }
    }
}

/// When the events of a calendar keep somebody busy between two moments: in order, and apart from each other. Times without
/// a zone are in `zone`.
pub fn busy(raw: &[u8], zone: &TimeZone, window: (UtcTime, UtcTime)) -> Result<Vec<Span>, Refused> {
    let mut spans = Vec::new();
    each(raw, zone, window, |_, instance| {
        if series::is_busy(instance.event) {
            spans.push(instance.span);
        }
    })?;
    merged(spans, window)
}

/// Something that happens once, as a calendar says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The same for all of a series; empty where a calendar gives none.
    pub uid: String,
    /// Which one of a series: when it begins by its rule, on the clock of the series. Empty for what happens once.
    pub instance: String,
    pub summary: String,
    pub description: String,
    /// Who is invited. An address may be empty, and so may a name.
    pub attendees: Vec<Party>,
    pub organiser: Option<Party>,
    pub span: Span,
    pub is_day: bool,
}

/// What happens in a calendar between two moments, the first one first; whole, where it begins before or ends after.
/// Times without a zone are in `zone`.
pub fn occurrences(
    raw: &[u8],
    zone: &TimeZone,
    window: (UtcTime, UtcTime),
) -> Result<Vec<Occurrence>, Refused> {
    let mut all = Vec::new();
    each(raw, zone, window, |uid, instance| {
        let of = |kind| {
            value(instance.event, kind)
                .and_then(text)
                .unwrap_or_default()
        };
        let parties = |kind: K| {
            let props = instance.event.props.iter();
            props
                .filter(move |p| p.name == IcalPropName::Kind(kind))
                .map(party)
        };
        all.push(Occurrence {
            uid: uid.to_owned(),
            instance: instance.id.map(series::written).unwrap_or_default(),
            summary: of(K::Summary),
            description: of(K::Description),
            attendees: parties(K::Attendee).collect(),
            organiser: parties(K::Organizer).next(),
            span: instance.span,
            is_day: instance.is_day,
        });
    })?;
    // Half a rota would hide shifts.
    let end = raw.trim_ascii_end().len().saturating_sub(END.len());
    if !raw
        .trim_ascii_end()
        .get(end..)
        .is_some_and(|last| last.eq_ignore_ascii_case(END))
    {
        return Err(Refused::CutOff);
    }
    all.sort_by(|a, b| (a.span, &a.uid).cmp(&(b.span, &b.uid)));
    Ok(all)
}

/// Gives every instance in the window, with the UID of its event.
fn each(
    raw: &[u8],
    zone: &TimeZone,
    window: (UtcTime, UtcTime),
    mut give: impl FnMut(&str, &Instance<'_>),
) -> Result<(), Refused> {
    let plain = unfolded(raw)?;
    let recovered = IcalCst::parse_recovering(&plain);
    let calendars: Vec<Ical<'_>> = recovered.calendars.iter().map(|c| c.decode()).collect();
    let (mut events, mut instances, mut is_calendar) = (0, 0, false);
    let mut steps = MOST_STEPS;
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
        for (uid, versions) in &by_uid {
            let mut found = Found::within(window);
            series::instances(versions, &zones, &mut steps, &mut found)?;
            instances += found.all.len();
            if instances > MOST_EVENTS {
                return Err(Refused::TooMany);
            }
            let uid = if uid.starts_with('\0') { "" } else { uid };
            for instance in &found.all {
                give(uid, instance);
            }
        }
        is_calendar |= value_of(&calendar.props, K::ProdId).is_some();
    }
    match is_calendar {
        true => Ok(()),
        false => Err(Refused::NoCalendar),
    }
}

/// Someone as a property names them; PagerDuty writes the address without `mailto:`.
fn party(prop: &IcalProp<'_>) -> Party {
    let written = match &prop.value {
        IcalValue::CalAddress(address) => address.0.to_string(),
        other => text(other).unwrap_or_default(),
    };
    let plain = written.trim().trim_matches('"');
    let address = match plain.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => plain.get(7..),
        _ => Some(plain),
    };
    let name = prop.params.iter().find_map(|param| match param {
        IcalParam::Cn(name) => Some(name.trim().trim_matches('"').to_owned()),
        _ => None,
    });
    Party {
        name: name.unwrap_or_default(),
        email: address.unwrap_or_default().to_owned(),
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

fn value_of<'a>(props: &'a [IcalProp<'a>], kind: K) -> Option<&'a IcalValue<'a>> {
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
