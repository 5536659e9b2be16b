// What a feature says of itself: a word on hover, its template or its values on demand. Text only, never HTML.
import type { LngLatLike } from "maplibre-gl";
import { Cards } from "../map/cards";
import { element } from "../map/element";
import { nameOf, naming, valueOf } from "../map/naming";
import type { Values } from "../map/types";
import type { Writer } from "../map/writing";
import type { AtlasLayer } from "./types";

const PLACE = /\{([a-z0-9_]{1,200})\}/g;
/** What parts two values, and parts nothing when one of them is empty. */
const ORPHANS = /^[\s,;:·–-]+|[\s,;:·–-]+$/g;

/** The lines of a feature's pop-up, the first one being its title. */
export function linesOf(layer: AtlasLayer, values: Values, writer: Writer): string[] {
  if (layer.kind === "choropleth") return parsed(values["dit"]);
  const say = (name: string): string => valueOf(layer, values, name, writer);
  if (layer.popup.length) {
    const lines = layer.popup.map((line) => filled(line, say)).filter((line) => line !== "");
    return lines.length ? lines : [layer.label];
  }
  const title = nameOf(layer, values, writer);
  const told = naming(layer, values);
  const rest = layer.fields
    .filter((field) => !told.includes(field.name) && say(field.name))
    .map((field) => `${field.label}${writer.say("colon")}${say(field.name)}`);
  return [title || layer.label, ...rest];
}

function filled(line: string, say: (name: string) => string): string {
  const names = [...line.matchAll(PLACE)].map((found) => found[1] ?? "");
  const empty = names.filter((name) => !say(name));
  if (names.length && empty.length === names.length) return "";
  const text = line.replace(PLACE, (_whole, name: string) => say(name)).trim();
  return empty.length ? text.replace(ORPHANS, "") : text;
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

export class Bubbles extends Cards {
  /** All the lines, and a way to the rows; the focus comes in, and `closed` is told when it must go back. */
  open(place: LngLatLike, layer: AtlasLayer, values: Values, closed: () => void): void {
    const [title, ...lines] = linesOf(layer, values, this.writer);
    const box = document.createElement("div");
    box.append(element("strong", title ?? layer.label), ...lines.map((line) => element("p", line)));
    const address = rowsOf(layer, values);
    if (address) {
      const link = box.appendChild(document.createElement("p")).appendChild(element("a", this.writer.say("rows"))) as HTMLAnchorElement;
      link.href = address;
      link.rel = "nofollow";
    }
    if (layer.origin) box.append(this.origin(layer.origin));
    this.show(place, box, closed);
  }

  /** What a trail card says, inside the card of the map: one that floats beside could not follow it. */
  private origin({ facts, links }: NonNullable<AtlasLayer["origin"]>): HTMLElement {
    const box = document.createElement("details");
    box.append(element("summary", this.writer.say("origin")));
    const list = box.appendChild(document.createElement("dl"));
    for (const [label, value] of facts) list.append(element("dt", label), element("dd", value));
    const ways = box.appendChild(document.createElement("p"));
    ways.className = "trail-links";
    for (const [label, address] of links) {
      const link = ways.appendChild(element("a", label)) as HTMLAnchorElement;
      link.href = address;
      link.rel = "nofollow";
    }
    return box;
  }
}

/** The rows of the table that made a territory's value, or that bear the feature's name. */
function rowsOf(layer: AtlasLayer, values: Values): string {
  if (layer.kind === "choropleth") return typeof values["lignes"] === "string" ? values["lignes"] : layer.table;
  const leading = layer.titleFields.at(-1) ?? "";
  const name = values[leading];
  const field = layer.fields.find((one) => one.name === leading);
  if (typeof name !== "string" || field?.type !== "text") return "";
  const query = new URLSearchParams({ colonne: leading, op: "egal", valeur: name, version: layer.version });
  return `${layer.table}?${query}#lignes`;
}
