//! The Microsoft Graph client: sign-in flows, transport, typed resources
