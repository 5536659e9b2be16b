// A map that comes alive in its frame: it takes the place of the server's picture, whose words, legend and lists stay.
import "maplibre-gl/dist/maplibre-gl.css";
import "../../styles/maplibre.css";
import { FullscreenControl, NavigationControl, ScaleControl } from "maplibre-gl";
import { WholeControl } from "../map/controls";
import { element } from "../map/element";
import { LateNames } from "../map/late-names";
import type { Values } from "../map/types";
import { Writer } from "../map/writing";
import { currentTheme, THEME_CHANGED } from "../theme";
import { frameAt, specOf, takeOver } from "./moments";
import { Pane, type Sighting } from "./pane";
import { Screen } from "./screen";
import { Search } from "./search";
import { Slider } from "./slider";
import { addSwitches } from "./switches";
import type { AtlasLayer, Place, Spec } from "./types";

const alive = new WeakMap<HTMLElement, LiveMap>();

/** Bring a map to life; where it cannot be drawn, its picture and its lists stay. */
export function bring(figure: HTMLElement): void {
  if (alive.has(figure)) return;
  const map = new LiveMap(figure);
  alive.set(figure, map);
  map.run();
}

function part(figure: HTMLElement, selector: string): HTMLElement {
  const found = figure.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(selector);
  return found;
}

class LiveMap {
  private spec: Spec;
  private readonly writer: Writer;
  private names: LateNames;
  private readonly stage = document.createElement("div");
  private readonly area: HTMLElement;
  private readonly over = new AbortController();
  private panes: Pane[] = [];
  private list: Screen | null = null;
  private centre: { place: Place; text: string } | null = null;
  private ready = false;
  private following = false;
  private asked = 0;

  constructor(private readonly figure: HTMLElement) {
    this.spec = specOf(figure);
    this.writer = new Writer(this.spec);
    this.names = namesOf(this.spec);
    this.area = part(figure, "[data-atlas-area]");
    this.stage.className = "atlas-stage";
  }

  run(): void {
    this.area.append(this.stage);
    try {
      const shares = this.shares();
      const boxes = shares.map((layers) => this.box(layers)); // all of them first: each has its width when its map is made
      this.panes = shares.map((layers, rank) => this.pane(layers, boxes[rank] ?? this.stage, rank === shares.length - 1));
    } catch {
      this.giveUp("noMap");
      return;
    }
    this.addControls();
    this.list = new Screen(part(this.figure, "[data-atlas-screen]"), this.writer, (one, from) => this.choose(one, from));
    this.addSwitches();
    this.addForms();
    document.addEventListener(THEME_CHANGED, () => this.redraw(), { signal: this.over.signal });
    // A preview that was replaced gives its memory back.
    new MutationObserver((_changes, observer) => {
      if (this.figure.isConnected) return;
      observer.disconnect();
      this.end();
    }).observe(document.body, { childList: true, subtree: true });
    if (this.spec.centre) {
      const [longitude, latitude, text] = this.spec.centre;
      this.goTo([longitude, latitude], 14, text, false);
    }
  }

  /** The layers of each map: all in one, or the two that are compared side by side. */
  private shares(): AtlasLayer[][] {
    const { compare, layers } = this.spec;
    if (!this.compared) return [layers];
    return compare.map((rank) => layers.filter((layer) => layer.rank === rank).map((layer) => ({ ...layer, hidden: false })));
  }

  private get compared(): boolean {
    return this.spec.compare.length === 2;
  }

  /** Where a map is drawn, under the name of its layer when there are two. */
  private box(layers: AtlasLayer[]): HTMLElement {
    const box = this.stage.appendChild(document.createElement("div"));
    box.className = "atlas-pane";
    const canvas = box.appendChild(document.createElement("div"));
    canvas.className = "atlas-canvas";
    if (this.compared) box.append(Object.assign(element("p", layers[0]?.label ?? ""), { className: "atlas-pane-title" }));
    return canvas;
  }

  private pane(layers: AtlasLayer[], canvas: HTMLElement, isLast: boolean): Pane {
    const title = this.compared ? `${this.spec.title}, ${layers[0]?.label ?? ""}` : this.spec.title;
    return new Pane(canvas, this.spec, layers, currentTheme(), this.writer, title, isLast, {
      idle: () => this.idle(),
      moved: (pane) => this.moved(pane),
      failed: (source) => this.failed(source),
      lost: () => this.giveUp("noMap"),
    });
  }

  private addControls(): void {
    const last = this.panes.at(-1);
    last?.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    last?.map.addControl(new WholeControl(this.writer.say("whole"), () => last.showAll()), "top-right");
    if (document.fullscreenEnabled) last?.map.addControl(new FullscreenControl({ container: this.figure }), "top-right");
    this.panes[0]?.map.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-left");
  }

  private addSwitches(): void {
    if (this.compared) return;
    addSwitches(part(this.figure, "[data-atlas-legends]"), this.spec.layers, (layer) => {
      for (const pane of this.panes) pane.toggle(layer);
    });
  }

  private addForms(): void {
    const { signal } = this.over;
    const form = this.figure.querySelector<HTMLFormElement>("[data-atlas-search]");
    if (form) new Search(form, part(this.figure, "[data-atlas-part=found]"), this.spec.places, this.writer, (place, zoom, text, isKept) => {
      this.goTo(place, zoom, text);
      if (isKept) keep({ lieu: text, centre: place.map((one) => one.toFixed(5)).join() });
    }, signal);
    const time = this.figure.querySelector<HTMLFormElement>("[data-atlas-time]");
    if (time) new Slider(time, this.writer, (moment) => this.showMoment(moment), signal);
  }

  // What happens on the map

  private idle(): void {
    if (!this.panes.length || this.panes.some((pane) => !pane.map.loaded())) return;
    this.ready = true;
    this.area.classList.add("live");
    this.figure.dataset["state"] = "ready";
    this.listView();
    void this.learnNames();
  }

  private sightings(): Sighting[] {
    return this.panes.flatMap((pane) => pane.sightings());
  }

  private listView(): void {
    this.list?.update(this.sightings(), currentTheme(), this.spec.layers, this.centre);
  }

  /** A map of another moment has other fields: its names are asked for again, from what the browser keeps. */
  private async learnNames(): Promise<void> {
    const rows = (): Values[] => (this.over.signal.aborted ? [] : this.sightings().map((one) => one.values));
    while (await this.names.learn(rows)) this.listView();
  }

  private moved(pane: Pane): void {
    this.figure.dataset["state"] = "moving";
    if (this.following) return;
    this.following = true;
    const camera = { center: pane.map.getCenter(), zoom: pane.map.getZoom() };
    for (const other of this.panes) if (other !== pane) other.map.jumpTo(camera);
    this.following = false;
  }

  private failed(source: string): void {
    if (!source.startsWith("data-")) return;
    if (this.ready) this.say(this.writer.say("noData"));
    else this.giveUp("noData");
  }

  private choose(one: Sighting, from: HTMLElement): void {
    one.pane.choose(one, () => (from.isConnected ? from : this.list?.buttonOf(one.key))?.focus());
  }

  private goTo(place: Place, zoom: number, text: string, animate = true): void {
    this.centre = { place, text };
    this.panes[0]?.goTo(place, zoom, animate);
  }

  private redraw(): void {
    const shares = this.shares();
    this.figure.dataset["state"] = "moving"; // until all of it is drawn, and the list follows
    for (const [rank, pane] of this.panes.entries()) pane.redraw(shares[rank] ?? [], currentTheme());
  }

  // Other moments

  private async showMoment(moment: string): Promise<void> {
    const asked = ++this.asked;
    this.figure.setAttribute("aria-busy", "true");
    try {
      const next = await frameAt(this.spec.again, moment);
      if (asked !== this.asked || this.over.signal.aborted) return;
      const hidden = new Set(this.spec.layers.filter((layer) => layer.hidden).map((layer) => layer.rank));
      const spec = specOf(next);
      this.spec = { ...this.spec, moment: spec.moment, layers: spec.layers.map((layer) => ({ ...layer, hidden: hidden.has(layer.rank) })) };
      this.names = namesOf(this.spec);
      takeOver(this.figure, next);
      this.addSwitches();
      this.redraw();
      keep({ periode: moment });
    } catch {
      if (asked === this.asked) this.say(this.writer.say("noData"));
    } finally {
      if (asked === this.asked) this.figure.removeAttribute("aria-busy");
    }
  }

  // When it cannot be

  /** The picture and the lists stay; a sentence says why. */
  private giveUp(key: string): void {
    this.end();
    this.say(`${this.writer.say(key)} ${this.writer.say("pictureStays")}`);
    this.figure.dataset["state"] = "still";
  }

  private say(text: string): void {
    const known = this.figure.querySelector(".atlas-message");
    const message = known ?? Object.assign(document.createElement("p"), { className: "atlas-message small" });
    message.setAttribute("role", "status");
    message.textContent = text;
    if (!known) part(this.figure, ".atlas-body").after(message);
  }

  private end(): void {
    this.over.abort();
    for (const pane of this.panes) pane.end();
    this.panes = [];
    this.stage.remove();
    this.area.classList.remove("live");
  }
}

function namesOf(spec: Spec): LateNames {
  return new LateNames(spec.layers.flatMap((layer) => layer.fields));
}

/** Say it in the page's address, so that it can be shared. */
function keep(pairs: Record<string, string>): void {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(pairs)) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  history.replaceState(history.state, "", address);
}
