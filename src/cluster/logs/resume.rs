//! Where a stream is: the time of its last line and how many lines of that time were seen. After a
//! cut the log is read again from that second on; what was seen is dropped, and a line that should
//! be there and is not means that something is missing.

/// What to do with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is new.
    Take,
    /// It was seen.
    Drop,
    /// It is new, but the last line seen was not found again: what was written between the two
    /// times (Unix nanoseconds) may be missing.
    Gap(i64, i64),
}

/// A place in the log of one run of a container.
#[derive(Debug, Clone, Default)]
pub(super) struct Resume {
    last: Option<(i64, u32)>,
    /// The latest time seen: later than the last line's where a clock was put back.
    high: i64,
    first: Option<(i64, u32)>,
    taken: u64,
    /// Lines of the last time that are still to come again; `None` while nothing is read again.
    again: Option<u32>,
}

impl Resume {
    /// The time of the last line.
    pub fn last(&self) -> Option<i64> {
        self.last.map(|l| l.0)
    }

    /// The first line's time and how many lines of that time there are at the beginning.
    pub fn first(&self) -> Option<(i64, u32)> {
        self.first
    }

    /// How many lines were taken.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// The log is read again from the last line's second on.
    pub fn reopen(&mut self) {
        self.again = self.last.map(|l| l.1);
    }

    /// Whether the line that was just dropped is the last one that was taken.
    pub fn at_last(&self) -> bool {
        self.again == Some(0)
    }

    /// Whether a line of this time would not join what was seen.
    pub fn strange(&self, at: i64) -> bool {
        let found = self.again.is_none_or(|left| left == 0);
        !found && self.last.is_some_and(|(last, _)| at > last.max(self.high))
    }

    /// Looks at the time of the next line.
    pub fn see(&mut self, at: i64) -> Verdict {
        let mut verdict = Verdict::Take;
        if let (Some(left), Some((last, _))) = (self.again, self.last) {
            if at < last {
                return Verdict::Drop;
            }
            if at == last && left > 0 {
                self.again = Some(left - 1);
                return Verdict::Drop;
            }
            if left > 0 {
                // Written before the clock was put back, and read.
                if at <= self.high {
                    return Verdict::Drop;
                }
                verdict = Verdict::Gap(last, at);
            }
            self.again = None;
        }
        self.taken += 1;
        self.high = if self.last.is_none() { at } else { self.high.max(at) };
        self.last = match self.last {
            Some((last, n)) if last == at => Some((at, n + 1)),
            _ => Some((at, 1)),
        };
        match &mut self.first {
            None => self.first = Some((at, 1)),
            // Only the lines at the very beginning: the count stops at the first other time.
            Some((first, n)) if *first == at && u64::from(*n) + 1 == self.taken => *n += 1,
            Some(_) => {}
        }
        verdict
    }

    /// Lines were put before the first.
    pub fn earlier(&mut self, at: i64, lines: u64, of_that_time: u32) {
        self.first = Some((at, of_that_time));
        self.taken += lines;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_was_seen_is_dropped_and_what_is_missing_noticed() {
        use Verdict::{Drop, Gap, Take};
        let mut r = Resume::default();
        assert!([10, 20, 20].iter().all(|t| r.see(*t) == Verdict::Take));
        r.reopen();
        let again: Vec<Verdict> = [10, 20, 20, 20, 30].iter().map(|t| r.see(*t)).collect();
        assert_eq!(again, [Drop, Drop, Drop, Take, Take]);
        r.reopen();
        assert_eq!([35, 36].map(|t| r.see(t)), [Gap(30, 35), Take], "the log was rotated");
    }

    #[test]
    fn a_clock_that_is_put_back_brings_no_line_twice() {
        use Verdict::{Drop, Gap, Take};
        let mut r = Resume::default();
        assert!([90, 100, 50, 51].iter().all(|t| r.see(*t) == Take));
        r.reopen();
        assert_eq!([90, 100, 51, 52].map(|t| r.see(t)), [Drop, Drop, Drop, Take]);
        r.reopen();
        assert_eq!([60, 101].map(|t| r.see(t)), [Drop, Gap(52, 101)], "what may be missing is told");
    }

    proptest! {
        /// However often and wherever a log is cut, each line is taken once.
        #[test]
        fn every_line_once(steps in proptest::collection::vec(0_i64..3, 1..60), cuts in proptest::collection::vec((0_usize..60, 0_usize..9), 0..6)) {
            let mut at = 5_000_000_000;
            let times: Vec<i64> = steps.iter().map(|s| { at += s * 400_000_000; at }).collect();
            let mut resume = Resume::default();
            let mut taken = Vec::new();
            let mut begin = 0;
            for (reach, _) in cuts.iter().chain(&[(usize::MAX, 0)]) {
                for (i, t) in times.iter().enumerate().skip(begin).take(reach.saturating_sub(begin)) {
                    match resume.see(*t) {
                        Verdict::Take => taken.push(i),
                        Verdict::Drop => {}
                        Verdict::Gap(..) => prop_assert!(false, "nothing is missing"),
                    }
                }
                // The next answer begins at the last line's second.
                if let Some(last) = resume.last() {
                    let second = last.div_euclid(1_000_000_000) * 1_000_000_000;
                    begin = times.partition_point(|t| *t < second);
                }
                resume.reopen();
            }
            prop_assert_eq!(taken, (0..times.len()).collect::<Vec<_>>());
        }
    }
}
