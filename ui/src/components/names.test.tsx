import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { cleanName, MiddleCut, PersonName } from "./names";

describe("names", () => {
  it("shows markup in a name as text", () => {
    const { container } = render(<MiddleCut text={'<img src=x onerror="alert(1)"> Mallory'} />);
    expect(container.querySelector("img")).toBeNull();
    expect(container.textContent).toBe('<img src=x onerror="alert(1)"> Mallory');
  });

  it("takes away characters that turn their neighbours around", () => {
    expect(cleanName("inv\u202egnp.exe")).toBe("inv gnp.exe");
    expect(cleanName("a\u0000b\nc")).toBe("a b c");
  });

  it("keeps the whole name on hover, and a right-to-left name uncut with its own direction", () => {
    render(<MiddleCut text="شركة النخيل للتجارة والمقاولات العامة" />);
    const name = screen.getByTitle("شركة النخيل للتجارة والمقاولات العامة");
    expect(name).toHaveAttribute("dir", "auto");
    expect(name.children).toHaveLength(0);
  });

  it("never cuts an emoji or an accented letter in half", () => {
    const family = "👨‍👩‍👧";
    const { container } = render(<MiddleCut text={`Kestrel Logistics Holdings ${family}`} />);
    expect(container.querySelector("bdi > span:last-child")?.textContent).toContain(family);
  });

  it("puts the UPN under a person's name, and only the UPN where there is no name", () => {
    const { rerender, container } = render(<PersonName person={{ displayName: "Amelia", upn: "amelia@x.example" }} />);
    expect(container.textContent).toBe("Ameliaamelia@x.example");
    rerender(<PersonName person={{ displayName: "", upn: "amelia@x.example" }} />);
    expect(container.textContent).toBe("amelia@x.example");
  });
});
