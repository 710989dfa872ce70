// What a page can do besides its buttons, behind three dots.
import { Button, Menu, MenuList, MenuPopover, MenuTrigger, Tooltip } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { MoreHorizontalRegular } from "./icons";

export function MoreMenu({ children }: { children: ReactNode }) {
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content="More" relationship="label">
          <Button appearance="subtle" icon={<MoreHorizontalRegular />} />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>{children}</MenuList>
      </MenuPopover>
    </Menu>
  );
}
