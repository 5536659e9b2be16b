// From a legend to the marks of its steps, and to the list that explains them.
import { drawMark, markColour } from "./colours";
import { type Scale, TEXT_LENGTH } from "./scale";
import type { Layer, Legend } from "./types";
import type { Writer } from "./writing";

/** The marks of a legend; one for all without any. */
export function scaleOf(legend: Legend | null): Scale<string> {
  const none = { field: legend?.field ?? "", values: [], edges: [], missing: "c0" };
  if (!legend) return { ...none, form: "single", steps: ["p"] };
  if (legend.kind === "number") {
    const { edges } = legend;
    return { ...none, form: "classes", edges, steps: Array.from({ length: edges.length + 1 }, (_unused, rank) => `s${shade(edges.length, rank)}`) };
  }
  const values = legend.values.map((row) => row.value.slice(0, TEXT_LENGTH));
  return { ...none, form: "categories", values, steps: [...legend.values.map((row) => `c${row.rank}`), "c8"] };
}

/** Classes spread over the five shades when there are fewer. */
function shade(edges: number, rank: number): number {
  return edges === 0 ? 3 : 1 + Math.round((rank * 4) / edges);
}

/** A small picture of a mark: of its own shape among points, a square of areas, a stroke of lines. */
export function swatch(mark: string, kind: Layer["kind"]): HTMLElement {
  if (kind === "points" || kind === "mixed") {
    const canvas = drawMark(mark, "transparent");
    canvas.className = "map-mark";
    canvas.setAttribute("aria-hidden", "true");
    return canvas;
  }
  const box = document.createElement("span");
  box.className = `map-mark map-mark-${kind}`;
  box.setAttribute("aria-hidden", "true");
  const share = kind === "areas" ? 62 : 100; // as the map lets the ground be seen through areas
  box.style.backgroundColor = `color-mix(in srgb, ${markColour(mark)} ${share}%, transparent)`;
  return box;
}

/** Show a legend: one row a mark, with its words and its count. */
export function showLegend(list: HTMLElement, legend: Legend | null, layer: Layer, writer: Writer): void {
  list.replaceChildren();
  list.hidden = !legend;
  for (const [mark, text, count] of legend ? rows(legend, writer) : []) {
    const item = list.appendChild(document.createElement("li"));
    item.append(swatch(mark, layer.kind));
    const label = item.appendChild(document.createElement("span"));
    label.textContent = text;
    if (count === null) continue;
    const figure = item.appendChild(document.createElement("span"));
    figure.className = "map-legend-count";
    figure.textContent = writer.number(count);
  }
}

/** Of a legend: its mark, its words, its count. */
type Row = [string, string, number | null];

function rows(legend: Legend, writer: Writer): Row[] {
  const missing: Row[] = legend.missing ? [["c0", writer.say("unknown"), legend.missing]] : [];
  if (legend.kind === "category") {
    const known = legend.values.map((row): Row => [
      `c${row.rank}`,
      legend.names?.[row.value] ?? (legend.type === "boolean" ? writer.say(row.value) : row.value),
      row.count,
    ]);
    return [...known, ...(legend.others ? [["c8", writer.say("others"), null] as Row] : []), ...missing];
  }
  const write = (value: number): string => writer.quantity(value, legend.unit);
  const { edges } = legend;
  const classes = Array.from({ length: edges.length + 1 }, (_unused, rank): Row => {
    const [from, to] = [edges[rank - 1], edges[rank]];
    const text =
      from === undefined
        ? writer.say("below", { value: write(to ?? 0) })
        : to === undefined
          ? writer.say("above", { value: write(from) })
          : writer.say("between", { value: writer.number(from), end: write(to) });
    return [`s${shade(edges.length, rank)}`, text, null];
  });
  return [...classes, ...missing];
}
