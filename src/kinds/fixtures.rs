//! For tests of this room: recorded answers, the rows made of them, and what
//! kubectl printed of the same objects.

use super::columns::batch_for;
use super::wire::{Answer, Encoding, EventKind, Framer, Piece};
use super::{Spec, spec};
use crate::core::row::{Batch, Change, RowHead, Sym};
use crate::core::schema::{Schema, Source};
use crate::core::value::{CellKind, NONE, write_cell};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/", $name)).as_slice()
    };
}
pub(crate) use fixture;

/// The moment `taken.txt` names.
pub const TAKEN: &str = "2026-11-21T12:37:30Z";
/// The moment `taken.nodelost.txt` names.
pub const TAKEN_LOST: &str = "2026-11-21T12:38:44Z";

/// All rows of an answer, fed in chunks of this size.
pub fn rows(kind: &Spec, encoding: Encoding, answer: Answer, body: &[u8], chunk: usize) -> Batch {
    let mut batch = batch_for(&(kind.schema)());
    let mut framer = Framer::new(encoding, answer);
    let decode = match encoding {
        Encoding::Json => kind.json,
        Encoding::Protobuf => kind.proto.unwrap(),
    };
    for part in body.chunks(chunk) {
        let mut sink = |piece: Piece<'_>| {
            match piece {
                Piece::Item(object) | Piece::Event { kind: EventKind::Added, object } => {
                    decode(object, &mut batch)?;
                }
                _ => {}
            }
            Ok(())
        };
        framer.feed(part, &mut sink).unwrap();
    }
    framer.finish().unwrap();
    batch
}

/// The rows of a list in one chunk.
pub fn list(group: &str, plural: &str, encoding: Encoding, body: &[u8]) -> Batch {
    rows(spec(group, plural).unwrap(), encoding, Answer::List, body, usize::MAX)
}

/// The heads and cells of a batch.
pub fn puts(batch: &Batch) -> Vec<(RowHead, Vec<u64>)> {
    let put = |(change, cells): (&Change, &[u64])| match change {
        Change::Put(head) => (*head, cells.to_vec()),
        Change::Gone(_) => panic!("a list takes nothing away"),
    };
    batch.rows().map(put).collect()
}

/// One cell as a table shows it.
pub fn shown(schema: &Schema, batch: &Batch, row: &(RowHead, Vec<u64>), column: usize, now: i64) -> String {
    let column = &schema.columns[column];
    let text = |s: Sym| batch.symbols.text(s).to_owned();
    let (head, cells) = row;
    match &column.source {
        Source::Namespace => text(head.namespace),
        Source::Name => text(head.name),
        Source::Owner => text(head.owner),
        Source::Labels => text(head.labels),
        Source::Created => crate::core::value::human_duration(now - head.created),
        Source::Cell(i) if column.kind == CellKind::Text => text(Sym(cells[usize::from(*i)] as u32)),
        Source::Cell(i) => {
            let mut out = String::new();
            write_cell(&mut out, column.kind, cells[usize::from(*i)], now);
            out
        }
        other => panic!("{other:?} is not in a batch"),
    }
}

/// A cell by name of row and title of column; ages as of [`TAKEN`].
pub fn cell(schema: &Schema, batch: &Batch, name: &str, title: &str) -> String {
    let row = puts(batch).into_iter().find(|(h, _)| batch.symbols.text(h.name) == name).expect(name);
    shown(schema, batch, &row, schema.find(title).expect(title), super::time::parse_millis(TAKEN).unwrap())
}

/// What kubectl printed: titles, and the cells of each line.
pub fn printed(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut lines = text.lines();
    let header: Vec<char> = lines.next().unwrap().chars().collect();
    let mut starts = vec![0];
    for i in 3..header.len() {
        if header[i] != ' ' && header[i - 3..i] == [' '; 3] {
            starts.push(i);
        }
    }
    let cut = |line: &[char]| -> Vec<String> {
        let ends = starts.iter().skip(1).copied().chain([usize::MAX]);
        let cell =
            |(&from, to): (&usize, usize)| line[from.min(line.len())..to.min(line.len())].iter().collect::<String>();
        starts.iter().zip(ends).map(|p| cell(p).trim().to_owned()).collect()
    };
    let rows = lines.map(|l| cut(&l.chars().collect::<Vec<_>>())).collect();
    (cut(&header), rows)
}

/// Holds every column kubectl printed against ours, row by row, cell by cell. Our columns
/// begin with kubectl's, in its order. kubectl ran within seconds of `taken`: an age agrees
/// when one of these seconds explains it.
pub fn agree(schema: &Schema, batch: &Batch, wide: &[u8], taken: &str) {
    let (titles, lines) = printed(std::str::from_utf8(wide).unwrap());
    let ours: Vec<&str> = schema.columns.iter().take(titles.len()).map(|c| &*c.title).collect();
    assert_eq!(ours, titles);
    let rows = puts(batch);
    assert_eq!(rows.len(), lines.len());
    let taken = super::time::parse_millis(taken).unwrap();
    for (row, line) in rows.iter().zip(&lines) {
        for (i, theirs) in line.iter().enumerate() {
            let at = |now| cut_at_break(&shown(schema, batch, row, i, now));
            let agrees = (-8..24).any(|quarter: i64| at(taken + quarter * 250) == *theirs)
                || (missing(schema, &row.1, i) && matches!(theirs.as_str(), "" | "<none>" | "<unknown>"));
            assert!(agrees, "{line:?}: {} is {:?}, not {theirs:?}", titles[i], at(taken));
        }
    }
}

// An age or a span that is not there is `·` with us.
fn missing(schema: &Schema, cells: &[u64], column: usize) -> bool {
    let column = &schema.columns[column];
    matches!(column.source, Source::Cell(i) if matches!(column.kind, CellKind::Age | CellKind::Span) && cells[usize::from(i)] == NONE)
}

// kubectl cuts a cell at its first line break when it writes it.
fn cut_at_break(text: &str) -> String {
    match text.find(['\u{c}', '\n', '\r']) {
        Some(i) => format!("{}...", text[..i].trim_end()),
        None => text.trim().to_owned(),
    }
}
