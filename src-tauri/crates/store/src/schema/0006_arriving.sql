-- A large kind that was read whole before is replaced in one transaction: until then, what arrives waits here.

CREATE TABLE arriving (
  tenant TEXT NOT NULL REFERENCES tenant(id) ON DELETE CASCADE,
  kind   TEXT NOT NULL,                                                        -- store::DataKind
  number INTEGER NOT NULL,
  body   BLOB NOT NULL,                                                        -- JSON, in the form of the kind's reader
  PRIMARY KEY (tenant, kind, number)
) STRICT;

-- Fields of a sign-in that this version does not know, as a JSON object; NULL: none.
ALTER TABLE sign_in ADD COLUMN unknown TEXT;
