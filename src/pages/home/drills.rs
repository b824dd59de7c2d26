//! Drills on home: those that wait for the person who leads them.

use crate::pages::home::Waiting;
use crate::pages::home::build::Home;

impl Home {
    pub(super) fn to_lead(&self) -> Vec<Waiting> {
        let waits = self.drills.iter().filter_map(|drill| {
            let (note, button) = drill.waits_for(self.context.now)?;
            let when = self.context.local.moment(drill.starts_at).text;
            Some(Waiting {
                css: "soon",
                icon: "list",
                href: drill.href(),
                title: format!("{}, {}", drill.title, drill.area),
                note: format!("{note}; planned for {when}"),
                button,
            })
        });
        waits.collect()
    }
}
