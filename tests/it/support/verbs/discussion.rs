//! People say something.

use crate::support::{Answer, Client};

impl Client {
    /// Writes a comment at the discussion with that address, without looking at the page.
    pub fn say(&self, comments: &str, words: &str) -> Answer {
        self.send(comments, &[("body", words)])
    }
}

impl Answer {
    /// The comment that a redirect leads to.
    pub fn comment(&self) -> i64 {
        let id = self.assert_status(303).location().rsplit("#c-").next();
        id.unwrap().parse().unwrap()
    }
}
