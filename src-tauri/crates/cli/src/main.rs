//! gatehouse-cli: the same fleet without a window, for servers, scripts and tests. Each command is a thin call into the fleet;
//! what it prints for people and with `--json` for programs is the same that the window shows.

mod arguments;
mod commands;
mod output;
mod progress;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use output::{Failure, Output};

/// A sync takes and gives back pages of megabytes on several threads; the system's allocator holds on to much of that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() && error.kind() != clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            eprintln!("error: {}", output::usage(&error.to_string()));
            return ExitCode::from(2);
        }
        // --help, --version, and help where a command was left out.
        Err(error) => error.exit(),
    };
    let _ = tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("GATEHOUSE_LOG").unwrap_or_else(|_| "error".into()))
        .with_writer(std::io::stderr)
        .try_init();
    let output = Output { json: arguments.json };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the operating system gives no threads ({error}); close other programs and try again");
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(async {
        match &arguments.command {
            Command::Simulate(options) => commands::simulate::run(options).await,
            command => commands::run(&arguments, command, output).await,
        }
    });
    // Reads that still run (a cancelled sync) end with the process.
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Said) => ExitCode::FAILURE,
        Err(Failure::Usage(text)) => {
            eprintln!("error: {}", output::usage(&text));
            ExitCode::from(2)
        }
        Err(Failure::Problem(problem)) => {
            output.problem(&problem);
            eprintln!("error: {}", output::one_line(&problem));
            ExitCode::FAILURE
        }
    }
}
