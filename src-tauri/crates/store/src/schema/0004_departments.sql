-- People by department are counted from the verdicts alone: looking each account up takes half a second where there are fifty thousand.

ALTER TABLE mfa_verdict ADD COLUMN department TEXT;                            -- the account's, trimmed; NULL: none
CREATE INDEX mfa_verdict_by_department ON mfa_verdict (tenant, class, department, bucket, enforced);
UPDATE posture_state SET shared = NULL;                                        -- so that every account is judged anew and gets it
