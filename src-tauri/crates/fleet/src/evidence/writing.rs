//! Writing reports: facts are gathered, drawn by whoever can draw, and written beside their data set; one after another for many
//! customers, each with a result of its own. How a page looks is not known here.

use std::{
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{
    Branding, branding,
    data_set::{self, DataSet},
    facts::{ChangesFacts, FleetFacts, InsurerFacts, Period},
    gather, period,
};
use crate::{
    Fleet, audit,
    export::whole,
    fleet::{FleetEvent, lock},
    posture::{self, MfaReportFacts},
    problem::problem,
    views::{
        Problem, TenantRef, no_such_tenant,
        reports::{Every, PaperSize, PeriodInput, ReportKind, ReportOutcome, ReportRequest, ReportRun, ReportState},
    },
};

/// How a report shall look.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Look {
    pub paper: PaperSize,
    pub branding: Branding,
}

/// Draws facts as a PDF. The fleet is given one by the window and the CLI; without it, reports say that they cannot be drawn.
pub trait Draw: Send + Sync {
    /// `data_set` is the hash of the data set that lies beside the report; None: there is none.
    ///
    /// # Errors
    /// The report cannot be drawn.
    fn mfa(&self, facts: &MfaReportFacts, look: &Look, data_set: Option<&str>) -> Result<Vec<u8>, Problem>;
    /// Prints the data set's hash, whether or not the data set is written too.
    ///
    /// # Errors
    /// The report cannot be drawn.
    fn insurer(&self, facts: &InsurerFacts, look: &Look, data_set: &str) -> Result<Vec<u8>, Problem>;
    /// # Errors
    /// The report cannot be drawn.
    fn changes(&self, facts: &ChangesFacts, look: &Look, data_set: Option<&str>) -> Result<Vec<u8>, Problem>;
    /// # Errors
    /// The report cannot be drawn.
    fn fleet(&self, facts: &FleetFacts, look: &Look, data_set: Option<&str>) -> Result<Vec<u8>, Problem>;
    /// Whether these bytes are a picture that can be drawn as a logo.
    ///
    /// # Errors
    /// Why not, in a sentence.
    fn logo(&self, bytes: &[u8]) -> Result<(), Problem>;
}

/// Who draws, and the batch that runs.
#[derive(Default)]
pub(crate) struct Desk {
    pub draw: Option<Arc<dyn Draw>>,
    running: Mutex<Option<Arc<AtomicBool>>>,
    /// The schedule writes.
    turn: Mutex<()>,
}

/// Held while a batch runs.
struct Batch<'a> {
    desk: &'a Desk,
    cancelled: Arc<AtomicBool>,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        *lock(&self.desk.running) = None;
    }
}

impl Desk {
    pub fn new(draw: Option<Arc<dyn Draw>>) -> Self {
        Self { draw, ..Self::default() }
    }

    /// None: the schedule writes already.
    pub(super) fn take_turn(&self) -> Option<std::sync::MutexGuard<'_, ()>> {
        match self.turn.try_lock() {
            Ok(turn) => Some(turn),
            Err(std::sync::TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(std::sync::TryLockError::WouldBlock) => None,
        }
    }

    fn begin(&self) -> Result<Batch<'_>, Problem> {
        let mut running = lock(&self.running);
        if running.is_some() {
            return Err(problem("report.busy", "Reports are being written already", "Wait for them, or cancel them."));
        }
        let cancelled = Arc::new(AtomicBool::new(false));
        *running = Some(Arc::clone(&cancelled));
        Ok(Batch { desk: self, cancelled })
    }
}

/// Where a report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub pdf: PathBuf,
    /// The data set's folder; None: it is not written.
    pub data: Option<PathBuf>,
}

/// Which days a report is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Span {
    Asked(PeriodInput),
    /// What a schedule's last step covers.
    Before(Every),
}

impl Span {
    fn of(&self, zone: &str, now: DateTime<Utc>) -> Result<Period, Problem> {
        match self {
            Self::Asked(input) => period::of(input, zone, now),
            Self::Before(every) => Ok(period::before(*every, zone, now)),
        }
    }
}

/// One report that is to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub kind: ReportKind,
    /// None: the fleet as a whole.
    pub tenant: Option<TenantRef>,
    pub span: Span,
    pub look: Look,
    pub target: Target,
}

impl Fleet {
    /// Writes one report; `who` is the technician. Returns the data set's hash where one was written. Blocking.
    ///
    /// # Errors
    /// The tenant is not connected, the period is none, nobody can draw, or a file cannot be written.
    pub fn report(&self, order: &Order, who: &str) -> Result<Option<String>, Problem> {
        let draw = self
            .0
            .desk
            .draw
            .as_ref()
            .ok_or_else(|| problem("report.no_drawer", "This program cannot draw reports", "Use Gatehouse's window or gatehouse-cli."))?;
        let now = self.now();
        let tenant = || {
            order.tenant.as_ref().map(|tenant| tenant.id.clone()).ok_or_else(|| problem("input.missing", "No customer was named", "Name one with --tenant."))
        };
        let zone =
            |tenant: &str| Ok::<_, Problem>(self.0.store.read(|conn| store::tenants::get(conn, tenant))?.ok_or_else(|| no_such_tenant(tenant))?.time_zone);
        let look = &order.look;
        // The insurer's evidence prints the hash in any case; the others name a data set only where one is written.
        let wanted = order.target.data.is_some();
        let (pdf, data) = match order.kind {
            ReportKind::Mfa => {
                let facts = posture::report(&self.0.store, &tenant()?, now)?;
                let data = wanted.then(|| data_set::of_mfa(&facts));
                (draw.mfa(&facts, look, hash_of(data.as_ref()))?, data)
            }
            ReportKind::Insurer => {
                let tenant = tenant()?;
                let facts = gather::insurer(self, &tenant, order.span.of(&zone(&tenant)?, now)?, who)?;
                let data = data_set::of(&facts);
                (draw.insurer(&facts, look, &data.sha256)?, Some(data))
            }
            ReportKind::Changes => {
                let tenant = tenant()?;
                let facts = gather::changes(self, &tenant, order.span.of(&zone(&tenant)?, now)?, who)?;
                let data = wanted.then(|| data_set::of_changes(&facts));
                (draw.changes(&facts, look, hash_of(data.as_ref()))?, data)
            }
            ReportKind::Fleet => {
                let facts = super::fleet(self, order.span.of(&local_zone(), now)?, who)?;
                let data = wanted.then(|| data_set::of_fleet(&facts));
                (draw.fleet(&facts, look, hash_of(data.as_ref()))?, data)
            }
        };
        let hash = data.as_ref().map(|data| data.sha256.clone());
        write(&order.target, &pdf, data.as_ref())?;
        let detail = json!({ "report": order.kind, "path": order.target.pdf.display().to_string(), "dataSet": hash });
        let subject = format!("{}{}", title(order.kind), order.tenant.as_ref().map(|tenant| format!(" of {}", tenant.display_name)).unwrap_or_default());
        self.0.store.write(|tx| audit::append(tx, now, who, "report.written", order.tenant.as_ref().map(|tenant| tenant.id.as_str()), &subject, &detail))?;
        Ok(hash)
    }

    /// Writes every report of a request, one after another; one that fails stops no other. `step` is told what comes. Blocking.
    ///
    /// # Errors
    /// The request itself makes no sense, another batch runs, or the store refused.
    pub fn reports(&self, request: &ReportRequest, who: &str, step: impl Fn(&ReportState)) -> Result<ReportRun, Problem> {
        let orders = self.orders(request)?;
        let batch = self.0.desk.begin()?;
        let total = count(orders.len());
        let mut run = ReportRun { outcomes: Vec::new(), written: 0, failed: 0, cancelled: false };
        for (done, order) in orders.iter().enumerate() {
            if batch.cancelled.load(Ordering::Relaxed) {
                run.cancelled = true;
                break;
            }
            let current = order.tenant.as_ref().map_or_else(|| "All customers".to_owned(), |tenant| tenant.display_name.clone());
            let state = ReportState { done: count(done), total, current: Some(current) };
            step(&state);
            self.tell(FleetEvent::ReportsMoved { state });
            let outcome = self.outcome(order, who);
            *(if outcome.problem.is_none() { &mut run.written } else { &mut run.failed }) += 1;
            run.outcomes.push(outcome);
        }
        let state = ReportState { done: count(run.outcomes.len()), total, current: None };
        step(&state);
        self.tell(FleetEvent::ReportsMoved { state });
        Ok(run)
    }

    /// Stops a batch after the report that is being made. Nothing where none runs.
    pub fn reports_cancel(&self) {
        if let Some(cancelled) = lock(&self.0.desk.running).as_ref() {
            cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// One report with what came of it. A fault in drawing one customer's is that customer's alone.
    pub(super) fn outcome(&self, order: &Order, who: &str) -> ReportOutcome {
        let written = std::panic::catch_unwind(AssertUnwindSafe(|| self.report(order, who))).unwrap_or_else(|_| {
            Err(problem(
                "report.fault",
                "The report could not be drawn because of a fault in Gatehouse",
                "Report this with the customer's data health; the other reports are not affected.",
            ))
        });
        let (sha256, failed) = match written {
            Ok(sha256) => (sha256, None),
            Err(problem) => (None, Some(problem)),
        };
        let path = |path: &Path| path.display().to_string();
        ReportOutcome {
            tenant: order.tenant.clone(),
            path: failed.is_none().then(|| path(&order.target.pdf)),
            data: order.target.data.as_deref().filter(|_| failed.is_none()).map(path),
            sha256,
            problem: failed,
        }
    }

    fn orders(&self, request: &ReportRequest) -> Result<Vec<Order>, Problem> {
        let look = self.look(request.paper)?;
        let tenants = self.named(request.kind, &request.tenants)?;
        let now = self.now();
        // What is wrong with the period is said once, before anything is written.
        period::of(&request.period, "UTC", now).or_else(|_| period::of(&request.period, &local_zone(), now))?;
        let order = |tenant: Option<TenantRef>, target: Target| Order {
            kind: request.kind,
            tenant,
            span: Span::Asked(request.period.clone()),
            look: look.clone(),
            target,
        };
        let with_data = request.with_data;
        match (request.path.as_deref().map(str::trim).filter(|path| !path.is_empty()), tenants.as_slice()) {
            (Some(path), [one]) => {
                let pdf = PathBuf::from(path);
                let data = with_data.then(|| beside(&pdf));
                Ok(vec![order(one.clone(), Target { pdf, data })])
            }
            (Some(_), _) => Err(problem("input.invalid", "Several reports do not fit into one file", "Choose a folder.")),
            (None, tenants) => {
                let folder = request
                    .folder
                    .as_deref()
                    .map(str::trim)
                    .filter(|folder| !folder.is_empty())
                    .ok_or_else(|| problem("input.missing", "No folder was chosen", "Choose where the reports go."))?;
                Ok(self.in_folder(tenants, Path::new(folder), request.kind, with_data).into_iter().map(|(tenant, target)| order(tenant, target)).collect())
            }
        }
    }

    /// Each customer's report in a folder, by name and day on the technician's clock; two customers of one name stay apart.
    pub(super) fn in_folder(&self, tenants: &[Option<TenantRef>], folder: &Path, kind: ReportKind, with_data: bool) -> Vec<(Option<TenantRef>, Target)> {
        let day = self.now().with_timezone(&chrono::Local).format("%Y-%m-%d").to_string();
        let mut taken: Vec<String> = Vec::new();
        tenants
            .iter()
            .map(|tenant| {
                let name = tenant.as_ref().map_or_else(|| "All customers".to_owned(), |tenant| file_name(&tenant.display_name));
                let mut stem = format!("{name} - {} - {day}", title(kind));
                if taken.contains(&stem.to_lowercase()) {
                    let id = tenant.as_ref().map(|tenant| tenant.id.chars().take(8).collect::<String>()).unwrap_or_default();
                    stem = format!("{name} {id} - {} - {day}", title(kind));
                }
                taken.push(stem.to_lowercase());
                let pdf = folder.join(format!("{stem}.pdf"));
                let data = with_data.then(|| beside(&pdf));
                (tenant.clone(), Target { pdf, data })
            })
            .collect()
    }

    /// The MSP's look on this paper.
    ///
    /// # Errors
    /// The store refused.
    pub fn look(&self, paper: PaperSize) -> Result<Look, Problem> {
        Ok(Look { paper, branding: self.0.store.read(branding::get)? })
    }

    /// Whom a report is about, by name; none named: every customer. The fleet summary is about nobody alone.
    pub(super) fn named(&self, kind: ReportKind, ids: &[String]) -> Result<Vec<Option<TenantRef>>, Problem> {
        if kind == ReportKind::Fleet {
            return Ok(vec![None]);
        }
        let mut rows = self.0.store.read(store::tenants::all)?;
        if !ids.is_empty() {
            let ids: Vec<String> = ids.iter().map(|id| id.to_lowercase()).collect();
            if let Some(unknown) = ids.iter().find(|id| !rows.iter().any(|row| row.id == **id)) {
                return Err(no_such_tenant(unknown));
            }
            rows.retain(|row| ids.contains(&row.id));
        }
        if rows.is_empty() {
            return Err(problem("report.nobody", "No customer is connected, so there is nothing to report", "Connect a tenant first."));
        }
        rows.sort_by_key(|row| (row.display_name.to_lowercase(), row.id.clone()));
        Ok(rows.into_iter().map(|row| Some(TenantRef { id: row.id, display_name: row.display_name })).collect())
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn hash_of(data: Option<&DataSet>) -> Option<&str> {
    data.map(|data| data.sha256.as_str())
}

/// The data set first: a report never prints the hash of what is not there.
fn write(target: &Target, pdf: &[u8], data: Option<&DataSet>) -> Result<(), Problem> {
    if let (Some(data), Some(folder)) = (data, &target.data) {
        data.write(folder)?;
    }
    whole(&target.pdf, pdf)
}

/// "Contoso - Insurer evidence - 2026-11-21 data", beside the PDF.
fn beside(pdf: &Path) -> PathBuf {
    let mut name = pdf.file_stem().unwrap_or_default().to_os_string();
    name.push(" data");
    pdf.with_file_name(name)
}

pub fn title(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Mfa => "MFA posture",
        ReportKind::Insurer => "Insurer evidence",
        ReportKind::Changes => "Alerts and changes",
        ReportKind::Fleet => "Fleet summary",
    }
}

/// A customer's name as a part of a file's: built anew, of what every file system takes, and short enough for all of them.
fn file_name(name: &str) -> String {
    const LONGEST: usize = 80;
    let clean: String = name
        .chars()
        .map(|letter| {
            if letter.is_control() || "<>:\"/\\|?*\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}".contains(letter) {
                ' '
            } else {
                letter
            }
        })
        .collect();
    let mut short = String::new();
    for word in clean.split_whitespace() {
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    // Bytes count: a name of 80 letters in another script is 240 of them, and 255 is the most.
    while short.len() > LONGEST * 2 || short.chars().count() > LONGEST {
        short.pop();
    }
    let short = short.trim_matches(|letter: char| letter == '.' || letter == ' ');
    let device = ["con", "prn", "aux", "nul"].contains(&short.to_lowercase().as_str());
    if short.is_empty() || device { format!("Customer {short}").trim().to_owned() } else { short.to_owned() }
}

/// The technician's zone where the system says it, for whole days of the fleet's summary.
fn local_zone() -> String {
    std::env::var("TZ").ok().filter(|zone| zone.parse::<chrono_tz::Tz>().is_ok()).unwrap_or_else(|| "UTC".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_file_is_named_after_the_customer_whatever_the_customer_is_called() {
        assert_eq!(file_name("Contoso / Fabrikam: \"Öl & Gas\" <1>"), "Contoso Fabrikam Öl & Gas 1");
        assert_eq!(file_name("../../etc/passwd"), "etc passwd");
        assert_eq!(file_name("..."), "Customer");
        assert_eq!(file_name("CON"), "Customer CON");
        assert_eq!(file_name("=cmd|' /C calc'!A0"), "=cmd ' C calc'!A0");
        let long = file_name(&"漢".repeat(200));
        assert!(long.len() <= 160 && long.chars().all(|letter| letter == '漢'), "{}", long.len());
        assert_eq!(beside(Path::new("/x/Contoso - Insurer evidence.pdf")), Path::new("/x/Contoso - Insurer evidence data"));
    }
}
