//! A new or removed layout file must reach the build; the compiler by itself sees changes of known files only.

fn main() {
    println!("cargo::rerun-if-changed=../../layouts");
}
