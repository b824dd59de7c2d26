//! A moment in a form. The text of its field says a time of day, which is one moment on one clock only.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::LocalTime;
use crate::db::types::UtcTime;
use crate::forms::Fields;

/// A moment as `<input type="datetime-local">` holds it, with what the hidden fields next to it say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MomentField {
    /// The time of day as shown or typed; or a moment with its offset, as files have it.
    pub text: String,
    /// IANA name of the zone whose clock the text is on; empty while the field was on no page.
    pub zone: String,
    /// The moment that the field was filled with; empty for none.
    pub exact: String,
    /// Which moment is meant where the clock shows the text twice; empty while nobody said.
    pub meant: String,
}

/// One of the two moments at which a clock shows the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    pub value: String,
    /// `First time, UTC-04`.
    pub label: String,
    pub chosen: bool,
}

/// What a clock shows at a time of day.
enum Shown {
    Once(Timestamp),
    Twice([(Timestamp, Offset); 2]),
    /// The clock skips it; this is what it shows instead.
    Skipped(DateTime),
}

impl MomentField {
    /// A field that shows this moment.
    pub fn of(at: UtcTime, local: &LocalTime) -> Self {
        Self {
            text: text_of(local.civil(at)),
            zone: local.zone_name().to_owned(),
            exact: at.timestamp().to_string(),
            meant: String::new(),
        }
    }

    /// A field that shows this time of day, or the next one where the clock skips it.
    pub fn on_clock(civil: DateTime, local: &LocalTime) -> Self {
        let at = civil.to_zoned(local.zone().clone());
        at.map_or_else(
            |_| Self::default(),
            |at| Self::of(at.timestamp().into(), local),
        )
    }

    /// A field that holds what a file says. Without an offset that is in UTC.
    pub fn of_file(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }

    /// The field of that name as it was sent. Without the hidden field the text is on the sender's own clock.
    pub fn sent(fields: &Fields, name: &str, local: &LocalTime) -> Self {
        let hidden = |what: &str| fields.trimmed(&format!("{name}_{what}")).to_owned();
        Self {
            text: fields.trimmed(name).to_owned(),
            zone: match hidden("zone") {
                zone if zone.is_empty() => local.zone_name().to_owned(),
                zone => zone,
            },
            exact: hidden("exact"),
            meant: hidden("meant"),
        }
    }

    /// The same for a page: on the clock of the person who looks at it, if it was on none.
    pub fn on_a_page(self, local: &LocalTime) -> Self {
        match self.text.parse::<Timestamp>() {
            Ok(at) => Self::of(at.into(), local),
            Err(_) if self.zone.is_empty() => Self {
                zone: local.zone_name().to_owned(),
                ..self
            },
            Err(_) => self,
        }
    }

    /// The moment, on the clock the field was filled in by. A text left alone is the very moment it was made of.
    ///
    /// Errors: The sentence for the field, which is `missing` where the text is no time of day.
    pub fn read(&self, missing: &str) -> Result<UtcTime, String> {
        if let Ok(at) = self.text.parse::<Timestamp>() {
            return Ok(at.into());
        }
        let typed = parse(&self.text).ok_or_else(|| missing.to_owned())?;
        let zone = self.zone().ok_or_else(|| {
            format!(
                "The time zone “{}” of this field is unknown. Load the page again.",
                self.zone
            )
        })?;
        if let Some(times) = self.twice() {
            let chosen = times.iter().find(|time| time.chosen);
            let at = chosen.and_then(|time| time.value.parse::<Timestamp>().ok());
            let clock = typed.strftime("%H:%M");
            return at.map(UtcTime::from).ok_or_else(|| {
                format!("{clock} comes twice that night. Choose the first or the second time.")
            });
        }
        if let Some(exact) = self.untouched() {
            return Ok(exact.into());
        }
        match shown(&zone, typed).ok_or_else(|| missing.to_owned())? {
            Shown::Once(at) => Ok(at.into()),
            Shown::Twice(_) => Err(missing.to_owned()),
            Shown::Skipped(next) => {
                let next_day = match next.date() == typed.date() {
                    true => String::new(),
                    false => next.strftime(" on %-d %b %Y").to_string(),
                };
                Err(format!(
                    "{} is skipped that night. Enter {}{next_day}.",
                    typed.strftime("%H:%M"),
                    next.strftime("%H:%M")
                ))
            }
        }
    }

    /// The two moments that the text may mean, where the clock shows it twice.
    pub fn twice(&self) -> Option<[Time; 2]> {
        let zone = self.zone()?;
        let Shown::Twice(times) = shown(&zone, parse(&self.text)?)? else {
            return None;
        };
        let untouched = self.untouched();
        // What the field does not show of the moment it was filled with.
        let rest = untouched.map_or(0, |at| zone.to_datetime(at).subsec_nanosecond());
        let meant = match self.meant.parse::<Timestamp>() {
            Ok(meant) => Some(meant),
            Err(_) => untouched,
        };
        let meant = meant.map(|at| (zone.to_datetime(at).date(), zone.to_offset(at)));
        let time = |label: &str, (at, offset): (Timestamp, Offset)| {
            let exact = at.checked_add(jiff::SignedDuration::from_nanos(rest.into()));
            Time {
                value: exact.unwrap_or(at).to_string(),
                label: format!("{label} time, UTC{offset}"),
                // An answer about one night says nothing about another one.
                chosen: meant == Some((zone.to_datetime(at).date(), offset)),
            }
        };
        let [first, second] = times;
        Some([time("First", first), time("Second", second)])
    }

    /// The moment the field was filled with, if it still shows that.
    fn untouched(&self) -> Option<Timestamp> {
        let exact = self.exact.parse::<Timestamp>().ok()?;
        let shown = text_of(self.zone()?.to_datetime(exact));
        (parse(&shown)? == parse(&self.text)?).then_some(exact)
    }

    fn zone(&self) -> Option<TimeZone> {
        match self.zone.as_str() {
            "" => Some(TimeZone::UTC),
            name => TimeZone::get(name).ok(),
        }
    }
}

fn shown(zone: &TimeZone, civil: DateTime) -> Option<Shown> {
    let on = |offset: Offset| offset.to_timestamp(civil).ok();
    Some(match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => Shown::Once(on(offset)?),
        AmbiguousOffset::Fold { before, after } => {
            Shown::Twice([(on(before)?, before), (on(after)?, after)])
        }
        AmbiguousOffset::Gap { before, .. } => Shown::Skipped(zone.to_datetime(on(before)?)),
    })
}

/// As the browser writes it: to the minute, with seconds where there are some.
fn text_of(civil: DateTime) -> String {
    let format = match civil.second() {
        0 => "%Y-%m-%dT%H:%M",
        _ => "%Y-%m-%dT%H:%M:%S",
    };
    civil.strftime(format).to_string()
}

fn parse(text: &str) -> Option<DateTime> {
    let text = text.trim();
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f"]
        .iter()
        .find_map(|format| DateTime::strptime(format, text).ok())
}

#[cfg(test)]
mod tests;
