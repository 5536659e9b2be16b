// The map of a dataset: `[data-map]`, made by the template tag `dataset_map`.
import { type MapGeoJSONFeature, type MapLayerMouseEvent, Map as MapLibre, setWorkerUrl } from "maplibre-gl";
import workerUrl from "virtual:maplibre-worker";
import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";
import "../styles/maplibre.css";
import { NEAREST, type Pointed, watchCentre } from "./map/centre";
import { MARK_RATIO, markImage } from "./map/colours";
import { addControls, locale } from "./map/controls";
import { Details } from "./map/details";
import { scaleOf, showLegend, swatch } from "./map/legend";
import { LateNames } from "./map/late-names";
import { watchDrawing } from "./map/lost";
import { middle } from "./map/middle";
import { stepOf } from "./map/scale";
import { type Entry, ScreenList } from "./map/screen";
import { CLUSTERS, DATA_LAYERS, styleOf } from "./map/style";
import type { Layer, Legend, Settings, Values } from "./map/types";
import { Writer } from "./map/writing";
import { THEME_CHANGED } from "./theme";

const CHOICE = "couleur";
const FRANCE: [number, number, number, number] = [-5.2, 41.3, 9.6, 51.1];

setWorkerUrl(workerUrl);

/** A row on the map. */
interface Item {
  row: number;
  part: string;
  values: Values;
  place: [number, number];
}

function itemOf(feature: MapGeoJSONFeature): Item {
  return { row: Number(feature.id ?? 0), part: feature.sourceLayer ?? "", values: feature.properties, place: middle(feature) };
}

function keyOf(item: Item): string {
  return `${item.part}:${item.row}`;
}

for (const root of document.querySelectorAll<HTMLElement>("[data-map]")) void start(root);

async function start(root: HTMLElement): Promise<void> {
  const settings = JSON.parse(document.getElementById("map-settings")?.textContent ?? "{}") as Settings;
  const writer = new Writer(settings);
  try {
    const answer = await fetch(root.dataset["layer"] ?? "", { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const layer = (await answer.json()) as Layer;
    new DatasetMap(root, layer, settings, writer).run();
  } catch (error) {
    const lost = error instanceof TypeError || (error instanceof Error && error.message.startsWith("HTTP"));
    giveUp(root, writer, lost ? "noData" : "noMap");
  }
}

/** Say why there is no map, and where the same data can be read. */
function giveUp(root: HTMLElement, writer: Writer, key: string): void {
  root.dataset["state"] = "still";
  for (const name of ["frame", "legend", "list"]) part(root, name).hidden = true;
  const message = part(root, "message");
  message.textContent = `${writer.say(key)} `;
  const link = message.appendChild(document.createElement("a"));
  link.href = root.dataset["table"] ?? "";
  link.textContent = writer.say("toTable");
  message.hidden = false;
}

function part(root: HTMLElement, name: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(`[data-map-${name}]`);
  if (!found) throw new Error(`data-map-${name}`);
  return found;
}

class DatasetMap {
  private readonly map: MapLibre;
  private readonly details: Details;
  private readonly list: ScreenList;
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  private readonly names: LateNames;
  private legend: Legend | null;
  private pointed: Item | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly layer: Layer,
    private readonly settings: Settings,
    private readonly writer: Writer,
  ) {
    this.names = new LateNames(layer.fields);
    this.legend = this.chosenLegend();
    this.map = new MapLibre({
      container: part(root, "canvas"),
      style: this.style(),
      bounds: layer.start ?? FRANCE,
      fitBoundsOptions: { padding: 48, maxZoom: 15 },
      hash: "carte",
      maxZoom: 20,
      pitchWithRotate: false,
      dragRotate: false,
      touchPitch: false,
      // Two fingers move the map where one finger scrolls the page.
      cooperativeGestures: matchMedia("(pointer: coarse)").matches,
      fadeDuration: this.still ? 0 : 150,
      attributionControl: { compact: matchMedia("(max-width: 40rem)").matches },
      locale: locale(writer, layer.title),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.details = new Details(this.map, layer, writer);
    this.list = new ScreenList(part(root, "count"), part(root, "rows"), writer);
  }

  run(): void {
    addControls(this.map, this.writer, this.root, () => this.showAll(), () => this.say("aroundFailed"));
    this.map.setMissingStyleImageResolver((id) => {
      const image = markImage(id);
      if (image && !this.map.hasImage(id)) this.map.addImage(id, image, { pixelRatio: MARK_RATIO });
    });
    this.map.on("idle", () => {
      this.listView();
      this.root.dataset["state"] = "ready";
      void this.learnNames();
    });
    this.map.on("movestart", () => {
      this.root.dataset["state"] = "moving";
    });
    watchDrawing(this.map, () => giveUp(this.root, this.writer, "noMap"));
    this.map.on("error", ({ error }) => {
      if (error?.message.includes("Failed to fetch")) this.say("noData");
    });
    document.addEventListener(THEME_CHANGED, () => this.redraw());
    this.listen();
    this.setUpLegend();
    part(this.root, "list").hidden = false;
  }

  private listView(): void {
    this.list.update([...this.items(), ...this.groups()], this.legend?.field ?? "");
  }

  private async learnNames(): Promise<void> {
    while (await this.names.learn(() => this.features(DATA_LAYERS).map((one) => one.properties))) this.listView();
  }

  private style(): ReturnType<typeof styleOf> {
    return styleOf(this.layer, this.settings.base, this.legend, this.settings.language);
  }

  private redraw(): void {
    this.pointed = null;
    this.map.setStyle(this.style(), { diff: false });
    showLegend(part(this.root, "values"), this.legend, this.layer, this.writer);
  }

  private showAll(): void {
    this.map.fitBounds(this.layer.bbox ?? FRANCE, { padding: 48, maxZoom: 15, animate: !this.still });
  }

  private say(key: string): void {
    const message = part(this.root, "message");
    message.textContent = this.writer.say(key);
    message.hidden = false;
  }

  // The legend

  private chosenLegend(): Legend | null {
    const asked = new URLSearchParams(location.search).get(CHOICE);
    if (asked === "") return null;
    return this.layer.legends.find((legend) => legend.field === asked) ?? this.layer.legends[0] ?? null;
  }

  private setUpLegend(): void {
    const select = part(this.root, "choice") as HTMLSelectElement;
    for (const legend of this.layer.legends) select.add(new Option(legend.label, legend.field));
    select.add(new Option(this.writer.say("single"), ""));
    select.value = this.legend?.field ?? "";
    select.addEventListener("change", () => {
      this.legend = this.layer.legends.find((legend) => legend.field === select.value) ?? null;
      const address = new URL(location.href);
      address.searchParams.set(CHOICE, select.value);
      history.replaceState(history.state, "", address);
      this.redraw();
    });
    part(this.root, "legend").hidden = this.layer.legends.length === 0;
    showLegend(part(this.root, "values"), this.legend, this.layer, this.writer);
  }

  // What is on screen

  private features(layers: string[]): MapGeoJSONFeature[] {
    return this.map.queryRenderedFeatures({ layers: layers.filter((id) => this.map.getLayer(id)) });
  }

  private items(): Entry[] {
    const scale = scaleOf(this.legend);
    const items = new Map(this.features(DATA_LAYERS).toReversed().map((feature) => [keyOf(itemOf(feature)), itemOf(feature)]));
    return [...items].map(([key, item]) => ({
      key,
      n: 0,
      title: this.details.titleOf(item.values, item.row),
      second: this.details.subtitleOf(item.values, this.legend),
      metres: 0,
      mark: () => swatch(stepOf(scale, item.values), this.layer.kind),
      choose: () => this.choose(item, key),
      point: (on) => this.show(on ? item : null),
    }));
  }

  private groups(): Entry[] {
    const groups = new Map<string, Entry>();
    for (const feature of this.features([CLUSTERS, "specks"])) {
      // One of the shapes of a speck is already an item of the list.
      const n = Number(feature.properties["n"] ?? 0) - (feature.layer.id === "specks" ? 1 : 0);
      const place = middle(feature);
      const mark = (): HTMLElement => {
        const made = document.createElement("span");
        made.className = "map-mark map-mark-group";
        made.setAttribute("aria-hidden", "true");
        return made;
      };
      if (n > 0) groups.set(place.join(), { key: place.join(), n, title: "", second: "", metres: 0, mark, choose: () => this.enter(place, n) });
    }
    return [...groups.values()];
  }

  // Pointing and choosing

  private listen(): void {
    this.map.on("mousemove", DATA_LAYERS, (event: MapLayerMouseEvent) => {
      const feature = event.features?.[0];
      if (!feature) return;
      const item = itemOf(feature);
      this.point(item, false);
      this.details.hover(feature.geometry.type === "Point" ? item.place : event.lngLat, this.linesOf(item));
    });
    this.map.on("mouseleave", DATA_LAYERS, () => {
      this.point(null, false);
      this.details.leave();
    });
    this.map.on("mousemove", CLUSTERS, (event: MapLayerMouseEvent) => {
      const feature = event.features?.[0];
      if (!feature) return;
      this.map.getCanvas().style.cursor = "pointer";
      this.details.hover(middle(feature), this.linesOfGroup(feature));
    });
    this.map.on("mouseleave", CLUSTERS, () => {
      this.map.getCanvas().style.cursor = "";
      this.details.leave();
    });
    this.map.on("click", (event) => {
      const feature = this.at(event.point.x, event.point.y, 4);
      if (feature) this.pointedAt(feature, [event.lngLat.lng, event.lngLat.lat]).open(() => undefined);
    });
    watchCentre(this.map, this.details, (x, y) => {
      const feature = this.at(x, y, NEAREST);
      const centre = this.map.getCenter();
      return feature ? this.pointedAt(feature, [centre.lng, centre.lat]) : null;
    });
  }

  /** The nearest feature under a point of the screen. */
  private at(x: number, y: number, near: number): MapGeoJSONFeature | undefined {
    const layers = [CLUSTERS, ...DATA_LAYERS].filter((id) => this.map.getLayer(id));
    const box: [[number, number], [number, number]] = [
      [x - near, y - near],
      [x + near, y + near],
    ];
    return this.map.queryRenderedFeatures([x, y], { layers })[0] ?? this.map.queryRenderedFeatures(box, { layers })[0];
  }

  /** What is said of a feature pointed at, and how it opens; `where` is the place of the pointer. */
  private pointedAt(feature: MapGeoJSONFeature, where: [number, number]): Pointed {
    if (feature.layer.id === CLUSTERS) {
      const place = middle(feature);
      const n = Number(feature.properties["n"]);
      return { place, lines: this.linesOfGroup(feature), open: () => this.enter(place, n) };
    }
    const item = itemOf(feature);
    const place = feature.geometry.type === "Point" ? item.place : where;
    return { place, lines: this.linesOf(item), open: (closed) => this.details.open(place, item.values, item.row, closed) };
  }

  private linesOf(item: Item): string[] {
    return [this.details.titleOf(item.values, item.row), this.details.subtitleOf(item.values, this.legend)];
  }

  private linesOfGroup(feature: MapGeoJSONFeature): string[] {
    const n = this.writer.number(Number(feature.properties["n"]));
    return [this.writer.say(this.map.getZoom() >= 18 ? "samePlace" : "cluster", { n })];
  }

  /** Show on the map, with its value, what the list points at. */
  private show(item: Item | null): void {
    this.point(item, true);
    if (item) this.details.hover(item.place, this.linesOf(item));
    else this.details.leave();
  }

  /** Come nearer to a group; where one cannot, say how many share the place. */
  private enter(place: [number, number], n: number): void {
    const zoom = this.map.getZoom();
    if (zoom >= 18) {
      this.details.say(place, this.writer.say("samePlace", { n: this.writer.number(n) }));
      return;
    }
    this.map.easeTo({ center: place, zoom: Math.min(zoom + 2, 19), duration: this.still ? 0 : 200 });
  }

  private point(item: Item | null, bring: boolean): void {
    const same = item && this.pointed && item.row === this.pointed.row && item.part === this.pointed.part;
    if (same) return;
    if (this.pointed) this.mark(this.pointed, false);
    this.pointed = item;
    this.map.getCanvas().style.cursor = item && !bring ? "pointer" : "";
    if (item) this.mark(item, true);
  }

  private mark(item: Item, on: boolean): void {
    if (!this.map.getSource("data")) return;
    this.map.setFeatureState({ source: "data", sourceLayer: item.part, id: item.row }, { on });
  }

  /** Open the card of a row chosen in the list, which then has the focus again. */
  private choose(item: Item, key: string): void {
    this.details.open(item.place, item.values, item.row, () => this.list.buttonOf(key)?.focus());
    this.map.easeTo({ center: item.place, duration: this.still ? 0 : 200 });
  }
}
