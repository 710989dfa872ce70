// The cards of a user's page: MFA, the account, its roles and groups.
import { Card, makeStyles, mergeClasses, Subtitle2, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import type { RoleHeld, UserDetail } from "../../bindings";
import { MfaBadge } from "../../components/mfa";
import { cleanName } from "../../components/names";
import { RelativeTime } from "../../components/relative-time";
import { sentence } from "../../components/words";
import { ClassWord, EnforcementWord, enforcementSentence } from "./account-words";
import { Fact, Facts, IdFact } from "./facts";
import { StrengthWord } from "./strength-word";

export const useCardStyles = makeStyles({
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM },
  quiet: { color: tokens.colorNeutralForeground3 },
  enforced: { display: "inline-flex", gap: tokens.spacingHorizontalXS, color: tokens.colorNeutralForeground2 },
  list: { listStyle: "none", margin: 0, padding: 0 },
  item: {
    display: "grid",
    gap: tokens.spacingVerticalXXS,
    padding: `${tokens.spacingVerticalS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    overflowWrap: "anywhere",
  },
  between: { display: "flex", flexWrap: "wrap", justifyContent: "space-between", columnGap: tokens.spacingHorizontalM },
  verdict: {
    display: "flex",
    flexWrap: "wrap",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
  },
});

export function PageCard({ title, children, aside }: { title: string; children: ReactNode; aside?: ReactNode }) {
  const styles = useCardStyles();
  return (
    <Card className={styles.card} role="region" aria-label={title}>
      <div className={styles.between}>
        <Subtitle2 as="h2">{title}</Subtitle2>
        {aside}
      </div>
      {children}
    </Card>
  );
}

export function MfaCard({ user }: { user: UserDetail }) {
  const styles = useCardStyles();
  return (
    <PageCard title="MFA">
      <div className={styles.verdict}>
        <MfaBadge bucket={user.row.mfa} />
        <span className={styles.enforced}>
          {user.enforced !== "notEnforced" && "Enforced by "}
          <EnforcementWord of={user.enforced} />
        </span>
      </div>
      <Text>
        {sentence(user.mfaReason)} {enforcementSentence[user.enforced] ?? enforcementSentence.unknown}
      </Text>
      {user.methods.length > 0 && (
        <ul className={styles.list} aria-label="Registered methods">
          {user.methods.map((method, index) => (
            <li key={index} className={styles.item}>
              <div className={styles.between}>
                <Text weight="semibold">{method.method}</Text>
                <StrengthWord strength={method.strength} />
              </div>
              <Text size={200} className={styles.quiet}>
                {method.label && (
                  <>
                    <bdi dir="auto">{cleanName(method.label)}</bdi>,{" "}
                  </>
                )}
                {method.createdAt ? (
                  <>
                    registered <RelativeTime at={method.createdAt} />
                  </>
                ) : (
                  "registered on an unknown date"
                )}
              </Text>
            </li>
          ))}
        </ul>
      )}
      <Text size={200} className={styles.quiet}>
        {user.methodsReadAt ? (
          <>
            Methods read one by one <RelativeTime at={user.methodsReadAt} />.
          </>
        ) : (
          "From the registration report, which has no dates. Methods are read one by one for admins and flagged users."
        )}
      </Text>
    </PageCard>
  );
}

export function AccountCard({ user }: { user: UserDetail }) {
  const styles = useCardStyles();
  const { row } = user;
  return (
    <PageCard title="Account">
      <Facts>
        <Fact label="Kind">
          <ClassWord of={row.class} />
          {user.mark && (
            <Text block size={200} className={styles.quiet}>
              Marked by <bdi dir="auto">{cleanName(user.markedBy ?? "") || "somebody"}</bdi>{" "}
              <RelativeTime at={user.markedAt} none="" />
              {user.markNote && (
                <>
                  : <bdi dir="auto">{cleanName(user.markNote)}</bdi>
                </>
              )}
            </Text>
          )}
        </Fact>
        <Fact label="Sign-in">{row.enabled === null ? "not known" : row.enabled ? "Allowed" : "Blocked in Entra"}</Fact>
        <Fact label="Last success">
          <RelativeTime at={user.lastSuccess} none="not seen in what is kept" />
        </Fact>
        {user.jobTitle && (
          <Fact label="Job">
            <bdi dir="auto">{cleanName(user.jobTitle)}</bdi>
          </Fact>
        )}
        {row.department && (
          <Fact label="Department">
            <bdi dir="auto">{cleanName(row.department)}</bdi>
          </Fact>
        )}
        {user.manager && (
          <Fact label="Manager">
            <bdi dir="auto">{cleanName(user.manager)}</bdi>
          </Fact>
        )}
        {user.mail && user.mail.toLowerCase() !== row.upn.toLowerCase() && (
          <Fact label="Mail">{cleanName(user.mail)}</Fact>
        )}
        <Fact label="Created">
          <RelativeTime at={user.createdAt} none="not known" />
        </Fact>
        <Fact label="Comes from">
          {user.onPremises === null ? "not known" : user.onPremises ? "On-premises directory, synced" : "The cloud"}
        </Fact>
        <IdFact label="Object" id={row.id} />
      </Facts>
    </PageCard>
  );
}

export function RolesCard({ user, unknown }: { user: UserDetail; unknown: boolean }) {
  const styles = useCardStyles();
  return (
    <PageCard title="Roles">
      {user.roles.length === 0 ? (
        <Text className={styles.quiet}>
          {unknown || user.row.roles === null
            ? "Unknown: roles were never read."
            : "Holds no role, active or eligible."}
        </Text>
      ) : (
        <ul className={styles.list}>
          {user.roles.map((role, index) => (
            <RoleLine key={index} role={role} />
          ))}
        </ul>
      )}
    </PageCard>
  );
}

function RoleLine({ role }: { role: RoleHeld }) {
  const styles = useCardStyles();
  return (
    <li className={styles.item}>
      <div className={styles.between}>
        <Text weight="semibold">
          <bdi dir="auto">{cleanName(role.role)}</bdi>
        </Text>
        <span className={styles.quiet}>{role.privileged ? "Privileged" : ""}</span>
      </div>
      <Text size={200} className={mergeClasses(styles.quiet)}>
        {role.how === "active" ? "Active" : role.how === "eligible" ? "Eligible" : role.how},{" "}
        {role.through ? (
          <>
            through <bdi dir="auto">{cleanName(role.through)}</bdi>
          </>
        ) : (
          "direct"
        )}
        ,{" "}
        {role.scope ? (
          <>
            in <bdi dir="auto">{cleanName(role.scope)}</bdi>
          </>
        ) : (
          "whole tenant"
        )}
        {role.endsAt && (
          <>
            , until <RelativeTime at={role.endsAt} />
          </>
        )}
      </Text>
    </li>
  );
}

export function GroupsCard({ user }: { user: UserDetail }) {
  const styles = useCardStyles();
  return (
    <PageCard title="Groups that matter">
      {user.groups.length === 0 ? (
        <Text className={styles.quiet}>In no group that a policy, a role or the break-glass setting mentions.</Text>
      ) : (
        <ul className={styles.list}>
          {user.groups.map((group) => (
            <li key={group} className={styles.item}>
              <bdi dir="auto">{cleanName(group)}</bdi>
            </li>
          ))}
        </ul>
      )}
    </PageCard>
  );
}
