//! Responsibility areas, the systems they cover, and who may sign for them.

pub mod store;

/// How many are cleared against how many there must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// That many are missing.
    ShortBy(i64),
    /// Just enough.
    AtMinimum,
    /// That many more than needed.
    Spare(i64),
}

impl Cover {
    /// `cleared` people against the area's minimum.
    #[must_use]
    pub fn of(cleared: i64, minimum: i64) -> Self {
        match cleared - minimum {
            n if n < 0 => Self::ShortBy(-n),
            0 => Self::AtMinimum,
            n => Self::Spare(n),
        }
    }

    /// The words for it: `Short by 1`, `At minimum`, `2 spare`.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::ShortBy(n) => format!("Short by {n}"),
            Self::AtMinimum => "At minimum".into(),
            Self::Spare(n) => format!("{n} spare"),
        }
    }
}
