//! Names of Microsoft 365 products, and what a tenant's licences mean for what can be read: Entra ID P1 and P2 are service
//! plans inside other products. The part numbers are those of Microsoft's document "Product names and service plan identifiers
//! for licensing".

use serde_json::Value;
use store::organization::LicenceRow as Stored;

/// What a tenant's licences allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntraPlan {
    Free,
    P1,
    P2,
}

impl EntraPlan {
    pub const fn title(self) -> &'static str {
        match self {
            Self::Free => "Entra ID Free",
            Self::P1 => "Entra ID P1",
            Self::P2 => "Entra ID P2",
        }
    }
}

/// The best plan among the subscriptions that are in force.
pub fn entra_plan(licences: &[Stored]) -> EntraPlan {
    licences
        .iter()
        .filter_map(|licence| serde_json::from_str::<Value>(&licence.body).ok())
        .filter(in_force)
        .map(|body| plan_of(&body))
        .max()
        .unwrap_or(EntraPlan::Free)
}

fn in_force(sku: &Value) -> bool {
    // Without a status nothing says that it ended.
    !matches!(sku["capabilityStatus"].as_str(), Some("Suspended" | "Deleted" | "LockedOut"))
}

fn plan_of(sku: &Value) -> EntraPlan {
    let plans = sku["servicePlans"].as_array().map(Vec::as_slice).unwrap_or_default();
    plans
        .iter()
        .filter(|plan| !matches!(plan["provisioningStatus"].as_str(), Some("Disabled" | "Error")))
        .filter_map(|plan| match plan["servicePlanName"].as_str() {
            Some("AAD_PREMIUM_P2") => Some(EntraPlan::P2),
            Some("AAD_PREMIUM") => Some(EntraPlan::P1),
            _ => None,
        })
        .max()
        .unwrap_or(EntraPlan::Free)
}

/// The product's everyday name where known, else the part number.
pub fn product_name(sku_part_number: &str) -> String {
    let name = match sku_part_number {
        "AAD_PREMIUM" => "Microsoft Entra ID P1",
        "AAD_PREMIUM_P2" => "Microsoft Entra ID P2",
        "O365_BUSINESS_ESSENTIALS" => "Microsoft 365 Business Basic",
        "O365_BUSINESS_PREMIUM" => "Microsoft 365 Business Standard",
        "O365_BUSINESS" => "Microsoft 365 Apps for business",
        "SPB" => "Microsoft 365 Business Premium",
        "SPE_E3" => "Microsoft 365 E3",
        "SPE_E5" => "Microsoft 365 E5",
        "SPE_F1" | "M365_F1_COMM" => "Microsoft 365 F1/F3",
        "STANDARDPACK" => "Office 365 E1",
        "ENTERPRISEPACK" => "Office 365 E3",
        "ENTERPRISEPREMIUM" => "Office 365 E5",
        "DESKLESSPACK" => "Office 365 F3",
        "EMS" => "Enterprise Mobility + Security E3",
        "EMSPREMIUM" => "Enterprise Mobility + Security E5",
        "EXCHANGESTANDARD" => "Exchange Online (Plan 1)",
        "EXCHANGEENTERPRISE" => "Exchange Online (Plan 2)",
        "IDENTITY_THREAT_PROTECTION" => "Microsoft 365 E5 Security",
        "INTUNE_A" => "Microsoft Intune Plan 1",
        "ATP_ENTERPRISE" => "Microsoft Defender for Office 365 (Plan 1)",
        "MDATP_Server" | "DEFENDER_ENDPOINT_P1" => "Microsoft Defender for Endpoint",
        "FLOW_FREE" => "Microsoft Power Automate Free",
        "POWER_BI_STANDARD" => "Power BI (free)",
        "POWER_BI_PRO" => "Power BI Pro",
        "TEAMS_EXPLORATORY" => "Microsoft Teams Exploratory",
        "VISIOCLIENT" => "Visio Plan 2",
        "PROJECTPROFESSIONAL" => "Project Plan 3",
        "WINDOWS_STORE" => "Windows Store for Business",
        "Microsoft_365_Copilot" => "Microsoft 365 Copilot",
        other => return other.to_owned(),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use serde_json::json;

    fn licence(body: Value) -> Stored {
        Stored { tenant: "t".into(), id: "1".into(), sku_part_number: "SPB".into(), consumed: 1, enabled: 1, body: body.to_string() }
    }

    #[test]
    fn the_plan_is_found_inside_other_products() {
        let premium = licence(json!({"capabilityStatus": "Enabled", "servicePlans": [{"servicePlanName": "AAD_PREMIUM", "provisioningStatus": "Success"}]}));
        assert_eq!(entra_plan(std::slice::from_ref(&premium)), EntraPlan::P1);
        let e5 = licence(json!({"servicePlans": [{"servicePlanName": "AAD_PREMIUM_P2"}, {"servicePlanName": "AAD_PREMIUM"}]}));
        assert_eq!(entra_plan(&[premium, e5]), EntraPlan::P2);
    }

    #[test]
    fn a_suspended_subscription_gives_no_plan() {
        let suspended = licence(json!({"capabilityStatus": "Suspended", "servicePlans": [{"servicePlanName": "AAD_PREMIUM"}]}));
        assert_eq!(entra_plan(&[suspended]), EntraPlan::Free);
        assert_eq!(entra_plan(&[]), EntraPlan::Free);
    }
}
