// A link to an address within the app, as a real link: it can be hovered, focused and read aloud as one.
import { Link } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useGo } from "../../address";

export function AppLink({
  to,
  label,
  children,
}: {
  to: string;
  /** Read aloud instead of its words, where the same words stand in many rows; begins with them. */
  label?: string;
  children: ReactNode;
}) {
  const go = useGo();
  return (
    <Link
      href={`#${to}`}
      aria-label={label}
      onClick={(event) => {
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </Link>
  );
}
