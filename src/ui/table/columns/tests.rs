use super::*;
use crate::core::schema::Schema;
use crate::core::value::CellKind;

fn column(title: &str, kind: CellKind, source: Source, show: Show) -> Column {
    Column::new(title, kind, source, show, "")
}

fn schema() -> Schema {
    let columns = vec![
        column("NAMESPACE", CellKind::Text, Source::Namespace, Show::Always),
        column("NAME", CellKind::Text, Source::Name, Show::Always),
        column("READY", CellKind::Pair, Source::Cell(0), Show::Always),
        column("AGE", CellKind::Age, Source::Created, Show::Room(1)),
        column("NODE", CellKind::Text, Source::Cell(1), Show::Room(8)),
        column("IP", CellKind::Text, Source::Cell(2), Show::Wide),
        column("QOS", CellKind::Text, Source::Cell(3), Show::Hidden),
    ];
    Schema { columns, cells: 4 }
}

fn widths(natural: &[u16], room: u16) -> Vec<(usize, u16)> {
    let schema = schema();
    let columns: Vec<_> = schema.columns.iter().zip(natural).map(|(c, n)| (c, *n, false)).collect();
    plan(&columns, room, false).slots.iter().map(|s| (s.at, s.width)).collect()
}

#[test]
fn the_least_important_goes_first_and_comes_back() {
    assert_eq!(widths(&[9, 10, 5, 4, 6], 38), [(0, 9), (1, 10), (2, 5), (3, 4), (4, 6)]);
    assert_eq!(widths(&[9, 10, 5, 4, 6], 37), [(0, 9), (1, 10), (2, 5), (3, 4)]);
    assert_eq!(widths(&[9, 10, 5, 4, 6], 30), [(0, 9), (1, 10), (2, 5)]);
}

#[test]
fn a_narrow_column_comes_back_where_a_wide_one_has_made_room() {
    // AGE matters more than NODE and is wider here: without it there is room for NODE again.
    assert_eq!(widths(&[9, 10, 5, 12, 6], 38), [(0, 9), (1, 10), (2, 5), (4, 6)]);
}

#[test]
fn texts_are_cut_before_numbers_and_names_last() {
    assert_eq!(widths(&[20, 20, 5, 4, 6], 36), [(0, 9), (1, 20), (2, 5)]);
    assert_eq!(widths(&[20, 20, 5, 4, 6], 20), [(0, 7), (1, 6), (2, 5)]);
}

#[test]
fn a_column_that_says_nothing_gives_way_first() {
    let s = schema();
    let natural = [9, 10, 5, 4, 6];
    let columns: Vec<_> = s.columns.iter().zip(natural).map(|(c, n)| (c, n, c.title.as_ref() == "AGE")).collect();
    let kept: Vec<usize> = plan(&columns, 37, false).slots.iter().map(|s| s.at).collect();
    assert_eq!(kept, [0, 1, 2, 4]);
}

#[test]
fn room_to_spare_goes_to_long_names_then_between_columns() {
    let s = schema();
    let columns: Vec<_> = s.columns.iter().zip([9, 60, 5]).map(|(c, n)| (c, n, false)).collect();
    let p = plan(&columns, 70, false);
    assert_eq!((p.slots[1].width, p.gap), (54, 1));
    assert_eq!(plan(&columns, 90, false).gap, 2);
}
