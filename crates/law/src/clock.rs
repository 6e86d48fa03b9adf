//! The clock of a request: limits as data, and due dates counted day by day.
//!
//! **In scope**: the limits of an edition ([`ClockRules`]), the count of business or calendar days from a start
//! ([`ClockRules::due`]), extensions, stopped clocks, and the explanation of every day that was walked ([`Due`]).
//!
//! **Out of scope**: what today is, time zones, and which events happened. The caller gives civil dates and times of
//! the custodian's own zone. A due date is a pure function of those, the rules and the calendar, so a corrected
//! calendar is applied by counting again.

mod count;
mod due;
mod error;
mod limit;
mod rules;

pub use count::{DAYS_MAX, Pause, Start};
pub use due::{Closed, CountedDay, Deadline, Due, Role};
pub use error::{ClockError, LimitError};
pub use limit::{Length, Limit, Origin, Roll, Unit};
pub use rules::{Appeal, ClockRules, DeemedReceipt, Expedited, Extension, Silence, Stop};
