// The selected people's UPNs onto the clipboard, one a line: for a mail, a ticket, a script.
import { Button } from "@fluentui/react-components";
import { CopyRegular } from "../../components/icons";
import { copyText } from "../../components/problem-view";
import { useSay } from "../../components/say";
import { counted } from "../../components/words";

export function CopyUpns({ rows, clear }: { rows: readonly { upn: string }[]; clear: () => void }) {
  const say = useSay();
  return (
    <Button
      size="small"
      appearance="primary"
      icon={<CopyRegular />}
      onClick={async () => {
        const upns = [...new Set(rows.map((row) => row.upn).filter(Boolean))];
        await copyText(upns.join("\n"));
        say(`${counted(upns.length, "UPN")} copied`, { intent: "info" });
        clear();
      }}
    >
      Copy UPNs
    </Button>
  );
}
