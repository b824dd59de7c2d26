//! A response that is sent while it is written, so that its length does not matter to memory.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
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
