//! The embedded tables: comma-separated text without quotes, one header line.

/// Reads a table whose rows become `T`; a test in each user's module holds that no row is passed over.
pub(crate) fn rows<'a, T>(text: &'a str, read: impl Fn(&mut Cells<'a>) -> Option<T>) -> impl Iterator<Item = T> {
    text.lines().skip(1).filter_map(move |line| read(&mut Cells(line.split(','))))
}

/// The cells of one row, from left to right.
pub(crate) struct Cells<'a>(std::str::Split<'a, char>);

impl<'a> Cells<'a> {
    /// The next cell.
    pub(crate) fn text(&mut self) -> Option<&'a str> {
        self.0.next()
    }

    /// The next cell as a number; an empty cell is 0.
    pub(crate) fn number(&mut self) -> Option<u64> {
        let cell = self.0.next()?;
        if cell.is_empty() { Some(0) } else { cell.parse().ok() }
    }
}
