//! What a list is filtered by, and the way without each of it.

use crate::web::{Fields, query_string};

/// Where in the list a page begins: without a filter it begins anew.
const PLACES: [&str; 3] = ["after", "before", "page"];

pub struct Filters {
    path: &'static str,
    /// What is asked for, as in the address.
    asked: Vec<(String, String)>,
}

impl Filters {
    /// The filters of the list at `path`, as asked for.
    pub fn of(path: &'static str, query: &Fields) -> Self {
        let asked = query
            .iter()
            .filter(|(name, value)| !value.is_empty() && !PLACES.contains(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            path,
            asked: asked.collect(),
        }
    }

    /// The address of the list without one of them.
    pub fn without(&self, name: &str) -> String {
        let rest = self.asked.iter().filter(|(asked, _)| asked != name);
        let rest = rest.map(|(name, value)| (name.as_str(), value.as_str()));
        format!("{}{}", self.path, query_string(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_without_a_filter_keeps_the_others_and_begins_anew() {
        let query = Fields::of(&[("q", "a b"), ("team", ""), ("area", "edge"), ("after", "x")]);
        let filters = Filters::of("/people", &query);
        assert_eq!(filters.without("q"), "/people?area=edge");
        assert_eq!(filters.without("area"), "/people?q=a+b");
        assert_eq!(filters.without("team"), "/people?q=a+b&area=edge");
    }
}
