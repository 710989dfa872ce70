//! The sync's bars: against a bare downloader of the same pages, its memory, that memory at twice the size, and a resync after
//! 0.1 % of the users changed.

use std::path::Path;
use std::process::Command;

use crate::process::{Measured, Simulator, beside, measure};
use crate::{Outcome, Size, download};

/// Of each measurement, since one alone cannot be told from what else the machine does.
const ROUNDS: usize = 7;

/// # Errors
/// A process failed.
pub async fn measure_sync(size: Size, folder: &Path) -> Outcome<()> {
    let scale = format!("users={},signIns={}", size.users, size.sign_ins);
    println!("Sync of {} users and {} sign-ins (limits off: the pipeline is measured, not the waiting)", size.users, size.sign_ins);

    // Learn which pages a first sync asks for.
    let har = folder.join("traffic.har");
    let simulator = Simulator::start(&["--scale", &scale], Some(&har))?;
    let learn = folder.join("learn");
    add(&simulator, &learn)?;
    sync(&learn)?;
    simulator.stop()?;
    let pages = download::pages(&har)?;
    let _ = std::fs::remove_file(&har);

    let (mut ratios, mut fulls) = (Vec::new(), Vec::new());
    let data = folder.join("data");
    let simulator = Simulator::start(&["--scale", &scale], None)?;
    for round in 1..=ROUNDS {
        let bare = download::run(&simulator, &pages).await?;
        let _ = std::fs::remove_dir_all(&data);
        add(&simulator, &data)?;
        let full = sync(&data)?;
        println!(
            "  round {round}: bare downloader {:.2} s ({} requests, {:.0} MB), full sync {:.2} s, ratio {:.2}; peak memory {}",
            bare.seconds,
            bare.requests,
            bare.megabytes,
            full.seconds,
            full.seconds / bare.seconds,
            megabytes(&full)
        );
        ratios.push(full.seconds / bare.seconds);
        fulls.push(full.seconds);
    }
    println!("  full sync / bare downloader, median: {:.2} (bar: under 2)", median(ratios));

    let full = median(fulls);
    let of_full = |what: &str, before: &dyn Fn() -> Outcome<()>| -> Outcome<()> {
        let mut seconds = Vec::new();
        for _ in 0..ROUNDS {
            before()?;
            seconds.push(sync(&data)?.seconds);
        }
        let seconds = median(seconds);
        println!("  {what}: median {seconds:.3} s, {:.1} % of the full sync", seconds / full * 100.0);
        Ok(())
    };
    of_full("unchanged resync", &|| Ok(()))?;
    of_full("resync after 0.1 % of the users changed (bar: under 3 %)", &|| simulator.change())?;
    drop(simulator);

    let twice = format!("users={},signIns={}", size.users * 2, size.sign_ins * 2);
    let simulator = Simulator::start(&["--scale", &twice], None)?;
    let data = folder.join("twice");
    add(&simulator, &data)?;
    let double = sync(&data)?;
    println!("  at twice the size: {:.2} s, peak memory {} (bar: under 200 MB, the same at both sizes)", double.seconds, megabytes(&double));
    Ok(())
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or_default()
}

fn megabytes(measured: &Measured) -> String {
    measured.peak_megabytes.map_or_else(|| "not told by this system".into(), |peak| format!("{peak:.0} MB"))
}

fn gatehouse(data: &Path) -> Outcome<Command> {
    let mut command = Command::new(beside("gatehouse-cli")?);
    command.arg("--data-dir").arg(data).arg("--json").env("GATEHOUSE_KEY_FILE", data.with_extension("key"));
    Ok(command)
}

fn add(simulator: &Simulator, data: &Path) -> Outcome<()> {
    let mut command = gatehouse(data)?;
    command
        .args([
            "tenant",
            "add",
            "--tenant-id",
            &simulator.tenant,
            "--client-id",
            &simulator.client_id,
            "--client-secret-env",
            "BENCH_SECRET",
            "--graph",
            &simulator.graph,
            "--login",
            &simulator.login,
        ])
        .env("BENCH_SECRET", &simulator.client_secret);
    measure(&mut command).map(|_| ())
}

fn sync(data: &Path) -> Outcome<Measured> {
    measure(gatehouse(data)?.args(["sync", "--unpaced"]))
}
