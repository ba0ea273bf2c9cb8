//! SPDY in a WebSocket: a stream of bytes in binary messages, as kubectl forwards ports.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, split};
use tokio_tungstenite::tungstenite::Message;

use super::super::Shared;
use super::socket::{Io, accept};
use super::streams;
use super::wish::Wish;

const PART: usize = 32 * 1024;

/// Serves a port-forward.
pub(super) async fn ports<S: Io>(io: S, shared: &Arc<Shared>, wish: &Wish) {
    let (mut sink, mut stream) = accept(io).await;
    let (ours, theirs) = tokio::io::duplex(2 * PART);
    let (mut from, mut to) = split(theirs);
    let reading = async {
        while let Some(Ok(message)) = stream.next().await {
            if let Message::Binary(data) = message
                && to.write_all(&data).await.is_err()
            {
                return;
            }
        }
    };
    let writing = async {
        let mut part = vec![0; PART];
        while let Ok(read @ 1..) = from.read(&mut part).await {
            if sink.send(Message::Binary(Bytes::copy_from_slice(&part[..read]))).await.is_err() {
                return;
            }
        }
        let _ = sink.close().await;
    };
    let serving = async {
        streams::ports(ours, shared, wish).await;
        // What was written last is still on its way out.
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = reading => {}
        () = writing => {}
        () = serving => {}
    }
}
