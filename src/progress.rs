//! The progress of a run. A command shows it; this module does not read the clock.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The stage of a run, and its finished steps.
#[derive(Debug, Default)]
pub struct Progress {
    stage: Mutex<(&'static str, usize)>,
    done: AtomicUsize,
}

/// The progress of a run at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgressState {
    /// The stage, such as `rendering reports`; empty before the first one.
    pub stage: &'static str,
    /// The number of steps in this stage; 0 if it is unknown.
    pub total: usize,
    /// The number of finished steps.
    pub done: usize,
}

impl Progress {
    /// Begins a stage.
    pub fn begin(&self, stage: &'static str, total: usize) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = (stage, total);
        self.done.store(0, Ordering::Relaxed);
    }

    /// Counts one more as done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns how far the run has come.
    #[must_use]
    pub fn state(&self) -> ProgressState {
        let (stage, total) = *self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        ProgressState {
            stage,
            total,
            done: self.done.load(Ordering::Relaxed),
        }
    }
}
