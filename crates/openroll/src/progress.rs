//! Progress on stderr: after a second, only on a terminal, never with `--quiet`.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A line that is written over as work goes on.
pub(crate) struct Progress {
    started: Instant,
    shown: bool,
    last: Mutex<Option<Instant>>,
    what: &'static str,
}

/// Work shorter than this shows nothing.
const QUIET_FOR: Duration = Duration::from_secs(1);

/// The line is written at most this often.
const EVERY: Duration = Duration::from_millis(200);

impl Progress {
    /// Begins; `what` names what is counted, such as `rows read`.
    pub(crate) fn new(quiet: bool, what: &'static str) -> Self {
        Self { started: Instant::now(), shown: !quiet && io::stderr().is_terminal(), last: Mutex::new(None), what }
    }

    /// Says how far the work has come.
    pub(crate) fn at(&self, count: u64) {
        let elapsed = self.started.elapsed();
        if !self.shown || elapsed < QUIET_FOR {
            return;
        }
        let Ok(mut last) = self.last.try_lock() else { return };
        if last.is_some_and(|last| last.elapsed() < EVERY) {
            return;
        }
        *last = Some(Instant::now());
        let _ = write!(io::stderr().lock(), "\r{} {}, {}/s ", grouped(count), self.what, grouped(rate(count, elapsed)));
        let _ = io::stderr().lock().flush();
    }

    /// Removes the line and returns the time since the beginning.
    pub(crate) fn done(&self) -> Duration {
        if self.shown && self.last.try_lock().is_ok_and(|last| last.is_some()) {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
        self.started.elapsed()
    }
}

/// Counts per second.
pub(crate) fn rate(count: u64, elapsed: Duration) -> u64 {
    let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    count.saturating_mul(1000) / millis
}

/// A number with commas between groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
