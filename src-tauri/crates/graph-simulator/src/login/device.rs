//! "Microsoft identity platform and the OAuth 2.0 device authorization grant flow": codes, the page, and the polling answers
//! authorization_pending, slow_down, authorization_declined, expired_token.

use super::{Device, Form, LoginError, decide_device, fresh, is_any, known_client, named, pages};
use crate::answer::Answer;
use crate::state::{Shared, lock};
use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use uuid::Uuid;

pub(super) fn begin(shared: &Shared, tenant: &str, form: &Form, now: DateTime<Utc>) -> Result<Answer, LoginError> {
    let need = |name: &str| {
        let what = format!("The request body must contain the following parameter: '{name}'.");
        form.get(name).cloned().ok_or_else(|| LoginError::new(400, "invalid_request", 900_144, &what))
    };
    let client = need("client_id")?;
    let scopes = need("scope")?.split_whitespace().map(str::to_owned).collect();
    let tenant = if is_any(tenant) { shared.order.first().cloned().unwrap_or_default() } else { named(shared, tenant)? };
    known_client(shared, &tenant, &client)?;
    let lifetime = i64::try_from(shared.options.device_code_lifetime.as_secs()).unwrap_or(900);
    // Nine letters and digits without those that look alike.
    let letters = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let user_code: String = Uuid::new_v4().as_bytes().iter().take(9).map(|byte| char::from(letters[usize::from(*byte) % letters.len()])).collect();
    let device_code = fresh();
    let address = format!("{}/login/device", shared.base);
    let body = json!({
        "user_code": user_code, "device_code": device_code, "verification_uri": address, "expires_in": lifetime, "interval": 5,
        "message": format!("To sign in, use a web browser to open the page {address} and enter the code {user_code} to authenticate."),
    });
    let device = Device { tenant, client, user_code, scopes, expires: now + Duration::seconds(lifetime), polled: None, interval: 5, verdict: None };
    lock(&shared.pending).devices.insert(device_code, device);
    Ok(Answer::value(200, &body))
}

pub(super) fn redeem(shared: &Shared, tenant: &str, client: &str, form: &Form, now: DateTime<Utc>) -> Result<Answer, LoginError> {
    let refuse = |error: &str, code: u32, what: &str| Err(LoginError::new(400, error, code, what));
    let given = form.get("device_code").map(String::as_str).unwrap_or_default();
    let device = {
        let mut pending = lock(&shared.pending);
        let Some(device) = pending.devices.get_mut(given) else {
            return refuse("bad_verification_code", 501_491, "The device_code sent was not recognized.");
        };
        if device.expires < now {
            return refuse("expired_token", 70_020, "The provided value for the input parameter 'device_code' is not valid. This device code has expired.");
        }
        // RFC 8628, section 3.5: polling faster than the interval is answered slow_down, and the interval grows by 5 s.
        let hasty = device.verdict.is_none() && device.polled.is_some_and(|last| now - last < Duration::seconds(device.interval));
        device.polled = Some(now);
        if hasty {
            device.interval += 5;
            return refuse("slow_down", 70_016, "OAuth 2.0 device flow: polling too frequently. Slow down.");
        }
        match &device.verdict {
            None => return refuse("authorization_pending", 70_016, "OAuth 2.0 device flow error. Authorization is pending. Continue polling."),
            Some(Err(())) => return refuse("authorization_declined", 65_004, "User declined to consent to access the app."),
            Some(Ok(_)) => {}
        }
        let device = device.clone();
        pending.devices.remove(given);
        device
    };
    if !device.client.eq_ignore_ascii_case(client) {
        return refuse("invalid_grant", 700_007, "The device code was issued to another application.");
    }
    let Some(Ok((home, user))) = device.verdict else {
        return refuse("authorization_pending", 70_016, "OAuth 2.0 device flow error. Authorization is pending. Continue polling.");
    };
    let home = if is_any(tenant) { home } else { device.tenant };
    super::grant::delegated(shared, &home, client, &user, &device.scopes, None, form.get("claims").cloned(), now)
}

/// Where a person types the code.
pub(super) fn page(shared: &Shared, asked: &Form, now: DateTime<Utc>) -> Answer {
    let code = asked.get("user_code").or_else(|| asked.get("otc")).map(String::as_str).unwrap_or_default();
    let device = lock(&shared.pending).devices.values().find(|device| device.user_code.eq_ignore_ascii_case(code.trim()) && device.expires > now).cloned();
    let Some(device) = device else {
        let wrong = if code.is_empty() { "" } else { "<p>That code is wrong or has expired.</p>" };
        let form = "<form method=\"get\"><label>Code <input name=\"user_code\" autofocus></label> <button>Next</button></form>";
        return pages::page(200, "Enter code", &format!("{wrong}{form}"));
    };
    let code = pages::escape(&device.user_code);
    let mut body = String::from("<p>Choose who signs in.</p>");
    for (tenant, id, upn, name) in pages::accounts(shared, &[device.tenant]) {
        body.push_str(&format!(
            "<form method=\"post\"><input type=\"hidden\" name=\"user_code\" value=\"{code}\"><input type=\"hidden\" name=\"tenant\" value=\"{}\"><input type=\"hidden\" name=\"user\" value=\"{}\"><button name=\"verdict\" value=\"yes\">{} ({})</button></form>",
            pages::escape(&tenant), pages::escape(&id), pages::escape(&name), pages::escape(&upn)
        ));
    }
    body.push_str(&format!(
        "<form method=\"post\"><input type=\"hidden\" name=\"user_code\" value=\"{code}\"><button name=\"verdict\" value=\"no\">Cancel</button></form>"
    ));
    pages::page(200, "Sign in", &body)
}

pub(super) fn answered(shared: &Shared, posted: &Form, _now: DateTime<Utc>) -> Answer {
    let field = |name: &str| posted.get(name).cloned().unwrap_or_default();
    let user = (field("verdict") == "yes").then(|| (field("tenant"), field("user")));
    let said = user.is_some();
    match (decide_device(shared, &field("user_code"), user), said) {
        (true, true) => pages::plain(200, "Signed in", "You may close this window."),
        (true, false) => pages::plain(200, "Declined", "You may close this window."),
        (false, _) => pages::plain(400, "Unknown code", "That code is wrong or has expired."),
    }
}
