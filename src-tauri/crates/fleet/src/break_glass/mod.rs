//! Break-glass (emergency access) accounts: which they are or might be, whether every policy leaves them alone, whether they are looked
//! after, and planned tests of them. The rules are Microsoft's "Manage emergency access accounts in Microsoft Entra ID". Decisions are
//! pure, on plain facts; `load` reads the facts, `drills` keeps the tests. Changing a tenant is `change`'s.

pub mod candidates;
pub mod drills;
pub mod health;
mod load;
pub mod matrix;

pub use load::view;
