// One map on the screen: all the layers of a description, or one of the two that are compared.
import { type GeoJSONSource, type MapGeoJSONFeature, Map as MapLibre, Marker, type PointLike, setWorkerUrl } from "maplibre-gl";
import workerUrl from "virtual:maplibre-worker";
import { NEAREST, watchCentre } from "../map/centre";
import { MARK_RATIO } from "../map/colours";
import { locale } from "../map/controls";
import { watchDrawing } from "../map/lost";
import { middle } from "../map/middle";
import type { Values } from "../map/types";
import type { Writer } from "../map/writing";
import { isGroup, listable, markDrawn, partsOf, pointable, rankOf, sourceId, styleOf } from "./paint";
import { Bubbles, linesOf } from "./popups";
import type { AtlasLayer, Place, Spec, Theme } from "./types";

setWorkerUrl(workerUrl);

/** Something of the data that is in view: a feature, or a group of `n` of them. */
export interface Sighting {
  key: string;
  layer: AtlasLayer;
  place: Place;
  values: Values;
  n: number;
  pane: Pane;
}

export interface Happenings {
  idle(): void;
  moved(pane: Pane): void;
  failed(sourceId: string): void;
  lost(): void;
}

export class Pane {
  readonly map: MapLibre;
  private readonly bubbles: Bubbles;
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  private here: Marker | null = null;
  private isOver = false;

  constructor(
    container: HTMLElement,
    private readonly spec: Spec,
    private layers: AtlasLayer[],
    theme: Theme,
    private readonly writer: Writer,
    title: string,
    isCredited: boolean,
    happenings: Happenings,
  ) {
    const { clientWidth, clientHeight } = container;
    this.map = new MapLibre({
      container,
      style: styleOf(spec, layers, theme),
      bounds: spec.box,
      fitBoundsOptions: { padding: Math.round(Math.min(clientWidth, clientHeight) * 0.05), maxZoom: 16 },
      maxZoom: 20,
      pitchWithRotate: false,
      dragRotate: false,
      touchPitch: false,
      // Whoever scrolls the page goes past the map: it takes the wheel with Ctrl, two fingers on a screen.
      cooperativeGestures: true,
      fadeDuration: this.still ? 0 : 150,
      attributionControl: isCredited && { compact: clientWidth < 560 },
      locale: locale(writer, title),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.bubbles = new Bubbles(this.map, writer);
    this.map.setMissingStyleImageResolver((id) => {
      const drawn = markDrawn(id);
      const image = drawn?.getContext("2d")?.getImageData(0, 0, drawn.width, drawn.height);
      if (image && !this.map.hasImage(id)) this.map.addImage(id, image, { pixelRatio: MARK_RATIO });
    });
    // A layer may be switched before the style is there, which has it as it was at first.
    this.map.once("style.load", () => {
      for (const layer of this.layers) this.apply(layer);
    });
    watchDrawing(this.map, () => happenings.lost());
    this.map.on("idle", () => happenings.idle());
    this.map.on("move", () => happenings.moved(this));
    this.map.on("error", (event) => happenings.failed(String((event as { sourceId?: string }).sourceId ?? "")));
    this.listen();
  }

  /** Other layers, or the same ones in other colours; what has not changed is not asked for again. */
  redraw(layers: AtlasLayer[], theme: Theme): void {
    this.layers = layers;
    this.map.setStyle(styleOf(this.spec, layers, theme), { diff: true });
    this.map.triggerRepaint(); // even when nothing has changed, it says when it is done
  }

  /** Show a layer or not, as it says itself. */
  toggle(layer: AtlasLayer): void {
    this.bubbles.close();
    this.apply(layer);
  }

  private apply(layer: AtlasLayer): void {
    for (const id of partsOf(layer)) {
      if (this.map.getLayer(id)) this.map.setLayoutProperty(id, "visibility", layer.hidden ? "none" : "visible");
    }
  }

  showAll(): void {
    this.map.fitBounds(this.spec.whole, { padding: 32, maxZoom: 16, animate: !this.still });
  }

  /** Come to a place and mark it. */
  goTo(place: Place, zoom: number, animate = true): void {
    this.here?.remove();
    const mark = document.createElement("div");
    mark.className = "atlas-here";
    this.here = new Marker({ element: mark }).setLngLat(place).addTo(this.map);
    mark.removeAttribute("role");
    mark.removeAttribute("aria-label");
    mark.setAttribute("aria-hidden", "true"); // the list says which place was chosen
    const camera = { center: place, zoom };
    if (animate && !this.still) this.map.easeTo({ ...camera, duration: 200 });
    else this.map.jumpTo(camera);
  }

  end(): void {
    this.isOver = true;
    this.map.remove();
  }

  /** What is in view of the layers that are shown. */
  sightings(): Sighting[] {
    const found = new Map<string, Sighting>();
    for (const feature of this.map.queryRenderedFeatures({ layers: this.there(listable(this.layers)) })) {
      const one = this.sighting(feature);
      if (one && !found.has(one.key)) found.set(one.key, one);
    }
    return [...found.values()];
  }

  /** Say all of a feature, or come nearer to a group. */
  choose(one: Sighting, closed: () => void): void {
    if (one.n) void this.enter(one);
    else this.bubbles.open(one.place, one.layer, one.values, closed);
  }

  /** Show which one it is, or no more. */
  point(one: Sighting, on: boolean): void {
    if (on) this.bubbles.hover(one.place, this.linesOf(one));
    else this.bubbles.leave();
  }

  private there(ids: string[]): string[] {
    return ids.filter((id) => this.map.getLayer(id));
  }

  private sighting(feature: MapGeoJSONFeature): Sighting | null {
    const layer = this.layers.find((one) => one.rank === rankOf(feature.layer.id));
    if (!layer) return null;
    const values = feature.properties as Values;
    const place = middle(feature);
    const n = isGroup(feature.layer.id) ? Number(values["n"] ?? values["point_count"]) : 0;
    const name = n ? place.map((part) => part.toFixed(5)).join() : `${feature.sourceLayer ?? ""}:${feature.id ?? place.join()}`;
    return { key: `${layer.rank}:${name}`, layer, place, values, n, pane: this };
  }

  /** The nearest feature under a point of the screen. */
  private at(x: number, y: number, near: number): { one: Sighting; isPoint: boolean } | null {
    const layers = this.there(pointable(this.layers));
    const box: [PointLike, PointLike] = [
      [x - near, y - near],
      [x + near, y + near],
    ];
    const feature = this.map.queryRenderedFeatures([x, y], { layers })[0] ?? this.map.queryRenderedFeatures(box, { layers })[0];
    const one = feature ? this.sighting(feature) : null;
    return one ? { one, isPoint: feature?.geometry.type === "Point" } : null;
  }

  private listen(): void {
    const canvas = this.map.getCanvas();
    this.map.on("mousemove", (event) => {
      const found = this.at(event.point.x, event.point.y, 2);
      canvas.style.cursor = found ? "pointer" : "";
      if (!found) return this.bubbles.leave();
      const { one, isPoint } = found;
      const place: Place = isPoint ? one.place : [event.lngLat.lng, event.lngLat.lat];
      this.bubbles.hover(place, this.linesOf(one));
    });
    this.map.on("mouseout", () => this.bubbles.leave());
    this.map.on("click", (event) => {
      const found = this.at(event.point.x, event.point.y, 5);
      if (!found) return;
      const place: Place = found.isPoint ? found.one.place : [event.lngLat.lng, event.lngLat.lat];
      this.choose({ ...found.one, place }, () => undefined);
    });
    watchCentre(this.map, this.bubbles, (x, y) => {
      const found = this.at(x, y, NEAREST);
      if (!found) return null;
      const center = this.map.getCenter();
      const one = { ...found.one, place: found.isPoint ? found.one.place : ([center.lng, center.lat] as Place) };
      return { place: one.place, lines: this.linesOf(one), open: (closed) => this.choose(one, closed) };
    });
  }

  private linesOf(one: Sighting): string[] {
    return one.n ? [this.writer.say("cluster", { n: this.writer.number(one.n) })] : linesOf(one.layer, one.values, this.writer);
  }

  /** Come nearer to a group; where one cannot, say how many share the place. */
  private async enter(one: Sighting): Promise<void> {
    const zoom = this.map.getZoom();
    if (zoom >= 18) {
      this.bubbles.say(one.place, this.writer.say("samePlace", { n: this.writer.number(one.n) }));
      return;
    }
    const source = this.map.getSource<GeoJSONSource>(sourceId(one.layer));
    const cluster = one.values["cluster_id"];
    const nearer = typeof cluster === "number" && source ? await source.getClusterExpansionZoom(cluster).catch(() => zoom + 2) : zoom + 2;
    if (this.isOver) return; // the answer comes when it comes: the map may be gone
    this.bubbles.leave();
    this.map.easeTo({ center: one.place, zoom: Math.min(Math.max(nearer, zoom + 1), 19), duration: this.still ? 0 : 200 });
  }
}

