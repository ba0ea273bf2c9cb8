//! The table of commands: one line for each, and nothing else about it. What a
//! command does lives in a file of its own; what it is called lives here, so
//! that keymaps, the palette, hints and help can never disagree. The lines of the
//! table of actions are commands too.

use crate::core::act::ActionId;
use crate::core::actions::{self, ACTIONS};
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

/// What stands for an action that is in no table; nothing makes one.
static NO_ACTION: CommandSpec = CommandSpec { id: "", title: "", doc: "" };

macro_rules! commands {
    ($($variant:ident $id:literal $title:literal $doc:literal;)*) => {
        /// A command of the table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Command {
            $(#[doc = $doc] $variant,)*
            /// An action of `core::actions`.
            Act(ActionId),
        }

        /// The commands of this table, without the actions.
        const OWN: &[Command] = &[$(Command::$variant,)*];

        impl Command {
            /// Its line of the table.
            #[must_use]
            pub fn spec(self) -> &'static CommandSpec {
                match self {
                    $(Self::$variant => &CommandSpec { id: $id, title: $title, doc: $doc },)*
                    Self::Act(id) => actions::action(id).map_or(&NO_ACTION, |a| &a.spec),
                }
            }
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
    Rollout "rollout" "rollout" "Show how the workload's rollout stands, what holds it up, and its revisions.";
    RolloutBase "rollout_base" "compare with" "Compare the other revisions with this one, or with the one in use again.";
    Logs "logs" "logs" "Read the logs of what the cursor is on or of all that is marked, as they are written.";
    LogsPrevious "logs_previous" "previous logs" "Read the logs of the run before the present one, and then the present one.";
    LogFollow "log_follow" "follow" "Follow the newest line, or stay where the cursor is.";
    LogTimes "log_times" "times" "Times of lines: local, UTC, how long ago, since the line before, or none.";
    LogWrap "log_wrap" "wrap" "Let long lines go on in the next row, or scroll them sideways.";
    LogPrefix "log_prefix" "names" "What tells the streams apart: short names, full names, nothing.";
    LogContainers "log_containers" "all containers" "Read all containers of the pods, or the usual one.";
    LogMark "log_mark" "mark" "Mark the line, or take its mark off.";
    LogCopy "log_copy" "copy" "Copy the marked lines, or the one under the cursor.";
    LogSave "log_save" "save" "Save the lines that show to a file, with times and names if those show.";
    LogSaveAll "log_save_all" "save all" "Save all lines that are kept to a file, whatever the filter hides.";
    LogEvents "log_events" "events" "Show what the cluster tells of the pods between their lines, or not.";
    LogFilter "log_filter" "filter" "Show only some lines: words, !words, level>=warn, status>=500, \"two words\".";
    LogOlder "log_older" "older" "Read lines from before the first one.";
    LogFold "log_fold" "fold" "Hide the lines that belong to the one before them, as in stack traces, or show them.";
    LogContext "log_context" "context" "Show lines around each that the filter lets through: none, 2, 5, 10.";
    LogErrors "log_errors" "errors only" "Show only lines of level error and above, or all again.";
    LogFields "log_fields" "fields" "Choose fields of structured lines to show as columns; none shows whole lines.";
    LogStrip "log_strip" "strip" "Show how many lines and errors there were over time.";
    LogDetail "log_detail" "whole line" "Show the line under the cursor in full, structured lines field by field.";
    LogJump "log_jump" "go to time" "Go to a time: 12:04, 12:04:28, -5m, 2026-11-21T12:04.";
    LogTimeLock "log_time_lock" "time lock" "Let all log panes of this tab show the same moment.";
    LogMerge "log_merge" "merge" "Put the log panes of this tab into one in the order of time, or give each stream of this one its own pane.";
    LogRestart "log_restart" "read again" "Forget the lines and read them again.";
    LogSince0 "log_since_tail" "tail" "Read the last lines.";
    LogSince1 "log_since_head" "head" "Read from the first line that is kept.";
    LogSince2 "log_since_1m" "last 1 min" "Read the last minute.";
    LogSince3 "log_since_5m" "last 5 min" "Read the last 5 minutes.";
    LogSince4 "log_since_15m" "last 15 min" "Read the last 15 minutes.";
    LogSince5 "log_since_30m" "last 30 min" "Read the last 30 minutes.";
    LogSince6 "log_since_1h" "last hour" "Read the last hour.";
    AllNamespaces "all_namespaces" "all namespaces" "Look at all namespaces.";
    Namespaces "namespace" "namespace" "Choose the namespace to look at.";
    Contexts "contexts" "context" "Choose the context (the cluster and user) to work with.";
    Status "status" "status" "Show what the console itself costs, and how its streams are.";
    Login "login" "log in" "Log in to the cluster anew: its credential plugin may ask you something.";
    Jobs "work" "jobs" "Show what was asked for: jobs of this run, and those of others.";
    Journal "journal" "journal" "Show what was changed, when, by whom, and what came of it.";
    JobCancel "job_cancel" "cancel" "Ask to cancel the job: no new steps, and it tells what was done.";
    JobOverride "job_override" "override" "Skip, force or retry the row under the cursor, after a question.";
    JobRetry "job_retry" "retry" "Try again what failed: at once while the job runs, by a new plan after.";
    CopyKubectl "copy_kubectl" "copy kubectl" "Copy the kubectl line of the job.";
    Forwards "forwards" "forwards" "List forwarded ports and copies: where they are, what has passed, what went wrong.";
    ShellLeave "shell_leave" "leave" "Go back to where the program was asked for; it goes on in its pane.";
    ShellClose "shell_close" "end" "Close the pane and its session; as with kubectl, what ignores that goes on there.";
    ShellLook "shell_look" "scroll back" "Look at what the program has said, search it, copy lines.";
    ShellCopy "shell_copy" "copy" "Copy the marked lines, or the one under the cursor.";
    ShellRaw "shell_raw" "whole terminal" "Lend the terminal itself to the program in the pane; the leader leads back.";
    MouseToggle "mouse_toggle" "mouse" "Let the program have the mouse, or leave it to the terminal.";
    Suspend "suspend" "suspend" "Stop the program and give the shell back; fg returns.";
    Interrupt "interrupt" "quit" "Ask to be pressed again to quit.";
    Quit "quit" "quit" "Leave the program.";
}

impl Command {
    /// All commands and actions, in the order help lists them.
    pub fn all() -> impl Iterator<Item = Self> {
        let act = |i| u8::try_from(i).ok().map(|i| Self::Act(ActionId(i)));
        OWN.iter().copied().chain((0..ACTIONS.len()).filter_map(act))
    }

    /// The command with that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::all().find(|c| c.spec().id == id)
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
        let ids: HashSet<_> = Command::all().map(|c| c.spec().id).collect();
        assert_eq!(ids.len(), Command::all().count());
        for command in Command::all() {
            assert_eq!(Command::from_id(command.spec().id), Some(command));
        }
        assert_eq!(Command::from_id("Quit"), None);
    }

    #[test]
    fn ids_are_words_and_docs_are_sentences() {
        for c in Command::all().map(Command::spec) {
            assert!(c.id.chars().all(|x| x.is_ascii_lowercase() || x.is_ascii_digit() || x == '_'), "{}", c.id);
            assert!(c.title.len() <= 16 && !c.title.is_empty(), "{}: title of {}", c.id, c.title.len());
            assert!(c.doc.ends_with('.') && c.doc.len() > c.title.len(), "{}", c.id);
        }
    }
}
