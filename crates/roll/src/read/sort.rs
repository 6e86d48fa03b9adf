//! Sorting more records than memory holds: sorted runs on disk, merged when they are read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use rayon::slice::ParallelSliceMut;

/// A record of fixed size.
pub(crate) trait Record: Copy + Ord + Send + Sync {
    /// Bytes on disk.
    const BYTES: usize;
    /// Appends the record.
    fn put(&self, out: &mut Vec<u8>);
    /// Reads the record back from exactly as many bytes.
    fn take(bytes: &[u8]) -> Self;
    /// The part by which it is sorted first, if that is the number of a name: names are sorted, not their numbers.
    fn name(&mut self) -> Option<&mut u32> {
        None
    }
}

/// The place of each numbered name among all names, in the order of the alphabet. Names may be added at any time; the
/// order of those that were there before stays.
pub(crate) trait Places: Sync {
    /// The places by number.
    fn places(&self) -> Vec<u32>;
}

/// Replaces the numbers of names by what `map` gives for them.
fn rename<R: Record>(record: &mut R, map: &[u32]) {
    if let Some(name) = record.name() {
        *name = map.get(*name as usize).copied().unwrap_or_default();
    }
}

/// The numbers by place.
fn inverse(places: &[u32]) -> Vec<u32> {
    let mut numbers = vec![0; places.len()];
    for (number, place) in (0..).zip(places) {
        if let Some(slot) = numbers.get_mut(*place as usize) {
            *slot = number;
        }
    }
    numbers
}

/// Bytes of records that are sorted in memory before a run goes to disk.
pub(crate) const RUN_BYTES: usize = 128 * 1024 * 1024;

/// Collects records.
pub(crate) struct Sorter<'p, R> {
    folder: PathBuf,
    names: Option<&'p dyn Places>,
    name: &'static str,
    buffer: Vec<R>,
    /// Records of a run.
    most: usize,
    runs: Vec<PathBuf>,
}

impl<'p, R: Record> Sorter<'p, R> {
    /// A sorter that keeps its runs in a folder, under names that begin with `name`.
    pub(crate) fn new(folder: &Path, name: &'static str, run_bytes: usize) -> Self {
        let most = (run_bytes / size_of::<R>()).max(1);
        Self { folder: folder.to_owned(), names: None, name, buffer: Vec::new(), most, runs: Vec::new() }
    }

    /// Sorts by the places of names.
    pub(crate) fn by_names(mut self, names: &'p dyn Places) -> Self {
        self.names = Some(names);
        self
    }

    /// Sorts what is in memory; returns the places by which it did.
    fn sort(&mut self) -> Vec<u32> {
        let places = self.names.map(Places::places).unwrap_or_default();
        self.buffer.iter_mut().for_each(|record| rename(record, &places));
        self.buffer.par_sort_unstable();
        places
    }

    pub(crate) fn push(&mut self, record: R) -> io::Result<()> {
        self.buffer.push(record);
        self.spill_when_full()
    }

    pub(crate) fn extend(&mut self, records: impl IntoIterator<Item = R>) -> io::Result<()> {
        for record in records {
            self.push(record)?;
        }
        Ok(())
    }

    fn spill_when_full(&mut self) -> io::Result<()> {
        if self.buffer.len() < self.most {
            return Ok(());
        }
        let numbers = inverse(&self.sort());
        let path = self.folder.join(format!("{}-{}", self.name, self.runs.len()));
        let mut file = BufWriter::with_capacity(1 << 20, File::create_new(&path)?);
        let mut bytes = Vec::with_capacity(R::BYTES);
        for record in &mut self.buffer {
            // On disk a name has its number again: its place may move when further names come.
            rename(record, &numbers);
            bytes.clear();
            record.put(&mut bytes);
            file.write_all(&bytes)?;
        }
        file.into_inner().map_err(io::IntoInnerError::into_error)?;
        self.runs.push(path);
        self.buffer.clear();
        Ok(())
    }

    /// Ends the collection.
    pub(crate) fn finish(mut self) -> Sorted<R> {
        let places = self.sort();
        Sorted { memory: self.buffer, runs: self.runs, places }
    }
}

/// Sorted records. What lies on disk is removed with the folder.
#[derive(Debug)]
pub(crate) struct Sorted<R> {
    memory: Vec<R>,
    runs: Vec<PathBuf>,
    places: Vec<u32>,
}

impl<R: Record> Sorted<R> {
    /// The records in their order, from the beginning.
    pub(crate) fn iter(&self) -> io::Result<Merge<'_, R>> {
        let mut runs =
            self.runs.iter().map(|path| Run::open(path, &self.places)).collect::<io::Result<Vec<Run<'_, R>>>>()?;
        let mut heads = BinaryHeap::new();
        for (index, run) in runs.iter_mut().enumerate() {
            heads.extend(run.next()?.map(|record| Reverse((record, index))));
        }
        let mut memory = self.memory.iter();
        if !runs.is_empty() {
            heads.extend(memory.next().map(|record| Reverse((*record, runs.len()))));
        }
        Ok(Merge { memory, runs, heads })
    }
}

/// Records of several runs in one order.
#[derive(Debug)]
pub(crate) struct Merge<'a, R: Record> {
    memory: std::slice::Iter<'a, R>,
    runs: Vec<Run<'a, R>>,
    /// The next record of each run; the records in memory are the last run. Empty while there is no other run.
    heads: BinaryHeap<Reverse<(R, usize)>>,
}

impl<R: Record> Iterator for Merge<'_, R> {
    type Item = io::Result<R>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.runs.is_empty() {
            return self.memory.next().map(|record| Ok(*record));
        }
        let Reverse((record, index)) = self.heads.pop()?;
        let next = match self.runs.get_mut(index) {
            Some(run) => run.next(),
            None => Ok(self.memory.next().copied()),
        };
        match next {
            Ok(next) => self.heads.extend(next.map(|record| Reverse((record, index)))),
            Err(error) => return Some(Err(error)),
        }
        Some(Ok(record))
    }
}

/// A run on disk.
#[derive(Debug)]
struct Run<'a, R> {
    file: BufReader<File>,
    places: &'a [u32],
    bytes: Vec<u8>,
    left: u64,
    records: PhantomData<R>,
}

impl<'a, R: Record> Run<'a, R> {
    fn open(path: &Path, places: &'a [u32]) -> io::Result<Self> {
        let file = File::open(path)?;
        let left = file.metadata()?.len() / R::BYTES as u64;
        let file = BufReader::with_capacity(1 << 18, file);
        Ok(Self { file, places, bytes: vec![0; R::BYTES], left, records: PhantomData })
    }

    fn next(&mut self) -> io::Result<Option<R>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        self.file.read_exact(&mut self.bytes)?;
        let mut record = R::take(&self.bytes);
        rename(&mut record, self.places);
        Ok(Some(record))
    }
}

/// Reads little-endian numbers from the front of a record.
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl Fields<'_> {
    pub(crate) fn word<const N: usize>(&mut self) -> [u8; N] {
        let (word, rest) = self.0.split_first_chunk::<N>().unwrap_or((&[0; N], &[]));
        self.0 = rest;
        *word
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    impl Record for u32 {
        const BYTES: usize = 4;

        fn put(&self, out: &mut Vec<u8>) {
            out.extend_from_slice(&self.to_le_bytes());
        }

        fn take(bytes: &[u8]) -> Self {
            Self::from_le_bytes(Fields(bytes).word())
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn runs_on_disk_change_nothing(numbers in prop::collection::vec(any::<u32>(), 0..200), run in 1_usize..60) {
            let folder = tempfile::tempdir().unwrap();
            let mut sorter = Sorter::new(folder.path(), "numbers", run * 4);
            sorter.extend(numbers.iter().copied()).unwrap();
            let sorted = sorter.finish();
            let mut expected = numbers;
            expected.sort_unstable();
            for _ in 0..2 {
                let read: Vec<u32> = sorted.iter().unwrap().collect::<io::Result<_>>().unwrap();
                prop_assert_eq!(&read, &expected);
            }
        }
    }
}
