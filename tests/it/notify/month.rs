//! Four weeks of reminders and digests, over the change to summer time, in two zones.

use checkride::domain::availability;
use checkride::domain::availability::Absence;
use checkride::domain::outbox::store::{self, Filter};
use checkride::time::LocalTime;

use crate::support::{Member, Role, Site, at};

/// What somebody got, each with the moment on their own clock.
fn got(site: &Site, member: &Member, zone: &str) -> Vec<String> {
    let all = site
        .app
        .db(|c| store::list(c, Filter::default(), None, 500));
    let mut lines: Vec<String> = all
        .iter()
        .filter(|m| m.person_id == Some(member.id))
        .map(|m| {
            let local = LocalTime::new(zone, m.created_at).civil(m.created_at);
            format!("{} {}", local.strftime("%a %d %b %H:%M"), m.subject)
        })
        .collect();
    lines.reverse();
    lines
}

#[test]
fn four_weeks_of_reminders_and_digests_over_summer_time() {
    let site = Site::open();
    let start = at("2027-03-07T20:45:00Z");
    let hours = start.seconds_since(site.app.now()) / 3600;
    site.app.wait_hours(hours);
    site.app.wait_seconds(start.seconds_since(site.app.now()));
    let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
    mentor
        .record_session(site.ramp_id, "Looked at the dashboards", &[])
        .assert_status(303);
    let plan = format!("/ramps/{}/sessions/plan", site.ramp_id);
    mentee
        .form_at(&plan)
        .with("starts_at", "2027-03-10T11:00")
        .send(&mentee)
        .assert_status(303);
    // Every two hours, for five weeks.
    for hour in (0..(35 * 24)).step_by(2) {
        site.app.wait_hours(2);
        if hour == 17 * 24 {
            site.ask_for_signoff();
        }
        site.app.rounds();
    }
    let lists = [
        (
            &site.mentor,
            "Europe/London",
            &[
                "Sun 07 Mar 20:45 Leila Haddad, Payments: Leila Haddad planned a session for Wed 10 Mar, 10:00",
                "Mon 08 Mar 08:45 Your week",
                "Wed 10 Mar 10:45 Leila Haddad, Payments: The session of Wed 10 Mar, 10:00 was not recorded yet",
                "Mon 15 Mar 08:45 Your week: 1 thing waits for you",
                "Mon 22 Mar 08:45 Your week: 1 thing waits for you",
                "Mon 29 Mar 09:45 Your week: 1 thing waits for you",
                "Mon 05 Apr 09:45 Your week: 1 thing waits for you",
            ][..],
        ),
        (
            &site.mentee,
            "Africa/Tunis",
            &[
                "Mon 08 Mar 09:45 Your week",
                "Mon 08 Mar 09:45 Today: 1 thing is new",
                "Mon 15 Mar 09:45 Your week",
                "Mon 22 Mar 09:45 Your week",
                "Mon 29 Mar 09:45 Your week",
                "Mon 05 Apr 09:45 Your week",
            ],
        ),
        (
            &site.owner_lead,
            "UTC",
            &[
                "Mon 08 Mar 08:45 Your week",
                "Mon 15 Mar 08:45 Your week",
                "Mon 22 Mar 08:45 Your week",
                "Mon 29 Mar 08:45 Your week",
                "Thu 01 Apr 08:45 Leila Haddad, Payments: The sign-off was asked for on Wed 24 Mar, 22:45 and still \
                 waits for a key",
                "Mon 05 Apr 08:45 Your week",
            ],
        ),
        (&site.qualifier, "Europe/Stockholm", &[]),
        (&site.stranger, "Europe/Warsaw", &[]),
    ];
    for (member, zone, expected) in lists {
        assert_eq!(got(&site, member, zone), expected, "{}", member.name);
    }
}

#[test]
fn a_pairing_without_sessions_is_told_once_to_its_mentor_in_the_morning() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    mentor
        .record_session(site.ramp_id, "Looked at the dashboards", &[])
        .assert_status(303);
    let stale = || {
        let inbox = site.client(Role::Mentor).get("/inbox").text();
        inbox.matches("No session since").count()
    };
    // Every fourteen days was agreed; twice that is not too long yet.
    site.app.wait_hours(28 * 24);
    site.app.rounds();
    assert_eq!(stale(), 0);
    // Past midnight it is, but nobody is told at night.
    site.app.wait_hours(17);
    site.app.rounds();
    assert_eq!(stale(), 0);
    for _ in 0..3 {
        site.app.wait_hours(8);
        site.app.rounds();
        assert_eq!(stale(), 1);
    }
}

#[test]
fn who_is_away_is_reminded_when_they_are_back() {
    let site = Site::open();
    let plan = format!("/ramps/{}/sessions/plan", site.ramp_id);
    let mentee = site.client(Role::Mentee);
    mentee
        .form_at(&plan)
        .with("starts_at", "2026-11-24T11:00")
        .send(&mentee)
        .assert_status(303);
    let away = Absence {
        first_on: at("2026-11-24T00:00:00Z").day(),
        last_on: at("2026-11-30T00:00:00Z").day(),
    };
    let now = site.app.now();
    site.app
        .db(|c| availability::store::add_absence(c, site.mentor.id, away, now));
    let reminded = || {
        let mails = got(&site, &site.mentor, "Europe/London");
        mails
            .into_iter()
            .filter(|m| !m.contains("planned"))
            .collect::<Vec<_>>()
    };
    for _ in 0..7 {
        site.app.wait_hours(24);
        site.app.rounds();
        assert_eq!(reminded(), Vec::<String>::new());
    }
    site.app.wait_hours(24);
    site.app.rounds();
    assert_eq!(
        reminded(),
        [
            "Tue 01 Dec 09:00 Leila Haddad, Payments: The session of Tue 24 Nov, 10:00 was not recorded yet"
        ]
    );
}
