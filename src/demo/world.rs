//! The world behind the server: the store, the time, the dice, and what is to happen when.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::clock::{Clock, Millis, rfc3339};
use super::entry::{Entry, entry};
use super::kinds::{KINDS, KindId, NODES};
use super::life::Action;
use super::managed;
use super::object::{Tree, key_of, list, put, remove, text};
use super::rng::Rng;
use super::store::{Key, Store, key};

/// Everything there is; one owner behind one lock.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) rng: Rng,
    /// What is to happen, by time and then by the order of asking.
    agenda: BTreeMap<(Millis, u64), Action>,
    asked: u64,
    /// The time that counts while the agenda is worked off; the clock's otherwise.
    acting: Option<Millis>,
    /// Controllers have been asked to look at these.
    waiting: BTreeSet<(KindId, String, String)>,
    /// Life has begun: until then nobody reacts to what is stored.
    pub(crate) live: bool,
    /// What goes on by request.
    pub(crate) churn: Option<super::life::churn::Churn>,
    /// The next address of a pod.
    pub(crate) addresses: u32,
}

/// Whose change it is, for managedFields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hand {
    pub(crate) manager: &'static str,
    pub(crate) sub: &'static str,
}

/// Changes of status by the kubelet.
pub(crate) const KUBELET: Hand = Hand { manager: "kubelet", sub: "status" };
/// Changes by controllers.
pub(crate) const CONTROLLER: Hand = Hand { manager: "kube-controller-manager", sub: "" };

impl World {
    pub(crate) fn new(clock: Clock, seed: u64, first_rv: u64, window: usize) -> Self {
        Self {
            store: Store::new(first_rv, window),
            clock,
            rng: Rng::new(seed),
            agenda: BTreeMap::new(),
            asked: 0,
            acting: None,
            waiting: BTreeSet::new(),
            live: false,
            churn: None,
            addresses: 0,
        }
    }

    /// The demo's time, in the agenda the time at which the thing was due.
    pub(crate) fn now(&self) -> Millis {
        self.acting.unwrap_or_else(|| self.clock.now())
    }

    /// The present as Kubernetes writes it.
    pub(crate) fn stamp(&self) -> String {
        rfc3339(self.now())
    }

    /// Asks for something to happen after a while.
    pub(crate) fn after(&mut self, wait: Millis, action: Action) {
        self.asked += 1;
        self.agenda.insert((self.now() + wait.max(0), self.asked), action);
    }

    /// Asks a controller to look at an object soon; once is enough.
    pub(crate) fn look(&mut self, kind: KindId, namespace: &str, name: &str) {
        if self.waiting.insert((kind, namespace.to_owned(), name.to_owned())) {
            self.after(80, Action::Reconcile(kind, namespace.to_owned(), name.to_owned()));
        }
    }

    /// A controller looks now.
    pub(crate) fn looked(&mut self, kind: KindId, namespace: &str, name: &str) {
        self.waiting.remove(&(kind, namespace.to_owned(), name.to_owned()));
    }

    /// When the next thing is due.
    pub(crate) fn due(&self) -> Option<Millis> {
        self.agenda.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the next thing that is due by now, and sets the time to its.
    pub(crate) fn next_due(&mut self) -> Option<Action> {
        let now = self.clock.now();
        let first = self.agenda.first_entry().filter(|e| e.key().0 <= now);
        let Some(first) = first else {
            self.acting = None;
            return None;
        };
        self.acting = Some(first.key().0);
        Some(first.remove())
    }

    /// Lets the story be told as of another time; `None` goes back to the clock.
    pub(crate) fn pretend(&mut self, at: Option<Millis>) {
        self.acting = at;
    }

    pub(crate) fn get(&self, kind: KindId, namespace: &str, name: &str) -> Option<Tree> {
        self.store.get(kind, &key(namespace, name)).map(Entry::value)
    }

    /// Stores a new object: uid, version and creation time are the server's.
    pub(crate) fn create(&mut self, kind: KindId, object: Value, hand: Hand) -> Tree {
        let whole = self.shape(kind, object);
        self.enter(kind, whole, hand)
    }

    /// A new object with what the server gives it, not stored yet.
    pub(crate) fn shape(&mut self, kind: KindId, mut object: Value) -> Value {
        let meta = object["metadata"].take();
        let mut metadata = json!({});
        for name in ["name", "generateName", "namespace"] {
            if let Some(v) = meta.get(name) {
                metadata[name] = v.clone();
            }
        }
        metadata["uid"] = self.rng.uid().into();
        metadata["resourceVersion"] = "".into();
        if managed::has_generation(kind) {
            metadata["generation"] = 1.into();
        }
        metadata["creationTimestamp"] = self.stamp().into();
        for name in ["labels", "annotations", "ownerReferences", "finalizers"] {
            if let Some(v) = meta.get(name) {
                metadata[name] = v.clone();
            }
        }
        // Metadata lead, as the real server orders an object.
        let mut whole = Value::Object(Map::from_iter([("metadata".to_owned(), metadata)]));
        if let (Value::Object(into), Value::Object(from)) = (&mut whole, object) {
            from.into_iter()
                .filter(|(k, _)| !matches!(k.as_str(), "metadata" | "kind" | "apiVersion"))
                .for_each(|(k, v)| _ = into.insert(k, v));
        }
        whole
    }

    /// Stores an object that was shaped.
    pub(crate) fn enter(&mut self, kind: KindId, mut whole: Value, hand: Hand) -> Tree {
        managed::note(&KINDS[kind], &mut whole, hand, &self.stamp());
        let made = self.put(kind, whole);
        super::life::created(self, kind, &made);
        made
    }

    /// Stores an object at the next version and lets the controllers know.
    pub(crate) fn put(&mut self, kind: KindId, mut object: Value) -> Tree {
        let rv = self.store.next_rv();
        put(&mut object, "metadata/resourceVersion", rv.to_string());
        let (namespace, name) = key_of(&object);
        let object = Arc::new(object);
        self.store.put(kind, key(&namespace, &name), entry(kind, object.clone()));
        super::life::notice(self, kind, &object);
        object
    }

    /// Changes an object if it is there.
    pub(crate) fn change(
        &mut self,
        kind: KindId,
        namespace: &str,
        name: &str,
        hand: Hand,
        change: impl FnOnce(&mut Value),
    ) -> Option<Tree> {
        let before = self.get(kind, namespace, name)?;
        let mut after = (*before).clone();
        change(&mut after);
        if after == *before {
            return Some(before);
        }
        managed::touch(&KINDS[kind], &before, &mut after, hand, &self.stamp());
        Some(self.put(kind, after))
    }

    /// Takes an object away for good.
    pub(crate) fn erase(&mut self, kind: KindId, namespace: &str, name: &str) -> Option<Tree> {
        let mut last = Arc::unwrap_or_clone(self.get(kind, namespace, name)?);
        let rv = self.store.next_rv();
        put(&mut last, "metadata/resourceVersion", rv.to_string());
        let k: Key = key(namespace, name);
        let last = Arc::new(last);
        self.store.remove(kind, &k, entry(kind, last.clone()));
        super::life::erased(self, kind, &last);
        Some(last)
    }

    /// Whether a node answers.
    pub(crate) fn node_ready(&self, name: &str) -> bool {
        self.store.get(NODES, &key("", name)).is_some_and(|n| n.facts().ready)
    }

    /// The objects of a kind and namespace that an owner controls.
    pub(crate) fn owned(&self, kind: KindId, namespace: &str, uid: &str) -> Vec<Tree> {
        self.store
            .within(kind, namespace)
            .filter(|(_, e)| e.facts().owners.iter().any(|o| **o == *uid))
            .map(|(_, e)| e.value())
            .collect()
    }

    /// Removes a finalizer; the object goes with its last one when it is being deleted.
    pub(crate) fn finish(&mut self, kind: KindId, object: &Value) -> Option<Tree> {
        let (namespace, name) = key_of(object);
        let deleting = !text(object, "metadata/deletionTimestamp").is_empty();
        if deleting && list(object, "metadata/finalizers").is_empty() {
            return self.erase(kind, &namespace, &name);
        }
        let mut kept = object.clone();
        if list(&kept, "metadata/finalizers").is_empty() {
            remove(&mut kept, "metadata/finalizers");
        }
        Some(self.put(kind, kept))
    }
}
