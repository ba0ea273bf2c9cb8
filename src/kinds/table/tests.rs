use super::*;
use crate::core::row::Change;
use crate::kinds::columns::batch_for;
use crate::kinds::fixtures::{agree, cell, fixture, list, puts, shown};
use crate::kinds::wire::{Answer, Encoding, EventKind, Framer};

// All rows of a Table list, and its columns.
fn read(body: &[u8], namespaced: bool, chunk: usize) -> (Table, Batch) {
    let mut found: Option<(Table, Batch)> = None;
    let mut framer = Framer::new(Encoding::Json, Answer::List);
    for part in body.chunks(chunk) {
        let mut sink = |piece: Piece<'_>| match piece {
            Piece::Columns(definitions) => {
                let table = Table::new(definitions, namespaced)?;
                let batch = batch_for(table.schema());
                found = Some((table, batch));
                Ok(())
            }
            Piece::Item(row) => {
                let (table, batch) = found.as_mut().expect("columns come before rows");
                table.row(row, batch).map(|_| ())
            }
            _ => Ok(()),
        };
        framer.feed(part, &mut sink).unwrap();
    }
    framer.finish().unwrap();
    found.unwrap()
}

#[test]
fn a_crds_table_is_what_kubectl_prints() {
    let (table, batch) = read(fixture!("backups.table.json"), true, usize::MAX);
    agree(table.schema(), &batch, fixture!("backups.wide.txt"), crate::kinds::fixtures::TAKEN);
    let find = |title| &table.schema().columns[table.schema().find(title).unwrap()];
    assert_eq!(find("WORKERS").kind, CellKind::Int);
    assert_eq!((find("NAME").source.clone(), find("DETAIL").show), (Source::Name, Show::Wide));
    assert!(find("LAST").doc.contains(".status.lastRun"));
}

#[test]
fn identity_owner_labels_and_age_come_from_the_object() {
    let (table, batch) = read(fixture!("pods.table.json"), true, 1000);
    let slim = list("", "pods", Encoding::Json, fixture!("pods.json"));
    let heads = |b: &Batch| {
        let text = |s| b.symbols.text(s).to_owned();
        let head = |c: &Change| match c {
            Change::Put(h) => (h.uid, text(h.name), text(h.namespace), text(h.owner), text(h.labels), h.created),
            Change::Gone(_) => panic!("a list takes nothing away"),
        };
        let mut all: Vec<_> = b.changes.iter().map(head).collect();
        all.sort();
        all
    };
    assert_eq!(heads(&batch), heads(&slim));
    let age = table.schema().find("AGE").unwrap();
    assert_eq!(table.schema().columns[age].source, Source::Created);
    assert_eq!(cell(table.schema(), &batch, "once-67v5v", "STATUS"), "Completed");
}

#[test]
fn the_servers_own_mark_decides_on_health() {
    let (_, batch) = read(fixture!("pods.table.json"), true, usize::MAX);
    let health = |name: &str| puts(&batch).iter().find(|(h, _)| batch.symbols.text(h.name) == name).unwrap().0.health;
    assert_eq!(health("once-67v5v"), Health::Done);
    assert_eq!(health("fails-42mgm"), Health::Bad);
    assert_eq!(health("stuck"), Health::Busy);
    assert_eq!(health("bb"), Health::Ok);
}

#[test]
fn a_watch_has_columns_in_its_first_event_and_ends_its_list_with_a_bookmark() {
    let mut framer = Framer::new(Encoding::Json, Answer::Watch);
    let (mut tables, mut marks, mut found) = (0, Vec::new(), None::<(Table, Batch)>);
    let mut sink = |piece: Piece<'_>| {
        match piece {
            Piece::Event { kind: EventKind::Added, object } => unpack(object, &mut |piece: Piece<'_>| match piece {
                Piece::Columns(definitions) => {
                    tables += 1;
                    let table = Table::new(definitions, true)?;
                    let batch = batch_for(table.schema());
                    found = Some((table, batch));
                    Ok(())
                }
                Piece::Item(row) => found.as_mut().map_or(Ok(()), |(t, b)| t.row(row, b).map(|_| ())),
                _ => Ok(()),
            })?,
            Piece::Bookmark { resource_version, initial_end } => {
                marks.push((resource_version.to_owned(), initial_end));
            }
            _ => {}
        }
        Ok(())
    };
    for part in fixture!("pods.watchlist.table.jsonl").chunks(777) {
        framer.feed(part, &mut sink).unwrap();
    }
    framer.finish().unwrap();
    let (table, batch) = found.unwrap();
    assert_eq!(tables, 1);
    assert!(batch.len() >= 3);
    assert!(marks.iter().any(|(version, end)| *end && version.parse::<u64>().is_ok()), "{marks:?}");
    let row = puts(&batch).remove(0);
    assert!(!shown(table.schema(), &batch, &row, 0, 0).is_empty());
}

#[test]
fn odd_cells_and_rows() {
    let columns = br#"[{"name":"Name","format":"name"},{"name":"N","type":"integer"},{"name":"Any","type":"string"},
        {"name":"Ready","type":"string"}]"#;
    let table = Table::new(columns, false).unwrap();
    let mut batch = batch_for(table.schema());
    let row = |cells: &str| format!(r#"{{"cells":{cells},"object":{{"metadata":{{"name":"x"}}}}}}"#);
    for (cells, n, any) in [
        (r#"["x",7,"a\nb","True"]"#, "7", "a\nb"),
        (r#"["x","8",{"a":[1]},"False"]"#, "8", r#"{"a":[1]}"#),
        (r#"["x",null,null,null]"#, "·", ""),
        (r#"["x",1.5,[true],false]"#, "·", "[true]"),
        (r#"["x"]"#, "·", ""),
    ] {
        table.row(row(cells).as_bytes(), &mut batch).unwrap();
        let last = puts(&batch).pop().unwrap();
        assert_eq!(shown(table.schema(), &batch, &last, 1, 0), n, "{cells}");
        assert_eq!(shown(table.schema(), &batch, &last, 2, 0), any, "{cells}");
        assert_eq!(last.0.health == Health::Warn, cells.to_lowercase().contains("false"), "{cells}");
    }
    for bad in [r#"{"cells":["x"],"object":null}"#, r#"{"cells":["x"]}"#, "[]x", "7", ""] {
        table.row(bad.as_bytes(), &mut batch).unwrap_err();
    }
    assert!(Table::new(b"{}", true).is_err());
    assert!(Table::new(b"null", true).is_ok());
}

#[test]
fn a_server_without_tables_still_gives_names_and_ages() {
    let table = Table::plain(true);
    let mut batch = batch_for(table.schema());
    let list: serde_json::Value = serde_json::from_slice(fixture!("pods.json")).unwrap();
    for item in list["items"].as_array().unwrap() {
        table.object(item.to_string().as_bytes(), &mut batch).unwrap();
    }
    let titles: Vec<_> = table.schema().columns.iter().map(|c| &*c.title).collect();
    assert_eq!(titles, ["NAMESPACE", "NAME", "AGE"]);
    assert_eq!(cell(table.schema(), &batch, "db-0", "AGE"), "35m");
    assert!(table.object(b"{}", &mut batch).is_err());
}
