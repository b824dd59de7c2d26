//! One of several values that a form offers.

pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Choice {
    pub fn new(value: impl ToString, label: impl Into<String>, chosen: bool) -> Self {
        Self {
            value: value.to_string(),
            label: label.into(),
            chosen,
        }
    }
}
