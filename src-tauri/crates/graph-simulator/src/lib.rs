//! A Microsoft Graph that behaves like the real one, with its login endpoints, on 127.0.0.1: for the demo fleet, for the
//! tests, and for anybody who wants to try Gatehouse without a tenant. It imitates Microsoft's documented rules strictly;
//! each rule names its document. Nothing in here knows how Gatehouse reads Graph.

mod answer;
mod audits;
mod changes;
mod collection;
mod control;
pub mod demo;
mod faults;
mod graph;
mod handle;
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
pub use permissions::permission_table;
pub use options::{Clock, Limits, SimulatorOptions};
pub use profile::{DemoTenant, Licence, LogRetention, PartnerCustomer, TenantProfile, demo_client_id, demo_client_secret, gatehouse_permissions};
pub use simulator::{Simulator, SimulatorError};
