//! What-if: one sign-in against today's policies.

use fleet::views::what_if::{self, WhatIfAnswer, WhatIfChoices, WhatIfFromSignIn, WhatIfRequest};
use tauri::State;

use super::{Answer, ask};
use crate::App;

#[tauri::command]
#[specta::specta]
pub async fn what_if_choices(app: State<'_, App>, tenant: String) -> Answer<WhatIfChoices> {
    ask(&app, move |fleet| what_if::choices(fleet, &tenant)).await
}

#[tauri::command]
#[specta::specta]
pub async fn what_if_evaluate(app: State<'_, App>, request: WhatIfRequest) -> Answer<WhatIfAnswer> {
    ask(&app, move |fleet| what_if::evaluate(fleet, &request)).await
}

/// Fills the form from a real sign-in.
#[tauri::command]
#[specta::specta]
pub async fn what_if_from_sign_in(app: State<'_, App>, tenant: String, sign_in: String) -> Answer<WhatIfFromSignIn> {
    ask(&app, move |fleet| what_if::from_sign_in(fleet, &tenant, &sign_in)).await
}
