//! A console without a terminal: its state, fed and drawn by hand.

use super::cluster::{Generated, key};
use quarterdeck::cluster::discover::builtin_kinds;
use quarterdeck::config::{self, Folders};
use quarterdeck::core::cluster::ContextInfo;
use quarterdeck::core::msg::{Msg, News};
use quarterdeck::core::start;
use quarterdeck::core::state::{Options, State};
use quarterdeck::core::stream::StreamEvent;
use quarterdeck::core::update::{settle, update};
use quarterdeck::core::usage::Sample;
use quarterdeck::runtime::clock;
use quarterdeck::ui::emit::Emitter;
use quarterdeck::ui::{self, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// State, screen and what is on it.
pub struct Console {
    pub state: State,
    look: Look,
    emitter: Emitter,
    shown: Buffer,
    full: bool,
}

impl Console {
    /// The default layout on a screen of that size, on a cluster that has said nothing.
    pub fn new(width: u16, height: u16) -> Self {
        let nowhere = Folders::default();
        let config = config::load(&nowhere, &config::Overrides::default(), &|_| None);
        let mut state = State::new(config.keymap.clone(), Options::default(), (width, height), clock::now());
        let context =
            ContextInfo { name: "demo".into(), server: "".into(), user: "".into(), namespace: None, problem: None };
        let id = start::open_cluster(&mut state, context, builtin_kinds());
        start::default_layout(&mut state, id);
        Self {
            state,
            look: Look::new(&config.theme, config.symbols),
            emitter: Emitter::default(),
            shown: Buffer::empty(Rect::ZERO),
            full: true,
        }
    }

    /// The same, with all nodes and pods there and measured.
    pub fn filled(width: u16, height: u16, from: &Generated) -> Self {
        let mut console = Self::new(width, height);
        for plural in ["nodes", "pods"] {
            for event in from.stream(plural) {
                console.tell(plural, event);
            }
        }
        console.measure();
        console.settle_fully();
        console
    }

    pub fn tell(&mut self, plural: &str, event: StreamEvent) {
        update(&mut self.state, Msg::Stream { key: key(plural), event });
    }

    /// Usage of all pods and nodes.
    pub fn measure(&mut self) {
        let at = clock::now();
        let mut dice = super::Dice(at.unsigned_abs() | 1);
        for (plural, scale) in [("pods", 1), ("nodes", 30)] {
            let Some(store) = self.state.streams.get(&key(plural)) else { continue };
            let sample = |(namespace, name): (&str, &str), dice: &mut super::Dice| Sample {
                namespace: namespace.into(),
                name: name.into(),
                cpu: dice.roll(400) as i64 * scale,
                mem: (dice.roll(400) as i64) << 20,
                at,
                containers: Vec::new(),
            };
            let all: Vec<Sample> = store.rows().map(|r| sample((r.namespace(), r.name()), &mut dice)).collect();
            let news = if plural == "pods" { News::PodUsage(Ok(all)) } else { News::NodeUsage(Ok(all)) };
            update(&mut self.state, Msg::Cluster(key(plural).cluster, news));
        }
    }

    /// As many turns as the joins need.
    pub fn settle_fully(&mut self) {
        for _ in 0..200 {
            settle(&mut self.state);
        }
    }

    /// What a turn does when a frame is due; returns the bytes for the terminal.
    pub fn frame(&mut self) -> Vec<u8> {
        settle(&mut self.state);
        self.draw()
    }

    /// Draws without looking for what has changed.
    pub fn draw(&mut self) -> Vec<u8> {
        let (width, height) = self.state.size;
        let mut next = Buffer::empty(Rect { x: 0, y: 0, width, height });
        let cursor = ui::draw(&self.state, &self.look, &mut next);
        let bytes = self.emitter.frame(&self.shown, &next, cursor, self.full);
        self.shown = next;
        self.full = false;
        bytes
    }

    /// What is on the screen.
    pub fn text(&self) -> String {
        self.shown.content().iter().map(ratatui::buffer::Cell::symbol).collect()
    }
}
