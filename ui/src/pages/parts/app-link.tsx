// A link to an address within the app, as a real link: it can be hovered, focused and read aloud as one.
import { Link } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useGo } from "../../address";

export function AppLink({ to, children }: { to: string; children: ReactNode }) {
  const go = useGo();
  return (
    <Link
      href={`#${to}`}
      onClick={(event) => {
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </Link>
  );
}
