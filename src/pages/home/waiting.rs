//! What waits for the person on the home page: keys to turn, sign-offs to ask for, gaps and items to see to.

use crate::domain::ramp::model::Ramp;
use crate::domain::signoff::{Key, can_request};
use crate::pages::home::Waiting;
use crate::pages::home::build::Home;
use crate::usecases::home::{gaps_note, items_note, to_check};
use crate::usecases::register::keys;

impl Home {
    pub(super) fn waiting(&self, mine: &[&Ramp], mentored: &[&Ramp]) -> Vec<Waiting> {
        let (register, local) = (&self.register, &self.context.local);
        let mut waiting = Vec::new();
        for (signoff, ramp) in keys::due(register, &self.context.actor) {
            let due = signoff.due(register.today());
            let note = match (due, signoff.first_key_by, signoff.first_key_at) {
                (Some(Key::Second), Some(by), Some(at)) => {
                    format!(
                        "{} turned the first key {}; the second is due",
                        register.name(by),
                        local.day_of(at).relative
                    )
                }
                _ => {
                    let when = local.day_of(signoff.requested_at).relative;
                    format!(
                        "{} asked for the sign-off {when}; the first key is due",
                        register.name(signoff.requested_by)
                    )
                }
            };
            waiting.push(Waiting {
                css: "wait",
                icon: "st-await",
                href: format!("/sign-offs/{}", signoff.id),
                title: self.title(ramp),
                note,
                button: "Review",
            });
        }
        waiting.extend(self.unsupervised());
        waiting.extend(self.to_waive());
        waiting.extend(self.shifts());
        waiting.extend(self.to_lead());
        waiting.extend(self.clubs_to_close());
        waiting.extend(self.to_record(mentored));
        for ramp in mine.iter().chain(mentored).filter(|r| self.may_ask(r)) {
            let is_mine = mine.iter().any(|m| m.id == ramp.id);
            let area = register.area_name(ramp.area_id);
            waiting.push(Waiting {
                css: "ok",
                icon: "key",
                href: format!("/ramps/{}/sign-off", ramp.id),
                title: if is_mine {
                    format!("Your ramp, {area}")
                } else {
                    self.title(ramp)
                },
                note: "Every gate is met: a sign-off may be asked for".into(),
                button: "Ask for sign-off",
            });
        }
        for ramp in mentored {
            let (gaps, items) = self
                .readiness(ramp)
                .map_or((0, 0), |r| (r.gaps_open, to_check(r)));
            let open = [
                (
                    gaps,
                    "soon",
                    "undo",
                    "gaps",
                    gaps_note(gaps),
                    "See the gaps",
                ),
                (
                    items,
                    "wait",
                    "ck-done",
                    "items",
                    items_note(items),
                    "Check",
                ),
            ];
            let open = open.into_iter().filter(|(count, ..)| *count > 0);
            waiting.extend(open.map(|(_, css, icon, anchor, note, button)| Waiting {
                css,
                icon,
                href: format!("/ramps/{}#{anchor}", ramp.id),
                title: self.title(ramp),
                note,
                button,
            }));
        }
        waiting.extend(self.flagged());
        waiting
    }

    fn may_ask(&self, ramp: &Ramp) -> bool {
        let today = self.register.today();
        self.readiness(ramp)
            .is_some_and(|r| can_request(ramp.state, ramp.starts_on, today, r).is_ok())
    }
}
