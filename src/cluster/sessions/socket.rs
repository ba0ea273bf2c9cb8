//! A session over a WebSocket: one task reads, another writes.

use super::ending;
use super::streams::{In, Out, QUEUE, Streams, Tasks};
use crate::core::shell::Ending;
use crate::wire::channel::{self, CLOSE, ERROR, Protocol, RESIZE, STDERR, STDIN, STDOUT};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::{Duration, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

/// How often the other side is asked for a sign of life: load balancers cut silent connections too.
const PING: Duration = Duration::from_secs(10);
/// After so long without a sign of it the other side is held to be gone.
const SILENCE: Duration = Duration::from_secs(45);
/// The most input in a message.
const PART: usize = 32 * 1024;

/// Streams over a connection that was upgraded.
pub(super) async fn streams<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(io: S, protocol: Protocol) -> Streams {
    let (sink, stream) = WebSocketStream::from_raw_socket(io, Role::Client, None).await.split();
    let (input, typed) = mpsc::channel(QUEUE);
    let (said, output) = mpsc::channel(QUEUE);
    let writing = tokio::spawn(write(sink, typed, protocol)).abort_handle();
    let reading = tokio::spawn(read(stream, said)).abort_handle();
    let carrier = protocol.name();
    Streams { input, output, carrier, _tasks: Tasks(vec![writing, reading]) }
}

async fn write<S: AsyncRead + AsyncWrite + Unpin>(
    mut sink: SplitSink<WebSocketStream<S>, Message>,
    mut typed: mpsc::Receiver<In>,
    protocol: Protocol,
) {
    loop {
        let messages = match timeout(PING, typed.recv()).await {
            // The session is left; the reader ends with its owner.
            Ok(None) => break,
            Err(_) => vec![Message::Ping(Vec::new().into())],
            Ok(Some(In::Data(data))) => {
                data.chunks(PART).map(|part| Message::Binary(channel::message(STDIN, part).into())).collect()
            }
            Ok(Some(In::Size(width, height))) => {
                vec![Message::Binary(channel::message(RESIZE, &channel::size(width, height)).into())]
            }
            Ok(Some(In::End)) if protocol == Protocol::V5 => {
                vec![Message::Binary(channel::message(CLOSE, &[STDIN]).into())]
            }
            Ok(Some(In::End)) => Vec::new(),
        };
        for message in messages {
            if sink.send(message).await.is_err() {
                return;
            }
        }
    }
    let _ = sink.send(Message::Close(None)).await;
}

async fn read<S: AsyncRead + AsyncWrite + Unpin>(mut stream: SplitStream<WebSocketStream<S>>, said: mpsc::Sender<Out>) {
    let mut told = Vec::new();
    let ended = loop {
        let message = match timeout(SILENCE, stream.next()).await {
            Ok(Some(Ok(Message::Binary(data)))) => data,
            Ok(Some(Ok(Message::Close(_))) | None) => break ending::read(&told),
            Ok(Some(Ok(_))) => continue,
            Ok(Some(Err(_))) if !told.is_empty() => break ending::read(&told),
            Ok(Some(Err(_))) => break Ending::Lost("the connection broke".into()),
            Err(_) => break Ending::Lost(format!("nothing came for {} s", SILENCE.as_secs()).into()),
        };
        let Some((channel, _)) = message.split_first() else { continue };
        let data = message.slice(1..);
        let out = match *channel {
            _ if data.is_empty() => continue,
            STDOUT => Out::Said(data),
            STDERR => Out::Error(data),
            ERROR => {
                told.extend_from_slice(&data[..data.len().min(ending::MOST - told.len().min(ending::MOST))]);
                continue;
            }
            _ => continue,
        };
        if said.send(out).await.is_err() {
            return;
        }
    };
    let _ = said.send(Out::Ended(ended)).await;
}
