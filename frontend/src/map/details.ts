// What a feature says of itself: a word on hover, all its values on demand.
import { type LngLatLike, Popup, type Map as MapLibre } from "maplibre-gl";
import { OFFSET, giveRoom } from "./room";
import type { Field, Layer, Legend, Values } from "./types";
import type { Writer } from "./writing";

export class Details {
  private readonly tip: Popup;
  private readonly card: Popup;

  constructor(
    private readonly map: MapLibre,
    private readonly layer: Layer,
    private readonly writer: Writer,
  ) {
    this.tip = new Popup({ closeButton: false, closeOnClick: false, className: "map-tip", offset: 12 });
    this.card = new Popup({ closeButton: true, maxWidth: "20rem", className: "map-card", offset: OFFSET, focusAfterOpen: true });
  }

  titleOf(values: Values, row: number): string {
    const value = this.layer.titleField ? values[this.layer.titleField] : undefined;
    return value ? String(value) : this.writer.say("row", { n: this.writer.number(row) });
  }

  /** The second line: the value of the legend shown. */
  subtitleOf(values: Values, legend: Legend | null): string {
    if (!legend || legend.field === this.layer.titleField) return "";
    return `${legend.label}${this.writer.say("colon")}${this.writer.value(legend, values[legend.field])}`;
  }

  hover(place: LngLatLike, title: string, subtitle: string): void {
    const box = document.createElement("div");
    box.append(element("strong", title));
    if (subtitle) box.append(element("span", subtitle));
    this.tip.setLngLat(place).setDOMContent(box).addTo(this.map);
  }

  leave(): void {
    this.tip.remove();
  }

  open(place: LngLatLike, values: Values, row: number, closed: () => void): void {
    this.leave();
    const box = document.createElement("div");
    box.append(element("h3", this.titleOf(values, row)));
    const list = box.appendChild(document.createElement("dl"));
    for (const field of this.layer.fields) {
      if (field.name === this.layer.titleField) continue;
      list.append(element("dt", field.label), this.shown(field, values[field.name]));
    }
    this.show(place, box, closed);
  }

  say(place: LngLatLike, text: string, closed: () => void): void {
    this.show(place, element("p", text), closed);
  }

  private show(place: LngLatLike, content: HTMLElement, closed: () => void): void {
    this.card.remove();
    this.card.setLngLat(place).setDOMContent(content).addTo(this.map);
    giveRoom(this.map, this.card, place);
    this.card.once("close", closed);
  }

  private shown(field: Field, value: unknown): HTMLElement {
    const text = this.writer.value(field, value);
    if (!/^https?:\/\/\S+$/.test(text)) return element("dd", text);
    const cell = document.createElement("dd");
    const link = cell.appendChild(element("a", text.replace(/^https?:\/\/(www\.)?/, ""))) as HTMLAnchorElement;
    link.href = text;
    link.rel = "noopener nofollow";
    return cell;
  }

  close(): void {
    this.card.remove();
    this.leave();
  }
}

export function element(tag: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
