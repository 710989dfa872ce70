//! A walk through every page of the demo fleet: each shows itself, none shows a problem, in light and dark, in the small and the
//! large size that the design is made for. The pictures lie in `target/window-tests`.

use serde_json::{Value, json};

use crate::demo_fleet::wait_for_sync;
use crate::desk::Desk;
use crate::workflows::consent;

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_demo_fleet_shows_itself() {
    let desk = Desk::open(&["--demo"]).await;
    wait_for_sync(&desk).await;
    for event in ["weakenPolicy", "breakGlassSignIn", "assignRole", "legacySignIn"] {
        desk.invoke("simulate", json!({ "event": event })).await;
    }
    wait_for_alert(&desk, "policy.changed_in_portal").await;
    let mut pages = pages(&desk).await;
    let acting = acting(&desk).await;
    pages.extend(acting.pages);
    // A customer whose consent is gone, and one without a licence, say so: that is what their pages are for.
    let troubled = walk(&desk, &pages, &acting.dialogs, &["tenant-revoked", "sign-ins-none", "mfa-unreadable"]).await;
    assert!(troubled.is_empty(), "{}", troubled.join("\n"));
    desk.quit().await;
}

/// Every page and every dialog with the button that opens it, in light and small, in dark and large: a picture of each, and what did not
/// show itself. A page of `say_why` is there to say a problem.
pub async fn walk(desk: &Desk, pages: &[(&str, String)], dialogs: &[(&str, String, &str)], say_why: &[&str]) -> Vec<String> {
    let mut troubled = Vec::new();
    for (theme, width, height) in [("light", 1280, 800), ("dark", 1920, 1080)] {
        let mut settings = desk.invoke("settings_get", json!({})).await;
        settings["theme"] = json!(theme);
        desk.invoke("settings_set", json!({ "settings": settings })).await;
        desk.driver.execute("window.location.hash = '/'", vec![]).await.unwrap();
        desk.driver.refresh().await.unwrap();
        desk.driver.set_window_rect(0, 0, width, height).await.unwrap();
        desk.find("nav").await;
        for (name, address) in pages {
            let settled = settled(desk, address, say_why.contains(name)).await;
            desk.screenshot(&format!("{name}-{theme}-{width}")).await;
            if let Err(shown) = settled {
                troubled.push(format!("{name} ({address}, {theme}): {shown}"));
            }
        }
        for (name, address, button) in dialogs {
            if let Err(shown) = settled(desk, address, false).await {
                troubled.push(format!("{name} ({address}, {theme}): {shown}"));
            }
            desk.click(&format!("text={button}")).await;
            desk.find("[role=dialog]").await;
            desk.screenshot(&format!("{name}-{theme}-{width}")).await;
            // The next dialog may be of the same page.
            desk.driver.execute("window.location.hash = '/'", vec![]).await.unwrap();
        }
    }
    troubled
}

/// Goes to a page and waits, within the page itself, until it has its title, no longer loads, and says a problem exactly where
/// there is one to be said. (A command of the WebDriver that comes while an address changes may wait for a load that never ends.)
///
/// # Errors
/// What it showed when patience ended.
async fn settled(desk: &Desk, address: &str, says_why: bool) -> Result<(), Value> {
    let script = "const [address, saysWhy, done] = arguments;
        const path = address.split('?')[0];
        const text = (selector) => { const found = document.querySelector(selector); return found ? found.innerText.trim() : '' };
        const until = Date.now() + 25000;
        // What is drawn last (charts, virtual rows) comes a moment after the data: it has to stay so.
        let calm = 0;
        const look = () => {
            const shown = { address: window.location.hash, title: text('h1'), problem: text('[data-testid=problem]'),
                loading: !!document.querySelector('main [aria-busy=true], main [aria-label=Loading]') };
            const right = shown.address.includes(path) && shown.title !== '' && (shown.problem !== '') === saysWhy && !shown.loading;
            calm = right ? calm + 1 : 0;
            if (calm === 5) done(null);
            else if (Date.now() > until) done(shown);
            else setTimeout(look, 150);
        };
        window.location.hash = address;
        setTimeout(look, 150);";
    let answer = desk.driver.execute_async(script, vec![json!(address), json!(says_why)]).await;
    match answer.map(|answer| answer.json().clone()) {
        Ok(Value::Null) => Ok(()),
        Ok(shown) => Err(shown),
        Err(error) => Err(json!(error.to_string())),
    }
}

async fn wait_for_alert(desk: &Desk, kind: &str) {
    for _ in 0..1200 {
        let found = desk.invoke("alerts_list", json!({ "filter": { "kinds": [kind] } })).await;
        if found["total"].as_u64().unwrap_or(0) > 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("no {kind} alert was raised");
}

/// Each page with an address that has something to show.
async fn pages(desk: &Desk) -> Vec<(&'static str, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let tenants = desk.invoke("tenants_list", json!({})).await;
    let by_name =
        |name: &str| tenants.as_array().unwrap().iter().find(|row| row["displayName"].as_str().unwrap().starts_with(name)).map(|row| text(&row["id"])).unwrap();
    let (aegis, dental, clinics) = (by_name("Aegis"), by_name("Brightwater"), by_name("Kestrel"));
    let changed = desk.invoke("alerts_list", json!({ "filter": { "kinds": ["policy.changed_in_portal"] } })).await["rows"][0].clone();
    let failing = desk.invoke("sign_ins_list", json!({ "filter": { "tenant": aegis, "blockedByPolicy": true } })).await["rows"][0].clone();
    let policies = desk.invoke("policies_list", json!({ "tenant": changed["tenant"]["id"] })).await;
    let versioned = policies["policies"].as_array().unwrap().iter().max_by_key(|row| row["versions"].as_u64()).unwrap().clone();
    vec![
        ("dashboard", "/".into()),
        ("alerts", "/alerts".into()),
        ("alert-policy", format!("/alerts/{}", changed["id"])),
        ("tenants", "/tenants".into()),
        ("tenant", format!("/tenants/{aegis}")),
        ("tenant-revoked", format!("/tenants/{clinics}")),
        ("sign-ins", format!("/tenants/{aegis}/sign-ins")),
        ("sign-ins-locked-out", format!("/tenants/{aegis}/sign-ins?user={}&result=failure&days=7", text(&failing["userId"]))),
        ("sign-in", format!("/tenants/{aegis}/sign-ins?blocked=1&open={}", text(&failing["id"]))),
        ("sign-ins-none", format!("/tenants/{dental}/sign-ins")),
        ("users", format!("/tenants/{aegis}/users")),
        ("user", format!("/tenants/{aegis}/users/{}", text(&failing["userId"]))),
        ("mfa", format!("/tenants/{aegis}/mfa")),
        ("mfa-unreadable", format!("/tenants/{dental}/mfa")),
        ("policies", format!("/tenants/{aegis}/policies")),
        ("policy", format!("/tenants/{}/policies/{}", text(&changed["tenant"]["id"]), text(&versioned["id"]))),
        ("drift", format!("/tenants/{aegis}/drift")),
        ("coverage", format!("/tenants/{aegis}/coverage")),
        ("coverage-unlicensed", format!("/tenants/{dental}/coverage")),
        ("what-if", format!("/tenants/{aegis}/what-if?user={}", text(&failing["userId"]))),
        ("what-if-sign-in", format!("/tenants/{aegis}/what-if?like={}&fill=1", text(&failing["id"]))),
        ("replay", format!("/tenants/{aegis}/replay")),
        ("baselines", "/baselines".into()),
        ("reports", "/reports".into()),
        ("audit", "/audit".into()),
        ("settings", "/settings".into()),
        ("connect", "/connect".into()),
        ("welcome", "/welcome".into()),
    ]
}

/// Where something is done to a tenant: pages, and dialogs with the button that opens each.
struct Acting {
    pages: Vec<(&'static str, String)>,
    dialogs: Vec<(&'static str, String, &'static str)>,
}

/// A customer that may be written, with a change after its dry run, a draft, and a request for time-bound access that waits.
async fn acting(desk: &Desk) -> Acting {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let tenants = desk.invoke("tenants_list", json!({})).await;
    let tenant = tenants.as_array().unwrap().iter().find(|row| text(&row["displayName"]).starts_with("Aegis")).map(|row| text(&row["id"])).unwrap();
    desk.invoke("tenant_set", json!({ "tenant": tenant, "settings": { "writes": true } })).await;
    let attempt = desk.invoke("consent_start", json!({ "tenant": tenant })).await;
    consent(desk).await;
    crate::connecting::ended(desk, &attempt).await;

    let draft = |what: Value, reason: &str| json!({ "input": { "tenant": tenant, "draft": what, "reason": reason, "ticket": "T-4711", "origin": null } });
    let proposed = desk.invoke("change_propose", json!({ "tenant": tenant, "origin": { "kind": "drift", "control": "phishing-resistant-mfa-admins" } })).await;
    let written = desk.invoke("change_new", draft(proposed["draft"].clone(), "Auditor's finding")).await;
    let policies = desk.invoke("policies_list", json!({ "tenant": tenant })).await;
    let on = policies["policies"].as_array().unwrap().iter().find(|row| row["state"] == "enabled").unwrap();
    let off = desk.invoke("change_new", draft(json!({ "what": "policyState", "policy": on["id"], "state": "disabled" }), "It breaks the scanner")).await;
    let rehearsed = desk.invoke("change_dry_run", json!({ "id": off["row"]["id"], "revision": off["revision"] })).await;

    let failing = desk.invoke("sign_ins_list", json!({ "filter": { "tenant": tenant, "blockedByPolicy": true } })).await["rows"][0].clone();
    let form = desk.invoke("access_form", json!({ "tenant": tenant, "user": failing["userId"] })).await;
    let group = form["groups"].as_array().unwrap().iter().find(|each| each["refused"].is_null() && each["breakGlass"] == false).unwrap()["group"]["id"].clone();
    let input = json!({ "tenant": tenant, "user": failing["userId"], "group": group, "reason": "New phone arrives on Monday", "ticket": "T-4712",
        "end": { "how": "preset", "preset": "sevenDays" }, "signIn": failing["id"], "takeOver": false });
    let access = desk.invoke("access_request", json!({ "input": input })).await;

    let base = format!("/tenants/{tenant}");
    let list = format!("{base}/time-bound-access");
    let (draft, change) = (format!("/changes/{}", written["row"]["id"]), format!("/changes/{}", rehearsed["row"]["id"]));
    let panel = format!("{list}?open={}", access["row"]["id"]);
    Acting {
        pages: vec![
            ("changes", "/changes".into()),
            ("tenant-changes", format!("{base}/changes")),
            ("change-draft", draft.clone()),
            ("change-dry-run", change.clone()),
            ("change-impact", format!("{change}?impact=noLongerBlocked")),
            ("change-edit", format!("{draft}/edit")),
            ("change-new", format!("{base}/changes/new")),
            ("access", list.clone()),
            ("access-new", format!("{list}/new?user={}&group={}", text(&failing["userId"]), text(&group))),
            ("access-panel", panel.clone()),
            ("break-glass", format!("{base}/break-glass")),
        ],
        dialogs: vec![
            ("dialog-tenant-settings", base.clone(), "Tenant settings"),
            ("dialog-cancel-change", change, "Cancel the change"),
            ("dialog-approve", panel, "Approve"),
            ("dialog-drill", format!("{base}/break-glass"), "Plan a drill"),
        ],
    }
}
