//! Reports by the clock: the list, and the tick that writes what is due while Gatehouse runs. What was missed while it was off is written
//! once at the next start. A failure is kept, told once, and tried again ever more rarely.

use chrono::{DateTime, Local, NaiveTime, Timelike, Utc};
use serde_json::json;
use store::{
    Connection,
    report_schedules::{self as table, ScheduleRow},
};

use super::{
    schedule::{Plan, next_at, retry_at, words},
    writing::{Order, Span, title},
};
use crate::{
    Fleet, audit,
    fleet::FleetEvent,
    problem::problem,
    views::{
        Problem, TenantRef, count, moment, no_such_tenant,
        reports::{Every, PaperSize, ReportKind, ReportSchedule, ScheduleInput},
    },
};

/// Who writes when nobody sits there.
const CLOCK: &str = "Gatehouse";

fn kind_name(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Mfa => "mfa",
        ReportKind::Insurer => "insurer",
        ReportKind::Changes => "changes",
        ReportKind::Fleet => "fleet",
    }
}

fn kind_from(name: &str) -> ReportKind {
    match name {
        "mfa" => ReportKind::Mfa,
        "insurer" => ReportKind::Insurer,
        "changes" => ReportKind::Changes,
        _ => ReportKind::Fleet,
    }
}

fn every_name(every: Every) -> &'static str {
    match every {
        Every::Weekly => "weekly",
        Every::Biweekly => "biweekly",
        Every::Monthly => "monthly",
    }
}

fn every_from(name: &str) -> Every {
    match name {
        "weekly" => Every::Weekly,
        "biweekly" => Every::Biweekly,
        _ => Every::Monthly,
    }
}

fn plan_of(row: &ScheduleRow) -> Option<Plan> {
    let minutes = u32::try_from(row.at_minute).ok()?;
    Some(Plan { every: every_from(&row.every), first_day: row.first_day.parse().ok()?, at: NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0)? })
}

fn view(conn: &Connection, row: &ScheduleRow) -> store::Result<Option<ReportSchedule>> {
    // What a newer Gatehouse wrote and this one does not understand is left alone.
    let (Some(plan), Some(next_at)) = (plan_of(row), moment(row.next_at)) else { return Ok(None) };
    let tenant = match &row.tenant {
        Some(id) => Some(TenantRef { id: id.clone(), display_name: store::tenants::get(conn, id)?.map_or_else(|| id.clone(), |tenant| tenant.display_name) }),
        None => None,
    };
    Ok(Some(ReportSchedule {
        id: count(row.id),
        report: kind_from(&row.report),
        tenant,
        every: plan.every,
        first_day: row.first_day.clone(),
        at: plan.at.format("%H:%M").to_string(),
        folder: row.folder.clone(),
        paper: if row.paper == "letter" { PaperSize::Letter } else { PaperSize::A4 },
        with_data: row.with_data,
        words: words(plan),
        next_at,
        last_at: row.last_at.and_then(moment),
        last_error: row.last_error.clone(),
        retry_at: row.retry_at.and_then(moment),
        created_by: row.created_by.clone(),
    }))
}

fn unknown(id: u32) -> Problem {
    problem("report.unknown_schedule", format!("There is no scheduled report {id}"), "Look at the list of schedules again.")
}

/// What makes a plan impossible; pure.
fn check(input: &ScheduleInput) -> Result<Plan, Problem> {
    let invalid = |what: &str, next: &str| problem("input.invalid", what, next);
    let first_day = input.first_day.trim().parse().map_err(|_| invalid("The first day is not a date", "Write it as year, month and day: 2026-11-30."))?;
    let at =
        NaiveTime::parse_from_str(input.at.trim(), "%H:%M").map_err(|_| invalid("The time is not one of the day", "Enter hours and minutes, like 08:00."))?;
    if input.folder.trim().is_empty() {
        return Err(problem("input.missing", "No folder was chosen", "Choose where the reports go."));
    }
    if !std::path::Path::new(input.folder.trim()).is_absolute() {
        return Err(invalid("The folder must be named whole", "Choose it, or write its whole path."));
    }
    if input.report == ReportKind::Fleet && input.tenant.is_some() {
        return Err(invalid("The fleet summary is about all customers", "Leave the customer out, or choose another report."));
    }
    Ok(Plan { every: input.every, first_day, at })
}

/// Whether something can be written into a folder, which is made where it is missing: better told now than on the first of the month.
fn writable(folder: &std::path::Path) -> Result<(), Problem> {
    let probe = folder.join(format!(".gatehouse-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&probe, b"")).and_then(|()| std::fs::remove_file(&probe)).map_err(|error| {
        problem(
            "report.folder",
            format!("Nothing can be written into {}", folder.display()),
            "Choose a folder that you may write to; connect the drive first where it lies on one.",
        )
        .with_details(error)
    })
}

impl Fleet {
    /// # Errors
    /// The store refused.
    pub fn report_schedules(&self) -> Result<Vec<ReportSchedule>, Problem> {
        Ok(self.0.store.read(|conn| table::all(conn)?.iter().filter_map(|row| view(conn, row).transpose()).collect())?)
    }

    /// Makes or changes one; `who` is the technician.
    ///
    /// # Errors
    /// A day, time or folder that is none, a folder that cannot be written to, a tenant that is not connected, or the store refused.
    pub fn report_schedule_put(&self, input: &ScheduleInput, who: &str) -> Result<ReportSchedule, Problem> {
        let plan = check(input)?;
        writable(input.folder.trim().as_ref())?;
        let now = self.now();
        let next = next_at(plan, &Local, now).ok_or_else(|| problem("input.invalid", "That day is too far away", "Choose an earlier first day."))?;
        let put = self.0.store.write(|tx| {
            let tenant = match &input.tenant {
                Some(id) => match store::tenants::get(tx, &id.to_lowercase())? {
                    Some(tenant) => Some(tenant),
                    None => return Ok(Err(no_such_tenant(id))),
                },
                None => None,
            };
            let before = match input.id {
                Some(id) => match table::get(tx, i64::from(id))? {
                    Some(row) => Some(row),
                    None => return Ok(Err(unknown(id))),
                },
                None => None,
            };
            let mut row = ScheduleRow {
                id: 0,
                report: kind_name(input.report).to_owned(),
                tenant: tenant.as_ref().map(|tenant| tenant.id.clone()),
                every: every_name(input.every).to_owned(),
                first_day: plan.first_day.to_string(),
                at_minute: i64::from(plan.at.num_seconds_from_midnight() / 60),
                folder: input.folder.trim().to_owned(),
                paper: match input.paper {
                    PaperSize::A4 => "a4",
                    PaperSize::Letter => "letter",
                }
                .to_owned(),
                with_data: input.with_data,
                next_at: next.timestamp_millis(),
                last_at: before.as_ref().and_then(|before| before.last_at),
                last_error: None,
                retry_at: None,
                failures: 0,
                created_by: before.as_ref().map_or_else(|| who.to_owned(), |before| before.created_by.clone()),
                created_at: before.as_ref().map_or_else(|| now.timestamp_millis(), |before| before.created_at),
            };
            match &before {
                Some(before) => {
                    row.id = before.id;
                    row.put(tx)?;
                }
                None => row.id = table::insert(tx, &row)?,
            }
            let action = if before.is_some() { "report.rescheduled" } else { "report.scheduled" };
            let detail = json!({ "schedule": row.id, "when": words(plan), "folder": row.folder, "before": before.as_ref().and_then(plan_of).map(words), "folderBefore": before.as_ref().map(|before| &before.folder) });
            audit::append(tx, now, who, action, row.tenant.as_deref(), &subject(&row, tenant.as_ref().map(|tenant| tenant.display_name.as_str())), &detail)?;
            Ok(view(tx, &row)?.ok_or_else(|| unknown(count(row.id))))
        })??;
        self.tell(FleetEvent::ReportsScheduled);
        Ok(put)
    }

    /// # Errors
    /// There is none, or the store refused.
    pub fn report_schedule_delete(&self, id: u32, who: &str) -> Result<(), Problem> {
        let now = self.now();
        self.0.store.write(|tx| {
            let Some(row) = table::get(tx, i64::from(id))? else { return Ok(Err(unknown(id))) };
            table::delete(tx, row.id)?;
            let name = match &row.tenant {
                Some(tenant) => store::tenants::get(tx, tenant)?.map(|tenant| tenant.display_name),
                None => None,
            };
            let detail = json!({ "schedule": row.id, "when": plan_of(&row).map(words), "folder": row.folder });
            audit::append(tx, now, who, "report.unscheduled", row.tenant.as_deref(), &subject(&row, name.as_deref()), &detail)?;
            Ok(Ok(()))
        })??;
        self.tell(FleetEvent::ReportsScheduled);
        Ok(())
    }

    /// Writes what is due. Called by the schedule while Gatehouse runs; a second call meanwhile does nothing. Blocking.
    ///
    /// # Errors
    /// The store refused.
    pub fn reports_due(&self) -> Result<u32, Problem> {
        let Some(_turn) = self.0.desk.take_turn() else { return Ok(0) };
        let due = self.0.store.read(|conn| table::due(conn, self.now().timestamp_millis()))?;
        for row in &due {
            self.write_scheduled(row)?;
        }
        Ok(count(i64::try_from(due.len()).unwrap_or(0)))
    }

    fn write_scheduled(&self, row: &ScheduleRow) -> Result<(), Problem> {
        let kind = kind_from(&row.report);
        let errors = match self.scheduled_orders(row, kind) {
            Ok(orders) => orders
                .iter()
                .filter_map(|order| {
                    let problem = self.outcome(order, CLOCK).problem?;
                    Some(order.tenant.as_ref().map_or_else(|| problem.to_string(), |tenant| format!("{}: {problem}", tenant.display_name)))
                })
                .collect(),
            Err(problem) => vec![problem.to_string()],
        };
        let now = self.now();
        let settled = settle(row, &errors, now);
        let told_first = settled.failures == 1;
        let written = self.0.store.write(|tx| {
            // Deleted or changed by a person meanwhile: theirs stands.
            let stands = table::get(tx, row.id)?.is_some_and(|kept| kept == *row);
            if stands {
                settled.put(tx)?;
            }
            if stands && told_first {
                let detail = json!({ "schedule": row.id, "problem": settled.last_error, "retryAt": settled.retry_at.and_then(moment) });
                audit::append(tx, now, CLOCK, "report.schedule_failed", row.tenant.as_deref(), &subject(row, None), &detail)?;
            }
            Ok(stands)
        })?;
        if written && told_first {
            self.tell(FleetEvent::ReportFailed { what: subject(row, None), problem: settled.last_error.clone().unwrap_or_default() });
        }
        self.tell(FleetEvent::ReportsScheduled);
        Ok(())
    }

    fn scheduled_orders(&self, row: &ScheduleRow, kind: ReportKind) -> Result<Vec<Order>, Problem> {
        let look = self.look(if row.paper == "letter" { PaperSize::Letter } else { PaperSize::A4 })?;
        let tenants = self.named(kind, &row.tenant.iter().cloned().collect::<Vec<_>>())?;
        let span = Span::Before(every_from(&row.every));
        let targets = self.in_folder(&tenants, row.folder.as_ref(), kind, row.with_data);
        Ok(targets.into_iter().map(|(tenant, target)| Order { kind, tenant, span: span.clone(), look: look.clone(), target }).collect())
    }
}

/// How a schedule stands after an attempt; pure. What was missed while Gatehouse was off counts as this one attempt.
fn settle(row: &ScheduleRow, errors: &[String], now: DateTime<Utc>) -> ScheduleRow {
    settle_in(row, errors, now, &Local)
}

fn settle_in<Z: chrono::TimeZone>(row: &ScheduleRow, errors: &[String], now: DateTime<Utc>, zone: &Z) -> ScheduleRow {
    let mut after = row.clone();
    if errors.is_empty() {
        after.last_at = Some(now.timestamp_millis());
        (after.last_error, after.retry_at, after.failures) = (None, None, 0);
        // A plan that has no next moment would otherwise be due for ever.
        after.next_at = plan_of(row).and_then(|plan| next_at(plan, zone, now)).map_or(i64::MAX, |next| next.timestamp_millis());
    } else {
        const NAMED: usize = 3;
        let more = errors.len().saturating_sub(NAMED);
        let mut said = errors.iter().take(NAMED).map(|error| error.trim_end_matches('.').to_owned()).collect::<Vec<_>>().join(". ");
        if more > 0 {
            said = format!("{said}. And {more} more");
        }
        after.failures = row.failures.saturating_add(1);
        after.last_error = Some(format!("{said}."));
        after.retry_at = Some(retry_at(after.failures, now).timestamp_millis());
    }
    after
}

fn subject(row: &ScheduleRow, tenant: Option<&str>) -> String {
    let whose = tenant.map_or_else(
        || if row.tenant.is_some() || row.report == "fleet" { String::new() } else { " of every customer".to_owned() },
        |name| format!(" of {name}"),
    );
    format!("{}{whose}, {}", title(kind_from(&row.report)), plan_of(row).map(words).unwrap_or_default().to_lowercase())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn row() -> ScheduleRow {
        ScheduleRow {
            id: 1,
            report: "insurer".to_owned(),
            tenant: None,
            every: "monthly".to_owned(),
            first_day: "2026-01-31".to_owned(),
            at_minute: 8 * 60,
            folder: "/reports".to_owned(),
            paper: "a4".to_owned(),
            with_data: true,
            next_at: 0,
            last_at: None,
            last_error: None,
            retry_at: None,
            failures: 0,
            created_by: "Ida".to_owned(),
            created_at: 0,
        }
    }

    #[test]
    fn after_a_success_the_next_moment_is_ahead_however_much_was_missed() {
        let now: DateTime<Utc> = "2026-11-21T17:00:00Z".parse().unwrap();
        let after = settle_in(&ScheduleRow { failures: 3, last_error: Some("x".to_owned()), retry_at: Some(1), ..row() }, &[], now, &chrono_tz::UTC);
        assert_eq!(moment(after.next_at).unwrap().to_rfc3339(), "2026-11-30T08:00:00+00:00");
        assert_eq!((after.last_at, after.last_error, after.retry_at, after.failures), (Some(now.timestamp_millis()), None, None, 0));
    }

    #[test]
    fn after_a_failure_it_stays_due_and_is_tried_again_later() {
        let now: DateTime<Utc> = "2026-11-21T17:00:00Z".parse().unwrap();
        let errors: Vec<String> = (1..=5).map(|n| format!("Customer {n}: the folder is gone.")).collect();
        let once = settle_in(&row(), &errors, now, &chrono_tz::UTC);
        assert_eq!((once.next_at, once.failures, once.last_at), (0, 1, None));
        assert_eq!(
            once.last_error.as_deref(),
            Some("Customer 1: the folder is gone. Customer 2: the folder is gone. Customer 3: the folder is gone. And 2 more.")
        );
        assert_eq!(moment(once.retry_at.unwrap()).unwrap() - now, chrono::TimeDelta::minutes(1));
        assert_eq!(moment(settle_in(&once, &errors, now, &chrono_tz::UTC).retry_at.unwrap()).unwrap() - now, chrono::TimeDelta::minutes(5));
    }

    #[test]
    fn a_plan_that_cannot_be_is_one_sentence() {
        let good = ScheduleInput {
            id: None,
            report: ReportKind::Insurer,
            tenant: None,
            every: Every::Weekly,
            first_day: "2026-11-23".to_owned(),
            at: "08:00".to_owned(),
            folder: std::env::temp_dir().display().to_string(),
            paper: PaperSize::A4,
            with_data: true,
        };
        assert!(check(&good).is_ok());
        let code = |input: ScheduleInput| check(&input).unwrap_err().code;
        assert_eq!(code(ScheduleInput { first_day: "Monday".to_owned(), ..good.clone() }), "input.invalid");
        assert_eq!(code(ScheduleInput { at: "25:00".to_owned(), ..good.clone() }), "input.invalid");
        assert_eq!(code(ScheduleInput { folder: " ".to_owned(), ..good.clone() }), "input.missing");
        assert_eq!(code(ScheduleInput { folder: "reports".to_owned(), ..good.clone() }), "input.invalid");
        assert_eq!(code(ScheduleInput { report: ReportKind::Fleet, tenant: Some("t".to_owned()), ..good }), "input.invalid");
    }
}
