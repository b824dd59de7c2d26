//! What is not discussed yet, in the library, is what the gate of the ramp still misses.

use checkride::db::schema::{clubs, ramps, sessions};
use checkride::domain::postmortem::club::store::ramping;
use checkride::domain::postmortem::store::search::{Reader, Search, page};
use checkride::domain::postmortem::{Document, State, store};
use checkride::domain::ramp::RampState;
use checkride::domain::ramp::model::NewRamp;
use checkride::domain::ramp::store::insert;
use diesel::prelude::*;

use super::discussed::{asking_for, club, counted, record, titled};
use super::found::another_area;
use crate::support::Site;
use crate::support::sample::document;

/// What the mentee has still to discuss in the area of the ramp: as the library lists it, as the pages of the
/// post-mortems say, and what the gate leaves; all alike.
fn still_open(site: &Site) -> Vec<String> {
    let wanted = |undiscussed_by| Search {
        area: Some(site.area_id),
        state: Some(State::Teachable),
        undiscussed_by,
        ..Search::default()
    };
    let titles = |wanted: Search| -> Vec<String> {
        let found = site.app.db(|c| page(c, &wanted, &Reader::default(), 50));
        found.into_iter().map(|l| l.title).collect()
    };
    let (all, mut open) = (titles(wanted(None)), titles(wanted(Some(site.mentee.id))));
    open.sort();
    assert_eq!(
        counted(site).0,
        all.len() - open.len(),
        "{open:?} of {all:?}"
    );
    for title in &all {
        let slug = title.to_lowercase().replace(' ', "-");
        let on_page = site.app.db(|c| {
            let found = store::named(c, &slug)?;
            ramping(c, &found)
        });
        let of_ramp = on_page.iter().find(|r| r.ramp_id == site.ramp_id).unwrap();
        assert_eq!(of_ramp.has_discussed, !open.contains(title), "{title}");
    }
    open
}

const ALL: [&str; 2] = ["Captures were doubled", "The origin melted"];

/// Two teachable ones in the area, one of them in another area as well; and the row of that one.
fn library() -> (Site, [String; 2], i64) {
    let site = asking_for(2);
    let edge = another_area(&site, ("edge", "Edge", "EDG"));
    let first = site.teach(&document());
    let second = site.teach(&Document {
        areas: vec!["edge".into(), "payments".into()],
        ..titled("The origin melted")
    });
    (site, [first, second], edge)
}

fn row(site: &Site, slug: &str) -> String {
    site.postmortem(slug).id.to_string()
}

#[test]
fn a_session_and_a_club_close_both_and_what_was_taken_back_opens_both() {
    let (site, [first, second], _) = library();
    assert_eq!(still_open(&site), ALL);
    record(&site, "post_mortem", &row(&site, &first)).assert_status(303);
    assert_eq!(still_open(&site), ALL[1..]);
    club(&site, &second, &[site.mentee.id], &[site.mentee.id]);
    assert!(still_open(&site).is_empty());
    let now = site.app.now();
    site.app.db(|c| {
        diesel::update(sessions::table)
            .set(sessions::undone_at.eq(Some(now)))
            .execute(c)?;
        Ok(())
    });
    assert_eq!(still_open(&site), ALL[..1]);
}

#[test]
fn a_club_that_somebody_missed_closes_neither() {
    let (site, [first, _], _) = library();
    let (mentee, stranger) = (site.mentee.id, site.stranger.id);
    club(&site, &first, &[mentee, stranger], &[stranger]);
    assert_eq!(still_open(&site), ALL);
}

#[test]
fn what_was_before_the_ramp_counts_is_still_to_be_discussed() {
    let (site, [first, second], _) = library();
    record(&site, "post_mortem", &row(&site, &first)).assert_status(303);
    club(&site, &second, &[site.mentee.id], &[site.mentee.id]);
    assert!(still_open(&site).is_empty());
    let from = |days: i64| {
        let day = site.app.now().day().plus_days(days);
        site.app.db(|c| {
            diesel::update(ramps::table.find(site.ramp_id))
                .set(ramps::counts_from.eq(day))
                .execute(c)?;
            Ok(())
        });
    };
    from(1);
    assert_eq!(still_open(&site), ALL);
    from(0);
    assert!(still_open(&site).is_empty(), "on the day itself");
    site.app.db(|c| {
        let earlier = site.app.now().plus_hours(-24 * 3);
        diesel::update(clubs::table)
            .set(clubs::starts_at.eq(earlier))
            .execute(c)?;
        Ok(())
    });
    assert_eq!(still_open(&site), ALL[1..]);
}

#[test]
fn a_session_on_the_way_through_another_area_is_none_of_this_ramp() {
    let (site, [_, second], edge) = library();
    let now = site.app.now();
    let other = site.app.db(|c| {
        let standard_id = checkride::domain::standard::store::published_id(c, edge)?.unwrap();
        let new = NewRamp {
            mentee_id: site.mentee.id,
            area_id: edge,
            standard_id,
            state: RampState::Active,
            starts_on: now.day(),
            target_on: now.day().plus_days(84),
            started_by: site.owner_lead.id,
            created_at: now,
        };
        Ok(insert(c, &new)?)
    });
    record(&site, "post_mortem", &row(&site, &second)).assert_status(303);
    assert_eq!(still_open(&site), ALL[..1]);
    site.app.db(|c| {
        diesel::update(sessions::table)
            .set(sessions::ramp_id.eq(other))
            .execute(c)?;
        Ok(())
    });
    assert_eq!(still_open(&site), ALL);
    // In the other area it counts; and where it does not, it is listed without a word of the area.
    let open = |area: Option<i64>| {
        let wanted = Search {
            area,
            undiscussed_by: Some(site.mentee.id),
            ..Search::default()
        };
        let found = site.app.db(|c| page(c, &wanted, &Reader::default(), 50));
        found.len()
    };
    assert_eq!((open(Some(edge)), open(None)), (0, 2));
    // Whoever ramps nowhere is asked about by all they ever discussed.
    site.app.db(|c| {
        diesel::update(ramps::table)
            .set(ramps::closed_at.eq(Some(now)))
            .execute(c)?;
        Ok(())
    });
    assert_eq!(open(None), 1);
}
