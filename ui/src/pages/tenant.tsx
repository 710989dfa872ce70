// One customer at a glance: four cards, what could be read and what not, what changed lately.
import { Button, Card, Link, MenuItem, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { part, useGo, useParam } from "../address";
import type { LicenceRow, RecentChange, TenantOverview } from "../bindings";
import { useColumns } from "../components/columns";
import { ConnectAgainButton, connectAgain, consentMissing, signInLost } from "../components/connect-again";
import { ConsentWord } from "../components/consent";
import { ConsentButton } from "../components/consent-button";
import { DataHealthTable } from "../components/data-health";
import { driftFacts } from "../components/drift";
import {
  AlertRegular,
  ArrowSyncRegular,
  DeleteRegular,
  KeyRegular,
  PlugConnectedRegular,
  SettingsRegular,
  ShieldKeyholeRegular,
  TargetArrowRegular,
} from "../components/icons";
import { Loaded } from "../components/loaded";
import { MfaBar, mfaPercent, mfaSentence } from "../components/mfa";
import { MoreMenu } from "../components/more-menu";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { ProblemBar } from "../components/problem-view";
import { RelativeTime } from "../components/relative-time";
import { RemoveTenantDialog } from "../components/remove-tenant-dialog";
import { severities, severityWord } from "../components/severity-badge";
import { StatCard } from "../components/stat-card";
import { TenantSettingsDialog } from "../components/tenant-settings-dialog";
import { count, counted, percent } from "../components/words";
import { useResync } from "../data/actions";
import { useTenant } from "../data/queries";
import { AlertLine } from "./dashboard";

const useStyles = makeStyles({
  cards: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(200px, 1fr))",
    gap: tokens.spacingHorizontalL,
    marginBottom: tokens.spacingVerticalL,
  },
  bars: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
    marginBottom: tokens.spacingVerticalL,
  },
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalS },
  list: { listStyle: "none", margin: 0, padding: 0 },
  change: {
    display: "flex",
    flexDirection: "column",
    padding: `${tokens.spacingVerticalS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    overflowWrap: "anywhere",
  },
  licence: {
    display: "flex",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  head: { display: "flex", justifyContent: "space-between", gap: tokens.spacingHorizontalM, flexWrap: "wrap" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export default function TenantPage() {
  const id = useParam("tenant");
  const tenant = useTenant(id);
  return (
    <Loaded asked={tenant} back={["All tenants", "/tenants"]}>
      {(data) => <Overview overview={data} />}
    </Loaded>
  );
}

function Overview({ overview }: { overview: TenantOverview }) {
  const columns = useColumns();
  const styles = useStyles();
  const go = useGo();
  const { tenant } = overview;
  const resync = useResync();
  const [dialog, setDialog] = useState<"settings" | "remove" | null>(null);
  const broken = tenant.consentProblem ?? tenant.lastProblem;
  return (
    <>
      <PageHead
        title={tenant.displayName}
        crumbs={[{ title: "Tenants", to: "/tenants" }]}
        facts={
          <>
            {tenant.users === null ? "Users not read yet" : counted(tenant.users, "user")},{" "}
            {tenant.licence ?? "licence unknown"}, last resync{" "}
            <RelativeTime at={tenant.lastResync} timeZone={tenant.timeZone} />, {tenant.defaultDomain}, consent{" "}
            <ConsentWord tenant={tenant} />
          </>
        }
        actions={
          <>
            <Button
              appearance="primary"
              icon={<ArrowSyncRegular />}
              disabled={tenant.syncing || resync.isPending}
              onClick={() => resync.mutate({ tenants: [tenant.id], name: cleanName(tenant.displayName) })}
            >
              {tenant.syncing ? "Syncing" : "Resync now"}
            </Button>
            <Button icon={<SettingsRegular />} onClick={() => setDialog("settings")}>
              Tenant settings
            </Button>
            <MoreMenu>
              <MenuItem
                icon={<ArrowSyncRegular />}
                onClick={() => resync.mutate({ tenants: [tenant.id], full: true, name: cleanName(tenant.displayName) })}
              >
                Read everything again
              </MenuItem>
              {!tenant.demo && (
                <MenuItem icon={<PlugConnectedRegular />} onClick={() => go(connectAgain(tenant.id))}>
                  Connect again
                </MenuItem>
              )}
              <MenuItem icon={<DeleteRegular />} onClick={() => setDialog("remove")}>
                Remove this tenant
              </MenuItem>
            </MoreMenu>
          </>
        }
      />
      {(broken || tenant.consent !== "granted") && (
        <div className={styles.bars}>
          {broken ? (
            <ProblemBar
              problem={broken}
              actions={
                <>
                  {signInLost(tenant) && <ConnectAgainButton tenant={tenant.id} />}
                  {consentMissing(tenant) && <ConsentButton tenant={tenant.id} />}
                </>
              }
            />
          ) : (
            <ProblemBar
              intent="warning"
              problem={
                tenant.consent === "partly"
                  ? {
                      code: "tenant.consent_partly",
                      what: `Some permissions are missing: ${tenant.missingPermissions.join(", ")}`,
                      nextStep: "What they allow is shown as unknown until an administrator grants them.",
                      details: null,
                    }
                  : {
                      code: "tenant.consent_never",
                      what: "Consent was not asked for yet",
                      nextStep: "Ask an administrator of the tenant to grant it.",
                      details: null,
                    }
              }
              actions={<ConsentButton tenant={tenant.id} />}
            />
          )}
        </div>
      )}
      {tenant.missingWritePermissions.length > 0 && (
        <div className={styles.bars}>
          <ProblemBar
            intent="warning"
            problem={{
              code: "rules.permissions_missing",
              what: `Writing is on, but the tenant has not granted what it needs: ${tenant.missingWritePermissions.join(", ")}`,
              nextStep: "Ask an administrator of the tenant to consent; until then nothing can be changed from here.",
              details: null,
            }}
            actions={<ConsentButton tenant={tenant.id} />}
          />
        </div>
      )}
      <Cards overview={overview} />
      <div className={columns.grid}>
        <div className={columns.column}>
          <Card className={styles.card} role="region" aria-label="Data health">
            <Subtitle2 as="h2">Data health</Subtitle2>
            <DataHealthTable data={overview.data} />
          </Card>
        </div>
        <div className={columns.column}>
          <TopAlerts overview={overview} />
          <RecentChanges tenant={tenant.id} changes={overview.recentChanges} />
          <Licences licences={overview.licences} />
        </div>
      </div>
      {dialog === "settings" && <TenantSettingsDialog overview={overview} close={() => setDialog(null)} />}
      {dialog === "remove" && <RemoveTenantDialog tenant={tenant} close={() => setDialog(null)} />}
    </>
  );
}

function Cards({ overview }: { overview: TenantOverview }) {
  const styles = useStyles();
  const { tenant, breakGlass } = overview;
  const base = `/tenants/${part(tenant.id)}`;
  const open = severities.filter((severity) => tenant.openAlerts[severity] > 0);
  const total = open.reduce((sum, severity) => sum + tenant.openAlerts[severity], 0);
  const share = mfaPercent(tenant.mfa);
  // A named group whose members were never read has nobody in it that we know of, which is not nobody.
  const neverRead =
    breakGlass.accounts.length === 0 &&
    breakGlass.group !== null &&
    overview.data.some((line) => line.kind === "groups" && line.readAt === null);
  return (
    <div className={styles.cards}>
      <StatCard
        icon={<AlertRegular />}
        title="Open alerts"
        value={count(total)}
        tone={tenant.openAlerts.critical > 0 ? "danger" : undefined}
        to={`/alerts?tenant=${part(tenant.id)}`}
      >
        {total === 0
          ? "All quiet"
          : open
              .map((severity) => `${count(tenant.openAlerts[severity])} ${severityWord[severity].toLowerCase()}`)
              .join(", ")}
      </StatCard>
      <DriftCard overview={overview} to={`${base}/drift`} />
      <StatCard
        icon={<ShieldKeyholeRegular />}
        title="MFA"
        value={share ?? "Unknown"}
        tone={share === null ? "unknown" : undefined}
        to={`${base}/mfa`}
      >
        <MfaBar counts={tenant.mfa} height={8} />
        {tenant.mfa ? mfaSentence(tenant.mfa).replace(/^[^,]*, /, "") : "MFA registration could not be read"}
      </StatCard>
      <StatCard
        icon={<KeyRegular />}
        title="Break-glass"
        value={
          neverRead
            ? "Unknown"
            : breakGlass.group === null && breakGlass.accounts.length === 0
              ? "Not set up"
              : counted(breakGlass.accounts.length, "account")
        }
        tone={neverRead ? "unknown" : breakGlass.accounts.length === 0 ? "warning" : undefined}
        to={`${base}/break-glass`}
      >
        {neverRead ? (
          "The members of its group could not be read"
        ) : breakGlass.accounts.length === 0 ? (
          "Name the exclusion group in the tenant's settings, so that its sign-ins raise alerts"
        ) : (
          <>
            Last sign-in <RelativeTime at={breakGlass.lastSignIn} none="not seen" />
          </>
        )}
      </StatCard>
    </div>
  );
}

function TopAlerts({ overview }: { overview: TenantOverview }) {
  const styles = useStyles();
  if (overview.topAlerts.length === 0) return null;
  return (
    <Card className={styles.card} role="region" aria-label="Open alerts of this tenant">
      <Subtitle2 as="h2">Open alerts</Subtitle2>
      <ul className={styles.list}>
        {overview.topAlerts.map((alert) => (
          <AlertLine key={alert.id} alert={alert} tenant={false} />
        ))}
      </ul>
    </Card>
  );
}

function RecentChanges({ tenant, changes }: { tenant: string; changes: readonly RecentChange[] }) {
  const styles = useStyles();
  const go = useGo();
  const requests = `/tenants/${part(tenant)}/changes`;
  return (
    <Card className={styles.card} role="region" aria-label="Recent changes">
      <div className={styles.head}>
        <Subtitle2 as="h2">Recent changes</Subtitle2>
        <Link
          href={`#${requests}`}
          onClick={(event) => {
            event.preventDefault();
            go(requests);
          }}
        >
          Change requests
        </Link>
      </div>
      {changes.length === 0 ? (
        <Text className={styles.quiet}>No change was seen yet.</Text>
      ) : (
        <ul className={styles.list}>
          {changes.map((change, index) => (
            <li key={index} className={styles.change}>
              {change.route ? (
                <Link
                  href={`#${change.route}`}
                  onClick={(event) => {
                    event.preventDefault();
                    if (change.route) go(change.route);
                  }}
                >
                  <bdi dir="auto">{cleanName(change.what)}</bdi>
                </Link>
              ) : (
                <bdi dir="auto">{cleanName(change.what)}</bdi>
              )}
              <Text size={200} className={styles.quiet}>
                <RelativeTime at={change.at} />
                {change.who ? (
                  <>
                    {" "}
                    by <bdi dir="auto">{cleanName(change.who)}</bdi>
                  </>
                ) : (
                  ", by whom is not known"
                )}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Licences({ licences }: { licences: readonly LicenceRow[] }) {
  const styles = useStyles();
  return (
    <Card className={styles.card} role="region" aria-label="Licences">
      <Subtitle2 as="h2">Licences</Subtitle2>
      {licences.length === 0 ? (
        <Text className={styles.quiet}>Not read yet.</Text>
      ) : (
        <ul className={styles.list}>
          {licences.map((licence) => (
            <li key={licence.skuPartNumber} className={styles.licence} title={licence.skuPartNumber}>
              <Text>{licence.title}</Text>
              <Text className={styles.quiet}>
                {licence.enabled > 0 ? `${percent(licence.consumed, licence.enabled)}, ` : ""}
                {count(licence.consumed)} of {count(licence.enabled)}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** How the tenant stands against its baseline; unknown where its policies were never judged. */
function DriftCard({ overview, to }: { overview: TenantOverview; to: string }) {
  const drift = driftFacts(overview.tenant.drift);
  const policies =
    overview.policiesEnabled === null
      ? "Policies could not be read"
      : `${counted(overview.policiesEnabled, "policy", "policies")} on`;
  if (!drift) {
    return (
      <StatCard icon={<TargetArrowRegular />} title="Drift" value="Unknown" tone="unknown" to={to}>
        {policies}
      </StatCard>
    );
  }
  const { gaps, total, summary } = drift;
  const parts = gaps.map(([severity, number]) => `${count(number)} ${severityWord[severity].toLowerCase()}`);
  if (summary.unknown > 0) parts.push(`${count(summary.unknown)} unknown`);
  return (
    <StatCard
      icon={<TargetArrowRegular />}
      title="Drift"
      value={total > 0 ? counted(total, "gap") : summary.met > 0 ? "No gap" : "Unknown"}
      tone={summary.critical > 0 ? "danger" : total + summary.met === 0 ? "unknown" : undefined}
      to={to}
    >
      {parts.length > 0 ? parts.join(", ") : `${counted(summary.met, "control")} met, ${policies}`}
    </StatCard>
  );
}
