// From a legend to the mark of each feature, and to the list that explains the marks.
import type { ExpressionSpecification } from "maplibre-gl";
import { drawMark, markColour } from "./colours";
import type { Layer, Legend } from "./types";
import type { Writer } from "./writing";

/** Longest text a tile carries (`core/geo/layers.py`). */
const TEXT_LENGTH = 120;

type Choose = (mark: string) => string;

/** The expression that gives a mark, or what `as` makes of it, to each feature. */
export function markExpression(legend: Legend | null, as: Choose = (mark) => mark): ExpressionSpecification | string {
  if (!legend) return as("p");
  const value: ExpressionSpecification = ["get", legend.field];
  if (legend.kind === "number") {
    const steps = legend.edges.flatMap((edge, rank) => [edge, as(`s${shade(legend.edges.length, rank + 1)}`)]);
    const classes = ["step", value, as(`s${shade(legend.edges.length, 0)}`), ...steps] as unknown as ExpressionSpecification;
    return ["case", ["==", ["typeof", value], "number"], classes, as("c0")];
  }
  const rows = legend.values.flatMap((row) => [row.value.slice(0, TEXT_LENGTH), as(`c${row.rank}`)]);
  const match = ["match", ["to-string", value], ...rows, as("c8")] as unknown as ExpressionSpecification;
  return ["case", ["has", legend.field], match, as("c0")];
}

/** Classes spread over the five shades when there are fewer. */
function shade(edges: number, rank: number): number {
  return edges === 0 ? 3 : 1 + Math.round((rank * 4) / edges);
}

/** The mark of one feature, for the list beside the map. */
export function markOf(legend: Legend | null, values: Record<string, unknown>): string {
  if (!legend) return "p";
  const value = values[legend.field];
  if (value === undefined || value === null) return "c0";
  if (legend.kind === "number") {
    const rank = legend.edges.filter((edge) => Number(value) >= edge).length;
    return `s${shade(legend.edges.length, rank)}`;
  }
  const row = legend.values.find((known) => known.value.slice(0, TEXT_LENGTH) === String(value));
  return row ? `c${row.rank}` : "c8";
}

/** A small picture of a mark; areas and lines are told by colour and by the words beside it. */
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
  box.style.backgroundColor = markColour(mark);
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

function rows(legend: Legend, writer: Writer): [string, string, number | null][] {
  if (legend.kind === "category") {
    const known = legend.values.map((row): [string, string, number] => [
      `c${row.rank}`,
      legend.type === "boolean" ? writer.say(row.value) : row.value,
      row.count,
    ]);
    return legend.others ? [...known, ["c8", writer.say("others"), null]] : known;
  }
  const write = (value: number): string => writer.quantity(value, legend.unit);
  const { edges } = legend;
  return Array.from({ length: edges.length + 1 }, (_unused, rank) => {
    const [from, to] = [edges[rank - 1], edges[rank]];
    const text =
      from === undefined
        ? writer.say("below", { value: write(to ?? 0) })
        : to === undefined
          ? writer.say("above", { value: write(from) })
          : writer.say("between", { value: writer.number(from), end: write(to) });
    return [`s${shade(edges.length, rank)}`, text, null];
  });
}
