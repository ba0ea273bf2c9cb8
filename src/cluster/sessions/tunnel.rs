//! SPDY inside a WebSocket: its bytes in binary messages, as kubectl forwards ports since 1.31.

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream, split};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

/// The most in a message, and on its way in each direction.
const PART: usize = 32 * 1024;

/// The bytes of a connection that was upgraded. Its tasks end with either side.
pub(super) async fn bytes<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(io: S) -> DuplexStream {
    let (mut sink, mut stream) = WebSocketStream::from_raw_socket(io, Role::Client, None).await.split();
    let (ours, theirs) = tokio::io::duplex(2 * PART);
    let (mut from, mut to) = split(theirs);
    tokio::spawn(async move {
        while let Some(Ok(message)) = stream.next().await {
            match message {
                Message::Binary(data) if to.write_all(&data).await.is_err() => return,
                Message::Close(_) => break,
                _ => {}
            }
        }
        let _ = to.shutdown().await;
    });
    tokio::spawn(async move {
        let mut part = vec![0; PART];
        while let Ok(read @ 1..) = from.read(&mut part).await {
            if sink.send(Message::Binary(part[..read].to_vec().into())).await.is_err() {
                return;
            }
        }
        let _ = sink.send(Message::Close(None)).await;
    });
    ours
}
