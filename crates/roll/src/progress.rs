//! How far an import or a comparison has come.

/// A step of an import or a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Files are read and digested; counted in bytes.
    Reading,
    /// Lines are checked; counted in bytes.
    Checking,
    /// Rows are made canonical and written; counted in rows of all tables.
    Writing,
    /// Two snapshots are compared; counted in cells of the first one.
    Comparing,
}

/// Hears how far the work has come; called from several threads.
pub trait Progress: Sync {
    /// `done` of `total` units of a stage are done. Calls of one stage may come out of order.
    fn advance(&self, stage: Stage, done: u64, total: u64);
}

/// Hears nothing.
impl Progress for () {
    fn advance(&self, _stage: Stage, _done: u64, _total: u64) {}
}

/// Counts up within one stage.
pub(crate) struct Meter<'a> {
    progress: &'a dyn Progress,
    stage: Stage,
    total: u64,
    done: std::sync::atomic::AtomicU64,
}

impl<'a> Meter<'a> {
    pub(crate) fn new(progress: &'a dyn Progress, stage: Stage, total: u64) -> Self {
        Self { progress, stage, total, done: std::sync::atomic::AtomicU64::new(0) }
    }

    pub(crate) fn add(&self, units: usize) {
        let units = units as u64;
        let done = self.done.fetch_add(units, std::sync::atomic::Ordering::Relaxed).saturating_add(units);
        self.progress.advance(self.stage, done, self.total);
    }
}
