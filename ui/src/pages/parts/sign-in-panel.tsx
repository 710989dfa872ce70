// One sign-in whole, beside the list: why it went as it did, what to do next, and every policy that Entra weighed.
import { Button, Card, makeStyles, mergeClasses, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { part, useGo } from "../../address";
import type { AppliedPolicy, SignInDetail } from "../../bindings";
import { cleanName } from "../../components/names";
import { RelativeTime, useNow } from "../../components/relative-time";
import { edge, framedWithEdge, large, listItem, panelSection, plainList, quiet } from "../../components/style-parts";
import { counted, dayAndTime, sentence } from "../../components/words";
import { useSignIn } from "../../data/queries";
import { AppLink } from "./app-link";
import { Fact, Facts, IdFact } from "./facts";
import { SidePanel } from "./side-panel";
import { AppliedWord, ResultWord } from "./state-words";
import { Spoken } from "./triage-group";
import { SignInTriage } from "./triage-sign-in";

const useStyles = makeStyles({
  reason: framedWithEdge,
  failure: edge.bad,
  interrupted: edge.warn,
  success: edge.good,
  large,
  quiet,
  section: panelSection,
  policies: plainList,
  policy: listItem,
  policyHead: {
    display: "flex",
    flexWrap: "wrap",
    justifyContent: "space-between",
    columnGap: tokens.spacingHorizontalM,
  },
  filter: { marginInlineStart: tokens.spacingHorizontalS, minWidth: 0 },
});

type Narrow = (patch: Record<string, string>) => void;

export function SignInPanel({
  tenant,
  id,
  close,
  narrow,
}: {
  tenant: string;
  id: string | null;
  close: () => void;
  /** Filters the list behind by what is seen here; absent where there is no such list. */
  narrow?: Narrow;
}) {
  return id === null ? null : <Inside tenant={tenant} id={id} close={close} {...(narrow ? { narrow } : {})} />;
}

function Inside({ tenant, id, close, narrow }: { tenant: string; id: string; close: () => void; narrow?: Narrow }) {
  const now = useNow();
  return (
    <SidePanel
      label="Sign-in"
      read={useSignIn(tenant, id)}
      close={close}
      title={({ row }) => <bdi dir="auto">{cleanName(row.userName || row.upn)}</bdi>}
      facts={({ row }) => `${row.app || "Application not named"}, ${dayAndTime(new Date(row.at), now)}`}
    >
      {(detail) => <Detail tenant={tenant} detail={detail} {...(narrow ? { narrow } : {})} />}
    </SidePanel>
  );
}

function Detail({ tenant, detail, narrow }: { tenant: string; detail: SignInDetail; narrow?: Narrow }) {
  const styles = useStyles();
  const go = useGo();
  const { row } = detail;
  const base = `/tenants/${part(tenant)}`;
  const country = /(?:^|, )([A-Z]{2})$/.exec(row.place)?.[1];
  const only = (words: string, patch: Record<string, string>) =>
    narrow && (
      <Button
        className={styles.filter}
        size="small"
        appearance="transparent"
        aria-label={words}
        onClick={() => narrow(patch)}
      >
        Only these
      </Button>
    );
  return (
    <>
      <Card className={mergeClasses(styles.reason, styles[row.result])} role="group" aria-label="Why">
        <ResultWord result={row.result} />
        <Text weight="semibold" className={styles.large}>
          {sentence(row.reason)}
        </Text>
        {row.result === "success" ? (
          detail.nextStep && <Text>{sentence(detail.nextStep)}</Text>
        ) : (
          <Spoken tellUser={detail.tellUser} nextStep={detail.nextStep} />
        )}
        {narrow && (
          <div>
            <Button size="small" onClick={() => go(`${base}/users/${part(row.userId)}`)}>
              Open the user
            </Button>{" "}
            <Button size="small" onClick={() => go(`${base}/what-if?like=${part(row.id)}&fill=1`)}>
              As this sign-in in What-if
            </Button>
          </div>
        )}
      </Card>

      {row.result !== "success" && <SignInTriage tenant={tenant} id={row.id} />}

      <section className={styles.section} aria-label="Policies">
        <Subtitle2 as="h3">
          {detail.policies.length === 0
            ? "Policies"
            : `Entra weighed ${counted(detail.policies.length, "policy", "policies")}`}
        </Subtitle2>
        {detail.policies.length === 0 ? (
          <Text className={styles.quiet}>
            Entra recorded no policy for this sign-in: none applied, or the sign-in ended before they were weighed.
          </Text>
        ) : (
          <Policies base={base} policies={detail.policies} />
        )}
      </section>

      <section className={styles.section} aria-label="Facts">
        <Subtitle2 as="h3">Facts</Subtitle2>
        <Facts>
          <Fact label="When">
            <RelativeTime at={row.at} />
          </Fact>
          <Fact label="User">
            <bdi dir="auto">{cleanName(row.upn)}</bdi>
          </Fact>
          <Fact label="Application">
            <bdi dir="auto">{cleanName(row.app) || "not named"}</bdi>
            {detail.resource && detail.resource !== row.app && (
              <span className={styles.quiet}> to {cleanName(detail.resource)}</span>
            )}
            {detail.appId && only(`Show only sign-ins to ${cleanName(row.app)}`, { app: detail.appId })}
          </Fact>
          <Fact label="Place">
            {row.place || "Entra did not say"}
            {row.ip && `, ${row.ip}`}
            {country && only(`Show only sign-ins from ${country}`, { country })}
          </Fact>
          <Fact label="Device">
            <bdi dir="auto">
              {[cleanName(detail.deviceName), cleanName(row.device)].filter(Boolean).join(", ") || "Entra did not say"}
            </bdi>
          </Fact>
          <Fact label="Device state">{deviceState(detail)}</Fact>
          <Fact label="Client">
            {[row.client, cleanName(detail.browser)].filter(Boolean).join(", ") || "Entra did not say"}
            {row.legacy && ". This is legacy authentication, where MFA cannot be asked for"}
          </Fact>
          <Fact label="Kind">
            {detail.interactive === null ? "not known" : detail.interactive ? "Interactive" : "Not interactive"}
          </Fact>
          <Fact label="Risk">{riskWord(detail.risk)}</Fact>
          {detail.errorCode !== 0 && (
            <Fact label="Entra's words">
              {detail.failureReason ? sentence(cleanName(detail.failureReason)) : "None."} Code {detail.errorCode}.
            </Fact>
          )}
          <IdFact label="Request ID" id={row.id} />
        </Facts>
      </section>
    </>
  );
}

/** Those that had a say; the rest one click away, since a tenant may have a hundred policies. */
const SILENT = new Set(["notApplied", "notEnabled", "reportOnlyNotApplied"]);

function Policies({ base, policies }: { base: string; policies: readonly AppliedPolicy[] }) {
  const styles = useStyles();
  const [all, setAll] = useState(false);
  const spoke = policies.filter((policy) => !SILENT.has(policy.result));
  const silent = policies.filter((policy) => SILENT.has(policy.result));
  const shown = all || spoke.length === 0 || silent.length <= 2 ? [...spoke, ...silent] : spoke;
  return (
    <>
      <ul className={styles.policies}>
        {shown.map((policy, index) => (
          <li key={`${policy.id}-${index}`} className={styles.policy}>
            <div className={styles.policyHead}>
              {policy.id ? (
                <AppLink to={`${base}/policies/${part(policy.id)}`}>
                  <bdi dir="auto">{cleanName(policy.displayName)}</bdi>
                </AppLink>
              ) : (
                <bdi dir="auto">{cleanName(policy.displayName)}</bdi>
              )}
              <AppliedWord result={policy.result} />
            </div>
            <Text size={200}>{sentence(policy.meaning)}</Text>
            {policy.sessionControls.length > 0 && (
              <Text size={200} className={styles.quiet}>
                Session: {policy.sessionControls.join(", ")}
              </Text>
            )}
          </li>
        ))}
      </ul>
      {shown.length < policies.length && (
        <div>
          <Button size="small" appearance="subtle" onClick={() => setAll(true)}>
            Show {counted(silent.length, "policy", "policies")} that did not apply
          </Button>
        </div>
      )}
    </>
  );
}

function deviceState(detail: SignInDetail): string {
  const compliant =
    detail.compliant === null ? "compliance not known" : detail.compliant ? "compliant" : "not compliant";
  const managed = detail.managed === null ? "management not known" : detail.managed ? "managed" : "not managed";
  return [detail.trust ?? "Join to Entra not said", compliant, managed].join(", ");
}

function riskWord(risk: string): string {
  if (risk === "" || risk === "unknown" || risk === "unknownFutureValue") return "not known";
  if (risk === "hidden") return "hidden: Entra shows it with Entra ID P2 only";
  return risk.charAt(0).toUpperCase() + risk.slice(1);
}
