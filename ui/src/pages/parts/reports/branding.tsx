// How the reports look: the MSP's name, colour and logo.
import { Button, Card, Field, Input, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { type BrandingInput, type BrandingView, commands } from "../../../bindings";
import { Loaded } from "../../../components/loaded";
import { ProblemBar } from "../../../components/problem-view";
import { useSay } from "../../../components/say";
import { quiet } from "../../../components/style-parts";
import { ask, problemOf } from "../../../data/ipc";
import { useBranding, useSaveBranding } from "../../../data/reports";
import { PaperPick } from "./paper-pick";

const useStyles = makeStyles({
  card: {
    padding: tokens.spacingHorizontalL,
    gap: tokens.spacingVerticalM,
    maxWidth: "560px",
    overflowWrap: "anywhere",
  },
  form: { display: "grid", gap: tokens.spacingVerticalM },
  quiet,
  row: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  colour: {
    display: "grid",
    gridTemplateColumns: "44px minmax(0, 1fr) auto",
    gap: tokens.spacingHorizontalS,
    alignItems: "center",
  },
  well: {
    width: "44px",
    height: "32px",
    padding: 0,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    background: "none",
  },
  logo: {
    maxWidth: "220px",
    maxHeight: "72px",
    objectFit: "contain",
    backgroundColor: "#ffffff",
    padding: tokens.spacingHorizontalS,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

const OWN = "#1f5fa8";

export const Branding = () => (
  <Loaded asked={useBranding()}>{(view) => <BrandingForm key={JSON.stringify(view)} view={view} />}</Loaded>
);

function BrandingForm({ view }: { view: BrandingView }) {
  const styles = useStyles();
  const say = useSay();
  const [company, setCompany] = useState(view.company);
  const [colour, setColour] = useState(view.colour ?? "");
  const [logo, setLogo] = useState<BrandingInput["logo"]>({ how: "keep" });
  const [paper, setPaper] = useState(view.paper);
  const save = useSaveBranding(() => setLogo({ how: "keep" }));
  const wrong = colour !== "" && !/^#[0-9a-f]{6}$/i.test(colour);
  return (
    <Card className={styles.card} role="group" aria-label="Look of the reports">
      <Subtitle2 as="h2">Look of the reports</Subtitle2>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) save.mutate({ company: company.trim(), colour: colour || null, logo, paper });
        }}
      >
        {save.error && <ProblemBar problem={problemOf(save.error)} />}
        <Field
          label="Your company's name"
          hint="On the cover and in the footer of every report; the same as in the settings"
        >
          <Input value={company} onChange={(_, data) => setCompany(data.value)} />
        </Field>
        <Field
          label="Colour"
          hint="For rules and headings. A pale colour never carries text: it is darkened there"
          {...(wrong ? { validationMessage: "Write it as #1f5fa8", validationState: "error" as const } : {})}
        >
          <div className={styles.colour}>
            <input
              type="color"
              aria-label="Pick a colour"
              className={styles.well}
              value={wrong || colour === "" ? OWN : colour}
              onChange={(event) => setColour(event.target.value)}
            />
            <Input
              aria-label="Colour"
              value={colour}
              placeholder="Gatehouse's own"
              onChange={(_, data) => setColour(data.value.trim())}
            />
            <Button disabled={colour === ""} onClick={() => setColour("")}>
              Gatehouse's own
            </Button>
          </div>
        </Field>
        <Field label="Logo" hint="PNG or JPEG, at most 2 MB">
          <div className={styles.row}>
            {logo.how === "file" ? (
              <Text>{logo.path}</Text>
            ) : logo.how === "keep" && view.logo ? (
              <img className={styles.logo} src={view.logo} alt="The logo that reports print" />
            ) : (
              <Text className={styles.quiet}>None</Text>
            )}
            <Button
              onClick={() =>
                void ask(commands.chooseFile("", "Choose a logo", ["png", "jpg", "jpeg"], true)).then(
                  (path) => path !== null && setLogo({ how: "file", path }),
                  say.failed,
                )
              }
            >
              Choose a file
            </Button>
            {(logo.how === "file" || (logo.how === "keep" && view.logo)) && (
              <Button onClick={() => setLogo(view.logo ? { how: "remove" } : { how: "keep" })}>Remove</Button>
            )}
          </div>
        </Field>
        <PaperPick
          paper={paper}
          hint="What a report or a sheet to sign begins with; each can be written otherwise"
          choose={setPaper}
        />
        <div className={styles.row}>
          <Button appearance="primary" type="submit" disabled={wrong || save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  );
}
