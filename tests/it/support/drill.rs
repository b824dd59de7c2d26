//! Drills of the site: the mentor plans and leads, the mentee is surprised, the stranger helps, the mentee's lead looks on.

use checkride::db::Conn;
use checkride::db::schema::drills;
use checkride::domain::audit::Reason;
use checkride::domain::drill::model::Line;
use checkride::domain::drill::{
    DrillKind, LineKind, LineWords, NewDrill, Note, Participants, Reply,
};
use checkride::domain::session::Minutes;
use checkride::domain::standard::Level;
use checkride::error::Result;
use checkride::usecases::drill::actions;
use checkride::usecases::drill::detail::DrillDetail;
use checkride::usecases::drill::run;
use checkride::usecases::drill::run::{Mark, Sighting};
use checkride::words::{Title, Words};
use diesel::prelude::*;

use super::{Role, Site};

impl Site {
    /// A drill an hour from now: two injects, two expected observations that show a competency, one that shows none.
    pub fn new_drill(&self) -> NewDrill {
        let lines = |text: &str| LineWords::lines(text, 9).unwrap();
        NewDrill {
            kind: DrillKind::Tabletop,
            title: Title::parse("Monday morning").unwrap(),
            scenario: Words::parse("The provider answers late, then not at all.").unwrap(),
            starts_at: self.app.now().plus_hours(1),
            minutes: Minutes::new(60).unwrap(),
            participants: Participants::new(
                self.mentor.id,
                self.mentee.id,
                &[self.stranger.id],
                &[self.mentee_lead.id],
            )
            .unwrap(),
            injects: lines("The pager rings: time-outs at checkout\nSupport asks what to say"),
            expected: lines("PAY-I1 Switches the provider\nPAY-O1 Finds the board\nTells finance"),
            postmortem_id: None,
            another: true,
        }
    }

    /// The mentor plans it; gives back its row.
    pub fn plan_drill(&self) -> i64 {
        let (act, new) = (self.act(Role::Mentor), self.new_drill());
        self.app
            .db(|c| actions::plan(c, &act, &self.area_slug, &new))
    }

    /// The mentor planned it, and begins.
    pub fn begin_drill(&self) -> i64 {
        let (id, act) = (self.plan_drill(), self.act(Role::Mentor));
        self.app.db(|c| run::begin(c, &act, id, &Reason::default()));
        id
    }

    /// Everything on the sheet happened to the mentee: one inject understood, one acknowledged; then it ended.
    pub fn run_drill(&self) -> i64 {
        let id = self.begin_drill();
        let act = self.act(Role::Mentor);
        for (n, line) in self.drill_lines(id).iter().enumerate() {
            let mark = match line.kind {
                LineKind::Inject if n == 0 => Mark::Given(Reply::Understood),
                LineKind::Inject => Mark::Given(Reply::Acknowledged),
                LineKind::Expected => Mark::Seen(Sighting {
                    person_id: self.mentee.id,
                    help: line.competency_code.as_ref().and(Level::new(3)),
                    note: Note::default(),
                }),
            };
            let key = (id, line.id);
            self.app
                .db(|c| run::tick(c, &act, key, line.revision, &mark));
        }
        self.app.db(|c| run::end(c, &act, id));
        id
    }

    /// The same, debriefed as it was ticked.
    pub fn debrief_drill(&self) -> i64 {
        let id = self.run_drill();
        let observed = checkride::usecases::drill::debrief::from_ticks(&self.drill_lines(id));
        let new = checkride::usecases::drill::debrief::NewDebrief {
            went_well: Words::default(),
            went_badly: Words::parse("Nobody told support").unwrap(),
            observed,
            absent: Default::default(),
        };
        let act = self.act(Role::Mentor);
        self.app
            .db(|c| checkride::usecases::drill::debrief::debrief(c, &act, id, &new));
        id
    }

    /// A drill with all that belongs to it.
    pub fn drill(&self, id: i64) -> DrillDetail {
        self.app.db(|c| DrillDetail::load(c, id))
    }

    /// The lines of its sheet.
    pub fn drill_lines(&self, id: i64) -> Vec<Line> {
        self.drill(id).lines
    }

    /// The latest drill.
    pub fn latest_drill(&self) -> i64 {
        self.app.db(|c: &mut Conn| -> Result<i64> {
            Ok(drills::table
                .select(drills::id)
                .order(drills::id.desc())
                .first(c)?)
        })
    }
}
