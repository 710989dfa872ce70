-- Acting on a tenant: change requests, time-bound access, drills, and what was written to Graph.

ALTER TABLE tenant ADD COLUMN technicians TEXT NOT NULL DEFAULT '[]';               -- JSON array of names who may act; empty: everybody
ALTER TABLE tenant ADD COLUMN missing_write_permissions TEXT NOT NULL DEFAULT '[]'; -- JSON array; asked for when writing is turned on
ALTER TABLE data_state ADD COLUMN pages TEXT;                                        -- what the last complete read leaves for the next: prints of its pages, or how lists are followed
ALTER TABLE directory_group ADD COLUMN members_due INTEGER NOT NULL DEFAULT 0;       -- 1: something says that the members may have changed

CREATE TABLE posture_state (                       -- what the verdicts in mfa_verdict were made of
  tenant TEXT NOT NULL PRIMARY KEY REFERENCES tenant(id) ON DELETE CASCADE,
  epoch  INTEGER NOT NULL,                         -- counts how often every account was said to be due
  shared INTEGER                                   -- print of what decides for all accounts alike; NULL: every account is due
) STRICT, WITHOUT ROWID;
CREATE TABLE posture_due (                         -- accounts of which something was read anew since their verdict
  tenant  TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  times   INTEGER NOT NULL,                        -- how often that was said
  PRIMARY KEY (tenant, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE change_request (
  id             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,     -- shown in addresses and by the CLI; one number range for the fleet
  tenant         TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  kind           TEXT NOT NULL,                    -- create, delete, state, assignment, conditions, grant, session, update, namedLocation, groupMembership, restore
  state          TEXT NOT NULL CHECK (state IN ('draft', 'dryRun', 'blocked', 'waiting', 'approved', 'applying', 'applied', 'verified', 'rollingBack', 'rolledBack', 'failed', 'cancelled')),
  title          TEXT NOT NULL,                    -- one sentence: what it does
  draft          TEXT NOT NULL,                    -- JSON: the fleet's typed draft
  origin         TEXT,                             -- JSON: the gap, sign-in, policy or alert it began from
  reason         TEXT NOT NULL DEFAULT '',
  ticket         TEXT,
  requested_by   TEXT NOT NULL,
  requested_at   INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL,
  approved_by    TEXT,
  approved_at    INTEGER,
  apply_at       INTEGER,                          -- a schedule; NULL: by hand
  scheduled_by   TEXT,
  confirmed      TEXT NOT NULL DEFAULT '[]',       -- JSON array: codes of the guards that ask and were confirmed
  applied_by     TEXT,
  applied_at     INTEGER,                          -- when Graph took the write
  verified_at    INTEGER,                          -- when the change was read back
  rolled_back_by TEXT,
  rolled_back_at INTEGER,
  target_id      TEXT,                             -- the policy, location or group; NULL until a creation was read back
  base           TEXT,                             -- JSON: the target as it was known when the draft was written
  before         TEXT,                             -- JSON: the target as it was read before the write; NULL: it did not exist
  after          TEXT,                             -- JSON: the target as it is wanted; NULL: it shall not exist
  follows        INTEGER REFERENCES change_request(id) ON DELETE SET NULL,  -- guided enforcement: the report-only stage before it
  error_code     TEXT,
  error          TEXT,                             -- plain words with a next step
  revision       INTEGER NOT NULL DEFAULT 1        -- counts every transition: two windows that act at once meet here
) STRICT;
CREATE INDEX change_request_by_tenant ON change_request (tenant, updated_at);
CREATE INDEX change_request_by_state ON change_request (state, apply_at);

CREATE TABLE change_event (                        -- a change request's history
  change_id INTEGER NOT NULL REFERENCES change_request(id) ON DELETE CASCADE,
  seq       INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  what      TEXT NOT NULL,                         -- drafted, edited, dryRun, blocked, requested, approved, applying, applied, verified, rolledBack, failed, cancelled, scheduled …
  who       TEXT NOT NULL,                         -- a technician's name, or 'Gatehouse'
  note      TEXT,
  PRIMARY KEY (change_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE dry_run (                             -- the newest of a change request counts
  change_id   INTEGER NOT NULL REFERENCES change_request(id) ON DELETE CASCADE,
  seq         INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  valid_until INTEGER NOT NULL,
  target      TEXT NOT NULL,                       -- fingerprint of the target as it was read for it
  draft       TEXT NOT NULL,                       -- fingerprint of the draft
  stops       INTEGER NOT NULL,                    -- guards that forbid applying
  body        TEXT NOT NULL,                       -- JSON: differences, impact, guards
  PRIMARY KEY (change_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE graph_write (                         -- one row a write, made before it is sent: what a crash leaves to be looked up
  id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  tenant      TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  owner       TEXT NOT NULL CHECK (owner IN ('change', 'rollback', 'access')),
  owner_id    INTEGER NOT NULL,
  method      TEXT NOT NULL,
  path        TEXT NOT NULL,
  body        TEXT,
  begun_at    INTEGER NOT NULL,
  ended_at    INTEGER,
  outcome     TEXT NOT NULL CHECK (outcome IN ('begun', 'done', 'refused', 'unknown', 'notSent')),
  answer      TEXT,                                -- JSON or plain words: Graph's answer, without secrets
  who         TEXT NOT NULL
) STRICT;
CREATE INDEX graph_write_by_owner ON graph_write (owner, owner_id);

CREATE TABLE access_grant (                        -- time-bound access: somebody in an exclusion group until an end
  id             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  tenant         TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  user_id        TEXT NOT NULL,
  upn            TEXT NOT NULL,                    -- as they were when it was asked for: the user may be deleted since
  user_name      TEXT NOT NULL,
  group_id       TEXT NOT NULL,
  group_name     TEXT NOT NULL,
  reason         TEXT NOT NULL,
  ticket         TEXT,
  state          TEXT NOT NULL CHECK (state IN ('requested', 'adding', 'active', 'expired', 'removing', 'removed', 'failed', 'cancelled')),
  already_member INTEGER CHECK (already_member IN (0, 1)), -- in the group by other means: never removed by Gatehouse; NULL until looked
  take_over      INTEGER NOT NULL DEFAULT 0 CHECK (take_over IN (0, 1)), -- a person said that Gatehouse owns the removal all the same
  ends_at        INTEGER NOT NULL,
  extend_to      INTEGER,                          -- a later end that waits for approval
  extend_by      TEXT,
  extend_reason  TEXT,
  extend_ticket  TEXT,
  requested_by   TEXT NOT NULL,
  requested_at   INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL,
  approved_by    TEXT,
  approved_at    INTEGER,
  active_at      INTEGER,
  expired_at     INTEGER,
  removed_at     INTEGER,
  removed_by     TEXT,
  sign_in        TEXT,                             -- the sign-in it was asked for from
  error_code     TEXT,
  error          TEXT,
  revision       INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX access_grant_by_tenant ON access_grant (tenant, state, ends_at);

CREATE TABLE access_event (
  grant_id INTEGER NOT NULL REFERENCES access_grant(id) ON DELETE CASCADE,
  seq      INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  what     TEXT NOT NULL,                          -- requested, approved, added, alreadyMember, takenOver, extensionAsked, extended, expired, ended, removed, alreadyGone, failed, unknown, cancelled
  who      TEXT NOT NULL,
  note     TEXT,
  PRIMARY KEY (grant_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE drill (                               -- a planned test of break-glass accounts
  id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  tenant     TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  user_id    TEXT,                                 -- NULL: any break-glass account of the tenant
  starts_at  INTEGER NOT NULL,
  ends_at    INTEGER NOT NULL,
  reason     TEXT NOT NULL,
  ticket     TEXT,
  planned_by TEXT NOT NULL,
  planned_at INTEGER NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('planned', 'done', 'cancelled')),
  outcome    TEXT,                                 -- a person's note: worked, failed and why
  done_by    TEXT,
  done_at    INTEGER
) STRICT;
CREATE INDEX drill_by_tenant ON drill (tenant, starts_at);
