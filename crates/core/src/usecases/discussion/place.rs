//! A place by its address, for people who may read its page; others are answered as that page answers them.

use crate::db::Conn;
use crate::domain::audit::Act;
use crate::domain::auth::context::ReadContext;
use crate::domain::discussion::model::Comment;
use crate::domain::discussion::{Place, PlaceKind, store};
use crate::domain::{postmortem, signoff};
use crate::error::{Error, Result};
use crate::usecases::dossier::{Dossier, refusal};
use crate::usecases::drill::detail::DrillDetail;
use crate::usecases::postmortem::actions::not_open;
use crate::usecases::postmortem::reading::is_kept_back_from;

/// What the address of a page names: a row, or a post-mortem's name in URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub kind: PlaceKind,
    pub name: String,
}

impl Key {
    pub fn of(comment: &Comment) -> Self {
        Self {
            kind: comment.place_kind,
            name: comment.place_id.to_string(),
        }
    }

    fn row(&self) -> Result<i64> {
        let what = match self.kind {
            PlaceKind::Ramp => "ramp",
            PlaceKind::SignOff => "sign-off",
            PlaceKind::Postmortem => "post-mortem",
            PlaceKind::Drill => "drill",
        };
        self.name.parse().map_err(|_| Error::NotFound(what))
    }
}

/// A place for a page that shows it. `true` beside it: the page keeps the rest back until the reader has answered.
pub fn open(c: &mut Conn, context: &ReadContext, key: &Key) -> Result<(Place, bool)> {
    let actor = &context.actor;
    match key.kind {
        PlaceKind::Ramp => {
            let dossier = Dossier::load_for(c, key.row()?, actor, context.now)?;
            Ok((of_ramp(&dossier), false))
        }
        PlaceKind::SignOff => {
            let signoff = signoff::store::by_id(c, key.row()?)?;
            let dossier = Dossier::load_for(c, signoff.ramp_id, actor, context.now)
                .map_err(|e| e.hidden("sign-off"))?;
            Ok((of_signoff(&dossier, signoff.id), false))
        }
        PlaceKind::Postmortem => {
            let found = postmortem::store::named(c, &key.name)?;
            if !found.access().may_read(actor) {
                return Err(Error::Forbidden(not_open().into()));
            }
            let is_kept_back = is_kept_back_from(c, &found, actor, context.now.day())?;
            Ok((Place::of_postmortem(&found), is_kept_back))
        }
        PlaceKind::Drill => Ok((of_drill(&DrillDetail::load(c, key.row()?)?), false)),
    }
}

/// The page that shows a comment of a place, at the comment: the place's own for the newest, else one of its discussion.
pub fn address(c: &mut Conn, place: &Place, comment_id: i64) -> Result<String> {
    let is_newest = store::is_among_newest(c, (place.kind, place.id), comment_id)?;
    Ok(match is_newest {
        true => place.at(comment_id),
        false => place.through(comment_id),
    })
}

/// The same, locked until the transaction ends, for a use case that writes there.
pub fn lock(c: &mut Conn, act: &Act, key: &Key) -> Result<Place> {
    let (actor, today) = (&act.actor, act.now.day());
    match key.kind {
        PlaceKind::Ramp => {
            let dossier = Dossier::lock(c, key.row()?, today)?;
            match dossier.parties.may_read(actor) {
                true => Ok(of_ramp(&dossier)),
                false => Err(refusal(dossier.mentee().name, &dossier.area)),
            }
        }
        PlaceKind::SignOff => {
            let signoff = signoff::store::by_id(c, key.row()?)?;
            let dossier = Dossier::lock_of(c, signoff.ramp_id, act, "sign-off")?;
            Ok(of_signoff(&dossier, signoff.id))
        }
        PlaceKind::Postmortem => {
            let found = postmortem::store::lock(c, &key.name)?;
            match found.access().may_read(actor) {
                true => Ok(Place::of_postmortem(&found)),
                false => Err(Error::Forbidden(not_open().into())),
            }
        }
        PlaceKind::Drill => Ok(of_drill(&DrillDetail::lock(c, key.row()?)?)),
    }
}

pub fn of_ramp(dossier: &Dossier) -> Place {
    let (mentee, area) = (
        dossier.mentee().name,
        (dossier.area.id, dossier.area.name.as_str()),
    );
    Place::of_ramp(dossier.ramp.id, mentee, area, &dossier.parties)
}

fn of_signoff(dossier: &Dossier, id: i64) -> Place {
    let (mentee, area) = (
        dossier.mentee().name,
        (dossier.area.id, dossier.area.name.as_str()),
    );
    Place::of_signoff(id, mentee, area, &dossier.parties)
}

pub fn of_drill(detail: &DrillDetail) -> Place {
    Place::of_drill(&detail.drill, detail.cast().map(|(id, _)| id))
}
