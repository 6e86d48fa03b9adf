//! The command line end to end: the built program, run in a fresh folder, and everything that a person reads of it.
//!
//! Snapshots hold command, results, messages and exit code. Only times, rates and process numbers are taken out.

#[cfg(test)]
mod bad_rolls;
#[cfg(test)]
mod decide;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod full_disk;
#[cfg(test)]
mod help;
#[cfg(test)]
mod interrupt;
mod key;
#[cfg(test)]
mod law;
#[cfg(test)]
mod release;
#[cfg(test)]
mod request;
#[cfg(test)]
mod roll;
#[cfg(test)]
mod roll_diff;
#[cfg(test)]
mod roll_protect;
#[cfg(test)]
mod roll_stats;
#[cfg(test)]
mod roll_upkeep;
#[cfg(test)]
mod silence;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod synth;
#[cfg(test)]
mod verify;
