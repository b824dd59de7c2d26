//! HTML that was made of a text is kept, because a text is read much more often than it is written.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::{Figure, html};

/// Most bytes of HTML that are kept.
const MOST_BYTES: usize = 8 << 20;

type Key = [u8; 32];

/// The HTML of texts that were read lately. Keyed by the text itself, so that it can never be out of date.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Texts>>);

#[derive(Default)]
struct Texts {
    by_key: HashMap<Key, Arc<str>>,
    /// The oldest first.
    order: VecDeque<Key>,
    bytes: usize,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}

impl Kept {
    /// The HTML of a text with these pictures, made now or before. Never called on a connection's thread: it takes as long
    /// as the text is.
    pub fn html(&self, markdown: &str, figures: &[Figure]) -> Arc<str> {
        let key: Key = Sha256::digest(format!("{figures:?}{markdown}")).into();
        if let Some(known) = self.texts(|texts| texts.by_key.get(&key).cloned()) {
            return known;
        }
        let made: Arc<str> = html(markdown, figures).into();
        self.texts(|texts| texts.keep(key, &made));
        made
    }

    fn texts<T>(&self, f: impl FnOnce(&mut Texts) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Texts {
    fn keep(&mut self, key: Key, made: &Arc<str>) {
        if self.by_key.insert(key, Arc::clone(made)).is_some() {
            return;
        }
        self.order.push_back(key);
        self.bytes += made.len();
        while self.bytes > MOST_BYTES {
            let Some(oldest) = self.order.pop_front() else {
                return;
            };
            let gone = self.by_key.remove(&oldest);
            self.bytes -= gone.map_or(0, |html| html.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_rendered_once_and_the_oldest_go_when_there_are_too_many() {
        let kept = Kept::default();
        let text = |n: usize| format!("{n} {}", "a long text ".repeat(3_000));
        let first = kept.html(&text(0), &[]);
        assert!(Arc::ptr_eq(&first, &kept.html(&text(0), &[])));
        assert_eq!(*first, *html(&text(0), &[]));
        let figure = Figure {
            number: 1,
            src: "/library/a/pictures/1".into(),
            alt: "The queue".into(),
            width: 1,
            height: 1,
        };
        assert!(!Arc::ptr_eq(&first, &kept.html(&text(0), &[figure])));
        for n in 1..400 {
            kept.html(&text(n), &[]);
        }
        assert!(!Arc::ptr_eq(&first, &kept.html(&text(0), &[])));
        let (bytes, counted): (_, usize) =
            kept.texts(|t| (t.bytes, t.by_key.values().map(|h| h.len()).sum()));
        assert_eq!(bytes, counted);
        assert!(bytes <= MOST_BYTES);
    }
}
