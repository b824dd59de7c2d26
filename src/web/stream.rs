//! A response that is sent while it is written, so that its length does not matter to memory.

use std::fs::File;
use std::io::Read;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::rt;
use actix_web::web::{Bytes, block};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::error::{Error, Result};

/// Chunks that wait for a slow reader before the writer has to wait.
const WAITING: usize = 2;

/// The body, and the sender of its chunks. An error ends it and closes the connection, so that the reader knows that
/// something is missing. It is complete when the sender is dropped; when sending fails, nobody reads it any longer.
pub fn body() -> (Sender<Result<Bytes>>, Body) {
    let (sender, receiver) = channel(WAITING);
    (sender, Body(receiver))
}

/// See [`body`].
#[derive(Debug)]
pub struct Body(Receiver<Result<Bytes>>);

impl MessageBody for Body {
    type Error = Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        self.get_mut().0.poll_recv(context)
    }
}

/// Bytes of a file that are read at a time.
const CHUNK: u64 = 64 * 1024;

/// A file that lies on the disk, sent piece by piece.
pub fn file(mut file: File) -> Body {
    let (sender, body) = body();
    rt::spawn(async move {
        loop {
            let read = block(move || {
                let mut bytes = Vec::new();
                let read = (&mut file).take(CHUNK).read_to_end(&mut bytes);
                read.map(|_| (file, bytes))
            });
            let read = read.await.map_err(Error::fault);
            let bytes = match read.and_then(|read| read.map_err(Error::fault)) {
                Ok((_, bytes)) if bytes.is_empty() => return,
                Ok((rest, bytes)) => {
                    file = rest;
                    bytes
                }
                Err(e) => {
                    tracing::error!(error = %e, "a file broke off while it was sent");
                    return sender.send(Err(e)).await.unwrap_or_default();
                }
            };
            // Sending fails when nobody reads any more.
            if sender.send(Ok(bytes.into())).await.is_err() {
                return;
            }
        }
    });
    body
}
