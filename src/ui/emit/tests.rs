//! The bytes, read back by a terminal, show the buffer; and they are few.

use super::{Emitter, columns, glyph};
use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};

/// A terminal and what it should show.
struct Bench {
    terminal: vt100::Parser,
    emitter: Emitter,
    shown: Buffer,
}

impl Bench {
    fn new(width: u16, height: u16) -> Self {
        Self {
            terminal: vt100::Parser::new(height, width, 0),
            emitter: Emitter::default(),
            shown: Buffer::empty(Rect::new(0, 0, 0, 0)),
        }
    }

    /// Shows a buffer, checks the terminal, and gives the number of bytes.
    fn show(&mut self, next: &Buffer, cursor: Option<Position>, full: bool) -> usize {
        let bytes = self.emitter.frame(&self.shown, next, cursor, full);
        assert!(bytes.iter().all(|b| *b >= 0x20 || matches!(b, 0x1b | b'\r' | b'\n' | 8)), "{bytes:?}");
        self.terminal.process(&bytes);
        self.shown = next.clone();
        self.check(cursor);
        bytes.len()
    }

    fn check(&self, cursor: Option<Position>) {
        let screen = self.terminal.screen();
        let area = self.shown.area;
        assert_eq!(screen.size(), (area.height, area.width));
        for y in 0..area.height {
            let mut x = 0;
            while x < area.width {
                let cell = &self.shown[(x, y)];
                let width = if x + 1 < area.width { glyph::width(cell.symbol()) } else { 1 };
                self.check_cell(x, y, cell, width);
                x += width;
            }
        }
        assert_eq!(screen.hide_cursor(), cursor.is_none());
        if let Some(at) = cursor {
            assert_eq!(screen.cursor_position(), (at.y, at.x));
        }
    }

    fn check_cell(&self, x: u16, y: u16, cell: &Cell, width: u16) {
        let seen = |x| self.terminal.screen().cell(y, x).unwrap();
        let mut want = Vec::new();
        glyph::push(cell.symbol(), width, &mut want);
        let want = String::from_utf8(want).unwrap();
        let got: String = (x..x + width)
            .map(|x| match seen(x) {
                half if half.is_wide_continuation() => String::new(),
                blank if blank.contents().is_empty() => " ".into(),
                cell => cell.contents().into(),
            })
            .collect();
        assert_eq!(got, want, "at {x},{y} of {:?}", cell.symbol());
        let head = seen(x);
        assert_eq!(head.bgcolor(), color(cell.bg), "background at {x},{y}");
        let lines = (head.underline(), head.inverse());
        let has = |modifier| cell.modifier.contains(modifier);
        assert_eq!(lines, (has(Modifier::UNDERLINED), has(Modifier::REVERSED)), "lines at {x},{y}");
        if !columns::invisible(cell) {
            assert_eq!(head.fgcolor(), color(cell.fg), "colour at {x},{y}");
            let weight = (head.bold(), head.dim(), head.italic());
            let bold = has(Modifier::BOLD);
            assert_eq!(weight, (bold, has(Modifier::DIM) && !bold, has(Modifier::ITALIC)), "weight at {x},{y}");
        }
    }
}

fn color(color: Color) -> vt100::Color {
    let named = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    match color {
        Color::Reset => vt100::Color::Default,
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        Color::Indexed(n) => vt100::Color::Idx(n),
        other => vt100::Color::Idx(u8::try_from(named.iter().position(|n| *n == other).unwrap()).unwrap()),
    }
}

/// A screen of table rows.
fn table(width: u16, height: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    for y in 0..height {
        let style = if y % 3 == 0 { Style::new().fg(Color::Indexed(160)) } else { Style::new() };
        buffer.set_string(1, y, format!("shop cart-7c9f6d-x{y:04} 1/1 Running {y} 3d4h"), style);
    }
    buffer
}

#[test]
fn nothing_new_is_no_bytes() {
    let mut bench = Bench::new(80, 24);
    let screen = table(80, 24);
    bench.show(&screen, None, true);
    assert_eq!(bench.show(&screen, None, false), 0);
    let at = Some(Position { x: 4, y: 2 });
    assert!(bench.show(&screen, at, false) < 40, "a cursor that appears is a frame");
    assert_eq!(bench.show(&screen, at, false), 0);
}

#[test]
fn a_frame_is_synchronised() {
    let screen = table(40, 4);
    let bytes = Emitter::default().frame(&Buffer::empty(screen.area), &screen, None, false);
    assert!(bytes.starts_with(b"\x1b[?2026h") && bytes.ends_with(b"\x1b[?2026l"));
}

#[test]
fn typical_changes_are_small() {
    let mut bench = Bench::new(200, 60);
    let mut screen = table(200, 60);
    let full = bench.show(&screen, None, true);
    assert!(full < 4000, "{full}");
    screen[(150, 50)].set_char('x');
    let one = bench.show(&screen, None, false);
    assert!(one < 30, "one cell: {one}");
    screen[(150, 50)].set_style(Style::new().fg(Color::Rgb(255, 200, 100)).bg(Color::Rgb(100, 120, 140)));
    let styled = bench.show(&screen, None, false);
    assert!(styled < 70, "one coloured cell: {styled}");
    screen.set_style(Rect::new(0, 10, 200, 1), Style::new().bg(Color::Indexed(237)));
    screen.set_style(Rect::new(0, 9, 200, 1), Style::new().bg(Color::Reset));
    let selection = bench.show(&screen, None, false);
    assert!(selection < 280, "a selected row: {selection}");
    screen.set_style(Rect::new(0, 10, 200, 1), Style::reset());
    for x in 0..200 {
        screen[(x, 10)].set_char(' ');
    }
    let cleared = bench.show(&screen, None, false);
    assert!(cleared < 40, "a cleared row: {cleared}");
    for y in 0..60 {
        screen.set_string(38, y, "42", Style::new().fg(Color::Indexed(160)));
    }
    let column = bench.show(&screen, None, false);
    assert!(column < 60 * 14, "a column of numbers: {column}");
}

#[test]
fn wide_characters_keep_their_columns() {
    let mut bench = Bench::new(20, 2);
    let mut show = |text: &str| {
        let mut screen = Buffer::empty(Rect::new(0, 0, 20, 2));
        screen.set_string(0, 0, text, Style::new());
        bench.show(&screen, None, false);
    };
    for text in
        ["日本語 ok", "a日本語", "日本語 ok", "語", "", "👩‍👩‍👧 family", "❤️ x", "é à", "👍🏽|", "ｶﾞ", "🇩🇪|", "\u{202e}abc"]
    {
        if text != "ｶﾞ" {
            show(text);
        }
    }
    let mut sent = Vec::new();
    glyph::push("ｶﾞ", 2, &mut sent);
    assert_eq!(sent, "ｶﾞ".as_bytes());
}

#[test]
fn half_a_wide_character_is_a_space() {
    let mut bench = Bench::new(4, 1);
    let mut screen = Buffer::empty(Rect::new(0, 0, 4, 1));
    screen[(3, 0)].set_symbol("語");
    bench.show(&screen, None, false);
    assert_eq!(bench.terminal.screen().contents().trim_end(), "");
}

#[test]
fn control_characters_never_leave() {
    let mut bench = Bench::new(8, 1);
    let mut screen = Buffer::empty(Rect::new(0, 0, 8, 1));
    for (x, symbol) in (0..).zip(["\x1b", "\n", "\u{9b}", "a\x1b[2J", "\u{200d}", "", "\u{301}", "\x7f"]) {
        screen[(x, 0)].set_symbol(symbol);
    }
    bench.show(&screen, None, false);
    assert_eq!(bench.terminal.screen().contents().trim(), "a[");
}

#[test]
fn marks_are_few() {
    let mut sent = Vec::new();
    glyph::push(&format!("e{}", "\u{301}".repeat(50)), 1, &mut sent);
    assert_eq!(String::from_utf8(sent).unwrap().chars().count(), 5);
}

#[test]
fn another_size_is_drawn_anew() {
    let mut bench = Bench::new(30, 5);
    bench.show(&table(30, 5), None, false);
    bench.terminal.screen_mut().set_size(9, 50);
    bench.show(&table(50, 9), None, false);
    assert!(!bench.emitter.frame(&bench.shown, &Buffer::empty(Rect::ZERO), None, false).is_empty());
}

fn colors() -> impl Strategy<Value = Color> {
    prop_oneof![
        4 => Just(Color::Reset),
        1 => any::<(u8, u8, u8)>().prop_map(|(r, g, b)| Color::Rgb(r, g, b)),
        1 => any::<u8>().prop_map(Color::Indexed),
        1 => prop::sample::select(&[Color::Black, Color::Red, Color::Gray, Color::DarkGray, Color::LightBlue, Color::White][..]),
    ]
}

fn cells() -> impl Strategy<Value = Cell> {
    let symbols = prop_oneof![
        6 => Just(" ".to_owned()),
        4 => "[a-d]",
        1 => prop::sample::select(&["語", "é", "e\u{301}", "🦀", "👩‍👩‍👧", "❤️", "│", "\u{7}", "", "한", "👍🏽"][..]).prop_map(str::to_owned),
        1 => any::<char>().prop_filter("vt100 differs", |c| !matches!(c, '\u{fffd}' | '\u{ff9e}' | '\u{ff9f}')).prop_map(String::from),
    ];
    let modifiers = prop_oneof![4 => Just(0), 1 => 0..512u16].prop_map(Modifier::from_bits_truncate);
    (symbols, colors(), colors(), modifiers).prop_map(|(symbol, fg, bg, modifier)| {
        let mut cell = Cell::EMPTY;
        cell.set_symbol(&symbol).set_fg(fg).set_bg(bg);
        cell.modifier = modifier;
        cell
    })
}

/// Changes: where, how far, and to what.
fn changes() -> impl Strategy<Value = Vec<(usize, usize, Cell)>> {
    prop::collection::vec((0..96usize, 1..10usize, cells()), 0..20)
}

proptest! {
    #[test]
    fn the_terminal_shows_the_buffer(
        frames in prop::collection::vec((changes(), prop::option::of((0..13u16, 0..9u16)), prop::bool::weighted(0.1)), 1..6)
    ) {
        let mut bench = Bench::new(12, 8);
        let mut screen = Buffer::empty(Rect::new(0, 0, 12, 8));
        for (changes, cursor, full) in frames {
            for (from, count, cell) in changes {
                for slot in screen.content.iter_mut().skip(from).take(count) {
                    *slot = cell.clone();
                }
            }
            let cursor = cursor.map(|(x, y)| Position { x, y }).filter(|at| screen.area.contains(*at));
            bench.show(&screen, cursor, full);
            prop_assert_eq!(bench.show(&screen, cursor, false), 0);
        }
    }
}
