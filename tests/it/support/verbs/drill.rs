//! A drill begins, ends, and goes on where it ended too early.

use crate::support::{Answer, Client, path};

impl Client {
    pub fn begin_drill(&self, id: i64) -> Answer {
        self.send(&path::drill_form(id, "begin"), &[])
    }

    pub fn end_drill(&self, id: i64) -> Answer {
        self.send(&path::drill_form(id, "end"), &[])
    }

    pub fn go_on_with_drill(&self, id: i64) -> Answer {
        self.send(&path::drill_form(id, "go-on"), &[])
    }
}
