//! Whether a pane has what the runtime wrote: every line once and in order, or a gap that names
//! what is missing.

use super::files::{Line, Run};
use super::pane::Saved;

/// What a comparison found.
#[derive(Debug, Default)]
pub struct Verdict {
    pub shown: usize,
    pub missing: usize,
    pub gaps: Vec<String>,
    pub notes: Vec<String>,
}

/// Compares what one stream shows with what its container wrote. The stream may begin later than
/// the first line.
///
/// Lines are told apart by time and text; the saved time is cut to microseconds.
pub fn stream(name: &str, saved: &[&Saved], runs: &[Run]) -> Verdict {
    let mut verdict = Verdict::default();
    let truth: Vec<&Line> = runs.iter().flat_map(|r| &r.lines).collect();
    let mut place = None::<usize>;
    let mut gaps: Vec<&str> = Vec::new();
    for line in saved {
        if let Some(note) = line.note() {
            verdict.notes.push(note.to_owned());
            if note.starts_with("possible gap") {
                gaps.push(note);
                verdict.gaps.push(note.to_owned());
            }
            continue;
        }
        verdict.shown += 1;
        let same = |l: &&Line| l.micros() == line.time && l.text == line.text;
        let from = place.map_or(0, |p| p + 1);
        let ahead = truth[from..].iter().position(same);
        let Some(ahead) = ahead else {
            let again = truth[..from].iter().any(same);
            let why = if again { "comes again or out of order" } else { "was never written" };
            panic!("{name}: {line:?} {why}; after {:?}", place.map(|p| truth[p]));
        };
        if place.is_some() && ahead > 0 {
            covered(name, &truth[from..from + ahead], &gaps);
            verdict.missing += ahead;
        }
        gaps.clear();
        place = Some(from + ahead);
    }
    let rest = &truth[place.map_or(0, |p| p + 1)..];
    if !rest.is_empty() {
        covered(name, rest, &gaps);
        verdict.missing += rest.len();
    }
    verdict
}

/// Whether gaps name the times of all missing lines.
fn covered(name: &str, missing: &[&Line], gaps: &[&str]) {
    for line in missing {
        let at = line.micros()[11..23].to_owned();
        let named = gaps.iter().any(|gap| match span(gap) {
            Some((from, to)) => from <= at && at <= to,
            None => true,
        });
        assert!(
            named,
            "{name}: {} lines from {:?} to {:?} are missing and no gap names them: {gaps:?}",
            missing.len(),
            missing[0],
            missing[missing.len() - 1]
        );
    }
}

/// The times of `possible gap 12:00:00.900Z to 12:00:04.000Z: ...`.
fn span(gap: &str) -> Option<(String, String)> {
    let rest = gap.strip_prefix("possible gap ")?;
    let (from, rest) = rest.split_once("Z to ")?;
    let (to, _) = rest.split_once('Z')?;
    Some((from.to_owned(), to.to_owned()))
}
