//! The status of a registration.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// The canonical status vocabulary; each layout maps its own codes to it.
    Status, "registration status" {
        Active = "active", "active";
        Inactive = "inactive", "inactive";
        Pending = "pending", "pending";
        Preregistered = "preregistered", "preregistered";
        Temporary = "temporary", "temporary";
        Suspended = "suspended", "suspended";
        Removed = "removed", "removed";
        Denied = "denied", "denied";
        NotRegistered = "not_registered", "not registered";
        Unknown = "unknown", "unknown";
    }
}
