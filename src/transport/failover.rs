//! Which root of the gateway is asked first.
//!
//! One attempt goes through the roots in their order for as long as no connection can be made. The
//! root that works is remembered for the whole process, per list of roots, so that later calls do
//! not wait for a dead one; the first root, the primary, gets its chance again after 10 minutes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long the primary is left alone after it was found dead.
const PROBATION: Duration = Duration::from_secs(10 * 60);

/// Lists beyond this number push out others: lists come from code, not from traffic.
const LISTS: usize = 256;

static PROCESS: Failover = Failover::new();

/// Remembers, per list of roots, which one works.
#[derive(Debug)]
pub(super) struct Failover {
    working: Mutex<Option<HashMap<Vec<String>, Working>>>,
}

#[derive(Clone, Copy, Debug)]
struct Working {
    index: usize,
    since: Instant,
}

impl Failover {
    const fn new() -> Self {
        Self { working: Mutex::new(None) }
    }

    /// The memory of this process.
    pub(super) fn of_this_process() -> &'static Self {
        &PROCESS
    }

    /// The indices of `roots`, in the order in which to try them.
    pub(super) fn order(
        &self,
        roots: &[String],
        now: Instant,
    ) -> impl Iterator<Item = usize> + use<> {
        let count = roots.len();
        let first = if count > 1 { self.preferred(roots, now) } else { 0 };
        (0..count).map(move |step| (first + step) % count)
    }

    /// Notes that the root at `index` could be reached.
    pub(super) fn reached(&self, roots: &[String], index: usize, now: Instant) {
        if roots.len() < 2 {
            return;
        }
        let mut working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        if index == 0 {
            if let Some(working) = working.as_mut() {
                working.remove(roots);
            }
            return;
        }
        let working = working.get_or_insert_default();
        if let Some(known) = working.get_mut(roots) {
            // The same one again does not make the primary wait longer, unless it was just tried.
            let was_tried = now.saturating_duration_since(known.since) >= PROBATION;
            if known.index != index || was_tried {
                *known = Working { index, since: now };
            }
            return;
        }
        if working.len() >= LISTS {
            working.clear();
        }
        working.insert(roots.to_vec(), Working { index, since: now });
    }

    fn preferred(&self, roots: &[String], now: Instant) -> usize {
        let working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        match working.as_ref().and_then(|working| working.get(roots)) {
            Some(known) if now.saturating_duration_since(known.since) < PROBATION => known.index,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roots(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn order(failover: &Failover, roots: &[String], now: Instant) -> Vec<usize> {
        failover.order(roots, now).collect()
    }

    #[test]
    fn what_works_comes_first_until_the_primary_is_due_again() {
        let failover = Failover::new();
        let roots = roots(&["a", "b", "c"]);
        let start = Instant::now();
        assert_eq!(order(&failover, &roots, start), [0, 1, 2]);

        failover.reached(&roots, 1, start);
        let just_before = start + PROBATION - Duration::from_secs(1);
        assert_eq!(order(&failover, &roots, just_before), [1, 2, 0]);
        failover.reached(&roots, 1, just_before);

        let due = start + PROBATION;
        assert_eq!(order(&failover, &roots, due), [0, 1, 2], "use does not prolong the probation");
        failover.reached(&roots, 1, due);
        assert_eq!(order(&failover, &roots, due + Duration::from_secs(1)), [1, 2, 0]);

        failover.reached(&roots, 0, due);
        assert_eq!(order(&failover, &roots, due), [0, 1, 2]);
    }

    #[test]
    fn lists_do_not_disturb_each_other() {
        let failover = Failover::new();
        let now = Instant::now();
        failover.reached(&roots(&["a", "b"]), 1, now);
        assert_eq!(order(&failover, &roots(&["a", "b"]), now), [1, 0]);
        assert_eq!(order(&failover, &roots(&["a", "c"]), now), [0, 1]);
        assert_eq!(order(&failover, &roots(&["a"]), now), [0]);
        assert!(order(&failover, &[], now).is_empty());
    }

    #[test]
    fn the_memory_is_bounded() {
        let failover = Failover::new();
        let now = Instant::now();
        for n in 0..LISTS * 3 {
            failover.reached(&roots(&["a", &n.to_string()]), 1, now);
        }
        let working = failover.working.lock().unwrap();
        assert!(working.as_ref().is_some_and(|working| working.len() <= LISTS));
    }
}
