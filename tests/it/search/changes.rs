//! Whatever changes something that is found, the index follows in the same transaction: after each of these it is the one
//! that is made from everything there is. A new kind needs a line here.

use std::collections::BTreeSet;

use checkride::db::Conn;
use checkride::db::schema::search_entries;
use checkride::domain::area;
use checkride::domain::area::systems::System;
use checkride::domain::audit::Reason;
use checkride::domain::postmortem::Document;
use checkride::domain::search::Kind;
use checkride::domain::shift::ShiftKind;
use checkride::domain::standard;
use checkride::usecases::search::rebuild;
use checkride::usecases::{drill, postmortem, shift};
use checkride::words::{Title, Words};
use diesel::prelude::*;

use super::site;
use crate::shift::{alert, brief, close, ended, planned};
use crate::support::sample::document;
use crate::support::{Role, Site, path};

type Rows = BTreeSet<(Kind, i64, String, String)>;

fn rows(c: &mut Conn) -> Rows {
    let all = search_entries::table.select((
        search_entries::kind,
        search_entries::ref_id,
        search_entries::code,
        search_entries::digest,
    ));
    all.load(c).unwrap().into_iter().collect()
}

/// What is done, and the kinds of which something is found then that was not before.
type Step = (&'static str, &'static [Kind], fn(&Site));

const COMMENTED: &[Kind] = &[Kind::Comment];

const STEPS: [Step; 23] = [
    ("a person is added", &[Kind::Person], |site| {
        use checkride::domain::people::{Email, Name, NewPerson, ZoneName};
        let new = NewPerson {
            name: Name::parse("Noor Haddad").unwrap(),
            email: Email::parse("noor@example.com").unwrap(),
            time_zone: ZoneName::parse("UTC").unwrap(),
        };
        let act = site.act(Role::Administrator);
        site.app
            .db(|c| checkride::usecases::people::actions::add(c, &act, &new, false));
    }),
    ("a session is recorded", &[Kind::Session], |site| {
        let mentor = site.client(Role::Mentor);
        mentor.record_session(site.ramp_id, "Read the queue", &[("minutes", "30")]);
    }),
    ("it is taken back", &[], |site| {
        let id = site.dossier().sessions[0].id;
        let undone = site.client(Role::Mentor).undo_session(id);
        undone.assert_status(303);
    }),
    ("another one is recorded", &[Kind::Session], |site| {
        let mentor = site.client(Role::Mentor);
        mentor.record_session(site.ramp_id, "Read the log", &[("minutes", "30")]);
    }),
    ("a shift is planned", &[Kind::Shift], |site| {
        planned(site, ShiftKind::Shadow, (24, 28));
    }),
    ("its brief changes", &[Kind::Shift], |site| {
        let (act, id) = (site.act(Role::Mentor), site.dossier().shifts[0].id);
        let other = checkride::domain::shift::Brief {
            learner_job: Words::parse("Keep the notes").unwrap(),
            ..brief()
        };
        let why = Words::parse("More to do").unwrap();
        site.app
            .db(|c| shift::actions::rebrief(c, &act, id, &other, &why));
    }),
    ("it is cancelled", &[], |site| {
        let (act, id) = (site.act(Role::Mentor), site.dossier().shifts[0].id);
        let why = Words::parse("Ill").unwrap();
        site.app.db(|c| shift::actions::cancel(c, &act, id, &why));
    }),
    ("an alert comes", &[Kind::Shift], |site| {
        let id = ended(site);
        alert(site, id, true);
    }),
    ("a shift is debriefed", &[Kind::Shift], |site| {
        let ended = site
            .dossier()
            .shifts
            .into_iter()
            .min_by_key(|s| s.starts_at);
        close(site, ended.unwrap().id);
    }),
    ("a drill is planned", &[Kind::Drill], |site| {
        site.plan_drill();
    }),
    ("its title changes", &[Kind::Drill], |site| {
        let (act, id) = (site.act(Role::Mentor), site.latest_drill());
        let revision = site.drill(id).drill.revision;
        let new = checkride::domain::drill::NewDrill {
            title: Title::parse("Tuesday night").unwrap(),
            ..site.new_drill()
        };
        site.app
            .db(|c| drill::actions::change(c, &act, id, revision, &new));
    }),
    ("a drill is debriefed", &[Kind::Drill], |site| {
        site.debrief_drill();
    }),
    ("somebody speaks of it", COMMENTED, |site| {
        let on = path::drill_form(site.latest_drill(), "comments");
        site.client(Role::Stranger).say(&on, "Well run").comment();
    }),
    ("somebody speaks on a ramp", COMMENTED, |site| {
        let on = path::ramp_form(site.ramp_id, "comments");
        site.client(Role::Mentor).say(&on, "Once more").comment();
    }),
    ("somebody says it better", COMMENTED, |site| {
        let mentor = site.client(Role::Mentor);
        let form = mentor.form_at("/comments/2/edit");
        let saved = form.with("body", "Once more, slower").send(&mentor);
        saved.assert_status(303);
    }),
    ("somebody takes it back", &[], |site| {
        let mentor = site.client(Role::Mentor);
        mentor
            .send("/comments/2/remove", &[("number", "2")])
            .assert_status(303);
    }),
    ("somebody speaks again", COMMENTED, |site| {
        let on = path::ramp_form(site.ramp_id, "comments");
        site.client(Role::Mentor).say(&on, "Third time").comment();
    }),
    ("a post-mortem is written", &[Kind::Postmortem], |site| {
        site.write(Role::Stranger, &document());
    }),
    ("somebody speaks of its draft", COMMENTED, |site| {
        let author = site.client(Role::Stranger);
        let on = "/library/captures-were-doubled/comments";
        author.say(on, "Nearly done").comment();
    }),
    (
        "its title changes",
        &[Kind::Postmortem, Kind::Comment],
        |site| {
            let act = site.act(Role::Stranger);
            let slug = "captures-were-doubled";
            let revision = site.postmortem(slug).revision;
            let new = Document {
                title: "Captures were made twice".into(),
                ..document()
            };
            site.app
                .db(|c| postmortem::actions::edit(c, &act, slug, revision, &new).map(|_| ()));
        },
    ),
    ("the area changes its systems", &[Kind::System], |site| {
        let act = site.act(Role::OwnerLead);
        let revision = site
            .app
            .db(|c| area::store::by_id(c, site.area_id))
            .revision;
        let systems = vec![System {
            name: "Ledger".into(),
            reference: None,
            links: Vec::new(),
        }];
        let seen = (revision, &Reason::default());
        site.app.db(|c| {
            let to = |_| Ok(systems.clone());
            checkride::usecases::area::actions::change_systems(c, &act, &site.area_slug, seen, to)
        });
    }),
    ("a standard is published", &[Kind::Competency], |site| {
        use checkride::usecases::standard::actions::{publish, start};
        use checkride::usecases::standard::draft_editor::Seen;
        use checkride::usecases::standard::input::Note;
        let act = site.act(Role::OwnerLead);
        site.app.db(|c| {
            let version = start(c, &act, &site.area_slug, true)?;
            let all = standard::store::of_area(c, site.area_id)?;
            let mut draft = all.into_iter().find(|s| s.version == version).unwrap();
            draft.rewrite().competencies[0].statement = "Explains it to a stranger".into();
            let content = &draft.content;
            standard::store::save_draft(c, (draft.id, 0), content, act.actor.id, act.now)?;
            let seen = Seen::Draft {
                version,
                revision: 1,
            };
            let note = Note::parse("Clearer").unwrap();
            checkride::db::locks::begin();
            publish(c, &act, &site.area_slug, seen, &note, false)
        });
    }),
    (
        "the area gets another name",
        &[
            Kind::Area,
            Kind::System,
            Kind::Competency,
            Kind::Ramp,
            Kind::Session,
            Kind::Shift,
            Kind::Drill,
            Kind::Comment,
        ],
        |site| {
            let act = site.act(Role::Administrator);
            site.app.db(|c| {
                let found = area::store::by_id(c, site.area_id)?;
                let fields = area::model::Fields {
                    name: "Checkout".into(),
                    ..area::model::Fields::of(&found)
                };
                let to = (&fields, found.owner_team_id);
                let (slug, revision) = (&found.slug, found.revision);
                checkride::usecases::area::actions::change(c, &act, slug, revision, to)
            });
        },
    ),
];

#[test]
fn the_index_follows_every_change() {
    let site = site();
    let mut before = site.app.db(|c| Ok(rows(c)));
    let mut touched = BTreeSet::new();
    for (done, kinds, step) in STEPS {
        step(&site);
        let (after, made) = site.app.db(|c| {
            let followed = rows(c);
            rebuild(c)?;
            Ok((followed, rows(c)))
        });
        assert_eq!(after, made, "{done}");
        let new: BTreeSet<Kind> = after.difference(&before).map(|row| row.0).collect();
        assert_eq!(new, kinds.iter().copied().collect(), "{done}");
        assert_ne!(after, before, "{done}");
        touched.extend(new);
        before = after;
    }
    let all: BTreeSet<Kind> = Kind::ALL.iter().copied().collect();
    assert_eq!(touched, all, "a kind that no step changes");
}
