//! Sign-ins and directory audits: events, read from a moment on, newest first, a few pages a transaction. Writing an event twice
//! is harmless. The watermark moves only when the whole read has ended, so a read that broke off leaves no hole.

use chrono::{DateTime, SecondsFormat, Utc};
use graph::{
    Request,
    resources::{DirectoryAudit, SignIn},
};
use serde_json::json;
use store::{
    DataKind, Transaction,
    directory_audits::{self, DirectoryAuditRow},
    sign_ins::{self, SignInRow},
};

use super::{folded, garbage};
use crate::{
    sync::{
        outcome::Fault,
        plan::{How, write_resume},
        reading::{Reading, save_place},
    },
    views::Problem,
};

pub async fn sign_ins(reading: &Reading) -> Result<Option<Problem>, Fault> {
    const PATH: &str = "auditLogs/signIns";
    let first = |from| Request::v1(PATH).filter(since("createdDateTime", from)).top(1000);
    events::<SignIn>(reading, first, |tx, tenant, page| {
        let mut rows = Vec::with_capacity(page.len());
        for event in page {
            let Some(row) = sign_in_row(tenant, event) else { return Ok(Err("a sign-in without id or time")) };
            rows.push(row);
        }
        // They come newest first; written in the order of time each lands beside the one before.
        rows.reverse();
        sign_ins::insert(tx, &rows)?;
        Ok(Ok(()))
    }, |tx, tenant| Ok((sign_ins::count(tx, tenant)?, sign_ins::newest(tx, tenant)?)))
    .await
}

pub async fn directory_audits(reading: &Reading) -> Result<Option<Problem>, Fault> {
    const PATH: &str = "auditLogs/directoryAudits";
    let first = |from| Request::v1(PATH).filter(since("activityDateTime", from)).top(1000);
    events::<DirectoryAudit>(reading, first, |tx, tenant, page| {
        let mut rows = Vec::with_capacity(page.len());
        for event in page {
            let Some(row) = audit_row(tenant, event) else { return Ok(Err("an audit event without id or time")) };
            rows.push(row);
        }
        directory_audits::insert(tx, &rows)?;
        Ok(Ok(()))
    }, |tx, tenant| Ok((directory_audits::count(tx, tenant)?, directory_audits::newest(tx, tenant)?)))
    .await
}

fn since(field: &str, from: DateTime<Utc>) -> String {
    format!("{field} ge {}", from.to_rfc3339_opts(SecondsFormat::Secs, true))
}

type Stored = store::Result<Result<(), &'static str>>;
/// A page into its table; the inner error says what of it was garbage.
type Write<T> = fn(&Transaction<'_>, &str, Vec<T>) -> Stored;
/// How many events are stored, and when the newest one happened.
type Facts = fn(&Transaction<'_>, &str) -> store::Result<(u64, Option<i64>)>;

async fn events<T: serde::de::DeserializeOwned + Send + 'static>(
    reading: &Reading,
    first: impl Fn(DateTime<Utc>) -> Request,
    write: Write<T>,
    facts: Facts,
) -> Result<Option<Problem>, Fault> {
    match &reading.step.how {
        How::ResumeSince { from, link } => match go(reading, Request::link(link.clone()), *from, write, facts).await {
            // The page is gone; the events are not. From the beginning, then.
            Err(Fault::Graph(error)) if !error.is_cancelled() && error.refusal().is_some_and(|refusal| matches!(refusal.status, 400 | 404 | 410)) => {
                go(reading, first(*from), *from, write, facts).await
            }
            other => other,
        },
        How::Since { from } => go(reading, first(*from), *from, write, facts).await,
        _ => Err(garbage("auditLogs", "events are not read in this way")),
    }
    .map(|()| None)
}

async fn go<T: serde::de::DeserializeOwned + Send + 'static>(
    reading: &Reading,
    start: Request,
    from: DateTime<Utc>,
    write: Write<T>,
    facts: Facts,
) -> Result<(), Fault> {
    let mut pages = reading.client.pages::<T>(start);
    let mut gathered = gather(reading, &mut pages).await;
    loop {
        let Gathered { values, next, error } = gathered;
        if let Some(error) = error {
            // What arrived before the failure is kept, with the page to go on from.
            if !values.is_empty() {
                keep(reading, values, next, from, write, facts).await?;
            }
            return Err(error.into());
        }
        if next.is_none() {
            return keep(reading, values, next, from, write, facts).await;
        }
        // These are written while the next ones are on their way.
        let (kept, following) = tokio::join!(keep(reading, values, next, from, write, facts), gather(reading, &mut pages));
        kept?;
        gathered = following;
    }
}

/// Events that are written together: every transaction writes the inner pages of the same indexes anew, so a few pages at once
/// cost much less. Two such lots are in memory at most.
const TOGETHER: usize = 2_000;

struct Gathered<T> {
    values: Vec<T>,
    /// The page after the last of these.
    next: Option<String>,
    error: Option<graph::GraphError>,
}

async fn gather<T: serde::de::DeserializeOwned + Send + 'static>(reading: &Reading, pages: &mut graph::Pages<T>) -> Gathered<T> {
    let mut gathered = Gathered { values: Vec::new(), next: None, error: None };
    loop {
        match pages.next().await {
            Ok(Some(page)) => {
                reading.saw(page.values.len());
                gathered.values.extend(page.values);
                gathered.next = page.next_link;
                if gathered.next.is_none() || gathered.values.len() >= TOGETHER {
                    return gathered;
                }
            }
            Ok(None) => return gathered,
            Err(error) => {
                gathered.error = Some(error);
                return gathered;
            }
        }
    }
}

/// One transaction: the events, and where to go on or that all were read.
async fn keep<T: Send + 'static>(
    reading: &Reading,
    values: Vec<T>,
    next: Option<String>,
    from: DateTime<Utc>,
    write: Write<T>,
    facts: Facts,
) -> Result<(), Fault> {
    let (tenant, kind, at) = (reading.tenant.clone(), reading.step.kind, reading.at());
    let ended = reading.ended();
    let outcome = reading
        .write(move |tx| {
            if let Err(detail) = write(tx, &tenant, values)? {
                return Ok(Err(detail));
            }
            match next {
                Some(link) => save_place(tx, &tenant, kind, at, Some(write_resume(from.timestamp_millis(), &link)))?,
                None => {
                    let (rows, newest) = facts(tx, &tenant)?;
                    // Without any event the watermark is where this read began: the next one need not go further back.
                    let watermark = newest.unwrap_or_else(|| from.timestamp_millis()).min(at.max(from.timestamp_millis()));
                    ended.put(tx, rows, None, Some(watermark))?;
                }
            }
            Ok(Ok(()))
        })
        .await?;
    let path = if kind_is_sign_ins(reading) { "auditLogs/signIns" } else { "auditLogs/directoryAudits" };
    outcome.map_err(|detail| garbage(path, detail))
}

fn kind_is_sign_ins(reading: &Reading) -> bool {
    reading.step.kind == DataKind::SignIns
}

fn sign_in_row(tenant: &str, event: SignIn) -> Option<SignInRow> {
    let created_at = event.created_date_time?.timestamp_millis();
    if event.id.is_empty() {
        return None;
    }
    let legacy = event.is_legacy();
    let applied = event.applied().to_owned();
    let status = event.status.unwrap_or_default();
    let device = event.device_detail.unwrap_or_default();
    let location = event.location.unwrap_or_default();
    let ca_status = event.conditional_access_status.as_ref().map(|status| status.as_str().to_owned()).unwrap_or_default();
    let error_code = status.error_code.unwrap_or(0);
    let result = crate::reasons::stored_result(error_code);
    let other = json!({
        "correlationId": event.correlation_id,
        "additionalDetails": status.additional_details,
        "riskState": event.risk_state,
        "riskLevelDuringSignIn": event.risk_level_during_sign_in,
        "authenticationRequirement": event.authentication_requirement,
        "state": location.state,
    });
    Some(SignInRow {
        tenant: tenant.to_owned(),
        id: folded(&event.id),
        created_at,
        user_id: event.user_id.as_deref().map(folded).unwrap_or_default(),
        upn: event.user_principal_name.unwrap_or_default(),
        user_name: event.user_display_name.unwrap_or_default(),
        app_id: event.app_id.as_deref().map(folded).unwrap_or_default(),
        app_name: event.app_display_name.unwrap_or_default(),
        resource_id: event.resource_id.as_deref().map(folded).unwrap_or_default(),
        resource_name: event.resource_display_name.unwrap_or_default(),
        client_app: event.client_app_used.unwrap_or_default(),
        legacy,
        ip: event.ip_address.unwrap_or_default(),
        country: location.country_or_region.unwrap_or_default(),
        city: location.city.unwrap_or_default(),
        os: device.operating_system.unwrap_or_default(),
        browser: device.browser.unwrap_or_default(),
        device_id: device.device_id.unwrap_or_default(),
        device_name: device.display_name.unwrap_or_default(),
        compliant: device.is_compliant,
        managed: device.is_managed,
        trust_type: device.trust_type.filter(|text| !text.is_empty()),
        interactive: event.is_interactive,
        error_code,
        failure_reason: status.failure_reason.unwrap_or_default(),
        result,
        blocked: crate::reasons::blocked(error_code, &ca_status),
        ca_status,
        risk: event.risk_level_aggregated.unwrap_or_default(),
        other: other.to_string(),
        applied,
    })
}

fn audit_row(tenant: &str, event: DirectoryAudit) -> Option<DirectoryAuditRow> {
    let activity_at = event.activity_date_time?.timestamp_millis();
    if event.id.is_empty() {
        return None;
    }
    let initiated_by = event.initiator().map(str::to_owned);
    let initiator_id = event.initiator_id().map(folded);
    let other = json!({ "operationType": event.operation_type, "resultReason": event.result_reason });
    Some(DirectoryAuditRow {
        tenant: tenant.to_owned(),
        activity_at,
        id: event.id,
        activity: event.activity_display_name.unwrap_or_default(),
        service: event.logged_by_service.unwrap_or_default(),
        category: event.category.unwrap_or_default(),
        result: event.result.map(|result| result.as_str().to_owned()).unwrap_or_default(),
        initiated_by,
        initiator_id,
        correlation_id: event.correlation_id.unwrap_or_default(),
        targets: serde_json::to_string(&event.target_resources).unwrap_or_else(|_| "[]".to_owned()),
        other: other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use store::sign_ins::SignInResult;

    use super::*;

    #[test]
    fn a_sign_in_that_policy_refused_is_told_from_a_wrong_password() {
        let of = |code: i64, ca: &str| {
            let event = serde_json::from_value(json!({"id": "S1", "createdDateTime": "2026-01-01T00:00:00Z",
                "status": {"errorCode": code}, "conditionalAccessStatus": ca}))
            .unwrap();
            let row = sign_in_row("t", event).unwrap();
            (row.result, row.blocked)
        };
        assert_eq!(of(0, "success"), (SignInResult::Success, false));
        assert_eq!(of(53003, "failure"), (SignInResult::Failure, true));
        assert_eq!(of(50126, "notApplied"), (SignInResult::Failure, false));
        assert_eq!(of(50074, "failure"), (SignInResult::Interrupted, false));
    }

    #[test]
    fn a_sign_in_without_a_time_is_not_stored() {
        let event = serde_json::from_value(json!({"id": "S1", "createdDateTime": "yesterday"})).unwrap();
        assert!(sign_in_row("t", event).is_none());
    }
}
