//! Areas that must come first.

use super::reading::existing_area;
use super::*;

#[test]
fn an_area_that_comes_first_exists_and_is_another_one() {
    let asks = |code: &str| {
        let gate = "[[standard.gates]]\nkind = \"prerequisite\"";
        format!("{}\n{gate}\nareas = [\"{code}\"]\n", payments())
    };
    let other = payments()
        .replace("PAY", "ORD")
        .replace("Checkout", "Orders");
    let people = people();
    let problems = |code: &str, more: &[(&str, &str)]| {
        let area = asks(code);
        let mut files = vec![
            ("people.csv", people.as_str()),
            ("areas/payments.toml", &area),
        ];
        files.extend(more);
        fresh(&files).err().unwrap_or_default()
    };
    let line = asks("ORD").lines().count();
    let refused = |code: &str| {
        format!("areas/payments.toml:{line}: `areas`: There is no other area with the code {code}.")
    };
    let words = |found: Vec<Problem>| {
        let all: Vec<_> = found.iter().map(ToString::to_string).collect();
        all.join("; ")
    };
    assert_eq!(
        words(problems("PAY", &[])),
        refused("PAY"),
        "nothing comes before itself"
    );
    assert_eq!(words(problems("ORD", &[])), refused("ORD"));
    assert_eq!(words(problems("ORD", &[("areas/orders.toml", &other)])), "");
    let broken = other.replacen("ORD", "O", 1);
    let found = words(problems("ORD", &[("areas/orders.toml", &broken)]));
    assert!(
        !found.contains("no other area"),
        "the file that cannot be read may be the one: {found}"
    );
    // An area of the database can come first, while it is in use.
    let entry = fresh(&[("people.csv", &people), ("areas/orders.toml", &other)]);
    let mut existing = Existing::default();
    let mut orders = existing_area(entry.unwrap().areas.remove(0));
    for (archived, count) in [(None, 0), (Day::parse("2026-10-01"), 1)] {
        orders.archived = archived;
        existing.areas = [("orders".to_owned(), orders.clone())].into();
        let area = asks("ORD");
        let files = folder(&[("people.csv", &people), ("areas/payments.toml", &area)]);
        let found = read(&files, &existing, today()).err().unwrap_or_default();
        assert_eq!(found.len(), count, "{found:?}");
    }
}
