//! A new or removed layout file must reach the build; the compiler by itself sees changes of known files only.

#[expect(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
fn main() {
    println!("cargo::rerun-if-changed=../../layouts");
}
