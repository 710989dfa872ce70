// Connecting a customer, step by step: which cloud and tenant, which app, how to sign in, what is asked for and why, then the attempt itself.
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  Card,
  Checkbox,
  Dropdown,
  Field,
  Input,
  makeStyles,
  Option,
  Radio,
  RadioGroup,
  Subtitle2,
  Tab,
  TabList,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { part, useGo, useWhere } from "../address";
import { type CloudChoice, type ConnectRequest, type Credential, commands, type TenantRow } from "../bindings";
import { ConnectAttempt } from "../components/connect-progress";
import { EmptyState } from "../components/empty-state";
import { PeopleRegular } from "../components/icons";
import { cleanName, MiddleCut } from "../components/names";
import { PageHead } from "../components/page-head";
import { PageSkeleton } from "../components/page-skeleton";
import { ProblemBar } from "../components/problem-view";
import { RelativeTime } from "../components/relative-time";
import { useSay } from "../components/say";
import { counted } from "../components/words";
import { useDoing } from "../data/actions";
import { ask, problemOf } from "../data/ipc";
import { invalidateScopes } from "../data/live";
import { FLEET, usePermissions, useTenants } from "../data/queries";
import { focusFirst } from "../frame/first-focus";

const useStyles = makeStyles({
  sheet: {
    maxWidth: "760px",
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalL,
    paddingBottom: tokens.spacingVerticalXXL,
  },
  tabs: { marginInlineStart: "-8px" },
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM },
  number: { color: tokens.colorNeutralForeground3, fontWeight: tokens.fontWeightRegular },
  row: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "end" },
  grow: { flex: "1 1 auto" },
  quiet: { color: tokens.colorNeutralForeground2 },
  permissions: {
    margin: 0,
    display: "grid",
    gridTemplateColumns: "minmax(180px, auto) minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
  },
  permission: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
  why: { margin: 0, color: tokens.colorNeutralForeground2 },
  list: { listStyle: "none", margin: 0, padding: 0 },
  customer: {
    display: "grid",
    gridTemplateColumns: "32px minmax(0, 1fr) auto",
    alignItems: "center",
    minHeight: "44px",
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
});

export default function ConnectPage() {
  const styles = useStyles();
  const [way, setWay] = useState<"one" | "partner">("one");
  const { search } = useWhere();
  const asked = useTenants();
  const tenants = asked.data ?? [];
  if (search.tenant && asked.isPending) return <PageSkeleton />;
  const known = tenants.find((tenant) => tenant.id === search.tenant && !tenant.demo);
  if (known)
    return (
      <>
        <PageHead
          title={`Connect ${cleanName(known.displayName)} again`}
          crumbs={[
            { title: "Tenants", to: "/tenants" },
            { title: known.displayName, to: `/tenants/${part(known.id)}` },
          ]}
          facts="Everything that was synced and all settings stay."
        />
        <div className={styles.sheet}>
          <OneTenant key={known.id} known={known} />
        </div>
      </>
    );
  return (
    <>
      <PageHead
        title="Connect a tenant"
        crumbs={[{ title: "Tenants", to: "/tenants" }]}
        facts="Gatehouse asks only to read. Writing is turned on per tenant, later, if you want it."
      />
      <div className={styles.sheet}>
        {tenants.some((tenant) => !tenant.demo) && (
          <TabList
            className={styles.tabs}
            selectedValue={way}
            onTabSelect={(_, data) => setWay(data.value as "one" | "partner")}
          >
            <Tab value="one">One tenant</Tab>
            <Tab value="partner">Customers of a partner tenant</Tab>
          </TabList>
        )}
        {way === "one" ? <OneTenant /> : <FromPartner tenants={tenants.filter((tenant) => !tenant.demo)} />}
      </div>
    </>
  );
}

const CLOUDS = {
  global: "Global",
  usGovernment: "US Government",
  china: "China (21Vianet)",
  custom: "Another address (simulator or proxy)",
} as const;
const WAYS: readonly [Credential["kind"], string, string][] = [
  ["browser", "Sign in with the browser", "You sign in as yourself; Gatehouse reads what you may read."],
  ["deviceCode", "Sign in with a code", "The same, with the sign-in on another device."],
  [
    "certificate",
    "App with a certificate",
    "Works without anybody signing in. A PEM file with certificate and private key.",
  ],
  ["secret", "App with a client secret", "The same, less safe: a secret can be copied and it expires."],
];
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DOMAIN = /^[^\s/@:]+\.[^\s/@:]+$/;

/** What is wrong with a tenant as typed, in words, or null. */
export function tenantFault(tenant: string, kind: Credential["kind"]): string | null {
  const text = tenant.trim();
  if (text === "") return "Enter the tenant's id or one of its domains";
  if (text.includes("@")) return "This is an address of a person; only the part after the @ is needed";
  if (text.toLowerCase() === "organizations")
    return kind === "browser" || kind === "deviceCode"
      ? null
      : "An app signs in to one tenant: enter its id or a domain";
  return GUID.test(text) || DOMAIN.test(text)
    ? null
    : "A tenant is a domain such as contoso.com, or an id of 32 hexadecimal digits with hyphens";
}

export const clientFault = (id: string) =>
  GUID.test(id.trim())
    ? null
    : "The application (client) id of the app registration: 32 hexadecimal digits with hyphens";

/** As empty as it begins, or as the tenant is connected already. */
function useForm(known?: TenantRow) {
  const before = known?.connected;
  const custom = before?.cloud.kind === "custom" ? before.cloud : null;
  const [cloud, setCloud] = useState<CloudChoice["kind"]>(before?.cloud.kind ?? "global");
  const [graphUrl, setGraphUrl] = useState(custom?.graphUrl ?? "");
  const [loginUrl, setLoginUrl] = useState(custom?.loginUrl ?? "");
  const [tenant, setTenant] = useState(known?.id ?? "");
  const [clientId, setClientId] = useState(before?.clientId ?? "");
  const [kind, setKind] = useState<Credential["kind"]>(before && before.by !== "person" ? before.by : "browser");
  const [path, setPath] = useState("");
  const [secret, setSecret] = useState("");
  const faults = {
    cloud:
      cloud === "custom" && !(URL.canParse(graphUrl) && URL.canParse(loginUrl))
        ? "Both addresses are needed, beginning with http:// or https://"
        : null,
    tenant: tenantFault(tenant, kind),
    clientId: clientFault(clientId),
    credential:
      kind === "certificate" && path === ""
        ? "Choose the certificate's file"
        : kind === "secret" && secret === ""
          ? "Enter the secret's value, not its id"
          : null,
  };
  const request = (): ConnectRequest => ({
    tenant: tenant.trim(),
    clientId: clientId.trim().toLowerCase(),
    cloud:
      cloud === "custom" ? { kind: "custom", graphUrl: graphUrl.trim(), loginUrl: loginUrl.trim() } : { kind: cloud },
    credential: kind === "certificate" ? { kind, path } : kind === "secret" ? { kind, secret } : { kind },
  });
  return {
    cloud,
    setCloud,
    graphUrl,
    setGraphUrl,
    loginUrl,
    setLoginUrl,
    tenant,
    setTenant,
    clientId,
    setClientId,
    kind,
    setKind,
    path,
    setPath,
    secret,
    setSecret,
    faults,
    request,
  };
}

/** A known tenant is connected again: what it is stays as it was, and the focus is where its sign-in is given. */
function OneTenant({ known }: { known?: TenantRow }) {
  const permissions = usePermissions().data;
  const styles = useStyles();
  const go = useGo();
  const say = useSay();
  const client = useQueryClient();
  const form = useForm(known);
  const { faults } = form;
  const [tried, setTried] = useState(false);
  const [attempt, setAttempt] = useState<number | null>(null);
  const sheet = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (attempt === null) focusFirst(sheet.current);
  }, [attempt]);
  const first = (here: boolean) => (known && here ? { "data-page-focus": true } : {});
  const starting = useDoing(
    (request: ConnectRequest) => ask(commands.connectStart(request)),
    () => [],
    (id) => {
      setAttempt(id);
      form.setSecret("");
    },
  );
  const choose = async () => {
    try {
      const path = await ask(commands.chooseFile("", "Certificate with private key", ["pem"], true));
      if (path) form.setPath(path);
    } catch (error) {
      say.failed(error);
    }
  };
  if (attempt !== null)
    return (
      <Card className={styles.card}>
        <ConnectAttempt
          attempt={attempt}
          again={() => setAttempt(null)}
          connected={(tenant) => {
            invalidateScopes(client, new Set([null]));
            const name = cleanName(tenant.displayName);
            if (known) say(`${name} is connected again`, { body: "A sync has started." });
            else say(`${name} is connected`, { body: "Its first sync has started." });
            go(`/tenants/${part(tenant.id)}`);
          }}
        />
      </Card>
    );
  const fault = (text: string | null) =>
    tried && text ? { validationMessage: text, validationState: "error" as const } : {};
  return (
    <form
      ref={sheet}
      className={styles.sheet}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (Object.values(faults).every((each) => each === null)) starting.mutate(form.request());
      }}
    >
      {starting.error && <ProblemBar problem={problemOf(starting.error)} />}
      <Step number={1} title="Which tenant">
        <Field label="Tenant" required hint="Its id or one of its domains." {...fault(faults.tenant)}>
          <Input
            value={form.tenant}
            readOnly={known !== undefined}
            onChange={(_, data) => form.setTenant(data.value)}
            placeholder="contoso.com"
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Field label="Cloud" {...fault(faults.cloud)}>
          <Dropdown
            value={CLOUDS[form.cloud]}
            selectedOptions={[form.cloud]}
            onOptionSelect={(_, data) => form.setCloud((data.optionValue ?? "global") as CloudChoice["kind"])}
          >
            {(Object.keys(CLOUDS) as CloudChoice["kind"][]).map((each) => (
              <Option key={each} value={each}>
                {CLOUDS[each]}
              </Option>
            ))}
          </Dropdown>
        </Field>
        {form.cloud === "custom" && (
          <>
            <Field label="Graph address" required>
              <Input
                value={form.graphUrl}
                onChange={(_, data) => form.setGraphUrl(data.value)}
                placeholder="http://127.0.0.1:8080"
                spellCheck={false}
              />
            </Field>
            <Field label="Login address" required>
              <Input
                value={form.loginUrl}
                onChange={(_, data) => form.setLoginUrl(data.value)}
                placeholder="http://127.0.0.1:8081"
                spellCheck={false}
              />
            </Field>
          </>
        )}
      </Step>
      <Step number={2} title="Which app, and how it signs in">
        <Field
          label="Application (client) id"
          required
          hint="Of the app registration, made once for all customers. The README tells how."
          {...fault(faults.clientId)}
        >
          <Input
            value={form.clientId}
            onChange={(_, data) => form.setClientId(data.value)}
            placeholder="00000000-0000-0000-0000-000000000000"
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Field label="Sign-in" {...fault(faults.credential)}>
          <RadioGroup value={form.kind} onChange={(_, data) => form.setKind(data.value as Credential["kind"])}>
            {WAYS.map(([kind, title, text]) => (
              <Radio
                key={kind}
                value={kind}
                {...first(kind === form.kind && kind !== "certificate" && kind !== "secret")}
                label={
                  <>
                    {title}
                    <br />
                    <Text size={200} className={styles.quiet}>
                      {text}
                    </Text>
                  </>
                }
              />
            ))}
          </RadioGroup>
        </Field>
        {form.kind === "certificate" && (
          <div className={styles.row}>
            <Field label="Certificate" className={styles.grow} required>
              <Input value={form.path} readOnly placeholder="No file chosen" />
            </Field>
            <Button {...first(true)} onClick={() => void choose()}>
              Choose a file
            </Button>
          </div>
        )}
        {form.kind === "secret" && (
          <Field
            label="Client secret"
            required
            hint="Goes straight to the operating system's credential store, and is never shown again."
          >
            <Input
              type="password"
              {...first(true)}
              value={form.secret}
              onChange={(_, data) => form.setSecret(data.value)}
              autoComplete="off"
            />
          </Field>
        )}
      </Step>
      <Step number={3} title="What Gatehouse asks for">
        <Text className={styles.quiet}>
          Read permissions only. Without one of them Gatehouse still works: what it cannot read is shown as unknown.
        </Text>
        <Accordion collapsible>
          <AccordionItem value="permissions">
            <AccordionHeader>
              {permissions ? `The ${counted(permissions.length, "permission")}, and why` : "The permissions, and why"}
            </AccordionHeader>
            <AccordionPanel>
              <dl className={styles.permissions}>
                {permissions?.map(({ name, why }) => (
                  <Permission key={name} permission={name} why={why} />
                ))}
              </dl>
            </AccordionPanel>
          </AccordionItem>
        </Accordion>
      </Step>
      <div className={styles.row}>
        <Button appearance="primary" type="submit" disabled={starting.isPending}>
          Connect
        </Button>
        <Button onClick={() => go(known ? `/tenants/${part(known.id)}` : "/tenants")}>Cancel</Button>
      </div>
    </form>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <Card className={styles.card} role="group" aria-label={title}>
      <Subtitle2 as="h2">
        <span className={styles.number}>{number}</span> {title}
      </Subtitle2>
      {children}
    </Card>
  );
}

function Permission({ permission, why }: { permission: string; why: string }) {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.permission}>{permission}</dt>
      <dd className={styles.why}>{why}</dd>
    </>
  );
}

function FromPartner({ tenants }: { tenants: readonly TenantRow[] }) {
  const styles = useStyles();
  const go = useGo();
  const [partner, setPartner] = useState(tenants[0]?.id ?? "");
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [attempt, setAttempt] = useState<number | null>(null);
  const customers = useQuery({
    queryKey: [FLEET, "partnerCustomers", partner],
    queryFn: () => ask(commands.partnerCustomers(partner)),
    enabled: partner !== "",
  });
  const connecting = useDoing(
    () => ask(commands.partnerConnect(partner, [...picked])),
    () => [],
    setAttempt,
  );
  const free = customers.data?.filter((customer) => !customer.connected) ?? [];
  const toggle = (id: string) => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    setPicked(next);
  };
  if (attempt !== null)
    return (
      <Card className={styles.card}>
        <ConnectAttempt attempt={attempt} again={() => setAttempt(null)} connected={() => go("/tenants")} />
      </Card>
    );
  return (
    <Card className={styles.card}>
      <Field
        label="Partner tenant"
        hint="Your own tenant, whose delegated admin relationships (GDAP) name the customers."
      >
        <Dropdown
          value={tenants.find((tenant) => tenant.id === partner)?.displayName ?? ""}
          selectedOptions={[partner]}
          onOptionSelect={(_, data) => setPartner(data.optionValue ?? "")}
        >
          {tenants.map((tenant) => (
            <Option key={tenant.id} value={tenant.id}>
              {cleanName(tenant.displayName)}
            </Option>
          ))}
        </Dropdown>
      </Field>
      {customers.error && <ProblemBar problem={problemOf(customers.error)} />}
      {customers.data?.length === 0 && (
        <EmptyState
          icon={<PeopleRegular />}
          title="No customers"
          text="This tenant has no active delegated admin relationship."
        />
      )}
      {customers.data && customers.data.length > 0 && (
        <>
          <Checkbox
            label={`All ${counted(free.length, "customer")} not connected yet`}
            checked={free.length > 0 && picked.size === free.length ? true : picked.size > 0 ? "mixed" : false}
            onChange={() =>
              setPicked(picked.size === free.length ? new Set() : new Set(free.map((customer) => customer.tenantId)))
            }
          />
          <ul className={styles.list}>
            {customers.data.map((customer) => (
              <li key={customer.tenantId} className={styles.customer}>
                <Checkbox
                  aria-label={cleanName(customer.displayName)}
                  disabled={customer.connected}
                  checked={customer.connected || picked.has(customer.tenantId)}
                  onChange={() => toggle(customer.tenantId)}
                />
                <span>
                  <MiddleCut text={customer.displayName} />
                  <Text size={200} className={styles.quiet}>
                    {customer.relationships.map(cleanName).join(", ")}
                  </Text>
                </span>
                <Text size={200} className={styles.quiet}>
                  {customer.connected ? (
                    "Connected"
                  ) : customer.endsAt ? (
                    <>
                      Relationship ends <RelativeTime at={customer.endsAt} />
                    </>
                  ) : null}
                </Text>
              </li>
            ))}
          </ul>
          <div>
            <Button
              appearance="primary"
              disabled={picked.size === 0 || connecting.isPending}
              onClick={() => connecting.mutate(undefined)}
            >
              Connect {counted(picked.size, "customer")}
            </Button>
          </div>
        </>
      )}
    </Card>
  );
}
