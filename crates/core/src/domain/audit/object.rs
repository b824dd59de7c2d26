//! What an entry is about, and the page of that.

/// The object of an entry, as stored: `kind:id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    Person(i64),
    Team(i64),
    Area(i64),
    /// A version of a standard.
    Standard(i64),
    Ramp(i64),
    Session(i64),
    Shift(i64),
    Drill(i64),
    SignOff(i64),
    Clearance(i64),
    Postmortem(i64),
    Club(i64),
    /// An observation that someone was asked for.
    Asked(i64),
    /// A chat hook.
    Hook(i64),
    /// A rota of an area.
    Rota(i64),
    /// A message that leaves.
    Message(i64),
    /// The key figures of the whole organisation.
    Organisation,
    /// Something shown on the page of its area.
    OnArea(String),
    /// A kind that this version does not know.
    Other(String),
}

impl Object {
    /// Reads `kind:id`.
    pub fn parse(stored: &str) -> Self {
        let other = || Self::Other(stored.to_owned());
        let Some((kind, id)) = stored.split_once(':') else {
            return other();
        };
        let Ok(id) = id.parse() else {
            return other();
        };
        match kind {
            "person" => Self::Person(id),
            "team" => Self::Team(id),
            "area" => Self::Area(id),
            "standard" => Self::Standard(id),
            "ramp" => Self::Ramp(id),
            "session" => Self::Session(id),
            "shift" => Self::Shift(id),
            "drill" => Self::Drill(id),
            "signoff" => Self::SignOff(id),
            "clearance" => Self::Clearance(id),
            "postmortem" => Self::Postmortem(id),
            "club" => Self::Club(id),
            "asked" => Self::Asked(id),
            "hook" => Self::Hook(id),
            "rota" => Self::Rota(id),
            "message" => Self::Message(id),
            "organisation" => Self::Organisation,
            "stale_flag" | "ramp_request" => Self::OnArea(stored.to_owned()),
            _ => other(),
        }
    }

    /// Link text and address, for objects whose address is their number.
    pub fn by_number(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Ramp(id) => Some(("Ramp", format!("/ramps/{id}"))),
            Self::Session(id) => Some(("Session", format!("/sessions/{id}"))),
            Self::Shift(id) => Some(("Shift", format!("/shifts/{id}"))),
            Self::Drill(id) => Some(("Drill", format!("/drills/{id}"))),
            Self::SignOff(id) => Some(("Sign-off", format!("/sign-offs/{id}"))),
            Self::Clearance(id) => Some(("Clearance", format!("/clearances/{id}"))),
            Self::Postmortem(id) => Some(("Post-mortem", format!("/library/{id}"))),
            Self::Club(id) => Some(("Reading club", format!("/clubs/{id}"))),
            Self::Asked(id) => Some(("Observation", format!("/observations/{id}"))),
            Self::Hook(id) => Some(("Chat hook", format!("/hooks/{id}"))),
            Self::Rota(id) => Some(("Rota", format!("/rotas/{id}"))),
            Self::Message(id) => {
                let list = format!("/admin/messages?before={}", id.saturating_add(1));
                Some(("Message", list))
            }
            Self::Team(id) => Some(("Team", format!("/board?team={id}"))),
            Self::Organisation => Some(("Key figures", "/kpis".into())),
            Self::Person(_) | Self::Area(_) | Self::Standard(_) => None,
            Self::OnArea(_) | Self::Other(_) => None,
        }
    }
}
