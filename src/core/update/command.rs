//! Which file does what: every command of the table, once.

use super::logs::{keys as log, merge, open};
use super::{act, columns, filter, go, held, jobs, moves, palette, panes, picker, rollout, shell, sort, text};
use crate::core::commands::Command;
use crate::core::effect::Effect;
use crate::core::layout::{Axis, Dir};
use crate::core::logs::source::Since;
use crate::core::modals::{Help, Modal};
use crate::core::panes::Body;
use crate::core::panes::log::Asking;
use crate::core::state::State;

pub(super) fn run(state: &mut State, command: Command) {
    use Command as C;
    match command {
        C::MoveUp => moves::step(state, -1),
        C::MoveDown => moves::step(state, 1),
        C::PageUp => moves::page(state, -1),
        C::PageDown => moves::page(state, 1),
        C::Top => moves::end(state, false),
        C::Bottom => moves::end(state, true),
        C::ScrollLeft => moves::sideways(state, -1),
        C::ScrollRight => moves::sideways(state, 1),

        C::PaneNext => panes::cycle(state, 1),
        C::PanePrevious => panes::cycle(state, -1),
        C::SplitRight => panes::split(state, Axis::Row),
        C::SplitBelow => panes::split(state, Axis::Column),
        C::PaneClose => panes::close(state),
        C::PaneZoom => panes::zoom(state),
        C::PaneEven => panes::even(state),
        C::FocusLeft => panes::focus(state, Dir::Left),
        C::FocusRight => panes::focus(state, Dir::Right),
        C::FocusUp => panes::focus(state, Dir::Up),
        C::FocusDown => panes::focus(state, Dir::Down),
        C::ResizeLeft => panes::grow(state, Dir::Left),
        C::ResizeRight => panes::grow(state, Dir::Right),
        C::ResizeUp => panes::grow(state, Dir::Up),
        C::ResizeDown => panes::grow(state, Dir::Down),
        C::TabNew => panes::new_tab(state),
        C::Tab1 => panes::tab(state, 0),
        C::Tab2 => panes::tab(state, 1),
        C::Tab3 => panes::tab(state, 2),
        C::Tab4 => panes::tab(state, 3),
        C::Tab5 => panes::tab(state, 4),
        C::Tab6 => panes::tab(state, 5),
        C::Tab7 => panes::tab(state, 6),
        C::Tab8 => panes::tab(state, 7),
        C::Tab9 => panes::tab(state, 8),

        C::Enter => go::enter(state),
        C::Escape => go::escape(state),
        C::Back | C::HistoryBack => go::back(state),
        C::HistoryForward => go::forward(state),
        C::LastView => go::last(state),
        C::GoNode => go::node(state),
        C::GoOwner => go::owner(state),
        C::Describe => go::text(state, crate::core::panes::text::What::Describe),
        C::Yaml => go::text(state, crate::core::panes::text::What::Yaml),

        C::Palette => palette::open(state),
        C::Filter | C::Find => filter::open(state),
        C::FindNext => find(state, true),
        C::FindPrevious => find(state, false),
        C::Help => state.modal = Some(Modal::Help(Help::default())),

        C::Status => state.modal = Some(Modal::Status(0)),
        C::Mark => moves::mark(state),
        C::MarkRange => moves::mark_range(state),
        C::MarkAll => moves::mark_all(state),
        C::ClearMarks => moves::clear_marks(state),

        C::SortName => sort::by(state, &["NAME", "OBJECT"]),
        C::SortAge => sort::by(state, &["AGE", "LAST SEEN"]),
        C::SortStatus => sort::by(state, &["STATUS", "TYPE", "READY"]),
        C::SortNamespace => sort::by(state, &["NAMESPACE"]),
        C::SortCpu => sort::by(state, &["CPU"]),
        C::SortMem => sort::by(state, &["MEM"]),
        C::ColumnNext => sort::choose(state, 1),
        C::ColumnPrevious => sort::choose(state, -1),
        C::SortColumn => sort::chosen(state),

        C::Wide => table(state, |t| t.wide = !t.wide),
        C::Columns => columns::open(state),
        C::FaultsOnly | C::WarningsOnly => table(state, |t| t.faults_only = !t.faults_only),
        C::Freeze => table(state, |t| t.frozen = !t.frozen),
        C::Resync => {
            if let Some(key) = state.focused().and_then(|p| p.table()).map(|t| t.key.clone()) {
                state.effects.push(Effect::Resync(key));
            }
        }
        C::CopyName => go::copy_names(state),
        C::ManagedFields => text::managed_fields(state),

        C::Rollout => rollout::open(state),
        C::RolloutBase => rollout::base(state),

        C::Logs => open::rows(state, false),
        C::LogsPrevious => open::rows(state, true),
        C::LogFollow => log::follow(state),
        C::LogTimes => log::times(state),
        C::LogWrap => log::wrap(state),
        C::LogPrefix => log::prefix(state),
        C::LogContainers => log::containers(state),
        C::LogMark => log::mark(state),
        C::LogCopy => log::copy(state),
        C::LogSave => log::save(state, false),
        C::LogSaveAll => log::save(state, true),
        C::LogEvents => log::events(state),
        C::LogFilter => log::ask(state, Asking::Filter),
        C::LogOlder => log::older(state),
        C::LogFold => log::fold(state),
        C::LogContext => log::context(state),
        C::LogErrors => log::errors(state),
        C::LogFields => log::ask(state, Asking::Fields),
        C::LogStrip => log::strip(state),
        C::LogDetail => log::detail(state),
        C::LogJump => log::ask(state, Asking::Jump),
        C::LogTimeLock => log::time_lock(state),
        C::LogMerge => merge::toggle(state),
        C::LogRestart => log::restart(state),
        C::LogSince0 => log::since(state, Since::Tail),
        C::LogSince1 => log::since(state, Since::Head),
        C::LogSince2 => log::since(state, Since::Ago(60)),
        C::LogSince3 => log::since(state, Since::Ago(5 * 60)),
        C::LogSince4 => log::since(state, Since::Ago(15 * 60)),
        C::LogSince5 => log::since(state, Since::Ago(30 * 60)),
        C::LogSince6 => log::since(state, Since::Ago(60 * 60)),

        C::AllNamespaces => picker::all_namespaces(state),
        C::Namespaces => picker::open_namespaces(state),
        C::Contexts => picker::open_contexts(state),
        C::Login => state.effects.push(Effect::Login(state.active)),
        C::MouseToggle => state.options.mouse = !state.options.mouse,
        C::Suspend => state.effects.push(Effect::Suspend),
        C::Interrupt => super::leave(state),
        C::Quit => jobs::quit(state),

        C::Jobs => jobs::open_pane(state),
        C::Journal => jobs::open_journal(state),
        C::JobCancel if held::stop(state) => {}
        C::JobCancel => jobs::cancel(state),
        C::JobOverride => jobs::over(state),
        C::JobRetry => jobs::retry(state),
        C::CopyKubectl if held::copy(state) => {}
        C::CopyKubectl => jobs::copy(state),
        C::Forwards => held::open(state),
        C::Act(id) => act::open(state, id, ""),

        C::ShellLeave => shell::leave(state),
        C::ShellClose => shell::close(state),
        C::ShellLook => shell::look::begin(state),
        C::ShellCopy => shell::look::copy(state),
        C::ShellRaw => shell::lend(state),
    }
}

fn find(state: &mut State, forward: bool) {
    if !shell::look::find(state, forward) {
        text::next(state, if forward { 1 } else { -1 });
    }
}

fn table(state: &mut State, change: impl FnOnce(&mut crate::core::panes::table::TablePane)) {
    if let Some(Body::Table(t)) = state.focused_mut().map(|p| &mut p.body) {
        change(t);
    }
}
