//! An interrupt removes every staging folder. A test of its own process, since it touches all of them.

use roll::{Staging, StagingError};

#[test]
fn after_an_interrupt_no_half_folder_is_left_and_none_can_appear() {
    let folder = tempfile::tempdir().unwrap();
    let first = Staging::new(&folder.path().join("first")).unwrap();
    let second = Staging::new(&folder.path().join("second")).unwrap();
    std::fs::write(first.path().join("file"), "x").unwrap();
    Staging::abandon_all();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert!(first.commit().is_err());
    assert!(matches!(second.commit(), Err(StagingError::Io { .. } | StagingError::Abandoned { .. })));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    // Later work is not disturbed.
    Staging::new(&folder.path().join("third")).unwrap().commit().unwrap();
    assert!(folder.path().join("third").is_dir());
}
