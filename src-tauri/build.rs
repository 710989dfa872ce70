//! Tauri's own build step. The window's binary embeds `ui/dist`; where the UI was not built yet, a page that says so stands in,
//! so that `cargo check` and the Rust tests work on their own.

fn main() {
    let dist = std::path::Path::new("ui/dist");
    let page = dist.join("index.html");
    if !page.exists() {
        let said = "<!doctype html><title>Gatehouse</title><p>The UI is not built: run <code>cargo xtask run</code>.";
        if let Err(error) = std::fs::create_dir_all(dist).and_then(|()| std::fs::write(&page, said)) {
            println!("cargo::warning=ui/dist could not be made: {error}");
        }
    }
    tauri_build::build();
}
