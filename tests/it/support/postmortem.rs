//! Post-mortems for tests, written through the use cases.

use checkride::domain::postmortem::{Document, Postmortem, Transition, store};
use checkride::usecases::postmortem::actions::{Note, add, make_transition};

use super::{Role, Site};

impl Site {
    /// A draft that somebody wrote; gives back its name in URLs.
    pub fn write(&self, role: Role, document: &Document) -> String {
        let act = self.act(role);
        self.app.db(|c| add(c, &act, document, true))
    }

    /// Somebody leads it on, wherever it stands.
    pub fn make_transition(&self, role: Role, slug: &str, deed: Transition) {
        let (act, note) = (self.act(role), Note::parse("So it is").unwrap());
        self.app.db(|c| {
            let revision = store::named(c, slug)?.revision;
            make_transition(c, &act, slug, (deed, revision), &note).map(|_| ())
        });
    }

    /// One that the stranger wrote and the qualifier made teachable.
    pub fn teach(&self, document: &Document) -> String {
        let slug = self.write(Role::Stranger, document);
        self.make_transition(Role::Stranger, &slug, Transition::Submit);
        self.make_transition(Role::Qualifier, &slug, Transition::Approve);
        slug
    }

    /// As it is stored.
    pub fn postmortem(&self, slug: &str) -> Postmortem {
        self.app.db(|c| store::named(c, slug))
    }
}
