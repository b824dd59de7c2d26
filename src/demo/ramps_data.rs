//! The ramps of the demo, and how far they have come.

/// Person, area, days from today on which the clearance ends (negative: it has lapsed).
pub(super) const FOUNDING: [(&str, &str, i64); 17] = [
    ("priya.raman", "payments", 140),
    ("ingrid.solberg", "payments", 105),
    ("sofia.marchetti", "payments", 12),
    ("priya.raman", "orders", 90),
    ("ingrid.solberg", "orders", 152),
    ("jonas.weber", "orders", -22),
    ("mei-ling.zhou", "catalogue", 121),
    ("priya.raman", "catalogue", 203),
    ("jonas.weber", "catalogue", 75),
    ("dele.adeyemi", "edge", 131),
    ("kenji.watanabe", "edge", 61),
    ("dele.adeyemi", "platform", 86),
    ("kenji.watanabe", "platform", 171),
    ("mei-ling.zhou", "platform", 64),
    ("jonas.weber", "platform", 99),
    ("ingrid.solberg", "command", 110),
    ("kenji.watanabe", "command", 18),
];

/// One ramp of the script. Days are before today.
pub(super) struct RampData {
    pub(super) mentee: &'static str,
    pub(super) area: &'static str,
    pub(super) primary: &'static str,
    pub(super) secondary: Option<&'static str>,
    pub(super) lead: &'static str,
    pub(super) set_up: i64,
    pub(super) starts: i64,
    /// Sessions held: the first a few days after the start, the last on `last_session`.
    pub(super) sessions: usize,
    pub(super) last_session: i64,
    /// Competencies that are at their level now, in percent.
    pub(super) level_percent: usize,
    /// Checklist items that are checked now, in percent.
    pub(super) checked_percent: usize,
}

pub(super) static RAMPS: [RampData; 8] = [
    RampData {
        mentee: "sofia.marchetti",
        area: "edge",
        primary: "kenji.watanabe",
        secondary: None,
        lead: "tomas.herrera",
        set_up: 170,
        starts: 168,
        sessions: 9,
        last_session: 75,
        level_percent: 100,
        checked_percent: 100,
    },
    RampData {
        mentee: "amara.okafor",
        area: "payments",
        primary: "ingrid.solberg",
        secondary: Some("priya.raman"),
        lead: "ruth.abrams",
        set_up: 72,
        starts: 70,
        sessions: 9,
        last_session: 3,
        level_percent: 80,
        checked_percent: 80,
    },
    RampData {
        mentee: "lukas.novak",
        area: "catalogue",
        primary: "mei-ling.zhou",
        secondary: None,
        lead: "ruth.abrams",
        set_up: 62,
        starts: 60,
        sessions: 6,
        last_session: 5,
        level_percent: 100,
        checked_percent: 100,
    },
    RampData {
        mentee: "rafael.costa",
        area: "orders",
        primary: "priya.raman",
        secondary: None,
        lead: "ruth.abrams",
        set_up: 82,
        starts: 80,
        sessions: 9,
        last_session: 9,
        level_percent: 100,
        checked_percent: 100,
    },
    RampData {
        mentee: "jonas.weber",
        area: "command",
        primary: "ingrid.solberg",
        secondary: None,
        lead: "ruth.abrams",
        set_up: 52,
        starts: 50,
        sessions: 8,
        last_session: 2,
        level_percent: 100,
        checked_percent: 100,
    },
    // A stale pairing: the agreed week has become six.
    RampData {
        mentee: "hana.kim",
        area: "platform",
        primary: "dele.adeyemi",
        secondary: None,
        lead: "tomas.herrera",
        set_up: 92,
        starts: 90,
        sessions: 4,
        last_session: 41,
        level_percent: 40,
        checked_percent: 45,
    },
    RampData {
        mentee: "noor.haddad",
        area: "edge",
        primary: "dele.adeyemi",
        secondary: Some("kenji.watanabe"),
        lead: "tomas.herrera",
        set_up: 15,
        starts: 13,
        sessions: 2,
        last_session: 4,
        level_percent: 10,
        checked_percent: 25,
    },
    // The third ramp of one mentor: more than anyone should carry.
    RampData {
        mentee: "lukas.novak",
        area: "platform",
        primary: "dele.adeyemi",
        secondary: None,
        lead: "tomas.herrera",
        set_up: 21,
        starts: 20,
        sessions: 2,
        last_session: 7,
        level_percent: 20,
        checked_percent: 20,
    },
];

pub(super) static PLANNED: RampData = RampData {
    mentee: "amara.okafor",
    area: "edge",
    primary: "kenji.watanabe",
    secondary: Some("dele.adeyemi"),
    lead: "tomas.herrera",
    set_up: 6,
    starts: -15,
    sessions: 0,
    last_session: 0,
    level_percent: 0,
    checked_percent: 0,
};

/// Who asks for a sign-off, signs first and decides, on which ramp. Days are before today.
pub(super) struct Review {
    pub(super) mentee: &'static str,
    pub(super) area: &'static str,
    pub(super) mentor: &'static str,
    pub(super) asked: i64,
    pub(super) signed: i64,
    pub(super) recommendation: &'static str,
    pub(super) decided: Option<(i64, &'static str, Answer)>,
}

/// How a review ended.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    /// Cleared until that many days from today, with these conditions, one a line.
    Grant(i64, &'static str),
    /// Sent back with these reasons, and these gaps, one a line.
    Return(&'static str, &'static str),
}

pub(super) static REVIEWS: [Review; 3] = [
    Review {
        mentee: "sofia.marchetti",
        area: "edge",
        mentor: "kenji.watanabe",
        asked: 72,
        signed: 71,
        recommendation: "Sofia took the origin overload from alert to all-clear while I watched. I would put her on the rota tomorrow.",
        decided: Some((
            70,
            "tomas.herrera",
            Answer::Grant(
                295,
                "Notes what a purge changed, before and after, in the next three tickets\nCalls Kenji or Dele before shifting traffic between regions, until a campaign has been carried",
            ),
        )),
    },
    Review {
        mentee: "rafael.costa",
        area: "orders",
        mentor: "priya.raman",
        asked: 8,
        signed: 7,
        recommendation: "Rafael replays safely and says his abort limits first. Ready in my view.",
        decided: Some((
            6,
            "ruth.abrams",
            Answer::Return(
                "The ERP outage was only worked on paper. Run it once with the warehouse on the call, then ask again.",
                "ORD-I2 Run the ERP outage with the warehouse on the call\nORD-C1 Say the abort limits before the replay starts, to someone who writes them down",
            ),
        )),
    },
    Review {
        mentee: "lukas.novak",
        area: "catalogue",
        mentor: "mei-ling.zhou",
        asked: 2,
        signed: 1,
        recommendation: "Lukas froze and corrected wrong prices on his own, and told retail before they asked us. One thing to watch: he still checks with me before stopping an import when the numbers already say so.",
        decided: None,
    },
];
