//! Post-mortems for tests, written through the use cases.

use checkride::domain::postmortem::{Deed, Document, Point, Postmortem, Severity, store};
use checkride::usecases::postmortem::actions::{Note, add, lead_on};

use super::{Role, Site, at};

/// A document that can be taught.
pub fn document() -> Document {
    let point = |saw: &str, code: &str| Point {
        saw: saw.into(),
        question: format!("What does it mean that {}?", saw.to_lowercase()),
        believed: "The provider had failed".into(),
        decided: "Switched everything to the other one".into(),
        now: "Look at the capture queue first".into(),
        teaches: vec![code.into()],
    };
    Document {
        title: "Captures were doubled".into(),
        severity: Severity::One,
        occurred_at: at("2025-11-20T19:42:00Z"),
        minutes: 47,
        areas: vec!["payments".into()],
        systems: vec!["Gateway".into()],
        link: Some("https://wiki.example.com/inc/2418".into()),
        symptoms: "Authorisation takes nine seconds.".into(),
        impact: "1,912 shoppers were charged twice.".into(),
        points: vec![
            point("The queue grows", "PAY-I1"),
            point("Support calls", "PAY-I2"),
        ],
        surprised: "Keys are per provider.".into(),
        actions: Vec::new(),
        body: "## Timeline\n\nIt **began** at night.".into(),
    }
}

impl Site {
    /// A draft that somebody wrote; gives back its name in URLs.
    pub fn write(&self, role: Role, document: &Document) -> String {
        let act = self.act(role);
        self.app.db(|c| add(c, &act, document))
    }

    /// Somebody leads it on, wherever it stands.
    pub fn lead_on(&self, role: Role, slug: &str, deed: Deed) {
        let (act, note) = (self.act(role), Note::parse("So it is").unwrap());
        self.app.db(|c| {
            let revision = store::named(c, slug)?.revision;
            lead_on(c, &act, slug, (deed, revision), &note).map(|_| ())
        });
    }

    /// One that the stranger wrote and the qualifier made teachable.
    pub fn teach(&self, document: &Document) -> String {
        let slug = self.write(Role::Stranger, document);
        self.lead_on(Role::Stranger, &slug, Deed::Submit);
        self.lead_on(Role::Qualifier, &slug, Deed::Approve);
        slug
    }

    /// As it is stored.
    pub fn postmortem(&self, slug: &str) -> Postmortem {
        self.app.db(|c| store::named(c, slug))
    }
}
