//! Shows how far a long run has come: a bar on a terminal, a line every ten seconds elsewhere.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::{eprint_line, terminal};
use crate::progress::{Progress, ProgressState};

/// The time after which a bar is shown.
const PATIENCE: Duration = Duration::from_millis(500);

/// The interval at which a bar is updated.
const TICK: Duration = Duration::from_millis(100);

/// The interval at which a line is printed without a terminal.
const LINE: Duration = Duration::from_secs(10);

/// The interval at which a verbose run looks for the next stage.
const MOMENT: Duration = Duration::from_millis(1);

/// Runs something, and shows how far it has come while it lasts. It must not print.
pub fn shown<T>(run: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    let (running, ended) = mpsc::channel::<()>();
    let progress = &progress;
    thread::scope(|scope| {
        scope.spawn(move || {
            if terminal::is_verbose() {
                stages(progress, &ended);
            } else if terminal::is_quiet() {
                // Nothing is shown.
            } else if terminal::has_bar() {
                bar(progress, &ended);
            } else {
                lines(progress, &ended);
            }
        });
        let result = run(progress);
        drop(running);
        result
    })
}

/// Waits for some time or until the run has ended; returns `true` if it is still running.
fn goes_on(ended: &Receiver<()>, wait: Duration) -> bool {
    ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout)
}

fn bar(progress: &Progress, ended: &Receiver<()>) {
    if !goes_on(ended, PATIENCE) {
        return;
    }
    let counted = "{msg} [{bar:30}] {human_pos}/{human_len} {per_sec:.dim}, {eta} left";
    let style = |template| {
        let style = ProgressStyle::with_template(template);
        style.unwrap_or_else(|_| ProgressStyle::default_bar())
    };
    let bar = ProgressBar::new(0);
    let mut last = "";
    while goes_on(ended, TICK) {
        let ProgressState { stage, total, done } = progress.state();
        if stage != last {
            last = stage;
            bar.set_message(stage);
            bar.set_style(style(if total > 0 {
                counted
            } else {
                "{msg} {spinner}"
            }));
            bar.reset();
            bar.set_length(total as u64);
        }
        bar.set_position(done as u64);
        bar.tick();
    }
    bar.finish_and_clear();
}

fn lines(progress: &Progress, ended: &Receiver<()>) {
    let began = Instant::now();
    while goes_on(ended, LINE) {
        eprint_line(&line(progress.state(), began.elapsed()));
    }
}

/// Prints a line with the time of each stage once it is over.
fn stages(progress: &Progress, ended: &Receiver<()>) {
    let mut began = Instant::now();
    let mut last = progress.state();
    let mut next = |state: ProgressState, is_over: bool| {
        if (is_over || state.stage != last.stage) && !last.stage.is_empty() {
            let count = match last.total {
                0 => String::new(),
                total => format!(" ({total})"),
            };
            let took = began.elapsed().as_millis();
            eprint_line(&format!("{}{count}: {took} ms", last.stage));
        }
        if state.stage != last.stage {
            began = Instant::now();
        }
        last = state;
    };
    while goes_on(ended, MOMENT) {
        next(progress.state(), false);
    }
    next(progress.state(), true);
}

fn line(state: ProgressState, took: Duration) -> String {
    let ProgressState { stage, total, done } = state;
    let seconds = took.as_secs();
    if total == 0 {
        return format!("{stage} ({seconds} s)");
    }
    format!("{stage}: {done} of {total} ({seconds} s)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_done_how_far_it_is_and_how_long_it_took() {
        let progress = Progress::default();
        progress.begin("rendering reports", 3);
        progress.step();
        let took = Duration::from_millis(10_400);
        assert_eq!(
            line(progress.state(), took),
            "rendering reports: 1 of 3 (10 s)"
        );
        progress.begin("building the lists", 0);
        assert_eq!(line(progress.state(), took), "building the lists (10 s)");
    }

    #[test]
    fn what_runs_gives_its_result() {
        assert_eq!(shown(|progress| progress.state().total), 0);
    }
}
