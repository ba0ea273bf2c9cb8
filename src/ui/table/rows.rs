//! Rows in columns, under their titles.

use super::Table;
use super::columns::{Plan, plan};
use super::grid::{Grid, Writing};
use crate::core::columns::{scrolled, shown};
use crate::core::health::Health;
use crate::core::role::Role;
use crate::core::schema::{Column, Schema, Source};
use crate::core::store::{RowRef, Store};
use crate::core::value::CellKind;
use crate::ui::ink::Ink;
use crate::ui::width::{head, width};
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// Panes at least this wide tell when a count last rose.
const ROOMY: u16 = 120;

pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, t: &Table<'_>, store: &Store) {
    if area.height == 0 {
        return;
    }
    let schema = store.schema();
    let picks = t.state.picks(&t.body.key.kind);
    let chosen = scrolled(&shown(t.body, schema, picks), schema, t.body.left);
    let top = t.body.cursor.top();
    let visible = usize::from(area.height - 1);
    let rows: Vec<RowRef<'_>> = t.body.view.window(top, visible).filter_map(|id| store.peek(id)).collect();
    let with_times = t.body.wide || area.width >= ROOMY;
    let now = t.state.server_now(t.pane.cluster);
    let how = Writing { now, with_times, unknown: ink.look.symbols.unknown };
    let grid = Grid::new(&rows, schema, &chosen, how);
    let titles: Vec<String> = chosen.iter().map(|&c| heading(ink, t, &schema.columns[c], with_times)).collect();
    let sizes: Vec<(&Column, u16, bool)> = chosen
        .iter()
        .enumerate()
        .map(|(at, &c)| (&schema.columns[c], grid.widest(at).max(width(&titles[at])), grid.blank(at)))
        .collect();
    let gutter = gutter(t);
    let plan = plan(&sizes, area.width.saturating_sub(gutter), t.body.wide || picks.is_some());
    let sheet = Sheet { t, schema, chosen: &chosen, grid: &grid, plan: &plan, gutter };
    sheet.titles(ink, area, &titles);
    for (i, row) in rows.iter().enumerate() {
        let line = Rect { y: area.y + 1 + i as u16, height: 1, ..area };
        sheet.row(ink, line, i, row, top + i == t.body.cursor.place());
    }
}

/// The cursor's column, and one for marks while there are any.
pub(super) fn gutter(t: &Table<'_>) -> u16 {
    1 + u16::from(!t.body.marks.is_empty())
}

/// A title as shown: short for restarts, with the sort's direction.
fn heading(ink: &Ink<'_>, t: &Table<'_>, column: &Column, with_times: bool) -> String {
    let symbols = &ink.look.symbols;
    let mut text = match column.title.as_ref() {
        _ if with_times => column.title.to_string(),
        _ if column.kind == CellKind::CountAgo => symbols.restarts.to_string(),
        "LAST SEEN" => "SEEN".to_owned(),
        title => title.to_owned(),
    };
    if column.title.eq_ignore_ascii_case(&t.body.sort.title) {
        text.push(if t.body.sort.descending { symbols.descending } else { symbols.ascending });
    }
    text
}

/// Draws the cursor's bar and the mark of a row, and lays their roles over it.
pub(super) fn overlay(ink: &mut Ink<'_>, line: Rect, t: &Table<'_>, row: &RowRef<'_>, current: bool, style: Style) {
    let marked = t.body.marks.has(row.uid());
    if marked {
        ink.over(line, Role::RowMark);
        let style = style.patch(ink.look.own(Role::RowMark));
        ink.put_styled(line.x + 1, line.y, line.right(), ink.look.symbols.mark.encode_utf8(&mut [0; 4]), style);
    }
    if current {
        // Where the focus is elsewhere the place is still told, but quietly.
        let bar = if t.focused { style } else { ink.look.style(Role::Dim) };
        ink.put_styled(line.x, line.y, line.right(), ink.look.symbols.cursor.encode_utf8(&mut [0; 4]), bar);
        if t.focused {
            ink.over(line, Role::RowCursor);
        }
    }
}

/// The role a row has as a whole.
pub(super) fn row_role(row: &RowRef<'_>) -> Role {
    match row.health() {
        _ if row.gone() => Role::RowTomb,
        Health::Done => Role::RowDone,
        _ => Role::RowOk,
    }
}

struct Sheet<'a> {
    t: &'a Table<'a>,
    schema: &'a Schema,
    chosen: &'a [usize],
    grid: &'a Grid,
    plan: &'a Plan,
    gutter: u16,
}

impl Sheet<'_> {
    fn titles(&self, ink: &mut Ink<'_>, area: Rect, titles: &[String]) {
        let mut x = area.x + self.gutter;
        for slot in &self.plan.slots {
            let index = self.chosen[slot.at];
            let column = &self.schema.columns[index];
            let sorted = column.title.eq_ignore_ascii_case(&self.t.body.sort.title);
            let mut style = ink.look.style(if sorted { Role::ColumnSorted } else { Role::ColumnTitle });
            if self.t.body.chosen == Some(index) {
                style = style.add_modifier(Modifier::UNDERLINED);
            }
            let end = (x + slot.width).min(area.right());
            if column.right_aligned() {
                ink.put_right(x, area.y, end, &titles[slot.at], style);
            } else {
                ink.put_styled(x, area.y, end, &titles[slot.at], style);
            }
            x += slot.width + self.plan.gap;
        }
        if self.t.body.left > 0 {
            ink.char(area.x, area.y, ink.look.symbols.more_left, Role::Dim);
        }
        if self.plan.more {
            // Where the last column takes the last cell, the sign stands on the border.
            let inside = x.saturating_sub(self.plan.gap) < area.right();
            ink.char(area.right() - u16::from(inside), area.y, ink.look.symbols.more_right, Role::Dim);
        }
    }

    fn row(&self, ink: &mut Ink<'_>, line: Rect, at: usize, row: &RowRef<'_>, current: bool) {
        let base = ink.look.style(row_role(row));
        let unwell = ink.look.style(Role::of_health(row.health()));
        ink.patch(line, base);
        let mut x = line.x + self.gutter;
        for slot in &self.plan.slots {
            let index = self.chosen[slot.at];
            let column = &self.schema.columns[index];
            let text = self.grid.get(at, slot.at);
            let end = (x + slot.width).min(line.right());
            let style = if !row.gone() && tells_health(column) { unwell } else { base };
            if column.right_aligned() {
                ink.put_right(x, line.y, end, text, style);
            } else {
                ink.put_styled(x, line.y, end, text, style);
                self.light(ink, Rect { x, width: end.saturating_sub(x), ..line }, index, text);
            }
            if self.t.body.flash.lit(row.id(), index) {
                ink.over(Rect { x, width: end.saturating_sub(x), ..line }, Role::RowFlash);
            }
            x += slot.width + self.plan.gap;
        }
        overlay(ink, line, self.t, row, current, base);
    }

    /// Lights what the filter found.
    fn light(&self, ink: &mut Ink<'_>, area: Rect, column: usize, text: &str) {
        let filter = self.t.body.view.filter();
        if filter.is_empty() {
            return;
        }
        for range in filter.highlight(column, text) {
            let (Some(before), Some(hit)) = (text.get(..range.start), text.get(range.clone())) else { continue };
            let from = width(before);
            if from >= area.width {
                return;
            }
            let shown = head(hit, area.width - from).1;
            ink.over(Rect { x: area.x + from, width: shown, ..area }, Role::Match);
        }
    }
}

/// The cells that take the colour of the object's health: the eye finds trouble, the rest stays quiet.
fn tells_health(column: &Column) -> bool {
    column.source == Source::Name
        || matches!(
            column.title.as_ref(),
            "STATUS" | "READY" | "REASON" | "TYPE" | "STATE" | "COMPLETIONS" | "AVAILABLE"
        )
}
