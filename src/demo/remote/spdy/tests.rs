use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};

use super::headers::Reader;
use super::*;

/// Opens streams, as a client does.
#[derive(Debug, Default)]
pub(in super::super) struct Opener(Writer);

impl Opener {
    pub(in super::super) fn open(&mut self, id: u32, headers: &[(&str, &str)]) -> Vec<u8> {
        Frame::Open { id, headers: self.0.write(headers).into(), fin: false }.written()
    }
}

/// A frame of data.
pub(in super::super) fn data(id: u32, bytes: &[u8]) -> Vec<u8> {
    Frame::Data { id, data: Bytes::copy_from_slice(bytes), fin: false }.written()
}

trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// The client's side of a connection.
pub(in super::super) struct Client {
    io: Box<dyn Io>,
    opener: Opener,
}

impl Client {
    pub(in super::super) fn new(io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Self {
        Self { io: Box::new(io), opener: Opener::default() }
    }

    /// Opens a stream and waits for the reply.
    pub(in super::super) async fn open(&mut self, id: u32, headers: &[(&str, &str)]) {
        let frame = self.opener.open(id, headers);
        self.io.write_all(&frame).await.unwrap();
    }

    pub(in super::super) async fn data(&mut self, id: u32, bytes: &[u8], fin: bool) {
        let frame = Frame::Data { id, data: Bytes::copy_from_slice(bytes), fin };
        self.io.write_all(&frame.written()).await.unwrap();
    }

    /// What each stream says until the connection ends.
    pub(in super::super) async fn all(&mut self) -> HashMap<u32, Vec<u8>> {
        self.until_closed(&[]).await
    }

    /// What each stream says until these are closed, or the connection ends.
    pub(in super::super) async fn until_closed(&mut self, wanted: &[u32]) -> HashMap<u32, Vec<u8>> {
        let (mut said, mut open) = (HashMap::<u32, Vec<u8>>::new(), wanted.to_vec());
        loop {
            let next = tokio::time::timeout(Duration::from_secs(600), read(&mut self.io)).await.expect("a frame");
            match next {
                None | Some(Frame::GoAway) => return said,
                Some(Frame::Data { id, data, fin }) => {
                    said.entry(id).or_default().extend_from_slice(&data);
                    open.retain(|o| *o != id || !fin);
                    if open.is_empty() && !wanted.is_empty() {
                        return said;
                    }
                }
                Some(_) => {}
            }
        }
    }
}

#[test]
fn header_blocks_are_read_as_they_were_written() {
    let (mut writer, mut reader) = (Writer::default(), Reader::new());
    for headers in [&[("streamtype", "error")][..], &[], &[("streamtype", "data"), ("port", "80")]] {
        let block = writer.write(headers);
        let read = reader.read(&block).unwrap();
        assert_eq!(read.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>(), headers);
    }
    assert_eq!(Reader::new().read(b"nonsense"), None);
}

#[test]
fn compressed_blocks_of_another_hand_are_read() {
    // Written by zlib with the dictionary, flushed after each block.
    const BLOCKS: &[&str] =
        &[include_str!("../../tests/spdy-block-1.hex"), include_str!("../../tests/spdy-block-2.hex")];
    let mut reader = Reader::new();
    for (block, kind) in BLOCKS.iter().zip(["error", "data"]) {
        let hex = block.trim();
        let bytes: Vec<u8> =
            (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect();
        let read = reader.read(&bytes).unwrap();
        assert!(read.contains(&("streamtype".to_owned(), kind.to_owned())), "{read:?}");
        assert!(read.contains(&("port".to_owned(), "8080".to_owned())), "{read:?}");
    }
}

#[test]
fn the_dictionary_is_the_one_of_the_protocol() {
    let bytes = dictionary::bytes();
    assert_eq!((bytes.len(), dictionary::checksum(&bytes)), (1_423, 0xe3c6_a7c2));
}

#[tokio::test]
async fn pings_are_answered() {
    let (ours, theirs) = tokio::io::duplex(1_024);
    let serving = tokio::spawn(serve(ours, |mut incoming| async move { while incoming.next().await.is_some() {} }));
    let mut io = theirs;
    io.write_all(&Frame::Ping(7).written()).await.unwrap();
    assert_eq!(read(&mut io).await, Some(Frame::Ping(7)));
    drop(io);
    serving.await.unwrap();
}

proptest::proptest! {
    #[test]
    fn no_bytes_break_the_readers(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let _ = Reader::new().read(&bytes);
        let mut named = vec![0x78, 0xbb, 0xe3, 0xc6, 0xa7, 0xc2];
        named.extend_from_slice(&bytes);
        let _ = Reader::new().read(&named);
    }
}
