//! Open requests for observations on the page of the ramp.

use crate::time::{LocalTime, TimeText};
use crate::usecases::dossier::Dossier;

pub(crate) struct AskedView {
    pub id: i64,
    pub code: String,
    /// Who was asked.
    pub who: String,
    pub until: TimeText,
}

pub(crate) fn views(d: &Dossier, local: &LocalTime) -> Vec<AskedView> {
    let views = d
        .asked
        .iter()
        .filter(|ask| d.is_open() && local.now() < ask.expires_at);
    views
        .map(|ask| AskedView {
            id: ask.id,
            code: ask.code.clone(),
            who: d.person(ask.asked_id).name.to_owned(),
            until: local.moment(ask.expires_at),
        })
        .collect()
}
