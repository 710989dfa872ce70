//! `cargo xtask bench [sync] [lists] [pdf] [window] [--small]`: measures the bars that the product sets itself and prints figures.
//! It never judges: machines differ, so what counts are the ratios within one run, printed beside the bar.

mod download;
mod lists;
mod pdf;
mod process;
mod sync;
mod window;

use std::process::ExitCode;

/// Size of the generated tenant.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub users: u32,
    pub sign_ins: u32,
}

pub type Outcome<T> = Result<T, String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let parts: Vec<&str> = arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with("--")).collect();
    let size = if arguments.iter().any(|argument| argument == "--small") {
        Size { users: 2_000, sign_ins: 20_000 }
    } else {
        Size { users: 20_000, sign_ins: 200_000 }
    };
    let wanted = |part: &str| parts.is_empty() || parts.contains(&part);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    let measured = runtime.block_on(async {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let with_tenant = wanted("sync") || wanted("lists");
        if with_tenant {
            sync::measure_sync(size, folder.path()).await?;
            if wanted("lists") {
                lists::measure(folder.path())?;
            }
        }
        if wanted("pdf") {
            pdf::measure()?;
        }
        if wanted("window") {
            let synced = folder.path().join("data");
            window::measure(with_tenant.then_some(synced.as_path()))?;
        }
        Ok::<(), String>(())
    });
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
