//! A Microsoft Graph that behaves like the real one, with its login endpoints, on 127.0.0.1: for the demo fleet, for the
//! tests, and for anybody who wants to try Gatehouse without a tenant. It imitates Microsoft's documented rules strictly;
//! each rule names its document. Nothing in here knows how Gatehouse reads Graph.

pub mod demo;
mod profile;

pub use profile::{DemoTenant, Licence, PartnerCustomer, TenantProfile, demo_client_id, demo_client_secret, gatehouse_permissions};
