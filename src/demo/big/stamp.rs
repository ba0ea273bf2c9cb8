//! A generated pod at rest: a sheet, an index and what has changed since.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::super::clock::{Millis, rfc3339};
use super::super::entry::Facts;
use super::super::proto::encode::varint;
use super::super::rng::Rng;
use super::super::store::{Key, key};
use super::super::usage::Usage;
use super::sheet::{Apps, Cut, Hole, Plan, Sheet};

/// A pod that is written from a template.
#[derive(Debug, Clone)]
pub(crate) struct Stamp {
    sheet: Arc<Sheet>,
    app: u16,
    state: u16,
    team: u32,
    node: u32,
    index: u32,
    seed: u64,
    rv: u64,
    /// Seconds since 1970.
    created: i64,
    changed: i64,
}

/// The letters of name codes.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

impl Stamp {
    /// The pod of an index as it is at first: ready, but for one in two hundred.
    pub(super) fn new(apps: &Apps, plan: &Plan, index: u32, rv: u64, created: i64) -> Self {
        let app = index as usize % plan.apps;
        let state = match index % 211 {
            17 => 2_u16,
            99 => 1,
            _ => 0,
        };
        Self {
            sheet: apps.sheets[app][usize::from(state)].clone(),
            app: u16::try_from(app).unwrap_or(0),
            state,
            team: index / 10 % plan.teams,
            node: index.wrapping_mul(2_654_435_761) % plan.nodes,
            index,
            seed: plan.seed,
            rv,
            created,
            changed: created + 60,
        }
    }

    /// The same pod in its next state.
    pub(super) fn turned(&self, apps: &Apps, rv: u64, now: i64) -> Self {
        let state = (self.state + 1) % 3;
        let sheet = apps.sheets[usize::from(self.app)][usize::from(state)].clone();
        Self { sheet, state, rv, changed: now, ..self.clone() }
    }

    pub(crate) fn key(&self) -> Key {
        key(&self.space(), &self.name())
    }

    fn space(&self) -> String {
        format!("team-{:03}", self.team)
    }

    fn name(&self) -> String {
        format!("{}{}", self.sheet.prefix, self.code())
    }

    /// Seven letters that no other index has: the index written in 27 letters, mixed by a bijection.
    fn code(&self) -> String {
        let mut n = u64::from(self.index).wrapping_mul(2_654_435_761) & 0xffff_ffff;
        (0..7)
            .map(|_| {
                let letter = LETTERS[usize::try_from(n % 27).unwrap_or(0)];
                n /= 27;
                char::from(letter)
            })
            .collect()
    }

    fn uid(&self) -> String {
        Rng::new(self.seed ^ u64::from(self.index) << 20).uid()
    }

    fn owner(&self) -> String {
        Rng::keyed(self.seed, &format!("owner {} {}", self.team, self.app)).uid()
    }

    fn node(&self) -> String {
        format!("node-{:05}", self.node)
    }

    fn ip(&self) -> String {
        let (a, b, c) = (self.index / 22_500 % 150, self.index / 150 % 150, self.index % 150);
        format!("{}.{}.{}", 100 + a, 100 + b, 100 + c)
    }

    pub(crate) fn rv(&self) -> u64 {
        self.rv
    }

    pub(crate) fn label(&self, key: &str) -> Option<String> {
        self.sheet.labels.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone())
    }

    pub(crate) fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sheet.labels.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// The fields of a pod in the order of the kind's table.
    pub(crate) fn field(&self, index: usize) -> Cow<'_, str> {
        match index {
            0 => self.node().into(),
            1 => "Always".into(),
            2 => "default-scheduler".into(),
            5 => self.sheet.phase.into(),
            6 => format!("10.{}", self.ip()).into(),
            _ => "".into(),
        }
    }

    pub(crate) fn facts(&self) -> Facts {
        Facts { owners: vec![self.owner().into()], asks: self.sheet.asks, ready: self.sheet.ready, ending: false }
    }

    /// What its running containers take: a wave of its own.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "curves are made of floats and never negative"
    )]
    pub(crate) fn usage(&self, now: Millis) -> Vec<(String, Usage)> {
        let wave = (now as f64 / 60_000.0 + f64::from(self.index % 997)).sin() * 0.25 + 0.5;
        let one = |(name, cpu, memory): &(String, f64, f64)| {
            (name.clone(), Usage { cpu: (cpu * wave * 1e9) as u64, memory: (memory * (0.5 + wave / 4.0)) as u64 })
        };
        self.sheet.containers.iter().map(one).collect()
    }

    pub(crate) fn value(&self) -> Value {
        let mut out = Vec::new();
        self.write_json(&mut out);
        serde_json::from_slice(&out).unwrap_or(Value::Null)
    }

    /// What the printer of pods reads.
    pub(crate) fn shown(&self) -> Value {
        let mut out = Vec::new();
        self.fill(&self.sheet.shown, false, &mut out);
        serde_json::from_slice(&out).unwrap_or(Value::Null)
    }

    pub(crate) fn write_metadata(&self, out: &mut Vec<u8>) {
        self.fill(&self.sheet.metadata, false, out);
    }

    pub(crate) fn write_json(&self, out: &mut Vec<u8>) {
        self.fill(&self.sheet.json, false, out);
    }

    pub(crate) fn write_proto(&self, out: &mut Vec<u8>) {
        self.fill(&self.sheet.proto, true, out);
    }

    pub(crate) fn proto_len(&self) -> usize {
        self.sheet.proto.bytes.len()
    }

    fn fill(&self, cut: &Cut, binary: bool, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&cut.bytes);
        let time = |seconds: i64| {
            if binary {
                let mut bytes = Vec::with_capacity(5);
                varint(seconds.cast_unsigned(), &mut bytes);
                bytes
            } else {
                rfc3339(seconds * 1_000).into_bytes()
            }
        };
        let (uid, owner, code, ip) = (self.uid(), self.owner(), self.code(), self.ip());
        let (rv, space, node) = (format!("{:010}", self.rv), format!("{:03}", self.team), format!("{:05}", self.node));
        let host = format!("{}.{}", 100 + self.node / 150, 100 + self.node % 150);
        let (created, changed) = (time(self.created), time(self.changed));
        for (at, hole) in &cut.holes {
            let filling: &[u8] = match hole {
                Hole::Code => code.as_bytes(),
                Hole::Uid => uid.as_bytes(),
                Hole::Owner => owner.as_bytes(),
                Hole::Space => space.as_bytes(),
                Hole::Node => node.as_bytes(),
                Hole::Ip => ip.as_bytes(),
                Hole::Host => host.as_bytes(),
                Hole::Version => rv.as_bytes(),
                Hole::Created => &created,
                Hole::Changed => &changed,
            };
            // Every filling is as long as its marker; a longer one would be a fault of the sheet, not of the client.
            if let Some(place) = out.get_mut(start + at..start + at + filling.len()) {
                place.copy_from_slice(filling);
            }
        }
    }
}
