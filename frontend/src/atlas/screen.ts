// What is on the screen of an atlas, as a list that unfolds: its entries, and how far they are from a place that was chosen.
import { element } from "../map/element";
import { type Entry, ScreenList } from "../map/screen";
import type { Writer } from "../map/writing";
import { markDrawn, markId, stepOf } from "./paint";
import type { Sighting } from "./pane";
import { linesOf } from "./popups";
import type { AtlasLayer, Place, Theme } from "./types";

const WIDE = 900;

export class Screen {
  private readonly near = document.createElement("p");
  private readonly list: ScreenList;

  constructor(
    place: HTMLElement,
    private readonly writer: Writer,
    private readonly choose: (one: Sighting, from: HTMLElement) => void,
  ) {
    const details = document.createElement("details");
    details.open = (place.closest<HTMLElement>("[data-atlas]")?.clientWidth ?? 0) >= WIDE;
    const summary = details.appendChild(document.createElement("summary"));
    const count = document.createElement("span");
    summary.append(element("strong", writer.say("onScreen")), " ", count);
    count.setAttribute("aria-live", "polite");
    this.near.className = "small quiet";
    this.near.hidden = true;
    const rows = document.createElement("ol");
    details.append(this.near, rows);
    place.replaceChildren(details);
    this.list = new ScreenList(count, rows, writer);
  }

  /** Show what is in view, the nearest to `centre` first when there is one. */
  update(sightings: Sighting[], theme: Theme, layers: AtlasLayer[], centre: { place: Place; text: string } | null): void {
    this.near.hidden = !centre;
    this.near.textContent = centre ? this.writer.say("nearest", { place: centre.text }) : "";
    const named = layers.filter((layer) => !layer.hidden).length > 1;
    this.list.update(sightings.map((one) => this.entry(one, theme, named, centre?.place ?? null)), `${theme}|${centre?.text}`);
  }

  /** The button of a thing in view, drawn again meanwhile or not. */
  buttonOf(key: string): HTMLElement | null {
    return this.list.buttonOf(key);
  }

  private entry(one: Sighting, theme: Theme, named: boolean, centre: Place | null): Entry {
    const [title, detail] = one.n ? ["", ""] : linesOf(one.layer, one.values, this.writer);
    const far = centre && !one.n ? metres(centre, one.place) : 0;
    const distance = centre && !one.n ? this.writer.say("distance", { distance: this.distance(far) }) : "";
    const isSaid = detail?.startsWith(one.layer.label) ?? false; // values of territories are told by the name of their layer
    const second = [distance, detail ?? "", named && !isSaid ? one.layer.label : ""].filter((part) => part && part !== title);
    const isOne = !one.n || one.layer.legend.form === "single";
    return {
      key: one.key,
      n: one.n,
      title: title ?? one.layer.label,
      second: second.join(" · "),
      metres: far,
      mark: () => (isOne ? swatch(one.layer, one.values, theme) : group()),
      choose: (from) => this.choose(one, from),
      point: (on) => one.pane.point(one, on),
    };
  }

  private distance(far: number): string {
    return far < 995 ? this.writer.quantity(Math.round(far / 10) * 10, "m") : this.writer.quantity(Math.round(far / 100) / 10, "km");
  }
}

/** A small picture of the mark of a feature: of its own shape among points, a square of areas, a stroke of lines. */
function swatch(layer: AtlasLayer, values: Sighting["values"], theme: Theme): HTMLElement {
  const step = stepOf(layer, values);
  if (layer.kind === "choropleth" || layer.kind === "areas" || layer.kind === "lines") {
    const box = document.createElement("span");
    box.className = layer.kind === "lines" ? "atlas-swatch atlas-swatch-line" : "atlas-swatch";
    box.setAttribute("aria-hidden", "true");
    box.style.backgroundColor = step[theme];
    return box;
  }
  const made = markDrawn(markId(step, theme), "transparent") ?? document.createElement("canvas");
  made.setAttribute("aria-hidden", "true");
  return made;
}

function group(): HTMLElement {
  const made = document.createElement("span");
  made.className = "atlas-group";
  made.setAttribute("aria-hidden", "true");
  return made;
}

/** Metres between two places, along a great circle. */
function metres([west, south]: Place, [east, north]: Place): number {
  const rad = Math.PI / 180;
  const half = Math.sin(((north - south) * rad) / 2) ** 2 + Math.cos(south * rad) * Math.cos(north * rad) * Math.sin(((east - west) * rad) / 2) ** 2;
  return 2 * 6_371_009 * Math.asin(Math.sqrt(half));
}
