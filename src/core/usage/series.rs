//! The history of one object: twelve bytes a point.

use super::names::{NameId, Names};
use super::{Sample, Usage};
use hashbrown::HashMap;
use std::ops::Deref;
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

/// Points of which so many are kept without an allocation of their own.
const FEW: usize = 4;

/// The newest points, oldest first. In a big cluster there are few of each object, and one for every
/// pod: they lie in the series itself.
#[derive(Debug, Clone)]
enum Points {
    Few(u8, [Point; FEW]),
    Many(Box<[Point]>),
}

impl Default for Points {
    fn default() -> Self {
        Self::Few(0, [Point { at: 0, cpu: 0, mem: 0.0 }; FEW])
    }
}

impl Deref for Points {
    type Target = [Point];

    fn deref(&self) -> &[Point] {
        match self {
            Self::Few(n, points) => points.get(..usize::from(*n)).unwrap_or_default(),
            Self::Many(points) => points,
        }
    }
}

impl Points {
    /// Adds the newest point; the oldest go where there are more than `depth`.
    fn remember(&mut self, point: Point, depth: usize) {
        let over = (self.len() + 1).saturating_sub(depth.max(1));
        if let Self::Many(points) = self
            && over == 1
        {
            points.rotate_left(1);
            if let Some(last) = points.last_mut() {
                *last = point;
            }
            return;
        }
        let stay = self.len() - over.min(self.len());
        if stay < FEW {
            let Self::Few(_, mut few) = Self::default() else { return };
            few[..stay].copy_from_slice(&self[self.len() - stay..]);
            few[stay] = point;
            *self = Self::Few(stay as u8 + 1, few);
        } else {
            *self = Self::Many(self.iter().skip(over).copied().chain([point]).collect());
        }
    }
}

/// One of several containers of a pod.
#[derive(Debug, Clone)]
struct Part {
    name: TextId,
    points: Points,
}

/// The containers of a pod. Most have one, whose history is its pod's.
#[derive(Debug, Clone)]
enum Parts {
    None,
    One(TextId),
    Several(Box<[Part]>),
}

impl Parts {
    fn take(&mut self, name: TextId) -> Points {
        match self {
            Self::Several(parts) => {
                parts.iter_mut().find(|p| p.name == name).map(|p| std::mem::take(&mut p.points)).unwrap_or_default()
            }
            Self::None | Self::One(_) => Points::default(),
        }
    }
}

/// One object's points, oldest first, and its containers. There is one for every pod of a cluster, so
/// it is kept small: 96 bytes with four points, and its name.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub name: NameId,
    pub namespace: TextId,
    /// The round in which it was last seen.
    pub round: u32,
    points: Points,
    parts: Parts,
}

impl Series {
    pub fn new(sample: &Sample, names: &mut Names, texts: &mut Texts) -> Self {
        Self {
            name: names.add(&sample.name),
            namespace: texts.share(&sample.namespace),
            round: 0,
            points: Points::default(),
            parts: Parts::None,
        }
    }

    /// Adds a sample; tells whether it is news. One that is not younger than the last is not.
    pub fn push(&mut self, sample: &Sample, depth: usize, texts: &mut Texts) -> bool {
        let at = u32::try_from(sample.at / 1000).unwrap_or(0);
        if self.points.last().is_some_and(|p| p.at >= at) {
            return false;
        }
        self.points.remember(Point::new(at, sample.cpu, sample.mem), depth);
        self.measure_parts(at, sample, depth, texts);
        true
    }

    fn measure_parts(&mut self, at: u32, sample: &Sample, depth: usize, texts: &mut Texts) {
        let mut before = std::mem::replace(&mut self.parts, Parts::None);
        self.parts = match sample.containers.as_slice() {
            [] => Parts::None,
            [(name, ..)] => Parts::One(texts.share(name)),
            several => {
                let part = |(name, cpu, mem): &(Arc<str>, i64, i64)| {
                    let name = texts.share(name);
                    let mut points = before.take(name);
                    points.remember(Point::new(at, *cpu, *mem), depth);
                    Part { name, points }
                };
                Parts::Several(several.iter().map(part).collect())
            }
        };
    }

    pub fn clear(&mut self) {
        self.points = Points::default();
        self.parts = Parts::None;
    }

    pub fn latest(&self) -> Option<Usage> {
        self.points.last().map(|&p| p.into())
    }

    pub fn points(&self) -> impl Iterator<Item = Usage> + '_ {
        self.points.iter().map(|&p| p.into())
    }

    /// The containers as last measured.
    pub fn containers<'a>(&'a self, texts: &'a Texts) -> impl Iterator<Item = (&'a str, Usage)> {
        let (one, several) = match &self.parts {
            Parts::None => (None, [].as_slice()),
            Parts::One(name) => (Some((*name, &self.points)), [].as_slice()),
            Parts::Several(parts) => (None, &**parts),
        };
        let several = several.iter().map(|p| (p.name, &p.points));
        one.into_iter().chain(several).filter_map(|(name, points)| Some((texts.get(name), (*points.last()?).into())))
    }

    /// The points of one container.
    pub fn points_of<'a>(&'a self, container: &str, texts: &Texts) -> impl Iterator<Item = Usage> + use<'a> {
        let is = |name: TextId| texts.get(name) == container;
        let points = match &self.parts {
            Parts::One(name) if is(*name) => &*self.points,
            Parts::Several(parts) => parts.iter().find(|p| is(p.name)).map_or(&[][..], |p| &*p.points),
            Parts::None | Parts::One(_) => &[],
        };
        points.iter().map(|&p| p.into())
    }
}

fn small(v: i64) -> u32 {
    u32::try_from(v.max(0)).unwrap_or(u32::MAX)
}

/// A text that many objects have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextId(u32);

/// Texts that many objects have: namespaces, names of containers. They are few and stay.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    all: Vec<Arc<str>>,
    index: HashMap<Arc<str>, u32>,
}

impl Texts {
    fn share(&mut self, text: &Arc<str>) -> TextId {
        if let Some(&known) = self.index.get(text) {
            return TextId(known);
        }
        let id = self.all.len() as u32;
        self.all.push(text.clone());
        self.index.insert(text.clone(), id);
        TextId(id)
    }

    /// The text.
    pub fn get(&self, id: TextId) -> &str {
        self.all.get(id.0 as usize).map_or("", |t| t)
    }
}
