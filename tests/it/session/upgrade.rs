//! What came next, as the first release kept it: a text on the session.

use checkride::db::schema::{next_actions, sessions};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::record;
use crate::support::database::{back_to_first, forward};
use crate::support::{Role, Site, verified};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    next_action: String,
}

#[test]
fn what_was_said_next_survives_the_upgrade_and_the_way_back() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    record(
        &site,
        &mentor,
        &[("next_actions", "Drain it\nTell finance")],
    );
    site.app.wait_hours(2);
    let undone = record(&site, &mentor, &[("next_actions", "Reconcile")]);
    site.app.wait_seconds(1);
    record(&site, &mentor, &[("next_actions", "Rotate")]);
    mentor.undo_session(undone).assert_status(303);
    site.app.db(verified);
    site.app.db(|c| {
        back_to_first(c);
        let sql = "SELECT next_action FROM sessions WHERE state = 'held' ORDER BY id";
        let said: Vec<Line> = diesel::sql_query(sql).load(c)?;
        let said: Vec<String> = said.into_iter().map(|l| l.next_action).collect();
        assert_eq!(
            said,
            ["Drain it\nTell finance", "Rotate"],
            "what was undone does not count"
        );
        forward(c);
        let open: Vec<String> = next_actions::table
            .filter(next_actions::done_at.is_null())
            .select(next_actions::body)
            .load(c)?;
        assert_eq!(open, ["Rotate"], "only what was said last is still open");
        let nobody: i64 = sessions::table
            .filter(sessions::recorded_by.is_null())
            .count()
            .get_result(c)?;
        assert_eq!(nobody, 0);
        Ok(())
    });
}
