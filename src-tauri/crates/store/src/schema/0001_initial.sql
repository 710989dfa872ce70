-- Conventions: every time is INTEGER, Unix milliseconds, UTC. Every key begins with the tenant. A column that may be
-- unknown is nullable, and NULL means "not known", never "no". JSON columns hold what Graph sent, unknown fields included.

CREATE TABLE tenant (
  id                  TEXT NOT NULL PRIMARY KEY,   -- the directory's GUID, lower case
  display_name        TEXT NOT NULL,
  default_domain      TEXT NOT NULL,
  cloud               TEXT NOT NULL CHECK (cloud IN ('global', 'usGovernment', 'china', 'custom', 'demo')),
  graph_url           TEXT,                        -- only for 'custom'; 'demo' is given its address at start
  login_url           TEXT,
  auth                TEXT NOT NULL CHECK (auth IN ('delegated', 'certificate', 'secret')),
  client_id           TEXT NOT NULL,
  consent             TEXT NOT NULL CHECK (consent IN ('neverAsked', 'granted', 'partly', 'revoked')),
  missing_permissions TEXT NOT NULL DEFAULT '[]',  -- JSON array of permission names
  consent_error       TEXT,                        -- plain words, NULL while it works
  consent_error_code  TEXT,
  writes              INTEGER NOT NULL DEFAULT 0 CHECK (writes IN (0, 1)),
  ticket_pattern      TEXT,
  second_approval     INTEGER NOT NULL DEFAULT 0 CHECK (second_approval IN (0, 1)),
  baseline            TEXT NOT NULL DEFAULT 'builtin',
  break_glass_group   TEXT,                        -- group id
  time_zone           TEXT NOT NULL DEFAULT 'UTC', -- IANA name
  added_at            INTEGER NOT NULL,
  last_complete_sync  INTEGER,                     -- when every kind that can be had was last read whole
  last_attempt        INTEGER,
  baseline_at         INTEGER                      -- when the first sync ended; only what changed after it is news
) STRICT;

-- What is known about each kind of data of a tenant: whether it can be had, when it was read, how to go on.
CREATE TABLE data_state (
  tenant        TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  kind          TEXT NOT NULL,                     -- store::DataKind
  status        TEXT NOT NULL CHECK (status IN ('never', 'read', 'noPermission', 'noLicence', 'failed')),
  rows          INTEGER NOT NULL DEFAULT 0,
  read_at       INTEGER,                           -- the last complete read; kept when a later attempt fails
  attempted_at  INTEGER,
  requests      INTEGER NOT NULL DEFAULT 0,        -- of the last attempt
  millis        INTEGER NOT NULL DEFAULT 0,        -- of the last attempt
  error_code    TEXT,
  error         TEXT,                              -- plain words with a next step
  delta_link    TEXT,                              -- saved in the transaction of the data that it belongs to
  watermark     INTEGER,                           -- newest event time read, for sign-ins and audits
  resume_link   TEXT,                              -- next page of an interrupted read that can go on
  PRIMARY KEY (tenant, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE organization (
  tenant TEXT NOT NULL PRIMARY KEY REFERENCES tenant(id) ON DELETE CASCADE,
  body   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE subscribed_sku (
  tenant          TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  id              TEXT NOT NULL,
  sku_part_number TEXT NOT NULL,
  consumed        INTEGER NOT NULL,
  enabled         INTEGER NOT NULL,
  body            TEXT NOT NULL,                   -- service plans decide P1 and P2
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
  tenant            TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  id                TEXT NOT NULL,
  upn               TEXT NOT NULL,
  display_name      TEXT NOT NULL,
  account_enabled   INTEGER,
  user_type         TEXT,                          -- Member, Guest; NULL unknown
  mail              TEXT,
  department        TEXT,
  job_title         TEXT,
  mobile_phone      TEXT,
  business_phone    TEXT,
  created_at        INTEGER,
  on_premises_sync  INTEGER,
  licences          INTEGER,                       -- assigned licences; NULL not read
  search            TEXT NOT NULL,                 -- folded name and UPN, for the list's filter
  other             TEXT NOT NULL DEFAULT '{}',    -- fields that no column holds
  generation        INTEGER NOT NULL DEFAULT 0,    -- the full read that last saw it
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_by_name ON user (tenant, display_name COLLATE NOCASE, id);
CREATE INDEX user_by_search ON user (search);      -- for searching all customers at once
CREATE INDEX user_by_upn  ON user (tenant, upn COLLATE NOCASE);

CREATE TABLE directory_group (
  tenant           TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  id               TEXT NOT NULL,
  display_name     TEXT NOT NULL,
  role_assignable  INTEGER,
  dynamic          INTEGER,                        -- membership by rule: members cannot be written
  on_premises_sync INTEGER,
  other            TEXT NOT NULL DEFAULT '{}',
  generation       INTEGER NOT NULL DEFAULT 0,
  members_read_at  INTEGER,                        -- NULL: members never read
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_member (                        -- direct and transitive members of the groups that matter
  tenant      TEXT NOT NULL,
  group_id    TEXT NOT NULL,
  member_id   TEXT NOT NULL,
  member_type TEXT NOT NULL,                       -- user, group, servicePrincipal, device or what Graph said
  direct      INTEGER NOT NULL CHECK (direct IN (0, 1)),
  PRIMARY KEY (tenant, group_id, member_id),
  FOREIGN KEY (tenant, group_id) REFERENCES directory_group(tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX group_member_by_member ON group_member (tenant, member_id);

CREATE TABLE group_member_change (                 -- written in the transaction that changed group_member
  tenant    TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  group_id  TEXT NOT NULL,
  seen_at   INTEGER NOT NULL,
  member_id TEXT NOT NULL,
  added     INTEGER NOT NULL CHECK (added IN (0, 1)),
  PRIMARY KEY (tenant, group_id, seen_at, member_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE role_definition (
  tenant       TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  id           TEXT NOT NULL,
  template_id  TEXT NOT NULL,
  display_name TEXT NOT NULL,
  built_in     INTEGER NOT NULL,
  privileged   INTEGER,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE role_assignment (                     -- assigned, active (PIM) and eligible; NULL ends are permanent
  tenant         TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  id             TEXT NOT NULL,
  kind           TEXT NOT NULL CHECK (kind IN ('assigned', 'active', 'eligible')),
  role_id        TEXT NOT NULL,
  principal_id   TEXT NOT NULL,
  directory_scope TEXT NOT NULL,                   -- '/' is tenant-wide
  starts_at      INTEGER,
  ends_at        INTEGER,
  PRIMARY KEY (tenant, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX role_assignment_by_principal ON role_assignment (tenant, principal_id);

CREATE TABLE role_change (                         -- written in the transaction that changed role_assignment
  tenant          TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  seen_at         INTEGER NOT NULL,
  kind            TEXT NOT NULL,                   -- assigned, active, eligible
  role_id         TEXT NOT NULL,
  principal_id    TEXT NOT NULL,
  directory_scope TEXT NOT NULL,
  added           INTEGER NOT NULL CHECK (added IN (0, 1)),
  PRIMARY KEY (tenant, seen_at, kind, role_id, principal_id, directory_scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy (                              -- Conditional Access policies as they are now
  tenant       TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  id           TEXT NOT NULL,
  display_name TEXT NOT NULL,
  state        TEXT NOT NULL,
  body         TEXT NOT NULL,
  version      INTEGER NOT NULL,                   -- the newest of policy_version
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_version (                      -- kept for ever, also after the policy is gone
  tenant       TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  policy_id    TEXT NOT NULL,
  version      INTEGER NOT NULL,                   -- 1, 2, 3 …
  display_name TEXT NOT NULL,
  body         TEXT,                               -- NULL: deleted
  seen_at      INTEGER NOT NULL,                   -- when Gatehouse read it
  changed_at   INTEGER,                            -- by the directory audit, else the policy's modifiedDateTime
  changed_by   TEXT,                               -- UPN or application name; NULL unknown
  audit_id     TEXT,
  by_gatehouse INTEGER NOT NULL DEFAULT 0 CHECK (by_gatehouse IN (0, 1)),
  PRIMARY KEY (tenant, policy_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE named_location (
  tenant TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  id TEXT NOT NULL, display_name TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE authentication_strength (
  tenant TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  id TEXT NOT NULL, display_name TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE security_defaults (
  tenant TEXT NOT NULL PRIMARY KEY REFERENCES tenant(id) ON DELETE CASCADE,
  enabled INTEGER NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE service_principal (                   -- names for the applications that policies and sign-ins mention
  tenant TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  id TEXT NOT NULL, app_id TEXT NOT NULL, display_name TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE mfa_registration (
  tenant          TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  user_id         TEXT NOT NULL,
  mfa_registered  INTEGER,
  mfa_capable     INTEGER,
  passwordless    INTEGER,
  is_admin        INTEGER,
  methods         TEXT NOT NULL,                   -- JSON array, Graph's names, unknown ones kept
  default_method  TEXT,
  report_refreshed_at INTEGER,                     -- lastUpdatedDateTime: when the report refreshed, not when a method changed
  generation      INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE per_user_mfa (
  tenant TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  user_id TEXT NOT NULL, state TEXT NOT NULL,      -- disabled, enabled, enforced or what Graph said
  read_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE authentication_method (               -- of admins and flagged users
  tenant TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  user_id TEXT NOT NULL, id TEXT NOT NULL,
  kind TEXT NOT NULL,                              -- the @odata.type without '#microsoft.graph.'
  label TEXT,                                      -- a model or device name; never a whole phone number
  created_at INTEGER,
  PRIMARY KEY (tenant, user_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE methods_read (                        -- whose methods were read, and when: no row means never
  tenant TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  user_id TEXT NOT NULL, read_at INTEGER NOT NULL, error TEXT,
  PRIMARY KEY (tenant, user_id)
) STRICT, WITHOUT ROWID;

-- Sign-ins are many and repeat themselves: what they share is stored once, and a sign-in is a narrow row of small numbers, so
-- that every filter is one pass over few pages and writing one costs little. In these tables the tenant is a small number too.
CREATE TABLE sign_in_tenant (
  tenant TEXT NOT NULL PRIMARY KEY REFERENCES tenant(id) ON DELETE CASCADE,
  key    INTEGER NOT NULL UNIQUE,
  rows   INTEGER NOT NULL                          -- counting hundreds of thousands of rows for each list would be slow
) STRICT, WITHOUT ROWID;
-- Their keys count through the whole file, not through a tenant: so `sign_in_by_user` is small.
CREATE TABLE sign_in_user (
  tenant  INTEGER NOT NULL REFERENCES sign_in_tenant(key) ON DELETE CASCADE,
  user_id TEXT NOT NULL, upn TEXT NOT NULL, user_name TEXT NOT NULL,
  key     INTEGER NOT NULL,
  search  TEXT NOT NULL,                           -- folded name and UPN
  PRIMARY KEY (tenant, user_id, upn, user_name)
) STRICT, WITHOUT ROWID;
CREATE TABLE sign_in_app (                         -- with what it was used for and by which kind of client
  tenant      INTEGER NOT NULL REFERENCES sign_in_tenant(key) ON DELETE CASCADE,
  app_id      TEXT NOT NULL, app_name TEXT NOT NULL,
  resource_id TEXT NOT NULL, resource_name TEXT NOT NULL,
  client_app  TEXT NOT NULL,                       -- Graph's clientAppUsed
  key         INTEGER NOT NULL,
  search      TEXT NOT NULL,                       -- folded name
  PRIMARY KEY (tenant, app_id, app_name, resource_id, resource_name, client_app)
) STRICT, WITHOUT ROWID;
CREATE TABLE sign_in_ip (
  tenant INTEGER NOT NULL REFERENCES sign_in_tenant(key) ON DELETE CASCADE,
  ip     TEXT NOT NULL,
  key    INTEGER NOT NULL,
  PRIMARY KEY (tenant, ip)
) STRICT, WITHOUT ROWID;
CREATE TABLE sign_in_place (
  tenant  INTEGER NOT NULL REFERENCES sign_in_tenant(key) ON DELETE CASCADE,
  country TEXT NOT NULL, city TEXT NOT NULL, state TEXT NOT NULL,
  key     INTEGER NOT NULL,
  PRIMARY KEY (tenant, country, city, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE sign_in_device (
  tenant      INTEGER NOT NULL REFERENCES sign_in_tenant(key) ON DELETE CASCADE,
  print       BLOB NOT NULL,                       -- half of the SHA-256 of all the rest
  key         INTEGER NOT NULL,
  device_id   TEXT NOT NULL, device_name TEXT NOT NULL,
  os          TEXT NOT NULL, browser TEXT NOT NULL,
  compliant   INTEGER, managed INTEGER, trust_type TEXT,
  PRIMARY KEY (tenant, print)
) STRICT, WITHOUT ROWID;
CREATE TABLE sign_in_outcome (
  tenant         INTEGER NOT NULL REFERENCES sign_in_tenant(key) ON DELETE CASCADE,
  error_code     INTEGER NOT NULL,                 -- 0 is success
  failure_reason TEXT NOT NULL,
  ca_status      TEXT NOT NULL,                    -- success, failure, notApplied, unknownFutureValue …
  risk           TEXT NOT NULL,
  other          TEXT NOT NULL,                    -- JSON: fields that no column holds and that repeat
  key            INTEGER NOT NULL,
  PRIMARY KEY (tenant, error_code, failure_reason, ca_status, risk, other)
) STRICT, WITHOUT ROWID;
CREATE TABLE sign_in_applied (                     -- a few hundred different texts of kilobytes in a hundred thousand sign-ins
  tenant   INTEGER NOT NULL REFERENCES sign_in_tenant(key) ON DELETE CASCADE,
  print    BLOB NOT NULL,                          -- half of the SHA-256 of body
  key      INTEGER NOT NULL,
  policies TEXT NOT NULL,                          -- JSON array: ids of the policies that were in force for the sign-in
  body     TEXT NOT NULL,                          -- JSON: appliedConditionalAccessPolicies, as Entra recorded them
  PRIMARY KEY (tenant, print)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sign_in_user_by_key ON sign_in_user (key);
CREATE UNIQUE INDEX sign_in_app_by_key ON sign_in_app (key);
CREATE UNIQUE INDEX sign_in_ip_by_key ON sign_in_ip (key);
CREATE UNIQUE INDEX sign_in_place_by_key ON sign_in_place (key);
CREATE UNIQUE INDEX sign_in_device_by_key ON sign_in_device (key);
CREATE UNIQUE INDEX sign_in_outcome_by_key ON sign_in_outcome (key);
CREATE UNIQUE INDEX sign_in_applied_by_key ON sign_in_applied (key);

CREATE TABLE sign_in (
  tenant      INTEGER NOT NULL REFERENCES sign_in_tenant(key) ON DELETE CASCADE,
  created_at  INTEGER NOT NULL,
  id          ANY NOT NULL,                        -- a GUID as its 16 bytes, anything else as text
  result      INTEGER NOT NULL CHECK (result BETWEEN 0 AND 2),  -- success, failure, interrupted (a list would be built for each row)
  blocked     INTEGER NOT NULL CHECK (blocked IN (0, 1)),     -- Conditional Access refused it
  legacy      INTEGER NOT NULL CHECK (legacy IN (0, 1)),
  interactive INTEGER,
  user_key    INTEGER NOT NULL,
  app_key     INTEGER NOT NULL,
  ip_key      INTEGER NOT NULL,
  place_key   INTEGER NOT NULL,
  applied_key INTEGER NOT NULL,
  device_key  INTEGER NOT NULL,
  outcome_key INTEGER NOT NULL,
  correlation ANY,                                 -- as id; NULL: not told
  PRIMARY KEY (tenant, created_at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_by_user ON sign_in (user_key, created_at);

CREATE TABLE directory_audit (
  tenant         TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  activity_at    INTEGER NOT NULL,
  id             TEXT NOT NULL,
  activity       TEXT NOT NULL,
  service        TEXT NOT NULL,
  category       TEXT NOT NULL,
  result         TEXT NOT NULL,
  initiated_by   TEXT,                             -- UPN or application name; NULL unknown
  initiator_id   TEXT,
  correlation_id TEXT NOT NULL,
  targets        TEXT NOT NULL,                    -- JSON: targetResources
  other          TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant, activity_at, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX directory_audit_by_id ON directory_audit (tenant, id);
CREATE INDEX directory_audit_by_activity ON directory_audit (tenant, activity, activity_at);

CREATE TABLE account_mark (                        -- what a person said an account is; outlives syncs
  tenant TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  mark TEXT NOT NULL CHECK (mark IN ('breakGlass', 'serviceAccount', 'sharedMailbox', 'person')),
  marked_by TEXT NOT NULL, marked_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert (
  id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- shown in addresses and by the CLI; one number range for the fleet
  tenant        TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  kind          TEXT NOT NULL,                     -- breakglass.signin …
  dedup_key     TEXT NOT NULL,                     -- one open row per condition
  severity      TEXT NOT NULL CHECK (severity IN ('critical', 'high', 'medium', 'low', 'information')),
  state         TEXT NOT NULL CHECK (state IN ('open', 'acknowledged', 'resolved', 'muted')),
  title         TEXT NOT NULL,                     -- one sentence, without the customer's name
  subject_id    TEXT,                              -- the user, policy, role or group it is about
  evidence      TEXT NOT NULL,                     -- JSON: fleet's typed evidence
  first_seen    INTEGER NOT NULL,
  last_seen     INTEGER NOT NULL,
  count         INTEGER NOT NULL,
  muted_until   INTEGER,
  notified_at   INTEGER,
  resolved_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX alert_live ON alert (tenant, dedup_key) WHERE state <> 'resolved';
CREATE INDEX alert_by_state ON alert (state, severity, last_seen);

CREATE TABLE alert_event (                         -- an alert's history
  alert_id INTEGER NOT NULL REFERENCES alert(id) ON DELETE CASCADE,
  seq      INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  what     TEXT NOT NULL CHECK (what IN ('raised', 'seenAgain', 'notified', 'acknowledged', 'muted', 'unmuted', 'resolved', 'reopened')),
  who      TEXT NOT NULL,                          -- a technician's name, or 'Gatehouse'
  note     TEXT,
  PRIMARY KEY (alert_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_log (                           -- append-only, hash-chained; triggers refuse change. Not tied to the
  seq       INTEGER PRIMARY KEY,                   -- tenant table: removing a tenant keeps who did what
  at        INTEGER NOT NULL,
  who       TEXT NOT NULL,
  action    TEXT NOT NULL,                         -- alert.acknowledged, tenant.added …
  tenant    TEXT,
  subject   TEXT NOT NULL,                         -- in words
  detail    TEXT NOT NULL,                         -- JSON: ticket, note, before, after
  previous  TEXT NOT NULL,                         -- hex SHA-256 of the row before; 64 zeros for the first
  hash      TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE mfa_verdict (                         -- what the fleet's posture decided for each account after a sync
  tenant           TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  user_id          TEXT NOT NULL,
  class            TEXT NOT NULL,                  -- person, guest, sharedMailbox, serviceAccount, breakGlass, blocked
  bucket           TEXT NOT NULL,                  -- strong, weak, none, unknown
  reason           TEXT,
  strongest        TEXT,                           -- the strongest method, in words
  methods          TEXT NOT NULL,                  -- JSON array, in words, strongest first
  enforced         TEXT NOT NULL,                  -- securityDefaults, perUser, conditionalAccess, notEnforced, unknown
  privileged_roles TEXT,                           -- JSON array of names; NULL: roles were never read
  admin            INTEGER NOT NULL DEFAULT 0 CHECK (admin IN (0, 1)),
  newest_method    INTEGER,
  stale            INTEGER NOT NULL DEFAULT 0 CHECK (stale IN (0, 1)),
  print            INTEGER NOT NULL DEFAULT 0,     -- of the verdict, so that the next judgement need not read it whole
  PRIMARY KEY (tenant, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE mfa_snapshot (                        -- one a day, for trends
  tenant TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  day    TEXT NOT NULL,                            -- YYYY-MM-DD, UTC
  strong INTEGER NOT NULL, weak INTEGER NOT NULL, none INTEGER NOT NULL, unknown INTEGER NOT NULL,
  PRIMARY KEY (tenant, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL                              -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE baseline (                            -- what tenants are held to; 'builtin' holds only what a person changed of it
  id         TEXT NOT NULL PRIMARY KEY,
  name       TEXT NOT NULL,
  source     TEXT NOT NULL CHECK (source IN ('builtin', 'imported', 'tenant')),
  origin     TEXT NOT NULL,                        -- where it came from, in words
  body       TEXT NOT NULL,                        -- JSON: the policies, and severities by control
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE drift_summary (                       -- the last judgement against the baseline, for lists
  tenant    TEXT NOT NULL PRIMARY KEY REFERENCES tenant(id) ON DELETE CASCADE,
  judged_at INTEGER NOT NULL,
  body      TEXT NOT NULL                          -- JSON: counts by severity, gaps of coverage
) STRICT, WITHOUT ROWID;
