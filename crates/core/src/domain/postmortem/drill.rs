//! A drill from a post-mortem: the incident is replayed.

use super::{Document, OfArea, Postmortem};

/// The values of the new drill's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    pub title: String,
    /// What the players hear at the start.
    pub scenario: String,
    /// What the players see, in order.
    pub injects: Vec<String>,
    pub expected: Vec<Expected>,
}

/// Something that the game master watches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub what: String,
    /// Codes of the competencies that the point teaches.
    pub teaches: Vec<String>,
}

/// The drill that replays a post-mortem. It starts with the symptoms and shows what was seen. It expects what is known
/// now, where that is more than what was decided then.
pub fn as_drill(postmortem: &Postmortem) -> Replay {
    of(&postmortem.document)
}

/// The area for the replay: the first of its areas where the person may plan drills.
pub fn played_in(postmortem: &Postmortem, may_plan: impl Fn(i64) -> bool) -> Option<&OfArea> {
    postmortem.areas.iter().find(|area| may_plan(area.id))
}

fn of(document: &Document) -> Replay {
    let said = |text: &&String| !text.is_empty();
    Replay {
        title: document.title.clone(),
        scenario: document.symptoms.clone(),
        injects: document
            .points
            .iter()
            .map(|p| &p.saw)
            .filter(said)
            .cloned()
            .collect(),
        expected: document
            .points
            .iter()
            .filter_map(|p| {
                let what = [&p.now, &p.decided].into_iter().find(said)?;
                Some(Expected {
                    what: what.clone(),
                    teaches: p.teaches.clone(),
                })
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::postmortem::Point;
    use crate::domain::postmortem::document::tests::document;

    #[test]
    fn symptoms_become_injects_and_lessons_become_expectations() {
        let mut written = document();
        written.points.push(Point {
            saw: "Queue at 400".into(),
            decided: "Paused captures".into(),
            ..Point::default()
        });
        let drill = of(&written);
        assert_eq!(drill.title, written.title);
        assert_eq!(drill.scenario, "Origin at 100% CPU.");
        assert_eq!(drill.injects, ["Hit ratio at 3%", "Queue at 400"]);
        let expected: Vec<_> = drill
            .expected
            .iter()
            .map(|e| (e.what.as_str(), e.teaches.first().map(String::as_str)))
            .collect();
        assert_eq!(
            expected,
            [
                ("Look at the purge log", Some("EDGE-I1")),
                ("Paused captures", None)
            ]
        );
    }
}
