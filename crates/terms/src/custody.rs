//! Which level of office holds and gives the record.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// The level of the office that is asked; where a law gives different answers at different levels, it names them.
    Custody, "level of custody" {
        State = "state", "state office";
        County = "county", "county office";
        Municipality = "municipality", "municipal office";
    }
}
