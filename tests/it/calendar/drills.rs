//! A drill changes: who joins, who stays and who leaves.

use checkride::domain::calendar::engagement::Kind;

use super::feed::{address, subscribed};
use super::handed_over::invited;
use super::invitations::{invitation_for, told};
use super::titles;
use crate::support::{Form, Member, Role, Site};

/// Sends the form of the plan with such fields.
fn change(site: &Site, id: i64, fields: &[(&str, &str)]) {
    site.app.wait_seconds(60);
    let mentor = site.client(Role::Mentor);
    let page = format!("/drills/{id}/edit");
    let form = Form::on(&mentor.get(&page), &page);
    let form = fields
        .iter()
        .fold(form, |form, (name, value)| form.with(name, value));
    form.send(&mentor).assert_status(303);
}

#[test]
fn everyone_is_told_what_a_change_of_a_drill_is_for_them() {
    let site = Site::open();
    let id = site.plan_drill();
    let object = format!("drill:{id}");
    let said = |who: &Member| invited(&site, who, &object);
    let first = said(&site.mentee).len();
    assert_eq!(first, 1);

    // Only the sheet: nobody learns of it, not even that it changed.
    change(&site, id, &[("scenario", "The provider is gone.")]);
    assert_eq!(said(&site.mentee).len(), first);

    let observer = address(&site.client(Role::MenteeLead));
    let drills = || titles(&subscribed(&site, &observer).body);
    assert_eq!(drills(), ["Drill in Payments: Monday morning"]);
    change(&site, id, &[("observer", &site.owner_lead.id.to_string())]);
    assert_eq!(drills(), Vec::<String>::new());
    let number = |who: &Member| {
        let (method, number, _) = told(&invitation_for(&site, Kind::Drill, id, who.id));
        (method, number)
    };
    assert_eq!(number(&site.mentee_lead), ("CANCEL", 2));
    assert_eq!(number(&site.owner_lead), ("REQUEST", 2));
    assert_eq!(
        said(&site.mentee).len(),
        first,
        "nothing changed for the primary"
    );
    let left = said(&site.mentee_lead).pop().unwrap();
    assert!(left.contains("took you out of the drill of"), "{left}");
    let joined = said(&site.owner_lead);
    assert!(
        joined.len() == 1 && joined[0].contains("planned the drill for"),
        "{joined:?}"
    );
    // Who is out can read on that it goes on without them.
    let reader = site.client(Role::MenteeLead);
    reader.get(&format!("/drills/{id}")).assert_status(200);

    for (n, field) in [
        ("title", "Tuesday morning"),
        ("minutes", "45"),
        ("starts_at", "2026-11-24T10:00"),
    ]
    .into_iter()
    .enumerate()
    {
        change(&site, id, &[field]);
        for who in [&site.mentee, &site.stranger, &site.owner_lead] {
            let all = said(who);
            assert_eq!(all.len(), n + 2, "{field:?}: {all:?}");
            assert!(
                all[n + 1].contains("changed the drill. It is planned for"),
                "{all:?}"
            );
        }
    }
    assert_eq!(
        said(&site.mentee_lead).len(),
        2,
        "who left hears no more of it"
    );
    assert_eq!(number(&site.mentee), ("REQUEST", 5));
}
