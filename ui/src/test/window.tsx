// Opens the whole window on the fixtures, at an address, as a technician would find it.
import { createDOMRenderer, RendererProvider } from "@fluentui/react-components";
import { createMemoryHistory } from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "../app";
import { newQueryClient } from "../data/queries";
import { type Fixtures, makeFixtures, openFixtures } from "../fixtures/backend";

/**
 * The dialog with a title. By its title and not by its name: while the focus moves into a dialog it is hidden from assistive technology for
 * a moment, and a hidden dialog has no name.
 */
export async function findDialog(title: string | RegExp): Promise<HTMLElement> {
  const heading = await screen.findByRole("heading", { name: title });
  const dialog = heading.closest<HTMLElement>("[role=dialog], [role=alertdialog]");
  if (!dialog) throw new Error(`“${title}” is no dialog's title`);
  return dialog;
}

/** The command answers only once the returned function is called. */
export function hold(fixtures: Fixtures, command: string): () => void {
  let answer: (() => void) | undefined;
  fixtures.held.set(
    command,
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  return () => answer?.();
}

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
