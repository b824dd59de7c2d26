//! What people do that changes what is found, or by whom.

use checkride::db::Conn;
use checkride::db::schema::{comments, qualifiers, shifts, signoffs};
use checkride::domain::area;
use checkride::domain::discussion::{Draft, PlaceKind};
use checkride::domain::people;
use checkride::domain::people::admin::{Details, Shown};
use checkride::domain::people::{Email, Name, ZoneName};
use checkride::domain::postmortem;
use checkride::domain::postmortem::{Document, Transition};
use checkride::domain::search::{Changed, Kind, refresh};
use checkride::domain::shift::{Brief, Hours, NewShift, ShiftKind};
use checkride::error::Result;
use checkride::usecases::discussion::actions as talk;
use checkride::usecases::discussion::actions::About;
use checkride::usecases::discussion::place::Key;
use checkride::usecases::postmortem::actions::{Note, add, make_transition};
use checkride::usecases::postmortem::reading;
use checkride::usecases::postmortem::reading::Body;
use checkride::usecases::ramp::actions::Reason;
use checkride::usecases::ramp::actions::arrange;
use checkride::usecases::shift;
use checkride::words::Words;
use diesel::prelude::*;
use proptest::prelude::*;

use super::super::deeds::{Deed, deed};
use super::super::organisation::*;
use crate::support::sample;

/// Something that changes what is found.
#[derive(Debug, Clone)]
pub enum Turn {
    Try(usize, Deed),
    /// Somebody gets another name.
    Rename(usize, String),
    RenameArea(String),
    /// Somebody writes a post-mortem, of the area or of none.
    Write(usize, bool),
    /// Somebody leads a post-mortem on.
    Lead(usize, usize, Transition),
    /// Somebody comes into a team, leads it, or goes.
    Place(usize, bool, Option<bool>),
    /// Somebody may sign in the area, or no longer.
    Designate(usize, bool),
    /// Somebody comments: on the ramp, its latest sign-off, or a post-mortem.
    Say(usize, usize),
    /// Somebody edits a comment, or removes it.
    Rewrite(usize, usize, bool),
    /// Somebody reads a post-mortem as far as so many steps.
    Answer(usize, usize, usize),
    /// Somebody plans a shift with somebody.
    Shift(usize, usize),
    CancelShift(usize),
    /// Somebody ends the ramp.
    End(usize),
}

pub fn turn() -> impl Strategy<Value = Turn> {
    let who = || 0..PEOPLE;
    let name = "(Amara|Øyvind|Łukasz|李|佐藤) [A-Z][a-z]{2,6}";
    let transition = prop::sample::select(Transition::ALL);
    prop_oneof![
        8 => deed().prop_map(|(who, deed)| Turn::Try(who, deed)),
        1 => (who(), name).prop_map(|(who, name)| Turn::Rename(who, name)),
        1 => "[A-Z][a-z]{3,9} ?障?".prop_map(Turn::RenameArea),
        2 => (who(), any::<bool>()).prop_map(|(who, of_area)| Turn::Write(who, of_area)),
        4 => (who(), 0..3_usize, transition).prop_map(|(who, which, how)| Turn::Lead(who, which, how)),
        1 => (who(), any::<bool>(), prop::option::of(any::<bool>()))
            .prop_map(|(who, owners, leads)| Turn::Place(who, owners, leads)),
        3 => (who(), any::<bool>()).prop_map(|(who, may)| Turn::Designate(who, may)),
        5 => (who(), 0..5_usize).prop_map(|(who, place)| Turn::Say(who, place)),
        3 => (who(), 0..8_usize, any::<bool>()).prop_map(|(who, n, gone)| Turn::Rewrite(who, n, gone)),
        3 => (who(), 0..3_usize, 1..4_usize).prop_map(|(who, which, to)| Turn::Answer(who, which, to)),
        3 => (prop::sample::select(vec![MENTEE, MENTOR, HELPER, QUALIFIER]), who())
            .prop_map(|(who, with)| Turn::Shift(who, with)),
        1 => who().prop_map(Turn::CancelShift),
        1 => who().prop_map(Turn::End),
    ]
}

/// A history with something of every kind that not everyone may see.
pub fn plain() -> Vec<Turn> {
    vec![
        Turn::Try(MENTOR, Deed::Advance),
        Turn::Try(MENTOR, Deed::Session),
        Turn::Shift(MENTOR, QUALIFIER),
        Turn::Write(MENTOR, true),
        Turn::Say(MENTOR, 0),
        Turn::Say(MENTOR, 2),
        // They have nothing to do with any of it any more.
        Turn::Designate(UNCLEARED, false),
    ]
}

impl Organisation {
    pub fn follow(&self, c: &mut Conn, turn: &Turn, written: &mut Vec<String>) -> Result<()> {
        let found = area::store::by_id(c, self.area_id)?;
        match turn {
            Turn::Try(who, deed) => {
                self.try_deed(c, *who, deed)?;
                // It is done by hand, so no entry tells of it.
                let mut by_hand = Changed::default();
                by_hand.add(Kind::Ramp, [self.ramp_id]);
                match deed {
                    Deed::HandOver => refresh(c, by_hand, true),
                    _ => Ok(()),
                }
            }
            Turn::Rename(who, name) => {
                let act = self.act(c, ADMINISTRATOR)?;
                let person = people::store::by_id(c, self.people[*who])?.unwrap();
                let to = Details {
                    name: Name::parse(name).unwrap(),
                    email: Email::parse(&person.email).unwrap(),
                    time_zone: ZoneName::parse(&person.time_zone).unwrap(),
                    is_admin: person.is_admin,
                };
                let shown = Shown {
                    name: person.name,
                    email: person.email,
                    time_zone: person.time_zone,
                    is_admin: person.is_admin,
                };
                checkride::usecases::people::admin::edit(c, &act, &person.handle, &shown, &to)
                    .map(|_| ())
            }
            Turn::RenameArea(name) => {
                let act = self.act(c, ADMINISTRATOR)?;
                let fields = area::model::Fields {
                    name: name.clone(),
                    ..area::model::Fields::of(&found)
                };
                let to = (&fields, found.owner_team_id);
                checkride::usecases::area::actions::change(c, &act, &found.slug, found.revision, to)
            }
            Turn::Write(who, of_area) => {
                let act = self.act(c, *who)?;
                let mut document = Document {
                    title: format!("Incident {}", written.len()),
                    areas: vec![found.slug],
                    ..sample::document()
                };
                for point in &mut document.points {
                    point.teaches.clear();
                }
                if !of_area {
                    document.areas.clear();
                }
                written.push(add(c, &act, &document, true)?);
                Ok(())
            }
            Turn::Lead(who, which, how) => {
                let Some(slug) = written.get(*which) else {
                    return Ok(());
                };
                let act = self.act(c, *who)?;
                let revision = postmortem::store::named(c, slug)?.revision;
                let note = Note::parse("So it is").unwrap();
                make_transition(c, &act, slug, (*how, revision), &note).map(|_| ())
            }
            Turn::Place(who, owners, place) => {
                let led = if *owners { OWNER_LEAD } else { MENTEE_LEAD };
                let lead = self.act(c, led)?;
                let Some(team) = lead.actor.leads.first() else {
                    return Ok(());
                };
                let key = (*team, self.people[*who]);
                match place {
                    Some(leads) => people::store::put_membership(c, key, *leads, self.now),
                    None => people::store::end_membership(c, key, self.now),
                }
            }
            Turn::Designate(who, may) => self.designate(c, self.people[*who], *may),
            Turn::Say(who, place) => self.say(c, *who, *place, written),
            Turn::Rewrite(who, which, is_removed) => self.rewrite(c, (*who, *which), *is_removed),
            Turn::Answer(who, which, to) => {
                let Some(slug) = written.get(*which) else {
                    return Ok(());
                };
                self.answer(c, *who, slug, *to)
            }
            Turn::Shift(who, with) => self.plan_shift(c, *who, *with),
            Turn::CancelShift(who) => {
                let act = self.act(c, *who)?;
                let id = shifts::table
                    .select(diesel::dsl::max(shifts::id))
                    .first::<Option<i64>>(c)?;
                let why = Words::parse("Ill").unwrap();
                shift::actions::cancel(c, &act, id.unwrap_or_default(), &why)
            }
            Turn::End(who) => {
                let act = self.act(c, *who)?;
                let why = Reason::parse("Moved to another team").unwrap();
                arrange::end(c, &act, self.ramp_id, &why)
            }
        }
    }

    /// By hand: no text of anything changes.
    fn designate(&self, c: &mut Conn, person: i64, may: bool) -> Result<()> {
        let of_person = qualifiers::person_id
            .eq(person)
            .and(qualifiers::area_id.eq(self.area_id));
        let current = qualifiers::table.filter(of_person.and(qualifiers::until.is_null()));
        diesel::update(current)
            .set(qualifiers::until.eq(self.now))
            .execute(c)?;
        if may {
            diesel::insert_into(qualifiers::table)
                .values((
                    qualifiers::area_id.eq(self.area_id),
                    qualifiers::person_id.eq(person),
                    qualifiers::since.eq(self.now),
                ))
                .execute(c)?;
        }
        Ok(())
    }

    fn say(&self, c: &mut Conn, who: usize, place: usize, written: &[String]) -> Result<()> {
        let signoff = || signoffs::table.select(diesel::dsl::max(signoffs::id));
        let (kind, name) = match (place, written.get(place.saturating_sub(2))) {
            (0, _) => (PlaceKind::Ramp, self.ramp_id.to_string()),
            (1, _) => {
                let latest = signoff().first::<Option<i64>>(c)?;
                (PlaceKind::SignOff, latest.unwrap_or_default().to_string())
            }
            (_, Some(slug)) => (PlaceKind::Postmortem, slug.clone()),
            (_, None) => return Ok(()),
        };
        let act = self.act(c, who)?;
        let draft = Draft::parse(false, "", "", "It **was** the cache, see 障害");
        let key = Key { kind, name };
        talk::write(c, &act, &key, About::Place, draft).map(|_| ())
    }

    fn rewrite(&self, c: &mut Conn, (who, which): (usize, usize), is_removed: bool) -> Result<()> {
        let all = comments::table.order(comments::id.desc());
        let found: Option<(i64, i32)> = all
            .select((comments::id, comments::number))
            .offset(i64::try_from(which).unwrap())
            .first(c)
            .optional()?;
        let (Some(key), act) = (found, self.act(c, who)?) else {
            return Ok(());
        };
        match is_removed {
            true => talk::remove(c, &act, key).map(|_| ()),
            false => {
                let said = format!("I know better now, at {}", self.now.iso());
                talk::edit(c, &act, key, |_| Draft::parse(false, "", "", &said)).map(|_| ())
            }
        }
    }

    fn answer(&self, c: &mut Conn, who: usize, slug: &str, to: usize) -> Result<()> {
        let act = self.act(c, who)?;
        let revision = postmortem::store::named(c, slug)?.revision;
        let body = Body::parse("I would look at the queue").unwrap();
        for step in 0..to {
            reading::answer(c, &act, slug, (revision, step), &body)?;
        }
        Ok(())
    }

    fn plan_shift(&self, c: &mut Conn, who: usize, with: usize) -> Result<()> {
        let words = |text| Words::parse(text).unwrap();
        let from = 2 + 10 * i64::try_from(with).unwrap();
        let hours = Hours::new(self.now.plus_hours(from), self.now.plus_hours(from + 8));
        let new = NewShift {
            kind: ShiftKind::ALL[with % 2],
            with_id: self.people[with],
            hours: hours.unwrap(),
            brief: Brief {
                may_page: words("The gateway"),
                runbooks: words("In the wiki"),
                learner_job: words("Say aloud what it means"),
                who_may_touch: words("Only who is on call"),
            },
        };
        let act = self.act(c, who)?;
        shift::actions::plan(c, &act, self.ramp_id, &new).map(|_| ())
    }
}
