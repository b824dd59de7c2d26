//! From the proposal to the last gate: each step moves one line, on the page of whoever takes it.

use super::look::{AT_MINIMUM, Stands};
use super::*;
use crate::drill::run_from_the_sheet;
use crate::postmortem::written;
use crate::shift::{debrief_form, plan_form};

/// The first two weeks: it is proposed and accepted, the checklist is done, a session is held.
pub fn proposed(life: &mut Life) -> i64 {
    life.on("2026-11-23");
    let ramp = life.propose();
    life.look(Stands {
        cell: &["Planned from 23 Nov"],
        cover: AT_MINIMUM,
        line: "Planned,,0,no,,,",
    });

    life.on("2026-11-24");
    life.accept(ramp);
    let gates = life.gates(ramp);
    assert!(gates.contains("0 of 7 met"), "{gates}");
    life.look(Stands {
        cell: &["Ramping 0%"],
        cover: AT_MINIMUM,
        line: "Ramping,,0,no,,,",
    });

    life.on("2026-11-25");
    for code in ["PAY-K1", "PAY-K2"] {
        let (page, item) = (path::checklist(ramp), path::item(ramp, code));
        for who in [life.own(), life.client(Role::Mentor)] {
            who.form(&page, &item).send(&who).assert_status(303);
        }
    }
    life.moved(ramp, 1, "2 of 2 items");
    life.look(Stands {
        cell: &["Ramping 13%"],
        cover: AT_MINIMUM,
        line: "Ramping,,13,no,,,",
    });

    life.on("2026-11-26");
    let mentor = life.client(Role::Mentor);
    mentor
        .record_session(
            ramp,
            "Failed over and back",
            &[("help-PAY-A1", "3"), ("help-PAY-A2", "4")],
        )
        .assert_status(303);
    life.moved(ramp, 2, "1 of 1 sessions, 45 of 30 minutes");
    life.look(Stands {
        cell: &["Ramping 20%"],
        cover: AT_MINIMUM,
        line: "Ramping,,20,no,,,",
    });
    ramp
}

/// Two weeks of practice: a shadow shift, a reverse-shadow shift with its ledger, a drill, a post-mortem.
pub fn practised(life: &mut Life, ramp: i64) {
    life.on("2026-11-30");
    let shadow = life.plan_shift(ramp, "shadow", "2026-11-30");
    turn_to(&life.site, at("2026-11-30T17:30:00Z"));
    life.debrief_shift(shadow, &[("help-PAY-O1", "3"), ("help-PAY-O2", "4")]);
    life.moved(ramp, 3, "1 of 1 shadow shifts");
    life.look(Stands {
        cell: &["Ramping 26%"],
        cover: AT_MINIMUM,
        line: "Ramping,,26,no,,,",
    });

    life.on("2026-12-03");
    let reverse = life.plan_shift(ramp, "reverse_shadow", "2026-12-03");
    turn_to(&life.site, at("2026-12-03T12:00:00Z"));
    let own = life.own();
    let (page, alerts) = (path::shift(reverse), path::shift_form(reverse, "alerts"));
    for understood in [true, true, false, true] {
        let line = own.form(&page, &alerts);
        let line = if understood {
            line.ticked("flag", "understood")
        } else {
            line
        };
        line.send(&own).assert_status(303);
    }
    own.get(&page).assert_text("75%, 3 of 4 alerts understood");
    life.moved(ramp, 3, "no alert yet, needs 75% of 4 understood");
    turn_to(&life.site, at("2026-12-03T17:30:00Z"));
    life.debrief_shift(reverse, &[("help-PAY-C1", "3"), ("help-PAY-C2", "4")]);
    life.moved(ramp, 4, "75% of 4 alerts understood, needs 75% of 4");
    life.look(Stands {
        cell: &["Ramping 33%"],
        cover: AT_MINIMUM,
        line: "Ramping,,33,no,,,",
    });

    life.on("2026-12-08");
    let mentor = life.client(Role::Mentor);
    let planned = mentor
        .form("/drills/new?area=payments", path::NEW_DRILL)
        .with("title", "Tuesday morning")
        .with("scenario", "The provider answers late, then not at all.")
        .with("starts_at", "2026-12-08T10:00")
        .with("primary", &life.who.id.to_string())
        .with("injects", "The pager rings: time-outs at checkout")
        .with(
            "expected",
            "PAY-I1 Switches the provider\nPAY-I2 Tells finance, and says when it is over",
        )
        .send(&mentor);
    let drill = planned.row();
    turn_to(&life.site, at("2026-12-08T10:00:00Z"));
    run_from_the_sheet(&life.site, &mentor, drill);
    life.moved(ramp, 4, "0 of 1 drills, 0 of 1 as primary");
    let debrief = path::drill_form(drill, "debrief");
    mentor
        .form_at(&debrief)
        .with("went_badly", "Nobody told support")
        .send(&mentor)
        .assert_status(303);
    life.moved(ramp, 5, "1 of 1 drills, 1 of 1 as primary");
    life.look(Stands {
        cell: &["Ramping 40%"],
        cover: AT_MINIMUM,
        line: "Ramping,,40,no,,,",
    });

    life.on("2026-12-10");
    let postmortem = life.teach();
    let mentor = life.client(Role::Mentor);
    mentor
        .record_session(
            ramp,
            "Talked the doubled captures through",
            &[
                ("kind", "post_mortem"),
                ("postmortem", &postmortem),
                ("help-PAY-I2", "4"),
            ],
        )
        .assert_status(303);
    life.moved(ramp, 6, "1 of 1 post-mortems");
    life.look(Stands {
        cell: &["Ramping 46%"],
        cover: AT_MINIMUM,
        line: "Ramping,,46,no,,,",
    });
}

/// The mentor judges, each time on something that was seen.
pub fn judged(life: &mut Life, ramp: i64) {
    life.on("2026-12-14");
    let paired = life.piece(
        ramp,
        "PAY-A1",
        ("26 Nov, pairing on real work", "(shadowed)"),
    );
    let shadow = life.piece(ramp, "PAY-O1", ("30 Nov, shadow shift", "(shadowed)"));
    for (code, level, source) in [
        ("PAY-A1", "3", &paired),
        ("PAY-A2", "4", &paired),
        ("PAY-O1", "3", &shadow),
        ("PAY-O2", "4", &shadow),
    ] {
        life.judge(ramp, code, level, source);
    }
    life.moved(ramp, 6, "4 of 8 competencies");
    life.look(Stands {
        cell: &["Ramping 73%"],
        cover: AT_MINIMUM,
        line: "Ramping,,73,no,,,",
    });

    // Talking is not enough for what is critical: the level is there, and the line stays.
    life.on("2026-12-15");
    let reverse = life.piece(ramp, "PAY-C1", ("3 Dec, reverse-shadow shift", "(real)"));
    let drill = life.piece(ramp, "PAY-I1", ("8 Dec, drill", "(drill)"));
    let talk = life.piece(
        ramp,
        "PAY-I2",
        ("10 Dec, post-mortem discussion", "(talked through)"),
    );
    for (code, level, source) in [
        ("PAY-C1", "3", &reverse),
        ("PAY-C2", "4", &reverse),
        ("PAY-I1", "3", &drill),
        ("PAY-I2", "4", &talk),
    ] {
        life.judge(ramp, code, level, source);
    }
    life.moved(ramp, 6, "7 of 8 competencies");
    let page = life.client(Role::Mentor).ramp_page(ramp);
    assert_eq!(obstacles(&page), ["Shows the incident of payments, part 2"]);
    page.assert_text("at 4, needs evidence: drill or stronger");
    life.look(Stands {
        cell: &["Ramping 93%, close"],
        cover: AT_MINIMUM,
        line: "Ramping,,93,no,,,",
    });

    life.on("2026-12-16");
    life.judge(ramp, "PAY-I2", "4", &drill);
    life.moved(ramp, 7, "8 of 8 competencies");
    life.look(Stands {
        cell: &["Ramping 100%, close"],
        cover: AT_MINIMUM,
        line: "Ramping,,100,no,,,",
    });
}

impl Life {
    /// The gates of the ramp page: that many are met, and one of them says so.
    pub fn moved(&self, ramp: i64, met: u8, progress: &str) {
        let gates = self.gates(ramp);
        assert!(gates.contains(&format!("{met} of 7 met")), "{gates}");
        assert!(gates.contains(progress), "{progress}: {gates}");
    }

    /// The mentor plans a shift with Sofia for that day; gives back its row.
    fn plan_shift(&self, ramp: i64, kind: &str, day: &str) -> i64 {
        let mentor = self.client(Role::Mentor);
        let answer = plan_form(&mentor, ramp)
            .with("kind", kind)
            .with("with", &self.site.qualifier.id.to_string())
            .with("starts_at", &format!("{day}T10:00"))
            .with("ends_at", &format!("{day}T17:00"))
            .send(&mentor);
        let id = answer.row();
        self.own()
            .shift_page(id)
            .assert_text("Only whoever is on call");
        id
    }

    /// Sofia, who was on call, debriefs it.
    fn debrief_shift(&self, shift: i64, observed: &[(&str, &str)]) {
        let on_call = self.client(Role::Qualifier);
        let debrief = debrief_form(&on_call, shift);
        let debrief = observed
            .iter()
            .fold(debrief, |form, (name, help)| form.with(name, help));
        debrief.send(&on_call).assert_status(303);
    }

    /// Leila writes a post-mortem, Sofia makes it teachable; gives back its row.
    fn teach(&self) -> String {
        let author = self.client(Role::Mentee);
        let mut fields = written::fields();
        fields.extend([
            ("area", "payments"),
            ("symptoms", "It is slow"),
            ("saw-1", "The queue grows"),
            ("question-1", "What first?"),
            ("teaches-1", "PAY-I2"),
        ]);
        author
            .submit(written::NEW, written::NEW, &fields)
            .assert_leads_to(written::PAGE);
        written::deed(&author, "submit", "0").assert_status(303);
        written::deed(&self.client(Role::Qualifier), "approve", "1").assert_status(303);
        self.site.postmortem("captures-were-doubled").id.to_string()
    }

    /// What the form that judges a competency offers it to rest on, by what it was and how strong it is.
    fn piece(&self, ramp: i64, code: &str, (what, strength): (&str, &str)) -> String {
        let page = self.client(Role::Mentor).get(&assessment(ramp, code));
        let field = format!("name=\"source-{code}\" value=\"");
        let choices = page.assert_status(200).body.split(&field).skip(1);
        let mut choices = choices.map(|choice| choice.split_once('"').unwrap());
        let found = choices.find(|(_, rest)| {
            let shown = words_of(&format!("<{}", rest.split("</label>").next().unwrap()));
            shown.starts_with(what) && shown.ends_with(strength)
        });
        let (word, _) = found.unwrap_or_else(|| panic!("no {what}: {}", page.text()));
        word.to_owned()
    }

    /// The mentor judges one competency on a piece of evidence.
    fn judge(&self, ramp: i64, code: &str, level: &str, source: &str) {
        let (mentor, path) = (self.client(Role::Mentor), assessment(ramp, code));
        mentor
            .form_at(&path)
            .with(&format!("level-{code}"), level)
            .with(&format!("source-{code}"), source)
            .with(&format!("again-{code}"), "yes")
            .with("then", "finish")
            .send(&mentor)
            .assert_status(303);
    }
}

/// The form that judges the group of a competency.
fn assessment(ramp: i64, code: &str) -> String {
    let content = content();
    let group = content.competency(code).unwrap().group.word();
    path::assess(ramp, group)
}
