-- The evidence: exceptions that somebody signed off, what a person says against a judgement, snapshots in depth, scheduled reports.

ALTER TABLE mfa_snapshot ADD COLUMN admins_strong INTEGER;                     -- NULL in these: not known that day
ALTER TABLE mfa_snapshot ADD COLUMN admins_weak INTEGER;
ALTER TABLE mfa_snapshot ADD COLUMN admins_none INTEGER;
ALTER TABLE mfa_snapshot ADD COLUMN admins_unknown INTEGER;
ALTER TABLE mfa_snapshot ADD COLUMN phishing_resistant INTEGER;
ALTER TABLE mfa_snapshot ADD COLUMN enforced INTEGER;                          -- people for whom something demands MFA
ALTER TABLE mfa_snapshot ADD COLUMN not_enforced INTEGER;
ALTER TABLE mfa_snapshot ADD COLUMN enforcement_unknown INTEGER;
ALTER TABLE mfa_snapshot ADD COLUMN stale_admins INTEGER;

ALTER TABLE user ADD COLUMN manager_id TEXT;                                   -- NULL: none, or never read
CREATE INDEX user_managed ON user (tenant) WHERE manager_id IS NOT NULL;
-- Links of before did not ask for managers: the next sync begins anew.
UPDATE data_state SET delta_link = NULL, resume_link = NULL WHERE kind = 'users';
ALTER TABLE account_mark ADD COLUMN note TEXT NOT NULL DEFAULT '';             -- why a person said so

-- Posture in depth, judged with the rest of the verdict; NULL until the account was judged anew.
ALTER TABLE mfa_verdict ADD COLUMN held TEXT;                                  -- JSON: privileged roles and which way each is held
ALTER TABLE mfa_verdict ADD COLUMN ways INTEGER NOT NULL DEFAULT 0;            -- 1 active, 2 eligible, 4 through a group; added up
ALTER TABLE mfa_verdict ADD COLUMN phishing_resistant INTEGER;                 -- NULL: not known
ALTER TABLE mfa_verdict ADD COLUMN phone TEXT NOT NULL DEFAULT 'unknown';      -- registered, seen, directory, none, unknown
ALTER TABLE mfa_verdict ADD COLUMN passkey TEXT NOT NULL DEFAULT 'unknown';    -- has, ready, needsPass, needsKey, tooOld, unknown
ALTER TABLE mfa_verdict ADD COLUMN passkey_why TEXT;
ALTER TABLE mfa_verdict ADD COLUMN suits TEXT;                                 -- what would suit somebody without a phone; NULL: has one, or not known
ALTER TABLE mfa_verdict ADD COLUMN suits_why TEXT;
-- Everything that is counted, in one narrow pass.
CREATE INDEX mfa_verdict_counted ON mfa_verdict (tenant, class, bucket, enforced, admin, stale, ways, phishing_resistant, phone, passkey, suits, methods);
UPDATE posture_state SET shared = NULL;

CREATE TABLE mfa_exception (                       -- somebody or something that is exempt from MFA, and who answers for it
  id             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- shown in addresses and on paper: never given twice
  tenant         TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  subject_kind   TEXT NOT NULL CHECK (subject_kind IN ('user', 'group', 'role', 'guests', 'application', 'location', 'platform', 'device', 'client', 'other')),
  subject_id     TEXT,                             -- the object's id, or Graph's word for it; NULL: nothing that a policy names
  subject_name   TEXT NOT NULL,                    -- as it was when it was written down
  policy_id      TEXT,                             -- the policy whose carve-out it is; NULL: from MFA altogether
  policy_name    TEXT,
  reason         TEXT NOT NULL,
  ticket         TEXT,
  compensating   TEXT NOT NULL DEFAULT '',         -- what protects instead
  state          TEXT NOT NULL CHECK (state IN ('draft', 'sent', 'signed', 'declined', 'ended')),
  until          INTEGER,                          -- NULL: no end was agreed, which is said
  review_due     INTEGER,
  asked_by       TEXT NOT NULL,
  asked_at       INTEGER NOT NULL,
  sent_at        INTEGER,
  sent_to        TEXT,
  signed_by      TEXT,                             -- a named person of the customer
  signed_role    TEXT,
  signed_at      INTEGER,                          -- the date on the signature
  sign_note      TEXT,
  recorded_by    TEXT,                             -- the technician who recorded the return
  ended_at       INTEGER,
  ended_by       TEXT,
  end_note       TEXT,
  updated_at     INTEGER NOT NULL,
  revision       INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX mfa_exception_by_tenant ON mfa_exception (tenant, state);

CREATE TABLE mfa_exception_event (
  exception_id INTEGER NOT NULL REFERENCES mfa_exception(id) ON DELETE CASCADE,
  seq INTEGER NOT NULL, at INTEGER NOT NULL,
  what TEXT NOT NULL,                              -- asked, edited, sent, signed, declined, reviewed, extended, ended, attached
  who TEXT NOT NULL, note TEXT,
  PRIMARY KEY (exception_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE mfa_exception_attachment (            -- the signed paper: kept as it came, never opened by Gatehouse
  exception_id INTEGER NOT NULL REFERENCES mfa_exception(id) ON DELETE CASCADE,
  seq INTEGER NOT NULL, name TEXT NOT NULL, media_type TEXT NOT NULL,
  sha256 TEXT NOT NULL, size INTEGER NOT NULL, bytes BLOB NOT NULL, added_by TEXT NOT NULL, added_at INTEGER NOT NULL,
  PRIMARY KEY (exception_id, seq)
) STRICT;

CREATE TABLE evidence_override (                   -- a named person answers a carrier's question otherwise than the data; printed with the note
  tenant TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  statement TEXT NOT NULL,                         -- the fleet's id of the question
  answer TEXT NOT NULL CHECK (answer IN ('yes', 'partly', 'no', 'unknown')),
  note TEXT NOT NULL, person TEXT NOT NULL, recorded_by TEXT NOT NULL, recorded_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, statement)
) STRICT, WITHOUT ROWID;

CREATE TABLE report_schedule (
  id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  report     TEXT NOT NULL CHECK (report IN ('mfa', 'insurer', 'changes', 'fleet')),
  tenant     TEXT REFERENCES tenant(id) ON DELETE CASCADE,   -- NULL: every customer (or the fleet as a whole)
  every      TEXT NOT NULL CHECK (every IN ('weekly', 'biweekly', 'monthly')),
  first_day  TEXT NOT NULL,                        -- YYYY-MM-DD on the technician's clock: weekday or day of the month follow from it
  at_minute  INTEGER NOT NULL,                     -- of the day
  folder     TEXT NOT NULL,
  paper      TEXT NOT NULL CHECK (paper IN ('a4', 'letter')),
  with_data  INTEGER NOT NULL DEFAULT 1 CHECK (with_data IN (0, 1)),  -- the data set beside the insurer's evidence
  next_at    INTEGER NOT NULL,
  last_at    INTEGER, last_error TEXT,
  retry_at   INTEGER,                              -- after a failure: not before this moment
  failures   INTEGER NOT NULL DEFAULT 0,           -- in a row
  created_by TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX report_schedule_due ON report_schedule (next_at);
