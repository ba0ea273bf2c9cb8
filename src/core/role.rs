//! Colour roles: what a piece of the screen means, never where it stands. A
//! theme gives each role a [`Style`]; drawing knows roles only. Files and their
//! mistakes are `config`'s; what it makes of them, a [`Theme`], is here because
//! drawing may not use `config`.

mod style;
mod symbols;

pub use style::{Color, Style};
pub use symbols::{Border, Symbols};

use std::fmt;

macro_rules! roles {
    ($($variant:ident $name:literal $doc:literal;)*) => {
        /// A role of the screen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role {
            $(#[doc = $doc] $variant,)*
        }

        impl Role {
            /// All roles; one that others fall back to stands before them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            const NAMES: &'static [(&'static str, &'static str)] = &[$(($name, $doc),)*];
        }
    };
}

roles! {
    Base "base" "All that has no style of its own; its background is the screen's.";
    Dim "dim" "What matters least: separators, `·` for what is not known.";
    Header "header" "The header line.";
    HeaderProtected "header.protected" "The name of a protected context.";
    Frame "frame" "The border of a pane.";
    FrameFocus "frame.focus" "The border of the pane that has the focus.";
    Title "title" "A pane's title.";
    Fresh "fresh" "How true a pane is.";
    FreshLive "fresh.live" "The watch stands.";
    FreshStale "fresh.stale" "The data are old.";
    FreshSyncing "fresh.syncing" "The first list is under way, or the next attempt.";
    FreshError "fresh.error" "May not be read, or cannot.";
    Row "row" "A row of a table.";
    RowOk "row.ok" "A row that is well.";
    RowDone "row.done" "A row that ended well.";
    RowBusy "row.busy" "A row on its way, or out of service on purpose.";
    RowWarn "row.warn" "A row that works in part.";
    RowBad "row.bad" "A row that does not work.";
    RowCursor "row.cursor" "Laid over the row under the cursor.";
    RowMark "row.mark" "Laid over a marked row.";
    RowTomb "row.tomb" "A row whose object is gone.";
    RowFlash "row.flash" "Laid over a cell that has just changed.";
    Column "column" "Column titles and what belongs to them.";
    ColumnTitle "column.title" "A column's title.";
    ColumnSorted "column.sorted" "The title of the column that is sorted by.";
    Match "match" "Laid over what a filter or a search found.";
    Hint "hint" "The hint line.";
    HintKey "hint.key" "A key in a hint.";
    HintText "hint.text" "What a key does.";
    Modal "modal" "The inside of a modal.";
    ModalTitle "modal.title" "A modal's title.";
    Input "input" "A text field.";
    InputError "input.error" "A text field whose text is wrong, and the reason.";
    Text "text" "YAML, describe and other text.";
    TextKey "text.key" "A key in YAML, a label in describe.";
    TextValue "text.value" "A value in YAML or describe.";
    TextComment "text.comment" "A comment, or what stands beside the matter.";
    Log "log" "A line of a log that has no colour of its own.";
    LogTime "log.time" "The time before a line of a log.";
    LogLate "log.late" "The time of a line that came late.";
    LogNote "log.note" "What the program says within a log.";
    LogGap "log.gap" "What the program says is missing in a log.";
    LogWarn "log.warn" "A line of level warning.";
    LogError "log.error" "A line of level error.";
    LogDebug "log.debug" "A line of level debug.";
    LogStream1 "log.stream1" "The name of a stream; which of the six colours is decided by the name.";
    LogStream2 "log.stream2" "See log.stream1.";
    LogStream3 "log.stream3" "See log.stream1.";
    LogStream4 "log.stream4" "See log.stream1.";
    LogStream5 "log.stream5" "See log.stream1.";
    LogStream6 "log.stream6" "See log.stream1.";
    Spark "spark" "A sparkline.";
    Bar "bar" "A bar of use.";
    Notice "notice" "A notice.";
    NoticeInfo "notice.info" "A notice that only tells.";
    NoticeWarn "notice.warn" "A notice that wants attention.";
    NoticeError "notice.error" "A notice of something that failed.";
}

impl Role {
    /// The colours of streams.
    pub const LOG_STREAMS: [Self; 6] =
        [Self::LogStream1, Self::LogStream2, Self::LogStream3, Self::LogStream4, Self::LogStream5, Self::LogStream6];

    /// Its name in theme files.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize].0
    }

    /// What it is for.
    #[must_use]
    pub fn doc(self) -> &'static str {
        Self::NAMES[self as usize].1
    }

    /// The role with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.name() == name)
    }

    /// The role it takes from what it does not say itself: `row.bad` from `row`, `row` from `base`.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        match self.name().rsplit_once('.') {
            Some((parent, _)) => Self::from_name(parent),
            None if self == Self::Base => None,
            None => Some(Self::Base),
        }
    }

    /// The role of a row of that health.
    #[must_use]
    pub fn of_health(health: super::health::Health) -> Self {
        use super::health::Health;
        match health {
            Health::Ok => Self::RowOk,
            Health::Done => Self::RowDone,
            Health::Busy => Self::RowBusy,
            Health::Warn => Self::RowWarn,
            Health::Bad => Self::RowBad,
        }
    }
}

/// The name.
impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A style for each role, ready to draw with on the terminal at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: String,
    own: Vec<Style>,
    full: Vec<Style>,
}

impl Theme {
    /// A theme of the styles that `own` gives; a role it has none for falls back.
    #[must_use]
    pub fn new(name: &str, own: impl Fn(Role) -> Option<Style>) -> Self {
        let mut theme = Self { name: name.to_owned(), own: Vec::new(), full: Vec::new() };
        for &role in Role::ALL {
            let below = role.parent().map_or_else(Style::default, |p| theme.full[p as usize]);
            let style = own(role);
            theme.own.push(style.unwrap_or_default());
            theme.full.push(style.map_or(below, |s| s.on(below)));
        }
        theme
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole style of a role: its own, and what it falls back to.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.full[role as usize]
    }

    /// What the role says itself, laid over `under`: the cursor over a row that
    /// is unwell keeps the colour of its text.
    #[must_use]
    pub fn over(&self, role: Role, under: Style) -> Style {
        self.own[role as usize].over(under)
    }
}

#[cfg(test)]
mod tests;
