//! The history of one object: twelve bytes a point.

use super::{Sample, Usage};
use hashbrown::HashSet;
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    // Unix seconds; good until 2106.
    at: u32,
    cpu: u32,
    // Seven digits are enough, and no machine is too big for it.
    mem: f32,
}

impl Point {
    fn new(at: u32, cpu: i64, mem: i64) -> Self {
        Self { at, cpu: small(cpu), mem: mem.max(0) as f32 }
    }
}

impl From<Point> for Usage {
    fn from(p: Point) -> Self {
        Self { at: i64::from(p.at) * 1000, cpu: i64::from(p.cpu), mem: p.mem as i64 }
    }
}

/// What one container used.
#[derive(Debug, Clone)]
struct Part {
    name: Arc<str>,
    last: Point,
    // Its history, where it is not its pod's: of one container among several.
    points: Vec<Point>,
}

impl Part {
    fn measure(&mut self, point: Point, several: bool, depth: usize) {
        self.last = point;
        if several {
            self.points.drain(..(self.points.len() + 1).saturating_sub(depth.max(1)));
            self.points.push(point);
        } else {
            self.points = Vec::new();
        }
    }
}

/// One object's points, oldest first, and its containers as last measured.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub namespace: Arc<str>,
    pub name: Arc<str>,
    /// The round in which it was last seen.
    pub round: u32,
    points: Vec<Point>,
    parts: Box<[Part]>,
}

impl Series {
    pub fn new(sample: &Sample, texts: &mut Texts) -> Self {
        Self {
            namespace: texts.share(&sample.namespace),
            name: sample.name.clone(),
            round: 0,
            points: Vec::new(),
            parts: Box::default(),
        }
    }

    /// Adds a sample; tells whether it is news. One that is not younger than the last is not.
    pub fn push(&mut self, sample: &Sample, depth: usize, texts: &mut Texts) -> bool {
        let at = u32::try_from(sample.at / 1000).unwrap_or(0);
        if self.points.last().is_some_and(|p| p.at >= at) {
            return false;
        }
        let over = (self.points.len() + 1).saturating_sub(depth.max(1));
        self.points.drain(..over);
        if self.points.capacity() > depth * 2 {
            self.points.shrink_to(depth);
        }
        self.points.push(Point::new(at, sample.cpu, sample.mem));
        self.measure_parts(at, sample, depth, texts);
        true
    }

    fn measure_parts(&mut self, at: u32, sample: &Sample, depth: usize, texts: &mut Texts) {
        let now = &sample.containers;
        let several = now.len() > 1;
        // The containers of a pod are mostly those of the last sample.
        if self.parts.len() == now.len() && self.parts.iter().zip(now).all(|(part, (name, ..))| part.name == *name) {
            for (part, (_, cpu, mem)) in self.parts.iter_mut().zip(now) {
                part.measure(Point::new(at, *cpu, *mem), several, depth);
            }
            return;
        }
        let mut before = std::mem::take(&mut self.parts);
        let mut part = |(name, cpu, mem): &(Arc<str>, i64, i64)| {
            let last = Point::new(at, *cpu, *mem);
            let old = before.iter_mut().find(|p| p.name == *name).map(|p| std::mem::take(&mut p.points));
            let mut part = Part { name: texts.share(name), last, points: old.unwrap_or_default() };
            part.measure(last, several, depth);
            part
        };
        self.parts = now.iter().map(&mut part).collect();
    }

    pub fn clear(&mut self) {
        self.points = Vec::new();
        self.parts = Box::default();
    }

    pub fn latest(&self) -> Option<Usage> {
        self.points.last().map(|&p| p.into())
    }

    pub fn points(&self) -> impl Iterator<Item = Usage> + '_ {
        self.points.iter().map(|&p| p.into())
    }

    pub fn containers(&self) -> impl Iterator<Item = (&str, Usage)> {
        self.parts.iter().map(|p| (&*p.name, p.last.into()))
    }

    /// The points of one container.
    pub fn points_of<'a>(&'a self, container: &str) -> impl Iterator<Item = Usage> + use<'a> {
        let points = match (self.parts.iter().find(|p| *p.name == *container), self.parts.len()) {
            (Some(_), 1) => self.points.as_slice(),
            (Some(part), _) => part.points.as_slice(),
            (None, _) => &[],
        };
        points.iter().map(|&p| p.into())
    }
}

fn small(v: i64) -> u32 {
    u32::try_from(v.max(0)).unwrap_or(u32::MAX)
}

// More than this many different texts are no namespaces and containers of one cluster.
const TEXTS: usize = 50_000;

/// Texts that many objects have: namespaces, names of containers.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts(HashSet<Arc<str>>);

impl Texts {
    fn share(&mut self, text: &Arc<str>) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        if self.0.len() >= TEXTS {
            self.0.clear();
        }
        self.0.insert(text.clone());
        text.clone()
    }
}
