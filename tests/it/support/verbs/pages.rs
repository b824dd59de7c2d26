//! The pages that many tests look at.

use crate::support::{Answer, Client, Form, path};

impl Answer {
    /// The row that a redirect leads to.
    pub fn row(&self) -> i64 {
        let id = self.assert_status(303).location().rsplit('/').next();
        id.unwrap().parse().unwrap()
    }
}

impl Client {
    pub fn board(&self) -> Answer {
        self.get("/board")
    }

    pub fn area_page(&self, slug: &str) -> Answer {
        self.get(&format!("/areas/{slug}"))
    }

    pub fn ramp_page(&self, id: i64) -> Answer {
        self.get(&path::ramp(id))
    }

    pub fn competencies_page(&self, ramp_id: i64) -> Answer {
        self.get(&path::competencies(ramp_id))
    }

    pub fn checklist_page(&self, ramp_id: i64) -> Answer {
        self.get(&path::checklist(ramp_id))
    }

    /// The sessions and shifts of a ramp.
    pub fn sessions_page(&self, ramp_id: i64) -> Answer {
        self.get(&path::sessions(ramp_id))
    }

    /// The discussion of a ramp, its sign-offs, and who arranged what.
    pub fn history_page(&self, ramp_id: i64) -> Answer {
        self.get(&path::history(ramp_id))
    }

    pub fn signoff_page(&self, id: i64) -> Answer {
        self.get(&path::signoff(id))
    }

    pub fn clearance_page(&self, id: i64) -> Answer {
        self.get(&path::clearance(id))
    }

    pub fn session_page(&self, id: i64) -> Answer {
        self.get(&path::session(id))
    }

    pub fn shift_page(&self, id: i64) -> Answer {
        self.get(&path::shift(id))
    }

    pub fn drill_page(&self, id: i64) -> Answer {
        self.get(&path::drill(id))
    }

    pub fn person_page(&self, handle: &str) -> Answer {
        self.get(&path::person(handle))
    }

    /// A page's form, which must be there.
    pub fn form(&self, page: &str, action: &str) -> Form {
        Form::on(self.get(page).assert_status(200), action)
    }

    /// The form of a page that has its own address.
    pub fn form_at(&self, path: &str) -> Form {
        self.form(path, path)
    }
}
