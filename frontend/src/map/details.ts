// What a row says of itself: a word on hover, all its values on demand.
import type { LngLatLike, Map as MapLibre } from "maplibre-gl";
import { Cards } from "./cards";
import { element } from "./element";
import { nameOf, naming } from "./naming";
import type { Field, Layer, Legend, Values } from "./types";
import type { Writer } from "./writing";

export class Details extends Cards {
  constructor(
    map: MapLibre,
    private readonly layer: Layer,
    writer: Writer,
  ) {
    super(map, writer);
  }

  titleOf(values: Values, row: number): string {
    return nameOf(this.layer, values, this.writer) || this.writer.say("row", { n: this.writer.number(row) });
  }

  /** The second line: the value of the legend shown or, when the first line says it, of the next one that has a value. */
  subtitleOf(values: Values, legend: Legend | null): string {
    const first = naming(this.layer, values);
    const others = this.layer.legends.filter((one) => !first.includes(one.field));
    const shown = legend && !first.includes(legend.field) ? legend : others.find((one) => (values[one.field] ?? "") !== "");
    return shown ? `${shown.label}${this.writer.say("colon")}${this.writer.value(shown, values[shown.field])}` : "";
  }

  open(place: LngLatLike, values: Values, row: number, closed: () => void): void {
    const box = document.createElement("div");
    box.append(element("h3", this.titleOf(values, row)));
    const list = box.appendChild(document.createElement("dl"));
    const said = naming(this.layer, values);
    for (const field of this.layer.fields) {
      if (said.includes(field.name)) continue;
      list.append(element("dt", field.label), this.cell(field, values[field.name]));
    }
    for (const link of this.layer.links ?? []) {
      const ofRow = link.columns.map((name) => values[name] ?? null);
      const anchor = box.appendChild(document.createElement("p")).appendChild(element("a", link.label)) as HTMLAnchorElement;
      anchor.href = link.address + encodeURIComponent(JSON.stringify(ofRow));
      anchor.rel = "nofollow";
    }
    this.show(place, box, closed);
  }

  /** The card is closed by the key that opened it. */
  protected override focus(box: HTMLElement): void {
    const button = box.closest(".maplibregl-popup")?.querySelector<HTMLElement>(".maplibregl-popup-close-button");
    button?.focus({ preventScroll: true });
  }

  private cell(field: Field, value: unknown): HTMLElement {
    const text = this.writer.value(field, value);
    if (!/^https?:\/\/\S+$/.test(text)) return element("dd", text);
    const made = document.createElement("dd");
    const link = made.appendChild(element("a", text.replace(/^https?:\/\/(www\.)?/, ""))) as HTMLAnchorElement;
    link.href = text;
    link.rel = "noopener nofollow";
    return made;
  }
}
