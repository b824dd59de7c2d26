//! The form that assesses a group of competencies, and how it is read.

use std::collections::BTreeSet;

use crate::domain::assessment::evidence::Source;
use crate::domain::assessment::{Entries, EvidenceNote, Judged};
use crate::domain::standard::Level;
use crate::error::{FieldErrors, Result};
use crate::web::Fields;

/// The word for "not observed" among the levels of the form.
pub(crate) const NOT_OBSERVED: &str = "0";

/// Reads what was judged, all errors at once.
pub fn parse(fields: &Fields) -> Result<Entries> {
    let (entries, errors) = sort(fields);
    errors.or(entries)
}

/// What could be read, and a sentence for what could not. A competency left as it was shown is not judged at all:
/// what another person said in the meantime stays.
pub fn sort(fields: &Fields) -> (Entries, FieldErrors) {
    let (mut entries, mut errors) = (Entries::new(), FieldErrors::default());
    let codes: BTreeSet<&str> = ["level-", "note-", "source-"]
        .into_iter()
        .flat_map(|prefix| fields.with_prefix(prefix))
        .map(|(code, _)| code)
        .collect();
    for code in codes {
        let of = |name: &str| fields.trimmed(&format!("{name}-{code}"));
        let (level, note, source) = (of("level"), of("note"), of("source"));
        // While the level stays, evidence is a word of the person where they say that it is new: until then it is hidden.
        if level == of("shown") && note.is_empty() && of("again").is_empty() {
            continue;
        }
        let level = match level {
            NOT_OBSERVED => Ok(None),
            word => word
                .parse()
                .ok()
                .and_then(Level::new)
                .map(Some)
                .ok_or("choose a level, or “not observed”."),
        };
        let source = match source {
            "" => Ok(None),
            word => Source::parse(word)
                .map(Some)
                .ok_or("choose one of the options shown."),
        };
        let evidence = EvidenceNote::parse(note);
        if let Err(sentence) = level {
            errors.add(format!("level-{code}"), format!("{code}: {sentence}"));
        }
        if let Err(sentence) = source {
            errors.add(format!("evidence-{code}"), format!("{code}: {sentence}"));
        }
        if let Err(sentence) = &evidence {
            errors.add(format!("note-{code}"), format!("{code}: {sentence}"));
        }
        if let (Ok(level), Ok(source), Ok(evidence)) = (level, source, evidence) {
            entries.insert(
                code.to_owned(),
                Judged {
                    level,
                    evidence,
                    source,
                },
            );
        }
    }
    (entries, errors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use proptest::prelude::*;

    #[test]
    fn what_is_left_as_shown_is_not_judged() {
        let fields = Fields::of(&[
            ("level-A", "2"),
            ("shown-A", "2"),
            ("note-A", " "),
            ("source-A", ""),
            ("level-B", "3"),
            ("shown-B", "2"),
            ("level-C", "2"),
            ("shown-C", "2"),
            ("note-C", "Again, at night"),
            ("shown-D", ""),
            ("note-D", ""),
            ("level-E", "0"),
            ("shown-E", ""),
            ("source-E", "shift-9"),
            ("level-F", "2"),
            ("shown-F", "2"),
            ("source-F", "drill-4"),
            ("level-G", "2"),
            ("shown-G", "2"),
            ("source-G", "drill-4"),
            ("again-G", "yes"),
        ]);
        let entries = parse(&fields).unwrap();
        let codes: Vec<_> = entries.keys().map(String::as_str).collect();
        assert_eq!(codes, ["B", "C", "E", "G"]);
        assert_eq!(entries["B"].level, Level::new(3));
        assert_eq!(
            (entries["E"].level, entries["E"].source),
            (None, Some(Source::Shift(9)))
        );
    }

    #[test]
    fn evidence_without_a_level_is_asked_for_one() {
        let long = "x".repeat(1001);
        let fields = Fields::of(&[
            ("note-A", "Led it"),
            ("level-B", "6"),
            ("note-C", &long),
            ("level-C", "2"),
        ]);
        let Err(Error::Invalid(errors)) = parse(&fields) else {
            panic!("it was taken")
        };
        let named: Vec<_> = errors.iter().map(|(field, _)| field).collect();
        assert_eq!(named, ["level-A", "level-B", "note-C"]);
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused(
            pairs in prop::collection::vec(
                ("((level|note|source|shown)-[AB]?|\\PC{0,9})", "([0-9]|-?[0-9]{1,20}|.{0,30})"), 0..14,
            ),
        ) {
            let pairs: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            if let Ok(entries) = parse(&Fields::of(&pairs)) {
                prop_assert!(entries.len() <= pairs.len());
            }
        }
    }
}
