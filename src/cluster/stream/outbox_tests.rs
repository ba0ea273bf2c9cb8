use super::*;
use crate::core::row::{RowHead, Sym};
use crate::core::uid::Uid;
use tokio::sync::mpsc;

fn head(batch: &mut Batch, uid: u128, name: &str) -> RowHead {
    RowHead {
        uid: Uid(uid),
        name: batch.sym(name),
        namespace: Sym::EMPTY,
        owner: Sym::EMPTY,
        labels: Sym::EMPTY,
        created: 0,
        health: crate::core::health::Health::Ok,
    }
}

fn put(batch: &mut Batch, uid: u128, name: &str, cell: &str) {
    let h = head(batch, uid, name);
    let cell = batch.text_cell(cell);
    batch.put(h, &[cell]);
}

#[tokio::test]
async fn a_busy_reader_gets_each_object_once_and_the_last_state() {
    let (tx, mut rx) = mpsc::channel(1);
    let mut outbox = Outbox::new(tx);
    outbox.text = vec![true];
    outbox.push(StreamEvent::Begin);
    outbox.offer().unwrap();
    for round in 0..100 {
        for uid in 0..500 {
            put(outbox.batch(), uid, &format!("pod-{uid}"), &format!("round {round}"));
        }
        outbox.offer().unwrap();
    }
    let waiting: usize = outbox.queue.iter().map(|e| if let StreamEvent::Batch(b) = e { b.len() } else { 0 }).sum();
    assert!(waiting <= 3 * MERGE, "{waiting} changes wait for 500 objects");
    let mut last = std::collections::HashMap::new();
    assert_eq!(rx.recv().await, Some(StreamEvent::Begin));
    while !outbox.queue.is_empty() {
        outbox.offer().unwrap();
        if let Ok(StreamEvent::Batch(b)) = rx.try_recv() {
            for (change, cells) in b.rows() {
                let Change::Put(h) = change else { panic!("nothing is gone") };
                last.insert(h.uid, b.symbols.text(Sym(cells[0] as u32)).to_owned());
            }
        }
    }
    while let Ok(StreamEvent::Batch(b)) = rx.try_recv() {
        for (change, cells) in b.rows() {
            let Change::Put(h) = change else { panic!("nothing is gone") };
            last.insert(h.uid, b.symbols.text(Sym(cells[0] as u32)).to_owned());
        }
    }
    assert_eq!(last.len(), 500);
    assert!(last.values().all(|v| v == "round 99"));
}

#[test]
fn what_is_put_after_it_was_gone_is_there_and_the_other_way_round() {
    let mut a = Batch::new(vec![true]);
    put(&mut a, 1, "a", "x");
    a.gone(Uid(1));
    put(&mut a, 2, "b", "x");
    let mut b = Batch::new(vec![true]);
    put(&mut b, 1, "a", "y");
    b.gone(Uid(2));
    let merged = merge(&[true], &[a, b]);
    let changes: Vec<_> = merged.changes.iter().map(|c| matches!(c, Change::Put(h) if h.uid == Uid(1))).collect();
    assert_eq!(changes, [true, false]);
    assert_eq!(merged.changes[1], Change::Gone(Uid(2)));
}

#[tokio::test]
async fn a_closed_slot_is_noticed_while_nothing_happens() {
    let (tx, rx) = mpsc::channel(1);
    let mut outbox = Outbox::new(tx);
    drop(rx);
    assert_eq!(outbox.while_waiting(std::future::pending::<()>()).await, Err(Closed));
}
