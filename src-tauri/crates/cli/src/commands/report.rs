//! `report` and `export`: files that are handed to somebody.

use std::io::IsTerminal;
use std::path::Path;

use fleet::Fleet;
use fleet::evidence::writing::{Order, Span, Target, title};
use fleet::evidence::{data_set, facts::Answer};
use fleet::problem::problem;
use fleet::views::TenantRef;
use fleet::views::reports::{OverrideInput, PaperSize, PeriodInput, ReportKind, ReportOutcome, ReportRequest, ReportRun, StatementsView};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::arguments::{AnswerName, Export, PaperName, Report, ReportOptions, ReportPeriod};
use crate::output::{Done, Failure, Output, one_line, table, word};

#[derive(Serialize)]
struct Written {
    path: String,
}

pub fn run(fleet: &Fleet, command: &Report, output: Output) -> Done {
    match command {
        Report::Mfa(options) => write(fleet, ReportKind::Mfa, options, output),
        Report::Insurer(options) => write(fleet, ReportKind::Insurer, options, output),
        Report::Changes(options) => write(fleet, ReportKind::Changes, options, output),
        Report::Fleet(options) => write(fleet, ReportKind::Fleet, options, output),
        Report::Verify { file, data } => verify(file, data, output),
        Report::Statements { tenant, period } => {
            let tenant = fleet.find_tenant(tenant)?;
            output.print(&fleet::evidence::statements(fleet, &tenant, &period_of(period))?, said)
        }
        Report::Answer { tenant, statement, answer, person, note, .. } => {
            let tenant = fleet.find_tenant(tenant)?;
            let who = super::technician(fleet)?;
            match (answer, person, note) {
                (Some(answer), Some(person), Some(note)) => {
                    let input = OverrideInput {
                        tenant: tenant.clone(),
                        statement: statement.clone(),
                        answer: answer_of(*answer),
                        person: person.clone(),
                        note: note.clone(),
                    };
                    fleet.evidence_override(&input, &who)?;
                }
                _ => fleet.evidence_override_withdraw(&tenant, statement, &who)?,
            }
            output.print(&fleet::evidence::statements(fleet, &tenant, &PeriodInput::default())?, said)
        }
    }
}

fn answer_of(name: AnswerName) -> Answer {
    match name {
        AnswerName::Yes => Answer::Yes,
        AnswerName::Partly => Answer::Partly,
        AnswerName::No => Answer::No,
        AnswerName::Unknown => Answer::Unknown,
    }
}

fn period_of(period: &ReportPeriod) -> PeriodInput {
    PeriodInput { from: period.from.clone(), to: period.to.clone(), days: period.days }
}

fn said(view: &StatementsView) -> String {
    let rows: Vec<Vec<String>> = view
        .statements
        .iter()
        .flat_map(|statement| {
            let mut rows = vec![vec![word(&statement.answer()), statement.id.clone(), statement.question.clone()], vec![format!("    {}", statement.evidence)]];
            if let Some(other) = &statement.overridden {
                rows.push(vec![format!("    {} says {}: {} (by the data: {})", other.person, word(&other.answer), other.note, word(&statement.judged))]);
            }
            rows
        })
        .collect();
    table(&["Answer", "Id", "Question"], &rows)
}

fn write(fleet: &Fleet, kind: ReportKind, options: &ReportOptions, output: Output) -> Done {
    let paper = if options.letter || options.paper == PaperName::Letter { PaperSize::Letter } else { PaperSize::A4 };
    let who = super::technician(fleet)?;
    if let Some(folder) = &options.out_dir {
        let tenants = match &options.tenant {
            Some(named) => vec![fleet.find_tenant(named)?],
            None if options.all || kind == ReportKind::Fleet => Vec::new(),
            None => return Err(Failure::Usage("--out-dir needs a tenant or all of them; name one with --tenant, or add --all".to_owned())),
        };
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone()).display().to_string();
        let request = ReportRequest { kind, tenants, period: period_of(&options.period), paper, path: None, folder: Some(folder), with_data: true };
        return batch(fleet, &request, &who, output);
    }
    let Some(out) = &options.out else { return Err(Failure::Usage("the report has no place to go; name a file with --out".to_owned())) };
    if !out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf")) {
        return Err(problem("input.invalid", "The report's file must end in .pdf", "Name it so; no other form is written.").with_details(out.display()).into());
    }
    let order = Order {
        kind,
        tenant: tenant(fleet, kind, options.tenant.as_deref())?,
        span: Span::Asked(period_of(&options.period)),
        look: fleet.look(paper)?,
        target: Target { pdf: out.clone(), data: options.data.clone() },
    };
    let sha256 = fleet.report(&order, &who)?;
    let outcome = ReportOutcome {
        tenant: order.tenant,
        path: Some(out.display().to_string()),
        data: options.data.as_ref().map(|folder| folder.display().to_string()),
        sha256,
        problem: None,
    };
    output.print(&outcome, |outcome| {
        let mut said = format!("Wrote {}\n", outcome.path.as_deref().unwrap_or_default());
        if let Some(data) = &outcome.data {
            said += &format!("Wrote the data set into {data}\n");
        }
        if let Some(sha256) = &outcome.sha256 {
            said += &format!("SHA-256 of the data set: {sha256}\n");
        }
        said
    })
}

/// Whom a report is about. The fleet summary is about all.
fn tenant(fleet: &Fleet, kind: ReportKind, named: Option<&str>) -> Result<Option<TenantRef>, Failure> {
    if kind == ReportKind::Fleet {
        return Ok(None);
    }
    let all = fleet.store().read(store::tenants::all).map_err(fleet::views::Problem::from)?;
    let id = match (named, all.as_slice()) {
        (Some(named), _) => fleet.find_tenant(named)?,
        (None, [one]) => one.id.clone(),
        (None, []) => {
            return Err(problem("report.nobody", "No customer is connected, so there is nothing to report", "Connect a tenant first: tenant add.").into());
        }
        (None, several) => {
            return Err(Failure::Usage(format!("{} tenants are connected; name one with --tenant, or write all with --all --out-dir", several.len())));
        }
    };
    Ok(all.into_iter().find(|row| row.id == id).map(|row| TenantRef { id: row.id, display_name: row.display_name }))
}

fn batch(fleet: &Fleet, request: &ReportRequest, who: &str, output: Output) -> Done {
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    bar.set_style(ProgressStyle::with_template("{bar:24} {pos}/{len} reports  {msg}").unwrap_or_else(|_| ProgressStyle::default_bar()));
    let run = fleet.reports(request, who, |state| {
        bar.set_length(u64::from(state.total));
        bar.set_position(u64::from(state.done));
        bar.set_message(state.current.clone().unwrap_or_default());
    });
    bar.finish_and_clear();
    let run = run?;
    output.print(&run, |run| results(run, request.kind))?;
    if run.failed == 0 { Ok(()) } else { Err(Failure::Said) }
}

fn results(run: &ReportRun, kind: ReportKind) -> String {
    let rows: Vec<Vec<String>> = run
        .outcomes
        .iter()
        .map(|one| {
            let name = one.tenant.as_ref().map_or("All customers", |tenant| &tenant.display_name).to_owned();
            let came = match &one.problem {
                None => one.path.clone().unwrap_or_default(),
                Some(problem) => format!("failed: {}", one_line(problem)),
            };
            vec![name, came]
        })
        .collect();
    format!("{}{}: {} written, {} failed\n", table(&["Customer", "Report"], &rows), title(kind), run.written, run.failed)
}

pub fn verify(file: &Path, data: &Path, output: Output) -> Done {
    let printed = reports::printed::data_set(file)?;
    let found = data_set::check(data, &printed)?;
    output.print(&found, |found| format!("{}\n", found.explanation))?;
    if found.intact { Ok(()) } else { Err(Failure::Said) }
}

pub fn export(fleet: &Fleet, options: &Export, output: Output) -> Done {
    let tenant = fleet.find_tenant(&options.tenant)?;
    fleet::export::tenant(fleet.store(), &tenant, &options.out)?;
    output.print(&Written { path: options.out.display().to_string() }, |written| format!("Wrote the snapshot folder {}\n", written.path))
}
