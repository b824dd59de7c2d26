//! An answer that is written while it is sent, so that its length does not matter to our memory.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::error::{Error, Result};

/// Pieces that may wait for a slow reader before their writer has to wait.
const WAITING: usize = 2;

/// The body, and where its pieces are put. An error ends it: the connection is cut, so that the reader knows that
/// something is missing. It is complete when the sender is dropped; it is not wanted any more when sending fails.
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
