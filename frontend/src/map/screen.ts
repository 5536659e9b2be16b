// The list of what is on screen: the same things as on the map, for those who read rather than look.
import type { MapGeoJSONFeature, Map as MapLibre } from "maplibre-gl";
import type { Details } from "./details";
import { element } from "./details";
import { markOf, swatch } from "./legend";
import { CLUSTERS, DATA_LAYERS } from "./style";
import type { Layer, Legend, Values } from "./types";
import type { Writer } from "./writing";

const LONGEST = 60;

export interface Item {
  row: number;
  part: string;
  values: Values;
  place: [number, number];
}

export interface ListActions {
  point(item: Item | null): void;
  choose(item: Item, from: HTMLElement): void;
  enter(place: [number, number], n: number): void;
}

interface Group {
  place: [number, number];
  n: number;
}

export class ScreenList {
  private shown = "";

  constructor(
    private readonly map: MapLibre,
    private readonly layer: Layer,
    private readonly writer: Writer,
    private readonly details: Details,
    private readonly count: HTMLElement,
    private readonly rows: HTMLElement,
    private readonly actions: ListActions,
  ) {}

  update(legend: Legend | null): void {
    const items = this.items();
    const groups = this.groups().sort((one, two) => two.n - one.n);
    const gathered = groups.reduce((sum, group) => sum + group.n, 0);
    const total = items.length + gathered;
    this.count.textContent = this.sentence(total, gathered, items.length);
    const sorter = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
    const named = items
      .map((item): [string, Item] => [this.details.titleOf(item.values, item.row), item])
      .sort((one, two) => sorter.compare(one[0], two[0]) || one[1].row - two[1].row)
      .slice(0, LONGEST);
    const near = groups.slice(0, LONGEST - named.length);
    const key = `${legend?.field}|${[...named.map(([, item]) => keyOf(item)), ...near.map((group) => group.place.join())].join("|")}`;
    if (key === this.shown) return;
    this.shown = key;
    const focused = (document.activeElement as HTMLElement | null)?.dataset["row"];
    this.rows.replaceChildren(
      ...named.map(([title, item]) => this.line(title, item, legend)),
      ...near.map((group) => this.groupLine(group)),
    );
    if (focused) this.rows.querySelector<HTMLElement>(`[data-row="${CSS.escape(focused)}"]`)?.focus();
  }

  private sentence(total: number, gathered: number, listed: number): string {
    if (total === 0) return this.writer.say("noneInView");
    const parts = [total === 1 ? this.writer.say("oneInView") : this.writer.say("inView", { n: this.writer.number(total) })];
    if (gathered) parts.push(this.writer.say("gathered"));
    if (listed > LONGEST) parts.push(this.writer.say("firstShown", { n: this.writer.number(LONGEST) }));
    return parts.join(". ").replace(/\.\. /g, ". ");
  }

  private features(layers: string[]): MapGeoJSONFeature[] {
    return this.map.queryRenderedFeatures({ layers: layers.filter((id) => this.map.getLayer(id)) });
  }

  private groups(): Group[] {
    const found = new Map<string, Group>();
    for (const feature of this.features([CLUSTERS, "specks"])) {
      const speck = feature.layer.id === "specks";
      // One of the shapes of a speck is already an item of the list.
      const n = Number(feature.properties["n"] ?? 0) - (speck ? 1 : 0);
      const place = middle(feature);
      if (n > 0) found.set(place.join(), { place, n });
    }
    return [...found.values()];
  }

  private items(): Item[] {
    const found = new Map<string, Item>();
    for (const feature of this.features(DATA_LAYERS)) {
      const item = itemOf(feature);
      if (!found.has(keyOf(item))) found.set(keyOf(item), item);
    }
    return [...found.values()];
  }

  private line(title: string, item: Item, legend: Legend | null): HTMLElement {
    const line = document.createElement("li");
    const button = line.appendChild(document.createElement("button"));
    button.type = "button";
    button.dataset["row"] = keyOf(item);
    button.append(swatch(markOf(legend, item.values), this.layer.kind));
    const text = button.appendChild(document.createElement("span"));
    text.append(element("strong", title));
    const subtitle = this.details.subtitleOf(item.values, legend);
    if (subtitle) text.append(element("span", subtitle));
    for (const event of ["mouseenter", "focus"]) button.addEventListener(event, () => this.actions.point(item));
    for (const event of ["mouseleave", "blur"]) button.addEventListener(event, () => this.actions.point(null));
    button.addEventListener("click", () => this.actions.choose(item, button));
    return line;
  }

  private groupLine(group: Group): HTMLElement {
    const line = document.createElement("li");
    const button = line.appendChild(document.createElement("button"));
    button.type = "button";
    button.dataset["row"] = group.place.join();
    const mark = button.appendChild(document.createElement("span"));
    mark.className = "map-mark map-mark-group";
    mark.setAttribute("aria-hidden", "true");
    const text = button.appendChild(document.createElement("span"));
    text.append(element("strong", this.writer.say("group", { n: this.writer.number(group.n) })));
    button.addEventListener("click", () => this.actions.enter(group.place, group.n));
    return line;
  }
}

function keyOf(item: Item): string {
  return `${item.part}:${item.row}`;
}

export function itemOf(feature: MapGeoJSONFeature): Item {
  return {
    row: Number(feature.id ?? 0),
    part: feature.sourceLayer ?? "",
    values: feature.properties,
    place: middle(feature),
  };
}

/** A place on the feature: its point, else the middle vertex of its first part on screen. */
export function middle(feature: MapGeoJSONFeature): [number, number] {
  const geometry = feature.geometry;
  if (geometry.type === "GeometryCollection") return [0, 0];
  const path: number[][] = [];
  collect(geometry.coordinates as unknown[], path);
  if (geometry.type.endsWith("Polygon")) {
    const xs = path.map((place) => place[0] ?? 0);
    const ys = path.map((place) => place[1] ?? 0);
    return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
  }
  const place = path[Math.floor(path.length / 2)] ?? [0, 0];
  return [place[0] ?? 0, place[1] ?? 0];
}

function collect(values: unknown[], path: number[][]): void {
  if (typeof values[0] === "number") path.push(values as number[]);
  else for (const value of values) collect(value as unknown[], path);
}
