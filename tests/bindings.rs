//! The TypeScript that the window is written against is the one that the Rust types make.

#![allow(clippy::unwrap_used)]

#[test]
fn the_windows_bindings_are_those_of_the_commands() {
    let fresh = tempfile::NamedTempFile::with_suffix(".ts").unwrap();
    gatehouse::bindings::export(fresh.path()).unwrap();
    let kept = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/bindings.ts");
    assert!(
        std::fs::read_to_string(fresh.path()).unwrap() == std::fs::read_to_string(&kept).unwrap(),
        "ui/src/bindings.ts is stale: run `cargo xtask bindings`"
    );
}
