//! What to do when the system refuses.

use std::io::{Error, ErrorKind};

/// What helps when a file that a person named cannot be read.
pub(crate) fn on_reading(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::NotFound => "check the name; it is looked for from the folder in which the command runs",
        ErrorKind::IsADirectory => "this is a folder; name the file in it",
        ErrorKind::PermissionDenied => "check the rights of the file and of its folder",
        _ => "check that the file can be read and that its disk is well",
    }
}

/// What helps when a file of the store cannot be read.
pub(crate) fn on_reading_store(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::NotFound => "a snapshot is never changed after its import; restore it, or import the delivery again",
        _ => "check the rights of the store and that its disk is well",
    }
}
