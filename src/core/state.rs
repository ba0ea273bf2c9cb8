//! The one owner of everything that is known and shown.

use super::cluster::{Cluster, ContextInfo};
use super::columns::{self, Pick};
use super::effect::Effect;
use super::held;
use super::jobs::Jobs;
use super::keys::{Keymap, Layer, Pending};
use super::kind::{ClusterId, Kind, ObjectRef, Scope, StreamKey};
use super::layout::{self, PaneId, Tab};
use super::logs::LogOptions;
use super::logs::source::LogId;
use super::modals::Modal;
use super::modals::ask::Question;
use super::msg::Level;
use super::panes::Pane;
use super::problem::Problem;
use super::rights::Rights;
use super::shell::{ShellId, ShellOptions};
use super::status::About;
use super::store::Store;
use super::usage::{Fleet, GroupBy, Join, Rollup};
use ratatui::layout::Rect;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

/// A line for the user, shown in the hint line until it is old or a key comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How loud.
    pub level: Level,
    /// What.
    pub text: Arc<str>,
    /// Since when (Unix ms).
    pub at: i64,
}

/// One watched object.
#[derive(Debug, Clone, PartialEq)]
pub enum Watched {
    /// As last read.
    There(Arc<serde_json::Value>),
    /// Deleted; this is its last state, if there was one.
    Gone(Option<Arc<serde_json::Value>>),
    /// Cannot be read; what was known before, if anything.
    Failed(Problem, Option<Arc<serde_json::Value>>),
}

impl Watched {
    /// The object as it is, or as it last was.
    #[must_use]
    pub fn value(&self) -> Option<&serde_json::Value> {
        match self {
            Self::There(v) => Some(v),
            Self::Gone(v) | Self::Failed(_, v) => v.as_deref(),
        }
    }
}

/// What becomes of running jobs when the terminal goes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum OnHangup {
    /// No new steps; what runs is brought to a named state.
    #[default]
    Stop,
    /// They go on without a terminal until they end.
    Finish,
}

impl OnHangup {
    /// As the settings write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Finish => "finish",
        }
    }
}

/// What the user chose once, for the run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Options {
    /// Contexts that are protected, as globs.
    pub protected: Vec<String>,
    /// No request that changes anything leaves.
    pub read_only: bool,
    /// Contexts in which none does, as globs.
    pub read_only_contexts: Vec<String>,
    /// What becomes of running jobs when the terminal goes away.
    pub on_hangup: OnHangup,
    /// Tells this run from all others on this machine: its start and its process.
    pub run: Arc<str>,
    /// Where the journal is written, if it can be.
    pub journal: Option<Arc<str>>,
    /// Whether changed cells flash.
    pub flash: bool,
    /// Whether the mouse is on.
    pub mouse: bool,
    /// How logs are read and kept.
    pub logs: LogOptions,
    /// How programs in containers are shown.
    #[serde(default)]
    pub shell: ShellOptions,
}

/// A recording that is shown in place of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// How far it is, in percent.
    pub percent: u8,
    /// What it does.
    pub stage: Stage,
}

/// What a replay does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It goes on by itself.
    Plays,
    /// It waits for the user.
    Rests,
    /// All was shown; the last state is there to be looked at.
    Ended,
}

/// All state.
#[derive(Debug)]
pub struct State {
    /// Clusters in use.
    pub clusters: BTreeMap<ClusterId, Cluster>,
    /// The one new panes look at.
    pub active: ClusterId,
    /// Contexts to choose from.
    pub contexts: Vec<ContextInfo>,
    /// Tabs; never empty.
    pub tabs: Vec<Tab>,
    /// Which tab is shown.
    pub tab: usize,
    /// All panes of all tabs.
    pub panes: BTreeMap<PaneId, Pane>,
    /// Rows, by stream.
    pub streams: HashMap<StreamKey, Store>,
    /// How far measurements are joined into the rows of pod and node streams.
    pub joins: HashMap<StreamKey, Join>,
    /// Pods summed up by node and by namespace, for clusters whose pods are all known.
    pub sums: BTreeMap<(ClusterId, GroupBy), Rollup>,
    /// Nodes summed up for the header, by node stream.
    pub fleets: HashMap<StreamKey, Fleet>,
    /// Watched objects of text panes.
    pub objects: HashMap<ObjectRef, Watched>,
    /// Columns picked by kind: its resource name, as in `deployments.apps`.
    pub columns: BTreeMap<Arc<str>, Arc<[Pick]>>,
    /// Jobs, and what is known of those of other runs.
    pub jobs: Jobs,
    /// Forwards and copies.
    pub held: held::All,
    /// What the user may do, as far as it is known.
    pub rights: Rights,
    /// Questions that wait until nothing stands over the panes.
    pub questions: VecDeque<Question>,
    /// What stands over the panes.
    pub modal: Option<Modal>,
    /// What the user should know.
    pub notice: Option<Notice>,
    /// The screen.
    pub size: (u16, u16),
    /// The local clock (Unix ms).
    pub now: i64,
    /// Whether the log panes of a tab show the same moment.
    pub time_lock: bool,
    /// Bytes to the terminal in the last second.
    pub line_speed: u64,
    /// Until then (Unix ms) keys mean nothing: they were typed into a program that has just ended.
    pub deaf: i64,
    /// Whether "press again to quit" was said, and when.
    pub quit_asked: Option<i64>,
    /// The user's choices.
    pub options: Options,
    /// What keys mean.
    pub keymap: Keymap,
    /// Keys of a sequence so far.
    pub pending: Pending,
    /// A line of the palette that names what only discovery can tell; run once that has answered.
    pub later: Option<String>,
    /// Commands typed before, the latest last.
    pub past: Vec<String>,
    /// Kinds and commands of rooms above the core, for completion (`demo`).
    pub extras: Vec<(Arc<str>, Arc<str>)>,
    /// Facts of this run, for the status page.
    pub about: About,
    /// Memory the program holds, in bytes, as last measured; told while the status page shows.
    pub memory: Option<u64>,
    /// The recording that is shown, if one is.
    pub replay: Option<Replay>,
    /// What the last messages want done.
    pub effects: Vec<Effect>,
    next_pane: u32,
    next_cluster: u32,
    next_log: u32,
    next_shell: u32,
    next_number: u32,
}

impl State {
    /// An empty state; `start::default_layout` fills it.
    #[must_use]
    pub fn new(keymap: Keymap, options: Options, size: (u16, u16), now: i64) -> Self {
        Self {
            clusters: BTreeMap::new(),
            active: ClusterId(0),
            contexts: Vec::new(),
            tabs: Vec::new(),
            tab: 0,
            panes: BTreeMap::new(),
            streams: HashMap::new(),
            objects: HashMap::new(),
            columns: BTreeMap::new(),
            jobs: Jobs::default(),
            held: held::All::default(),
            rights: Rights::default(),
            questions: VecDeque::new(),
            modal: None,
            notice: None,
            size,
            now,
            time_lock: false,
            line_speed: 0,
            joins: HashMap::new(),
            sums: BTreeMap::new(),
            fleets: HashMap::new(),
            deaf: 0,
            quit_asked: None,
            options,
            keymap,
            pending: Pending::default(),
            later: None,
            past: Vec::new(),
            extras: Vec::new(),
            about: About::default(),
            memory: None,
            replay: None,
            effects: Vec::new(),
            next_pane: 0,
            next_cluster: 0,
            next_log: 0,
            next_shell: 0,
            next_number: 0,
        }
    }

    /// A new pane id.
    pub fn pane_id(&mut self) -> PaneId {
        self.next_pane += 1;
        PaneId(self.next_pane)
    }

    /// A new cluster id.
    pub fn cluster_id(&mut self) -> ClusterId {
        self.next_cluster += 1;
        ClusterId(self.next_cluster)
    }

    /// A new id for a reading of a log.
    pub fn log_id(&mut self) -> LogId {
        self.next_log += 1;
        LogId(self.next_log)
    }

    /// A new id for a program in a pane.
    pub fn shell_id(&mut self) -> ShellId {
        self.next_shell += 1;
        ShellId(self.next_shell)
    }

    /// A new number for a question, or for something that is asked outside: what comes back
    /// under an older number is stale.
    pub fn number(&mut self) -> u32 {
        self.next_number += 1;
        self.next_number
    }

    /// The question that the next frame shows for the first time, if it does.
    #[must_use]
    pub fn question(&self) -> Option<u32> {
        let (width, height) = layout::MIN_SIZE;
        let drawn = self.size.0 >= width && self.size.1 >= height;
        self.modal.as_ref()?.confirm().filter(|c| drawn && !c.shown).map(|c| c.number)
    }

    /// Whether nothing that changes anything may be sent to a cluster.
    #[must_use]
    pub fn read_only(&self, cluster: ClusterId) -> bool {
        self.options.read_only || self.clusters.get(&cluster).is_none_or(|c| c.read_only)
    }

    /// The rectangle of the panes.
    #[must_use]
    pub fn body(&self) -> Rect {
        layout::screen(self.size.0, self.size.1).1
    }

    /// The panes on screen with their rectangles.
    #[must_use]
    pub fn visible(&self) -> Vec<(PaneId, Rect)> {
        self.tabs.get(self.tab).map(|t| t.rects(self.body())).unwrap_or_default()
    }

    /// The focused pane's id.
    #[must_use]
    pub fn focus(&self) -> Option<PaneId> {
        self.tabs.get(self.tab).map(|t| t.focus)
    }

    /// The focused pane.
    #[must_use]
    pub fn focused(&self) -> Option<&Pane> {
        self.panes.get(&self.focus()?)
    }

    /// Which keys hold in the focused pane.
    #[must_use]
    pub fn layer(&self) -> Layer {
        self.focused().map_or(Layer::Global, Pane::layer)
    }

    /// See [`State::focused`].
    pub fn focused_mut(&mut self) -> Option<&mut Pane> {
        let id = self.focus()?;
        self.panes.get_mut(&id)
    }

    /// The focused pane's rectangle.
    #[must_use]
    pub fn focused_rect(&self) -> Option<Rect> {
        let id = self.focus()?;
        self.visible().into_iter().find(|(p, _)| *p == id).map(|(_, r)| r)
    }

    /// The cluster new panes look at.
    #[must_use]
    pub fn cluster(&self) -> Option<&Cluster> {
        self.clusters.get(&self.active)
    }

    /// The clock of a cluster's API server (Unix ms), by its Date header.
    #[must_use]
    pub fn server_now(&self, cluster: ClusterId) -> i64 {
        self.now + self.clusters.get(&cluster).map_or(0, |c| c.skew)
    }

    /// What identifies the stream of a kind by its name, with what its rows are to carry.
    #[must_use]
    pub fn stream(&self, cluster: ClusterId, word: &str, scope: Scope) -> Option<StreamKey> {
        let kind = self.clusters.get(&cluster)?.kind(word)?;
        let annotations = self.picks(&kind).map(columns::annotations).unwrap_or_default();
        Some(StreamKey { annotations, ..StreamKey::new(cluster, kind, scope) })
    }

    /// The columns picked for a kind, if any were: by its resource name, or by its plural alone.
    #[must_use]
    pub fn picks(&self, kind: &Kind) -> Option<&[Pick]> {
        if self.columns.is_empty() {
            return None;
        }
        self.columns.get(kind.resource().as_str()).or_else(|| self.columns.get(kind.plural.as_ref())).map(AsRef::as_ref)
    }

    /// The columns of the focused table, by index in its schema.
    #[must_use]
    pub fn shown_columns(&self) -> Vec<usize> {
        let table = self.focused().and_then(Pane::table);
        let rows = table.and_then(|t| Some((t, self.streams.get(&t.key)?)));
        rows.map(|(t, s)| columns::shown(t, s.schema(), self.picks(&t.key.kind))).unwrap_or_default()
    }

    /// The scope a cluster's namespaces of work amount to.
    #[must_use]
    pub fn scope(&self, cluster: ClusterId) -> Scope {
        match self.clusters.get(&cluster) {
            Some(c) if !c.namespaces.is_empty() => Scope::Namespaces(c.namespaces.clone()),
            _ => Scope::All,
        }
    }

    /// Whether what is typed now is nobody's business: recordings then hold it as stars.
    #[must_use]
    pub fn sensitive(&self) -> bool {
        match &self.modal {
            Some(modal) => modal.sensitive(),
            None => self.focused().is_some_and(Pane::sensitive),
        }
    }

    /// Tells the user something.
    pub fn say(&mut self, level: Level, text: impl Into<Arc<str>>) {
        self.notice = Some(Notice { level, text: text.into(), at: self.now });
    }
}
