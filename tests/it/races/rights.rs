//! A right that is taken away at the moment it is used: whoever was answered first is right, the other one is told.

use std::time::Duration;

use checkride::db::schema::{audit_entries, people};
use checkride::db::{Conn, locks};
use checkride::domain::clearance::store as clearances;
use checkride::domain::people::store::memberships_of;
use diesel::prelude::*;

use super::{first_key_turned, told};
use crate::support::database::On;
use crate::support::{Answer, Client, Member, Role, Site, at_once, path};

const ROUNDS: usize = 4;

/// Something somebody sends.
struct Deed {
    who: Client,
    path: String,
    fields: Vec<(String, String)>,
}

impl Deed {
    fn new(who: Client, path: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let fields = fields.iter().map(owned).collect();
        Self {
            who,
            path: path.into(),
            fields,
        }
    }

    fn send(&self) -> Answer {
        let fields = self.fields.iter();
        let fields: Vec<(&str, &str)> = fields.map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.who.send(&self.path, &fields)
    }
}

fn deactivation(by: Client, whom: &Member) -> Deed {
    let path = format!("/admin/people/{}/deactivate", whom.handle);
    Deed::new(by, path, &[("reason", "Reorganisation")])
}

fn suspension(site: &Site, by: Client, whom: &Member) -> Deed {
    let held = site.app.db(|c| {
        Ok(clearances::latest_of(c, (whom.id, site.area_id))?
            .unwrap()
            .id)
    });
    let fields = [("from", "valid"), ("reason", "Lost the thread")];
    Deed::new(by, path::clearance_form(held, "suspend"), &fields)
}

fn end_of_designation(by: Client, whom: &Member) -> Deed {
    let path = format!("/areas/payments/qualifiers/{}/end", whom.id);
    Deed::new(by, path, &[("reason", "Another area")])
}

fn end_of_lead(site: &Site, by: Client, whom: &Member) -> Deed {
    let team = site.app.db(|c| {
        let all = memberships_of(c, whom.id)?;
        Ok(all.iter().find(|m| m.is_lead).unwrap().team_id)
    });
    let fields = [
        ("person", whom.handle.as_str()),
        ("from", "lead"),
        ("to", "member"),
        ("reason", "Another team"),
    ];
    Deed::new(by, format!("/admin/teams/{team}/members"), &fields)
}

fn approval(site: &Site, by: Client, id: i64) -> Deed {
    let ends_on = site.app.now().day().plus_days(100).to_string();
    let fields = [
        ("decision", "approve"),
        ("note", ""),
        ("ends_on", ends_on.as_str()),
        ("edition", &site.edition()),
    ];
    Deed::new(by, path::decision(id), &fields)
}

fn refused(answer: &Answer) -> bool {
    // 401 for whoever was signed out before the form arrived, 404 for whoever may not read the ramp any more.
    [401, 403, 404, 409].contains(&answer.status)
}

/// One of the two was done, the other was told.
fn one_wins(answers: &[Answer], what: &str) {
    let done = answers.iter().filter(|a| a.status == 303).count();
    let told = answers.iter().filter(|a| refused(a)).count();
    let pages: Vec<String> = answers.iter().map(Answer::text).collect();
    assert_eq!((done, told), (1, 1), "{what}: {pages:#?}");
}

fn make_administrators(site: &Site, all: &[&Member]) {
    site.app.db(|c| {
        for member in all {
            diesel::update(people::table.find(member.id))
                .set(people::is_admin.eq(true))
                .execute(c)?;
        }
        Ok(())
    });
}

/// Sends both while those rows are locked, so that both have looked at their rights before either goes on.
fn both_at_once(site: &Site, deeds: &[Deed; 2], hold: impl FnOnce(&mut Conn)) -> Vec<Answer> {
    std::thread::scope(|scope| {
        let sent = site.app.db(|c| {
            hold(c);
            let sent: Vec<_> = deeds.iter().map(|d| scope.spawn(|| d.send())).collect();
            std::thread::sleep(Duration::from_millis(200));
            Ok(sent)
        });
        sent.into_iter().map(|t| t.join().unwrap()).collect()
    })
}

#[test]
fn two_administrators_who_deactivate_each_other_are_one_who_stays() {
    for round in 0..ROUNDS {
        let site = Site::open();
        make_administrators(&site, &[&site.mentor, &site.qualifier]);
        let deeds = [
            deactivation(site.client(Role::Mentor), &site.qualifier),
            deactivation(site.client(Role::Qualifier), &site.mentor),
        ];
        let answers = match round {
            0 => both_at_once(&site, &deeds, |c| {
                let both = [site.mentor.id, site.qualifier.id];
                locks::lock(c, locks::Order::Person, &both).unwrap();
            }),
            _ => at_once(2, |n| deeds[n].send()),
        };
        one_wins(&answers, "deactivated each other");
        assert_eq!(told(&site, "person.deactivated"), 1);
    }
}

#[test]
fn two_administrators_who_end_each_others_right_are_one_who_keeps_it() {
    for _ in 0..ROUNDS {
        let site = Site::open();
        make_administrators(&site, &[&site.mentor, &site.qualifier]);
        let edit = |by: Role, whom: &Member| {
            let client = site.client(by);
            let own = format!("/admin/people/{}", whom.handle);
            let details = format!("{own}/details");
            let form = client.form(&own, &details);
            let mut fields = form.typed();
            fields.retain(|(name, _)| !["is_admin", "form_key"].contains(name));
            Deed::new(client, details, &fields)
        };
        let deeds = [
            edit(Role::Mentor, &site.qualifier),
            edit(Role::Qualifier, &site.mentor),
        ];
        let answers = at_once(2, |n| deeds[n].send());
        one_wins(&answers, "ended each other's right");
    }
}

#[test]
fn two_qualifiers_who_suspend_each_other_are_one_who_is_suspended() {
    for round in 0..ROUNDS {
        let site = Site::open();
        let deeds = [
            suspension(&site, site.client(Role::Mentor), &site.qualifier),
            suspension(&site, site.client(Role::Qualifier), &site.mentor),
        ];
        let answers = match round {
            0 => both_at_once(&site, &deeds, |c| {
                clearances::lock_latest(c, &[site.mentor.id, site.qualifier.id]).unwrap();
            }),
            _ => at_once(2, |n| deeds[n].send()),
        };
        one_wins(&answers, "suspended each other");
        assert_eq!(told(&site, "clearance.suspended"), 1);
    }
}

/// The place in the chain of the last entry with that action.
fn place(site: &Site, action: &str) -> Option<i64> {
    use audit_entries::dsl;
    site.app.db(|c| {
        let of_action = dsl::audit_entries.filter(dsl::action.eq(action));
        Ok(of_action
            .order(dsl::seq.desc())
            .select(dsl::seq)
            .first(c)
            .optional()?)
    })
}

/// A second key waits for the ramp while the right to it is taken away: it is never turned after that was answered.
fn never_after(action: &str, key: Role, removal: impl Fn(&Site) -> Deed) {
    let (site, id) = first_key_turned();
    let (key, removal) = (approval(&site, site.client(key), id), removal(&site));
    let (key, removal) = std::thread::scope(|scope| {
        let (key, removal) = site.app.db(|c| {
            locks::lock(c, locks::Order::Ramp, &[site.ramp_id])?;
            let key = scope.spawn(|| key.send());
            std::thread::sleep(Duration::from_millis(200));
            let removal = scope.spawn(|| removal.send());
            // The right is taken away without waiting for the ramp; SQLite has one writer, which is busy.
            if On::this_run() == On::Postgres {
                return Ok((key, Ok(removal.join().unwrap())));
            }
            std::thread::sleep(Duration::from_millis(200));
            Ok((key, Err(removal)))
        });
        let removal = match removal {
            Ok(done) => done,
            Err(waiting) => waiting.join().unwrap(),
        };
        (key.join().unwrap(), removal)
    });
    removal.assert_status(303);
    let (taken, granted) = (place(&site, action), place(&site, "signoff.granted"));
    assert!(taken.is_some(), "{action}");
    assert!(
        granted < taken,
        "{action}: granted at {granted:?}, taken away at {taken:?}"
    );
    if granted.is_none() {
        assert!(refused(&key), "{action}: {}", key.text());
    }
    if On::this_run() == On::Postgres {
        assert!(granted.is_none(), "{action}");
    }
}

#[test]
fn a_second_key_is_never_turned_after_its_holder_was_deactivated() {
    never_after("person.deactivated", Role::Qualifier, |site| {
        deactivation(site.client(Role::Administrator), &site.qualifier)
    });
}

#[test]
fn a_second_key_is_never_turned_after_the_holder_of_the_first_was_deactivated() {
    never_after("person.deactivated", Role::OwnerLead, |site| {
        deactivation(site.client(Role::Administrator), &site.mentor)
    });
}

#[test]
fn a_second_key_is_never_turned_after_its_holder_signed_out_everywhere() {
    never_after("session.signed_out_everywhere", Role::Qualifier, |site| {
        Deed::new(
            site.client(Role::Qualifier),
            "/sign-out",
            &[("everywhere", "on")],
        )
    });
}

#[test]
fn a_second_key_is_never_turned_after_its_holder_stopped_leading_the_team() {
    never_after("membership.changed", Role::OwnerLead, |site| {
        end_of_lead(site, site.client(Role::Administrator), &site.owner_lead)
    });
}

#[test]
fn a_second_key_is_never_turned_after_its_holders_clearance_was_suspended() {
    never_after("clearance.suspended", Role::Qualifier, |site| {
        suspension(site, site.client(Role::OwnerLead), &site.qualifier)
    });
}

#[test]
fn a_second_key_is_never_turned_after_its_holders_designation_ended() {
    never_after("qualifier.ended", Role::Qualifier, |site| {
        end_of_designation(site.client(Role::Administrator), &site.qualifier)
    });
}

type Named = (&'static str, fn(&Site, i64) -> Deed);

/// What people do to the same ramp, area, clearances and people.
fn deeds() -> Vec<Named> {
    vec![
        ("approves", |site, id| {
            approval(site, site.client(Role::OwnerLead), id)
        }),
        ("approves too", |site, id| {
            approval(site, site.client(Role::Qualifier), id)
        }),
        ("proposes the next ramp", |site, _| {
            let fields = [
                ("area", site.area_id.to_string()),
                ("mentee", site.mentee.id.to_string()),
                ("primary", site.qualifier.id.to_string()),
                ("starts_on", site.app.now().day().to_string()),
                ("interval_days", "7".into()),
            ];
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            Deed::new(site.client(Role::OwnerLead), path::NEW_RAMP, &fields)
        }),
        ("deactivates the mentee", |site, _| {
            deactivation(site.client(Role::Administrator), &site.mentee)
        }),
        ("deactivates the lead", |site, _| {
            deactivation(site.client(Role::Administrator), &site.owner_lead)
        }),
        ("suspends the mentor", |site, _| {
            suspension(site, site.client(Role::Qualifier), &site.mentor)
        }),
        ("suspends the qualifier", |site, _| {
            suspension(site, site.client(Role::Mentor), &site.qualifier)
        }),
        ("ends the designation", |site, _| {
            end_of_designation(site.client(Role::OwnerLead), &site.qualifier)
        }),
        ("signs out everywhere", |site, _| {
            Deed::new(
                site.client(Role::OwnerLead),
                "/sign-out",
                &[("everywhere", "on")],
            )
        }),
    ]
}

#[test]
fn any_two_who_meet_are_answered_and_none_waits_in_a_circle() {
    let all = deeds();
    let pairs = (0..all.len()).flat_map(|n| (n..all.len()).map(move |m| (n, m)));
    let pairs: Vec<(usize, usize)> = pairs.collect();
    // Most of the time goes into new databases, which several can wait for.
    at_once(4, |part| {
        for (n, m) in pairs.iter().skip(part).step_by(4) {
            meet(all[*n], all[*m]);
        }
    });
}

fn meet((first, one): Named, (second, other): Named) {
    let (site, id) = first_key_turned();
    let both = [one(&site, id), other(&site, id)];
    for answer in at_once(2, |n| both[n].send()) {
        let known = [303, 401, 403, 404, 409, 422];
        let page = answer.text();
        assert!(known.contains(&answer.status), "{first}, {second}: {page}");
    }
    assert!(told(&site, "clearance.granted") <= 1, "{first}, {second}");
    let granted = place(&site, "signoff.granted");
    if let Some(left) = place(&site, "person.deactivated")
        && second == "deactivates the mentee"
    {
        assert!(granted < Some(left), "{first}, {second}");
    }
}
