//! A theme as the frame buffer wants it: styles translated once, symbols beside them.

use crate::core::role::{self, Role, Symbols, Theme};
use ratatui::style::{Color, Modifier, Style};

/// Everything about appearance, ready to draw with.
#[derive(Debug, Clone)]
pub struct Look {
    whole: Vec<Style>,
    own: Vec<Style>,
    /// The characters that are drawn rather than written.
    pub symbols: Symbols,
}

impl Look {
    /// Translates a theme. Do it once per theme, not per frame.
    #[must_use]
    pub fn new(theme: &Theme, symbols: Symbols) -> Self {
        let whole = Role::ALL.iter().map(|r| style(theme.style(*r))).collect();
        let own = Role::ALL.iter().map(|r| style(theme.over(*r, role::Style::default()))).collect();
        Self { whole, own, symbols }
    }

    /// The whole style of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.whole.get(role as usize).copied().unwrap_or_default()
    }

    /// What a role says itself, to be laid over what is drawn already.
    #[must_use]
    pub fn own(&self, role: Role) -> Style {
        self.own.get(role as usize).copied().unwrap_or_default()
    }
}

/// A style as the frame buffer wants it.
pub(super) fn style(s: role::Style) -> Style {
    let mut out = Style { fg: s.fg.map(color), bg: s.bg.map(color), ..Style::default() };
    let attributes = [
        (s.bold, Modifier::BOLD),
        (s.dim, Modifier::DIM),
        (s.italic, Modifier::ITALIC),
        (s.underline, Modifier::UNDERLINED),
        (s.reverse, Modifier::REVERSED),
    ];
    for (_, m) in attributes.iter().filter(|(on, _)| *on) {
        out = out.add_modifier(*m);
    }
    out
}

fn color(c: role::Color) -> Color {
    match c {
        role::Color::Default => Color::Reset,
        role::Color::Indexed(i) => Color::Indexed(i),
        role::Color::Rgb(r, g, b) => Color::Rgb(r, g, b),
    }
}
