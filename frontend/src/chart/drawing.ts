// One chart drawn by Vega, with the parts of it that our charts use and without eval: its expressions are interpreted.
import * as encode from "vega-encode";
import { transforms } from "vega-dataflow";
import { expressionInterpreter } from "vega-interpreter";
import { parse } from "vega-parser";
import * as data from "vega-transforms";
import { View } from "vega-view";
import * as layout from "vega-view-transforms";

Object.assign(transforms, data, layout, encode);

/** A chart on the page. */
export interface Drawn {
  end(): void;
}

/** What a mark stands for, as the drawing names it: the group and the series of a value, what is told of it; its rank among rows. */
export interface Mark {
  g?: string;
  s?: string;
  d?: string;
  i?: number;
}

/**
 * Draw a specification in `area`, in the place of the picture that is there; the picture stays when this fails, and what is there
 * when the drawing is no longer `wanted` once it is made.
 */
export async function draw(
  area: HTMLElement,
  specification: unknown,
  wanted: () => boolean,
  picked: (mark: Mark, event: MouseEvent) => void = () => undefined,
): Promise<Drawn | null> {
  const place = document.createElement("div");
  place.className = "chart-drawn";
  place.setAttribute("aria-hidden", "true"); // the frame's sentence and table say the same
  const told = document.createElement("div");
  told.className = "chart-told";
  told.hidden = true;
  const view = new View(parse(specification, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "svg",
    container: place,
    hover: false,
    tooltip: (_handler: unknown, event: MouseEvent, _item: unknown, value: unknown) => tell(area, told, event, value),
    loader: refusing,
    logLevel: 1,
  });
  view.addEventListener("click", (event, item) => {
    if (item?.datum) picked(item.datum as Mark, event);
  });
  await view.runAsync();
  if (!wanted()) {
    view.finalize();
    return null;
  }
  area.querySelector(".chart-drawn")?.remove();
  area.querySelector(".chart-told")?.remove();
  area.append(place, told);
  area.classList.add("drawn");
  return { end: () => view.finalize() };
}

/** Charts bring their data with them: nothing else is ever loaded. */
const refusing = {
  load: () => Promise.reject(new Error("refused")),
  sanitize: () => Promise.reject(new Error("refused")),
  http: () => Promise.reject(new Error("refused")),
  file: () => Promise.reject(new Error("refused")),
};

function tell(area: HTMLElement, told: HTMLElement, event: MouseEvent, value: unknown): void {
  told.hidden = value === null || value === undefined || value === "";
  if (told.hidden) return;
  told.textContent = String(value);
  const frame = area.getBoundingClientRect();
  const left = Math.min(event.clientX - frame.left + 12, frame.width - told.offsetWidth - 4);
  told.style.left = `${Math.max(left, 0)}px`;
  told.style.top = `${event.clientY - frame.top + 16}px`;
}
