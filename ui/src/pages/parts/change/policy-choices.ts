// The words of the editor for Graph's own values (conditionalAccessPolicy and its conditions, controls and session, Microsoft Graph v1.0).
// A value that stands here under no name is shown as it is and kept.
import type { Choice } from "../../../bindings";

const choices = (words: Record<string, string>): readonly Choice[] =>
  Object.entries(words).map(([value, text]) => ({ value, words: text }));

export const states = choices({
  enabledForReportingButNotEnforced: "Report-only",
  enabled: "On",
  disabled: "Off",
});
export const guestTypes = choices({
  b2bCollaborationGuest: "B2B collaboration guests",
  b2bCollaborationMember: "B2B collaboration members",
  b2bDirectConnectUser: "B2B direct connect users",
  internalGuest: "Local guests",
  serviceProvider: "Service provider users",
  otherExternalUser: "Other external users",
});
export const platforms = choices({
  windows: "Windows",
  macOS: "macOS",
  iOS: "iOS",
  android: "Android",
  linux: "Linux",
  windowsPhone: "Windows Phone",
});
export const clientApps = choices({
  browser: "Browser",
  mobileAppsAndDesktopClients: "Mobile apps and desktop clients",
  exchangeActiveSync: "Exchange ActiveSync (legacy)",
  other: "Other legacy clients",
});
export const riskLevels = choices({ high: "High", medium: "Medium", low: "Low", none: "No risk" });
export const userRiskLevels = choices({ high: "High", medium: "Medium", low: "Low" });
export const insiderRiskLevels = choices({ elevated: "Elevated", moderate: "Moderate", minor: "Minor" });
export const transferMethods = choices({
  deviceCodeFlow: "Device code flow",
  authenticationTransfer: "Authentication transfer",
});
export const grantControls = choices({
  mfa: "MFA",
  compliantDevice: "A compliant device",
  domainJoinedDevice: "A hybrid joined device",
  approvedApplication: "An approved client app",
  compliantApplication: "An app protection policy",
  passwordChange: "A password change",
  riskRemediation: "Risk remediation",
});
export const persistentBrowser = choices({ always: "Always", never: "Never" });
export const cloudAppSecurity = choices({
  monitorOnly: "Monitor only",
  blockDownloads: "Block downloads",
  mcasConfigured: "As set in Defender for Cloud Apps",
});
export const userActions = choices({
  "urn:user:registersecurityinfo": "Register security information",
  "urn:user:registerdevice": "Register or join a device",
});
/** "Authentication strength" policies that every tenant has. */
export const builtInStrengths = choices({
  "00000000-0000-0000-0000-000000000002": "MFA",
  "00000000-0000-0000-0000-000000000003": "Passwordless MFA",
  "00000000-0000-0000-0000-000000000004": "Phishing-resistant MFA",
});
export const wellKnownApplications = choices({
  Office365: "Office 365",
  MicrosoftAdminPortals: "Microsoft Admin Portals",
});
export const wellKnownLocations = choices({ AllTrusted: "All trusted locations" });
