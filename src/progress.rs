//! How far a run has come; a command shows it, and nothing here reads the clock.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What a run does, and how much of it is done.
#[derive(Debug, Default)]
pub struct Progress {
    stage: Mutex<(&'static str, usize)>,
    done: AtomicUsize,
}

/// How far a run had come when it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgressState {
    /// What it does: `rendering reports`; empty before the first stage.
    pub stage: &'static str,
    /// How much there is to do in this stage; 0 if that is not known.
    pub total: usize,
    /// How much of it is done.
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
