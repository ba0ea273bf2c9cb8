//! Who finds the way: one task looks for a pod and keeps a connection to it, however many wait for that. It hears of
//! pods as they change, so that the next one is led to as soon as it is ready, and the last one only until then.

use super::follow::{Change, Course, follow};
use super::target::{self, Target};
use super::{Forward, LOOK, Streams};
use crate::cluster::sessions::streams::Tasks;
use crate::core::held::Standing;
use crate::core::problem::Problem;
use crate::wire::spdy::{Client, Gone};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex as Short, PoisonError};
use tokio::sync::{Mutex, Notify, mpsc, watch};
use tokio::time::{Duration, Instant, sleep_until, timeout_at};

/// How often a pod is looked for while nobody needs one.
const IDLE: Duration = Duration::from_secs(10);

/// A connection to a pod. It ends when nobody is led by it any more.
pub(super) struct Way {
    client: Mutex<Client>,
    target: Target,
    requests: AtomicU32,
    gone: Gone,
    since: Instant,
}

impl Way {
    fn new(client: Client, target: Target) -> Self {
        let gone = client.gone();
        Self { client: client.into(), target, requests: AtomicU32::new(0), gone, since: Instant::now() }
    }

    /// Opens the streams of one connection; nothing when the way is gone.
    async fn open(self: &Arc<Self>) -> Option<Streams> {
        let mut client = self.client.lock().await;
        let port = self.target.port.to_string();
        let id = self.requests.fetch_add(1, Ordering::Relaxed).to_string();
        let errors = client.open(&[("streamtype", "error"), ("port", &port), ("requestid", &id)]).await?;
        // Nothing is ever said on it from here.
        errors.output.finish().await;
        let data = client.open(&[("streamtype", "data"), ("port", &port), ("requestid", &id)]).await?;
        let (input, output, errors) = (data.input, data.output, errors.input);
        Some(Streams {
            input,
            output,
            errors,
            uid: self.target.uid.clone(),
            gone: self.gone.clone(),
            _way: self.clone(),
        })
    }
}

/// The way as it is now, and what is asked of who finds it.
#[derive(Default)]
pub(super) struct Guide {
    way: watch::Sender<Option<Arc<Way>>>,
    waiting: AtomicU32,
    /// A pod that is to be led to no more.
    left: Short<Option<String>>,
    called: Notify,
}

struct Waiting<'a>(&'a AtomicU32);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Guide {
    /// Opens the streams of one connection, to another pod than `not`; waits for one until then.
    pub(super) async fn streams(&self, not: &str, until: Instant) -> Option<Streams> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        let mut ways = self.way.subscribe();
        let leads = |way: &Option<Arc<Way>>| way.as_ref().is_some_and(|w| w.target.uid != not && !w.gone.now());
        loop {
            if !leads(&ways.borrow_and_update()) {
                self.called.notify_one();
            }
            let way = timeout_at(until, ways.wait_for(leads)).await.ok()?.ok()?.clone()?;
            if let Some(streams) = way.open().await {
                return Some(streams);
            }
        }
    }

    /// Leads away from a pod as soon as there is another one.
    pub(super) fn leave(&self, uid: &str) {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = Some(uid.to_owned());
        self.called.notify_one();
    }

    fn left(&self) -> Option<String> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Finds the way again and again, until it is dropped.
pub(super) async fn lead(forward: Arc<Forward>) {
    let (out, mut changes) = mpsc::channel(16);
    let following = tokio::spawn(follow(forward.connection.clone(), forward.wish.clone(), out));
    let _follow = Tasks(vec![following.abort_handle()]);
    // The pod that is to be led to no more.
    let mut not = String::new();
    let mut lived = false;
    loop {
        let mut idle = Some(IDLE);
        match look(&forward, &not).await {
            Ok(Some(way)) => {
                let target = &way.target;
                forward.stands(Standing::Live, format!("to pod {}:{}", target.pod.name, target.port));
                forward.guide.way.send_replace(Some(way));
                lived = true;
                not.clear();
            }
            Ok(None) => not.clear(),
            // The last one leads on until there is another.
            Err(_) if forward.guide.way.borrow().is_some() => {}
            Err(why) => {
                let never = !lived && matches!(why, Problem::Forbidden(_));
                idle = idle.filter(|_| !never);
                forward.stands(if never { Standing::Failed } else { Standing::Opening }, why.to_string());
            }
        }
        reason(&forward.guide, &mut changes, &mut not, idle).await;
    }
}

/// A new way where one is needed; nothing where the present one leads to the right pod.
async fn look(forward: &Forward, not: &str) -> Result<Option<Arc<Way>>, Problem> {
    let now = forward.guide.way.borrow().clone();
    let target = target::find(&forward.connection, &forward.wish, not).await?;
    if now.is_some_and(|w| w.target == target && !w.gone.now()) {
        return Ok(None);
    }
    let client = forward.client(&target).await?;
    Ok(Some(Arc::new(Way::new(client, target))))
}

/// Waits for a reason to look again.
async fn reason(guide: &Guide, changes: &mut mpsc::Receiver<Change>, not: &mut String, idle: Option<Duration>) {
    let looked = Instant::now();
    let way = guide.way.borrow().clone();
    let uid = way.as_ref().map_or("", |w| w.target.uid.as_str());
    loop {
        let next = match &way {
            Some(_) if not.is_empty() => None,
            _ if guide.waiting.load(Ordering::Relaxed) > 0 => Some(looked + LOOK),
            _ => idle.map(|idle| looked + idle),
        };
        let time = async {
            match next {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let gone = async {
            match &way {
                Some(way) => way.gone.clone().wait().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = gone => {
                guide.way.send_replace(None);
                not.clear();
                // One that goes as soon as it is there is not to be had in a hurry.
                if let Some(way) = &way {
                    sleep_until((way.since + LOOK).min(Instant::now() + LOOK)).await;
                }
                return;
            }
            () = time => return,
            () = guide.called.notified() => {
                if let Some(left) = guide.left().filter(|l| l == uid) {
                    *not = left;
                    return;
                }
            }
            Some(change) = changes.recv() => {
                match change.course {
                    Course::Gone if change.uid == uid => {
                        guide.way.send_replace(None);
                        not.clear();
                        return;
                    }
                    Course::Leaves if change.uid == uid && not.is_empty() => {
                        uid.clone_into(not);
                        return;
                    }
                    Course::Ready if change.uid != uid && (way.is_none() || !not.is_empty()) => return,
                    _ => {}
                }
            }
        }
    }
}
