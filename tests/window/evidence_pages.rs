//! A walk through the pages by which an insurer's evidence is made: the register of exceptions, the MFA of a customer and of the fleet, the
//! reports with their schedules and their look; with much to show, with nothing yet, and with what could not be read.

use serde_json::{Value, json};

use crate::demo_fleet::wait_for_sync;
use crate::desk::Desk;
use crate::tour::walk;

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_the_evidence_show_themselves() {
    let desk = Desk::open(&["--demo"]).await;
    wait_for_sync(&desk).await;
    let tenants = desk.invoke("tenants_list", json!({})).await;
    let named = |name: &str| tenants.as_array().unwrap().iter().find(|row| text(&row["displayName"]).starts_with(name)).map(|row| text(&row["id"])).unwrap();
    let (aegis, dental, clinics) = (named("Aegis"), named("Brightwater"), named("Kestrel"));
    let mut troubled = walk(
        &desk,
        &[("schedules-none", "/reports?tab=schedules".into()), ("exceptions-none", format!("/tenants/{aegis}/exceptions?list=register"))],
        &[],
        &[],
    )
    .await;
    register(&desk, &aegis).await;
    schedules(&desk, &aegis).await;
    answer(&desk, &aegis).await;
    let base = format!("/tenants/{aegis}");
    let pages = [
        ("exceptions", format!("{base}/exceptions?list=register")),
        ("exceptions-carve-outs", format!("{base}/exceptions?list=carve-outs")),
        ("exception-panel", format!("{base}/exceptions?list=register&open=2")),
        ("exceptions-unlicensed", format!("/tenants/{dental}/exceptions")),
        ("exceptions-revoked", format!("/tenants/{clinics}/exceptions")),
        ("mfa-none", format!("{base}/mfa?mfa=none")),
        ("mfa-passkey", format!("{base}/mfa?passkey=ready")),
        ("mfa-without-phone", format!("{base}/mfa?phone=none")),
        ("mfa-revoked", format!("/tenants/{clinics}/mfa")),
        ("mfa-fleet", "/mfa".into()),
        ("mfa-fleet-worse", "/mfa?show=worse&days=90".into()),
        ("reports-insurer", format!("/reports?report=insurer&tenant={aegis}")),
        ("reports-insurer-unlicensed", format!("/reports?report=insurer&tenant={dental}")),
        ("reports-everybody", "/reports?report=mfa&tenant=every-customer".into()),
        ("schedules", "/reports?tab=schedules".into()),
        ("look", "/reports?tab=look".into()),
    ];
    let register = format!("{base}/exceptions?list=register");
    let dialogs = [
        ("dialog-exception", register.clone(), "Write down an exception"),
        ("dialog-sheet", register.clone(), "Export for signature"),
        ("dialog-return", register, "Record the return"),
        ("dialog-answer", format!("/reports?report=insurer&tenant={aegis}"), "Answer otherwise"),
        ("dialog-schedule", "/reports?tab=schedules".into(), "Schedule a report"),
    ];
    troubled.extend(walk(&desk, &pages, &dialogs, &["mfa-revoked", "exceptions-revoked"]).await);
    assert!(troubled.is_empty(), "{}", troubled.join("\n"));
    desk.quit().await;
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A register with one of each: signed, sent, declined, a draft and one that waits for its review.
async fn register(desk: &Desk, tenant: &str) {
    let page = desk.invoke("exceptions_page", json!({ "tenant": tenant })).await;
    let open: Vec<&Value> = page["carveOuts"].as_array().unwrap().iter().filter(|row| row["standing"] == "notSignedOff").collect();
    assert!(open.len() > 1, "the demo customer's policies leave out what nobody signed off: {page}");
    let from = |row: &Value, reason: &str| {
        json!({ "tenant": tenant, "subjectKind": row["kind"], "subjectId": row["subjectId"], "subjectName": row["subjectName"], "policy": row["policy"]["id"],
            "reason": reason, "compensating": "Sign-ins are watched; a key is ordered", "ticket": "T-2041", "until": null, "reviewDue": "2027-06-30" })
    };
    let signed = new(desk, from(open[0], "The scanner in the warehouse cannot answer a prompt; it is replaced in spring")).await;
    let sent = new(desk, from(open[1], "Works without a phone until the key arrives")).await;
    let words = |subject: &str, reason: &str| {
        json!({ "tenant": tenant, "subjectKind": "other", "subjectId": null, "subjectName": subject, "policy": null, "reason": reason,
            "compensating": "", "ticket": null, "until": "2027-03-31", "reviewDue": null })
    };
    let declined = new(desk, words("The reception desk's shared computer", "Everybody there uses one account")).await;
    new(desk, words("\u{5d4}\u{5de}\u{5e9}\u{5e8}\u{5d3} \u{5d1}\u{5d7}\u{5d9}\u{5e4}\u{5d4}", "The branch abroad joins the tenant in summer")).await;
    for (row, yes) in [(&signed, true), (&declined, false)] {
        let input = json!({ "returned": [{ "id": row["row"]["id"], "revision": row["row"]["revision"], "signed": yes }], "by": "Dana Whitfield", "role": "Managing director",
            "on": page["today"], "note": null, "paper": null });
        desk.invoke("exceptions_return", json!({ "input": input })).await;
    }
    desk.invoke("exception_act", json!({ "id": sent["row"]["id"], "revision": sent["row"]["revision"], "deed": { "deed": "send", "to": "Dana Whitfield" } }))
        .await;
}

async fn new(desk: &Desk, input: Value) -> Value {
    desk.invoke("exception_new", json!({ "input": input })).await
}

async fn schedules(desk: &Desk, tenant: &str) {
    let folder = desk.data.path().join("Reports");
    std::fs::create_dir_all(&folder).unwrap();
    for (report, of, every) in [("insurer", json!(tenant), "monthly"), ("mfa", Value::Null, "weekly"), ("fleet", Value::Null, "biweekly")] {
        let input = json!({ "id": null, "report": report, "tenant": of, "every": every, "firstDay": "2027-01-04", "at": "08:00", "folder": folder, "paper": "a4",
            "withData": report == "insurer" });
        desk.invoke("report_schedule_put", json!({ "input": input })).await;
    }
}

async fn answer(desk: &Desk, tenant: &str) {
    let view = desk.invoke("evidence_statements", json!({ "tenant": tenant, "period": { "from": null, "to": null, "days": 30 } })).await;
    let input = json!({ "tenant": tenant, "statement": view["statements"][0]["id"], "answer": "partly", "person": "Dana Whitfield",
        "note": "The two mailboxes left over are closed on Friday" });
    desk.invoke("evidence_override_set", json!({ "input": input })).await;
}
