//! Baselines: the built-in one, imported ones, and those taken from a tenant; their controls with editable severities, and
//! which tenant is held to which. Judging is the engine's; here they are listed, edited and assigned, each act in one
//! transaction with its row of the audit log.

use std::path::Path;

use conditional_access::baseline::{self, Baseline, Control, Severity as ControlSeverity};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use specta::Type;
use store::{
    Connection,
    baselines::{self as table, BaselineRow as Stored},
};

use super::{
    Moment, Problem, Severity, TenantRef,
    drift::{ControlKind, Reference, references, severity},
};
use crate::{
    Fleet, FleetEvent, audit,
    engine::baselines::{self as kept, BUILTIN, Body},
    problem::problem,
    transaction::{self, Decided, answered},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BaselineSource {
    BuiltIn,
    /// From a folder or files of exported policies.
    Imported,
    /// A tenant's policies as they were on a day.
    Tenant,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BaselineRow {
    pub id: String,
    pub name: String,
    pub source: BaselineSource,
    /// "12 policies from contoso-baseline", "Brightwater Dental Group on 3 Nov 2026".
    pub origin: String,
    pub controls: u32,
    /// Controls that are judged.
    pub on: u32,
    pub created_at: Option<Moment>,
    /// A person changed severities or turned controls off.
    pub edited: bool,
    /// The tenants that are held to it.
    pub tenants: Vec<TenantRef>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BaselineControl {
    pub id: String,
    pub title: String,
    pub kind: ControlKind,
    pub severity: Severity,
    /// What it is unless somebody changed it.
    pub default_severity: Severity,
    pub on: bool,
    pub rationale: String,
    /// How it is judged, in a sentence.
    pub judged: String,
    pub references: Vec<Reference>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BaselineDetail {
    pub row: BaselineRow,
    pub controls: Vec<BaselineControl>,
    /// What the import could not read or map, each in a sentence that names the file.
    pub remarks: Vec<String>,
}

/// What is stored beside a baseline's own body: remarks of its import.
const REMARKS: &str = "remarks";

/// Every baseline, the built-in one first.
///
/// # Errors
/// The store refused.
pub fn list(fleet: &Fleet) -> Result<Vec<BaselineRow>, Problem> {
    let (rows, tenants) = fleet.store().read(|conn| Ok((table::all(conn)?, held(conn)?)))?;
    let mut found = vec![shown(BUILTIN, rows.iter().find(|row| row.id == BUILTIN), builtin(&rows).as_ref(), &tenants)];
    for row in rows.iter().filter(|row| row.id != BUILTIN) {
        found.push(shown(&row.id, Some(row), kept::stored(&row.id, &row.body).ok().as_ref(), &tenants));
    }
    // A folder that a tenant was held to by its path is a baseline, too.
    for (folder, _) in tenants.iter().filter(|(id, _)| id != BUILTIN && !rows.iter().any(|row| row.id == *id)) {
        if !found.iter().any(|row| row.id == *folder) {
            found.push(shown(folder, None, kept::folder(Path::new(folder)).ok().map(|imported| imported.baseline).as_ref(), &tenants));
        }
    }
    Ok(found)
}

/// Tenants by the baseline that they are held to.
fn held(conn: &Connection) -> store::Result<Vec<(String, TenantRef)>> {
    Ok(store::tenants::all(conn)?.into_iter().map(|row| (row.baseline, TenantRef { id: row.id, display_name: row.display_name })).collect())
}

fn builtin(rows: &[Stored]) -> Option<Baseline> {
    match rows.iter().find(|row| row.id == BUILTIN) {
        Some(row) => kept::stored(BUILTIN, &row.body).ok(),
        None => Some(baseline::built_in()),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn shown(id: &str, row: Option<&Stored>, found: Option<&Baseline>, tenants: &[(String, TenantRef)]) -> BaselineRow {
    let edits = row.and_then(|row| serde_json::from_str::<Body>(&row.body).ok()).map(|body| body.edits).unwrap_or_default();
    let source = match row.map(|row| row.source.as_str()) {
        _ if id == BUILTIN => BaselineSource::BuiltIn,
        Some("tenant") => BaselineSource::Tenant,
        _ => BaselineSource::Imported,
    };
    BaselineRow {
        id: id.to_owned(),
        name: row
            .filter(|row| row.id != BUILTIN)
            .map(|row| row.name.clone())
            .or_else(|| found.map(|found| found.name.clone()))
            .unwrap_or_else(|| id.to_owned()),
        source,
        origin: match (source, row) {
            (BaselineSource::BuiltIn, _) => "Written from Microsoft's templates and CISA's SCuBA controls".to_owned(),
            (_, Some(row)) if found.is_some() => row.origin.clone(),
            (_, Some(row)) => format!("{}. It cannot be read any more", row.origin),
            (_, None) if found.is_some() => "A folder, read anew each time".to_owned(),
            (_, None) => "This baseline is gone: choose another one for its tenants".to_owned(),
        },
        controls: count(found.map_or(0, |found| found.controls.len())),
        on: count(found.map_or(0, |found| found.controls.iter().filter(|control| control.enabled).count())),
        created_at: row.filter(|row| row.id != BUILTIN).and_then(|row| super::moment(row.created_at)),
        edited: edits != kept::Edits::default(),
        tenants: tenants.iter().filter(|(held, _)| held == id).map(|(_, tenant)| tenant.clone()).collect(),
    }
}

/// One baseline with its controls.
///
/// # Errors
/// There is no such baseline, or the store refused.
pub fn get(fleet: &Fleet, id: &str) -> Result<BaselineDetail, Problem> {
    let (row, loaded, tenants) = fleet.store().read(|conn| Ok((table::get(conn, id)?, answered(kept::load(conn, id))?, held(conn)?)))?;
    let found = loaded?;
    let made = unedited(id, row.as_ref(), &found);
    Ok(BaselineDetail {
        controls: found.controls.iter().map(|control| control_of(control, made.control(&control.id))).collect(),
        remarks: row.as_ref().map(|row| remarks(&row.body)).unwrap_or_default(),
        row: shown(id, row.as_ref(), Some(&found), &tenants),
    })
}

/// As it was made, before anybody changed a severity.
fn unedited(id: &str, row: Option<&Stored>, found: &Baseline) -> Baseline {
    if id == BUILTIN {
        return baseline::built_in();
    }
    row.and_then(|row| serde_json::from_str::<Body>(&row.body).ok()).and_then(|body| Baseline::from_value(body.baseline).ok()).unwrap_or_else(|| found.clone())
}

fn remarks(body: &str) -> Vec<String> {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    body.get(REMARKS).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn control_of(control: &Control, made: Option<&Control>) -> BaselineControl {
    BaselineControl {
        id: control.id.clone(),
        title: control.title.clone(),
        kind: if control.is_policy() { ControlKind::Policy } else { ControlKind::Effect },
        severity: severity(control.severity),
        default_severity: severity(made.map_or(control.severity, |made| made.severity)),
        on: control.enabled,
        rationale: control.rationale.clone(),
        judged: control.judged(),
        references: references(control),
    }
}

fn no_baseline(id: &str) -> Problem {
    problem("baseline.unknown", "There is no such baseline any more", "Go back to the list of baselines.").with_details(id)
}

/// Makes a baseline of exported policies: a folder, or files.
///
/// # Errors
/// Nothing among them is a policy, or a path cannot be read.
pub fn import(fleet: &Fleet, paths: &[String], name: Option<&str>, who: &str) -> Result<BaselineDetail, Problem> {
    let imported = match paths {
        [one] if Path::new(one).is_dir() => kept::folder(Path::new(one))?,
        _ => files(paths)?,
    };
    let name = name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(&imported.baseline.name).to_owned();
    let policies = imported.baseline.controls.len();
    let origin = format!("{policies} {} from {}", if policies == 1 { "policy" } else { "policies" }, imported.baseline.name);
    let said: Vec<String> = imported.problems.iter().map(ToString::to_string).collect();
    let mut made = imported.baseline;
    made.name.clone_from(&name);
    store_new(fleet, New { name, source: "imported", origin, baseline: &made, remarks: said, who, action: "baseline.imported" })
}

/// Files that somebody dropped; folders among them count with what they hold.
fn files(paths: &[String]) -> Result<baseline::Imported, Problem> {
    const LARGEST: u64 = 8 * 1024 * 1024;
    const MOST: usize = 5_000;
    let unreadable =
        |path: &Path| problem("baseline.file", format!("{} cannot be read", path.display()), "Check that the file is there and that your account may read it.");
    let mut found: Vec<(String, Vec<u8>)> = Vec::new();
    let mut waiting: Vec<std::path::PathBuf> = paths.iter().map(std::path::PathBuf::from).collect();
    while let Some(path) = waiting.pop() {
        if found.len() >= MOST {
            break;
        }
        let facts = std::fs::metadata(&path).map_err(|error| unreadable(&path).with_details(error))?;
        if facts.is_dir() {
            let entries = std::fs::read_dir(&path).map_err(|error| unreadable(&path).with_details(error))?;
            // A link may lead round in a circle; what was dropped itself may be one.
            waiting.extend(entries.filter_map(Result::ok).filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_symlink())).map(|entry| entry.path()));
        } else if facts.is_file() && facts.len() <= LARGEST {
            let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
            found.push((name, std::fs::read(&path).map_err(|error| unreadable(&path).with_details(error))?));
        }
    }
    let name = match (found.as_slice(), paths.first().map(Path::new).and_then(Path::parent).and_then(Path::file_name)) {
        ([(one, _)], _) => one.trim_end_matches(".json").to_owned(),
        (_, Some(folder)) => folder.to_string_lossy().into_owned(),
        _ => "Imported policies".to_owned(),
    };
    kept::import(&name, &found)
}

/// Makes a baseline of a tenant's policies as they are now.
///
/// # Errors
/// The tenant's policies were never read, or the store refused.
pub fn from_tenant(fleet: &Fleet, tenant: &str, name: Option<&str>, who: &str) -> Result<BaselineDetail, Problem> {
    let engine = fleet.engine(tenant)?;
    engine.readable()?;
    let (row, bodies) = fleet.store().read(|conn| Ok((store::tenants::get(conn, &engine.tenant)?, store::policies::all(conn, &engine.tenant)?)))?;
    let called = row.map(|row| row.display_name).unwrap_or_default();
    let name = name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(&called).to_owned();
    let policies: Vec<Value> = bodies.iter().filter_map(|policy| serde_json::from_str(&policy.body).ok()).collect();
    if policies.is_empty() {
        return Err(problem(
            "baseline.no_policy",
            format!("{called} has no Conditional Access policy"),
            "Choose a tenant that has policies, or import a folder of them.",
        ));
    }
    let made = baseline::from_tenant(&name, &policies, &engine.engine);
    let origin = format!("{called} on {}", fleet.now().format("%-d %b %Y"));
    store_new(fleet, New { name, source: "tenant", origin, baseline: &made, remarks: Vec::new(), who, action: "baseline.taken" })
}

struct New<'n> {
    name: String,
    source: &'static str,
    origin: String,
    baseline: &'n Baseline,
    remarks: Vec<String>,
    who: &'n str,
    action: &'static str,
}

fn store_new(fleet: &Fleet, new: New<'_>) -> Result<BaselineDetail, Problem> {
    let now = fleet.now();
    let id = uuid::Uuid::new_v4().to_string();
    let row = Stored {
        id: id.clone(),
        name: new.name.clone(),
        source: new.source.to_owned(),
        origin: new.origin.clone(),
        body: json!({ "baseline": new.baseline.to_value(), "edits": {}, REMARKS: new.remarks }).to_string(),
        created_at: now.timestamp_millis(),
        created_by: new.who.to_owned(),
    };
    fleet.store().write(|tx| {
        row.put(tx)?;
        audit::append(tx, now, new.who, new.action, None, &new.name, &json!({ "baseline": id, "origin": new.origin, "controls": new.baseline.controls.len() }))
    })?;
    get(fleet, &id)
}

/// Gives it another name.
///
/// # Errors
/// The built-in one keeps its name; or the store refused.
pub fn rename(fleet: &Fleet, id: &str, name: &str, who: &str) -> Result<BaselineDetail, Problem> {
    let name = name.trim();
    if name.is_empty() {
        return Err(problem("input.missing", "A baseline needs a name", "Write one."));
    }
    let now = fleet.now();
    transaction::write(fleet.store(), |tx| {
        let mut row = own(tx, id)?;
        let before = std::mem::replace(&mut row.name, name.to_owned());
        let mut body: Value = serde_json::from_str(&row.body).unwrap_or_default();
        if let Some(own) = body.get_mut("baseline").and_then(|own| own.get_mut("name")) {
            *own = json!(name);
        }
        row.body = body.to_string();
        row.put(tx)?;
        audit::append(tx, now, who, "baseline.renamed", None, name, &json!({ "baseline": id, "before": before }))?;
        Ok(())
    })?;
    judge_again(fleet, id)?;
    get(fleet, id)
}

/// One that is not built in: only such a one can be renamed or removed.
fn own(tx: &Connection, id: &str) -> Decided<Stored> {
    if id == BUILTIN {
        let next = "Change its severities, or import a baseline of your own.";
        return Err(problem("baseline.built_in", "The built-in baseline stays as it is called, and stays", next).into());
    }
    Ok(table::get(tx, id)?.ok_or_else(|| no_baseline(id))?)
}

/// Changes how grave a control is, or whether it is judged; None leaves as it is.
///
/// # Errors
/// There is no such control, or the store refused.
pub fn control_set(fleet: &Fleet, id: &str, control: &str, severity: Option<Severity>, on: Option<bool>, who: &str) -> Result<BaselineDetail, Problem> {
    let grave = severity.map(control_severity).transpose()?;
    let now = fleet.now();
    transaction::write(fleet.store(), |tx| edit(tx, now, id, control, grave, on, who))?;
    judge_again(fleet, id)?;
    get(fleet, id)
}

fn control_severity(severity: Severity) -> Result<ControlSeverity, Problem> {
    match severity {
        Severity::Critical => Ok(ControlSeverity::Critical),
        Severity::High => Ok(ControlSeverity::High),
        Severity::Medium => Ok(ControlSeverity::Medium),
        Severity::Low => Ok(ControlSeverity::Low),
        Severity::Information => Err(problem("input.invalid", "A control is at least of low severity", "Choose low, or turn the control off.")),
    }
}

fn edit(tx: &Connection, now: Moment, id: &str, control: &str, severity: Option<ControlSeverity>, on: Option<bool>, who: &str) -> Decided<()> {
    let row = match table::get(tx, id)? {
        Some(row) => row,
        None if id == BUILTIN => Stored {
            id: BUILTIN.to_owned(),
            name: baseline::built_in().name,
            source: BUILTIN.to_owned(),
            origin: String::new(),
            body: "{}".to_owned(),
            created_at: now.timestamp_millis(),
            created_by: who.to_owned(),
        },
        None => return Err(no_baseline(id).into()),
    };
    let mut body: Value = serde_json::from_str(&row.body).unwrap_or_default();
    let known: Body = serde_json::from_str(&row.body).unwrap_or_default();
    let made = if id == BUILTIN { Ok(baseline::built_in()) } else { Baseline::from_value(known.baseline) };
    let as_made = made
        .ok()
        .and_then(|made| made.control(control).cloned())
        .ok_or_else(|| problem("baseline.no_control", "The baseline has no such control", "Go back to the baseline's controls.").with_details(control))?;
    let mut edits = known.edits;
    // What is as it was made is no edit.
    if let Some(severity) = severity {
        edits.severity.remove(control);
        if severity != as_made.severity {
            edits.severity.insert(control.to_owned(), severity);
        }
    }
    if let Some(on) = on {
        edits.enabled.remove(control);
        if on != as_made.enabled {
            edits.enabled.insert(control.to_owned(), on);
        }
    }
    if let Some(members) = body.as_object_mut() {
        members.insert("edits".to_owned(), json!(edits));
    }
    let subject = format!("{} of {}", as_made.title, row.name);
    Stored { body: body.to_string(), ..row }.put(tx)?;
    audit::append(tx, now, who, "baseline.control_changed", None, &subject, &json!({ "baseline": id, "control": control, "severity": severity, "on": on }))?;
    Ok(())
}

/// Holds tenants to a baseline; an empty list is every tenant. Returns how many.
///
/// # Errors
/// There is no such baseline or tenant, or the store refused.
pub fn assign(fleet: &Fleet, id: &str, tenants: &[String], who: &str) -> Result<u32, Problem> {
    let now = fleet.now();
    let changed = transaction::write(fleet.store(), |tx| {
        let found = answered(kept::load(tx, id))?.map_err(|_| no_baseline(id))?;
        let all = store::tenants::all(tx)?;
        if let Some(strange) = tenants.iter().find(|wanted| !all.iter().any(|row| row.id.eq_ignore_ascii_case(wanted))) {
            return Err(super::no_such_tenant(strange).into());
        }
        let mut changed = Vec::new();
        for row in all.into_iter().filter(|row| tenants.is_empty() || tenants.iter().any(|wanted| row.id.eq_ignore_ascii_case(wanted))) {
            if table::assign(tx, id, &row.id)? {
                audit::append(
                    tx,
                    now,
                    who,
                    "baseline.assigned",
                    Some(&row.id),
                    &format!("{} is held to {}", row.display_name, found.name),
                    &json!({ "before": row.baseline, "after": id }),
                )?;
                changed.push(row.id);
            }
        }
        Ok(changed)
    })?;
    for tenant in &changed {
        rejudge(fleet, tenant);
    }
    Ok(count(changed.len()))
}

/// Removes it; tenants that were held to it go back to the built-in one.
///
/// # Errors
/// The built-in one stays; or the store refused.
pub fn remove(fleet: &Fleet, id: &str, who: &str) -> Result<(), Problem> {
    let now = fleet.now();
    let tenants = transaction::write(fleet.store(), |tx| {
        let row = own(tx, id)?;
        let tenants: Vec<String> = held(tx)?.into_iter().filter(|(held, _)| held == id).map(|(_, tenant)| tenant.id).collect();
        table::remove(tx, id)?;
        audit::append(tx, now, who, "baseline.removed", None, &row.name, &json!({ "baseline": id, "tenants": tenants }))?;
        Ok(tenants)
    })?;
    for tenant in &tenants {
        rejudge(fleet, tenant);
    }
    Ok(())
}

/// Whoever is held to it is judged anew, so that lists and alerts follow at once.
fn judge_again(fleet: &Fleet, id: &str) -> Result<(), Problem> {
    for (_, tenant) in fleet.store().read(held)?.into_iter().filter(|(held, _)| held == id) {
        rejudge(fleet, &tenant.id);
    }
    Ok(())
}

fn rejudge(fleet: &Fleet, tenant: &str) {
    fleet.judge(tenant);
    fleet.tell(FleetEvent::DataChanged { tenant: tenant.to_owned() });
}
