//! What waits for a person: one list, for home and for the inbox. The rounds tell what is new in it.

pub mod causes;
mod decisions;
mod practice;
mod ramps;
mod upkeep;

use upkeep::rota;

use crate::db::types::Day;
use crate::domain::notification::model::Cause;
use crate::domain::notification::moment::working_days;
use crate::domain::signoff::model::Signoff;
use crate::usecases::home::mine::Mine;

/// A sign-off that waits for longer than that many working days is late.
pub const SIGNOFF_DAYS: i64 = 5;

/// How something is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// Under way.
    Runs,
    /// Planned for now, and not begun.
    Begins,
}

/// One thing that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    pub cause: Cause,
    /// What is to be done, in words.
    pub deed: String,
    /// Whom or what it is about: `Amara Okafor, Payments`.
    pub about: String,
    pub note: String,
    pub button: &'static str,
    pub is_late: bool,
    /// What is now comes before everything.
    pub now: Option<Now>,
}

impl Wait {
    fn new(
        cause: Cause,
        (deed, about): (String, String),
        note: String,
        button: &'static str,
    ) -> Self {
        Self {
            cause,
            deed,
            about,
            note,
            button,
            is_late: false,
            now: None,
        }
    }
}

/// Whether a sign-off has waited for its key for too long.
pub fn is_old(signoff: &Signoff, today: Day) -> bool {
    let since = signoff.first_key_at.unwrap_or(signoff.requested_at);
    working_days(since.day(), today) > SIGNOFF_DAYS
}

impl Mine {
    /// All of it: what is late first, then keys, other decisions and sign-offs to ask for, then what the person does themselves.
    pub fn waiting(&self) -> Vec<Wait> {
        let mut waits = self.proposals();
        waits.extend(self.keys());
        waits.extend(self.unsupervised());
        waits.extend(self.applicants());
        waits.extend(self.to_waive());
        waits.extend(self.to_request());
        waits.extend(self.shifts.iter().filter_map(|s| self.shift(s)));
        waits.extend(self.to_answer());
        waits.extend(self.to_lead());
        waits.extend(self.clubs_to_close());
        waits.extend(self.to_record());
        waits.extend(self.gaps_and_items());
        waits.extend(self.flagged());
        waits.extend(self.notes_due());
        waits.extend(self.rotas.iter().map(rota));
        waits.sort_by_key(|wait| !wait.is_late);
        waits
    }
}
