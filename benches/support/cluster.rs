//! The rows of a generated cluster, as its streams send them.

use quarterdeck::cluster::discover::builtin_kinds;
use quarterdeck::cluster::{Connection, Overrides, stream};
use quarterdeck::core::freshness::Freshness;
use quarterdeck::core::kind::{ClusterId, Scope, StreamKey};
use quarterdeck::core::row::{Batch, Change, RowHead, Sym};
use quarterdeck::core::schema::Schema;
use quarterdeck::core::stream::StreamEvent;
use quarterdeck::demo::{Cluster, Options};
use quarterdeck::kinds::batch_for;
use quarterdeck::runtime::clock;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};

/// A generated cluster in this process.
pub struct Generated {
    io: Runtime,
    connection: Connection,
}

impl Generated {
    pub fn new(nodes: u32, pods: u32) -> Self {
        let io = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
        let inside = io.enter();
        let cluster = Cluster::start(&Options { nodes: Some(nodes), pods: Some(pods), ..Options::default() });
        drop(inside);
        let handle = io.handle().clone();
        let connect = move || {
            let _inside = handle.enter();
            cluster.connect()
        };
        Self { connection: Connection::in_process("demo", &Overrides::default(), connect), io }
    }

    /// All that a stream says until its list is complete.
    pub fn stream(&self, plural: &str) -> Vec<StreamEvent> {
        let (out, mut slot) = tokio::sync::mpsc::channel(1);
        let task = self.io.spawn(stream::run(self.connection.clone(), key(plural), out, clock::now));
        let mut all = Vec::new();
        while let Some(event) = slot.blocking_recv() {
            let done = event == StreamEvent::Fresh(Freshness::Live);
            if !matches!(event, StreamEvent::Fresh(Freshness::Syncing { .. })) {
                all.push(event);
            }
            if done {
                break;
            }
        }
        task.abort();
        all
    }
}

/// The stream of all objects of a kind on the first cluster of a console.
pub fn key(plural: &str) -> StreamKey {
    let kind = builtin_kinds().into_iter().find(|k| &*k.plural == plural).expect("a built-in kind");
    StreamKey::new(ClusterId(1), kind, Scope::All)
}

/// The columns that a stream began with.
pub fn schema(events: &[StreamEvent]) -> Arc<Schema> {
    let found = events.iter().find_map(|e| if let StreamEvent::Schema(s) = e { Some(s.clone()) } else { None });
    found.expect("a stream tells its columns first")
}

/// The rows of a stream, to be changed and put again.
pub struct Rows<'a> {
    schema: Arc<Schema>,
    all: Vec<(&'a Batch, RowHead, &'a [u64])>,
}

impl<'a> Rows<'a> {
    pub fn of(events: &'a [StreamEvent]) -> Self {
        let mut all = Vec::new();
        for event in events {
            if let StreamEvent::Batch(b) = event {
                let put = |(change, cells): (&Change, &'a [u64])| match change {
                    Change::Put(head) => Some((b, *head, cells)),
                    Change::Gone(_) => None,
                };
                all.extend(b.rows().filter_map(put));
            }
        }
        Self { schema: schema(events), all }
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// A batch in which some rows come again with another status.
    pub fn changed(&self, which: impl Iterator<Item = u64>, status: &str) -> StreamEvent {
        let mut out = batch_for(&self.schema);
        for i in which {
            let (from, mut head, cells) = self.all[i as usize % self.all.len()];
            for sym in [&mut head.name, &mut head.namespace, &mut head.owner, &mut head.labels] {
                *sym = out.sym(from.symbols.text(*sym));
            }
            let text = |i: usize| from.text.get(i).copied().unwrap_or(false);
            let mut cells: Vec<u64> = cells.to_vec();
            for (i, cell) in cells.iter_mut().enumerate().filter(|(i, _)| text(*i)) {
                // The second cell of a pod is its STATUS.
                let word = if i == 1 { status } else { from.symbols.text(Sym(*cell as u32)) };
                *cell = out.text_cell(word);
            }
            out.put(head, &cells);
        }
        StreamEvent::Batch(out)
    }
}
