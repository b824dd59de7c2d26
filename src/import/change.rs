//! One change of the database, and its line in the report.

use std::fmt;

use crate::db::types::Day;
use crate::domain::area::model::Fields;
use crate::domain::area::systems::System;
pub use crate::domain::people::Place;
use crate::domain::people::{Email, Name, NewPerson};
use crate::domain::postmortem::Document;
use crate::domain::standard::Content;

/// One change of the database. People are named by their e-mail, areas and post-mortems by their slug.
#[derive(Debug, Clone)]
pub enum Change {
    /// A team is new.
    AddTeam(Name),
    /// A person is new; the first of an installation is its administrator.
    AddPerson {
        person: NewPerson,
        administrator: bool,
    },
    /// A person has another name.
    RenamePerson {
        email: Email,
        from: String,
        to: Name,
    },
    /// A person joins or leaves a team, or starts or stops leading it.
    MovePerson {
        email: Email,
        team: Name,
        from: Place,
        to: Place,
    },
    /// An area is new.
    AddArea {
        slug: String,
        fields: Fields,
        owner_team: Name,
        systems: Vec<System>,
    },
    /// An area or its systems change; `what` says where they differ.
    ChangeArea {
        slug: String,
        fields: Fields,
        owner_team: Name,
        systems: Vec<System>,
        what: Vec<String>,
    },
    /// The first standard of an area. It is published at once, because nobody relies on an earlier one.
    PublishFirst {
        slug: String,
        note: String,
        content: Content,
    },
    /// A draft is written, over the existing one when `rewrites` is its row; `what` is how it differs.
    Draft {
        slug: String,
        version: i32,
        rewrites: Option<i64>,
        note: String,
        content: Content,
        what: String,
    },
    /// A draft replaces the published version.
    PublishDraft { slug: String, version: i32 },
    /// A person may sign for an area once cleared.
    Designate { slug: String, email: Email },
    /// A person may no longer sign for an area.
    EndDesignation { slug: String, email_key: String },
    /// A clearance from before Checkride is recorded.
    TakeOverClearance {
        slug: String,
        email: Email,
        until: Day,
    },
    /// A post-mortem is new: a draft.
    AddPostmortem { slug: String, document: Document },
    /// The draft of a post-mortem gets another version; `what` says where it differs.
    RewritePostmortem {
        slug: String,
        document: Document,
        what: Vec<&'static str>,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddTeam(name) => write!(f, "team {}: added", name.as_str()),
            Self::AddPerson {
                person,
                administrator,
            } => {
                let role = if *administrator {
                    ", an administrator because nobody was here before"
                } else {
                    ""
                };
                write!(
                    f,
                    "person {}: added as {}{role}",
                    person.email.as_str(),
                    person.name.as_str()
                )
            }
            Self::RenamePerson { email, from, to } => {
                write!(
                    f,
                    "person {}: renamed from {from} to {}",
                    email.as_str(),
                    to.as_str()
                )
            }
            Self::MovePerson {
                email,
                team,
                from,
                to,
            } => {
                let (who, team) = (email.as_str(), team.as_str());
                match (from, to) {
                    (_, Place::Outside) => write!(f, "person {who}: leaves {team}"),
                    (_, Place::Lead) => write!(f, "person {who}: leads {team}"),
                    (Place::Lead, Place::Member) => {
                        write!(f, "person {who}: no longer leads {team}")
                    }
                    (_, Place::Member) => write!(f, "person {who}: joins {team}"),
                }
            }
            Self::AddArea {
                slug,
                fields,
                systems,
                ..
            } => {
                write!(
                    f,
                    "area {slug}: added as {} {}, systems: {}",
                    fields.code,
                    fields.name,
                    systems.len()
                )
            }
            Self::ChangeArea { slug, what, .. } => {
                write!(f, "area {slug}: changed: {}", what.join("; "))
            }
            Self::PublishFirst { slug, content, .. } => write!(
                f,
                "standard of {slug}: version 1 published, competencies: {}, checklist items: {}, gates: {}",
                content.competencies.len(),
                content.items.len(),
                content.gates.len()
            ),
            Self::Draft {
                slug,
                version,
                rewrites,
                what,
                ..
            } => {
                let done = if rewrites.is_some() {
                    "draft rewritten"
                } else {
                    "drafted"
                };
                write!(f, "standard of {slug}: version {version} {done}: {what}")
            }
            Self::PublishDraft { slug, version } => {
                write!(f, "standard of {slug}: version {version} published")
            }
            Self::Designate { slug, email } => {
                write!(f, "qualifier of {slug}: {} designated", email.as_str())
            }
            Self::EndDesignation { slug, email_key } => {
                write!(f, "qualifier of {slug}: {email_key} ended")
            }
            Self::TakeOverClearance { slug, email, until } => {
                write!(
                    f,
                    "clearance for {slug}: {} until {}, taken over",
                    email.as_str(),
                    until.for_files()
                )
            }
            Self::AddPostmortem { slug, document } => write!(
                f,
                "post-mortem {slug}: added as a draft, {}, points: {}",
                document.title,
                document.points.len()
            ),
            Self::RewritePostmortem { slug, what, .. } => {
                write!(
                    f,
                    "post-mortem {slug}: draft rewritten: {}",
                    what.join("; ")
                )
            }
        }
    }
}
