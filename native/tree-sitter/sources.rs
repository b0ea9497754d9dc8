//! Nothing of Rust is built here: Cargo only fetches the crates that hold the C sources.
