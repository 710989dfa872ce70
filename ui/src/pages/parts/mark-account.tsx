// A person says what an account is. The mark goes before every rule of Gatehouse's own and is taken back the same way.
import {
  Button,
  Field,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Text,
  Textarea,
} from "@fluentui/react-components";
import { type ReactNode, useState } from "react";
import { type AccountClass, commands, type PersonRef, type UserDetail } from "../../bindings";
import { FormDialog } from "../../components/form-dialog";
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
  const [asking, setAsking] = useState<AccountClass | "none" | null>(null);
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button>Mark as</Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {MARKS.map((mark) => (
              <MenuItem key={mark} disabled={user.mark === mark} onClick={() => setAsking(mark)}>
                <ClassWord of={mark} />
              </MenuItem>
            ))}
            {user.mark && (
              <>
                <MenuDivider />
                <MenuItem onClick={() => setAsking("none")}>Take the mark back</MenuItem>
              </>
            )}
          </MenuList>
        </MenuPopover>
      </Menu>
      {asking && (
        <MarkDialog
          tenant={tenant}
          person={user.row}
          mark={asking === "none" ? null : asking}
          close={() => setAsking(null)}
        />
      )}
    </>
  );
}

/** Asks before a mark is set or (null) taken back: what follows from it, and why. */
export function MarkDialog({
  tenant,
  person,
  mark,
  title,
  children,
  close,
}: {
  tenant: string;
  person: PersonRef;
  mark: AccountClass | null;
  title?: string;
  /** What follows, where the page knows more of it. */
  children?: ReactNode;
  close: () => void;
}) {
  const say = useSay();
  const [note, setNote] = useState("");
  const name = cleanName(person.displayName || person.upn);
  const marking = useDoing(
    () => ask(commands.userMark(tenant, person.id, mark, note.trim() || null)),
    () => [tenant],
    () => {
      close();
      say(mark ? `${name} is marked: ${classWord[mark].toLowerCase()}` : `The mark of ${name} is taken back`);
    },
  );
  return (
    <FormDialog
      title={title ?? (mark ? `Mark as ${classWord[mark].toLowerCase()}` : "Take the mark back")}
      confirm={mark ? "Mark" : "Take it back"}
      busy={marking.isPending}
      close={close}
      run={() => marking.mutate(undefined)}
    >
      <Text>
        <bdi dir="auto">{name}</bdi>, <bdi dir="auto">{cleanName(person.upn)}</bdi>.{" "}
        {children ?? (mark ? consequence[mark] : "Gatehouse judges again by itself what this account is.")}
      </Text>
      <Field
        label="Why (optional)"
        hint={
          mark
            ? "Kept with your name and the date; lists and exports show it."
            : "Kept in the audit log with your name."
        }
      >
        <Textarea autoFocus value={note} maxLength={1000} rows={2} onChange={(_, data) => setNote(data.value)} />
      </Field>
      <Text>Nothing changes in Entra. The audit log keeps who did this, and it can be undone.</Text>
    </FormDialog>
  );
}
