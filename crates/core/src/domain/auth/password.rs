//! Passwords: Argon2id on its own thread, with a short queue.

use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::oneshot;

use crate::error::{Error, Result};
use crate::text;

/// How many hashes may wait; the next one is answered with [`Error::Busy`].
const QUEUE: usize = 32;

/// A password: 12 to 128 characters that are not easy to guess. No class of characters is asked for (NIST SP 800-63B).
#[derive(Clone)]
pub struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// `owner` is what others know of the person: their name and e-mail.
    pub fn parse(typed: &str, owner: &[&str]) -> std::result::Result<Self, String> {
        let text = text::password(typed);
        match text.chars().count() {
            0..=11 => {
                Err("Use at least 12 characters; a short sentence is easy to remember.".into())
            }
            12..=128 if is_guessed_soon(&text, owner) => Err(
                "This password is easy to guess: it is common, or made of your name, your e-mail or a pattern. Use a short \
                 sentence of your own."
                    .into(),
            ),
            12..=128 => Ok(Self(text)),
            _ => Err("Use at most 128 characters.".into()),
        }
    }

    /// Whether this was typed again, on any keyboard.
    pub fn is(&self, again: &str) -> bool {
        self.0 == text::password(again)
    }
}

/// A password that falls within so many guesses, as a power of ten, is refused: weeks of guessing at a stolen hash.
const FEW_GUESSES: f64 = 9.0;

/// So many characters at the beginning are looked at: the work of the estimate grows faster than its text.
const JUDGED: usize = 32;

/// Whether a password is among the common ones, or made of what is known of its owner, of words and of patterns that are
/// tried first.
fn is_guessed_soon(text: &str, owner: &[&str]) -> bool {
    let judged: String = text.chars().take(JUDGED).collect();
    let mut known = vec!["checkride".to_owned()];
    for fact in owner {
        known.push(fact.to_lowercase());
        let parts = fact.split(|c: char| !c.is_alphanumeric());
        known.extend(parts.filter(|part| part.len() > 1).map(str::to_lowercase));
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    zxcvbn::zxcvbn(&judged, &known).guesses_log10() < FEW_GUESSES
}

/// How much work a hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// OWASP's minimum for Argon2id: 19 MiB, two passes, one lane.
    Owasp,
    /// Almost none; for tests that sign in a hundred times.
    Test,
}

enum Job {
    Hash(Password, oneshot::Sender<Result<String>>),
    Verify(String, Option<String>, oneshot::Sender<Result<bool>>),
}

/// The hashing thread. One hash at a time limits memory, and many sign-ins at once leave a core for everyone else.
#[derive(Debug, Clone)]
pub struct Hasher {
    queue: SyncSender<Job>,
}

impl Hasher {
    /// Starts the thread.
    ///
    /// Errors: A fault when the thread cannot be started.
    pub fn start(cost: Cost) -> Result<Self> {
        let argon = argon(cost)?;
        let (queue, jobs) = sync_channel(QUEUE);
        let (ready, is_ready) = sync_channel(1);
        thread::Builder::new()
            .name("passwords".into())
            .spawn(move || {
                // On this thread too: only this thread uses the memory of a hash, and reuses it.
                let nobody = match hash_with(&argon, "nobody has this password") {
                    Ok(hash) => hash,
                    Err(e) => return drop(ready.send(Err(e))),
                };
                drop(ready.send(Ok(())));
                while let Ok(job) = jobs.recv() {
                    // The request may be gone; then nobody reads the answer.
                    match job {
                        Job::Hash(password, answer) => {
                            drop(answer.send(hash_with(&argon, &password.0)))
                        }
                        Job::Verify(typed, hash, answer) => {
                            // An unknown account costs the same work as a wrong password.
                            let fits = verify(&argon, &typed, hash.as_deref().unwrap_or(&nobody));
                            drop(answer.send(Ok(fits && hash.is_some())));
                        }
                    }
                }
            })
            .map_err(Error::fault)?;
        is_ready.recv().map_err(Error::fault)??;
        Ok(Self { queue })
    }

    /// The hash to store for a password.
    ///
    /// Errors: [`Error::Busy`] when too many wait.
    pub async fn hash(&self, password: Password) -> Result<String> {
        let (answer, result) = oneshot::channel();
        self.send(Job::Hash(password, answer))?;
        result
            .await
            .map_err(|_| Error::fault("the password thread is gone"))?
    }

    /// Whether what was typed matches the hash. Without a hash it never does, after the same work.
    ///
    /// Errors: [`Error::Busy`] when too many wait.
    pub async fn verify(&self, typed: String, hash: Option<String>) -> Result<bool> {
        let (answer, result) = oneshot::channel();
        self.send(Job::Verify(typed, hash, answer))?;
        result
            .await
            .map_err(|_| Error::fault("the password thread is gone"))?
    }

    fn send(&self, job: Job) -> Result<()> {
        self.queue.try_send(job).map_err(|e| match e {
            TrySendError::Full(_) => Error::Busy,
            TrySendError::Disconnected(_) => Error::fault("the password thread is gone"),
        })
    }
}

/// The hash to store, made on this thread: for the command line.
///
/// Errors: A fault of the library.
pub fn hash_now(password: &Password) -> Result<String> {
    hash_with(&argon(Cost::Owasp)?, &password.0)
}

fn argon(cost: Cost) -> Result<Argon2<'static>> {
    match cost {
        Cost::Owasp => Ok(Argon2::default()),
        Cost::Test => {
            let params = Params::new(8, 1, 1, None).map_err(Error::fault)?;
            Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
        }
    }
}

fn hash_with(argon: &Argon2<'_>, password: &str) -> Result<String> {
    argon
        .hash_password(password.as_bytes())
        .map(|h| h.to_string())
        .map_err(Error::fault)
}

/// Hashes of older versions are of the password as it was typed.
fn verify(argon: &Argon2<'_>, typed: &str, hash: &str) -> bool {
    let fits =
        |h: &PasswordHash, password: &str| argon.verify_password(password.as_bytes(), h).is_ok();
    let one_form = text::password(typed);
    PasswordHash::new(hash)
        .is_ok_and(|h| fits(&h, &one_form) || (one_form != typed && fits(&h, typed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: [&str; 2] = ["Elif Demir", "elif.demir@example.com"];

    #[test]
    fn what_is_guessed_first_is_refused() {
        let easy = [
            "password1234",
            "123456789012",
            "aaaaaaaaaaaa",
            "qwertyuiop12",
            "1qaz2wsx3edc",
            "P@ssw0rd1234",
            "manchesterunited",
            "letmeinletmein",
            "checkridecheckride",
            "checkride-2026",
            "elif.demir@example.com",
            "ELIF.DEMIR@example.com",
            "elifdemir2026",
            "demirelif1234",
        ];
        for text in easy {
            let said = Password::parse(text, &OWNER).unwrap_err();
            assert!(said.contains("easy to guess"), "{text}: {said}");
        }
    }

    #[test]
    fn a_sentence_of_ones_own_is_taken_in_any_script() {
        for text in [
            "seven quiet herons",
            "blue sky over Izmir",
            "mein Hund heißt Bello",
            "静かな鷺が七羽とまっている",
            &"7 quiet herons, ".repeat(8),
        ] {
            assert!(Password::parse(text, &OWNER).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_length_is_counted_in_characters() {
        assert!(Password::parse("ü".repeat(11).as_str(), &[]).is_err());
        assert!(Password::parse(&"seven quiet herons".repeat(8), &[]).is_err());
    }

    #[test]
    fn a_password_fits_in_either_form_and_an_older_hash_as_it_was_typed() {
        let composed = "ma\u{f1}ana p\u{e4}ssword";
        let decomposed = "man\u{303}ana pa\u{308}ssword";
        let argon = argon(Cost::Test).unwrap();
        let hash = hash_with(&argon, &Password::parse(decomposed, &[]).unwrap().0).unwrap();
        let older = hash_with(&argon, decomposed).unwrap();
        assert!(verify(&argon, composed, &hash));
        assert!(verify(&argon, decomposed, &hash));
        assert!(verify(&argon, decomposed, &older));
        assert!(!verify(&argon, "manana password", &hash));
    }
}
