//! A critical alert while the window is closed to the tray: the desktop shows a notification, and a click on it brings the
//! window up on that alert.

use serde_json::json;

use crate::demo_fleet::wait_for_sync;
use crate::desk::{Desk, output, wait_for};

#[tokio::test(flavor = "multi_thread")]
async fn a_clicked_notification_opens_its_alert_although_the_window_was_hidden() {
    let desk = Desk::open(&["--demo"]).await;
    wait_for_sync(&desk).await;
    output("dunstctl", &["close-all"]);
    output("dunstctl", &["history-clear"]);
    wait_for("the window", Desk::visible);
    Desk::close_window();
    wait_for("the window in the tray", || !Desk::visible());
    // What the first close says, so that it is not mistaken for the alert.
    output("dunstctl", &["close-all"]);

    desk.invoke("simulate", json!({ "event": "breakGlassSignIn" })).await;
    let alert = raised(&desk, "breakglass.signin").await;
    let (id, customer) = (alert["id"].as_u64().unwrap(), alert["tenant"]["displayName"].as_str().unwrap().to_owned());
    wait_for("the notification", || output("dunstctl", &["count", "displayed"]).trim().parse::<u32>().unwrap_or(0) > 0);
    assert!(!Desk::visible(), "a notification does not bring up the window by itself");

    // The click: dunst invokes the notification's default action.
    output("dunstctl", &["action"]);
    wait_for("the window", Desk::visible);
    let address = desk.wait_for_address(|address| address.contains("/alerts/")).await;
    assert!(address.ends_with(&format!("/alerts/{id}")), "{address} is not alert {id}");
    desk.wait_for_text(&customer).await;
    desk.screenshot("notification-clicked").await;

    let history = desk.invoke("alert_get", json!({ "id": id })).await["history"].clone();
    assert!(history.as_array().unwrap().iter().any(|event| event["what"] == "notified"), "{history}");
    desk.quit().await;
}

/// The newest open alert of a kind, once it is raised.
async fn raised(desk: &Desk, kind: &str) -> serde_json::Value {
    for _ in 0..600 {
        let alerts = desk.invoke("alerts_list", json!({ "filter": { "states": ["open"], "kinds": [kind] } })).await;
        if let Some(first) = alerts["rows"].as_array().and_then(|rows| rows.first()) {
            return first.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("no {kind} alert was raised");
}
