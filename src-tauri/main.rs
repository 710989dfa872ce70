fn main() { if let Err(e) = gatehouse::bindings::export(std::path::Path::new("ui/src/bindings.ts")) { eprintln!("{e}") } }
