//! Column types that read and write the same on both databases.

use std::fmt;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::data_types::{PgDate, PgTimestamp};
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Date, Text, Timestamp};
use diesel::sqlite::{Sqlite, SqliteValue};
use jiff::civil;
use jiff::tz::TimeZone;

use super::conn::MultiBackend;

/// Microseconds from 1970-01-01 to PostgreSQL's epoch, 2000-01-01.
const PG_EPOCH_MICROS: i64 = 946_684_800_000_000;
/// How SQLite stores a time: fixed width, so that text order is time order.
const SQLITE_TIME: &str = "%Y-%m-%d %H:%M:%S%.6f";

/// A point in time, UTC, to the microsecond (the resolution both databases keep).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Timestamp)]
pub struct UtcTime(jiff::Timestamp);

impl UtcTime {
    pub const MAX: Self = Self(jiff::Timestamp::MAX);

    pub fn timestamp(self) -> jiff::Timestamp {
        self.0
    }

    /// Reads a time as both databases write it: `2026-11-23 08:15:00.25`, UTC.
    pub fn stored(text: &str) -> Option<Self> {
        // Not strptime: it takes five times as long, and a page reads hundreds of times.
        let civil: civil::DateTime = text.parse().ok()?;
        TimeZone::UTC.to_timestamp(civil).ok().map(Self)
    }

    /// The UTC day. Validity is counted in UTC days.
    pub fn day(self) -> Day {
        Day(TimeZone::UTC.to_datetime(self.0).date())
    }

    /// The time that many hours later (earlier when negative); stops at the ends of time.
    pub fn plus_hours(self, hours: i64) -> Self {
        self.plus_seconds(hours.saturating_mul(3600))
    }

    /// The time that many seconds later (earlier when negative); stops at the ends of time.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let shifted = self
            .0
            .saturating_add(jiff::SignedDuration::from_secs(seconds));
        Self(shifted.unwrap_or(self.0))
    }

    /// The last moment by then whose seconds are a multiple of that many.
    pub fn rounded_down(self, seconds: i64) -> Self {
        let second = self.0.as_second();
        let whole = jiff::Timestamp::from_second(second - second.rem_euclid(seconds.max(1)));
        whole.map_or(self, Self)
    }

    /// The moment before this one, to the microsecond.
    pub fn just_before(self) -> Self {
        let before = self.0.saturating_sub(jiff::SignedDuration::from_micros(1));
        Self(before.unwrap_or(self.0))
    }

    /// Whole seconds from `earlier` to this; negative when `earlier` is later.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.duration_since(earlier.0).as_secs()
    }

    /// RFC 3339 in UTC, to the second: `2026-11-22T09:00:00Z`.
    pub fn iso(self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// RFC 3339 in UTC with all six digits; the form the audit chain hashes.
    pub fn iso_micros(self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
    }
}

impl From<jiff::Timestamp> for UtcTime {
    fn from(t: jiff::Timestamp) -> Self {
        Self(jiff::Timestamp::from_microsecond(t.as_microsecond()).unwrap_or(t))
    }
}

/// What stands in place of [`Day::NEVER`].
pub const NO_END: &str = "no end date";

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Date)]
pub struct Day(civil::Date);

impl Day {
    /// The last day of what has no end date. It is stored, and pages never show it as a day.
    pub const NEVER: Self = Self(civil::date(9999, 1, 1));

    /// The day for files: `2027-03-01`, or `no end date`.
    pub fn for_files(self) -> String {
        match self == Self::NEVER {
            true => NO_END.into(),
            false => self.to_string(),
        }
    }

    /// The day in a sentence: `1 Mar 2027`, or `no end date`.
    pub fn words(self) -> String {
        match self == Self::NEVER {
            true => NO_END.into(),
            false => self.0.strftime("%-d %b %Y").to_string(),
        }
    }

    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        civil::Date::strptime("%Y-%m-%d", text.trim())
            .ok()
            .map(Self)
    }

    pub fn date(self) -> civil::Date {
        self.0
    }

    /// The day that many days later (earlier when negative); stops at the ends of time.
    pub fn plus_days(self, days: i64) -> Self {
        Self(
            self.0
                .saturating_add(jiff::SignedDuration::from_hours(days.saturating_mul(24))),
        )
    }

    /// The same day of the month, that many months later; the month's last day when there is no such day.
    pub fn plus_months(self, months: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().months(months)))
    }

    pub fn days_since(self, earlier: Self) -> i64 {
        self.0.duration_since(earlier.0).as_hours() / 24
    }

    /// The first moment of the day in UTC.
    pub fn start(self) -> UtcTime {
        self.0
            .to_zoned(TimeZone::UTC)
            .map_or(UtcTime(jiff::Timestamp::MIN), |z| UtcTime(z.timestamp()))
    }
}

impl From<civil::Date> for Day {
    fn from(d: civil::Date) -> Self {
        Self(d)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl ToSql<Timestamp, Pg> for UtcTime {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let micros = PgTimestamp(self.0.as_microsecond() - PG_EPOCH_MICROS);
        ToSql::<Timestamp, Pg>::to_sql(&micros, &mut out.reborrow())
    }
}
impl ToSql<Timestamp, Sqlite> for UtcTime {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.strftime(SQLITE_TIME).to_string());
        Ok(IsNull::No)
    }
}
impl ToSql<Timestamp, MultiBackend> for UtcTime {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Timestamp, self));
        Ok(IsNull::No)
    }
}
impl FromSql<Timestamp, Pg> for UtcTime {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let PgTimestamp(micros) = FromSql::<Timestamp, Pg>::from_sql(bytes)?;
        Ok(Self(jiff::Timestamp::from_microsecond(
            micros + PG_EPOCH_MICROS,
        )?))
    }
}
impl FromSql<Timestamp, Sqlite> for UtcTime {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        Self::stored(&text).ok_or_else(|| format!("not a time: {text}").into())
    }
}
impl FromSql<Timestamp, MultiBackend> for UtcTime {
    fn from_sql(
        bytes: <MultiBackend as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        bytes.from_sql::<Self, Timestamp>()
    }
}

fn epoch_days(day: civil::Date) -> i32 {
    let days = day.duration_since(civil::date(1970, 1, 1)).as_hours() / 24;
    i32::try_from(days).unwrap_or(i32::MAX)
}
const PG_EPOCH_DAYS: i32 = 10_957;

impl ToSql<Date, Pg> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let days = PgDate(epoch_days(self.0) - PG_EPOCH_DAYS);
        ToSql::<Date, Pg>::to_sql(&days, &mut out.reborrow())
    }
}
impl ToSql<Date, Sqlite> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}
impl ToSql<Date, MultiBackend> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Date, self));
        Ok(IsNull::No)
    }
}
impl FromSql<Date, Pg> for Day {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let PgDate(days) = FromSql::<Date, Pg>::from_sql(bytes)?;
        Ok(Self(civil::date(1970, 1, 1)).plus_days(i64::from(days + PG_EPOCH_DAYS)))
    }
}
impl FromSql<Date, Sqlite> for Day {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        Ok(Self(text.parse()?))
    }
}
impl FromSql<Date, MultiBackend> for Day {
    fn from_sql(
        bytes: <MultiBackend as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        bytes.from_sql::<Self, Date>()
    }
}

/// An enum that is stored, shown in URLs and exported as one lower-case word, with a label for people.
///
/// `text_enum! { /// doc  pub enum Kind { /// doc  Variant = "word" / "Label", ... } }`
#[macro_export]
macro_rules! text_enum {
    ($(#[$m:meta])* pub enum $name:ident { $($(#[$vm:meta])* $v:ident = $word:literal / $label:literal),+ $(,)? }) => {
        $(#[$m])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub enum $name { $($(#[$vm])* $v),+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$v),+];

            /// The word that is stored, sent and exported.
            pub fn word(self) -> &'static str {
                match self { $(Self::$v => $word),+ }
            }

            /// The label for people.
            pub fn label(self) -> &'static str {
                match self { $(Self::$v => $label),+ }
            }

            /// The value with that word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$v),)+ _ => None }
            }
        }

        impl<DB> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                self.word().to_sql(out)
            }
        }

        impl<DB> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let word = String::from_sql(bytes)?;
                Self::parse(&word).ok_or_else(|| format!("not a {}: {word}", stringify!($name)).into())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.word())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let word = String::deserialize(d)?;
                Self::parse(&word).ok_or_else(|| {
                    let words: Vec<_> = Self::ALL.iter().map(|v| v.word()).collect();
                    serde::de::Error::custom(format!("`{word}` is none of {}", words.join(", ")))
                })
            }
        }
    };
}

/// Stores a value as the text that it displays as and is read from.
#[macro_export]
macro_rules! text_value {
    ($name:ident) => {
        impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                std::io::Write::write_all(out, self.to_string().as_bytes())?;
                Ok(diesel::serialize::IsNull::No)
            }
        }

        impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::sqlite::Sqlite> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::sqlite::Sqlite>,
            ) -> diesel::serialize::Result {
                out.set_value(self.to_string());
                Ok(diesel::serialize::IsNull::No)
            }
        }

        impl diesel::serialize::ToSql<diesel::sql_types::Text, $crate::db::conn::MultiBackend>
            for $name
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, $crate::db::conn::MultiBackend>,
            ) -> diesel::serialize::Result {
                out.set_value((diesel::sql_types::Text, self));
                Ok(diesel::serialize::IsNull::No)
            }
        }

        impl<DB> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                Ok(String::from_sql(bytes)?.parse::<Self>()?)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_later_stays_in_the_month() {
        let day = Day::parse("2026-01-31").unwrap();
        assert_eq!(day.plus_months(1).to_string(), "2026-02-28");
        assert_eq!(
            Day::parse("2028-02-29")
                .unwrap()
                .plus_months(12)
                .to_string(),
            "2029-02-28"
        );
    }

    #[test]
    fn days_between_cross_a_leap_day() {
        let (a, b) = (
            Day::parse("2028-02-28").unwrap(),
            Day::parse("2028-03-01").unwrap(),
        );
        assert_eq!(b.days_since(a), 2);
        assert_eq!(epoch_days(civil::date(2000, 1, 1)), PG_EPOCH_DAYS);
    }
}
