// The list of what is on the screen: the same things as on the map, for those who read rather than look.
import { colour } from "../map/colours";
import { element } from "../map/details";
import type { Writer } from "../map/writing";
import { markDrawn, markId, stepOf } from "./paint";
import type { Sighting } from "./pane";
import { linesOf } from "./popups";
import type { AtlasLayer, Place, Theme } from "./types";

const LONGEST = 60;
const WIDE = 900;

export class ScreenList {
  private readonly details = document.createElement("details");
  private readonly count = document.createElement("span");
  private readonly near = document.createElement("p");
  private readonly rows = document.createElement("ol");
  private shown = "";

  constructor(
    place: HTMLElement,
    private readonly writer: Writer,
    private readonly choose: (one: Sighting, from: HTMLElement) => void,
  ) {
    this.details.open = (place.closest<HTMLElement>("[data-atlas]")?.clientWidth ?? 0) >= WIDE;
    const summary = this.details.appendChild(document.createElement("summary"));
    summary.append(element("strong", writer.say("onScreen")), " ", this.count);
    this.count.setAttribute("aria-live", "polite");
    this.near.className = "small quiet";
    this.near.hidden = true;
    this.details.append(this.near, this.rows);
    place.replaceChildren(this.details);
  }

  /** Show what is in view, the nearest to `centre` first when there is one. */
  update(sightings: Sighting[], theme: Theme, layers: AtlasLayer[], centre: { place: Place; text: string } | null): void {
    const single = sightings.filter((one) => !one.n);
    const groups = sightings.filter((one) => one.n).sort((one, two) => two.n - one.n);
    const gathered = groups.reduce((sum, one) => sum + one.n, 0);
    this.count.textContent = this.sentence(single.length + gathered, gathered, single.length);
    this.near.hidden = !centre;
    this.near.textContent = centre ? this.writer.say("nearest", { place: centre.text }) : "";
    const sorter = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
    const lines = single
      .map((one) => ({ one, lines: linesOf(one.layer, one.values, this.writer), metres: centre ? metres(centre.place, one.place) : 0 }))
      .sort((one, two) => one.metres - two.metres || sorter.compare(one.lines[0] ?? "", two.lines[0] ?? "") || (one.one.key < two.one.key ? -1 : 1))
      .slice(0, LONGEST);
    const near = groups.slice(0, LONGEST - lines.length);
    const key = [theme, centre?.text, ...lines.map(({ one, lines: said }) => one.key + said.join()), ...near.map((one) => one.key + one.n)].join("|");
    if (key === this.shown) return;
    this.shown = key;
    const focused = this.rows.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["key"] : undefined;
    const named = layers.filter((layer) => !layer.hidden).length > 1;
    this.rows.replaceChildren(
      ...lines.map(({ one, lines: said, metres: far }) => this.line(one, theme, said, named, centre ? far : null)),
      ...near.map((one) => this.line(one, theme, [this.writer.say("group", { n: this.writer.number(one.n) })], named, null)),
    );
    if (focused) this.rows.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  /** The button of a thing in view, drawn again meanwhile or not. */
  buttonOf(key: string): HTMLElement | null {
    return this.rows.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  }

  private sentence(total: number, gathered: number, listed: number): string {
    if (total === 0) return this.writer.say("noneInView");
    const parts = [total === 1 ? this.writer.say("oneInView") : this.writer.say("inView", { n: this.writer.number(total) })];
    if (gathered) parts.push(this.writer.say("gathered"));
    if (listed > LONGEST) parts.push(this.writer.say("firstShown", { n: this.writer.number(LONGEST) }));
    return parts.map((part) => part.replace(/\.$/, "")).join(". ");
  }

  private line(one: Sighting, theme: Theme, said: string[], named: boolean, far: number | null): HTMLElement {
    const line = document.createElement("li");
    const button = line.appendChild(document.createElement("button"));
    button.type = "button";
    button.dataset["key"] = one.key;
    const isOne = !one.n || one.layer.legend.form === "single";
    button.append(isOne ? swatch(one.layer, one.values, theme) : group());
    const text = button.appendChild(document.createElement("span"));
    text.append(element("strong", said[0] ?? one.layer.label));
    const second = [far === null ? "" : this.writer.say("distance", { distance: this.distance(far) }), said[1] ?? "", named ? one.layer.label : ""];
    const told = second.filter((part) => part && part !== said[0]).join(" · ");
    if (told) text.append(element("span", told));
    button.addEventListener("click", () => this.choose(one, button));
    return line;
  }

  private distance(far: number): string {
    return far < 995 ? this.writer.quantity(Math.round(far / 10) * 10, "m") : this.writer.quantity(Math.round(far / 100) / 10, "km");
  }
}

/** A small picture of the mark of a feature; areas and lines are told by colour and by the words beside it. */
function swatch(layer: AtlasLayer, values: Sighting["values"], theme: Theme): HTMLElement {
  const edge = layer.kind === "choropleth" ? colour("--joint") : "transparent"; // the palest shade is seen on any ground
  const made = markDrawn(markId(stepOf(layer, values), theme), edge) ?? document.createElement("canvas");
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
