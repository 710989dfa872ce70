//! The products that customers buy: ids and service plans as Microsoft's "Product names and service plan identifiers for
//! licensing" lists them.

use super::customers::Customer;
use super::draw::Seed;
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sku {
    BusinessStandard,
    BusinessPremium,
    OfficeE3,
    EnterpriseE3,
    FrontlineF3,
    Ems,
    EntraP1,
    EntraP2,
}

type Plan = (&'static str, &'static str);

const ENTRA_P1: Plan = ("41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM");
const ENTRA_P2: Plan = ("eec0eb4f-6444-4f95-aba0-50c24d67f998", "AAD_PREMIUM_P2");
const MFA: Plan = ("8a256a2b-b617-496d-b51b-e76466e88db0", "MFA_PREMIUM");
const INTUNE: Plan = ("c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "INTUNE_A");
const EXCHANGE_1: Plan = ("9aaf7827-d63c-4b61-89c3-182f06f82e5c", "EXCHANGE_S_STANDARD");
const EXCHANGE_2: Plan = ("efb87545-963c-4e0d-99df-69c6916d9eb0", "EXCHANGE_S_ENTERPRISE");
const EXCHANGE_KIOSK: Plan = ("4a82b400-a79f-41a4-b4e2-e94f5787b113", "EXCHANGE_S_DESKLESS");
const SHAREPOINT_1: Plan = ("c7699d2e-19aa-44de-8edf-1736da088ca1", "SHAREPOINTSTANDARD");
const SHAREPOINT_2: Plan = ("5dbe027f-2339-4123-9542-606e4d348a72", "SHAREPOINTENTERPRISE");
const SHAREPOINT_KIOSK: Plan = ("902b47e5-dcb2-4fdc-858b-c63a90a2bdb9", "SHAREPOINTDESKLESS");
const TEAMS: Plan = ("57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1");
const OFFICE_BUSINESS: Plan = ("094e7854-93fc-4d55-b2c0-3ab5369ebdc1", "OFFICE_BUSINESS");
const OFFICE: Plan = ("43de0ff5-c92c-492b-9116-175376d08c38", "OFFICESUBSCRIPTION");
const DEFENDER_OFFICE: Plan = ("f20fedf3-f3c3-43c3-8267-2bfdd51c0939", "ATP_ENTERPRISE");
const RIGHTS: Plan = ("6c57d4b6-3b23-47a5-9bc9-69f17b4947b3", "RMS_S_PREMIUM");
const YAMMER: Plan = ("7547a3fe-08ee-4ccb-b430-5077c5041653", "YAMMER_ENTERPRISE");
const SWAY: Plan = ("a23b959c-7ce8-4e57-9140-b90eb88a9e97", "SWAY");

impl Sku {
    pub fn id(self) -> &'static str {
        match self {
            Sku::BusinessStandard => "f245ecc8-75af-4f8e-b61f-27d8114de5f3",
            Sku::BusinessPremium => "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
            Sku::OfficeE3 => "6fd2c87f-b296-42f0-b197-1e91e994b900",
            Sku::EnterpriseE3 => "05e9a617-0261-4cee-bb44-138d3ef5d965",
            Sku::FrontlineF3 => "66b55226-6b4f-492c-910c-a3b7a3c9d993",
            Sku::Ems => "efccb6f7-5641-4e0e-bd10-b4976e1bf68e",
            Sku::EntraP1 => "078d2b04-f1bd-4111-bbd4-b4b1b354cef4",
            Sku::EntraP2 => "84a661c4-e949-4bd2-a560-ed7766fcaf2b",
        }
    }

    fn part_number(self) -> &'static str {
        match self {
            Sku::BusinessStandard => "O365_BUSINESS_PREMIUM",
            Sku::BusinessPremium => "SPB",
            Sku::OfficeE3 => "ENTERPRISEPACK",
            Sku::EnterpriseE3 => "SPE_E3",
            Sku::FrontlineF3 => "SPE_F1",
            Sku::Ems => "EMS",
            Sku::EntraP1 => "AAD_PREMIUM",
            Sku::EntraP2 => "AAD_PREMIUM_P2",
        }
    }

    fn plans(self) -> &'static [Plan] {
        match self {
            Sku::BusinessStandard => &[EXCHANGE_1, SHAREPOINT_1, TEAMS, OFFICE_BUSINESS, SWAY, YAMMER],
            Sku::BusinessPremium => &[EXCHANGE_1, SHAREPOINT_1, TEAMS, OFFICE_BUSINESS, ENTRA_P1, MFA, INTUNE, RIGHTS, DEFENDER_OFFICE, SWAY, YAMMER],
            Sku::OfficeE3 => &[EXCHANGE_2, SHAREPOINT_2, TEAMS, OFFICE, SWAY, YAMMER],
            Sku::EnterpriseE3 => &[EXCHANGE_2, SHAREPOINT_2, TEAMS, OFFICE, ENTRA_P1, MFA, INTUNE, RIGHTS, SWAY, YAMMER],
            Sku::FrontlineF3 => &[EXCHANGE_KIOSK, SHAREPOINT_KIOSK, TEAMS, ENTRA_P1, MFA, INTUNE, YAMMER],
            Sku::Ems => &[ENTRA_P1, MFA, INTUNE, RIGHTS],
            Sku::EntraP1 => &[ENTRA_P1, MFA],
            Sku::EntraP2 => &[ENTRA_P1, ENTRA_P2, MFA],
        }
    }
}

/// `subscribedSkus`: `consumed` counts the accounts that hold each of the customer's products, in the customer's order.
pub(super) fn subscribed_skus(customer: &Customer, seed: Seed, tenant_id: &str, consumed: &[usize]) -> Vec<Value> {
    customer
        .skus
        .iter()
        .zip(consumed)
        .map(|((sku, _), used)| {
            let plans: Vec<Value> = sku
                .plans()
                .iter()
                .map(|(id, name)| {
                    json!({
                        "servicePlanId": id,
                        "servicePlanName": name,
                        "provisioningStatus": "Success",
                        "appliesTo": if name.starts_with("AAD") || *name == "MFA_PREMIUM" { "Company" } else { "User" },
                    })
                })
                .collect();
            // Products are bought in steps, so that a few are always free.
            let step = if *used > 500 {
                100
            } else if *used > 50 {
                10
            } else {
                1
            };
            let enabled = used.div_ceil(step) * step + if step == 1 { 0 } else { step / 2 };
            json!({
                "id": format!("{tenant_id}_{}", sku.id()),
                "accountId": tenant_id,
                "accountName": customer.initial.split('.').next().unwrap_or_default(),
                "skuId": sku.id(),
                "skuPartNumber": sku.part_number(),
                "appliesTo": "User",
                "capabilityStatus": "Enabled",
                "consumedUnits": used,
                "prepaidUnits": {"enabled": enabled, "lockedOut": 0, "suspended": 0, "warning": 0},
                "subscriptionIds": [seed.id(&format!("subscription/{}", sku.id()))],
                "servicePlans": plans,
            })
        })
        .collect()
}
