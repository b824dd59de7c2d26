//! docs/kpis.md says of every figure what the app says.

use checkride::domain::kpi::{Goal, Kpi};

#[test]
fn every_figure_has_a_section_with_its_words() {
    let docs = include_str!("../../../../docs/kpis.md");
    let sections: Vec<&str> = docs.split("\n## ").collect();
    for kpi in Kpi::ALL {
        let section = sections
            .iter()
            .find(|section| section.starts_with(&format!("{}\n", kpi.label())))
            .unwrap_or_else(|| panic!("no section about {}", kpi.label()));
        assert!(section.contains(kpi.words()), "{}", kpi.label());
        let window = match kpi.window() {
            Some(days) => format!("- Window {days} days"),
            None => "- ".to_owned(),
        };
        assert!(section.contains(&window), "{}: {window}", kpi.label());
        let least = format!("east n {}", kpi.least_n());
        assert!(section.contains(&least), "{}: {least}", kpi.label());
        assert!(section.contains("- Example: "), "{}", kpi.label());
        let unit = kpi.unit();
        let target = match kpi.goal() {
            Some(Goal::AtLeast(value)) => format!("arget: at least {}", unit.written(value)),
            Some(Goal::AtMost(0.0)) => "arget: none".to_owned(),
            Some(Goal::AtMost(value)) => format!("arget: at most {}", unit.written(value)),
            Some(Goal::Between(low, high)) => {
                format!(
                    "arget: from {} to {}",
                    unit.written(low),
                    unit.written(high)
                )
            }
            None => "arget".to_owned(),
        };
        assert!(section.contains(&target), "{}: {target}", kpi.label());
    }
    let known = sections.len() - 3;
    assert_eq!(known, Kpi::ALL.len(), "a section about no figure");
}
