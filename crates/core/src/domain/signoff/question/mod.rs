//! Questions and answers on a sign-off: asked before the decision, stored with it.

pub mod model;
pub mod store;

use crate::domain::signoff::question::model::Message;

/// A question with its answers, in the order they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread<'a> {
    pub question: &'a Message,
    /// A question without answers is open.
    pub answers: Vec<&'a Message>,
}

/// Groups the messages of one sign-off by question; they must be in the order they were written.
pub fn threads(messages: &[Message]) -> Vec<Thread<'_>> {
    messages
        .iter()
        .filter(|m| m.answers_id.is_none())
        .map(|question| Thread {
            question,
            answers: messages
                .iter()
                .filter(|m| m.answers_id == Some(question.id))
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::UtcTime;

    #[test]
    fn answers_are_under_their_question_in_order() {
        let message = |id, answers_id| Message {
            id,
            signoff_id: 1,
            answers_id,
            body: format!("Message {id}"),
            by_id: 1,
            at: UtcTime::from(jiff::Timestamp::UNIX_EPOCH),
        };
        let messages = [
            message(1, None),
            message(2, None),
            message(3, Some(1)),
            message(4, Some(2)),
            message(5, Some(1)),
            message(6, None),
        ];
        let by_question: Vec<(i64, Vec<i64>)> = threads(&messages)
            .iter()
            .map(|t| (t.question.id, t.answers.iter().map(|a| a.id).collect()))
            .collect();
        assert_eq!(by_question, [(1, vec![3, 5]), (2, vec![4]), (6, vec![])]);
    }
}
