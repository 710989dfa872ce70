// A person says what an account is. The mark goes before every rule of Gatehouse's own and is taken back the same way.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Textarea,
} from "@fluentui/react-components";
import { useState } from "react";
import { type AccountClass, commands, type UserDetail } from "../../bindings";
import { cleanName } from "../../components/names";
import { useSay } from "../../components/say";
import { useDoing } from "../../data/actions";
import { ask } from "../../data/ipc";
import { ClassWord, classWord } from "./account-words";

/** Entra itself says who is a guest or blocked. */
const MARKS: readonly AccountClass[] = ["person", "serviceAccount", "sharedMailbox", "breakGlass"];

const consequence: Partial<Record<AccountClass, string>> = {
  person: "It counts in the MFA figures, and somebody without MFA here is somebody to chase.",
  serviceAccount: "It no longer counts among people in the MFA figures; it is listed apart.",
  sharedMailbox: "It no longer counts among people in the MFA figures; it is listed apart.",
  breakGlass:
    "Every sign-in of it, and every attempt, raises a critical alert from now on, and it no longer counts among people.",
};

export function MarkAccount({ tenant, user }: { tenant: string; user: UserDetail }) {
  const say = useSay();
  const [asking, setAsking] = useState<AccountClass | "none" | null>(null);
  const [note, setNote] = useState("");
  const name = cleanName(user.row.displayName || user.row.upn);
  const marking = useDoing(
    (mark: AccountClass | null) => ask(commands.userMark(tenant, user.row.id, mark, note.trim() || null)),
    () => [tenant],
    (_, mark) => {
      setAsking(null);
      say(mark ? `${name} is marked: ${classWord[mark].toLowerCase()}` : `The mark of ${name} is taken back`);
    },
  );
  const begin = (what: AccountClass | "none") => {
    setNote("");
    setAsking(what);
  };
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button>Mark as</Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {MARKS.map((mark) => (
              <MenuItem key={mark} disabled={user.mark === mark} onClick={() => begin(mark)}>
                <ClassWord of={mark} />
              </MenuItem>
            ))}
            {user.mark && (
              <>
                <MenuDivider />
                <MenuItem onClick={() => begin("none")}>Take the mark back</MenuItem>
              </>
            )}
          </MenuList>
        </MenuPopover>
      </Menu>
      <Dialog open={asking !== null} onOpenChange={(_, data) => !data.open && setAsking(null)}>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>
              {asking === "none" ? "Take the mark back" : `Mark as ${asking ? classWord[asking].toLowerCase() : ""}`}
            </DialogTitle>
            <DialogContent>
              <p>
                <bdi dir="auto">{name}</bdi>, {user.row.upn}.{" "}
                {asking === "none"
                  ? "Gatehouse judges again by itself what this account is."
                  : asking && consequence[asking]}
              </p>
              {asking !== "none" && (
                <Field label="Why" hint="Kept with your name and the date, shown in lists and exports.">
                  <Textarea value={note} maxLength={1000} rows={2} onChange={(_, data) => setNote(data.value)} />
                </Field>
              )}
              <p>Nothing changes in Entra. The audit log keeps who marked it, and the mark can be taken back.</p>
            </DialogContent>
            <DialogActions>
              <Button onClick={() => setAsking(null)}>Cancel</Button>
              <Button
                appearance="primary"
                disabled={marking.isPending}
                onClick={() => asking && marking.mutate(asking === "none" ? null : asking)}
              >
                {asking === "none" ? "Take it back" : "Mark"}
              </Button>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
    </>
  );
}
