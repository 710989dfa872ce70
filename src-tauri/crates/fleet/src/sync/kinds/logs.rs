//! Sign-ins and directory audits: events, read from a moment on, newest first, a few pages a transaction. Writing an event twice
//! is harmless. The watermark moves only when the whole read has ended, so a read that broke off leaves no hole.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use chrono::{DateTime, SecondsFormat, Utc};
use conditional_access::replay;
use graph::{
    Page, Pages, ReadPage, Request,
    resources::{DirectoryAudit, SignIn, SignInPage},
};
use store::{
    Transaction,
    directory_audits::{self, DirectoryAuditRow},
    sign_ins::{self, Arrived, Keys, Parcel, Repeats},
};

use super::{folded, garbage};
use crate::{
    sync::{
        outcome::Fault,
        plan::{How, write_resume},
        reading::{PATIENCE, Reading, save_place},
    },
    views::Problem,
};

pub async fn sign_ins(reading: &Reading) -> Result<Option<Problem>, Fault> {
    const PATH: &str = "auditLogs/signIns";
    // Packed where each page arrives, so that of a page nothing but numbers and new texts is kept.
    let repeats = Arc::new(Mutex::new(Repeats::default()));
    let keys = Arc::new(Mutex::new(Keys::default()));
    let source = Source {
        path: PATH,
        // Without it the results of report-only policies come as unknownFutureValue ("appliedConditionalAccessPolicy resource type").
        first: Box::new(|from| Request::v1(PATH).filter(since("createdDateTime", from)).top(1000).unknown_enum_members()),
        read: Arc::new(move |body| {
            // Looked at as text once, instead of each of its thousands of strings by itself.
            let text = std::str::from_utf8(body).map_err(serde::de::Error::custom)?;
            let page: SignInPage<'_> = serde_json::from_str(text)?;
            Ok(one(page.next_link, packed(&page.value, &mut lock(&repeats))))
        }),
        write: Arc::new(move |tx, tenant, parcel| sign_ins::write(tx, tenant, &mut lock(&keys), parcel).map(|_| ())),
        facts: |tx, tenant| Ok((sign_ins::count(tx, tenant)?, sign_ins::newest(tx, tenant)?)),
    };
    events(reading, &source).await
}

fn packed(page: &[SignIn<'_>], repeats: &mut Repeats) -> Result<Parcel, &'static str> {
    if page.iter().any(|event| event.id.trim().is_empty() || event.created_date_time.is_none()) {
        return Err("a sign-in without id or time");
    }
    let mut parcel = Parcel::of(page.len());
    for event in page {
        pack(event, repeats, &mut parcel);
    }
    Ok(parcel)
}

pub async fn directory_audits(reading: &Reading) -> Result<Option<Problem>, Fault> {
    const PATH: &str = "auditLogs/directoryAudits";
    let tenant = reading.tenant.clone();
    let source = Source {
        path: PATH,
        first: Box::new(|from| Request::v1(PATH).filter(since("activityDateTime", from)).top(1000)),
        read: Arc::new(move |body| {
            let page: Page<DirectoryAudit> = serde_json::from_slice(body)?;
            let rows = page.values.into_iter().map(|event| audit_row(&tenant, event).ok_or("an audit event without id or time")).collect();
            Ok(one(page.next_link, rows))
        }),
        write: Arc::new(|tx, _, rows: Vec<DirectoryAuditRow>| directory_audits::insert(tx, &rows).map(|_| ())),
        facts: |tx, tenant| Ok((directory_audits::count(tx, tenant)?, directory_audits::newest(tx, tenant)?)),
    };
    events(reading, &source).await
}

/// A page whose events are one lot; or what of it is garbage.
fn one<L>(next_link: Option<String>, lot: Result<L, &'static str>) -> Page<Result<L, &'static str>> {
    Page { values: vec![lot], next_link, delta_link: None, count: None }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Events that are written together.
trait Lot: Default + Send + 'static {
    fn len(&self) -> usize;
    /// When the first and the last one happened, in milliseconds.
    fn span(&self) -> Option<(i64, i64)>;
    fn append(&mut self, next: Self);
}

impl Lot for Parcel {
    fn len(&self) -> usize {
        self.len()
    }

    fn span(&self) -> Option<(i64, i64)> {
        self.span()
    }

    fn append(&mut self, next: Self) {
        self.append(next);
    }
}

impl Lot for Vec<DirectoryAuditRow> {
    fn len(&self) -> usize {
        self.len()
    }

    fn span(&self) -> Option<(i64, i64)> {
        Some((self.first()?.activity_at, self.last()?.activity_at))
    }

    fn append(&mut self, mut next: Self) {
        Vec::append(self, &mut next);
    }
}

type Facts = fn(&Transaction<'_>, &str) -> store::Result<(u64, Option<i64>)>;
type Write<L> = Arc<dyn Fn(&Transaction<'_>, &str, L) -> store::Result<()> + Send + Sync>;

/// A log: where it is asked for, how a page is read and a lot written, and what is stored of it.
struct Source<L> {
    path: &'static str,
    first: Box<dyn Fn(DateTime<Utc>) -> Request + Send + Sync>,
    read: ReadPage<Result<L, &'static str>>,
    write: Write<L>,
    /// How many events are stored, and when the newest one happened.
    facts: Facts,
}

fn since(field: &str, from: DateTime<Utc>) -> String {
    format!("{field} ge {}", from.to_rfc3339_opts(SecondsFormat::Secs, true))
}

async fn events<L: Lot>(reading: &Reading, source: &Source<L>) -> Result<Option<Problem>, Fault> {
    match &reading.step.how {
        How::ResumeSince { from, link } => {
            // What happened since that read began is newer than all its pages.
            let (tenant, facts) = (reading.tenant.clone(), source.facts);
            let newest = reading.write(move |tx| Ok(facts(tx, &tenant)?.1)).await?.and_then(DateTime::from_timestamp_millis);
            let since = newest.map_or(*from, |newest| (newest.min(reading.now) - reading.fleet.0.options.overlap).max(*from));
            match go(reading, source, Request::link(link.clone()).unknown_enum_members(), *from).await {
                // The page is gone; the events are not. From the beginning, then.
                Err(Fault::Graph(error)) if !error.is_cancelled() && error.refusal().is_some_and(|refusal| matches!(refusal.status, 400 | 404 | 410)) => {
                    go(reading, source, (source.first)(*from), *from).await
                }
                Ok(()) => go(reading, source, (source.first)(since), since).await,
                other => other,
            }
        }
        How::Since { from } => go(reading, source, (source.first)(*from), *from).await,
        _ => Err(garbage("auditLogs", "events are not read in this way")),
    }
    .map(|()| None)
}

async fn go<L: Lot>(reading: &Reading, source: &Source<L>, start: Request, from: DateTime<Utc>) -> Result<(), Fault> {
    let mut pages = reading.client.pages_read_by(start, source.read.clone());
    let mut way = Way { from: from.timestamp_millis(), newest: None };
    let mut gathered = gather(reading, source.path, &mut pages, &mut way).await;
    loop {
        let Gathered { lot, next, fault } = gathered;
        if let Some(fault) = fault {
            // What arrived before the failure is kept, with the page to go on from.
            if lot.len() > 0 {
                keep(reading, source, lot, next, from).await?;
            }
            return Err(fault);
        }
        if next.is_none() {
            return keep(reading, source, lot, next, from).await;
        }
        // These are written while the next ones are on their way.
        let (kept, following) = tokio::join!(keep(reading, source, lot, next, from), gather(reading, source.path, &mut pages, &mut way));
        kept?;
        gathered = following;
    }
}

/// How far a read has come, by the time that it covers: events come newest first.
struct Way {
    /// Where it ends, in milliseconds.
    from: i64,
    /// Its first event.
    newest: Option<i64>,
}

impl Way {
    /// The part that lies behind, 0 to 1, where it is enough to tell by.
    #[allow(clippy::cast_precision_loss)] // milliseconds of some months
    fn done(&mut self, newest: i64, oldest: i64) -> Option<f64> {
        let newest = *self.newest.get_or_insert(newest);
        let (behind, all) = ((newest - oldest) as f64, (newest - self.from) as f64);
        Some(behind / all).filter(|done| all > 0.0 && (0.02..=1.0).contains(done))
    }
}

/// Every transaction writes the inner pages of the same indexes anew, so many events at once cost much less; two such lots are in
/// memory at most.
const TOGETHER: usize = 70_000;

struct Gathered<L> {
    lot: L,
    /// The page after the last of these.
    next: Option<String>,
    fault: Option<Fault>,
}

async fn gather<L: Lot>(reading: &Reading, path: &str, pages: &mut Pages<Result<L, &'static str>>, way: &mut Way) -> Gathered<L> {
    let begun = Instant::now();
    let mut gathered = Gathered { lot: L::default(), next: None, fault: None };
    loop {
        match pages.next().await {
            Ok(Some(page)) => {
                for lot in page.values {
                    match lot {
                        Ok(lot) => {
                            reading.saw(lot.len());
                            if let Some(done) = lot.span().and_then(|(newest, oldest)| way.done(newest, oldest)) {
                                reading.reached(done);
                            }
                            gathered.lot.append(lot);
                        }
                        Err(detail) => {
                            gathered.fault = Some(garbage(path, detail));
                            return gathered;
                        }
                    }
                }
                gathered.next = page.next_link;
                if gathered.next.is_none() || gathered.lot.len() >= TOGETHER || begun.elapsed() > PATIENCE {
                    return gathered;
                }
            }
            Ok(None) => return gathered,
            Err(error) => {
                gathered.fault = Some(error.into());
                return gathered;
            }
        }
    }
}

/// One transaction: the events, and where to go on or that all were read.
async fn keep<L: Lot>(reading: &Reading, source: &Source<L>, lot: L, next: Option<String>, from: DateTime<Utc>) -> Result<(), Fault> {
    let (tenant, kind, at) = (reading.tenant.clone(), reading.step.kind, reading.at());
    let (write, facts) = (source.write.clone(), source.facts);
    let ended = reading.ended();
    reading
        .write(move |tx| {
            write(tx, &tenant, lot)?;
            match next {
                Some(link) => save_place(tx, &tenant, kind, at, Some(write_resume(from.timestamp_millis(), &link))),
                None => {
                    let (rows, newest) = facts(tx, &tenant)?;
                    // Without any event the watermark is where this read began: the next one need not go further back.
                    let watermark = newest.unwrap_or_else(|| from.timestamp_millis()).min(at.max(from.timestamp_millis()));
                    ended.put(tx, rows, None, Some(watermark))
                }
            }
        })
        .await
}

fn pack(event: &SignIn<'_>, repeats: &mut Repeats, parcel: &mut Parcel) {
    let (status, device, location) = (event.status.as_ref(), event.device_detail.as_ref(), event.location.as_ref());
    let error_code = status.and_then(|status| status.error_code).unwrap_or(0);
    let ca_status: &str = &event.conditional_access_status;
    let other = [
        ("additionalDetails", status.map_or("", |status| &status.additional_details)),
        ("authenticationRequirement", &event.authentication_requirement),
        ("riskLevelDuringSignIn", &event.risk_level_during_sign_in),
        ("riskState", &event.risk_state),
    ];
    let unknown = if event.unknown.is_empty() {
        String::new()
    } else {
        serde_json::to_string(&event.unknown.iter().cloned().collect::<BTreeMap<_, _>>()).unwrap_or_default()
    };
    let sign_in = Arrived {
        id: event.id.trim(),
        created_at: event.created_date_time.map_or(0, |at| at.timestamp_millis()),
        user_id: event.user_id.trim(),
        upn: &event.user_principal_name,
        user_name: &event.user_display_name,
        app_id: event.app_id.trim(),
        app_name: &event.app_display_name,
        resource_id: event.resource_id.trim(),
        resource_name: &event.resource_display_name,
        client_app: &event.client_app_used,
        legacy: replay::words::is_legacy(&event.client_app_used),
        ip: &event.ip_address,
        country: location.map_or("", |location| &location.country_or_region),
        city: location.map_or("", |location| &location.city),
        state: location.map_or("", |location| &location.state),
        os: device.map_or("", |device| &device.operating_system),
        browser: device.map_or("", |device| &device.browser),
        device_id: device.map_or("", |device| &device.device_id),
        device_name: device.map_or("", |device| &device.display_name),
        compliant: device.and_then(|device| device.is_compliant),
        managed: device.and_then(|device| device.is_managed),
        trust_type: device.map(|device| &*device.trust_type).filter(|text| !text.is_empty()),
        interactive: event.is_interactive,
        error_code,
        failure_reason: status.map_or("", |status| &status.failure_reason),
        result: crate::reasons::stored_result(error_code),
        blocked: crate::reasons::blocked(error_code, ca_status),
        ca_status,
        risk: &event.risk_level_aggregated,
        other: &other,
        correlation_id: event.correlation_id.trim(),
        applied: event.applied(),
        unknown: &unknown,
    };
    repeats.pack(parcel, &sign_in);
}

fn audit_row(tenant: &str, event: DirectoryAudit) -> Option<DirectoryAuditRow> {
    let activity_at = event.activity_date_time?.timestamp_millis();
    if event.id.is_empty() {
        return None;
    }
    let initiated_by = event.initiator().map(str::to_owned);
    let initiator_id = event.initiator_id().map(folded);
    let mut other = event.other;
    other.insert("operationType".to_owned(), event.operation_type.into());
    other.insert("resultReason".to_owned(), event.result_reason.into());
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
        other: serde_json::Value::Object(other).to_string(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use serde_json::json;
    use store::{
        Store,
        sign_ins::{SignInResult, SignInRow},
    };

    use super::*;

    #[test]
    fn how_far_a_log_was_read_is_told_by_the_time_that_lies_behind() {
        let mut way = Way { from: 0, newest: None };
        assert_eq!(way.done(1000, 990), None, "too little to tell by");
        assert_eq!(way.done(989, 750), Some(0.25), "from the first event on");
        assert_eq!(way.done(749, 0), Some(1.0));
        assert_eq!(Way { from: 0, newest: None }.done(0, 0), None);
        assert_eq!(Way { from: 500, newest: None }.done(400, 300), None, "older than was asked for");
    }

    fn stored(page: &serde_json::Value) -> Result<Vec<SignInRow>, &'static str> {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("gatehouse.db"), Utc::now()).unwrap();
        let text = page.to_string();
        let parcel = packed(&serde_json::from_str::<SignInPage<'_>>(&text).unwrap().value, &mut Repeats::default())?;
        store
            .write(|tx| {
                tx.execute(
                    "INSERT INTO tenant (id, display_name, default_domain, cloud, auth, client_id, consent, added_at) VALUES ('t', '', '', 'demo', 'secret', '', 'granted', 0)",
                    [],
                )?;
                sign_ins::write(tx, "t", &mut Keys::default(), parcel)
            })
            .unwrap();
        Ok(store
            .read(|conn| {
                sign_ins::list(
                    conn,
                    &sign_ins::SignInFilter { tenant: "t".into(), ..Default::default() },
                    sign_ins::SignInSort::At,
                    store::Order::Ascending,
                    store::Slice::first(10),
                )
            })
            .unwrap()
            .rows)
    }

    #[test]
    fn a_sign_in_that_policy_refused_is_told_from_a_wrong_password() {
        let of = |code: i64, ca: &str| {
            let rows = stored(
                &json!({"value": [{"id": "S1", "createdDateTime": "2026-01-01T00:00:00Z", "status": {"errorCode": code}, "conditionalAccessStatus": ca}]}),
            )
            .unwrap();
            (rows[0].result, rows[0].blocked)
        };
        assert_eq!(of(0, "success"), (SignInResult::Success, false));
        assert_eq!(of(53003, "failure"), (SignInResult::Failure, true));
        assert_eq!(of(50126, "notApplied"), (SignInResult::Failure, false));
        assert_eq!(of(50074, "failure"), (SignInResult::Interrupted, false));
    }

    #[test]
    fn every_field_of_a_sign_in_arrives_whole_with_escapes_and_without() {
        let rows = stored(&json!({"value": [{
            "id": "66EA54EB-6301-4EE5-BE62-FF5A759B0100", "createdDateTime": "2026-01-01T00:00:00Z", "userId": "AB", "userPrincipalName": "o'neil@contoso.com",
            "userDisplayName": "Zo\u{eb} \"Z\" \\ O'Neil\n", "appId": "APP", "appDisplayName": "Office", "resourceId": null, "ipAddress": "::1", "clientAppUsed": "IMAP4",
            "correlationId": "not-a-guid", "conditionalAccessStatus": "notApplied", "isInteractive": false, "riskLevelAggregated": "low", "riskState": "atRisk",
            "status": {"errorCode": 50126, "failureReason": "Wrong", "additionalDetails": null},
            "deviceDetail": {"deviceId": "d", "displayName": "PC", "operatingSystem": "Windows", "browser": "Edge", "isCompliant": true, "isManaged": null, "trustType": ""},
            "location": {"city": "Delft", "state": "ZH", "countryOrRegion": "NL"}, "appliedConditionalAccessPolicies": [ {"id": "P"} ], "unknown": {"x": [1]}
        }]}))
        .unwrap();
        let row = &rows[0];
        assert_eq!((row.id.as_str(), row.user_id.as_str(), row.app_id.as_str()), ("66ea54eb-6301-4ee5-be62-ff5a759b0100", "ab", "app"));
        assert_eq!((row.user_name.as_str(), row.legacy, row.interactive), ("Zo\u{eb} \"Z\" \\ O'Neil\n", true, Some(false)));
        assert_eq!((row.compliant, row.managed, row.trust_type.as_deref(), row.resource_id.as_str()), (Some(true), None, None, ""));
        assert_eq!((row.country.as_str(), row.city.as_str(), row.applied.as_str()), ("NL", "Delft", "[{\"id\":\"P\"}]"));
        let other: serde_json::Value = serde_json::from_str(&row.other).unwrap();
        assert_eq!(other, json!({"state": "ZH", "correlationId": "not-a-guid", "riskState": "atRisk", "unknown": {"x": [1]}}));
    }

    #[test]
    fn a_sign_in_without_a_time_is_not_stored() {
        assert!(stored(&json!({"value": [{"id": "S1", "createdDateTime": "yesterday"}]})).is_err());
    }
}
