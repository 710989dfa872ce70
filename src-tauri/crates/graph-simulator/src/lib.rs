//! A Microsoft Graph that behaves like the real one, with its login endpoints, on 127.0.0.1: for the demo fleet, for the
//! tests, and for anybody who wants to try Gatehouse without a tenant. It imitates Microsoft's documented rules strictly;
//! each rule names its document. Nothing in here knows how Gatehouse reads Graph.
//!
//! Beside Graph and the login there is `/simulator/…` for tests and the demo, without a token:
//!
//! | request | body | what happens |
//! | --- | --- | --- |
//! | `POST events/NAME` | | one of [`Event`] |
//! | `POST faults` | a [`FaultPlan`] as text | these faults hold; `writeLost`, `writeThen=503` and `writeSlow=MS` are for writes |
//! | `POST devices/CODE/approve` | | somebody enters the device code |
//! | `GET secrets` | | every secret that was given, to look for it where it must not be |
//! | `POST tenants/ID/policy` | fields of a policy, with `id` to change one | an administrator makes or changes a policy in the portal |
//! | `POST tenants/ID/delete-policy` | id | an administrator deletes a policy |
//! | `POST tenants/ID/add-member`, `remove-member` | `{"group","user"}` | an administrator changes a group |
//! | `POST tenants/ID/group` | `{"id", fields}` | a group becomes another: dynamic, synced, assignable to roles |
//! | `POST tenants/ID/delete-user` | id or UPN | a user goes to the recycle bin |
//! | `POST tenants/ID/sign-in` | `{"user", "errorCode", "failureReason", "policy", fields}` | a user signs in, or fails to |
//! | `POST tenants/ID/licence` | `free`, `p1`, `p2`, `lapsed` | what the tenant is licensed for |
//! | `POST tenants/ID/take-permission`, `give-permission` | names | consent is changed, at once |
//! | `POST tenants/ID/grant` | names | exactly these hold for tokens from now on |
//! | `POST tenants/ID/security-defaults` | `on`, `off` | |
//! | `POST tenants/ID/throttle` | seconds | every request is answered 429 |
//! | `POST tenants/ID/revoke-consent`, `restore-consent`, `expire-secret`, `close`, `rename`, `certificate` | | |
//! | `GET tenants/ID/policies`, `GET tenants/ID/members/GROUP` | | how it stands, replicated or not asked |

mod answer;
mod audits;
mod changes;
mod collection;
mod control;
pub mod demo;
mod faults;
mod graph;
mod handle;
mod happen;
mod har;
mod limits;
mod live;
mod login;
mod odata;
mod options;
mod permissions;
mod profile;
pub mod scale;
mod schema;
mod sealed;
mod server;
mod simulator;
mod state;
mod tenant;

pub use audits::Actor;
pub use faults::{Fault, FaultError, FaultKind, FaultPlan};
pub use handle::{ChangeError, TenantHandle};
pub use live::{Event, UnknownEvent};
pub use options::{Clock, Limits, SimulatorOptions};
pub use permissions::permission_table;
pub use profile::{
    DemoTenant, Licence, LogRetention, PartnerCustomer, TenantProfile, demo_client_id, demo_client_secret, gatehouse_permissions, gatehouse_writing_permissions,
};
pub use simulator::{Simulator, SimulatorError};
