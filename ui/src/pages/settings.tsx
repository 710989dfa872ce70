// Settings: saved as they are changed, one at a time; a value that is refused stays in its field with the reason below it.
import {
  Body1,
  Button,
  Caption1,
  Dropdown,
  Field,
  Input,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Option,
  Subtitle2,
  Switch,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { commands, type Settings, type Severity, type Theme } from "../bindings";
import { LateProgress } from "../components/late-progress";
import { PageHead } from "../components/page-head";
import { PageSkeleton } from "../components/page-skeleton";
import { CopyButton, ProblemView } from "../components/problem-view";
import { useSay } from "../components/say";
import { severities, severityWord } from "../components/severity-badge";
import { count, sentence } from "../components/words";
import { ask, problemOf } from "../data/ipc";
import { keys, useAlertKinds, useAppStatus, useNotificationState, useSettings, useStoreFacts } from "../data/queries";

const useStyles = makeStyles({
  sections: {
    display: "grid",
    gap: tokens.spacingVerticalXXL,
    maxWidth: "760px",
    paddingBottom: tokens.spacingVerticalXXXL,
  },
  section: { display: "grid", gap: tokens.spacingVerticalM },
  heading: {
    margin: 0,
    paddingBottom: tokens.spacingVerticalXS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  short: { maxWidth: "320px" },
  pair: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(160px, 228px))",
    alignItems: "start",
    gap: tokens.spacingHorizontalL,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  kinds: {
    display: "grid",
    gridTemplateColumns: "minmax(200px, 1fr) minmax(0, 250px)",
    alignItems: "center",
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
  },
  facts: { display: "grid", gridTemplateColumns: "max-content 1fr", gap: "6px 16px", overflowWrap: "anywhere" },
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

const THEMES: readonly [Theme, string][] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
  ["highContrast", "High contrast"],
];

type Save = (patch: Partial<Settings>) => Promise<string | null>;

export default function SettingsPage() {
  const asked = useSettings();
  if (asked.error) return <ProblemView problem={problemOf(asked.error)} retry={() => void asked.refetch()} />;
  if (!asked.data) return <PageSkeleton />;
  return <Sections settings={asked.data} />;
}

function Sections({ settings }: { settings: Settings }) {
  const styles = useStyles();
  const client = useQueryClient();
  /** Saves a change; answers why it was refused. */
  const save: Save = async (patch) => {
    try {
      const saved = await ask(commands.settingsSet({ ...settings, ...patch }));
      client.setQueryData(keys.settings, saved);
      void client.invalidateQueries({ queryKey: keys.status });
      return null;
    } catch (error) {
      const problem = problemOf(error);
      return `${sentence(problem.what)} ${sentence(problem.nextStep)}`;
    }
  };
  return (
    <>
      <PageHead title="Settings" facts="Every change is saved at once and noted in the audit log." />
      <div className={styles.sections}>
        <Section title="Technician">
          <TextSetting
            label="Your name"
            hint="Stands in the audit log beside everything you do."
            value={settings.technician}
            save={(technician) => save({ technician })}
          />
          <TextSetting
            label="Company"
            hint="The name on reports."
            value={settings.company}
            save={(company) => save({ company })}
          />
        </Section>
        <Section title="Sync">
          <div className={styles.pair}>
            <TextSetting
              label="Resync every (minutes)"
              number
              value={String(settings.syncEveryMinutes)}
              save={(text) => save({ syncEveryMinutes: whole(text) })}
            />
            <TextSetting
              label="Keep sign-ins for (days)"
              number
              value={String(settings.retentionDays)}
              save={(text) => save({ retentionDays: whole(text) })}
            />
          </div>
          <SwitchSetting
            label="Resync when Gatehouse starts"
            value={settings.syncAtStart}
            save={(syncAtStart) => save({ syncAtStart })}
          />
        </Section>
        <Notifications settings={settings} save={save} />
        <Section title="Appearance">
          <Field label="Theme" className={styles.short}>
            <Dropdown
              value={THEMES.find(([theme]) => theme === settings.theme)?.[1] ?? ""}
              selectedOptions={[settings.theme]}
              onOptionSelect={(_, data) => void save({ theme: data.optionValue as Theme })}
            >
              {THEMES.map(([theme, word]) => (
                <Option key={theme} value={theme}>
                  {word}
                </Option>
              ))}
            </Dropdown>
          </Field>
        </Section>
        <Section title="Desktop">
          <SwitchSetting
            label="Closing the window keeps Gatehouse watching in the tray"
            value={settings.closeToTray}
            save={(closeToTray) => save({ closeToTray })}
          />
          <SwitchSetting
            label="Start at login, hidden in the tray"
            value={settings.startAtLogin}
            save={(startAtLogin) => save({ startAtLogin })}
          />
        </Section>
        <Data />
        <About />
      </div>
    </>
  );
}

function Notifications({ settings, save }: { settings: Settings; save: Save }) {
  const kinds = useAlertKinds().data;
  const styles = useStyles();
  const say = useSay();
  const client = useQueryClient();
  const state = useNotificationState().data;
  const test = useMutation({
    mutationFn: () => ask(commands.notificationTest()),
    onSuccess: (now) => {
      client.setQueryData(keys.notifications, now);
      say("A test notification was sent", {
        intent: "info",
        body: "If it does not appear, the operating system holds it back.",
      });
    },
    onError: say.failed,
  });
  const blocked = state && (state.permission === "denied" || state.permission === "unavailable");
  return (
    <Section title="Notifications">
      {state?.howToAllow && (
        <MessageBar intent={blocked ? "warning" : "info"} layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>
              {blocked ? "Notifications do not reach you." : "Whether notifications are allowed is not known."}
            </MessageBarTitle>{" "}
            {state.howToAllow}
          </MessageBarBody>
          <MessageBarActions>
            <Button size="small" onClick={() => void client.invalidateQueries({ queryKey: keys.notifications })}>
              Check again
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      <div className={styles.row}>
        <SwitchSetting
          label="Native notifications"
          value={settings.notifications}
          save={(notifications) => save({ notifications })}
        />
        <Button disabled={test.isPending} onClick={() => test.mutate()}>
          Send a test
        </Button>
      </div>
      <QuietHours settings={settings} save={save} />
      <Subtitle2 as="h3">Notify from</Subtitle2>
      <Caption1 className={styles.quiet}>
        The least severity of each kind that raises a notification. Everything is in the alert inbox in any case.
      </Caption1>
      <div className={styles.kinds}>
        {kinds?.map(({ kind, title }) => {
          const now = settings.notifyFrom[kind] ?? "critical";
          return (
            <KindRow
              key={kind}
              title={title}
              now={now}
              set={(notify) => void save({ notifyFrom: { ...settings.notifyFrom, [kind]: notify } })}
            />
          );
        })}
      </div>
    </Section>
  );
}

function KindRow({ title, now, set }: { title: string; now: Severity; set: (severity: Severity) => void }) {
  return (
    <>
      <Text>{title}</Text>
      <Dropdown
        aria-label={`Notify from, ${title}`}
        value={severityWord[now]}
        selectedOptions={[now]}
        onOptionSelect={(_, data) => set(data.optionValue as Severity)}
      >
        {severities.map((severity) => (
          <Option key={severity} value={severity}>
            {severityWord[severity]}
          </Option>
        ))}
      </Dropdown>
    </>
  );
}

function QuietHours({ settings, save }: { settings: Settings; save: Save }) {
  const styles = useStyles();
  const [from, setFrom] = useState(settings.quietFrom ?? "");
  const [to, setTo] = useState(settings.quietTo ?? "");
  const [why, setWhy] = useState<string | null>(null);
  useEffect(() => {
    setFrom(settings.quietFrom ?? "");
    setTo(settings.quietTo ?? "");
  }, [settings.quietFrom, settings.quietTo]);
  const commit = async (nextFrom: string, nextTo: string) => {
    if ((nextFrom === "") !== (nextTo === "")) {
      setWhy("Enter both times, or clear both.");
      return;
    }
    setWhy(await save({ quietFrom: nextFrom || null, quietTo: nextTo || null }));
  };
  return (
    <div className={styles.pair}>
      <Field
        label="Quiet from"
        hint="In your local time. What came up is told in one notification afterwards."
        {...(why ? { validationMessage: why, validationState: "error" as const } : {})}
      >
        <Input
          placeholder="22:00"
          value={from}
          onChange={(_, data) => setFrom(data.value)}
          onBlur={() => void commit(from, to)}
        />
      </Field>
      <Field label="Quiet until">
        <Input
          placeholder="07:00"
          value={to}
          onChange={(_, data) => setTo(data.value)}
          onBlur={() => void commit(from, to)}
        />
      </Field>
    </div>
  );
}

function Data() {
  const styles = useStyles();
  const say = useSay();
  const client = useQueryClient();
  const status = useAppStatus().data;
  const facts = useStoreFacts().data;
  const compact = useMutation({
    mutationFn: () => ask(commands.storeCompact()),
    onSuccess: (now) => {
      client.setQueryData(keys.store, now);
      say("The database is compact", { body: `It now takes ${megabytes(now.megabytes)}.` });
    },
    onError: say.failed,
  });
  return (
    <Section title="Data">
      {status && !status.secretsProtected && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>Secrets are protected by file permissions only.</MessageBarTitle> No credential store of
            the operating system answers here. Start one (GNOME Keyring, KWallet) and connect the tenants again.
          </MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.facts}>
        <Text className={styles.quiet}>Database</Text>
        <span>
          {facts?.path ?? "…"} {facts && <CopyButton text={facts.path} label="Copy" />}
        </span>
        <Text className={styles.quiet}>Size</Text>
        <span>
          {facts
            ? `${megabytes(facts.megabytes)}, of which ${megabytes(facts.reclaimableMegabytes)} can be given back; ${count(facts.users)} users, ${count(facts.signIns)} sign-ins`
            : "…"}
        </span>
        <Text className={styles.quiet}>Secrets</Text>
        <span>{status?.secrets ?? "…"}</span>
      </div>
      <div className={styles.row}>
        <Button disabled={compact.isPending} onClick={() => compact.mutate()}>
          {compact.isPending ? "Compacting" : "Compact"}
        </Button>
        {facts && (
          <Button appearance="subtle" onClick={() => void ask(commands.reveal(facts.path)).catch(say.failed)}>
            Show in folder
          </Button>
        )}
      </div>
      {compact.isPending && <LateProgress label="Compacting the database" />}
      <Caption1 className={styles.quiet}>
        A customer's data is removed with the customer: open the tenant and choose “Remove this tenant” in its “…” menu.
        Lists and the audit log have an Export button of their own.
      </Caption1>
    </Section>
  );
}

function About() {
  const styles = useStyles();
  const status = useAppStatus().data;
  return (
    <Section title="About">
      <Body1>
        Gatehouse {status?.version ?? ""} on {status?.platform ?? "this computer"}. MIT licence. Customer data stays on
        this computer.
      </Body1>
      <Caption1 className={styles.quiet}>Press ? for the list of keys.</Caption1>
    </Section>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <section className={styles.section} aria-label={title}>
      <Subtitle2 as="h2" className={styles.heading}>
        {title}
      </Subtitle2>
      {children}
    </section>
  );
}

function TextSetting({
  label,
  hint,
  value,
  save,
  number = false,
}: {
  label: string;
  hint?: string;
  value: string;
  save: (value: string) => Promise<string | null>;
  number?: boolean;
}) {
  const styles = useStyles();
  const [text, setText] = useState(value);
  const [why, setWhy] = useState<string | null>(null);
  useEffect(() => setText(value), [value]);
  const commit = async () => {
    if (text === value) setWhy(null);
    else setWhy(await save(text));
  };
  return (
    <Field
      label={label}
      className={styles.short}
      {...(hint ? { hint } : {})}
      {...(why ? { validationMessage: why, validationState: "error" as const } : {})}
    >
      <Input
        value={text}
        {...(number ? { type: "number" as const, min: 1 } : {})}
        onChange={(_, data) => setText(data.value)}
        onBlur={() => void commit()}
        onKeyDown={(event) => event.key === "Enter" && void commit()}
      />
    </Field>
  );
}

function SwitchSetting({
  label,
  value,
  save,
}: {
  label: string;
  value: boolean;
  save: (value: boolean) => Promise<string | null>;
}) {
  const say = useSay();
  return (
    <Switch
      label={label}
      checked={value}
      onChange={async (_, data) => {
        const why = await save(data.checked);
        if (why) say("That could not be changed", { intent: "error", body: why });
      }}
    />
  );
}

/** What is no whole number becomes 0, which the store refuses with its own words. */
const whole = (text: string) => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : 0);
const megabytes = (value: number | null) =>
  value === null ? "an unknown size" : value < 10 ? `${value.toFixed(1)} MB` : `${count(Math.round(value))} MB`;
