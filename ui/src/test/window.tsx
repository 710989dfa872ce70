// Opens the whole window on the fixtures, at an address, as a technician would find it.
import { createDOMRenderer, RendererProvider } from "@fluentui/react-components";
import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "../app";
import { newQueryClient } from "../data/queries";
import { type Fixtures, makeFixtures, openFixtures } from "../fixtures/backend";

// Styles go nowhere: every question for a role or a name would otherwise match each element with thousands of Fluent's rules, which is most
// of a test's time. How the window looks is judged in a real one.
const unstyled = createDOMRenderer(null as unknown as Document);

export function openWindow(address = "/", prepare: (fixtures: Fixtures) => void = () => undefined) {
  const fixtures = makeFixtures();
  prepare(fixtures);
  openFixtures(fixtures);
  const history = createMemoryHistory({ initialEntries: [address] });
  const view = render(
    <RendererProvider renderer={unstyled}>
      <App client={newQueryClient()} history={history} />
    </RendererProvider>,
  );
  const asked = (command: string) => fixtures.asked.filter((each) => each.command === command).map((each) => each.args);
  return { ...view, user: userEvent.setup({ delay: null, pointerEventsCheck: 0 }), fixtures, history, asked };
}
