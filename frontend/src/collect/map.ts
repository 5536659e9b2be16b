// A place chosen on a map: a point, or the points of a line or of an area, by pointer or by keyboard. The inputs of the form hold the
// answer; the map draws what they say and writes in them.
import type { Feature, Position } from "geojson";
import { type GeoJSONSource, type LayerSpecification, Map as MapLibre, NavigationControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "virtual:maplibre-worker";
import "maplibre-gl/dist/maplibre-gl.css";
import "../../styles/map.css";
import "../../styles/maplibre.css";
import { colour } from "../map/colours";
import { locale } from "../map/controls";
import { groundSources, nameLayers } from "../map/ground";
import { baseLayers } from "../map/style";
import type { Base } from "../map/types";
import { Writer } from "../map/writing";

export interface MapSettings {
  base: Base;
  box: [number, number, number, number] | null;
  words: Record<string, string>;
  language: string;
}

/** What the inputs of a question hold, and how to write it: places are longitude, latitude. */
export interface Held {
  kind: "point" | "line" | "area";
  label: string;
  read(): Position[];
  write(places: Position[]): void;
}

const FRANCE: [number, number, number, number] = [-5.2, 41.3, 9.6, 51.1];
const NEAR = 16;

setWorkerUrl(workerUrl);

export class Picker {
  private readonly map: MapLibre;

  constructor(
    container: HTMLElement,
    private readonly held: Held,
    settings: MapSettings,
  ) {
    const writer = new Writer({ words: settings.words, base: settings.base, language: settings.language });
    const { base } = settings;
    this.map = new MapLibre({
      container,
      style: {
        version: 8,
        sources: { ...groundSources(base), chosen: { type: "geojson", data: this.drawn() } },
        layers: [
          ...baseLayers(base),
          ...nameLayers(base),
          ...chosenLayers(),
        ],
      },
      bounds: settings.box ?? FRANCE,
      maxZoom: 20,
      pitchWithRotate: false,
      dragRotate: false,
      touchPitch: false,
      cooperativeGestures: true,
      fadeDuration: 0,
      attributionControl: { compact: true },
      locale: locale(writer, held.label),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.map.on("click", ({ lngLat }) => this.take([lngLat.lng, lngLat.lat]));
    this.map.once("idle", () => (container.dataset["pret"] = "1"));
    this.centre();
  }

  /** Take the middle of the map, where the keyboard's arrows have led. */
  takeMiddle(): void {
    const { lng, lat } = this.map.getCenter();
    this.take([lng, lat]);
  }

  /** Take the last point back. */
  undo(): void {
    this.held.write(this.held.read().slice(0, -1));
    this.refresh();
  }

  /** Draw what the inputs say now. */
  refresh(): void {
    this.map.getSource<GeoJSONSource>("chosen")?.setData(this.drawn());
  }

  private take(place: Position): void {
    this.held.write(this.held.kind === "point" ? [place] : [...this.held.read(), place]);
    this.refresh();
  }

  private centre(): void {
    const [first] = this.held.read();
    if (first) this.map.jumpTo({ center: [first[0] ?? 0, first[1] ?? 0], zoom: NEAR });
  }

  private drawn(): { type: "FeatureCollection"; features: Feature[] } {
    const places = this.held.read();
    const features: Feature[] = places.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates } }));
    if (this.held.kind !== "point" && places.length > 1) {
      const isArea = this.held.kind === "area" && places.length > 2;
      const [first] = places;
      const ring = isArea && first ? [...places, first] : places;
      features.unshift({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: ring } });
      if (isArea) features.unshift({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } });
    }
    return { type: "FeatureCollection", features };
  }
}

function chosenLayers(): LayerSpecification[] {
  const only = (kind: string): ["==", ["geometry-type"], string] => ["==", ["geometry-type"], kind];
  const ink = colour("--signal");
  return [
    { id: "chosen-area", type: "fill", source: "chosen", filter: only("Polygon"), paint: { "fill-color": ink, "fill-opacity": 0.2 } },
    { id: "chosen-line", type: "line", source: "chosen", filter: only("LineString"), paint: { "line-color": ink, "line-width": 3 } },
    {
      id: "chosen-points",
      type: "circle",
      source: "chosen",
      filter: only("Point"),
      paint: { "circle-color": ink, "circle-radius": 7, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 },
    },
  ];
}
