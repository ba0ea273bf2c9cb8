//! Columns as the real kinds have them, for the hand-made cluster.

use crate::core::schema::{Column, Joined, Schema, Show, Source};
use crate::core::value::CellKind;

fn col(title: &str, kind: CellKind, source: Source, show: Show) -> Column {
    Column::new(title, kind, source, show, "")
}

pub fn pod_schema() -> Schema {
    use CellKind::{Age, Bytes, CountAgo, Milli, Pair, Permille, Text};
    use Show::{Always, Room, Wide};
    use Source::{Cell, Created};
    let columns = vec![
        col("NAMESPACE", Text, Source::Namespace, Always),
        col("NAME", Text, Source::Name, Always),
        col("READY", Pair, Cell(0), Always),
        col("STATUS", Text, Cell(1), Always),
        col("RESTARTS", CountAgo, Cell(2), Room(2)),
        col("AGE", Age, Created, Room(1)),
        col("IP", Text, Cell(3), Wide),
        col("NODE", Text, Cell(4), Room(8)),
        col("CPU", Milli, Source::Joined(Joined::Cpu), Room(3)),
        col("MEM", Bytes, Source::Joined(Joined::Mem), Room(3)),
        col("MEM%L", Permille, Source::Joined(Joined::MemOfLimit), Room(5)),
        col("PHASE", Text, Cell(5), Show::Hidden),
        col("CPU/R", Milli, Cell(6), Show::Hidden),
        col("CPU/L", Milli, Cell(7), Show::Hidden),
        col("MEM/R", Bytes, Cell(8), Show::Hidden),
        col("MEM/L", Bytes, Cell(9), Show::Hidden),
    ];
    Schema { columns, cells: 10 }
}

pub fn node_schema() -> Schema {
    use CellKind::{Age, Bytes, Milli, Pair, Permille, Text};
    use Show::{Always, Hidden, Room};
    use Source::{Cell, Created};
    let join = Source::Joined;
    let columns = vec![
        col("NAME", Text, Source::Name, Always),
        col("STATUS", Text, Cell(0), Always),
        col("ROLES", Text, Cell(1), Room(4)),
        col("AGE", Age, Created, Room(1)),
        col("VERSION", Text, Cell(2), Room(5)),
        col("PODS", Pair, join(Joined::Pods), Room(2)),
        col("CPU", Milli, join(Joined::Cpu), Room(6)),
        col("MEM", Bytes, join(Joined::Mem), Room(6)),
        col("CPU%", Permille, join(Joined::CpuOfRequest), Room(3)),
        col("MEM%", Permille, join(Joined::MemOfRequest), Room(3)),
        col("CPU/R", Milli, join(Joined::CpuRequests), Room(7)),
        col("MEM/R", Bytes, join(Joined::MemRequests), Room(7)),
        col("CPU/A", Milli, Cell(3), Hidden),
        col("MEM/A", Bytes, Cell(4), Hidden),
        col("TAINTS", Text, Cell(5), Room(9)),
        col("NOTREADY", Age, Cell(6), Room(8)),
    ];
    Schema { columns, cells: 7 }
}

pub fn event_schema() -> Schema {
    use CellKind::{Age, Int, Text};
    use Show::{Always, Room, Wide};
    use Source::Cell;
    let columns = vec![
        col("NAMESPACE", Text, Source::Namespace, Always),
        col("LAST SEEN", Age, Cell(0), Always),
        col("TYPE", Text, Cell(1), Room(2)),
        col("REASON", Text, Cell(2), Always),
        col("OBJECT", Text, Cell(3), Always),
        col("MESSAGE", Text, Cell(4), Always),
        col("COUNT", Int, Cell(5), Room(3)),
        col("NAME", Text, Source::Name, Wide),
    ];
    Schema { columns, cells: 6 }
}
