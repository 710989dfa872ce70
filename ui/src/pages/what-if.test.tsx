import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { findDialog, openWindow } from "../test/window";
import { requestOf, searchOf } from "./parts/what-if-request";

const BRIGHTWATER = guid(1, 0);
const USER = guid(100, 3);
const page = `/tenants/${BRIGHTWATER}/what-if`;

describe("what-if", () => {
  it("asks first who signs in, and answers as soon as that is said", async () => {
    openWindow(page);
    expect(await screen.findByText("Who signs in?")).toBeInTheDocument();
  });

  it("answers with the verdict, what it demands, and every policy with its reason", async () => {
    openWindow(`${page}?user=${USER}&app=Office365`);
    expect(await screen.findByTestId("headline")).toHaveTextContent("Granted with MFA");
    expect(screen.getByRole("region", { name: "2 policies apply" })).toHaveTextContent(
      "CA001 Require MFA for all usersAppliesAll users are included",
    );
    expect(screen.getByRole("region", { name: "4 policies do not apply" })).toHaveTextContent("It is off.");
  });

  it("follows every field at once, keeps them in the address, and says what is wrong with a value", async () => {
    const { user, history, asked } = openWindow(`${page}?user=${USER}&app=Office365`);
    await screen.findByTestId("headline");
    await user.click(screen.getByRole("combobox", { name: "Client" }));
    await user.click(await screen.findByRole("option", { name: "Other clients (legacy)" }));
    await waitFor(() => expect(screen.getByTestId("headline")).toHaveTextContent("Blocked"));
    expect(history.location.search).toContain("client=other");
    await user.type(screen.getByRole("combobox", { name: "IP address" }), "no!");
    expect(await screen.findByText(/is no IP address/)).toBeInTheDocument();
    expect(asked("what_if_evaluate").at(-1)).toMatchObject({
      request: { tenant: BRIGHTWATER, user: USER, target: { application: "Office365" }, client: "other", ip: "no!" },
    });
  });

  it("cannot say while something is open that a policy asks for, and names it", async () => {
    openWindow(`${page}?user=${USER}`);
    expect(await screen.findByTestId("headline")).toHaveTextContent("Cannot say");
    expect(screen.getByText("Which application it is for: CA003 asks")).toBeInTheDocument();
  });

  it("begins as a real sign-in, says what Entra did then and what is not recorded", async () => {
    const { user, history } = openWindow(page);
    await screen.findByText("Who signs in?");
    const [start] = screen.getAllByRole("button", { name: "As a real sign-in" });
    if (!start) throw new Error("no way to begin");
    await user.click(start);
    const dialog = await findDialog("As a real sign-in");
    const [row] = await within(dialog).findAllByRole("row");
    if (!row) throw new Error("no sign-in");
    await user.click(row);
    await waitFor(() => expect(history.location.search).toMatch(/like=.+&user=/));
    expect(history.location.search).not.toContain("fill");
    expect(await screen.findByTestId("like")).toHaveTextContent(/^As the sign-in of .+ Entra then: /);
    expect(screen.getByTestId("remarks")).toHaveTextContent("Insider risk is not recorded in sign-ins.");
    expect(await screen.findByTestId("headline")).toBeInTheDocument();
  });

  it("says that no answer is possible where the policies were never read", async () => {
    openWindow(`/tenants/${guid(1, 4)}/what-if`);
    expect(await screen.findByText("No answer is possible")).toBeInTheDocument();
  });
});

describe("the form's fields", () => {
  it("come back from the address as they went into it", () => {
    const search = {
      user: "u",
      action: "urn:user:registerdevice",
      client: "browser",
      state: "registered",
      flow: "deviceCodeFlow",
    };
    const request = requestOf("t", search);
    expect(request).toEqual({
      tenant: "t",
      user: "u",
      target: { userAction: "urn:user:registerdevice" },
      client: "browser",
      registered: true,
      compliant: false,
      flow: "deviceCodeFlow",
    });
    expect(Object.fromEntries(Object.entries(searchOf(request)).filter(([, value]) => value))).toEqual(search);
  });

  it("leave out what is not said", () => {
    expect(requestOf("t", { ip: "  " })).toEqual({ tenant: "t", target: null });
  });
});
