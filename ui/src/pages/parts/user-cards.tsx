// The cards of a user's page: MFA, failures by policy with the ways out, the account, its roles and groups.
import { Card, makeStyles, mergeClasses, Subtitle2, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { part } from "../../address";
import type { PolicyFailures, RoleHeld, UserDetail } from "../../bindings";
import { CheckmarkCircleRegular } from "../../components/icons";
import { MfaBadge } from "../../components/mfa";
import { cleanName } from "../../components/names";
import { CopyButton } from "../../components/problem-view";
import { RelativeTime } from "../../components/relative-time";
import { counted, sentence } from "../../components/words";
import { ClassWord, EnforcementWord, enforcementSentence } from "./account-words";
import { AppLink } from "./app-link";
import { Fact, Facts } from "./facts";
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
  track: { height: "6px", borderRadius: tokens.borderRadiusSmall, backgroundColor: tokens.colorNeutralBackground6 },
  fill: {
    height: "100%",
    borderRadius: tokens.borderRadiusSmall,
    backgroundColor: tokens.colorStatusDangerBackground3,
  },
  ways: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, display: "grid", gap: tokens.spacingVerticalS },
  good: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  goodIcon: { fontSize: "20px", color: tokens.colorStatusSuccessForeground1 },
  ids: {
    display: "flex",
    alignItems: "center",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalXS,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
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

export function FailuresCard({ tenant, user }: { tenant: string; user: UserDetail }) {
  const styles = useCardStyles();
  const base = `/tenants/${part(tenant)}`;
  const failing = user.failingPolicies;
  const most = Math.max(1, ...failing.map((policy) => policy.failures));
  if (failing.length === 0) {
    return (
      <PageCard title="Failures by policy, 7 days">
        <Text className={styles.good}>
          <CheckmarkCircleRegular className={styles.goodIcon} aria-hidden />
          No policy refused this user in 7 days, as far as sign-ins were read.
        </Text>
      </PageCard>
    );
  }
  return (
    <PageCard title="Failures by policy, 7 days">
      <ol className={styles.list}>
        {failing.map((policy) => (
          <FailureLine
            key={policy.policyId || policy.policy}
            base={base}
            user={user.row.id}
            policy={policy}
            most={most}
          />
        ))}
      </ol>
      <Text weight="semibold" as="h3" block>
        Three ways out
      </Text>
      <ol className={styles.ways}>
        <li>
          <b>The block is right.</b> Nothing to change: tell the user what the policy asks for. The sign-in's next step
          has the words.
        </li>
        <li>
          <b>The policy is wrong.</b> Change it in the Entra admin centre, report-only first. Gatehouse keeps the old
          version and alerts you to the change.
        </li>
        <li>
          <b>The user needs an exception.</b> Add them to the policy's exclusion group in Entra for as long as it takes,
          note the ticket and the end, and take them out again on that day.
        </li>
      </ol>
    </PageCard>
  );
}

function FailureLine({
  base,
  user,
  policy,
  most,
}: {
  base: string;
  user: string;
  policy: PolicyFailures;
  most: number;
}) {
  const styles = useCardStyles();
  const signIns = `${base}/sign-ins?user=${part(user)}&policy=${part(policy.policyId)}&result=failure&days=7`;
  return (
    <li className={styles.item}>
      <div className={styles.between}>
        <AppLink to={`${base}/policies/${part(policy.policyId)}`}>
          <bdi dir="auto">{cleanName(policy.policy) || "A policy without a name"}</bdi>
        </AppLink>
        <span>
          <AppLink to={signIns}>{counted(policy.failures, "failure")}</AppLink>
          <span className={styles.quiet}>
            , last <RelativeTime at={policy.last} />
          </span>
        </span>
      </div>
      <div className={styles.track} aria-hidden>
        <div className={styles.fill} style={{ width: `${Math.max(2, (policy.failures / most) * 100)}%` }} />
      </div>
    </li>
  );
}

export function MfaCard({ user }: { user: UserDetail }) {
  const styles = useCardStyles();
  return (
    <PageCard title="MFA">
      <div className={styles.verdict}>
        <MfaBadge bucket={user.row.mfa} />
        <span className={styles.enforced}>
          Enforced by <EnforcementWord of={user.enforced} />
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
              Marked by <bdi dir="auto">{cleanName(user.markedBy ?? "") || "somebody"}</bdi>
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
        {user.mail && user.mail.toLowerCase() !== row.upn.toLowerCase() && (
          <Fact label="Mail">{cleanName(user.mail)}</Fact>
        )}
        <Fact label="Created">
          <RelativeTime at={user.createdAt} none="not known" />
        </Fact>
        <Fact label="Comes from">
          {user.onPremises === null ? "not known" : user.onPremises ? "On-premises directory, synced" : "The cloud"}
        </Fact>
        <Fact label="Object">
          <span className={styles.ids}>
            {row.id} <CopyButton text={row.id} label="Copy" />
          </span>
        </Fact>
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
