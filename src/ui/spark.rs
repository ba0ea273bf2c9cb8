//! A history as a row of blocks.

use crate::core::role::Symbols;

/// The newest values, oldest first, one cell each, against `whole` (a limit) or, without
/// one, a little more than the greatest of them. Where there is no measurement there is a blank: never a zero.
pub(super) fn line(values: &[u64], whole: Option<u64>, cells: usize, symbols: &Symbols) -> String {
    let from = values.len().saturating_sub(cells);
    let shown = &values[from..];
    let greatest = shown.iter().copied().max().unwrap_or(0);
    let top = whole.unwrap_or(greatest + greatest / 3).max(greatest).max(1);
    let levels = symbols.levels;
    let mut out: String = " ".repeat(cells - shown.len());
    out.extend(shown.iter().map(|v| {
        let step = (u128::from(*v) * (levels.len() as u128 - 1)).div_ceil(u128::from(top)) as usize;
        levels.get(step).copied().unwrap_or(' ')
    }));
    out
}
