// Nothing is connected yet: what to do first, the same wherever the fleet is shown.
import { Button } from "@fluentui/react-components";
import { useGo } from "../address";
import { EmptyState } from "./empty-state";
import { BuildingMultipleRegular } from "./icons";

export function NoTenants() {
  const go = useGo();
  return (
    <EmptyState
      icon={<BuildingMultipleRegular />}
      title="No customer is connected yet"
      text="Connect a tenant, or open the demo fleet to look around first."
      actions={
        <>
          <Button appearance="primary" onClick={() => go("/connect")}>
            Connect a tenant
          </Button>
          <Button onClick={() => go("/welcome")}>Open the demo fleet</Button>
        </>
      }
    />
  );
}
