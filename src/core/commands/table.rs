//! The table of commands: one line for each, and nothing else about it. What a
//! command does lives in a file of its own; what it is called lives here, so
//! that keymaps, the palette, hints and help can never disagree.

use std::fmt;

/// What is known of a command before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandSpec {
    /// The name in keymaps and in the palette: lower case, words joined by `_`.
    pub id: &'static str,
    /// The few words shown in hints.
    pub title: &'static str,
    /// One sentence for help.
    pub doc: &'static str,
}

macro_rules! commands {
    ($($variant:ident $id:literal $title:literal $doc:literal;)*) => {
        /// A command of the table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Command {
            $(#[doc = $doc] $variant,)*
        }

        /// All commands, in the order help lists them.
        pub static COMMANDS: &[CommandSpec] = &[$(CommandSpec { id: $id, title: $title, doc: $doc },)*];

        impl Command {
            /// All commands, in the order of [`COMMANDS`].
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
        }
    };
}

commands! {
    MoveUp "move_up" "up" "Move the cursor one line up.";
    MoveDown "move_down" "down" "Move the cursor one line down.";
    PageUp "page_up" "page up" "Move the cursor one page up.";
    PageDown "page_down" "page down" "Move the cursor one page down.";
    Top "top" "first" "Go to the first line.";
    Bottom "bottom" "last" "Go to the last line.";
    ScrollLeft "scroll_left" "left" "Scroll the columns or the text to the left.";
    ScrollRight "scroll_right" "right" "Scroll the columns or the text to the right.";

    PaneNext "pane_next" "next pane" "Give the focus to the next pane.";
    PanePrevious "pane_previous" "previous pane" "Give the focus to the previous pane.";
    SplitRight "split_right" "split right" "Split the pane; the new one stands to the right.";
    SplitBelow "split_below" "split below" "Split the pane; the new one stands below.";
    PaneClose "pane_close" "close" "Close the pane.";
    PaneZoom "pane_zoom" "zoom" "Give the pane the whole screen, or put it back.";
    PaneEven "pane_even" "even" "Make the panes of this tab the same size.";
    FocusLeft "focus_left" "focus left" "Give the focus to the pane on the left.";
    FocusRight "focus_right" "focus right" "Give the focus to the pane on the right.";
    FocusUp "focus_up" "focus up" "Give the focus to the pane above.";
    FocusDown "focus_down" "focus down" "Give the focus to the pane below.";
    ResizeLeft "resize_left" "border left" "Move the pane's right border to the left (the left border, if the pane is the rightmost).";
    ResizeRight "resize_right" "border right" "Move the pane's right border to the right (the left border, if the pane is the rightmost).";
    ResizeUp "resize_up" "border up" "Move the pane's lower border up (the upper border, if the pane is the lowest).";
    ResizeDown "resize_down" "border down" "Move the pane's lower border down (the upper border, if the pane is the lowest).";
    TabNew "tab_new" "new tab" "Open a new tab.";
    Tab1 "tab_1" "tab 1" "Show tab 1.";
    Tab2 "tab_2" "tab 2" "Show tab 2.";
    Tab3 "tab_3" "tab 3" "Show tab 3.";
    Tab4 "tab_4" "tab 4" "Show tab 4.";
    Tab5 "tab_5" "tab 5" "Show tab 5.";
    Tab6 "tab_6" "tab 6" "Show tab 6.";
    Tab7 "tab_7" "tab 7" "Show tab 7.";
    Tab8 "tab_8" "tab 8" "Show tab 8.";
    Tab9 "tab_9" "tab 9" "Show tab 9.";

    Enter "enter" "open" "Open what the cursor is on: the pods of a node, the containers of a pod, and so on.";
    Escape "escape" "back" "Clear the filter; without one clear the marks; without those go back.";
    Back "back" "back" "Go back to where this view was opened, on the same row.";
    HistoryBack "history_back" "earlier view" "Go to the view before this one.";
    HistoryForward "history_forward" "later view" "Go to the view after this one.";
    LastView "last_view" "last view" "Change between this view and the last one.";
    GoNode "go_node" "node" "Go to the node the pod runs on.";
    GoOwner "go_owner" "owner" "Go to the object that owns this one.";

    Palette "palette" "command" "Open the palette: kinds, namespaces, contexts and commands by name.";
    Filter "filter" "filter" "Filter the rows.";
    Find "find" "find" "Find in the text.";
    FindNext "find_next" "next match" "Go to the next match.";
    FindPrevious "find_previous" "previous match" "Go to the match before.";
    Help "help" "help" "Show what each key does here and now.";

    Mark "mark" "mark" "Mark the row, or take its mark off.";
    MarkRange "mark_range" "mark range" "Mark all rows from the last mark to the cursor.";
    MarkAll "mark_all" "mark all" "Mark all rows the filter lets through.";
    ClearMarks "clear_marks" "clear marks" "Take all marks off.";
    SortName "sort_name" "by name" "Sort by name; again turns the order round.";
    SortAge "sort_age" "by age" "Sort by age; again turns the order round.";
    SortStatus "sort_status" "by status" "Sort by status; again turns the order round.";
    SortNamespace "sort_namespace" "by namespace" "Sort by namespace; again turns the order round.";
    SortCpu "sort_cpu" "by CPU" "Sort by CPU in use; again turns the order round.";
    SortMem "sort_mem" "by memory" "Sort by memory in use; again turns the order round.";
    ColumnNext "column_next" "next column" "Choose the next column.";
    ColumnPrevious "column_previous" "previous column" "Choose the column before.";
    SortColumn "sort_column" "by column" "Sort by the chosen column; again turns the order round.";
    Wide "wide" "wide" "Show more columns, as kubectl get -o wide does, or fewer.";
    Columns "columns" "columns" "Choose the columns and their order; columns +label:KEY -TITLE from the palette.";
    FaultsOnly "faults_only" "faults only" "Show only what is unwell, or all again.";
    WarningsOnly "warnings_only" "warnings only" "Show only warnings, or all events again.";
    Freeze "freeze" "freeze" "Hold the order of the rows, or let them move again.";
    Resync "resync" "resync" "Read the rows from the server again.";
    CopyName "copy_name" "copy name" "Copy the name, or the names of the marked rows.";

    Describe "describe" "describe" "Tell about the object, its parts and its events.";
    Yaml "yaml" "YAML" "Show the object as YAML, live.";
    ManagedFields "managed_fields" "managed fields" "Show managedFields in YAML, or hide them.";
    AllNamespaces "all_namespaces" "all namespaces" "Look at all namespaces.";
    Namespaces "namespace" "namespace" "Choose the namespace to look at.";
    Contexts "contexts" "context" "Choose the context (the cluster and user) to work with.";
    MouseToggle "mouse_toggle" "mouse" "Let the program have the mouse, or leave it to the terminal.";
    Suspend "suspend" "suspend" "Stop the program and give the shell back; fg returns.";
    Interrupt "interrupt" "quit" "Ask to be pressed again to quit.";
    Quit "quit" "quit" "Leave the program.";
}

impl Command {
    /// The command with that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.spec().id == id)
    }

    /// Its line of the table.
    #[must_use]
    pub fn spec(self) -> &'static CommandSpec {
        &COMMANDS[self as usize]
    }
}

/// The id.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.spec().id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_are_unique_and_lead_back() {
        let ids: HashSet<_> = COMMANDS.iter().map(|c| c.id).collect();
        assert_eq!(ids.len(), COMMANDS.len());
        for &command in Command::ALL {
            assert_eq!(Command::from_id(command.spec().id), Some(command));
        }
        assert_eq!(Command::from_id("Quit"), None);
    }

    #[test]
    fn ids_are_words_and_docs_are_sentences() {
        for c in COMMANDS {
            assert!(c.id.chars().all(|x| x.is_ascii_lowercase() || x.is_ascii_digit() || x == '_'), "{}", c.id);
            assert!(c.title.len() <= 16 && !c.title.is_empty(), "{}: title of {}", c.id, c.title.len());
            assert!(c.doc.ends_with('.') && c.doc.len() > c.title.len(), "{}", c.id);
        }
    }
}
