//! What a terminal can show, told by its environment and never by asking it: an
//! answer that does not come would hold up the first frame.

/// How many colours there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Depth {
    /// None.
    Mono,
    /// The sixteen the terminal names.
    Ansi16,
    /// The cube and the greys.
    Ansi256,
    /// All.
    True,
}

/// Terminals that show all colours but may not say so in `COLORTERM` (over SSH
/// only `TERM` arrives).
const TRUE_TERMS: &[&str] = &["kitty", "alacritty", "ghostty", "foot", "wezterm", "contour", "direct", "truecolor"];

impl Depth {
    /// Its name in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mono => "mono",
            Self::Ansi16 => "16",
            Self::Ansi256 => "256",
            Self::True => "truecolor",
        }
    }

    /// The depth with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Mono, Self::Ansi16, Self::Ansi256, Self::True].into_iter().find(|d| d.name() == name)
    }

    /// From the variables `NO_COLOR`, `COLORTERM`, `TERM`, and `STY` and `TMUX`:
    /// screen passes the outer `COLORTERM` on but not the colours.
    pub fn detect(var: impl Fn(&str) -> Option<String>) -> Self {
        let get = |name: &str| var(name).unwrap_or_default();
        let (term, colorterm) = (get("TERM").to_lowercase(), get("COLORTERM").to_lowercase());
        if !get("NO_COLOR").is_empty() {
            return Self::Mono;
        }
        if matches!(term.as_str(), "" | "dumb")
            || term.starts_with("vt")
            || term.ends_with("-m")
            || term.ends_with("-mono")
        {
            return Self::Mono;
        }
        let in_screen = !get("STY").is_empty() && get("TMUX").is_empty();
        if matches!(colorterm.as_str(), "truecolor" | "24bit") || TRUE_TERMS.iter().any(|t| term.contains(t)) {
            return if in_screen { Self::Ansi256 } else { Self::True };
        }
        if term.contains("256color") { Self::Ansi256 } else { Self::Ansi16 }
    }
}
