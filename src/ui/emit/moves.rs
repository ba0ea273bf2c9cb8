//! The cheapest way to a cell.

use ratatui::layout::Position;

/// Sends the shortest sequence that goes to a cell, counted from 0.
pub(super) fn go(from: Option<Position>, to: Position, out: &mut Vec<u8>) {
    let absolute = || {
        let (row, column) = (to.y + 1, to.x + 1);
        match (row, column) {
            (1, 1) => "\x1b[H".to_owned(),
            (row, 1) => format!("\x1b[{row}H"),
            (row, column) => format!("\x1b[{row};{column}H"),
        }
    };
    let Some(from) = from else {
        out.extend_from_slice(absolute().as_bytes());
        return;
    };
    if from == to {
        return;
    }
    let way = if from.y == to.y {
        along(from.x, to.x)
    } else if to.x == 0 && to.y == from.y + 1 {
        "\r\n".to_owned()
    } else if from.x == to.x {
        if to.y > from.y { steps(to.y - from.y, 'B') } else { steps(from.y - to.y, 'A') }
    } else {
        absolute()
    };
    out.extend_from_slice(way.as_bytes());
}

/// Along a row.
fn along(from: u16, to: u16) -> String {
    if to == 0 {
        "\r".to_owned()
    } else if to > from {
        steps(to - from, 'C')
    } else if from - to <= 3 {
        "\x08".repeat(usize::from(from - to))
    } else {
        steps(from - to, 'D')
    }
}

fn steps(n: u16, letter: char) -> String {
    if n == 1 { format!("\x1b[{letter}") } else { format!("\x1b[{n}{letter}") }
}
