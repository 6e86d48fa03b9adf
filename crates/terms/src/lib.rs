//! The vocabulary shared by every part of openroll.
//!
//! **In scope**: the closed lists of words that law files, layouts, requests, decisions and releases use for the
//! same things: fields, forms, jurisdictions, requester classes, purposes, protection grounds, promises, needs,
//! and the citation that every clause carries.
//!
//! **Out of scope**: what the law says about them (`law`), where they stand in a file (`roll`), and how they leave
//! (`release`). This crate reads no file, no clock and no environment.
//!
//! ```
//! use terms::{Field, Form};
//! let field: Field = "date_of_birth".parse()?;
//! assert_eq!(field, Field::DateOfBirth);
//! assert!(Form::Year.is_coarser_than(&Form::Full));
//! assert_eq!("date_of_brith".parse::<Field>().unwrap_err().nearest(), Some("date_of_birth"));
//! # Ok::<(), terms::UnknownWord>(())
//! ```

mod citation;
mod class;
mod custody;
mod field;
mod form;
mod ground;
mod jurisdiction;
mod need;
mod purpose;
mod status;
mod vocabulary;

pub use citation::{Basis, Citation, Confidence};
pub use class::RequesterClass;
pub use custody::Custody;
pub use field::{Field, Fields};
pub use form::{Band, Bands, BandsError, Form};
pub use ground::Ground;
pub use jiff::civil::Date;
pub use jurisdiction::Jurisdiction;
pub use need::{Need, Promise};
pub use purpose::Purpose;
pub use status::Status;
pub use vocabulary::UnknownWord;
