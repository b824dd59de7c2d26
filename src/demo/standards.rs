//! New versions of standards in the demo: one that fixes what a mentee flagged, a material one, and an open draft.

use super::history::{Script, open_ramp};
use crate::db::{Conn, locks};
use crate::domain::audit::Act;
use crate::domain::stale;
use crate::domain::stale::{Part, Ticks};
use crate::domain::standard::draft::Line;
use crate::domain::standard::{Competency, Group, Level, Standard, StandardState, store};
use crate::error::{Error, Result};
use crate::usecases::stale::actions::{Finding, flag};
use crate::usecases::standard::actions::{Target, publish, remove, save_line, start};
use crate::usecases::standard::input::{LineInput, Note};
use crate::words::Words;

pub(super) fn add_steps(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(40, 9, move |c, at| {
        let words = "The access page moved; the old one asks for a role that no longer exists.";
        let ramp_id = open_ramp(c, cast, "lukas.novak", "catalogue")?;
        flag_as_stale(c, &cast.act("lukas.novak", at)?, ramp_id, "CAT-K2", words)
    });
    script.at(14, 8, move |c, at| {
        let act = cast.act("mei-ling.zhou", at)?;
        start(c, &act, "catalogue", true)?;
        change(c, &act, "catalogue", "CAT-K2", |line| {
            if let Line::Item(item) = line {
                item.link = Some("https://wiki.harbour.example/access/catalogue/read".into());
            }
        })
    });
    script.at(13, 8, move |c, at| {
        let act = cast.act("mei-ling.zhou", at)?;
        change(c, &act, "catalogue", "CAT-A2", |line| {
            if let Line::Competency(competency) = line {
                competency.statement =
                    "State the normal query latency, index age and import length, by season".into();
            }
        })?;
        let note = "The access page has moved, and normal figures differ between seasons.";
        release(c, &act, "catalogue", note, false)
    });
    script.at(8, 13, move |c, at| {
        let act = cast.act("dele.adeyemi", at)?;
        start(c, &act, "platform", true)?;
        change(c, &act, "platform", "PLT-O2", |line| {
            if let Line::Competency(competency) = line {
                competency.statement =
                    "Read saturation, lock waits and replication lag, and say which one is the cause"
                        .into();
                competency.critical = true;
                competency.required_level = Level::ALL[3];
            }
        })?;
        let note =
            "A replica that lagged cost us a night in autumn: reading it is critical from now on.";
        release(c, &act, "platform", note, true)
    });
    under_way(script);
}

/// The draft of the payments standard, and the flags that wait for an answer in it.
fn under_way(script: &mut Script<'_>) {
    let cast = script.cast;
    script.at(6, 14, move |c, at| {
        let words = "The contracts moved to the vendor portal; this page has last year's terms.";
        let ramp_id = open_ramp(c, cast, "amara.okafor", "payments")?;
        flag_as_stale(c, &cast.act("amara.okafor", at)?, ramp_id, "PAY-K2", words)
    });
    script.at(4, 15, move |c, at| {
        let act = cast.act("priya.raman", at)?;
        start(c, &act, "payments", true)?;
        let slow = Competency {
            code: String::new(),
            group: Group::Observability,
            statement: "Tell a provider that answers slowly from one that lost the request".into(),
            required_level: Level::ALL[2],
            critical: false,
            behaviours: [
                "Watches a mentor compare our timeouts with the provider's own log",
                "Finds the two timestamps for one payment beside a mentor",
                "Names which of the two it was in a live case, then confirms it with a mentor",
                "Decides within ten minutes whether a retry is safe",
                "Has learners predict from one trace what the provider will say",
            ]
            .map(str::to_owned),
        };
        let line = LineInput {
            line: Line::Competency(slow),
            flags: Ticks::default(),
        };
        let new = Target::New {
            code: None,
            is_back: false,
        };
        let seen = draft(c, "payments")?.seen();
        save_line(c, &act, "payments", seen, &new, &line)?;
        let seen = draft(c, "payments")?.seen();
        remove(c, &act, "payments", seen, "PAY-K8")
    });
    script.at(2, 16, move |c, at| {
        let act = cast.act("ingrid.solberg", at)?;
        change(c, &act, "payments", "PAY-C1", |line| {
            if let Line::Competency(competency) = line {
                competency.critical = true;
                competency.required_level = Level::ALL[3];
            }
        })
    });
}

fn flag_as_stale(c: &mut Conn, act: &Act, ramp_id: i64, code: &str, words: &str) -> Result<()> {
    let finding = Finding {
        part: Part::Link,
        note: Words::parse(words).map_err(Error::fault)?,
    };
    flag(c, act, ramp_id, code, &finding).map(|_| ())
}

fn draft(c: &mut Conn, slug: &str) -> Result<Standard> {
    let area = crate::domain::area::store::by_slug(c, slug)?.ok_or(Error::NotFound("area"))?;
    let mut versions = store::of_area(c, area.id)?.into_iter();
    let draft = versions.find(|s| s.state == StandardState::Draft);
    draft.ok_or(Error::NotFound("draft"))
}

/// Edits a line of the draft; the edit answers a flag on that line.
fn change(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    code: &str,
    edit: impl FnOnce(&mut Line),
) -> Result<()> {
    let draft = draft(c, slug)?;
    let mut line = draft.content.line(code).ok_or(Error::NotFound("line"))?;
    edit(&mut line);
    let flags = stale::store::open_of_area(c, draft.area_id)?;
    let of_line = flags.iter().filter(|f| f.item_code == code);
    let input = LineInput {
        line,
        flags: Ticks {
            shown: Vec::new(),
            ticked: of_line.map(|f| f.id).collect(),
        },
    };
    let target = Target::Existing(code.to_owned());
    save_line(c, act, slug, draft.seen(), &target, &input).map(|_| ())
}

fn release(c: &mut Conn, act: &Act, slug: &str, note: &str, material: bool) -> Result<()> {
    let seen = draft(c, slug)?.seen();
    let note = Note::parse(note).map_err(Error::fault)?;
    // Another act than the edit before it.
    locks::begin();
    publish(c, act, slug, seen, &note, material).map(|_| ())
}
