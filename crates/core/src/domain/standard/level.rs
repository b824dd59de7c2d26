//! The supervision level: how much a person may do without help. Ordered decisions, never averaged.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Integer;

/// A supervision level, 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Integer)]
pub struct Level(i32);

impl Level {
    /// Every level, lowest first.
    pub const ALL: [Self; 5] = [Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// `None` outside 1 to 5.
    pub fn new(number: i64) -> Option<Self> {
        i32::try_from(number)
            .ok()
            .filter(|n| (1..=5).contains(n))
            .map(Self)
    }

    pub fn number(self) -> u8 {
        u8::try_from(self.0).unwrap_or_default()
    }

    /// What the level permits, and how much help was needed on one occasion: one scale, one set of words.
    pub fn label(self) -> &'static str {
        match self.0 {
            1 => "Observes",
            2 => "Mentor beside",
            3 => "Mentor reachable",
            4 => "Alone",
            _ => "Supervises",
        }
    }
}

impl<DB> ToSql<Integer, DB> for Level
where
    DB: Backend,
    i32: ToSql<Integer, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB> FromSql<Integer, DB> for Level
where
    DB: Backend,
    i32: FromSql<Integer, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let number = i32::from_sql(bytes)?;
        Self::new(i64::from(number))
            .ok_or_else(|| format!("not a supervision level: {number}").into())
    }
}

impl serde::Serialize for Level {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_i32(self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Level {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(d)?;
        Self::new(number).ok_or_else(|| {
            serde::de::Error::custom(format!("{number} is not a supervision level (1 to 5)"))
        })
    }
}
