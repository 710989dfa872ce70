// Something is on its way that usually takes a moment: a bar appears only once it takes longer than about a second.
import { ProgressBar } from "@fluentui/react-components";
import { useEffect, useState } from "react";

export const LATE_MS = 1000;

/** Mounted while it runs. */
export function LateProgress({ label }: { label: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), LATE_MS);
    return () => clearTimeout(timer);
  }, []);
  return late ? <ProgressBar aria-label={label} /> : null;
}
