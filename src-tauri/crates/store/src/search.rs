//! Ctrl or Cmd K: users, policies, tenants and alerts by a piece of their names.
