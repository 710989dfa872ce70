-- Reading every account and every member at each sync, only to learn that none of them changed, is most of what a quiet sync does.

CREATE TABLE directory_revision (
  tenant   TEXT NOT NULL PRIMARY KEY REFERENCES tenant(id) ON DELETE CASCADE,
  revision INTEGER NOT NULL                                                    -- store::directory_revision
) STRICT, WITHOUT ROWID;
