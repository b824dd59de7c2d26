//! Shifts are found by their words, by the people of the ramp and the person on call.

use checkride::domain::clearance;
use checkride::domain::clearance::model::NewClearance;
use checkride::domain::shift::ShiftKind;
use checkride::usecases::ramp::actions::{Reason, arrange};
use checkride::usecases::shift::actions::cancel;
use checkride::words::Words;

use super::{SIGNED_IN, links, results, search, site};
use crate::shift::{alert, close, ended, planned, planned_with};
use crate::support::{Role, path};

#[test]
fn a_shift_is_found_by_those_whom_its_page_opens_to() {
    let site = site();
    let now = site.app.now();
    let until = now.day().plus_days(100);
    let cleared = NewClearance::full((site.stranger.id, site.area_id), now, until);
    site.app
        .db(|c| clearance::store::insert(c, &cleared).map(|_| ()));
    let hers = planned_with(&site, ShiftKind::Shadow, site.stranger.id, (24, 28));
    let other = planned(&site, ShiftKind::Shadow, (48, 52));
    for role in SIGNED_IN {
        let client = site.client(role);
        for id in [hers, other] {
            let opens = client.shift_page(id).status == 200;
            for typed in ["noisy disk", "shadow leila", "aloud means"] {
                let found = links(&search(&client, typed)).contains(&path::shift(id));
                assert_eq!(found, opens, "{role:?} looks for {typed}");
            }
        }
    }
    // The person on call reads the shift, and not the ramp.
    let on_call = results(&site.client(Role::Stranger), "leila payments");
    assert!(on_call.contains("Shadow shift of"), "{on_call}");
    assert!(!on_call.contains(&path::ramp(site.ramp_id)), "{on_call}");
}

#[test]
fn its_alerts_and_its_debrief_are_found_with_it() {
    let site = site();
    let id = ended(&site);
    alert(&site, id, true);
    let mentor = site.client(Role::Mentor);
    let finds = |typed: &str| links(&search(&mentor, typed)).contains(&path::shift(id));
    assert!(finds("gateway 5xx"));
    assert!(!finds("board first"));
    close(&site, id);
    assert!(finds("board first"));
    let page = search(&mentor, "board first");
    assert!(
        page.body.contains("She read the <mark>board</mark>"),
        "{}",
        page.body
    );
}

#[test]
fn what_was_cancelled_is_not_found_also_when_the_ramp_ended() {
    let site = site();
    let (first, second) = (
        planned(&site, ShiftKind::Shadow, (24, 28)),
        planned(&site, ShiftKind::Shadow, (48, 52)),
    );
    let session = site.plan_session(24);
    super::index(&site);
    let mentor = site.client(Role::Mentor);
    let found = || {
        let all = [
            links(&search(&mentor, "noisy")),
            links(&search(&mentor, "runbook")),
        ];
        all.concat()
    };
    let (first, second, session) = (
        path::shift(first),
        path::shift(second),
        path::session(session),
    );
    assert!(found().contains(&first) && found().contains(&session));
    let (act, id) = (site.act(Role::Mentor), site.dossier().shifts);
    let id = id.iter().find(|s| path::shift(s.id) == first).unwrap().id;
    let ill = Words::parse("Ill").unwrap();
    site.app.db(|c| cancel(c, &act, id, &ill));
    assert!(!found().contains(&first) && found().contains(&second));
    let why = Reason::parse("Moved to another team").unwrap();
    site.app
        .db(|c| arrange::end(c, &act, site.ramp_id, &why).map(|_| ()));
    assert!(!found().contains(&second) && !found().contains(&session));
}
