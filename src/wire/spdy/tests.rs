use super::*;
use bytes::Bytes;
use tokio::io::{AsyncWriteExt as _, DuplexStream};
use tokio::time::Duration;

fn pair() -> (Client, DuplexStream) {
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    (Client::new(ours), theirs)
}

fn bytes(text: &'static str) -> Bytes {
    Bytes::from_static(text.as_bytes())
}

#[tokio::test(start_paused = true)]
async fn streams_are_opened_with_odd_numbers_and_carry_data_both_ways() {
    let (mut client, mut far) = pair();
    let mut error = client.open(&[("streamtype", "error")]).await.unwrap();
    let mut data = client.open(&[("streamtype", "data")]).await.unwrap();
    let Some(Frame::Open { id: 1, fin: false, .. }) = read(&mut far).await else { panic!("no first stream") };
    let Some(Frame::Open { id: 3, fin: false, .. }) = read(&mut far).await else { panic!("no second stream") };
    assert!(data.output.write(b"typed").await);
    data.output.finish().await;
    assert_eq!(read(&mut far).await, Some(Frame::Data { id: 3, data: bytes("typed"), fin: false }));
    assert_eq!(read(&mut far).await, Some(Frame::Data { id: 3, data: Bytes::new(), fin: true }));
    for frame in [
        Frame::Reply { id: 1, headers: Bytes::new() },
        Frame::Data { id: 3, data: bytes("said"), fin: true },
        Frame::Data { id: 9, data: bytes("of no stream"), fin: false },
        Frame::Data { id: 1, data: bytes("why"), fin: false },
        Frame::Reset { id: 1, status: 3 },
    ] {
        far.write_all(&frame.written()).await.unwrap();
    }
    assert_eq!((data.input.recv().await, data.input.recv().await), (Some(bytes("said")), None));
    assert_eq!((error.input.recv().await, error.input.recv().await), (Some(bytes("why")), None));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_gone_ends_its_streams() {
    let (mut client, far) = pair();
    let mut stream = client.open(&[("streamtype", "data")]).await.unwrap();
    let gone = client.gone();
    drop(far);
    assert_eq!(stream.input.recv().await, None);
    gone.wait().await;
    assert!(client.open(&[]).await.is_none());
}

#[tokio::test(start_paused = true)]
async fn pings_are_answered_sent_and_missed() {
    let (client, mut far) = pair();
    far.write_all(&Frame::Ping(8).written()).await.unwrap();
    assert_eq!(read(&mut far).await, Some(Frame::Ping(8)));
    // Then nothing: the client asks, and gives it up after a while.
    let Some(Frame::Ping(mine)) = read(&mut far).await else { panic!("no ping") };
    assert_eq!(mine % 2, 1);
    let begun = tokio::time::Instant::now();
    client.gone().wait().await;
    assert!(begun.elapsed() <= Duration::from_secs(50));
}

#[tokio::test]
async fn frames_are_read_as_they_were_written() {
    let frames = [
        Frame::Open { id: 5, headers: bytes("block"), fin: true },
        Frame::Reply { id: 5, headers: bytes("b") },
        Frame::Reset { id: 7, status: 2 },
        Frame::Ping(11),
        Frame::GoAway,
        Frame::Data { id: 3, data: bytes("x"), fin: false },
        Frame::Data { id: 3, data: Bytes::new(), fin: true },
    ];
    let all: Vec<u8> = frames.iter().flat_map(Frame::written).collect();
    let mut from = all.as_slice();
    for frame in frames {
        assert_eq!(read(&mut from).await, Some(frame));
    }
    assert_eq!(read(&mut from).await, None);
}
