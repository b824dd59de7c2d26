//! Rows as stored.

use diesel::prelude::*;

use super::{Channel, Letter, State};
use crate::db::schema::messages;
use crate::db::types::UtcTime;
use crate::error::Result;

/// A row of `messages`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub struct Message {
    pub id: i64,
    pub channel: Channel,
    /// The same cause for the same receiver has the same key; the receiving side can see it.
    pub key: String,
    /// What lists show of it.
    pub subject: String,
    /// The receiver of a mail.
    pub person_id: Option<i64>,
    /// The mail address as it was when it was posted, or tried last; or the name of the hook.
    pub address: String,
    pub hook_id: Option<i64>,
    /// JSON: a [`Letter`], or what a hook sends. Empty when it is not kept any longer.
    pub body: String,
    pub is_secret: bool,
    pub created_at: UtcTime,
    /// When the next attempt is due.
    pub due_at: UtcTime,
    /// Attempts since it was posted, or posted again.
    pub attempts: i32,
    pub taken_by: Option<String>,
    /// Until then the worker that took it has it to itself.
    pub taken_until: Option<UtcTime>,
    /// The last answer of the other side.
    pub answer: String,
    pub state: State,
    pub ended_at: Option<UtcTime>,
}

impl Message {
    /// What its Message-ID is made of: the same at each attempt.
    pub fn mail_id(&self) -> String {
        format!("{}.{}", self.key, self.id)
    }

    /// Whether a worker has it now.
    pub fn is_being_sent(&self, now: UtcTime) -> bool {
        self.state == State::Waiting && self.taken_until.is_some_and(|until| until > now)
    }
}

/// A message to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    pub channel: Channel,
    pub key: String,
    pub subject: String,
    pub person_id: Option<i64>,
    pub address: String,
    pub hook_id: Option<i64>,
    pub body: String,
    pub is_secret: bool,
    /// Not sent before then.
    pub due_at: UtcTime,
}

impl New {
    /// A mail to the address of a person.
    ///
    /// Errors: Those of [`Letter::to_json`].
    pub fn mail(
        key: impl Into<String>,
        (person_id, address): (i64, &str),
        letter: &Letter,
        due_at: UtcTime,
    ) -> Result<Self> {
        Ok(Self {
            channel: Channel::Mail,
            key: key.into(),
            subject: letter.subject.clone(),
            person_id: Some(person_id),
            address: address.to_owned(),
            hook_id: None,
            body: letter.to_json()?,
            is_secret: letter.is_secret,
            due_at,
        })
    }
}
