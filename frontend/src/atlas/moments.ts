// Another moment of a map: the server's own frame of it, of which the page takes the sentence, the legend, the lists.
import type { Spec } from "./types";

const PARTS = ["[data-atlas-part=sentence]", "[data-atlas-picture]", "[data-atlas-legends]", "[data-atlas-part=lists]", ".chart-takings"];

/** The frame of a map at a moment, as the server writes it. */
export async function frameAt(again: string, moment: string): Promise<HTMLElement> {
  const url = new URL(again, document.baseURI);
  if (moment) url.searchParams.set("periode", moment);
  else url.searchParams.delete("periode");
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const figure = page.querySelector<HTMLElement>("figure[data-atlas]");
  if (!figure) throw new Error("data-atlas");
  return figure;
}

/** What the script must know of a map: the JSON inside its figure. */
export function specOf(figure: HTMLElement): Spec {
  return JSON.parse(figure.querySelector('script[type="application/json"]')?.textContent ?? "{}") as Spec;
}

/** Put the words and lists of another frame in the place of those of this one; lists that were open stay open. */
export function takeOver(figure: HTMLElement, next: HTMLElement): void {
  for (const selector of PARTS) {
    const former = figure.querySelector(selector);
    const latter = next.querySelector(selector);
    if (!former || !latter) continue;
    const open = [...former.querySelectorAll("details")].map((one) => one.open);
    for (const [rank, one] of latter.querySelectorAll("details").entries()) one.open = open[rank] ?? one.open;
    former.replaceWith(latter);
  }
}
