//! SPDY/3.1 frames: eight bytes of head, then the rest.

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// A stream's last frame in this direction.
const FIN: u8 = 1;
/// The largest frame that is taken.
const LARGEST: usize = 1 << 24;

/// A frame, as far as sessions need them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Opens a stream; the headers are still compressed.
    Open {
        /// Odd when a client opens it.
        id: u32,
        /// Its header block.
        headers: Bytes,
        /// Whether nothing follows in this direction.
        fin: bool,
    },
    /// Takes a stream the other side opened.
    Reply {
        /// Which.
        id: u32,
        /// Its header block.
        headers: Bytes,
    },
    /// Ends a stream at once.
    Reset {
        /// Which.
        id: u32,
        /// Why, by the protocol's numbers.
        status: u32,
    },
    /// To be sent back as it came.
    Ping(u32),
    /// The other side takes no more streams.
    GoAway,
    /// Bytes of a stream.
    Data {
        /// Which.
        id: u32,
        /// The bytes.
        data: Bytes,
        /// Whether nothing follows in this direction.
        fin: bool,
    },
    /// Settings, window updates: of no concern here.
    Other,
}

/// Reads a frame; nothing at the end or when what comes is no SPDY.
pub async fn read(from: &mut (impl AsyncRead + Unpin)) -> Option<Frame> {
    let mut head = [0; 8];
    from.read_exact(&mut head).await.ok()?;
    let first = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
    let (flags, length) = (head[4], u32::from_be_bytes([0, head[5], head[6], head[7]]) as usize);
    if length > LARGEST {
        return None;
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).await.ok()?;
    let body = Bytes::from(body);
    let fin = flags & FIN != 0;
    if first >> 31 == 0 {
        return Some(Frame::Data { id: first, data: body, fin });
    }
    let number = |at: usize| {
        let bytes = body.get(at..at + 4)?;
        Some(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) & 0x7fff_ffff)
    };
    Some(match first & 0xffff {
        1 => Frame::Open { id: number(0)?, headers: body.slice(10.min(length)..), fin },
        2 => Frame::Reply { id: number(0)?, headers: body.slice(4.min(length)..) },
        3 => Frame::Reset { id: number(0)?, status: number(4)? },
        6 => Frame::Ping(number(0)?),
        7 => Frame::GoAway,
        _ => Frame::Other,
    })
}

impl Frame {
    /// The bytes of a frame.
    #[must_use]
    pub fn written(&self) -> Vec<u8> {
        match self {
            Self::Open { id, headers, fin } => {
                control(1, u8::from(*fin), &[&id.to_be_bytes(), &[0; 6], headers.as_ref()])
            }
            Self::Reply { id, headers } => control(2, 0, &[&id.to_be_bytes(), headers.as_ref()]),
            Self::Reset { id, status } => control(3, 0, &[&id.to_be_bytes(), &status.to_be_bytes()]),
            Self::Ping(id) => control(6, 0, &[&id.to_be_bytes()]),
            Self::GoAway => control(7, 0, &[&[0; 8]]),
            Self::Data { id, data, fin } => frame(*id, u8::from(*fin), &[data.as_ref()]),
            Self::Other => Vec::new(),
        }
    }
}

fn control(kind: u32, flags: u8, parts: &[&[u8]]) -> Vec<u8> {
    frame(0x8003_0000 | kind, flags, parts)
}

fn frame(first: u32, flags: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = u32::try_from(parts.iter().map(|p| p.len()).sum::<usize>()).unwrap_or(0);
    let mut out = first.to_be_bytes().to_vec();
    out.extend_from_slice(&(u32::from(flags) << 24 | length & 0x00ff_ffff).to_be_bytes());
    parts.iter().for_each(|p| out.extend_from_slice(p));
    out
}
