//! One of several values a form offers.

pub struct Choice {
    pub value: String,
    pub label: String,
    pub checked: bool,
}
