//! Synthetic rolls in a state's own file layout.
//!
//! A roll of any size is drawn from a seed: names that collide as often as real ones do, households, birth dates,
//! parties, districts and histories, hard cases that real files hold, and canaries. Nobody on it exists, and no
//! telephone number on it can be called.
//!
//! **In scope**: making registrants, writing them as the layout says (delimiters or fixed places, quoting, header,
//! history in whichever form, joined tables, names of files, archive), the office's record of protections
//! (`protections.csv`), the tokens of the canaries (`canaries.txt`), and lines damaged on purpose. What a state is beyond
//! its layout is a profile: Utah and the ten largest states that have a layout.
//!
//! **Out of scope**: what a layout is and how a file is read (`roll`); what the law makes of a protection (`law`); that
//! no canary leaves (`release`). This crate prints nothing and looks at no clock.
//!
//! **A canary** is an invented protected record. It holds a token that stands nowhere else: `ZQX` and ten letters. It is
//! protected on so many grounds, and since so early, that the editions of its state's law which protect anybody close it
//! against everybody but government. The token stands in what they close: in surname, street, telephone, mailing and e-mail
//! address where the whole record is left out, in the street alone where only the residence is. A token in an output is a
//! leak.
//!
//! ```
//! use roll::layout::Layouts;
//!
//! let layouts = Layouts::built_in()?;
//! let utah = layouts.get("ut").ok_or("no layout")?;
//! let folder = tempfile::tempdir()?;
//! let options = synth::Options::new(utah, 200, 1)?;
//! let summary = synth::write(&layouts, utah, folder.path(), &options)?;
//! assert_eq!((summary.counts.rows, summary.counts.canaries), (200, 20));
//! let header = std::fs::read_to_string(&summary.voters[0])?;
//! assert!(header.starts_with("\u{feff}Voter ID,Last Name,First Name"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod block;
mod calendar;
mod cell;
mod damage;
mod deferred;
mod draw;
mod elections;
mod error;
mod filling;
mod household;
mod line;
mod lookup;
mod names;
mod options;
mod output;
mod person;
mod places;
mod planting;
mod profile;
mod rng;
mod sheet;
mod table;
mod text;
mod votes;
mod window;
mod write;

pub use block::Counts;
pub use error::SynthError;
pub use options::{Options, ROWS_MAX};
pub use write::{Summary, write};
