//! A writer whose failure is heard later.

use std::io::{self, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Keeps the first failure of the writer beneath, and swallows everything after it.
///
/// An archive that cannot be finished is finished once more when it is dropped, and if that fails too, its crate writes
/// to the standard error stream. Over this writer an archive can always be finished, and the failure is asked for here.
#[derive(Debug)]
pub(crate) struct Deferred<W> {
    inner: W,
    failure: Failure,
    has_failed: bool,
    /// Where the next byte would go, and where the last one went, also of what is swallowed.
    position: u64,
    end: u64,
}

/// The first failure of a [`Deferred`] writer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Failure(Arc<Mutex<Option<io::Error>>>);

impl Failure {
    /// Gives the failure away, if there was one.
    pub(crate) fn take(&self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(Ok(()), Err)
    }
}

impl<W: Write> Deferred<W> {
    /// Wraps a writer that stands at its beginning.
    pub(crate) fn new(inner: W) -> (Self, Failure) {
        let failure = Failure::default();
        (Self { inner, failure: failure.clone(), has_failed: false, position: 0, end: 0 }, failure)
    }

    fn keep(&mut self, error: io::Error) {
        self.has_failed = true;
        *self.failure.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

impl<W: Write> Write for Deferred<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.has_failed
            && let Err(error) = self.inner.write_all(bytes)
        {
            self.keep(error);
        }
        self.position = self.position.saturating_add(bytes.len() as u64);
        self.end = self.end.max(self.position);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.has_failed
            && let Err(error) = self.inner.flush()
        {
            self.keep(error);
        }
        Ok(())
    }
}

impl<W: Write + Seek> Seek for Deferred<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
        };
        let target = target.ok_or(io::ErrorKind::InvalidInput)?;
        if !self.has_failed
            && let Err(error) = self.inner.seek(SeekFrom::Start(target))
        {
            self.keep(error);
        }
        self.position = target;
        Ok(target)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// A disk with room for some bytes.
    struct Disk {
        content: Cursor<Vec<u8>>,
        room: u64,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let left = usize::try_from(self.room - self.content.position()).unwrap();
            let fits = bytes.len().min(left);
            if fits == 0 && !bytes.is_empty() {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.content.write(&bytes[..fits])
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Disk {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.content.seek(to)
        }
    }

    /// Writes a small archive; returns what was kept of it, and the failure.
    fn archive(room: u64) -> (Vec<u8>, io::Result<()>) {
        let (writer, failure) = Deferred::new(Disk { content: Cursor::default(), room });
        let mut archive = ZipWriter::new(writer);
        archive.start_file("a.txt", SimpleFileOptions::default().large_file(true)).unwrap();
        for number in 0..100_u32 {
            archive.write_all(number.to_string().as_bytes()).unwrap();
        }
        let written = archive.finish().unwrap();
        (written.inner.content.into_inner(), failure.take())
    }

    #[test]
    fn an_archive_can_always_be_finished_and_the_failure_is_kept() {
        let (whole, failure) = archive(u64::MAX);
        failure.unwrap();
        zip::ZipArchive::new(Cursor::new(whole.clone())).unwrap();
        for room in 0..whole.len() as u64 {
            let (part, failure) = archive(room);
            assert_eq!(failure.unwrap_err().kind(), io::ErrorKind::StorageFull, "{room}");
            assert!(part.len() as u64 <= room);
        }
        let (same, failure) = archive(whole.len() as u64);
        failure.unwrap();
        assert_eq!(same, whole);
    }
}
