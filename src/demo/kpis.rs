//! What the organisation wants of its key figures, and what the owners of the targets say.

use super::history::Script;
use crate::domain::area::labels;
use crate::domain::area::model::Fields;
use crate::domain::area::store;
use crate::domain::kpi::note::NewNote;
use crate::domain::kpi::{Goal, Kpi, Place};
use crate::error::{Error, Result};
use crate::usecases::area::actions::change;
use crate::usecases::kpi::actions::{NewTarget, pin, set_target, write_note};
use crate::usecases::kpi::subject::{Whose, of_all};

const LEAD: &str = "ruth.abrams";
const ADMINISTRATOR: &str = "tomas.herrera";
const TEAM: &str = "Commerce SRE";

const LABELS: [(&str, &str); 4] = [
    ("payments", "Webshop, Wholesale portal"),
    ("edge", "Webshop"),
    ("catalogue", "Webshop, Wholesale portal"),
    ("orders", "Wholesale portal"),
];

/// Which target, and who owns it.
type Target = (fn() -> Whose, Kpi, Goal, &'static str);

const TARGETS: [Target; 5] = [
    (
        organisation,
        Kpi::Currency,
        Goal::AtLeast(0.95),
        ADMINISTRATOR,
    ),
    (team, Kpi::Cadence, Goal::AtLeast(0.8), LEAD),
    (team, Kpi::StalePairings, Goal::AtMost(0.1), LEAD),
    (
        payments,
        Kpi::Coverage,
        Goal::AtLeast(1.33),
        "ingrid.solberg",
    ),
    (
        payments,
        Kpi::EvidenceDepth,
        Goal::AtLeast(0.9),
        "priya.raman",
    ),
];

const PINNED: [Kpi; 4] = [
    Kpi::Coverage,
    Kpi::Cadence,
    Kpi::StalePairings,
    Kpi::Currency,
];

/// Days ago, whose figure, who, why, and what next.
type Said = (
    i64,
    fn() -> Whose,
    Kpi,
    &'static str,
    &'static str,
    &'static str,
);

const NOTES: [Said; 4] = [
    (
        70,
        payments,
        Kpi::Coverage,
        "ingrid.solberg",
        "Two clearances ended in the same week, and only one person renewed in time.",
        "Amara asks for her sign-off before the campaign. Renewals are planned six weeks ahead from now on.",
    ),
    (
        16,
        payments,
        Kpi::Coverage,
        "ingrid.solberg",
        "Cover holds as long as nobody leaves: the ramps of this quarter are close to their sign-off.",
        "Pair one more person from the platform team in January.",
    ),
    (
        21,
        team,
        Kpi::Cadence,
        LEAD,
        "Sessions slip in weeks with a campaign, most of all between distant time zones.",
        "Each pairing agrees a second slot of half an hour for such weeks.",
    ),
    (
        12,
        organisation,
        Kpi::Currency,
        ADMINISTRATOR,
        "Quiet areas have too few alerts to practise on.",
        "One drill a month in Orders and Catalogue, led by a different person each time.",
    ),
];

fn organisation() -> Whose {
    Whose::Organisation
}

fn team() -> Whose {
    Whose::Team(TEAM.into())
}

fn payments() -> Whose {
    Whose::Area("payments".into())
}

pub(super) fn add_steps(script: &mut Script<'_>) {
    let cast = script.cast;
    for (slug, typed) in LABELS {
        script.at(240, 9, move |c, at| {
            let area = store::by_slug(c, slug)?.ok_or(Error::NotFound("area"))?;
            let fields = Fields {
                labels: labels::parse(typed).map_err(Error::fault)?,
                ..Fields::of(&area)
            };
            let act = cast.act(ADMINISTRATOR, at)?;
            let revision = area.revision;
            change(c, &act, slug, revision, (&fields, area.owner_team_id))
        });
    }
    for (n, (whose, kpi, goal, owner)) in (0..).zip(TARGETS) {
        script.at(130 - 2 * n, 14, move |c, at| {
            let whose = whose();
            let setter = match of_all(c, &whose)?.place() {
                Some(Place::Organisation) => ADMINISTRATOR,
                _ => LEAD,
            };
            let new = NewTarget {
                goal,
                owner_id: cast.id(owner)?,
                seen: 0,
            };
            let act = cast.act(setter, at)?;
            set_target(c, &act, (&whose, kpi), new).map(|_| ())
        });
    }
    for (n, kpi) in (0..).zip(PINNED) {
        script.at(110 - n, 15, move |c, at| {
            let act = cast.act(LEAD, at)?;
            pin(c, &act, (&team(), kpi))
        });
    }
    for (days_ago, whose, kpi, who, why, next) in NOTES {
        script.at(days_ago, 16, move |c, at| -> Result<()> {
            let note = NewNote::parse(why, next)?;
            let act = cast.act(who, at)?;
            write_note(c, &act, (&whose(), kpi), &note)
        });
    }
}
