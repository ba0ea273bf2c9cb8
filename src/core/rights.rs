//! What the user may do, as far as the server has said: asked once for each cluster, right and
//! namespace, and again after a while. What is not known is never treated as forbidden.

use super::act::Right;
use super::kind::ClusterId;
use super::problem::Missing;
use std::collections::HashMap;
use std::sync::Arc;

/// How long an answer holds (ms): roles change seldom, but they change.
const HOLDS_MS: i64 = 5 * 60_000;
/// After this an answer is not waited for any more (ms).
const LOST_MS: i64 = 60_000;

/// How often it is looked for rights to ask for (ms).
const LOOK_MS: i64 = 300;

/// A right in a namespace; `None` for the whole cluster.
pub type Asked = (Right, Option<Arc<str>>);

#[derive(Debug, Clone, Copy)]
struct Known {
    says: Option<bool>,
    /// When it was said, or asked for while it waits.
    at: i64,
    waits: bool,
}

/// What is known.
#[derive(Debug, Default)]
pub struct Rights {
    known: HashMap<(ClusterId, Right, Option<Arc<str>>), Known>,
    looked: Option<i64>,
}

impl Rights {
    /// Whether it is time to look for what must be asked.
    pub fn due(&mut self, now: i64) -> bool {
        let due = self.looked.is_none_or(|at| now - at >= LOOK_MS);
        if due {
            self.looked = Some(now);
        }
        due
    }

    /// Whether a right is there: what the server said of the namespace, else of the whole
    /// cluster if that grants it; `None` while nobody could say.
    #[must_use]
    pub fn may(&self, cluster: ClusterId, right: &Right, namespace: Option<&Arc<str>>) -> Option<bool> {
        let says = |ns: Option<&Arc<str>>| self.known.get(&(cluster, right.clone(), ns.cloned()))?.says;
        match namespace.filter(|_| right.namespaced) {
            Some(ns) => says(None).filter(|yes| *yes).or_else(|| says(Some(ns))),
            // Whoever may not do it everywhere may do it somewhere.
            None => says(None).filter(|yes| *yes || !right.namespaced),
        }
    }

    /// The first of these rights that is known to be missing.
    #[must_use]
    pub fn missing(&self, cluster: ClusterId, rights: &[Right], namespace: Option<&Arc<str>>) -> Option<Missing> {
        let right = rights.iter().find(|r| self.may(cluster, r, namespace) == Some(false))?;
        Some(Missing {
            verb: right.verb.clone(),
            resource: right.resource.clone(),
            namespace: namespace.filter(|_| right.namespaced).cloned(),
        })
    }

    /// What must be asked of these rights: first for the whole cluster; where that is not
    /// granted, for the namespace. What was asked is not asked again before its time.
    pub fn wanted(
        &mut self,
        cluster: ClusterId,
        rights: &[Right],
        namespace: Option<&Arc<str>>,
        now: i64,
    ) -> Vec<Asked> {
        let mut out = Vec::new();
        for right in rights {
            let whole = self.fresh(cluster, right, None, now);
            if whole.is_none() {
                out.push((right.clone(), None));
            }
            let elsewhere = whole == Some(false) && self.may(cluster, right, None) != Some(true);
            let here = namespace.filter(|_| right.namespaced && elsewhere);
            if let Some(ns) = here.filter(|ns| self.fresh(cluster, right, Some(ns), now).is_none()) {
                out.push((right.clone(), Some(ns.clone())));
            }
        }
        out.dedup();
        for (right, ns) in &out {
            let known = self.known.entry((cluster, right.clone(), ns.clone()));
            let known = known.or_insert(Known { says: None, at: now, waits: true });
            (known.at, known.waits) = (now, true);
        }
        out
    }

    /// Whether it need not be asked now: `Some(true)` while an answer is on its way.
    fn fresh(&self, cluster: ClusterId, right: &Right, ns: Option<&Arc<str>>, now: i64) -> Option<bool> {
        let known = self.known.get(&(cluster, right.clone(), ns.cloned()))?;
        let holds = if known.waits { LOST_MS } else { HOLDS_MS };
        (now - known.at < holds).then_some(known.waits)
    }

    /// Takes answers.
    pub fn told(&mut self, cluster: ClusterId, answers: Vec<(Right, Option<Arc<str>>, Option<bool>)>, now: i64) {
        for (right, ns, says) in answers {
            self.known.insert((cluster, right, ns), Known { says, at: now, waits: false });
        }
    }

    /// Forgets a cluster.
    pub fn forget(&mut self, cluster: ClusterId) {
        self.known.retain(|(c, _, _), _| *c != cluster);
    }
}

#[cfg(test)]
mod tests;
