//! Bodies that suffer: cut off, throttled, turned to garbage.

use std::io;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::header::CONTENT_LENGTH;
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant, sleep, timeout_at};

use super::super::faults::Faults;
use super::answer::Answer;
use super::body::Body;

/// How much a throttled answer sends at a time.
const SIP: usize = 1_024;

/// Passes an answer's body through the faults.
pub(super) fn pass(response: Answer, faults: Faults) -> Answer {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(pump(body, faults, sender));
    Answer::from_parts(parts, Body::Parts(receiver))
}

async fn pump(mut body: Body, faults: Faults, sender: mpsc::Sender<io::Result<Bytes>>) {
    let deadline = faults.cut.map(|after| Instant::now() + after);
    loop {
        let frame = match deadline {
            Some(deadline) => match timeout_at(deadline, body.frame()).await {
                Ok(frame) => frame,
                Err(_) => return cut(&sender).await,
            },
            None => body.frame().await,
        };
        let Some(Ok(frame)) = frame else { return };
        let Ok(mut data) = frame.into_data() else { continue };
        if faults.garbage {
            data = garble(&data);
        }
        // A cut at once leaves half of the first part: mid-object for any client.
        if faults.cut.is_some_and(|c| c.is_zero()) {
            let half = data.len() / 2;
            let _ = sender.send(Ok(data.slice(..half))).await;
            return cut(&sender).await;
        }
        while !data.is_empty() {
            let sip = data.split_to(faults.throttle.map_or(data.len(), |_| SIP.min(data.len())));
            if let Some(rate) = faults.throttle {
                #[expect(clippy::cast_precision_loss, reason = "a kilobyte")]
                sleep(Duration::from_secs_f64(sip.len() as f64 / f64::from(rate))).await;
            }
            if sender.send(Ok(sip)).await.is_err() {
                return;
            }
        }
    }
}

async fn cut(sender: &mpsc::Sender<io::Result<Bytes>>) {
    let _ = sender.send(Err(io::Error::from(io::ErrorKind::ConnectionReset))).await;
}

/// Bytes of the same length that no parser takes.
fn garble(data: &Bytes) -> Bytes {
    data.iter()
        .enumerate()
        .map(|(i, b)| if i % 7 == 3 { b'\xff' } else { b.rotate_left(1) })
        .collect::<Vec<u8>>()
        .into()
}
