//! The form that plans a drill: what it holds, and how it is read.

use crate::domain::auth::context::ReadContext;
use crate::domain::drill::template::{self, DrillTemplate};
use crate::domain::drill::{
    DrillKind, LineKind, LineWords, MAX_LINES, MAX_OF_A_ROLE, NewDrill, Participants, Role,
};
use crate::domain::session::Minutes;
use crate::error::{Error, FieldErrors, Result};
use crate::time::{LocalTime, MomentField};
use crate::usecases::drill::detail::DrillDetail;
use crate::web::Fields;
use crate::words::{Title, Words};

/// What most drills take.
const USUAL_MINUTES: &str = "60";

/// The form as it was typed, or as it is first shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DrillForm {
    pub kind: String,
    pub title: String,
    pub scenario: String,
    pub starts_at: MomentField,
    pub minutes: String,
    pub game_master: String,
    pub primary: String,
    pub secondaries: Vec<String>,
    pub observers: Vec<String>,
    pub injects: String,
    pub expected: String,
    pub postmortem: String,
    pub revision: String,
    pub another: bool,
}

impl DrillForm {
    pub(crate) fn typed(fields: &Fields, local: &LocalTime) -> Self {
        let text = |name: &str| fields.get(name).to_owned();
        let all = |name| fields.all(name).map(str::to_owned).collect();
        Self {
            kind: text("kind"),
            title: text("title"),
            scenario: text("scenario"),
            starts_at: MomentField::sent(fields, "starts_at", local),
            minutes: text("minutes"),
            game_master: text("game_master"),
            primary: text("primary"),
            secondaries: all("secondary"),
            observers: all("observer"),
            injects: text("injects"),
            expected: text("expected"),
            postmortem: text("postmortem"),
            revision: text("revision"),
            another: fields.has("another"),
        }
    }

    /// A new one: tomorrow at the same hour, led by the person who asks.
    pub(crate) fn fresh(template: &DrillTemplate, query: &Fields, context: &ReadContext) -> Self {
        let tomorrow = context.now.plus_hours(24);
        let full_hour = tomorrow.rounded_down(3600);
        Self {
            kind: template.kind.unwrap_or(DrillKind::Tabletop).word().into(),
            title: template.title.clone(),
            scenario: template.scenario.clone(),
            starts_at: MomentField::of(full_hour, &context.local),
            minutes: USUAL_MINUTES.into(),
            game_master: context.actor.id.unwrap_or_default().to_string(),
            primary: query.get("primary").to_owned(),
            injects: template.injects_typed(),
            expected: template.expected_typed(),
            postmortem: template.postmortem.clone().unwrap_or_default(),
            ..Self::default()
        }
    }

    /// A drill as it is planned, ready to be changed.
    pub(crate) fn of(detail: &DrillDetail, local: &LocalTime) -> Self {
        let drill = &detail.drill;
        let of = |role: Role| -> Vec<String> {
            let parts = detail.parts.iter().filter(|p| p.role == role);
            parts.map(|p| p.about.person_id.to_string()).collect()
        };
        let lines = |kind: LineKind| -> String {
            let lines = detail.lines.iter().filter(|l| l.kind == kind);
            let typed: Vec<String> = lines
                .map(|l| template::typed(l.competency_code.as_deref(), &l.body))
                .collect();
            typed.join("\n")
        };
        let one = |role| of(role).into_iter().next().unwrap_or_default();
        Self {
            kind: drill.kind.word().into(),
            title: drill.title.clone(),
            scenario: drill.scenario.clone(),
            starts_at: MomentField::of(drill.starts_at, local),
            minutes: drill.minutes.to_string(),
            game_master: one(Role::GameMaster),
            primary: one(Role::Primary),
            secondaries: of(Role::Secondary),
            observers: of(Role::Observer),
            injects: lines(LineKind::Inject),
            expected: lines(LineKind::Expected),
            postmortem: String::new(),
            revision: drill.revision.to_string(),
            another: false,
        }
    }

    /// People who are named in it.
    pub(crate) fn chosen(&self) -> Vec<i64> {
        [&self.game_master, &self.primary]
            .into_iter()
            .chain(&self.secondaries)
            .chain(&self.observers)
            .filter_map(|id| id.parse().ok())
            .collect()
    }
}

/// Reads the form, all errors at once.
pub(crate) fn parse(
    fields: &Fields,
    local: &LocalTime,
    postmortem_id: Option<i64>,
) -> Result<NewDrill> {
    let mut errors = FieldErrors::default();
    let mut keep = |field: &str, sentence: String| errors.add(field, sentence);
    let kind = DrillKind::parse(fields.get("kind"));
    if kind.is_none() {
        keep("kind", "Choose what kind of drill it is.".into());
    }
    let unnamed = "Enter a name that does not reveal the scenario.";
    let title = Title::required(fields.get("title"), unnamed).map_err(|s| keep("title", s));
    let scenario = Words::required(
        fields.get("scenario"),
        "Say what happens, as the game master needs it.",
    )
    .map_err(|s| keep("scenario", s));
    let starts_at = MomentField::sent(fields, "starts_at", local)
        .read("Enter the day and time it is to begin.")
        .map_err(|s| keep("starts_at", s));
    let minutes = Minutes::parse(fields.get("minutes")).map_err(|s| keep("minutes", s));
    let participants = participants(fields).map_err(|wrong| {
        for (field, sentence) in wrong {
            keep(field, sentence);
        }
    });
    let mut lines = |field| {
        LineWords::lines(fields.get(field), MAX_LINES).map_err(|sentence| keep(field, sentence))
    };
    let (injects, expected) = (lines("injects"), lines("expected"));
    match (
        (kind, title, scenario, starts_at),
        (minutes, participants, injects, expected),
    ) {
        (
            (Some(kind), Ok(title), Ok(scenario), Ok(starts_at)),
            (Ok(minutes), Ok(participants), Ok(injects), Ok(expected)),
        ) => errors.or(NewDrill {
            kind,
            title,
            scenario,
            starts_at,
            minutes,
            participants,
            injects,
            expected,
            postmortem_id,
            another: fields.has("another"),
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

fn participants(fields: &Fields) -> std::result::Result<Participants, Vec<(&'static str, String)>> {
    let mut wrong = Vec::new();
    let all = |name| -> Vec<i64> { fields.all(name).filter_map(|id| id.parse().ok()).collect() };
    let (secondaries, observers) = (all("secondary"), all("observer"));
    for (role, people) in [
        (Role::Secondary, &secondaries),
        (Role::Observer, &observers),
    ] {
        if people.len() > MAX_OF_A_ROLE {
            let sentence = format!("Choose {MAX_OF_A_ROLE} at most.");
            wrong.push((role.word(), sentence));
        }
    }
    let mut one = |role: Role, sentence: &str| {
        let id = fields.id(role.word());
        if id.is_none() {
            wrong.push((role.word(), sentence.to_owned()));
        }
        id
    };
    let master = one(Role::GameMaster, "Choose who leads the drill.");
    let primary = one(Role::Primary, "Choose who handles the incident.");
    let (Some(master), Some(primary)) = (master, primary) else {
        return Err(wrong);
    };
    match Participants::new(master, primary, &secondaries, &observers) {
        Ok(participants) if wrong.is_empty() => Ok(participants),
        Ok(_) => Err(wrong),
        Err(role) => {
            let sentence = "Someone chosen here has another part in this drill already.";
            wrong.push((role.word(), sentence.into()));
            Err(wrong)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::local;
    use proptest::prelude::*;

    const WHOLE: [(&str, &str); 9] = [
        ("kind", "tabletop"),
        ("title", " Monday \n morning "),
        ("scenario", "The provider times out."),
        ("starts_at", "2026-11-19T09:00"),
        ("minutes", "45"),
        ("game_master", "1"),
        ("primary", "2"),
        ("observer", "3"),
        ("expected", "PAY-I1 switches over\n\nTells finance"),
    ];

    fn wrong(fields: &Fields) -> Vec<String> {
        match parse(fields, &local(), None) {
            Err(Error::Invalid(errors)) => errors.iter().map(|(f, _)| f.to_owned()).collect(),
            other => panic!("it was taken: {other:?}"),
        }
    }

    #[test]
    fn a_drill_is_read_in_the_zone_of_the_planner() {
        let new = parse(&Fields::of(&WHOLE), &local(), None).unwrap();
        assert_eq!(new.starts_at.iso(), "2026-11-19T01:00:00Z");
        assert_eq!(new.title.as_str(), "Monday morning");
        assert_eq!((new.expected.len(), new.injects.len()), (2, 0));
        assert_eq!(new.participants.role(3), Some(Role::Observer));
    }

    #[test]
    fn every_field_says_what_is_wrong_at_once() {
        let all = wrong(&Fields::of(&[("minutes", "0")]));
        assert_eq!(
            all,
            [
                "kind",
                "title",
                "scenario",
                "starts_at",
                "minutes",
                "game_master",
                "primary"
            ]
        );
        let twice = Fields::of(&WHOLE).and("secondary", "1");
        assert_eq!(wrong(&twice), ["secondary"]);
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused(
            pairs in prop::collection::vec(
                ("(kind|title|scenario|minutes|starts_at|game_master|primary|secondary|observer|injects|expected|\\PC{0,9})",
                 "(tabletop|-?[0-9]{1,20}|9999-12-31T23:59|-9999-01-01T00:00|.{0,40})"),
                0..14,
            ),
        ) {
            let pairs: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            let fields = Fields::of(&pairs);
            if let Ok(new) = parse(&fields, &local(), None) {
                prop_assert!(!new.title.is_empty() && !new.scenario.is_empty());
            }
            DrillForm::typed(&fields, &local()).chosen();
        }
    }
}
