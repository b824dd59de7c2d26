//! Passwords: Argon2id on its own thread, with a short queue.

use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
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
        let mut argon = Argon::new(cost)?;
        let (queue, jobs) = sync_channel(QUEUE);
        let (ready, is_ready) = sync_channel(1);
        thread::Builder::new()
            .name("passwords".into())
            .spawn(move || {
                let nobody = match argon.hash("nobody has this password") {
                    Ok(hash) => hash,
                    Err(e) => return drop(ready.send(Err(e))),
                };
                drop(ready.send(Ok(())));
                while let Ok(job) = jobs.recv() {
                    // The request may be gone; then nobody reads the answer.
                    match job {
                        Job::Hash(password, answer) => drop(answer.send(argon.hash(&password.0))),
                        Job::Verify(typed, hash, answer) => {
                            // An unknown account costs the same work as a wrong password.
                            let fits = argon.verify(&typed, hash.as_deref().unwrap_or(&nobody));
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
    Argon::new(Cost::Owasp)?.hash(&password.0)
}

/// Argon2id and the memory of a hash, which the next one uses again. Allocators do not: a block that is as large, and aligned
/// to 64 bytes, is taken anew each time, and 20 tries to sign in left 200 MB behind.
struct Argon {
    params: Params,
    memory: Vec<Block>,
}

impl Argon {
    fn new(cost: Cost) -> Result<Self> {
        let params = match cost {
            Cost::Owasp => Params::DEFAULT,
            Cost::Test => Params::new(8, 1, 1, None).map_err(Error::fault)?,
        };
        Ok(Self {
            params,
            memory: Vec::new(),
        })
    }

    /// The hash to store, in PHC format.
    fn hash(&mut self, password: &str) -> Result<String> {
        let (salt, params) = (Salt::generate(), self.params.clone());
        let hash = PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params).map_err(Error::fault)?,
            hash: Some(self.output(params, password, &salt)?),
            salt: Some(salt),
        };
        Ok(hash.to_string())
    }

    /// Hashes of older versions are of the password as it was typed.
    fn verify(&mut self, typed: &str, hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else {
            return false;
        };
        let one_form = text::password(typed);
        self.fits(&hash, &one_form) || (one_form != typed && self.fits(&hash, typed))
    }

    /// With the cost that the hash was made with.
    fn fits(&mut self, hash: &PasswordHash, password: &str) -> bool {
        let is_known =
            hash.algorithm == ARGON2ID_IDENT && hash.version == Some(Version::V0x13.into());
        let (true, Some(salt), Ok(params)) = (is_known, &hash.salt, Params::try_from(hash)) else {
            return false;
        };
        let output = self.output(params, password, salt);
        // Outputs are compared in constant time.
        output.is_ok_and(|output| hash.hash == Some(output))
    }

    fn output(&mut self, params: Params, password: &str, salt: &Salt) -> Result<Output> {
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        self.memory.resize(params.block_count(), Block::new());
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut output = vec![0; length];
        let (password, memory) = (password.as_bytes(), self.memory.as_mut_slice());
        argon
            .hash_password_into_with_memory(password, salt, &mut output, memory)
            .map_err(Error::fault)?;
        Output::new(&output).map_err(Error::fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

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
        let mut argon = Argon::new(Cost::Test).unwrap();
        let parsed = Password::parse(decomposed, &[]).unwrap();
        let hash = argon.hash(&parsed.0).unwrap();
        let older = argon.hash(decomposed).unwrap();
        assert!(argon.verify(composed, &hash));
        assert!(argon.verify(decomposed, &hash));
        assert!(argon.verify(decomposed, &older));
        assert!(!argon.verify("manana password", &hash));
    }

    #[test]
    fn hashes_are_those_of_the_library_whatever_the_memory_held_before() {
        let mut argon = Argon::new(Cost::Test).unwrap();
        let costly = Argon2::default();
        let theirs = costly.hash_password(b"seven quiet herons").unwrap();
        for _ in 0..2 {
            assert!(argon.verify("seven quiet herons", &theirs.to_string()));
            assert!(!argon.verify("seven quiet heron", &theirs.to_string()));
            let ours = argon.hash("blue sky over Izmir").unwrap();
            let ours = PasswordHash::new(&ours).unwrap();
            assert!(
                costly
                    .verify_password(b"blue sky over Izmir", &ours)
                    .is_ok()
            );
        }
        for broken in [
            "",
            "$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA",
            "nothing",
        ] {
            assert!(!argon.verify("seven quiet herons", broken), "{broken}");
        }
    }
}
