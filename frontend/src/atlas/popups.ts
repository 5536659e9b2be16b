// What a feature says of itself: a word on hover, its template or its values on demand. Text only, never HTML.
import { type LngLatLike, type Map as MapLibre, Popup } from "maplibre-gl";
import { element } from "../map/details";
import type { Values } from "../map/types";
import type { Writer } from "../map/writing";
import type { AtlasLayer } from "./types";

const PLACE = /\{([a-z0-9_]+)\}/g;

/** The lines of a feature's pop-up, the first one being its title. */
export function linesOf(layer: AtlasLayer, values: Values, writer: Writer): string[] {
  if (layer.kind === "choropleth") return parsed(values["dit"]);
  const say = (name: string): string => {
    const field = layer.fields.find((one) => one.name === name);
    const value = values[name];
    return field && value !== undefined && value !== null && value !== "" ? writer.value(field, value) : "";
  };
  if (layer.popup.length) {
    return layer.popup.map((line) => filled(line, say)).filter((line) => line !== "");
  }
  const title = layer.titleField ? say(layer.titleField) : "";
  const rest = layer.fields
    .filter((field) => field.name !== layer.titleField && say(field.name))
    .map((field) => `${field.label}${writer.say("colon")}${say(field.name)}`);
  return [title || layer.label, ...rest];
}

function filled(line: string, say: (name: string) => string): string {
  const names = [...line.matchAll(PLACE)].map((found) => found[1] ?? "");
  if (names.length && names.every((name) => !say(name))) return "";
  return line.replace(PLACE, (_whole, name: string) => say(name)).trim();
}

/** MapLibre gives lists of a feature as JSON. */
function parsed(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  try {
    const found: unknown = JSON.parse(String(value));
    return Array.isArray(found) ? found.map(String) : [];
  } catch {
    return [];
  }
}

export class Bubbles {
  private readonly tip = new Popup({ closeButton: false, closeOnClick: false, className: "map-tip", offset: 12 });
  private readonly card = new Popup({ closeButton: true, maxWidth: "20rem", className: "map-card", offset: 12, focusAfterOpen: true });

  constructor(
    private readonly map: MapLibre,
    private readonly writer: Writer,
  ) {}

  hover(place: LngLatLike, lines: string[]): void {
    const box = document.createElement("div");
    box.append(element("strong", lines[0] ?? ""));
    if (lines[1]) box.append(element("span", lines[1]));
    this.tip.setLngLat(place).setDOMContent(box).addTo(this.map);
  }

  leave(): void {
    this.tip.remove();
  }

  open(place: LngLatLike, layer: AtlasLayer, values: Values, closed: () => void): void {
    this.leave();
    this.card.remove();
    const [title, ...lines] = linesOf(layer, values, this.writer);
    const box = document.createElement("div");
    box.append(element("h3", title ?? layer.label));
    for (const line of lines) box.append(element("p", line));
    const address = rowsOf(layer, values);
    if (address) {
      const link = box.appendChild(document.createElement("p")).appendChild(element("a", this.writer.say("rows"))) as HTMLAnchorElement;
      link.href = address;
    }
    this.card.setLngLat(place).setDOMContent(box).addTo(this.map);
    this.card.once("close", closed);
  }
}

/** The rows of the table that bear the feature's name. */
function rowsOf(layer: AtlasLayer, values: Values): string {
  const name = layer.titleField ? values[layer.titleField] : undefined;
  const field = layer.fields.find((one) => one.name === layer.titleField);
  if (typeof name !== "string" || field?.type !== "text") return layer.kind === "choropleth" ? layer.table : "";
  const query = new URLSearchParams({ colonne: layer.titleField ?? "", op: "egal", valeur: name, version: layer.version });
  return `${layer.table}?${query}#lignes`;
}
