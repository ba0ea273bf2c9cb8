//! The way out of a stream.

use super::frame::Frame;
use bytes::Bytes;
use tokio::sync::mpsc;

/// Frames on their way out, and data on its way in to each stream.
pub const QUEUE: usize = 64;
/// The most data in a frame.
const PART: usize = 32 * 1024;

/// The way out of a stream.
#[derive(Debug, Clone)]
pub struct Output {
    id: u32,
    frames: mpsc::Sender<Frame>,
}

impl Output {
    /// Of the stream of that number, over the connection that writes these frames.
    #[must_use]
    pub fn new(id: u32, frames: mpsc::Sender<Frame>) -> Self {
        Self { id, frames }
    }

    /// Sends data; false when the connection is gone.
    pub async fn write(&self, data: &[u8]) -> bool {
        for part in data.chunks(PART) {
            let frame = Frame::Data { id: self.id, data: Bytes::copy_from_slice(part), fin: false };
            if self.frames.send(frame).await.is_err() {
                return false;
            }
        }
        true
    }

    /// Closes this direction.
    pub async fn finish(&self) {
        let _ = self.frames.send(Frame::Data { id: self.id, data: Bytes::new(), fin: true }).await;
    }

    /// Ends the stream at once, both ways.
    pub async fn reset(&self) {
        // 5: the sender wants no more of it.
        let _ = self.frames.send(Frame::Reset { id: self.id, status: 5 }).await;
    }
}
